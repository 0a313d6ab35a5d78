"""The list of families an actor may see: searched, filtered, sorted and paged in a fixed number of statements.

Pages are found by the reference of the last row, so that no name is ever part of an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, exists, false, func, literal, or_, select, tuple_, union_all

from tafcore import hooks
from tafcore.accounts.models import Organisation, SectorScope, User
from tafcore.actor import Actor
from tafcore.db import UTCDateTime, find_by_ref, session, starts, utcnow
from tafcore.episodes.models import Episode, LeadAppointment, LeadGap, TafMember
from tafcore.families import grants
from tafcore.families.access import times, visible
from tafcore.families.models import Family, FamilyMember
from tafcore.folding import fold
from tafcore.people import rules as people_rules
from tafcore.people.models import Person
from tafcore.references import BadReference, read_ref
from tafcore.standards import words
from tafcore.standards.clock import london_day

PAGE = 25
SHOW = {
    "open": "Open",
    "mine": "I lead or am in the team",
    "no_lead": "No lead professional",
    "closed": "Closed",
    "all": "All",
}
SORTS = {"name": "Name", "meeting": "Next meeting", "opened": "Newest first"}
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """What somebody asked of the list. `after` is the reference of the last row they have."""

    q: str = ""
    show: str = "open"
    sort: str = "name"
    after: str = ""


@dataclass(frozen=True)
class FamilyRow:
    """A family in a list. `people` are those the actor may see; `lead` is empty where there is none."""

    id: int
    ref: str
    name: str
    people: tuple[str, ...]
    lead: str
    asked: str
    gap_since: datetime | None
    next_meeting_at: datetime | None
    open_since: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class FamilyPage:
    """A page of rows; `after` continues it, empty at the end."""

    rows: tuple[FamilyRow, ...] = ()
    after: str = ""
    asked: Asked = field(default_factory=Asked)


def families(actor: Actor, asked: Asked, limit: int = PAGE) -> FamilyPage:
    """The families `actor` may see that answer `asked`."""
    people = visible_people(actor)
    found = select(Family).where(visible(actor), Family.same_as_id.is_(None), Family.recorded_in_error.is_(None))
    found = found.where(*_shown(actor, asked.show), *_searched(asked.q, people))
    key, newest = _order(asked.sort)
    last = find_by_ref(Family, asked.after) if asked.after else None
    if last is not None:
        at = select(key).where(Family.id == last.id).correlate(None).scalar_subquery()
        further = key < at if newest else key > at
        found = found.where(or_(further, and_(key == at, Family.id > last.id)))
    rows = list(session.scalars(found.order_by(key.desc() if newest else key, Family.id).limit(limit + 1), times()))
    page = rows[:limit]
    return FamilyPage(tuple(_rows(page, people)), page[-1].ref if len(rows) > limit else "", asked)


def family_rows(ids: Sequence[int], people: ColumnElement[bool]) -> Iterable[FamilyRow]:
    """Families already known to be visible, in the order of `ids`."""
    found = {family.id: family for family in session.scalars(select(Family).where(Family.id.in_(ids)))}
    return _rows([found[each] for each in ids], people)


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, sort = values.get("show", ""), values.get("sort", "")
    return Asked(
        q=values.get("q", "").strip()[:100],
        show=show if show in SHOW else "open",
        sort=sort if sort in SORTS else "name",
        after=values.get("after", "")[:12],
    )


def exact(q: str) -> str | None:
    """The reference that was typed, as we write it; None when it is not one."""
    try:
        return read_ref(q, "F")
    except BadReference:
        return None


def _shown(actor: Actor, show: str) -> list[ColumnElement[bool]]:
    if show == "closed":
        return [Family.open_since.is_(None), Family.closed_at.is_not(None)]
    if show == "all":
        return []
    conditions: list[ColumnElement[bool]] = [Family.open_since.is_not(None)]
    here = and_(Episode.family_id == Family.id, Episode.state != "closed")
    if show == "no_lead":
        conditions.append(
            exists(
                select(LeadGap.id)
                .join(Episode, here)
                .where(LeadGap.episode_id == Episode.id, LeadGap.ended_at.is_(None))
            )
        )
    if show == "mine":
        conditions.append(or_(*works_in(actor, here)))
    return conditions


def works_in(actor: Actor, here: ColumnElement[bool]) -> Iterable[ColumnElement[bool]]:
    """That the actor leads, covers or is in the team of an episode for which `here` holds."""
    lead = select(LeadAppointment.id).join(Episode, here).where(LeadAppointment.episode_id == Episode.id)
    mine = or_(LeadAppointment.user_id == actor.user_id, LeadAppointment.cover_id == actor.user_id)
    yield exists(lead.where(mine, LeadAppointment.ended_at.is_(None)))
    team = select(TafMember.id).join(Episode, here).where(TafMember.episode_id == Episode.id)
    yield exists(team.where(TafMember.user_id == actor.user_id, TafMember.left_at.is_(None)))


def _searched(q: str, people: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Every word begins a word of the family's name or of the name of one person the actor may see."""
    ref = exact(q)
    if ref is not None:
        return [Family.ref == ref]
    parts = fold(q).split()
    if not parts:
        return []
    named = select(FamilyMember.id).join(Person, Person.id == FamilyMember.person_id)
    named = named.where(
        FamilyMember.family_id == Family.id, FamilyMember.left.is_(None), people, Person.restricted.is_(False)
    )
    in_person = exists(named.where(*(_begins(Person.sort_name, part) for part in parts)))
    return [or_(and_(*(_begins(Family.sort_name, part) for part in parts)), in_person)]


