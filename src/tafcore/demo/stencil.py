"""A family's whole record (demo.capture) set down again for invented others.

What the services write changes with them; a second way to write it, by hand, would drift. So a bulk load copies: every
row that hangs on a family or contact is found by its foreign keys, and whatever must differ in a copy (ids,
references, names, numbers, days, who acted) is a slot that is filled for each copy. Days move by whole weeks, so that
working days stay working days.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Date, Dialect, Table
from sqlalchemy.types import TypeEngine

from tafcore.db import Model, UTCDateTime
from tafcore.demo.capture import STAFF, Row, Sheet, table_of
from tafcore.folding import fold
from tafcore.matching.index import rows_of, stored_keys
from tafcore.matching.rules import Traits
from tafcore.matching.service import traits_told
from tafcore.people.commands import PersonDetails
from tafcore.standards import words
from tafcore.standards.clock import LONDON, in_london

POINTERS = {
    "user_account": {
        "user_id",
        "lead_user_id",
        "cover_id",
        "owner_user",
        "lead_id",
        "made_by_id",
        "users",
        "keyworker_id",
    },
    "person": {"person_id", "made", "seen", "not_seen", "family", "children", "people", "owner_person_id"},
    "organisation": {"organisation_id"},
    "team": {"team_id"},
    "episode": {"episode_id"},
    "meeting": {"meeting_id"},
}
"""Table -> keys of a trail payload that hold its ids; any other number is copied as it is."""
POINTED = {key: table for table, names in POINTERS.items() for key in names}
TOLD = ("forename", "surname", "address", "postcode", "phone", "email", "nhs_number", "upn")

_DAY_WORDS = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: \d{4})?"
_ISO = r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?\+00:00)?"
_STAMP = r"\d{8}T\d{6}Z"
"""A moment in a calendar file."""
_ID = r'"@@\w+:\d+@@"'


@dataclass
class Filling:
    """What one copy is filled with. `base`: table -> id before its first row; `said`: a word for staff or places -> the
    copy's own."""

    base: Mapping[str, int]
    weeks: int
    people: Sequence[PersonDetails]
    staff: Mapping[tuple[str, int], int | None]
    said: Mapping[str, str]
    refs: Mapping[str, Iterator[str]]
    rng: random.Random


Slot = tuple[Any, ...]
"""A slot's place among the values, then what fills it."""


