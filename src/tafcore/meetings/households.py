"""A meeting of one household: where people live apart, each may have a meeting of its own, about its own part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from tafcore.contributions import Problem
from tafcore.db import rows_of
from tafcore.episodes.households import HouseholdView, households_of
from tafcore.episodes.models import Household
from tafcore.episodes.shares import Share, share_of_household
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.members import MAIN
from tafcore.meetings.models import Meeting
from tafcore.plans.reading import PlanView
from tafcore.plans.shares import of_share
from tafcore.work import NotFound, Refused

KEPT = "One household"
"""Said of a household whose name this screen must not tell."""
_NAMED = select(Household.name).where(Household.id == bindparam("household"))


@dataclass(frozen=True)
class Choice:
    """A household that a meeting may be for. `ref` is of somebody who lives there; `people` live or stay there, by
    reference; `names` as they are called. Of the main home (not `linked`) there is no meeting of its own."""

    ref: str
    title: str
    people: tuple[str, ...]
    names: tuple[str, ...]
    linked: bool


def choices(homes: Iterable[HouseholdView]) -> tuple[Choice, ...]:
    """The households to choose from; none where nobody lives apart, or this screen must not tell where."""
    found = [_choice(one) for one in homes if not one.kept]
    return tuple(found) if len(found) > 1 else ()


def _choice(one: HouseholdView) -> Choice:
    there = (*one.people, *(person for person, _ in one.stays))
    here = [person for person in there if person.role != "unborn" and person.died is None]
    people, names = tuple(who.ref for who in here), tuple(who.forename for who in here)
    return Choice(one.ref, one.title, people, names, one.linked)


def chosen(view: FamilyView, ref: str) -> tuple[HouseholdView, tuple[PersonView, ...]]:
    """The linked household in which this person lives, and who lives or stays there. Refused for any other."""
    try:
        who = view.person(ref)
    except NotFound:
        who = None
    here = next((one for one in households_of(view) if one.linked and who in one.people), None)
    if here is None or here.id is None:
        raise Refused([Problem("Choose a household that lives apart from the others", "household")])
    return here, (*here.people, *(person for person, _ in here.stays))


def titles(view: FamilyView, meetings: Iterable[Any]) -> Mapping[int | None, str]:
    """household_id of these meetings -> what it is called before this view; empty where a meeting is everybody's. One
    statement where there is one of a household."""
    ids = {meeting.household_id for meeting in meetings} - {None}
    told = {one.id: one.title for one in households_of(view)} if ids else {}
    return {None: "", **{one: told.get(one, KEPT) for one in ids}}


def share_at(view: FamilyView, meeting: Meeting) -> Share | None:
    """Whose part of the plan a meeting is about; None where it is everybody's, or nobody lives apart any more. Two
    statements where it is of a household."""
    if meeting.household_id is None:
        return None
    name = next((row.name for row in rows_of(_NAMED, household=meeting.household_id)), MAIN)
    lives = any(person.household == name for person in view.people)
    return share_of_household(view, name) if name != MAIN and lives else None


def plan_at(view: FamilyView, meeting: Meeting, plan: PlanView | None) -> PlanView | None:
    """The part of a plan that a meeting is about."""
    share = share_at(view, meeting) if plan else None
    return of_share(plan, share) if plan and share else plan
