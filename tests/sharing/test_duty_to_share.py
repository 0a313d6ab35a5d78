"""The duty to share: before the day that is set nobody relies on it; from then on it is offered first, and a decision
not to share is weighed against it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.sharing import rules, service
from tafcore.sharing.commands import RecordDecision, SetSharingBasis
from tafcore.sharing.models import SharingBasis, SharingDecision
from tafcore.standards import commencing
from tafcore.standards.clock import london_day
from tafcore.standards.commands import SetCommencement
from tafcore.work import Refused

TEST = "sharing is not more detrimental to the child"


@pytest.fixture
def commence(app, make):
    def from_day(days=0):
        day, keeper = london_day(db.utcnow()) + timedelta(days=days), make.actor(make.user("administrator"))
        with app.app_context(), db.writing():
            asked = SetCommencement(law=rules.DUTY, from_day=day, source="Regulations")
            commencing.set_day(asked, keeper)

    return from_day


@pytest.fixture
def manager(home, sign_in):
    browser = sign_in(home.manager)
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    return browser


def at(home, page=""):
    return f"/families/{home.family.ref}/sharing{page}"


def offered(page):
    return re.findall(r'name="basis" type="radio" value="(\w+)"', page.text)


def decisions(app):
    with app.app_context():
        return db.session.scalars(select(SharingDecision).order_by(SharingDecision.id)).all()


def test_before_its_day_the_bases_are_as_they_were_and_the_duty_is_refused(app, home, commence, manager) -> None:
    usual = ["public_task", "legal_obligation", "vital_interests", "consent"]
    for _ in range(2):
        assert offered(manager.get(at(home, "/basis"))) == usual
        answer = manager.post(at(home, "/basis"), data={"basis": rules.DUTY, "reason": "x"})
        assert answer.status_code == 422
        form = manager.get(at(home, "/decision")).text
        assert "detriment" not in form and 'name="basis"' not in form
        commence(days=1)
    with app.app_context():
        assert db.session.scalars(select(SharingBasis)).all() == []


def test_from_its_day_on_it_is_offered_first_with_its_test(app, home, commence, manager) -> None:
    manager.post(at(home, "/basis"), data={"basis": "legal_obligation", "reason": "A court asked"})
    before = manager.get(at(home)).text
    commence()
    page = manager.get(at(home, "/basis"))
    assert offered(page)[0] == rules.DUTY and len(offered(page)) == 5 and TEST in page.text
    assert (
        "Legal obligation or duty to share" in before
        and "Legal obligation or duty to share" in manager.get(at(home)).text
    )
    assert manager.post(at(home, "/basis"), data={"basis": rules.DUTY, "reason": "School asks"}).status_code == 302
    assert "Duty to share (Children Act 2004 s.16LA)</strong>" in manager.get(at(home)).text
    with app.app_context():
        kept = db.session.scalars(select(SharingBasis.basis).order_by(SharingBasis.id)).all()
    assert kept == ["legal_obligation", rules.DUTY]


def test_not_to_share_says_why_sharing_would_be_more_detrimental(app, home, commence, manager) -> None:
    commence()
    form = manager.get(at(home, "/decision"))
    assert offered(form)[0] == rules.DUTY and TEST in form.text
    typed = {
        "what": "Her address",
        "with_whom": "His school",
        "shared": "no",
        "why": "Typed before",
        "basis": "consent",
    }
    answer = manager.post(at(home, "/decision"), data=typed)
    assert answer.status_code == 422 and 'href="#detriment">Say why sharing would be more detrimental' in answer.text
    assert "Her address" in answer.text and decisions(app) == []
    answer = manager.post(at(home, "/decision"), data={**typed, "detriment": "He would find her"})
    assert answer.status_code == 302
    (made,) = decisions(app)
    assert (made.shared, made.basis, made.why) == (False, rules.DUTY, "He would find her")
    assert "Sharing would be more detrimental to the child: He would find her" in manager.get(at(home)).text


def test_what_is_shared_has_its_basis(app, home, commence, manager) -> None:
    commence()
    typed = {"what": "That he moved", "with_whom": "Housing", "shared": "yes"}
    answer = manager.post(at(home, "/decision"), data=typed)
    assert 'href="#basis">Choose the basis' in answer.text and 'href="#why">Say why' in answer.text
    more = {"basis": rules.DUTY, "why": "They house him", "detriment": "Typed before"}
    assert manager.post(at(home, "/decision"), data={**typed, **more}).status_code == 302
    (made,) = decisions(app)
    assert (made.shared, made.basis, made.why) == (True, rules.DUTY, "They house him")
    assert "Duty to share (Children Act 2004 s.16LA): They house him" in manager.get(at(home)).text


def test_earlier_decisions_stay_as_they_were_made(app, home, commence, manager) -> None:
    typed = {"what": "Her history", "with_whom": "The school", "shared": "no", "why": "Not needed"}
    assert manager.post(at(home, "/decision"), data=typed).status_code == 302
    commence()
    (made,) = decisions(app)
    page = manager.get(at(home)).text
    assert made.basis is None and "Not needed" in page and "detrimental to the child" not in page


def test_the_service_holds_it_whoever_asks(app, home, make, commence) -> None:
    who = make.actor(home.lead)
    told = {"family": home.family.ref, "what": "x", "with_whom": "y", "why": "z"}

    def ask(command, run):
        with app.app_context(), db.writing():
            return run(command, who)

    wrong = SetSharingBasis(family=home.family.ref, basis=rules.DUTY, reason="x")
    with pytest.raises(Refused, match="not in force yet"):
        ask(wrong, service.record_basis)
    with pytest.raises(Refused, match="not in force yet"):
        ask(RecordDecision(**told, shared=True, basis=rules.DUTY), service.record_decision)
    assert ask(RecordDecision(**told, shared=True), service.record_decision).basis is None
    commence()
    with pytest.raises(Refused, match="Choose the basis"):
        ask(RecordDecision(**told, shared=True), service.record_decision)
    assert ask(wrong, service.record_basis).basis == rules.DUTY
    assert ask(RecordDecision(**told, shared=False), service.record_decision).basis == rules.DUTY
