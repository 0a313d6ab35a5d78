"""A family's whole record, taken up once from what the services wrote and set down again for invented others.

What the services write changes with them; a second way to write it, by hand, would drift. So a bulk load copies: every
row that hangs on a family or contact is found by its foreign keys, and whatever must differ in a copy (ids,
references, names, numbers, days, who acted) is a slot that is filled for each copy. Days move by whole weeks, so that
working days stay working days.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Date, Dialect, ForeignKey, Table, or_, select
from sqlalchemy.types import TypeEngine

from tafcore.db import Model, UTCDateTime, session
from tafcore.folding import fold
from tafcore.people.commands import PersonDetails
from tafcore.standards import words
from tafcore.standards.clock import LONDON, in_london

Row = dict[str, Any]
Sheet = dict[str, list[Row]]
"""Table -> rows by column, in the order of their ids."""

ROOTS = ("family", "contact", "person")
DERIVED = frozenset({"person_key", "contact_person_key"})
"""Worked out anew from each copy's own names."""
WITHOUT = frozenset({"draft_field", "draft_op", "contact_draft", "login_session", "api_idempotency"})
STAFF = frozenset({"user_account", "organisation", "team", "neighbourhood", "service"})
"""Shared by all families: a copy points at its own area's."""
KINDS = {"voice": "voice_entry", "measure": "plan_measure"}
"""Kind of a trail entry's subject -> its table, where they differ."""
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
_ID = r'"@@\w+:\d+@@"'


def captured(family_ids: Iterable[int], contact_ids: Iterable[int]) -> Sheet:
    """Everything on record about these families and contacts, the trail and messages included."""
    people = select(Model.metadata.tables["family_member"].c.person_id)
    families, contacts = set(family_ids), set(contact_ids)
    members = people.where(Model.metadata.tables["family_member"].c.family_id.in_(families))
    start = {"family": families, "contact": contacts, "person": set(session.scalars(members))}
    sheet: Sheet = {}
    for table in Model.metadata.sorted_tables:
        if table.name in DERIVED | WITHOUT | STAFF or table.name in ("trail_entry", "trail_payload", "message"):
            continue
        tests = [table.c.id.in_(start[table.name])] if table.name in ROOTS else []
        tests += [key.parent.in_(_ids(sheet, key)) for key in _upwards(table, sheet)]
        if table.name == "trail_opening":
            tests = [table.c.family_id.in_(families)]
        rows = [row for row in _rows(table, or_(*tests)) if _own(table, row, sheet)] if tests else []
        if rows and not _astray(table, sheet):
            sheet[table.name] = rows
    return sheet | _told_of(sheet)


def _own(table: Table, row: Row, sheet: Sheet) -> bool:
    """Whether it concerns nobody else: that somebody was taken for another family's child is not copied."""
    return all(
        row[key.parent.name] is None or row[key.parent.name] in _ids(sheet, key) for key in _upwards(table, sheet)
    )


def _upwards(table: Table, sheet: Sheet) -> Iterator[ForeignKey]:
    for key in table.foreign_keys:
        if key.column.table.name in sheet and key.column.table is not table:
            yield key


def _ids(sheet: Sheet, key: ForeignKey) -> list[int]:
    return [row["id"] for row in sheet[key.column.table.name]]


def _astray(table: Table, sheet: Sheet) -> bool:
    """Whether its rows need something that is neither the family's nor shared: a plugin's own reference data."""
    return any(
        not key.parent.nullable
        and key.column.table is not table
        and key.column.table.name not in STAFF
        and key.column.table.name not in sheet
        for key in table.foreign_keys
    )


def _rows(table: Table, where: Any) -> list[Row]:
    return [dict(row) for row in session.execute(select(table).where(where).order_by(table.c.id)).mappings()]


def _told_of(sheet: Sheet) -> Sheet:
    """What knows a record by kind, id and reference only: trail and messages."""
    tables = Model.metadata.tables
    refs = {row["ref"] for rows in sheet.values() for row in rows if "ref" in row}
    entry, payload, message = tables["trail_entry"], tables["trail_payload"], tables["message"]
    families = [row["id"] for row in sheet.get("family", ())]
    entries = [
        row
        for row in _rows(entry, or_(entry.c.family_id.in_(families), entry.c.subject_ref.in_(refs)))
        if _table_of(row["subject_kind"]) in sheet
    ]
    kept = [row["id"] for row in entries]
    return {
        "trail_entry": entries,
        "trail_payload": _rows(payload, payload.c.entry_id.in_(kept)),
        "message": _rows(message, message.c.about.in_(refs)),
    }


