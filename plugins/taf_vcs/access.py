"""The sector's scope: who accepted a request sees those it is for until it is over, if the borough switched it on."""

from __future__ import annotations

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from taf_vcs.models import Request
from taf_vcs.rules import HELPING
from tafcore.api import CLOSED_SINCE, AccessRule, Family, FamilyMember, Person, User, UserRole, is_restricted, same

SECTOR = "vcs"


def helper_grants() -> Select:
    """user_id, family_id, person_id: the worker named in an accepted request, and those it is about.

    A request for one person shows that person and who agreed to it; one for the family shows its members. A restricted
    person is left to the duty line.
    """
    about, agreed = aliased(Person), aliased(Person)
    meant = or_(
        Request.person_id.is_(None),
        same(Person).in_([same(about), same(agreed)]),
    )
    return (
        select(User.id.label("user_id"), Request.family_id, FamilyMember.person_id.label("person_id"))
        .select_from(Request)
        .join(User, and_(User.id == Request.worker_id, User.organisation_id == Request.organisation_id))
        .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == "practitioner"))
        .join(Family, Family.id == Request.family_id)
        .join(FamilyMember, FamilyMember.family_id == Family.id)
        .join(Person, Person.id == FamilyMember.person_id)
        .outerjoin(about, about.id == Request.person_id)
        .outerjoin(agreed, agreed.id == Request.agreed_by_id)
        .where(
            Request.state.in_(HELPING),
            User.active,
            or_(Family.open_since.is_not(None), Family.closed_at.is_(None), Family.closed_at > CLOSED_SINCE),
            FamilyMember.left.is_(None),
            ~is_restricted(Person),
            meant,
        )
    )


def helpers_rule() -> AccessRule:
    return AccessRule(
        name="vcs.helper",
        reason="Accepted a request to help them",
        scope="vcs",
        areas=frozenset({"people", "helpers", "plan", "vcs"}),
        grants=helper_grants(),
        sector=SECTOR,
    )
