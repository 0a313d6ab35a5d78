"""The lists of the hold screen whose rows come and go: what they are called, what a row holds, which hang under which.

What is new in the plan hangs together by the names of its lists: `goalN2ABCD` are new goals under a need of the plan,
`goal<row key>` those under a new need, `new<...>` the new actions under a goal of either kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

LISTS = {
    "guests": ("name", "organisation"),
    "sent": ("name", "words"),
    "worried": ("words", "about"),
    "well": ("words", "about"),
    "needs": ("words", "about"),
    "decided": ("words", "about"),
    "private": ("column", "words", "about", "reason", "decided_by"),
    "needed": ("words", "about", "outcome", "why"),
}
NEEDED = "needed"
"""New needs of the plan."""
GOALS, ACTIONS = "goal", "new"
TYPED = {"name", "organisation", "words", "reason", "decided_by", "owner", "why"}
"""What makes a row more than an empty line; a day alone does not, as a new action begins with one."""
OF_PARTS = {"rate", "proof", "did", "why", "day", "gap"}
"""Fields that end with the reference of a part of the plan."""


@dataclass(frozen=True)
class RowView:
    """A row of a list on the page: its number there, its lasting key, its values by field."""

    list: str
    number: int
    key: str
    values: Mapping[str, str]

    def name(self, field: str) -> str:
        return f"{self.list}-{self.number}-{field}"

    def id(self, field: str) -> str:
        return f"{self.list}-{self.key}-{field}"


class TemplateRow(RowView):
    """A row whose number and key the browser fills in, and the name of its list too where lists share it."""

    def name(self, field: str) -> str:
        return f"{self.list}-__row__-{field}"


def goal_list(need: str) -> str:
    """The list of new goals under a need, by its reference or the key of its row; a list's name has no hyphen."""
    return GOALS + need.replace("-", "")


def new_list(goal: str) -> str:
    """The list of new actions under a goal, by its reference or the key of its row."""
    return ACTIONS + goal.replace("-", "")


def under(ref: str) -> str:
    """The list of what is new under a need or a goal of the plan."""
    return goal_list(ref) if ref.startswith("N") else new_list(ref)


def fields_of(name: str) -> tuple[str, ...]:
    if name in LISTS:
        return LISTS[name]
    return ("words", "due", "why") if name.startswith(GOALS) else ("words", "owner", "due")


def hangs(name: str) -> bool:
    """Whether a list holds new goals or actions."""
    return name.startswith((GOALS, ACTIONS)) and name not in (GOALS, ACTIONS)


def inner(name: str, key: str) -> str:
    """The list under a row of a list; empty where nothing can be under it."""
    if name == NEEDED:
        return goal_list(key)
    return new_list(key) if name.startswith(GOALS) else ""


def split(field: str) -> tuple[str, str, str]:
    """List, row key and field of a draft's field; no more than a name where it is no row's."""
    name, key, part = [*field.split("-", 2), "", ""][:3]
    return name, key, part


def keys(name: str, values: Mapping[str, str]) -> Iterator[str]:
    """Keys of the rows of a list that hold anything, or something under them, in the order of their making."""
    found = set()
    for field, value in values.items():
        list_, key, part = split(field)
        if list_ == name and key and key not in found:
            below = inner(name, key)
            if (part in TYPED and value.strip()) or (below and any(keys(below, values))):
                found.add(key)
    yield from sorted(found)


def below(row: str, form: Mapping[str, str]) -> Iterator[str]:
    """The names on a posted page of a row (`goalN2ABCD-0`) and of every row under it."""
    yield row
    name, _, _ = split(row)
    if (key := form.get(f"{row}-row_key")) and (list_ := inner(name, key)):
        for posted in form:
            if posted.startswith(f"{list_}-") and posted.endswith("-row_key"):
                yield from below(posted.removesuffix("-row_key"), form)


class Belonging:
    """Of which part of the plan a field is, or of which it would be under."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._lists = {key: name for name, key, _ in map(split, fields) if name == NEEDED or name.startswith(GOALS)}

    def part(self, field: str) -> str:
        """The part's reference without hyphens; empty for what belongs to none, or to a need that is new itself."""
        name, _, rest = field.partition("-")
        if name in OF_PARTS:
            return rest.replace("-", "")
        return self._above(name.removeprefix(GOALS).removeprefix(ACTIONS)) if hangs(name) else ""

    def _above(self, part: str) -> str:
        name = self._lists.get(part)
        if name is None:
            return part
        return "" if name == NEEDED else self._above(name.removeprefix(GOALS))
