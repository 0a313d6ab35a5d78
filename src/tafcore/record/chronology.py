"""Writing the chronology as things happen, and reading what of it a view may have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from tafcore import hooks
from tafcore.db import session
from tafcore.families.access import FamilyView
from tafcore.record import rules
from tafcore.record.models import ChronologyEntry, ChronologyPerson
from tafcore.sharing.reading import covered_facts
from tafcore.vocabulary import Event

PAGE = 50
PRINTED = 1000


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

    @property
    def category_words(self) -> str:
        return category_words(self.category)


@dataclass(frozen=True)
class ChronologyPage:
    """Lines, newest first; `after` continues the list (empty at its end), `categories` are those that have lines."""

    lines: tuple[LineView, ...]
    after: str
    categories: tuple[tuple[str, str], ...]


def category_words(category: str) -> str:
    """What a category is called; a plugin's is called as the plugin is."""
    return rules.CATEGORIES.get(category) or hooks.title(category)


def chronology_of(
    view: FamilyView, person_id: int | None = None, category: str = "", after: str = "", limit: int = PAGE
) -> ChronologyPage:
    """A page of the chronology, about one person or of one category if asked. Three statements.

    Workers' lines go to lead and manager alone; on a shared screen there are only lines for the family, and where
    somebody there must be kept safe, none that is about them or about the family as a whole.
    """
    if not view.may("chronology"):
        return ChronologyPage((), "", ())
    view = view.only("chronology")
    here = _readable(view)
    kinds = session.scalars(here.with_only_columns(ChronologyEntry.category).distinct())
    categories = tuple(sorted(((each, category_words(each)) for each in kinds), key=lambda pair: pair[1]))
    asked = here
    if person_id is not None:
        person = view.seen(person_id)
        asked = asked.where(_about(ChronologyPerson.person_id.in_(person.records if person else [person_id])))
    if category:
        asked = asked.where(ChronologyEntry.category == category)
    if after.isdecimal():
        at = select(ChronologyEntry.happened_at).where(ChronologyEntry.id == int(after)).scalar_subquery()
        older = and_(ChronologyEntry.happened_at == at, ChronologyEntry.id < int(after))
        asked = asked.where(or_(ChronologyEntry.happened_at < at, older))
    order = asked.order_by(ChronologyEntry.happened_at.desc(), ChronologyEntry.id.desc()).limit(limit + 1)
    rows = list(session.scalars(order))
    lines = _lines(rows[:limit], view)
    return ChronologyPage(lines, str(lines[-1].id) if len(rows) > limit else "", categories)


def _about(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(ChronologyPerson.id).where(ChronologyPerson.entry_id == ChronologyEntry.id, *conditions))


def _readable(view: FamilyView) -> Select[Any]:
    closed = [category for category, area in rules.AREAS.items() if not view.may(area)]
    found = select(ChronologyEntry).where(
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


def _lines(rows: list[ChronologyEntry], view: FamilyView) -> tuple[LineView, ...]:
    about: dict[int, list[int]] = {}
    pairs = select(ChronologyPerson.entry_id, ChronologyPerson.person_id).order_by(ChronologyPerson.id)
    for entry_id, person_id in session.execute(pairs.where(ChronologyPerson.entry_id.in_([row.id for row in rows]))):
        about.setdefault(entry_id, []).append(person_id)
    return tuple(
        LineView(
            row.id,
            row.happened_at,
            row.recorded_at,
            row.category,
            row.line,
            row.by,
            tuple(dict.fromkeys(view.name_of(person) for person in about.get(row.id, ()) if view.may_see(person))),
        )
        for row in rows
    )