class Stencil:
    """A captured record that can be set down again. `names` is every word for staff and places that a copy may have to
    change: text as it stands -> the same text, which `Filling.said` maps to the copy's own.

    Half a thousand rows are set down for each family, so whatever stays the same is laid out once, and slots of one
    kind are filled in one loop.
    """

    def __init__(self, sheet: Sheet, told: Sequence[PersonDetails], names: Iterable[str], dialect: Dialect) -> None:
        self._values: list[Any] = []
        self._slots: dict[str, list[Slot]] = defaultdict(list)
        self._known: dict[Any, int] = {}
        self._when = _moments(dialect)
        self._day = _binder(Date(), dialect)
        self._dialect = dialect
        self._places = {name: {row["id"]: at for at, row in enumerate(rows, 1)} for name, rows in sheet.items()}
        self._latest = max(row["at"] for row in sheet["trail_entry"])
        self._tokens = self._of_people(told) | {name: self._slot("said", name) for name in names if name}
        for name, rows in sheet.items():
            self._tokens |= {row["ref"]: self._slot("ref", name, row["ref"]) for row in rows if "ref" in row}
        self._folded = {fold(text): self._slot("fold", at) for text, at in self._of_people(told).items()}
        self._find = _any_of([_ID, _ISO, _STAMP, _DAY_WORDS], self._tokens)
        self._find_folded = _any_of([], self._folded)
        self._entries = {row["id"]: row for row in sheet["trail_entry"]}
        self._payloads = {row["entry_id"]: row for row in sheet["trail_payload"]}
        self._makers = {
            name: [itemgetter(*self._row(Model.metadata.tables[name], row)) for row in rows]
            for name, rows in sheet.items()
        }

    def set_down(self, filling: Filling) -> dict[str, list[tuple[Any, ...]]]:
        """Table -> rows of one copy, values as the driver takes them. Texts are put together of what comes before."""
        slots, values, shift = self._slots, self._values.copy(), timedelta(weeks=filling.weeks)
        for at, table, place in slots["id"]:
            values[at] = filling.base[table] + place
        for at, table, id_ in slots["staff"]:
            values[at] = filling.staff[table, id_]
        for at, number, field in slots["told"]:
            values[at] = getattr(filling.people[number], field)
        for at, name in slots["said"]:
            values[at] = filling.said[name]
        for at, table, _ in slots["ref"]:
            values[at] = next(filling.refs[table])
        for at, local in slots["when"]:
            values[at] = self._when(local - shift)
        for at, day in slots["day"]:
            values[at] = self._day(day - shift)
        for at, day in slots["iso_day"]:
            values[at] = (day - shift).isoformat()
        for at, local in slots["iso"]:
            values[at] = in_utc(local - shift).isoformat()
        for at, local in slots["stamp"]:
            values[at] = f"{in_utc(local - shift):%Y%m%dT%H%M%SZ}"
        for at, day, said_on in slots["words"]:
            values[at] = _day_said(day - shift, said_on - shift)
        for at, around in slots["fresh"]:
            values[at] = around % filling.rng.getrandbits(128)
        for at, of in slots["fold"]:
            values[at] = _fold(values[of])
        for at, around, pieces in slots["text"]:
            values[at] = around % pieces(values)
        for at, salt, text in slots["digest"]:
            values[at] = hashlib.sha256(f"{values[salt]}\n{values[text]}".encode()).hexdigest()
        rows = {name: [make(values) for make in makers] for name, makers in self._makers.items()}
        told = [traits_told(one) for one in filling.people]
        if "person" in rows:
            rows |= _found_by(told, filling.base["person"] + 1)
        if "contact_person" in rows:
            first = filling.base["contact_person"] + 1
            rows["contact_person_key"] = [(first + at, key) for at, one in enumerate(told) for key in stored_keys(one)]
        return rows

    # --- slots ---

    def _slot(self, kind: str, *what: Any, filled: Any = None) -> int:
        """The place of a value; the same kind of the same thing has one place."""
        if (kind, *what) not in self._known:
            self._known[kind, *what] = len(self._values)
            self._slots[kind].append((len(self._values), *(filled or what)))
            self._values.append(None)
        return self._known[kind, *what]

    def _constant(self, value: Any) -> int:
        at = self._slot("constant", type(value), value)
        self._values[at] = value
        return at

    def _of_people(self, told: Sequence[PersonDetails]) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, person in enumerate(told):
            for field in TOLD:
                text = getattr(person, field)
                if text and text not in found:
                    found[text] = self._slot("told", number, field)
        return found

    def _id_of(self, table: str, id_: int) -> int:
        return self._slot("staff", table, id_) if table in STAFF else self._slot("id", table, self._places[table][id_])

    # --- rows ---

    def _row(self, table: Table, row: Row) -> list[int]:
        moments = [value for value in row.values() if isinstance(value, datetime)]
        if table.name == "trail_payload":
            moments = [self._entries[row["entry_id"]]["at"]]
        at = moments[0] if moments else self._latest
        return [self._cell(table, column, row, at) for column in table.columns]

    def _cell(self, table: Table, column: Column[Any], row: Row, at: datetime) -> int:
        value, name = row[column.name], f"{table.name}.{column.name}"
        if value is None or name == "trail_entry.seal_id":
            return self._constant(None)
        if name == "trail_entry.digest":
            payload = self._payloads[row["id"]]
            return self._slot("digest", self._fresh(payload["salt"]), self._payload(payload["payload"], at))
        if name in ("trail_payload.salt", "message.message_id"):
            return self._fresh(value)
        if name == "trail_payload.payload":
            return self._payload(value, at)
        target = self._target(table, column, row)
        if target:
            return self._id_of(target, value) if target in STAFF or target in self._places else self._constant(None)
        if isinstance(value, datetime):
            return self._slot("when", _local(value))
        if isinstance(value, date):
            return self._slot("day", value)
        if isinstance(value, str):
            return self._text(value, at, folded=column.name in ("sort_name", "said_name"))
        return self._constant(_binder(column.type, self._dialect)(value))

    def _target(self, table: Table, column: Column[Any], row: Row) -> str | None:
        """The table whose id this column holds, if any."""
        if column.name == "id":
            return table.name
        if column.name == "subject_id":
            return table_of(row["subject_kind"])
        for key in column.foreign_keys:
            return key.column.table.name
        plain = column.name.removesuffix("_id")
        return plain if plain != column.name and plain in Model.metadata.tables else None

    def _fresh(self, value: str) -> int:
        """New random characters of the same shape."""
        return self._slot("fresh", value, filled=("<%032x@tafcore>" if value.startswith("<") else "%032x",))

    def _payload(self, text: str, at: datetime) -> int:
        marked = json.dumps(_marked(json.loads(text)), sort_keys=True, ensure_ascii=False)
        return self._text(marked, at)

    def _text(self, text: str, at: datetime, folded: bool = False) -> int:
        around, pieces, last = "", [], 0
        for match in (self._find_folded if folded else self._find).finditer(text):
            pieces.append(self._piece(match[0], at, folded))
            around += f"{_literal(text[last : match.start()])}%s"
            last = match.end()
        around += _literal(text[last:])
        if not pieces:
            return self._constant(text)
        if around == "%s":
            return pieces[0]
        return self._slot("text", around, *pieces, filled=(around, itemgetter(*pieces)))

    def _piece(self, text: str, at: datetime, folded: bool) -> int:
        if folded:
            return self._folded[text]
        if text in self._tokens:
            return self._tokens[text]
        if text.startswith('"@@'):
            table, id_ = text.strip('"@').split(":")
            return self._id_of(table, int(id_))
        if text[0].isdigit() and "-" not in text:
            return self._slot("stamp", _local(datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)))
        if text[0].isdigit():
            local = _local(datetime.fromisoformat(text)) if "T" in text else None
            return self._slot("iso", local) if local else self._slot("iso_day", date.fromisoformat(text))
        return self._slot("words", _day_named(text, at), in_london(at).date())


