"""Writing the chronology as things happen, and reading what of it a view may have: all of it, or as far as asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select, update

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.db import rows_of, session
from tafcore.families.access import TEAM_AREAS, FamilyView
from tafcore.plans.events import NeedWithheld
from tafcore.record import rules
from tafcore.record.models import ChronologyEntry, ChronologyMark, ChronologyPerson
from tafcore.sharing.reading import covered_facts
from tafcore.standards.clock import LONDON
from tafcore.vocabulary import Event

PAGE = 50
PRINTED = 5000
NEWS = 5
LONGEST_ID = 15
"""Digits."""


def write(event: Event) -> None:
    """The line of `event`, in the transaction of the change itself. Events without a line or a family leave none."""
    if event.line is None or event.family_id is None:
        return
    entry = ChronologyEntry(
        family_id=event.family_id,
        happened_at=event.happened_at,
        kind=event.kind,
        category=rules.category_of(event.kind),
        audience=event.audience,
        line=event.line,
        by=event.actor.byline,
        organisation=event.actor.organisation or None,
        subject_ref=event.subject.ref,
    )
    session.add(entry)
    session.flush()
    session.add_all(ChronologyPerson(entry_id=entry.id, person_id=person) for person in dict.fromkeys(event.people))


def withdraw(event: NeedWithheld) -> None:
    """What the family could read of a need, and of what is under it, is the workers' from now on."""
    theirs = update(ChronologyEntry).where(ChronologyEntry.family_id == event.family_id)
    theirs = theirs.where(ChronologyEntry.audience == "family")
    session.execute(theirs.where(ChronologyEntry.subject_ref.in_(event.parts)).values(audience="team"))


@dataclass(frozen=True)
class LineView:
    """A line as this view may read it."""

    id: int
    at: datetime
    recorded_at: datetime
    category: str
    line: str
    by: str
    about: tuple[str, ...]
    marked_by: str = ""
    marked_at: datetime | None = None

    @property
    def category_words(self) -> str:
        return category_words(self.category)


@dataclass(frozen=True)
class Asked:
    """What somebody asks of the chronology: lines about a person, of a category, by people of an organisation
    (`agency_key`), of these days, or marked as significant. Older lines follow the line `after` (its id), newer ones
    stand above the line `before`."""

    person_id: int | None = None
    category: str = ""
    agency: str = ""
    first: date | None = None
    last: date | None = None
    significant: bool = False
    after: str = ""
    before: str = ""


EVERYTHING = Asked()


@dataclass(frozen=True)
class ChronologyPage:
    """Lines, newest first; `after` continues the list and `before` leads back (each empty at its end). `categories` and
    `agencies` are those that have lines, with their words."""

    lines: tuple[LineView, ...]
    after: str = ""
    before: str = ""
    categories: tuple[tuple[str, str], ...] = ()
    agencies: tuple[tuple[str, str], ...] = ()


def category_words(category: str) -> str:
    """What a category is called; a plugin's is called as the plugin is."""
    return rules.CATEGORIES.get(category) or hooks.title(category)


def agency_key(name: str) -> str:
    """What an organisation is called in an address, where names do not belong."""
    return hashlib.sha256(name.encode()).hexdigest()[:10]


def chronology_of(view: FamilyView, asked: Asked = EVERYTHING, limit: int = PAGE) -> ChronologyPage:
    """A page of the chronology. Four statements.

    Workers' lines go to lead and manager alone; on a shared screen there are only lines for the family, and where
    somebody there must be kept safe, none that is about them or about the family as a whole. What workers marked as
    significant is theirs.
    """
    if not view.may("chronology"):
        return ChronologyPage(())
    view = view.only("chronology")
    here = _readable(view)
    kinds = session.scalars(here.with_only_columns(ChronologyEntry.category).distinct())
    categories = tuple(sorted(((each, category_words(each)) for each in kinds), key=lambda pair: pair[1]))
    places = session.scalars(here.with_only_columns(ChronologyEntry.organisation).distinct())
    agencies = tuple((agency_key(name), name) for name in sorted(filter(None, places)))
    rows, more = _rows(_filtered(here, view, asked, dict(categories), dict(agencies)), asked, limit)
    lines = _lines(rows, view)
    if not lines:
        return ChronologyPage((), "", "", categories, agencies)
    backwards = bool(asked.before) and not asked.after
    older, newer = (True, more) if backwards else (more, bool(asked.after))
    after, before = str(lines[-1].id) if older else "", str(lines[0].id) if newer else ""
    return ChronologyPage(lines, after, before, categories, agencies)


