"""Figures of contacts for the Board: the right support at the right time. Numbers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, exists, extract, func, literal, select
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Neighbourhood, Organisation, Team
from tafcore.contacts import rules
from tafcore.contacts.models import Contact, ContactGrade, ContactPerson
from tafcore.contributions import Count, Measure, Period
from tafcore.db import reading
from tafcore.families.models import Family
from tafcore.families.same import is_one
from tafcore.people.models import Person
from tafcore.people.rules import CHILD_ROLES, GROUP_OF
from tafcore.standards.clock import LONDON

BREAKDOWNS = ("door", "source", "team", "neighbourhood", "ethnicity", "hour")
NOT_KNOWN = "Not known"
HOURS = (0, 8, 10, 12, 14, 16, 18, 24)
"""Hours of London's clock at which one group ends and the next begins."""
WAITS = (0, 4, 24, 72, 168)
"""Hours of waiting, likewise."""
NOBODY_YET = "Not spoken with yet"
DAY = 24 * 3600
AGAIN_WITHIN = 365 * DAY

FIRST_CONVERSATION = (
    "a parent, carer or young person was spoken with, two ways and on a safe line. Left out: anonymous and withdrawn "
    "contacts, duplicates, and those recorded in error."
)


def measures() -> list[Measure]:
    """What contacts give the Board."""
    return [
        Measure(
            "contacts_received",
            "Contacts received",
            "How much did we do?",
            "Contacts received in the period at any door. Those recorded in error are left out. Ethnicity is that of "
            "the first child on record.",
            received,
            BREAKDOWNS,
            order=10,
        ),
        Measure(
            "first_conversation_in_time",
            "First conversation with the family in time",
            "How well did we do it?",
            "Of contacts received in the period, those where within the standard for their urgency "
            f"{FIRST_CONVERSATION} Where nobody was spoken with, the contact counts as not in time once its deadline "
            "has passed.",
            in_time,
            BREAKDOWNS,
            order=11,
        ),
        Measure(
            "referrals_say_what_is_needed",
            "Professionals' referrals that say what is needed",
            "How well did we do it?",
            "Of professionals' referrals graded in the period, those that say what the child needs, what was tried and "
            "what came of it, and what the family know and whether they agree. By agency where the agency is known "
            "here; never by person.",
            well_told,
            ("what it says", "source", "agency"),
            order=12,
        ),
        Measure(
            "first_conversation_within_a_day",
            "First conversation with the family within 24 hours",
            "How well did we do it?",
            f"Of contacts received in the period, those where within 24 hours {FIRST_CONVERSATION} How long they "
            "waited counts all hours, also at night and at weekends.",
            within_a_day,
            ("waited", *BREAKDOWNS),
            order=13,
        ),
        Measure(
            "repeat_contacts",
            "Contacts about a family that was in contact before",
            "How well did we do it?",
            "Of contacts received in the period about a family that is known by now, those where the same family had "
            "another contact in the 365 days before. Left out: withdrawn contacts, duplicates, and those recorded in "
            "error.",
            repeated,
            BREAKDOWNS,
            order=14,
        ),
    ]


