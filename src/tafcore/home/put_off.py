"""The list of what is put off: by oneself, and for a manager by others. Searched and sorted; a fixed number of
statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contacts.access import open_to, worked_by
from tafcore.contacts.models import Contact
from tafcore.db import UTCDateTime, like, session
from tafcore.families.access import managed, times, visible
from tafcore.families.models import Family
from tafcore.home import reading
from tafcore.home.rules import PUT_OFF_SORTS, PutOff, answers
from tafcore.notices.models import SnoozedTask
from tafcore.references import BadReference, read_ref

PAGE = 30


@dataclass(frozen=True)
class Asked:
    """What somebody asked of the list. `after` is the number of the last that others put off and that is shown."""

    q: str = ""
    sort: str = "back"
    after: str = ""


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    sort = values.get("sort", "")
    return Asked(values.get("q", "").strip()[:100], sort if sort in PUT_OFF_SORTS else "back", values.get("after", ""))


def by_oneself(asked: Asked, actor: Actor, now: datetime) -> tuple[tuple[PutOff, ...], Mapping[str, str]]:
    """What this actor put off, as far as it answers; and the names of the families it is about."""
    found = reading.put_off(actor, now)
    names = reading.names((one.ref for one in found), actor)
    answering = (one for one in found if answers(asked.q, one.ref, one.words, one.reason, names.get(one.ref, "")))
    return tuple(_sorted(asked.sort, answering)), names


def _sorted(sort: str, found: Iterable[PutOff]) -> list[PutOff]:
    if sort == "made":
        return sorted(found, key=lambda one: one.made_at, reverse=True)
    return sorted(found, key=lambda one: one.until)


def by_others(asked: Asked, actor: Actor, now: datetime) -> tuple[tuple[PutOff, ...], str]:
    """A page of what people put off of the families and contacts that this actor manages, or as one of their team; and
    where to go on."""
    if "early_help_manager" not in actor.roles:
        return (), ""
    family = exists(select(Family.id).where(Family.ref == SnoozedTask.about, managed(actor), visible(actor)))
    contact = exists(select(Contact.id).where(Contact.ref == SnoozedTask.about, worked_by(actor), open_to(actor)))
    neither = ~or_(SnoozedTask.about.like("F-%"), SnoozedTask.about.like("C-%"))
    rows = select(SnoozedTask, User.name).join(User, User.id == SnoozedTask.user_id)
    rows = rows.where(SnoozedTask.until > now, SnoozedTask.user_id != actor.user_id)
    rows = rows.where(or_(family, contact, and_(neither, User.team_id == actor.team_id)))
    if asked.q:
        rows = rows.where(_speaks_of(asked.q))
    newest = asked.sort == "made"
    day = SnoozedTask.made_at if newest else SnoozedTask.until
    last = session.get(SnoozedTask, int(asked.after)) if asked.after.isdecimal() and len(asked.after) < 10 else None
    if last is not None:
        place = tuple_(literal(last.made_at if newest else last.until, UTCDateTime()), literal(last.id))
        rows = rows.where(tuple_(day, SnoozedTask.id) < place if newest else tuple_(day, SnoozedTask.id) > place)
    order = (day.desc(), SnoozedTask.id.desc()) if newest else (day, SnoozedTask.id)
    found = session.execute(rows.order_by(*order).limit(PAGE + 1), times()).all()
    shown = tuple(
        PutOff(row.title, row.about, row.reason, row.until, row.made_at, by=name) for row, name in found[:PAGE]
    )
    return shown, str(found[PAGE - 1][0].id) if len(found) > PAGE else ""


def _speaks_of(words: str) -> ColumnElement[bool]:
    try:
        return SnoozedTask.about == read_ref(words)
    except BadReference:
        said = [SnoozedTask.title, SnoozedTask.reason, User.name]
        named = exists(select(Family.id).where(Family.ref == SnoozedTask.about, _holds(Family.name, words)))
        return or_(named, *(_holds(one, words) for one in said))


def _holds(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    return column.ilike(like(words), escape="\\")
