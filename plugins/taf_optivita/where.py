"""Which areas are eligible, and where children live. Everything here is for the plugin's own sums: pages take views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from taf_optivita.models import EligibleArea
from taf_optivita.rules import Area
from tafcore.api import CHILD_ROLES, Address, FamilyMember, session


def areas() -> Sequence[Area]:
    """Every row of the reference table."""
    return [
        Area(row.postcode, row.neighbourhood_id, row.from_day, row.until_day)
        for row in session.scalars(select(EligibleArea).order_by(EligibleArea.id))
    ]


def any_now(today: date) -> bool:
    """Whether the borough has an eligible area today."""
    return any(area.holds(today) for area in areas())


def postcodes(person_ids: Iterable[int], on: date | None = None) -> Mapping[int, str]:
    """person id -> their postcode (on a day, or now); of a child without one, that of a grown-up of the household.

    One statement. An unborn child lives where its mother does.
    """
    ids = list(person_ids)
    home = aliased(FamilyMember)
    family = (
        select(FamilyMember.person_id, home.person_id.label("other_id"), home.role)
        .join(
            home,
            (home.family_id == FamilyMember.family_id)
            & (home.household == FamilyMember.household)
            & home.left.is_(None),
        )
        .where(FamilyMember.person_id.in_(ids), FamilyMember.left.is_(None))
        .subquery()
    )
    rows = select(family.c.person_id, family.c.other_id, family.c.role, Address.postcode)
    rows = rows.join(Address, Address.person_id == family.c.other_id).where(Address.postcode.is_not(None))
    if on is None:
        rows = rows.where(Address.until_day.is_(None))
    else:
        rows = rows.where(or_(Address.from_day.is_(None), Address.from_day <= on))
        rows = rows.where(or_(Address.until_day.is_(None), Address.until_day > on))
    own: dict[int, str] = {}
    theirs: dict[int, str] = {}
    for person, other, role, postcode in session.execute(rows.order_by(Address.id)):
        if person == other:
            own[person] = postcode
        elif role not in CHILD_ROLES and (person not in theirs or role == "mother"):
            theirs[person] = postcode
    return {**theirs, **own}