def received(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """How many contacts, by group."""
    return counted(period, breakdown)


def in_time(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """How many of those due had their conversation in time, by group."""
    spoken = (Contact.conversation_at <= Contact.conversation_due) & _spoken(period)
    return counted(period, breakdown, spoken, *_waits(), spoken | (Contact.conversation_due < _known(period)))


def within_a_day(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """How many had their conversation within 24 hours, of those that had it or wait for longer, by group."""
    spoken, waited = _spoken(period), _seconds(Contact.conversation_at) - _seconds(Contact.received_at)
    soon = spoken & (waited < DAY)
    if breakdown == "waited":
        return _by_wait(period, spoken, waited)
    day_over = Contact.received_at < _known(period) - timedelta(days=1)
    return counted(period, breakdown, soon, *_waits(), soon | day_over)


def _by_wait(period: Period, spoken: ColumnElement[bool], waited: ColumnElement[int]) -> Mapping[str, Count]:
    until = [(spoken & (waited < hours * 3600), literal(place)) for place, hours in enumerate(WAITS[1:])]
    group = case(*until, (spoken, literal(len(WAITS) - 1)), else_=literal(-1))
    found = _grouped(period, group, None, Contact.received_at, *_waits())
    ends = [f"{first} to {last} hours" for first, last in pairwise(WAITS)]
    names = [*ends, f"{WAITS[-1]} hours or longer", NOBODY_YET]
    whole = sum(number for _, _, number in found)
    return {names[place]: Count(number, whole) for place, _, number in found}


def repeated(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """How many were about a family that had another contact in the 12 months before, by group."""
    other = aliased(Contact)
    theirs, record = aliased(Family), aliased(Family)
    records = select(record.id).join(theirs, is_one(theirs, record)).where(theirs.id == Contact.family_id)
    records = records.correlate(Contact)  # by itself it would be correlated with `other` alone: any family's contacts
    before = exists(
        select(other.id).where(
            other.family_id.in_(records),
            other.id != Contact.id,
            other.received_at <= Contact.received_at,
            _seconds(other.received_at) >= _seconds(Contact.received_at) - AGAIN_WITHIN,
            other.state.not_in(("withdrawn", "recorded_in_error")),
            func.coalesce(other.answer, "") != "duplicate",
        )
    )
    once = (Contact.state != "withdrawn", func.coalesce(Contact.answer, "") != "duplicate")
    return counted(period, breakdown, before, Contact.family_id.is_not(None), *once)


def _waits() -> tuple[ColumnElement[bool], ...]:
    return (
        Contact.anonymous.is_(False),
        Contact.state != "withdrawn",
        func.coalesce(Contact.answer, "") != "duplicate",
    )


def well_told(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """How many graded referrals say all three, by group; by `what it says`, how many say each."""
    asked = {name: ContactGrade.__table__.c[name] == "yes" for name in rules.GRADED}
    groups = {"source": Contact.source, "agency": func.coalesce(Organisation.name, "")}
    group = groups.get(breakdown or "", literal(""))
    says = [func.sum(case((one, 1), else_=0)) for one in (and_(*asked.values()), *asked.values())]
    first, after = _midnight(period.first), _midnight(period.last + timedelta(days=1))
    rows = (
        select(group, func.count(), *says)
        .select_from(ContactGrade)
        .join(Contact, Contact.id == ContactGrade.contact_id)
        .outerjoin(Organisation, Organisation.id == ContactGrade.organisation_id)
        .where(ContactGrade.at >= first, ContactGrade.at < after, Contact.state != "recorded_in_error")
    )
    if period.as_at:
        rows = rows.where(ContactGrade.at <= period.as_at)
    found = reading.execute(rows.group_by(group) if breakdown in groups else rows).all()
    if breakdown == "what it says":
        [(_, whole, _, *each)] = found
        return {rules.GRADED[name]: Count(int(part or 0), whole) for name, part in zip(asked, each, strict=True)}
    named = {"source": rules.SOURCES.get, "agency": lambda name, _: name or "Agencies not known here"}
    label = named.get(breakdown or "", lambda name, _: name)
    return {label(name, name): Count(int(all_three or 0), whole) for name, whole, all_three, *_ in found}


def _spoken(period: Period) -> ColumnElement[bool]:
    return Contact.conversation_at.is_not(None) & (Contact.conversation_at <= _known(period))


def _known(period: Period) -> datetime:
    return period.as_at or datetime.now(UTC)


# --- counting, also for plugins --------------------------------------------------------------------------------------


def counted(
    period: Period,
    breakdown: str | None,
    part: ColumnElement[bool] | None = None,
    *conditions: ColumnElement[bool],
    when: Any = Contact.received_at,
) -> Mapping[str, Count]:
    """Contacts whose `when` lies in the period and that meet `conditions`, by one of BREAKDOWNS: how many, or `part` of
    how many. As known at `period.as_at`; without those recorded in error. One statement."""
    parts: Counter[str] = Counter()
    wholes: Counter[str] = Counter() if breakdown else Counter({"": 0})
    for group, number, whole in _grouped(period, _group(breakdown), part, when, *conditions):
        name = _label(breakdown, group)
        parts[name] += int(number or 0)
        wholes[name] += whole
    return {name: Count(whole) if part is None else Count(parts[name], whole) for name, whole in wholes.items()}


def _grouped(
    period: Period, group: Any, part: ColumnElement[bool] | None, when: Any, *conditions: ColumnElement[bool]
) -> list[tuple[Any, int, int]]:
    first, after = _midnight(period.first), _midnight(period.last + timedelta(days=1))
    number = literal(0) if part is None else case((part, 1), else_=0)
    rows = (
        select(group.label("name"), number.label("part"))
        .select_from(Contact)
        .outerjoin(Team, Team.id == Contact.team_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Team.neighbourhood_id)
        .where(when >= first, when < after, Contact.state != "recorded_in_error", *conditions)
    )
    if period.as_at:
        rows = rows.where(Contact.registered_at <= period.as_at, when <= period.as_at)
    each = rows.subquery()
    added = select(each.c.name, func.sum(each.c.part), func.count()).group_by(each.c.name)
    return [(name, int(some or 0), whole) for name, some, whole in reading.execute(added)]


def _group(breakdown: str | None) -> Any:
    match breakdown:
        case "door":
            return Contact.channel
        case "source":
            return Contact.source
        case "team":
            return Team.name
        case "neighbourhood":
            return Neighbourhood.name
        case "ethnicity":
            return _ethnicity()
        case "hour":
            return _seconds(Contact.received_at) // 3600
    return literal("")


def _ethnicity() -> Any:
    """That of the first child of a contact who is on record: each contact counts once."""
    linked = aliased(Person)
    return (
        select(Person.ethnicity)
        .select_from(ContactPerson)
        .join(linked, linked.id == ContactPerson.person_id)
        .join(Person, Person.id == func.coalesce(linked.canonical_id, linked.id))
        .where(ContactPerson.contact_id == Contact.id, ContactPerson.role.in_(sorted(CHILD_ROLES)))
        .order_by(ContactPerson.position)
        .limit(1)
        .correlate(Contact)
        .scalar_subquery()
    )


def _label(breakdown: str | None, group: Any) -> str:
    match breakdown:
        case "door":
            return rules.CHANNELS.get(group or "", "Not recorded")
        case "source":
            return rules.SOURCES[group]
        case "team":
            return group or "No team"
        case "ethnicity":
            return GROUP_OF.get(group or "", NOT_KNOWN)
        case "hour":
            hour = datetime.fromtimestamp(group * 3600, LONDON).hour
            return next(f"{a} to {b} o'clock" for a, b in pairwise(HOURS) if a <= hour < b)
        case None:
            return ""
    return group or NOT_KNOWN


def _seconds(moment: Any) -> Any:
    """Whole seconds since 1970, on either database."""
    return cast(extract("epoch", moment), BigInteger)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
