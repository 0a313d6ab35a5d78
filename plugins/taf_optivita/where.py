"""Which areas are eligible, and where children live. Everything here is for the plugin's own sums: pages take views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from taf_optivita.models import EligibleArea
from taf_optivita.rules import Area, lives_in
from tafcore.api import CHILD_ROLES, Address, FamilyMember, Person, in_lots, is_same, rows_of, same

_AREAS = select(EligibleArea).order_by(EligibleArea.id)


def areas() -> Sequence[Area]:
    """Every row of the reference table."""
    return [Area(row.postcode, row.neighbourhood_id, row.from_day, row.until_day) for row in rows_of(_AREAS)]


def any_now(today: date) -> bool:
    """Whether the borough has an eligible area today."""
    return any(area.holds(today) for area in areas())


_HOME = aliased(FamilyMember)
_ASKED, _KNOWN_BY, _LIVES, _RECORD = (aliased(Person) for _ in range(4))
_HOUSEHOLD = (
    select(_ASKED.id.label("person_id"), same(_ASKED).label("stands_id"), _HOME.person_id.label("other_id"), _HOME.role)
    .select_from(_ASKED)
    .join(_KNOWN_BY, is_same(_KNOWN_BY, _ASKED))
    .join(FamilyMember, FamilyMember.person_id == _KNOWN_BY.id)
    .join(
        _HOME,
        (_HOME.family_id == FamilyMember.family_id)
        & (_HOME.household == FamilyMember.household)
        & _HOME.left.is_(None),
    )
    .where(_ASKED.id.in_(bindparam("people", expanding=True)), FamilyMember.left.is_(None))
    .subquery()
)
_HOMES = (
    select(_HOUSEHOLD.c.person_id, same(_RECORD) == _HOUSEHOLD.c.stands_id, _HOUSEHOLD.c.role, Address.postcode)
    .join(_LIVES, _LIVES.id == _HOUSEHOLD.c.other_id)
    .join(_RECORD, is_same(_RECORD, _LIVES))
    .join(Address, Address.person_id == _RECORD.id)
    .where(Address.postcode.is_not(None))
    .order_by(_RECORD.canonical_id.is_(None), Address.id)
)
"""An address for each row, with whether it is their own; the last said of the record that stands comes last."""
_HOMES_NOW = _HOMES.where(Address.until_day.is_(None))
_HOMES_THEN = _HOMES.where(
    or_(Address.from_day.is_(None), Address.from_day <= bindparam("on")),
    or_(Address.until_day.is_(None), Address.until_day > bindparam("on")),
)


def postcodes(person_ids: Iterable[int], on: date | None = None) -> Mapping[int, str]:
    """person id -> their postcode (on a day, or now); of a child without one, that of a grown-up of the household.

    One statement for as many people as one takes. An unborn child lives where its mother does.
    """
    asked, day = (_HOMES_NOW, {}) if on is None else (_HOMES_THEN, {"on": on})
    own: dict[int, str] = {}
    theirs: dict[int, str] = {}
    for people in in_lots(person_ids):
        for person, is_own, role, postcode in rows_of(asked, people=people, **day):
            if is_own:
                own[person] = postcode
            elif role not in CHILD_ROLES and (person not in theirs or role == "mother"):
                theirs[person] = postcode
    return {**theirs, **own}


def eligible(places: Mapping[int, int | None], on: date, homes_on: date | None = None) -> set[int]:
    """Those of these people (id -> the neighbourhood of their family) who live in an area that is eligible on a day.

    Where they live now, or lived at the end of `homes_on`, is asked of those alone whose neighbourhood does not say it.
    """
    held = [area for area in areas() if area.holds(on)]
    found = {person for person, place in places.items() if lives_in(held, None, place, on)}
    left = places.keys() - found
    if left and any(area.postcode for area in held):
        homes = postcodes(sorted(left), homes_on)
        found |= {person for person in left if lives_in(held, homes.get(person), None, on)}
    return found
