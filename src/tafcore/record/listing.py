"""The list of families an actor may see: searched, filtered, sorted and paged in a fixed number of statements.

Pages are found by the reference of the last row, so that no name is ever part of an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from tafcore import hooks
from tafcore.accounts.models import Organisation, User
from tafcore.actor import Actor
from tafcore.assessments.clock import OPENED_BEFORE, Clock, clock_of, due_or_late, opened_before, with_clock
from tafcore.db import UTCDateTime, beginning, begins_with, find_by_ref, rows_of, utcnow
from tafcore.episodes import waiting
from tafcore.episodes.models import Episode, LeadAppointment, LeadGap, TafMember
from tafcore.families.asking import rows_for
from tafcore.families.models import Family, FamilyMember
from tafcore.families.seen import Seen, seen
from tafcore.folding import fold
from tafcore.matching import lookup
from tafcore.matching.models import PersonKey
from tafcore.people import rules as people_rules
from tafcore.people.models import Person
from tafcore.people.same import is_restricted, is_same, same
from tafcore.references import BadReference, read_ref
from tafcore.standards import words
from tafcore.standards.clock import london_day

PAGE = 25
SHOW = {
    "open": "Open",
    "mine": "I lead or am in the team",
    "no_lead": "No lead professional",
    "assessment": "Assessment due or late",
    "schools_out": "Nobody there in the school holidays",
    "closed": "Closed",
    "all": "All",
}
MANAGERS_ONLY = frozenset({"assessment", "schools_out"})
SORTS = {"name": "Name", "meeting": "Next meeting", "opened": "Newest first", "longest": "Open longest first"}
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
    """A family in a list. `people` are those the actor may see; `lead` is empty where there is none; `assessment` is
    for its manager, where it is due or late."""

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
    leads_to: int | None
    assessment: Clock | None = None


@dataclass(frozen=True)
class FamilyPage:
    """A page of rows; `after` continues it, empty at the end."""

    rows: tuple[FamilyRow, ...] = ()
    after: str = ""
    asked: Asked = field(default_factory=Asked)


_TYPED = aliased(Family)


def families(actor: Actor, asked: Asked, limit: int = PAGE) -> FamilyPage:
    """The families `actor` may see that answer `asked`."""
    ref = exact(asked.q)
    words = lookup.read_name("" if ref else asked.q)
    last = find_by_ref(Family, asked.after) if asked.after else None

    def make(one: Actor) -> Any:
        mine = seen(one)
        found = lines(typed=bool(ref)).where(mine.families, *_shown(one, asked.show))
        if ref:
            typed = bindparam("ref", type_=String())
            leads_to = select(_TYPED.same_as_id).where(_TYPED.ref == typed).scalar_subquery()
            found = found.where(or_(Family.ref == typed, Family.id == leads_to))
        elif asked.q:
            found = found.where(_searched(mine, words))
        key, newest = _order(asked.sort)
        if last is not None:
            last_id = bindparam("last", type_=Integer())
            at = select(key).where(Family.id == last_id).correlate(None).scalar_subquery()
            further = key < at if newest else key > at
            found = found.where(or_(further, and_(key == at, Family.id > last_id)))
        order = key.desc() if newest else key
        page = found.add_columns(key.label("at")).order_by(order, Family.id).limit(bindparam("most", type_=Integer()))
        rows = page.subquery()
        return with_children(rows, mine).order_by(rows.c.at.desc() if newest else rows.c.at, rows.c.id, FamilyMember.id)

    variant = (asked.show, asked.sort, bool(asked.q), bool(ref), words.shape, last is None)
    values = {**words.values, **beginning("name", fold(asked.q))}
    values |= {"ref": ref, "last": last.id if last else None, "most": limit + 1}
    if asked.show == "schools_out":
        values |= waiting.SCHOOLS
    values[OPENED_BEFORE.key] = opened_before(utcnow()) if asked.show == "assessment" else None
    found = rows_for(actor, "record.families", make, *variant, **values)
    rows = of_each_one(family_rows(found, actor if actor.may("assessments.sign") else None))
    return FamilyPage(rows[:limit], rows[limit - 1].ref if len(rows) > limit else "", asked)


def lines(typed: bool = False) -> Any:
    """What a row shows of families that are on record as such; where a reference was `typed`, of such too as lead to
    another record."""
    shown = (Family.id, Family.ref, Family.name, Family.next_meeting_at, Family.open_since, Family.closed_at)
    rows = select(*shown, Family.same_as_id).where(Family.recorded_in_error.is_(None))
    return rows if typed else rows.where(Family.same_as_id.is_(None))


def of_each_one(rows: Sequence[FamilyRow]) -> tuple[FamilyRow, ...]:
    """Of two records of one family the one that goes on, where it is among them."""
    ids = {row.id for row in rows}
    return tuple(row for row in rows if row.leads_to not in ids)


def with_children(page: FromClause, mine: Seen) -> Any:
    """`lines`, once for each child the actor sees, for `family_rows`; a child is named as by their own record that
    stands (people.same)."""
    here = and_(
        FamilyMember.family_id == page.c.id,
        FamilyMember.left.is_(None),
        FamilyMember.role.in_(sorted(people_rules.CHILD_ROLES)),
        mine.members,
    )
    stands = aliased(Person)
    named = func.coalesce(func.nullif(stands.called, ""), func.nullif(stands.forename, ""), Person.called)
    child = (named.label("called"), Person.forename, func.coalesce(stands.born, Person.born).label("born"))
    precise = case((stands.born.is_not(None), stands.born_precision), else_=Person.born_precision)
    rows = select(page, func.coalesce(same(), 0).label("member"), FamilyMember.role, *child)
    rows = rows.add_columns(precise.label("born_precision"), func.coalesce(stands.died, Person.died).label("died"))
    rows = rows.join(Family, Family.id == page.c.id).outerjoin(FamilyMember, here)
    rows = rows.outerjoin(Person, Person.id == FamilyMember.person_id)
    return rows.outerjoin(stands, stands.id == Person.canonical_id)


def shows(actor: Actor) -> dict[str, str]:
    """What this actor may ask the list for."""
    return {key: said for key, said in SHOW.items() if key not in MANAGERS_ONLY or actor.may("assessments.sign")}


def read(values: Mapping[str, str], actor: Actor) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, sort = values.get("show", ""), values.get("sort", "")
    return Asked(
        q=values.get("q", "").strip()[:100],
        show=show if show in shows(actor) else "open",
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
    if show == "no_lead":
        here = and_(Episode.family_id == Family.id, Episode.state != "closed")
        conditions.append(
            exists(
                select(LeadGap.id)
                .join(Episode, here)
                .where(LeadGap.episode_id == Episode.id, LeadGap.ended_at.is_(None))
            )
        )
    if show == "assessment":
        conditions.append(due_or_late(actor))
    if show == "schools_out":
        conditions.append(waiting.alone())
    if show == "mine":
        conditions.append(or_(*works_in(actor)))
    return conditions


def works_in(actor: Actor) -> Iterable[ColumnElement[bool]]:
    """The predicates on Family that the actor leads or covers an episode that goes on, or is in its team.

    Those are found once, by whose they are: asked of each family, the question would be put to all of them.
    """
    leads = or_(LeadAppointment.user_id == actor.user_id, LeadAppointment.cover_id == actor.user_id)
    helps = TafMember.user_id == actor.user_id, TafMember.left_at.is_(None)
    for part, mine in ((LeadAppointment, (leads, LeadAppointment.ended_at.is_(None))), (TafMember, helps)):
        here = select(Episode.family_id).join(part, part.episode_id == Episode.id)
        yield Family.id.in_(here.where(*mine, Episode.state != "closed"))


def _searched(mine: Seen, words: lookup.Asked) -> ColumnElement[bool]:
    """What is typed begins the family's name, or each word of it a name of one person the actor may see.

    By index, as in the search box.
    """
    named = begins_with(Family.sort_name, "name")
    if not words:
        return named
    owner: ColumnElement[int] = PersonKey.person_id.expression
    record = aliased(Person)
    people = select(FamilyMember.family_id).join(Person, Person.id == FamilyMember.person_id)
    people = people.join(record, is_same(record, Person)).join(PersonKey, PersonKey.person_id == record.id)
    people = people.join(Family, Family.id == FamilyMember.family_id)
    keyed = people.where(
        lookup.answering(PersonKey, owner, words), FamilyMember.left.is_(None), ~is_restricted(), mine.members
    )
    return or_(named, Family.id.in_(keyed.correlate(None)))


def _order(sort: str) -> tuple[ColumnElement[Any], bool]:
    """The column to sort by, and whether the greatest comes first."""
    if sort == "meeting":
        return func.coalesce(Family.next_meeting_at, literal(NEVER, UTCDateTime()), type_=UTCDateTime()), False
    if sort in ("opened", "longest"):
        since = func.coalesce(Family.open_since, Family.closed_at, Family.created_at, type_=UTCDateTime())
        return since, sort == "opened"
    return Family.sort_name.expression, False


def family_rows(found: Iterable[Any], manager: Actor | None = None) -> tuple[FamilyRow, ...]:
    """Rows of `with_children` as what a list shows, with who leads; in their order. To their `manager` with the clock
    of their assessments."""
    families: dict[int, Any] = {}
    children: dict[int, dict[int, str]] = {}
    today = london_day(utcnow())
    for row in found:
        families.setdefault(row.id, row)
        if row.role and row.died is None:  # no list says how old they would be
            age = words.age(row.born, row.born_precision, today) if row.born else ""
            name = row.called or row.forename or people_rules.ROLES[row.role]
            children.setdefault(row.id, {})[row.member] = f"{name} {age}".strip()
    if not families:
        return ()
    now = utcnow()
    ids = list(families)
    if manager is None:
        asked = rows_of(hooks.kept("record.leads", _leads), ids=ids)
    else:
        before = {OPENED_BEFORE.key: opened_before(now)}
        asked = rows_for(manager, "record.leads", lambda one: with_clock(_leads(), one), ids=ids, **before)
    leads = {row.family_id: row for row in asked}
    rows = (_row(row, children.get(row.id, {}).values(), leads.get(row.id)) for row in families.values())
    if manager is None:
        return tuple(rows)
    return tuple(replace(row, assessment=clock_of(leads[row.id], now)) if row.id in leads else row for row in rows)


def _row(family: Any, people: Iterable[str], led: Any) -> FamilyRow:
    lead = f"{led.name}, {led.organisation}" if led and led.name else ""
    accepted = bool(led and led.accepted_at)
    return FamilyRow(
        family.id,
        family.ref,
        family.name,
        tuple(people),
        lead if accepted else "",
        "" if accepted else lead,
        led.gap_since if led else None,
        family.next_meeting_at,
        family.open_since,
        family.closed_at,
        family.same_as_id,
    )


def _leads() -> Any:
    """Who leads or was asked to, and since when nobody does."""
    rows = select(
        Episode.family_id,
        User.name.label("name"),
        Organisation.name.label("organisation"),
        LeadAppointment.accepted_at,
        LeadGap.from_at.label("gap_since"),
    ).select_from(Episode)
    rows = rows.outerjoin(
        LeadAppointment, and_(LeadAppointment.episode_id == Episode.id, LeadAppointment.ended_at.is_(None))
    )
    rows = rows.outerjoin(User, User.id == LeadAppointment.user_id)
    rows = rows.outerjoin(Organisation, Organisation.id == User.organisation_id)
    rows = rows.outerjoin(LeadGap, and_(LeadGap.episode_id == Episode.id, LeadGap.ended_at.is_(None)))
    # Whoever leads comes after whoever was asked, and so stands in the row.
    return rows.where(Episode.family_id.in_(bindparam("ids", expanding=True)), Episode.state != "closed").order_by(
        Episode.id, LeadAppointment.accepted_at.is_not(None), LeadAppointment.id
    )