def _begins(column: Any, part: str) -> ColumnElement[bool]:
    return or_(column.like(starts(part), escape="\\"), column.like(f"% {starts(part)}", escape="\\"))


def visible_people(actor: Actor) -> ColumnElement[bool]:
    """The predicate on FamilyMember: which members of a visible family this actor may see (one child, or everybody)."""
    switched_on = set(session.scalars(select(SectorScope.sector)))
    wide, narrow = [], []
    for rule in hooks.access_rules():
        if rule.wide is not None:
            found = rule.wide(actor)
            if found is not None:
                wide.append(found)
        elif rule.sector is None or rule.sector in switched_on:
            rows = grants.table(rule)
            arm = select(rows.c.family_id, cast(rows.c.person_id, Integer).label("person_id"))
            narrow.append(arm.where(rows.c.user_id == actor.user_id))
    if narrow:
        # Found once and looked up twice; whether a grant exists would be asked again of every member.
        granted = union_all(*narrow).cte()
        everybody = select(granted.c.family_id).where(granted.c.person_id.is_(None))
        wide.append(FamilyMember.family_id.in_(everybody))
        somebody = select(granted.c.family_id, granted.c.person_id)
        wide.append(tuple_(FamilyMember.family_id, FamilyMember.person_id).in_(somebody))
    return or_(*wide) if wide else false()


def _order(sort: str) -> tuple[ColumnElement[Any], bool]:
    """The column to sort by, and whether the greatest comes first."""
    if sort == "meeting":
        return func.coalesce(Family.next_meeting_at, literal(NEVER, UTCDateTime()), type_=UTCDateTime()), False
    if sort == "opened":
        return func.coalesce(Family.open_since, Family.closed_at, Family.created_at, type_=UTCDateTime()), True
    return Family.sort_name.expression, False


def _rows(page: list[Family], people: ColumnElement[bool]) -> Iterable[FamilyRow]:
    ids = [family.id for family in page]
    named = _people(ids, people)
    leads = _leads(ids)
    gaps = select(Episode.family_id, LeadGap.from_at).join(Episode, Episode.id == LeadGap.episode_id)
    gap_since = {
        row[0]: row[1] for row in session.execute(gaps.where(Episode.family_id.in_(ids), LeadGap.ended_at.is_(None)))
    }
    for family in page:
        lead, accepted = leads.get(family.id, ("", False))
        yield FamilyRow(
            family.id,
            family.ref,
            family.name,
            tuple(named.get(family.id, ())),
            lead if accepted else "",
            "" if accepted else lead,
            gap_since.get(family.id),
            family.next_meeting_at,
            family.open_since,
            family.closed_at,
        )


def _age(person: Person) -> str:
    if person.born is None:
        return ""
    return words.age(person.born, person.born_precision, london_day(utcnow()))


def _people(ids: list[int], people: ColumnElement[bool]) -> dict[int, list[str]]:
    """family id -> `Jack 8`, children first as they joined."""
    members = select(FamilyMember.family_id, FamilyMember.role, Person).join(
        Person, Person.id == FamilyMember.person_id
    )
    members = members.join(Family, Family.id == FamilyMember.family_id)
    members = members.where(FamilyMember.family_id.in_(ids), FamilyMember.left.is_(None), people)
    named: dict[int, list[str]] = {}
    for family_id, role, person in session.execute(members.order_by(FamilyMember.id), times()):
        if role in people_rules.CHILD_ROLES:
            name = person.called or person.forename or people_rules.ROLES[role]
            named.setdefault(family_id, []).append(f"{name} {_age(person)}".strip())
    return named


def _leads(ids: list[int]) -> dict[int, tuple[str, bool]]:
    """family id -> (name and organisation of the lead professional, whether they accepted)."""
    current = (
        select(Episode.family_id, User.name, Organisation.name, LeadAppointment.accepted_at)
        .join(LeadAppointment, LeadAppointment.episode_id == Episode.id)
        .join(User, User.id == LeadAppointment.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(Episode.family_id.in_(ids), Episode.state != "closed", LeadAppointment.ended_at.is_(None))
    )
    return {
        family_id: (f"{name}, {organisation}", accepted is not None)
        for family_id, name, organisation, accepted in session.execute(current)
    }