def _table_of(kind: str) -> str:
    return KINDS.get(kind, kind.replace(".", "_"))


@dataclass
class Filling:
    """What one copy is filled with. `base`: table -> id before its first row; `said`: as in Stencil.asks."""

    base: Mapping[str, int]
    weeks: int
    people: Sequence[PersonDetails]
    staff: Mapping[tuple[str, int], int | None]
    said: Mapping[str, str]
    refs: Mapping[str, Iterator[str]]
    random_hex: Callable[[], str]


Slot = Callable[[Filling, list[Any]], Any]


class Stencil:
    """A captured record that can be set down again. `names` is every word for staff and places that a copy may have to
    change: text as it stands -> the same text, which `Filling.said` maps to the copy's own."""

    def __init__(self, sheet: Sheet, told: Sequence[PersonDetails], names: Iterable[str], dialect: Dialect) -> None:
        self.sizes = {name: len(rows) for name, rows in sheet.items()}
        self.ref_kinds: dict[str, int] = {}
        self._slots: list[Slot] = []
        self._known: dict[Any, int] = {}
        self._when = _binder(UTCDateTime(), dialect)
        self._day = _binder(Date(), dialect)
        self._dialect = dialect
        self._places = {name: {row["id"]: at for at, row in enumerate(rows, 1)} for name, rows in sheet.items()}
        self._latest = max(row["at"] for row in sheet["trail_entry"])
        self._tokens = self._of_people(told) | {name: self._slot(("said", name), _said(name)) for name in names if name}
        self._refs(sheet)
        self._folded = {fold(text): self._slot(("fold", at), _folded(at)) for text, at in self._of_people(told).items()}
        self._find = _any_of([_ID, _ISO, _DAY_WORDS], self._tokens)
        self._find_folded = _any_of([], self._folded)
        self.columns: dict[str, list[str]] = {}
        self._makers: dict[str, list[Callable[[list[Any]], tuple[Any, ...]]]] = {}
        self._entries = {row["id"]: row for row in sheet["trail_entry"]}
        self._payloads = {row["entry_id"]: row for row in sheet["trail_payload"]}
        for name, rows in sheet.items():
            table = Model.metadata.tables[name]
            self.columns[name] = [column.name for column in table.columns]
            self._makers[name] = [itemgetter(*self._row(table, row)) for row in rows]
        self.people = [{"id": self._id_of("person", row["id"]), "ref": row["ref"]} for row in sheet.get("person", ())]

    def set_down(self, filling: Filling) -> dict[str, list[tuple[Any, ...]]]:
        """Table -> rows of one copy, values as the driver takes them."""
        values: list[Any] = []
        for slot in self._slots:
            values.append(slot(filling, values))
        return {name: [make(values) for make in makers] for name, makers in self._makers.items()}

    # --- slots ---

    def _slot(self, key: Any, slot: Slot) -> int:
        if key not in self._known:
            self._known[key] = len(self._slots)
            self._slots.append(slot)
        return self._known[key]

    def _constant(self, value: Any) -> int:
        return self._slot(("constant", type(value), value), lambda _filling, _values: value)

    def _of_people(self, told: Sequence[PersonDetails]) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, person in enumerate(told):
            for field in TOLD:
                text = getattr(person, field)
                if text and text not in found:
                    found[text] = self._slot(("told", number, field), _told(number, field))
        return found

    def _refs(self, sheet: Sheet) -> None:
        for name, rows in sheet.items():
            for row in rows:
                if "ref" in row:
                    self.ref_kinds[name] = self.ref_kinds.get(name, 0) + 1
                    self._tokens[row["ref"]] = self._slot(("ref", row["ref"]), _ref(name))

    def _id_of(self, table: str, id_: int) -> int:
        if table in STAFF:
            return self._slot(("staff", table, id_), lambda filling, _: filling.staff[table, id_])
        at = self._places[table][id_]
        return self._slot(("id", table, at), lambda filling, _: filling.base[table] + at)

    def _moment(self, value: datetime) -> int:
        bind = self._when
        return self._slot(("when", value), lambda filling, _: bind(moved(value, filling.weeks)))

    def _date(self, value: date) -> int:
        bind = self._day
        return self._slot(("day", value), lambda filling, _: bind(value - timedelta(weeks=filling.weeks)))

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
            return self._digest(self._payloads[row["id"]], at)
        if name in ("trail_payload.salt", "message.message_id"):
            return self._slot((name, value), _fresh(value))
        if name == "trail_payload.payload":
            return self._payload(value, at)
        target = self._target(table, column, row)
        if target:
            return self._id_of(target, value) if target in STAFF or target in self._places else self._constant(None)
        if isinstance(value, datetime):
            return self._moment(value)
        if isinstance(value, date):
            return self._date(value)
        if isinstance(value, str):
            return self._text(value, at, folded=column.name in ("sort_name", "said_name"))
        return self._constant(_binder(column.type, self._dialect)(value))

    def _target(self, table: Table, column: Column[Any], row: Row) -> str | None:
        """The table whose id this column holds, if any."""
        if column.name == "id":
            return table.name
        if column.name == "subject_id":
            return _table_of(row["subject_kind"])
        for key in column.foreign_keys:
            return key.column.table.name
        plain = column.name.removesuffix("_id")
        return plain if plain != column.name and plain in Model.metadata.tables else None

    def _digest(self, payload: Row, at: datetime) -> int:
        salt = self._slot(("trail_payload.salt", payload["salt"]), _fresh(payload["salt"]))
        text = self._payload(payload["payload"], at)
        return self._slot(
            ("digest", salt, text),
            lambda _, values: hashlib.sha256(f"{values[salt]}\n{values[text]}".encode()).hexdigest(),
        )

    def _payload(self, text: str, at: datetime) -> int:
        marked = json.dumps(_marked(json.loads(text)), sort_keys=True, ensure_ascii=False)
        return self._text(marked, at)

    def _text(self, text: str, at: datetime, folded: bool = False) -> int:
        pieces: list[int] = []
        last = 0
        for match in (self._find_folded if folded else self._find).finditer(text):
            pieces += [self._constant(text[last : match.start()]), self._piece(match[0], at, folded)]
            last = match.end()
        if not pieces:
            return self._constant(text)
        pieces.append(self._constant(text[last:]))
        shown = tuple(pieces)
        return self._slot(("text", shown), lambda _, values: "".join([values[piece] for piece in shown]))

    def _piece(self, text: str, at: datetime, folded: bool) -> int:
        if folded:
            return self._folded[text]
        if text in self._tokens:
            return self._tokens[text]
        if text.startswith('"@@'):
            table, id_ = text.strip('"@').split(":")
            number = self._id_of(table, int(id_))
            return self._slot(("number", number), lambda _, values: str(values[number]))
        if text[0].isdigit():
            return self._slot(("iso", text), _iso(text))
        return self._slot(("words", text, at.date()), _day_words(text, at))


