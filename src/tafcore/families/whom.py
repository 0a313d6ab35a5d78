"""Whom to ring about somebody who may be known: all that a searcher without a reason to see them is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Team
from tafcore.actor import Actor
from tafcore.db import rows_of
from tafcore.families import grants
from tafcore.families.models import Family, FamilyMember
from tafcore.people.models import Person, SafetyRule
from tafcore.people.same import is_same, restricted_records


def duty_line() -> str:
    """The borough's early help duty line."""
    return str(current_app.config["BOROUGH"].duty_line)


_ASKED, _RECORD = aliased(Person), aliased(Person)
_THEIRS = (
    select(_ASKED.id).join(_RECORD, is_same(_RECORD, _ASKED)).where(_ASKED.id.in_(bindparam("people", expanding=True)))
)
_BELONGS = _THEIRS.join(FamilyMember, FamilyMember.person_id == _RECORD.id).join(
    Family, Family.id == FamilyMember.family_id
)
_TEAMS = (
    _BELONGS.add_columns(Team.phone)
    .join(Team, Team.id == Family.team_id)
    .where(FamilyMember.left.is_(None), Team.phone.is_not(None))
    .order_by(Family.open_since.is_not(None), Family.id)
)
_KEPT_SAFE = _THEIRS.join(SafetyRule, SafetyRule.protected_id == _RECORD.id).where(SafetyRule.ended_at.is_(None))
_HIDDEN = _BELONGS.where(or_(Family.sealed, grants.barred(Family.id))).union_all(
    _THEIRS.where(_RECORD.restricted), _KEPT_SAFE
)


def left_to_the_line() -> Any:
    """Ids of the families in which somebody is restricted: begun with those, who are few."""
    theirs = FamilyMember.person_id.in_(restricted_records())
    return select(FamilyMember.family_id).where(theirs, FamilyMember.left.is_(None))


def phones(person_ids: Collection[int], actor: Actor) -> Mapping[int, str]:
    """person id -> the phone of the team that helps them, or the duty line.

    A team's number says where somebody lives, so who is restricted, sealed, kept safe from anybody or kept from this
    actor has the duty line.
    """
    asker = {**grants.times(), **grants.who(actor)}
    hidden = {row[0] for row in rows_of(_HIDDEN, people=list(person_ids), **asker)}
    teams = rows_of(_TEAMS, people=list(person_ids))
    known = {person_id: str(phone) for person_id, phone in teams if person_id not in hidden}
    return {person_id: known.get(person_id, duty_line()) for person_id in person_ids}
