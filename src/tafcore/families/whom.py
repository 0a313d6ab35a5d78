"""Whom to ring about somebody who may be known: all that a searcher without a reason to see them is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Team
from tafcore.db import session
from tafcore.families.models import Family, FamilyMember
from tafcore.people.models import Person, SafetyRule
from tafcore.people.same import is_same


def duty_line() -> str:
    """The borough's early help duty line."""
    return str(current_app.config["BOROUGH"].duty_line)


def phones(person_ids: Collection[int]) -> Mapping[int, str]:
    """person id -> the phone of the team that helps them, or the duty line.

    A team's number says where somebody lives, so who is restricted, sealed or kept safe from anybody has the duty line.
    """
    asked, record = aliased(Person), aliased(Person)
    theirs = select(asked.id).join(record, is_same(record, asked)).where(asked.id.in_(person_ids))
    belongs = theirs.join(FamilyMember, FamilyMember.person_id == record.id)
    belongs = belongs.join(Family, Family.id == FamilyMember.family_id)
    teams = (
        belongs.add_columns(Team.phone)
        .join(Team, Team.id == Family.team_id)
        .where(FamilyMember.left.is_(None), Team.phone.is_not(None))
        .order_by(Family.open_since.is_not(None), Family.id)
    )
    sealed = belongs.where(Family.sealed)
    restricted = theirs.where(record.restricted)
    kept_safe = theirs.join(SafetyRule, SafetyRule.protected_id == record.id).where(SafetyRule.ended_at.is_(None))
    hidden = set(session.scalars(sealed.union_all(restricted, kept_safe)))
    known = {person_id: str(phone) for person_id, phone in session.execute(teams) if person_id not in hidden}
    return {person_id: known.get(person_id, duty_line()) for person_id in person_ids}
