"""What the page of the trail shows: who changed what, and who opened which family.

It knows records as (kind, id, ref) alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    TableClause,
    and_,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.orm import InstrumentedAttribute

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.db import UTCDateTime, session, utcnow
from tafcore.references import KINDS
from tafcore.trail.models import Opening, TrailEntry, TrailPayload
from tafcore.vocabulary import silent_kinds

PAGE = 50


@dataclass(frozen=True)
class ChangeView:
    """Something that changed; `payload` is empty for those who may not read it, where it may tell of somebody
    restricted, and after it was erased."""

    id: int
    at: datetime
    who: str
    what: str
    record: str
    ref: str
    sealed: bool
    payload: tuple[tuple[str, str | date], ...]


@dataclass(frozen=True)
class OpeningView:
    """That somebody opened a family's record, or was refused."""

    id: int
    at: datetime
    who: str
    page: str
    reason: str
    allowed: bool
    ref: str


def family_of(ref: str, actor: Actor | None = None) -> int | None:
    """The id of the family with this reference, if it is one of a family that exists and is not kept from `actor`."""
    if not ref.startswith("F-"):
        return None
    family = _records("F")
    found = select(family.c.id).where(family.c.ref == ref)
    return session.scalar(found if actor is None else found.where(_not_kept_from(actor, family.c.id)))


def _records(prefix: str) -> TableClause:
    """The table in which records of a prefix lie: it has the name of their kind."""
    return table(KINDS[prefix], column("id"), column("ref"))


_WHOM = ("family_id", "user_id", "team_id", "organisation_id")
_WHEN = (column("from_at", UTCDateTime()), column("until_at", UTCDateTime()))
_BARS = table("family_bar", *(column(name, Integer()) for name in _WHOM), *_WHEN)


def _not_kept_from(actor: Actor, family_id: Any) -> ColumnElement[bool]:
    """That no bar keeps this actor from a family: whoever is connected with it reads nothing of it here either."""
    now, since, until = utcnow(), _BARS.c.from_at, _BARS.c.until_at
    theirs = or_(
        _BARS.c.user_id == actor.user_id,
        _BARS.c.team_id == actor.team_id,
        _BARS.c.organisation_id == actor.organisation_id,
    )
    lives = and_(since <= now, or_(until.is_(None), until > now))
    return ~exists(select(_BARS.c.family_id).where(_BARS.c.family_id == family_id, theirs, lives))


def _told(actor: Actor) -> ColumnElement[bool]:
    """That this actor may learn of a change at all: what is silent, only whoever did it."""
    return or_(TrailEntry.kind.not_in(silent_kinds()), TrailEntry.actor_key == actor.key)


def changes(actor: Actor, ref: str, after: str, payloads: bool) -> tuple[tuple[ChangeView, ...], str]:
    """A page of changes, newest first, of the record `ref` (a family: all that belongs to it); and where to go on."""
    mine = _not_kept_from(actor, TrailEntry.family_id)
    found = select(TrailEntry).where(*_about(ref), *_before(TrailEntry.id, after), mine, _told(actor))
    rows = list(session.scalars(found.order_by(TrailEntry.id.desc()).limit(PAGE + 1)))
    page = rows[:PAGE]
    kept = _of_restricted(page) if payloads else frozenset[int]()
    said = _payloads([row.id for row in page if row.id not in kept]) if payloads else {}
    shown = tuple(
        ChangeView(
            row.id,
            row.at,
            row.actor_label,
            _said(row.kind),
            row.subject_kind,
            row.subject_ref,
            row.seal_id is not None,
            said.get(row.id, ()),
        )
        for row in page
    )
    return shown, str(page[-1].id) if len(rows) > PAGE else ""


_PEOPLE = table(
    "person", *(column(name, Integer()) for name in ("id", "canonical_id")), column("restricted", Boolean())
)
_MEMBERS = table("family_member", *(column(name, Integer()) for name in ("family_id", "person_id")))


def _of_restricted(rows: Collection[TrailEntry]) -> frozenset[int]:
    """Those of these entries that are about somebody restricted, or a family in which somebody is or was. One
    statement."""
    record = func.coalesce(_PEOPLE.c.canonical_id, _PEOPLE.c.id)
    restricted = select(record).where(_PEOPLE.c.restricted)
    people = select(literal("person"), _PEOPLE.c.id).where(record.in_(restricted))
    people = people.where(_PEOPLE.c.id.in_({row.subject_id for row in rows if row.subject_kind == "person"}))
    families = select(literal("family"), _MEMBERS.c.family_id).join(_PEOPLE, _PEOPLE.c.id == _MEMBERS.c.person_id)
    families = families.where(record.in_(restricted), _MEMBERS.c.family_id.in_({row.family_id for row in rows}))
    found = {(kind, number) for kind, number in session.execute(people.union(families))}
    return frozenset(row.id for row in rows if {("family", row.family_id), (row.subject_kind, row.subject_id)} & found)


def _said(code: str) -> str:
    """`episodes.note_written` as `Episodes: note written`; a plugin has its own name, and its one page needs none."""
    feature, _, what = code.partition(".")
    name, words = hooks.title(feature), what.replace("_", " ")
    return name if words in ("", "show") else f"{name}: {words}"


