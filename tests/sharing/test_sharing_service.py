"""Agreement decides who sees a family, at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.families.access import visible_family
from tafcore.notices.models import Message
from tafcore.sharing import reading, service
from tafcore.sharing.commands import RecordAgreement, RecordDecision, SetSharingBasis, WithdrawAgreement
from tafcore.work import NotAllowed, NotFound, Refused


def sees(make, home, user) -> bool:
    with make.app.app_context():
        try:
            visible_family(home.family.ref, make.actor(user))
        except NotFound:
            return False
        return True


def agree(make, home, person, scope, by=None) -> None:
    with make.app.app_context(), db.writing():
        command = RecordAgreement(
            family=home.family.ref, person=person.ref, status="agreed", scope=scope, told="That it is written down"
        )
        service.record_agreement(command, make.actor(by or home.lead))


def withdraw(make, home, person, by) -> None:
    with make.app.app_context(), db.writing():
        command = WithdrawAgreement(family=home.family.ref, person=person.ref, reason="Changed her mind")
        service.withdraw_agreement(command, make.actor(by))


def test_withdrawal_ends_the_sight_of_partners_at_once(make, home) -> None:
    agree(make, home, home.mother, ("school", "vcs"))
    assert sees(make, home, home.adviser) and sees(make, home, home.lead)
    withdraw(make, home, home.mother, home.manager)
    assert not sees(make, home, home.adviser) and not sees(make, home, home.lead)
    assert sees(make, home, home.manager), "the council's own manager still answers for the family"


def test_narrowing_the_scope_bars_only_the_sector_that_left_and_agreeing_again_lets_it_back(make, home) -> None:
    agree(make, home, home.mother, ("school", "vcs"))
    agree(make, home, home.mother, ("school",))
    assert sees(make, home, home.lead) and not sees(make, home, home.adviser)
    agree(make, home, home.mother, ("school", "vcs"))
    assert sees(make, home, home.adviser)


def test_a_young_persons_own_agreement_stands(make, home) -> None:
    agree(make, home, home.mother, ("school", "vcs"))
    agree(make, home, home.child, ("vcs",))
    withdraw(make, home, home.mother, home.manager)
    assert sees(make, home, home.adviser) and not sees(make, home, home.lead)


def test_those_concerned_are_told_without_a_name(make, home) -> None:
    agree(make, home, home.mother, ("school", "vcs"))
    withdraw(make, home, home.mother, home.manager)
    with make.app.app_context():
        messages = list(db.session.scalars(select(Message).where(Message.about == home.family.ref)))
    ended = [one for one in messages if one.subject == "Your access to a record has ended"]
    assert {one.to_user_id for one in ended} == {home.lead.id, home.adviser.id}
    told = [one for one in messages if one.subject.startswith("Agreement was withdrawn")]
    assert [one.to_team_id for one in told] == [home.team.id]
    assert not any("Ada" in one.body or "Okoro" in one.body for one in [*ended, *told])


def test_nothing_to_withdraw_is_refused(make, home) -> None:
    with pytest.raises(Refused):
        withdraw(make, home, home.mother, home.manager)


def test_only_those_who_answer_for_the_family_may_record(make, home) -> None:
    with pytest.raises(NotAllowed):
        agree(make, home, home.mother, ("school",), by=home.adviser)
    with pytest.raises(NotFound):
        agree(make, home, home.mother, ("school",), by=home.stranger)


def test_basis_and_decisions_are_kept_apart_from_agreement(make, home) -> None:
    who = make.actor(home.lead)
    with make.app.app_context(), db.writing():
        service.record_basis(SetSharingBasis(family=home.family.ref, basis="public_task", reason="Early help"), who)
        decision = {"what": "That she moved", "with_whom": "Housing", "why": "Bids", "shared": True}
        service.record_decision(RecordDecision(family=home.family.ref, **decision), who)
    with make.app.app_context():
        view = visible_family(home.family.ref, who)
        found = reading.sharing_of(view)
        shared = reading.sharing_of(view.shown_to_family())
    assert found is not None and found.basis is not None and found.basis.words == "Public task"
    assert [one.with_whom for one in found.decisions] == ["Housing"]
    assert all(one.status == "" for one in found.agreements)
    assert shared is not None and shared.decisions == () and shared.basis.reason is None


def test_an_answer_of_somebody_kept_safe_is_covered_before_the_family(make, home) -> None:
    agree(make, home, home.mother, ("school",))
    make.protect(home.mother.id, home.child.id, {"address"})
    with make.app.app_context():
        view = visible_family(home.family.ref, make.actor(home.lead)).shown_to_family()
        found = reading.sharing_of(view)
    hers = found.of(home.mother.id) if found else None
    assert hers is not None and hers.covered and hers.scope == () and hers.told is None