def _found_by(told: Sequence[Traits], first: int) -> dict[str, list[tuple[Any, ...]]]:
    """Table -> what people are found by, who have ids from `first` on."""
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for at, one in enumerate(told):
        for table, many in rows_of(first + at, [one]).items():
            rows[table] += many
    return rows


_fold = lru_cache(100_000)(fold)
_day_said = lru_cache(100_000)(words.day)


def _literal(text: str) -> str:
    return text.replace("%", "%%")


def _local(moment: datetime) -> datetime:
    """What a clock in London shows, the zone left off: what whole weeks are taken from."""
    return in_london(moment).replace(tzinfo=None)


@lru_cache(100_000)
def in_utc(local: datetime) -> datetime:
    """The moment when a clock in London shows this."""
    return local.replace(tzinfo=LONDON).astimezone(UTC)


@lru_cache
def _moments(dialect: Dialect) -> Callable[[datetime], Any]:
    """`in_utc` as the driver takes it. The same few times of day come again for every family."""
    bind = _binder(UTCDateTime(), dialect)
    return lru_cache(200_000)(lambda local: bind(in_utc(local)))


def _binder(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any]:
    return type_.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value)


def _any_of(patterns: list[str], tokens: Mapping[str, int]) -> re.Pattern[str]:
    longest = sorted(tokens, key=len, reverse=True)
    plain = [rf"(?<![A-Za-z0-9]){re.escape(token)}(?![A-Za-z0-9])" for token in longest]
    return re.compile("|".join([*patterns, *plain]) or r"(?!)")


def _marked(value: Any, key: str = "") -> Any:
    """A trail payload with its ids marked, so that each is a slot."""
    if isinstance(value, dict):
        return {name: _marked(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_marked(each, key) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and key in POINTED:
        return f"@@{POINTED[key]}:{value}@@"
    return value


def _day_named(text: str, at: datetime) -> date:
    """The day meant by `Thu 26 Nov` (or `Thu 26 Nov 2025`), said at `at`."""
    parts = text.split()
    years = [int(parts[3])] if len(parts) == 4 else [at.year, at.year + 1, at.year - 1]
    for year in years:
        day = datetime.strptime(f"{parts[1]} {parts[2]} {year}", "%d %b %Y").date()
        if words.day(day, day).split()[0] == parts[0]:
            return day
    raise ValueError("a weekday that no such day has")