def _about(ref: str) -> list[ColumnElement[bool]]:
    if not ref:
        return []
    family_id = family_of(ref)
    here = TrailEntry.subject_ref == ref
    return [here if family_id is None else or_(here, TrailEntry.family_id == family_id)]


def _before(key: InstrumentedAttribute[int], after: str) -> list[ColumnElement[bool]]:
    return [key < int(after)] if after.isdecimal() else []


def _payloads(ids: list[int]) -> Mapping[int, tuple[tuple[str, str | date], ...]]:
    rows = session.execute(select(TrailPayload.entry_id, TrailPayload.payload).where(TrailPayload.entry_id.in_(ids)))
    found = {entry_id: json.loads(payload) for entry_id, payload in rows}
    names = _names(found.values())
    return {entry_id: _pairs(payload, names) for entry_id, payload in found.items()}


def _names(payloads: Collection[Mapping[str, Any]]) -> Mapping[tuple[str, int], str]:
    """(`user id`, 3) -> who that is, for the users and teams that payloads know by number."""
    names: dict[tuple[str, int], str] = {}
    for whose, named in (("user_id", "user_account"), ("team_id", "team")):
        numbers = {payload[whose] for payload in payloads if payload.get(whose)}
        if numbers:
            rows = table(named, column("id"), column("name"))
            found = session.execute(select(rows.c.id, rows.c.name).where(rows.c.id.in_(numbers)))
            names |= {(whose, number): name for number, name in found}
    return names


def _pairs(payload: Mapping[str, Any], names: Mapping[tuple[str, int], str]) -> tuple[tuple[str, str | date], ...]:
    """Each part of a payload with a value, as people say it."""
    told = ((name, value) for name, value in payload.items() if value not in (None, "", [], {}))
    return tuple(
        (name.removesuffix("_id").replace("_", " "), names[name, value])
        if isinstance(value, int) and (name, value) in names
        else (name.replace("_", " "), _value(value))
        for name, value in told
    )


def _value(value: Any) -> str | date:
    """`true` as `yes`, `walk_in` as `walk in`, `2026-09-20` as the day it is; anything else as it was written."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return json.dumps(value)
    if re.fullmatch(r"[a-z]+(_[a-z]+)+", value):
        return value.replace("_", " ")
    if re.match(r"\d{4}-\d\d-\d\d(T\d\d:\d\d|$)", value):
        try:
            return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            return value
    return value


def openings(actor: Actor, ref: str, after: str) -> tuple[tuple[OpeningView, ...], str]:
    """A page of openings, newest first, of the family `ref` or of all; and where to go on."""
    family = _records("F")
    found = select(Opening, family.c.ref).outerjoin(family, family.c.id == Opening.family_id)
    if ref:
        found = found.where(Opening.family_id == (family_of(ref) or 0))
    found = found.where(*_before(Opening.id, after), _not_kept_from(actor, Opening.family_id))
    found = found.order_by(Opening.id.desc()).limit(PAGE + 1)
    rows = session.execute(found).all()
    page = rows[:PAGE]
    shown = tuple(
        OpeningView(row.id, row.at, row.actor_label, _said(row.purpose), row.reason, row.allowed, family_ref or "")
        for row, family_ref in page
    )
    return shown, str(page[-1][0].id) if len(rows) > PAGE else ""


@dataclass(frozen=True)
class Done:
    """What somebody opened or changed of one family in some time: how often, first and last."""

    what: str
    times: int
    first: datetime
    last: datetime


def opened_by(actor_keys: Collection[str], family_id: int, since: datetime, until: datetime) -> tuple[Done, ...]:
    """The pages of a family that somebody opened, in the order of first opening."""
    return _done(Opening.purpose, Opening, actor_keys, family_id, since, until, Opening.allowed)


def changed_by(actor_keys: Collection[str], family_id: int, since: datetime, until: datetime) -> tuple[Done, ...]:
    """What somebody changed in a family's record, in the order of the first change; nothing of what is silent."""
    heard = TrailEntry.kind.not_in(silent_kinds())
    return _done(TrailEntry.kind, TrailEntry, actor_keys, family_id, since, until, heard)


def _done(
    what: Any,
    of: type[Opening] | type[TrailEntry],
    actor_keys: Collection[str],
    family_id: int,
    since: datetime,
    until: datetime,
    *also: Any,
) -> tuple[Done, ...]:
    first = func.min(of.at)
    rows = select(what, func.count(), first, func.max(of.at)).where(
        of.family_id == family_id, of.actor_key.in_(sorted(actor_keys)), of.at >= since, of.at <= until, *also
    )
    return tuple(Done(_said(row[0]), *row[1:]) for row in session.execute(rows.group_by(what).order_by(first)))


def happened(actor_key: str, kind: str, since: datetime) -> int:
    """How often somebody did something of one kind since then."""
    rows = select(func.count()).select_from(TrailEntry)
    mine = TrailEntry.actor_key == actor_key, TrailEntry.kind == kind, TrailEntry.at > since
    return session.scalar(rows.where(*mine)) or 0
