"""The sector's scope: the OptiVita team sees the families of the children enrolled with it, until they are five, if the
borough switched it on."""

from __future__ import annotations

from sqlalchemy import Select, null, select
from sqlalchemy.orm import aliased

from taf_optivita.models import Step
from tafcore.api import NOW, AccessRule, FamilyMember, Person, SectorScope, User, is_restricted, is_same, session

SECTOR = "optivita"


def enrolled_grants() -> Select:
    """user_id, family_id, person_id: members of a team, and the families of the children enrolled with it.

    Person by person, so that a restricted one is left to the duty line. The enrolment is the reason, whether or not
    early help is open: it runs from before birth to five.
    """
    member, shown = aliased(FamilyMember), aliased(FamilyMember)
    child, seen, known_by = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(
            User.id.label("user_id"),
            member.family_id.label("family_id"),
            seen.id.label("person_id"),
            null().label("until"),
        )
        .select_from(Step)
        .join(child, child.id == Step.person_id)
        .join(known_by, is_same(known_by, child))
        .join(member, member.person_id == known_by.id)
        .join(shown, shown.family_id == member.family_id)
        .join(seen, seen.id == shown.person_id)
        .join(User, User.team_id == Step.team_id)
        .where(
            User.active,
            Step.state == "enrolled",
            Step.superseded_at.is_(None),
            Step.until_day.is_(None),
            Step.from_day <= NOW,
            Step.ends_on > NOW,
            member.left.is_(None),
            shown.left.is_(None),
            ~is_restricted(child),
            ~is_restricted(seen),
        )
    )


def enrolled_rule() -> AccessRule:
    return AccessRule(
        name="optivita.enrolled",
        reason="A child here is enrolled with the OptiVita team",
        scope="optivita",
        areas=frozenset({"people", "helpers", "optivita"}),
        grants=enrolled_grants(),
        sector=SECTOR,
    )


def is_switched_on() -> bool:
    return session.scalar(select(SectorScope.id).where(SectorScope.sector == SECTOR)) is not None


def is_a_team(team_id: int | None) -> bool:
    """Whether children are, or were, enrolled with this team."""
    return team_id is not None and session.scalar(select(Step.id).where(Step.team_id == team_id).limit(1)) is not None
