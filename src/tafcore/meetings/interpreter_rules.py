"""Words and rules of booking an interpreter: a professional, never a child or a relative; the family choose whom."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Protocol

from tafcore.contributions import Problem
from tafcore.folding import fold

STATES = {
    "wanted": "Nobody is asked yet",
    "asked": "Asked for",
    "booked": "Booked",
    "declined": "Whoever was asked cannot",
    "not_needed": "Not needed any more",
    "came": "Came",
    "absent": "Did not come",
}
WAITING = frozenset({"wanted", "asked", "declined"})
"""States in which somebody must see to it that an interpreter comes."""
GENDERS = {"woman": "a woman", "man": "a man"}
CHANGES = {
    "asked": "I asked for one",
    "booked": "One is booked",
    "declined": "Whoever I asked cannot",
    "not_needed": "None is needed any more",
    "came": "The interpreter came",
    "absent": "The interpreter did not come",
}


class Wanted(Protocol):
    """What the family choose."""

    @property
    def language(self) -> str: ...
    @property
    def dialect(self) -> str | None: ...
    @property
    def gender(self) -> str | None: ...
    @property
    def not_from_community(self) -> bool: ...


def said(one: Wanted) -> str:
    """`Romanian (Moldovan), a woman, not from the family's community`."""
    parts = [f"{one.language} ({one.dialect})" if one.dialect else one.language]
    parts += [GENDERS[one.gender]] if one.gender else []
    return ", ".join([*parts, *(["not from the family's community"] if one.not_from_community else [])])


def changes(begun: bool, held: bool) -> dict[str, str]:
    """What can have happened: before the meeting's day, on it, and once it is held."""
    after = {"came", "absent"}
    known = set(CHANGES) if begun else set(CHANGES) - after
    return {key: words for key, words in CHANGES.items() if key in (after if held else known)}


def names_nobody(words: Iterable[tuple[str, str | None]], names: Collection[str]) -> list[Problem]:
    """What goes to whoever is asked, as (field, words), holds no name of the family."""
    known = {fold(part) for name in names for part in name.split()}
    return [
        Problem("Leave names out: whoever is asked has the reference", field)
        for field, text in words
        if known & {fold(word) for word in re.findall(r"[^\W\d_]+", text or "")}
    ]


class Change(Protocol):
    """What is asked about in `may_change`."""

    @property
    def change(self) -> str: ...
    @property
    def asked_of(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def interpreter(self) -> str | None: ...
    @property
    def professional(self) -> bool: ...
    @property
    def why(self) -> str | None: ...
    @property
    def read_back(self) -> bool | None: ...


def may_change(begun: bool, over: bool, command: Change, names: Collection[str]) -> list[Problem]:
    """Everything that is wrong with a change. `begun`: the meeting's day has come; `over`: it was cancelled."""
    problems: list[Problem] = []
    if over:
        problems.append(Problem("This meeting will not be: no interpreter is needed"))
    if command.change == "asked" and not command.asked_of:
        problems.append(Problem("Say whom you asked", "asked_of"))
    if command.email and not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", command.email):
        problems.append(Problem("Enter an e-mail address, such as name@example.org", "email"))
    if command.change == "booked":
        problems += _professional(command, names)
    if command.change in ("declined", "not_needed") and not command.why:
        problems.append(Problem("Say why", "why"))
    if command.change in ("came", "absent") and not begun:
        problems.append(Problem("This meeting is still to come", "change"))
    if command.change == "came" and command.read_back is None:
        problems.append(Problem("Say whether what was written was read back to the family", "read_back"))
    if command.change == "came" and command.read_back is False and not command.why:
        problems.append(Problem("Say why it was not read back", "why"))
    return problems


def _professional(command: Change, names: Collection[str]) -> Iterable[Problem]:
    if not command.interpreter:
        yield Problem("Give the interpreter's name or number", "interpreter")
    elif fold(command.interpreter) in {fold(name) for name in names}:
        yield Problem("This is somebody of the family: an interpreter is never a child or a relative", "interpreter")
    if not command.professional:
        yield Problem("Only a professional interprets, never a child or a relative", "professional")