def _filtered(
    here: Select[Any], view: FamilyView, asked: Asked, kinds: dict[str, str], agencies: dict[str, str]
) -> Select[Any]:
    """Only what was offered is asked for: whatever else stands in an address never reaches the database."""
    if asked.person_id is not None:
        person = view.seen(asked.person_id)
        here = here.where(_about(ChronologyPerson.person_id.in_(person.records if person else [asked.person_id])))
    if asked.category:
        here = here.where(ChronologyEntry.category == (asked.category if asked.category in kinds else ""))
    if asked.agency:
        here = here.where(ChronologyEntry.organisation == agencies.get(asked.agency, ""))
    if asked.first is not None:
        here = here.where(ChronologyEntry.happened_at >= datetime.combine(asked.first, time(), LONDON))
    if asked.last is not None:
        after = datetime.combine(asked.last + timedelta(days=1), time(), LONDON)
        here = here.where(ChronologyEntry.happened_at < after)
    if asked.significant and not view.shared:
        here = here.where(ChronologyMark.id.is_not(None))
    return here


_MARK = and_(ChronologyMark.entry_id == ChronologyEntry.id, ChronologyMark.ended_at.is_(None))


def _rows(here: Select[Any], asked: Asked, limit: int) -> tuple[list[Any], bool]:
    """A page of rows, newest first, and whether there are more in the direction that was asked for."""
    here = here.add_columns(ChronologyMark.by.label("marked_by"), ChronologyMark.at.label("marked_at"))
    order = (ChronologyEntry.happened_at.desc(), ChronologyEntry.id.desc())
    if _is_id(asked.after):
        here = here.where(_beyond(int(asked.after), older=True))
    elif _is_id(asked.before):
        here = here.where(_beyond(int(asked.before), older=False))
        rows = session.execute(here.order_by(ChronologyEntry.happened_at, ChronologyEntry.id).limit(limit + 1)).all()
        return [*reversed(rows[:limit])], len(rows) > limit
    rows = session.execute(here.order_by(*order).limit(limit + 1)).all()
    return [*rows[:limit]], len(rows) > limit


def _is_id(text: str) -> bool:
    """Whether this can be the number of a line: no database takes numbers of any length."""
    return text.isdecimal() and len(text) <= LONGEST_ID


def _beyond(entry: int, older: bool) -> ColumnElement[bool]:
    """That a line comes after this one in the list (`older`), or before it."""
    at = select(ChronologyEntry.happened_at).where(ChronologyEntry.id == entry).scalar_subquery()
    when, number = ChronologyEntry.happened_at, ChronologyEntry.id
    if older:
        return or_(when < at, and_(when == at, number < entry))
    return or_(when > at, and_(when == at, number > entry))


def readable(view: FamilyView, entry: int) -> bool:
    """Whether this view has this line."""
    if not view.may("chronology") or not _is_id(str(entry)):
        return False
    here = _readable(view.only("chronology")).with_only_columns(ChronologyEntry.id)
    return session.scalar(here.where(ChronologyEntry.id == entry)) is not None


def before_the_team(view: FamilyView) -> FamilyView:
    """A worker's view as their team may read it: without what is for lead and manager alone."""
    return replace(
        view,
        scopes=view.scopes - {"lead", "manage"} | {"team"},
        areas=view.areas & TEAM_AREAS,
        people=tuple(replace(person, areas=person.areas & TEAM_AREAS) for person in view.people),
    )


