"""A family's whole record, taken up from what the services wrote: every row that hangs on it by foreign keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ForeignKey, Table, or_, select

from tafcore.db import Model, session

Row = dict[str, Any]
Sheet = dict[str, list[Row]]
"""Table -> rows by column, in the order of their ids."""

ROOTS = ("family", "contact", "person")
DERIVED = {
    "person_key": "person", "match_key": "person", "match_record": "person", "contact_person_key": "contact_person",
}  # fmt: skip
"""Keys that are worked out anew from each copy's own names -> whose they are."""
TOLD_OF = ("trail_entry", "trail_payload", "message")
WITHOUT = frozenset(
    {
        *DERIVED,
        *TOLD_OF,
        "person_changed",
        "draft_field",
        "draft_op",
        "contact_draft",
        "login_session",
        "api_idempotency",
    }
)
STAFF = frozenset({"user_account", "organisation", "team", "neighbourhood", "service"})
"""Shared by all families: a copy points at its own area's."""
KINDS = {"voice": "voice_entry", "measure": "plan_measure"}
"""Kind of a trail entry's subject -> its table, where they differ."""


def captured(family_ids: Iterable[int], contact_ids: Iterable[int]) -> Sheet:
    """Everything on record about these families and contacts, the trail and messages included."""
    people = select(Model.metadata.tables["family_member"].c.person_id)
    families, contacts = set(family_ids), set(contact_ids)
    members = people.where(Model.metadata.tables["family_member"].c.family_id.in_(families))
    start = {"family": families, "contact": contacts, "person": set(session.scalars(members))}
    sheet: Sheet = {}
    for table in Model.metadata.sorted_tables:
        if table.name in WITHOUT | STAFF:
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
        if table_of(row["subject_kind"]) in sheet
    ]
    kept = [row["id"] for row in entries]
    return {
        "trail_entry": entries,
        "trail_payload": _rows(payload, payload.c.entry_id.in_(kept)),
        "message": _rows(message, message.c.about.in_(refs)),
    }


def table_of(kind: str) -> str:
    return KINDS.get(kind, kind.replace(".", "_"))