def moved(moment: datetime, weeks: int) -> datetime:
    """The same hour in London, whole weeks earlier."""
    local = in_london(moment).replace(tzinfo=None) - timedelta(weeks=weeks)
    return local.replace(tzinfo=LONDON).astimezone(UTC)


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


def _told(number: int, field: str) -> Slot:
    return lambda filling, _: getattr(filling.people[number], field)


def _said(name: str) -> Slot:
    return lambda filling, _: filling.said[name]


def _folded(at: int) -> Slot:
    return lambda _, values: fold(values[at])


def _ref(table: str) -> Slot:
    return lambda filling, _: next(filling.refs[table])


def _fresh(value: str) -> Slot:
    """New random characters of the same shape."""
    if value.startswith("<"):
        return lambda filling, _: f"<{filling.random_hex()}@tafcore>"
    return lambda filling, _: filling.random_hex()


def _iso(text: str) -> Slot:
    if "T" in text:
        moment = datetime.fromisoformat(text)
        return lambda filling, _: moved(moment, filling.weeks).isoformat()
    day = date.fromisoformat(text)
    return lambda filling, _: (day - timedelta(weeks=filling.weeks)).isoformat()


def _day_words(text: str, at: datetime) -> Slot:
    """`Thu 26 Nov`, said at `at`, moved; with a year where the moved one lies in another year than its saying."""
    parts = text.split()
    years = [int(parts[3])] if len(parts) == 4 else [at.year, at.year + 1, at.year - 1]
    for year in years:
        day = datetime.strptime(f"{parts[1]} {parts[2]} {year}", "%d %b %Y").date()
        if words.day(day, day).split()[0] == parts[0]:
            break
    else:
        raise ValueError("a weekday that no such day has")
    return lambda filling, _: words.day(
        day - timedelta(weeks=filling.weeks), in_london(at).date() - timedelta(weeks=filling.weeks)
    )
