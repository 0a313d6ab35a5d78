"""What pages are told of agreement and sharing, as far as a FamilyView lets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from tafcore.accounts.rules import SECTORS
from tafcore.db import rows_of, utcnow
from tafcore.families.access import FamilyView, PersonView
from tafcore.sharing import rules
from tafcore.sharing.models import Agreement, SharingBasis, SharingDecision
from tafcore.standards.clock import london_day


@dataclass(frozen=True)
class AgreementView:
    """A person's answer. `status` is "" where nothing was ever recorded; `covered` ones show no more than the name."""

    person: PersonView
    status: str = ""
    scope: tuple[str, ...] = ()
    told: str | None = None
    reason: str | None = None
    plan_b: str | None = None
    follow_up_on: date | None = None
    since: datetime | None = None
    review_on: date | None = None
    recorded_by: str = ""
    covered: bool = False

    @property
    def words(self) -> str:
        return rules.STATUSES.get(self.status, "Nothing recorded yet")

    @property
    def agreed(self) -> bool:
        return self.status == "agreed"

    @property
    def scope_words(self) -> str:
        """`School, Health visiting`, or that it is shared with nobody."""
        return ", ".join(SECTORS[sector] for sector in self.scope if sector in SECTORS) or "Nobody else"

    @property
    def review_late(self) -> bool:
        return self.review_on is not None and self.review_on < london_day(utcnow())


@dataclass(frozen=True)
class BasisView:
    """The lawful basis in force, and why."""

    basis: str
    reason: str | None
    since: datetime
    recorded_by: str

    @property
    def words(self) -> str:
        return rules.BASES.get(self.basis, self.basis)


@dataclass(frozen=True)
class DecisionView:
    """A decision to share or not."""

    shared: bool
    what: str
    with_whom: str
    why: str
    at: datetime
    decided_by: str
    basis: str | None

    @property
    def why_words(self) -> str:
        """Why, with the basis; not shared under the duty, what was weighed."""
        if self.basis is None:
            return self.why
        if not self.shared and self.basis == rules.DUTY:
            return f"Sharing would be more detrimental to the child: {self.why}"
        return f"{rules.BASES[self.basis]}: {self.why}"


@dataclass(frozen=True)
class SharingView:
    """Agreement per person, in the order of the family; earlier answers; basis; decisions, newest first."""

    agreements: tuple[AgreementView, ...]
    earlier: tuple[AgreementView, ...]
    basis: BasisView | None
    decisions: tuple[DecisionView, ...]

    def of(self, person_id: int) -> AgreementView | None:
        return next((one for one in self.agreements if one.person.id == person_id), None)


def covered_facts(view: FamilyView) -> frozenset[str]:
    """Every fact (people.rules.FACTS) that this screen must keep from somebody who may be looking."""
    return view.covered


_FAMILY: Any = bindparam("family")
_AGREEMENTS = select(Agreement).where(Agreement.family_id == _FAMILY).order_by(Agreement.id.desc())
_CURRENT = _AGREEMENTS.where(Agreement.ended_at.is_(None))
_BASIS = select(SharingBasis).where(SharingBasis.family_id == _FAMILY).order_by(SharingBasis.id.desc()).limit(1)
_DECISIONS = select(SharingDecision).where(SharingDecision.family_id == _FAMILY).order_by(SharingDecision.id.desc())
_NEWEST_DECISIONS = _DECISIONS.limit(50)


def sharing_of(view: FamilyView) -> SharingView | None:
    """What is agreed, on what basis, and what was decided; None where the area is closed. Three statements."""
    if not view.may("sharing"):
        return None
    view = view.only("sharing")
    rows = [(row, person) for row in rows_of(_AGREEMENTS, family=view.id) if (person := view.seen(row.person_id))]
    earlier = (_shown(row, person) for row, person in rows if row.ended_at is not None)
    return SharingView(
        agreements=_current(view, [row for row, _ in rows if row.ended_at is None]),
        earlier=tuple(one for one in earlier if not one.covered),
        basis=_basis(view),
        decisions=_decisions(view),
    )


def agreements_of(view: FamilyView) -> tuple[AgreementView, ...] | None:
    """What is agreed now, person by person; None where the area is closed. One statement."""
    if not view.may("sharing"):
        return None
    view = view.only("sharing")
    return _current(view, rows_of(_CURRENT, family=view.id))


def _current(view: FamilyView, rows: Sequence[Any]) -> tuple[AgreementView, ...]:
    """The answers in force, in the order of the family."""
    found: dict[int, Any] = {}
    for row in rows:  # the newest first
        found.setdefault(view.own(row.person_id), row)
    return tuple(
        _shown(found[person.id], person) if person.id in found else AgreementView(person, covered=bool(person.hidden))
        for person in view.people
    )


def _shown(row: Any, person: PersonView) -> AgreementView:
    if person.hidden:
        return AgreementView(person, covered=True)
    return AgreementView(
        person,
        row.status,
        tuple(row.scope.split()),
        row.told,
        row.reason,
        row.plan_b,
        row.follow_up_on,
        row.from_at,
        row.review_on,
        row.recorded_by,
    )


def _basis(view: FamilyView) -> BasisView | None:
    row = next(iter(rows_of(_BASIS, family=view.id)), None)
    return BasisView(row.basis, None if view.shared else row.reason, row.from_at, row.recorded_by) if row else None


def _decisions(view: FamilyView) -> tuple[DecisionView, ...]:
    """Newest first; never on a shared screen, since a decision may be about somebody who is looking."""
    if view.shared:
        return ()
    return tuple(
        DecisionView(row.shared, row.what, row.with_whom, row.why, row.at, row.decided_by, row.basis)
        for row in rows_of(_NEWEST_DECISIONS, family=view.id)
    )
