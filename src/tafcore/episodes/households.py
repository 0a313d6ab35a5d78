"""Linked households: where somebody of a family lives apart from the others, who stays there too, and whom they ring.

The household each member lives in is part of the membership; a linked one has its own section, contact and copy. What
a safety rule keeps of where somebody lives keeps the name of their household too, and who lives or stays there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, func, select, update

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import rows_of, session, utcnow
from tafcore.episodes.commands import SetHousehold
from tafcore.episodes.events import HouseholdSet
from tafcore.episodes.helping import HELP_FACTS, PLACE_FACTS
from tafcore.episodes.models import Episode, Household, HouseholdStay, TafMember
from tafcore.episodes.opened import family_of
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.members import MAIN
from tafcore.families.models import FamilyMember
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Subject
from tafcore.work import Refused, check, publish

MAIN_HOME = "Main home"
KEPT = "Where they live is not shown on this screen"
STAY_FACTS = frozenset({"address", "refuge", "attendance", "contact"})
"""The facts that keep of somebody when they stay where."""


@dataclass(frozen=True)
class HouseholdView:
    """One household as this view may show it. `stays` are (person, when) of those who stay there as well as at home;
    `contact` is (name, organisation, phone) of whom they ring, None where it is the lead professional, or not told."""

    title: str
    linked: bool
    kept: bool
    people: tuple[PersonView, ...]
    stays: tuple[tuple[PersonView, str], ...] = ()
    places: tuple[str, ...] = ()
    contact: tuple[str, str, str] | None = None
    contact_id: int | None = None
    id: int | None = None

    @property
    def ref(self) -> str:
        """Of somebody who lives there."""
        return self.people[0].ref


_LINKED = (
    select(
        Household.id,
        Household.name,
        HouseholdStay.person_id,
        HouseholdStay.when,
        TafMember.id.label("contact_id"),
        TafMember.name.label("contact"),
        TafMember.organisation,
        func.coalesce(TafMember.phone, User.phone).label("phone"),
        TafMember.cover,
    )
    .outerjoin(
        HouseholdStay,
        and_(
            HouseholdStay.household_id == Household.id,
            HouseholdStay.until_day.is_(None),
            HouseholdStay.lives.is_(False),
        ),
    )
    .outerjoin(TafMember, and_(TafMember.id == Household.contact_id, TafMember.left_at.is_(None)))
    .outerjoin(User, User.id == TafMember.user_id)
    .where(Household.family_id == bindparam("family"))
    .order_by(Household.id, HouseholdStay.id)
)


def households_of(view: FamilyView) -> tuple[HouseholdView, ...]:
    """The main home first, then each linked one; last those of whom this screen must not tell where they live. One
    statement where somebody lives apart, none where nobody does."""
    view = view.only("people")
    homes: dict[str, list[PersonView]] = {}
    for person in view.people:
        if not person.home_kept:
            homes.setdefault(person.household, []).append(person)
    kept = tuple(person for person in view.people if person.home_kept)
    rows = rows_of(_LINKED, family=view.id) if set(homes) - {MAIN} else ()
    names = sorted(homes, key=lambda name: name != MAIN)
    found = [_household(name, tuple(homes[name]), [row for row in rows if row.name == name], view) for name in names]
    return (*found, *([HouseholdView(KEPT, False, True, kept)] if kept else ()))


def _household(name: str, people: tuple[PersonView, ...], rows: list[Any], view: FamilyView) -> HouseholdView:
    stays = [(view.seen(row.person_id), row.when or "") for row in rows]
    named = next((row for row in rows if row.contact_id is not None), None)
    if not view.may("helpers") or view.covered & HELP_FACTS:
        named = None
    places = (", ".join(part for part in (one.address, one.postcode) if part) for one in people)
    return HouseholdView(
        title=MAIN_HOME if name == MAIN else name,
        linked=name != MAIN,
        kept=False,
        people=people,
        stays=tuple((who, when) for who, when in stays if who and not who.beside and not who.hidden & STAY_FACTS),
        places=tuple(dict.fromkeys(place for place in places if place)),
        contact=_told(named, view) if named else None,
        contact_id=named.contact_id if named else None,
        id=rows[0].id if rows else None,
    )


def _told(row: Any, view: FamilyView) -> tuple[str, str, str]:
    """Whom to ring; where it must not be told which school or hub somebody goes to, without where they work."""
    where = "" if view.covered & PLACE_FACTS else row.organisation
    return row.contact, where, row.phone or ""


def contact_of(view: FamilyView, person: PersonView) -> tuple[str, str, str, str] | None:
    """(name, organisation, phone, cover) of whom somebody who lives apart rings; None where it is the lead
    professional, or may not be told."""
    if person.household == MAIN or person.home_kept or view.covered & HELP_FACTS:
        return None
    rows = rows_of(_LINKED, family=view.id)
    named = next((row for row in rows if row.name == person.household and row.contact_id is not None), None)
    return (*_told(named, view), named.cover or "") if named else None


def set_household(command: SetHousehold, actor: Actor) -> None:
    """Who lives where, who stays there too, and whom they ring. What was said before stays on record."""
    view = check(command, actor, lambda: family_of(command, actor))
    person = view.person(command.person)
    lives = [view.person(ref) for ref in command.lives]
    stays = [view.person(ref) for ref in command.stays]
    _refuse(view, command, lives, stays)
    before = person.household if person.household != MAIN else command.name
    row = _linked(view.id, before)
    if command.name != before and lives:
        _rename(row, view, command.name)
    row.contact_id = command.contact if lives else None
    there = [one for one in view.people if one.household in (before, command.name)]
    for one in there:
        if one not in lives:
            place(view.id, one.id, one.records, MAIN, command.said_by, actor)
    for one in lives:
        place(view.id, one.id, one.records, command.name, command.said_by, actor)
    _stay(row, view, stays, command, actor)
    publish(
        HouseholdSet(
            actor=actor,
            subject=Subject("household", row.id, view.ref),
            family_id=view.id,
            people=tuple(dict.fromkeys([person.id, *(one.id for one in (*there, *lives, *stays))])),
            contact_id=row.contact_id,
            ended=not lives,
            line="Who lives where was brought up to date",
            audience="workers",
        )
    )


def _refuse(view: FamilyView, command: SetHousehold, lives: list[PersonView], stays: list[PersonView]) -> None:
    problems = []
    if command.name.casefold() in (MAIN, MAIN_HOME.casefold()):
        problems.append(Problem("Give the household a name of its own, such as whose home it is", "name"))
    taken = {one.household for one in view.people} - {view.person(command.person).household, MAIN}
    if command.name in taken:
        problems.append(Problem("Another household has this name: open that one instead", "name"))
    if {one.id for one in lives} & {one.id for one in stays}:
        problems.append(Problem("Somebody either lives there or stays there too: tick them once", "stays"))
    if stays and not lives:
        problems.append(Problem("Tick who lives there", "lives"))
    if len(lives) == len(view.people) == len(view.member_ids):
        problems.append(Problem("If everybody lives there, it is the main home: leave somebody out", "lives"))
    if command.contact is not None and not _of_team(view, command.contact):
        problems.append(Problem("Choose somebody of the team", "contact"))
    if problems:
        raise Refused(problems)


def _of_team(view: FamilyView, member_id: int) -> bool:
    mine = select(TafMember.id).join(Episode, Episode.id == TafMember.episode_id)
    mine = mine.where(Episode.family_id == view.id, TafMember.id == member_id, TafMember.left_at.is_(None))
    return session.scalar(mine) is not None


def _linked(family_id: int, name: str) -> Household:
    row = session.scalar(select(Household).where(Household.family_id == family_id, Household.name == name))
    if row is None:
        row = Household(family_id=family_id, name=name)
        session.add(row)
        session.flush()
    return row


def _rename(row: Household, view: FamilyView, name: str) -> None:
    """An older household of that name, where nobody lives any more, gives it up."""
    other = session.scalar(
        select(Household).where(Household.family_id == view.id, Household.name == name, Household.id != row.id)
    )
    if other is not None:
        other.name = f"{name[:28]} ({other.id})"
        session.flush()
    here = (FamilyMember.family_id == view.id, FamilyMember.household == row.name, FamilyMember.left.is_(None))
    session.execute(update(FamilyMember).where(*here).values(household=name))
    row.name = name
    session.flush()


def _stay(row: Household, view: FamilyView, stays: list[PersonView], command: SetHousehold, actor: Actor) -> None:
    """What stands as it was is not said again."""
    now = select(HouseholdStay).where(
        HouseholdStay.household_id == row.id, HouseholdStay.until_day.is_(None), HouseholdStay.lives.is_(False)
    )
    wanted = {one.id: one for one in stays}
    for held in session.scalars(now):
        person = view.own(held.person_id)
        if person in wanted and held.when == command.when:
            del wanted[person]
        elif view.may_see(held.person_id):
            held.until_day = london_day(utcnow())
    for person in wanted:
        _say(row, person, False, command.when, command.said_by, actor)


def place(family_id: int, person_id: int, records: Iterable[int], name: str, said_by: str, actor: Actor) -> None:
    """Somebody lives in this household from today (`MAIN`: with the others). Call inside `writing()`."""
    records = list(records)
    member = (FamilyMember.family_id == family_id, FamilyMember.person_id.in_(records), FamilyMember.left.is_(None))
    session.execute(update(FamilyMember).where(*member).values(household=name))
    held = _end(family_id, records, name)
    if name != MAIN and not held:
        _say(_linked(family_id, name), person_id, True, None, said_by, actor)


def _end(family_id: int, records: list[int], name: str) -> bool:
    """Where they lived until now ends; whether that is this very household."""
    rows = (
        select(HouseholdStay, Household.name)
        .join(Household, Household.id == HouseholdStay.household_id)
        .where(Household.family_id == family_id, HouseholdStay.person_id.in_(records))
        .where(HouseholdStay.until_day.is_(None), HouseholdStay.lives)
    )
    same = False
    for held, where in session.execute(rows):
        if where == name:
            same = True
        else:
            held.until_day = london_day(utcnow())
    session.flush()
    return same


def gone(family_id: int, records: Iterable[int]) -> None:
    """Somebody belongs to the family no longer: they live and stay in none of its households."""
    theirs = select(Household.id).where(Household.family_id == family_id)
    ended = update(HouseholdStay).where(
        HouseholdStay.household_id.in_(theirs),
        HouseholdStay.person_id.in_(list(records)),
        HouseholdStay.until_day.is_(None),
    )
    session.execute(ended.values(until_day=london_day(utcnow())).execution_options(synchronize_session=False))


def _say(row: Household, person_id: int, lives: bool, when: str | None, said_by: str, actor: Actor) -> None:
    made = HouseholdStay(household_id=row.id, person_id=person_id, lives=lives, when=when, said_by=said_by)
    made.from_day, made.recorded_by = london_day(utcnow()), actor.byline
    session.add(made)
    session.flush()