def _about(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(ChronologyPerson.id).where(ChronologyPerson.entry_id == ChronologyEntry.id, *conditions))


def _readable(view: FamilyView) -> Select[Any]:
    closed = [category for category, area in rules.AREAS.items() if not view.may(area)]
    found = select(ChronologyEntry).outerjoin(ChronologyMark, _MARK)
    found = found.where(
        ChronologyEntry.family_id == view.id,
        ChronologyEntry.category.not_in(closed),
        ChronologyEntry.audience.in_(_audiences(view)),
    )
    if not view.whole:
        found = found.where(_of(view))
    for category, area in rules.AREAS.items():
        narrower = view.only(area)
        if category not in closed and narrower is not view:
            found = found.where(or_(ChronologyEntry.category != category, _of(narrower)))
    if covered_facts(view):
        kept_safe = [record for person in view.people if person.hidden for record in person.records]
        found = found.where(_about(), ~_about(ChronologyPerson.person_id.in_(kept_safe)))
    return found


def _of(view: FamilyView) -> ColumnElement[bool]:
    """About those in a view that leaves somebody out, or about the family as a whole and for the family to read."""
    others = _about(ChronologyPerson.person_id.not_in(view.ids))
    return and_(~others, or_(_about(), ChronologyEntry.audience == "family"))


def _audiences(view: FamilyView) -> tuple[str, ...]:
    if view.shared:
        return ("family",)
    return ("family", "team", "workers") if view.scopes & {"lead", "manage"} else ("family", "team")


@dataclass(frozen=True)
class News:
    """What others wrote since somebody looked last, newest first; `more` than are shown."""

    since: datetime
    lines: tuple[tuple[str, datetime], ...]
    more: bool


_SINCE = (
    select(ChronologyEntry.id)
    .where(ChronologyEntry.family_id == bindparam("family"), ChronologyEntry.recorded_at > bindparam("since"))
    .where(ChronologyEntry.by != bindparam("mine"))
    .limit(1)
)
"""Whether anybody else has written since: mostly nobody has, and what a view may read of it costs ten times as much."""


def news(view: FamilyView, actor: Actor, since: datetime) -> News | None:
    """What this view may read of the chronology that others have written since then: sentences, and when it was."""
    if not rows_of(_SINCE, family=view.id, since=since, mine=actor.byline):
        return None
    others = ChronologyEntry.recorded_at > since, ChronologyEntry.by != actor.byline
    here = _readable(view.only("chronology")).where(*others)
    here = here.order_by(ChronologyEntry.happened_at.desc(), ChronologyEntry.id.desc()).limit(NEWS + 1)
    rows = session.execute(here.with_only_columns(ChronologyEntry.line, ChronologyEntry.happened_at)).all()
    return News(since, tuple((row.line, row.happened_at) for row in rows[:NEWS]), len(rows) > NEWS)


def _lines(rows: list[Any], view: FamilyView) -> tuple[LineView, ...]:
    about: dict[int, list[int]] = {}
    pairs = select(ChronologyPerson.entry_id, ChronologyPerson.person_id).order_by(ChronologyPerson.id)
    ids = [row.ChronologyEntry.id for row in rows]
    for entry_id, person_id in session.execute(pairs.where(ChronologyPerson.entry_id.in_(ids))):
        about.setdefault(entry_id, []).append(person_id)
    return tuple(_line(row, about.get(row.ChronologyEntry.id, []), view) for row in rows)


def _line(row: Any, about: list[int], view: FamilyView) -> LineView:
    entry = row.ChronologyEntry
    return LineView(
        entry.id,
        entry.happened_at,
        entry.recorded_at,
        entry.category,
        entry.line,
        entry.by,
        tuple(dict.fromkeys(view.name_of(person) for person in about if view.may_see(person))),
        "" if view.shared else row.marked_by or "",
        None if view.shared else row.marked_at,
    )
