"""Recording agreement, its withdrawal, the basis for sharing, and decisions to share.

Each has a command (`record_agreement`, `withdraw_agreement`, `record_basis`, `record_decision`) for those who work
with the family, and a plain helper (`agree`, `withdraw`, `set_basis`, `decide`) for services that checked already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select, update

from tafcore.accounts.rules import SECTORS
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.families import service as families
from tafcore.families.access import FamilyView, visible_family
from tafcore.families.models import Bar, Family
from tafcore.families.sight import organisations_of_seers
from tafcore.people.models import Person
from tafcore.people.same import records_of
from tafcore.sharing import rules
from tafcore.sharing.commands import RecordAgreement, RecordDecision, SetSharingBasis, WithdrawAgreement
from tafcore.sharing.events import AccessEnded, AgreementRecorded, BasisSet, SharingDecided
from tafcore.sharing.models import Agreement, SharingBasis, SharingDecision
from tafcore.standards import commencing
from tafcore.standards import service as standards
from tafcore.standards.clock import london_day
from tafcore.standards.words import inside
from tafcore.vocabulary import Subject
from tafcore.work import Refused, check, publish

NO_AGREEMENT = "No agreement to share with them"
"""The reason of the bars this feature sets and lifts."""
SAID = {"not_now": "does not want help now", "not_asked": "has not been asked yet", "withdrawn": "withdrew agreement"}


def _family(family: str, actor: Actor, scopes: frozenset[str]) -> FamilyView:
    return visible_family(family, actor, "change", scopes)


def record_agreement(command: RecordAgreement, actor: Actor) -> Agreement:
    """A person's answer, in place of the one before."""
    view = check(command, actor, lambda: _family(command.family, actor, command.scopes), rules.whole_answer)
    return agree(
        view.id,
        view.person(command.person).id,
        command.status,
        set(command.scope),
        command.told,
        command.reason,
        actor,
        command.plan_b,
        command.follow_up_on,
    )


def withdraw_agreement(command: WithdrawAgreement, actor: Actor) -> Agreement:
    """A person no longer agrees; who can see the record changes with it."""
    view = check(command, actor, lambda: _family(command.family, actor, command.scopes))
    person = view.person(command.person)
    current = _current(view.id, person.id)
    if current is None or current.status != "agreed":
        raise Refused([Problem("There is no agreement of theirs to withdraw", "person")])
    return withdraw(view.id, person.id, command.reason, actor)


def record_basis(command: SetSharingBasis, actor: Actor) -> SharingBasis:
    """The lawful basis from now on; earlier ones stay on record."""
    view = check(command, actor, lambda: _family(command.family, actor, command.scopes), _basis_rules)
    return set_basis(view.id, command.basis, command.reason, actor)


def _basis_rules(_view: FamilyView, command: SetSharingBasis) -> Iterable[Problem]:
    return rules.basis_holds(command.basis, duty_holds())


def duty_holds() -> bool:
    """Whether the duty to share is in force today."""
    return commencing.holds(rules.DUTY)


def record_decision(command: RecordDecision, actor: Actor) -> SharingDecision:
    """A decision to share, or not to."""
    view = check(command, actor, lambda: _family(command.family, actor, command.scopes), _decision_rules)
    basis = command.basis if command.shared else rules.DUTY if duty_holds() else None
    return decide(view.id, command.shared, command.what, command.with_whom, command.why, actor, basis)


def _decision_rules(_view: FamilyView, command: RecordDecision) -> Iterable[Problem]:
    return rules.whole_decision(command.shared, command.basis, duty_holds())


def agree(
    family_id: int,
    person_id: int,
    status: str,
    scope: set[str],
    told: str | None,
    reason: str | None,
    actor: Actor,
    plan_b: str | None = None,
    follow_up_on: date | None = None,
) -> Agreement:
    """A person's answer: `status` of rules.STATUSES, `scope` sectors. Nothing is assumed: an empty scope is nobody.

    Sectors that left what the family agrees to are barred at once, with whoever of them comes later; those that came
    back are let in again.
    """
    before = _in_force(family_id)
    mine = records_of([person_id])
    session.execute(
        update(Agreement)
        .where(Agreement.family_id == family_id, Agreement.person_id.in_(mine), Agreement.ended_at.is_(None))
        .values(ended_at=utcnow())
    )
    now = utcnow()
    made = Agreement(family_id=family_id, person_id=person_id, status=status, scope=" ".join(sorted(scope)), told=told)
    made.reason, made.plan_b, made.follow_up_on = reason, plan_b, follow_up_on
    made.from_at, made.recorded_by = now, actor.byline
    made.review_on = london_day(standards.due("agreement_review", now)) if status == "agreed" else None
    session.add(made)
    session.flush()
    publish(
        AgreementRecorded(
            actor=actor,
            subject=Subject("agreement", made.id, _ref(family_id)),
            family_id=family_id,
            people=(person_id,),
            status=status,
            scope=tuple(sorted(scope)),
            told=told,
            reason=reason,
            line=_line(_name(person_id), status, scope),
        )
    )
    _follow_scope(family_id, before, _in_force(family_id), actor)
    return made


def withdraw(family_id: int, person_id: int, reason: str, actor: Actor) -> Agreement:
    """A person's agreement ends now, and with it what partner organisations could see by it."""
    return agree(family_id, person_id, "withdrawn", set(), None, reason, actor)


def agreed_to(family_id: int, sector: str) -> bool:
    """Whether somebody of the family agreed to sharing with this sector; the council runs early help and needs none."""
    return sector not in rules.PARTNERS or sector in rules.scope_of(_in_force(family_id))


def left_out(family_id: int, sector: str) -> bool:
    """Whether somebody of the family agreed to help, and nobody to sharing with this sector."""
    rows = _in_force(family_id)
    agreed = any(status == "agreed" for status, _ in rows)
    return agreed and sector in rules.PARTNERS and sector not in rules.scope_of(rows)


def review_at_handover(family_id: int) -> None:
    """What each of the family agreed to is asked again, since somebody else leads their help."""
    theirs = update(Agreement).where(
        Agreement.family_id == family_id, Agreement.ended_at.is_(None), Agreement.status == "agreed"
    )
    session.execute(theirs.values(review_on=london_day(standards.due("agreement_review_handover", utcnow()))))


def set_basis(family_id: int, basis: str, reason: str | None, actor: Actor) -> SharingBasis:
    """The lawful basis (rules.BASES) from now on."""
    made = SharingBasis(family_id=family_id, basis=basis, reason=reason, recorded_by=actor.byline)
    session.add(made)
    session.flush()
    publish(
        BasisSet(
            actor=actor,
            subject=Subject("sharing_basis", made.id, _ref(family_id)),
            family_id=family_id,
            basis=basis,
            reason=reason,
            line=f"Basis for sharing: {inside(rules.BASES[basis])}",
        )
    )
    return made


def decide(
    family_id: int, shared: bool, what: str, with_whom: str, why: str, actor: Actor, basis: str | None = None
) -> SharingDecision:
    """What was shared with whom, or was not, and why; the basis where it is said."""
    made = SharingDecision(family_id=family_id, shared=shared, what=what, with_whom=with_whom, why=why)
    made.basis, made.decided_by = basis, actor.byline
    session.add(made)
    session.flush()
    publish(
        SharingDecided(
            actor=actor,
            subject=Subject("sharing_decision", made.id, _ref(family_id)),
            family_id=family_id,
            shared=shared,
            what=what,
            with_whom=with_whom,
            why=why,
            basis=basis,
            line=f"{'Shared' if shared else 'Decided not to share'} with {with_whom}: {what}",
            audience="workers",
        )
    )
    return made


def _current(family_id: int, person_id: int) -> Agreement | None:
    mine = select(Agreement).where(
        Agreement.family_id == family_id,
        Agreement.person_id.in_(records_of([person_id])),
        Agreement.ended_at.is_(None),
    )
    return session.scalar(mine.order_by(Agreement.id.desc()).limit(1))


def _in_force(family_id: int) -> list[tuple[str, str]]:
    rows = select(Agreement.status, Agreement.scope).where(
        Agreement.family_id == family_id, Agreement.ended_at.is_(None)
    )
    return [(status, scope) for status, scope in session.execute(rows)]


def _follow_scope(family_id: int, before: list[tuple[str, str]], now: list[tuple[str, str]], actor: Actor) -> None:
    """Bar the sectors that left the scope, let back in those that are in it."""
    scope = rules.scope_of(now)
    agreed = [any(status == "agreed" for status, _ in rows) for rows in (before, now)]
    gone = rules.left_scope(rules.scope_of(before), scope, *agreed) - scope
    _let_back(family_id, scope)
    if gone:
        _end_access(family_id, gone, actor)


def _let_back(family_id: int, sectors: Iterable[str]) -> None:
    ours = update(Bar).where(Bar.family_id == family_id, Bar.until_at.is_(None), Bar.sector.in_(list(sectors)))
    session.execute(ours.values(until_at=utcnow()).execution_options(synchronize_session=False))


def _end_access(family_id: int, sectors: Iterable[str], actor: Actor) -> None:
    """Bar whoever is of `sectors`, now or later, and say so to those who could see the family until now."""
    standing = select(Bar.sector).where(Bar.family_id == family_id, Bar.until_at.is_(None), Bar.sector.is_not(None))
    barred = sorted(set(sectors) - set(session.scalars(standing)))
    if not barred:
        return
    before = organisations_of_seers(family_id)
    for sector in barred:
        families.bar(family_id, NO_AGREEMENT, sector=sector)
    after = organisations_of_seers(family_id)
    lost = {user: organisation for user, organisation in before.items() if user not in after}
    family = session.get_one(Family, family_id)
    publish(
        AccessEnded(
            actor=actor,
            subject=Subject("family", family_id, family.ref),
            family_id=family_id,
            family_ref=family.ref,
            team_id=family.team_id,
            sectors=tuple(barred),
            organisations=tuple(sorted(set(lost.values()))),
            users=tuple(sorted(lost)),
            line="Organisations that the family no longer agrees to cannot see the record",
        )
    )


def _ref(family_id: int) -> str:
    return session.get_one(Family, family_id).ref


def _name(person_id: int) -> str:
    person = session.get_one(Person, person_id)
    return " ".join(part for part in (person.called or person.forename, person.surname) if part) or "Somebody"


def _line(name: str, status: str, scope: set[str]) -> str:
    if status == "agreed":
        whom = ", ".join(SECTORS[sector].lower() for sector in sorted(scope) if sector in SECTORS)
        return (
            f"{name} agreed to help, shared with {whom}" if whom else f"{name} agreed to help, shared with nobody else"
        )
    said = {
        "not_now": "does not want help now",
        "not_asked": "has not been asked yet",
        "withdrawn": "withdrew agreement",
    }
    return f"{name} {said[status]}"
