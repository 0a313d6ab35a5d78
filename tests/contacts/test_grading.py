"""Professionals' referrals are graded, whoever sent them is told, and figures name no person."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from tafcore import db
from tafcore.contacts import grading, measures, rules, service, stepping_up
from tafcore.contacts.commands import AnswerContact, GradePart, GradeReferral
from tafcore.contacts.models import Contact, ContactGrade
from tafcore.contributions import Count, Period
from tafcore.notices.models import Message
from tafcore.work import NotAllowed, NotFound, Refused
from tests.contacts.conftest import GOOD

POOR = GradePart(needs="yes", tried="no", agreement="partly", words="Ring me about what to write")
FRIDAY = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def answer(app, make, worker):
    def run(ref, grade=GOOD, code="advice", **more):
        said = {"advice": "Warm spaces", "reason": "Enough", "unspoken": "No phone", **more}
        with app.app_context(), db.writing():
            service.answer(AnswerContact(contact=ref, answer=code, grade=grade, **said), make.actor(worker))

    return run


def said(app, **to):
    with app.app_context():
        return db.session.scalars(select(Message).filter_by(**to).order_by(Message.id)).all()[-1]


def test_the_sender_hears_with_the_answer_what_the_next_one_should_say(app, contacts, worker, answer):
    ref = contacts.register(worker, referrer={"name": "Head", "email": "head@elm.example"})
    answer(ref, POOR)
    mail = said(app, to_address="head@elm.example").body
    assert "what was tried and what came of it" in mail and "what the family know" in mail
    assert "what the child needs" not in mail
    for secret in ("Okoro", "Jack", "Ring me about"):
        assert secret not in mail, "a mail is read by others: what was typed stays inside"


def test_a_good_one_is_thanked_for():
    assert rules.feedback({"needs": "yes", "tried": "yes", "agreement": "yes"}).startswith("Thank you: it said what")


def test_families_and_neighbours_are_not_graded(contacts, worker, answer):
    for source in ("1A", "1B", "1C", "1D", "9", "10"):
        ref = contacts.register(worker, source=source)
        with pytest.raises(Refused) as refused:
            answer(ref, GOOD)
        assert [problem.field for problem in refused.value.problems] == ["grade.needs"]
        answer(ref, None)


def test_no_answer_but_a_duplicate_leaves_a_professional_s_referral_ungraded(contacts, worker, answer):
    first, second = contacts.register(worker), contacts.register(worker)
    with pytest.raises(Refused) as refused:
        answer(first, None)
    fields = [problem.field for problem in refused.value.problems]
    assert fields == ["grade.needs", "grade.tried", "grade.agreement"]
    answer(second, None, "duplicate", duplicate_of=first)
    answer(first)


def test_the_first_grade_stays(app, make, contacts, worker, answer):
    ref = contacts.register(worker)
    contacts.link(worker, ref)
    asked = AnswerContact(contact=ref, answer="stepped_up", advice="Ring 999 if", reason="Bruises", grade=POOR)
    with app.app_context(), db.writing():
        stepping_up.begin(asked, make.actor(worker))
    answer(ref, None)
    with app.app_context():
        assert [row.tried for row in db.session.scalars(select(ContactGrade))] == ["no"]


def test_going_on_to_mash_asks_for_the_grade_too(app, make, contacts, worker):
    ref = contacts.register(worker)
    contacts.link(worker, ref)
    asked = AnswerContact(contact=ref, answer="stepped_up", advice="Ring 999 if", reason="Bruises")
    with pytest.raises(Refused) as refused, app.app_context(), db.writing():
        stepping_up.begin(asked, make.actor(worker))
    assert {problem.field for problem in refused.value.problems} == {"grade.needs", "grade.tried", "grade.agreement"}


def test_one_stepped_up_past_the_answer_page_is_asked_for_afterwards(app, make, contacts, worker, answer, sign_in):
    def step_up(ref):
        with app.app_context(), db.writing():
            service.answer_stepped_up(db.find_by_ref(Contact, ref), "Hurt", make.actor(worker))

    private, ref = contacts.register(worker, source="1B"), contacts.register(worker)
    step_up(private)
    step_up(ref)
    asked = said(app, to_team_id=worker.team_id)
    assert asked.about == ref and f"/contacts/{ref}/grade" in asked.body and "Okoro" not in asked.subject + asked.body
    browser = sign_in(worker)
    assert "Grade this referral" in browser.get(f"/contacts/{ref}").text
    graded = {"grade-needs": "yes", "grade-tried": "no", "grade-agreement": "no"}
    assert browser.post(f"/contacts/{ref}/grade", data=graded).status_code == 302


def test_one_that_was_answered_without_is_graded_afterwards_and_the_sender_told(
    app, make, contacts, worker, teacher, answer
):
    ref = contacts.register(teacher)

    def grade(by=worker):
        with app.app_context(), db.writing():
            grading.grade(GradeReferral(contact=ref, grade=POOR), make.actor(by))

    with pytest.raises(Refused):
        grade()
    answer(ref, None, "duplicate", duplicate_of=contacts.register(worker))
    for who, refusal in ((teacher, NotAllowed), (make.user("front_door", team=make.team()), NotFound)):
        with pytest.raises(refusal):
            grade(who)
    grade()
    told = said(app, to_user_id=teacher.id)
    assert "what was tried" in told.body and f"/contacts/{ref}" in told.body
    with pytest.raises(Refused):
        grade()


def test_the_agency_is_the_one_named_else_that_of_whoever_wrote_it_in(app, make, contacts, worker, teacher, answer):
    school = make.organisation("school", name="Elm Row Primary School")
    named = contacts.register(worker, referrer={"organisation": "elm row  primary school", "email": "a@elm.example"})
    unknown = contacts.register(worker, referrer={"organisation": "Somewhere else", "email": "b@elm.example"})
    own = contacts.register(teacher)
    taken_down = contacts.register(worker, referrer={"name": "Head", "email": "c@elm.example"})
    for ref in (named, unknown, own, taken_down):
        answer(ref, GOOD)
    with app.app_context():
        rows = select(Contact.ref, ContactGrade.organisation_id).join(Contact, Contact.id == ContactGrade.contact_id)
        found = dict(db.session.execute(rows).all())
    assert found == {named: school.id, unknown: None, own: teacher.organisation_id, taken_down: None}


def test_figures_by_what_it_says_by_source_and_by_agency(app, contacts, worker, teacher, answer):
    for grade in (GOOD, POOR, POOR):
        answer(contacts.register(teacher), grade)
    answer(contacts.register(worker, source="6", referrer={"email": "p@police.example"}), GOOD)
    answer(contacts.register(teacher), None, "duplicate", duplicate_of=contacts.register(worker))
    with app.app_context():
        assert measures.well_told(NOVEMBER, None) == {"": Count(2, 4)}
        assert measures.well_told(NOVEMBER, "source") == {"School": Count(1, 3), "Police": Count(1, 1)}
        agency = teacher.organisation.name
        assert measures.well_told(NOVEMBER, "agency") == {agency: Count(1, 3), "Agencies not known here": Count(1, 1)}
        assert list(measures.well_told(NOVEMBER, "what it says").values()) == [Count(4, 4), Count(2, 4), Count(2, 4)]
        assert measures.well_told(Period(date(2026, 10, 1), date(2026, 10, 31)), None) == {"": Count(0, 0)}


def test_the_answer_asks_for_it_and_the_sender_reads_it_on_the_contact(contacts, worker, teacher, sign_in):
    ref = contacts.register(teacher)
    browser = sign_in(worker)
    page = browser.get(f"/contacts/{ref}/answer").text
    assert "How was the referral?" in page and "checked" not in page
    asked = {"answer": "advice", "advice": "Warm spaces", "reason": "Enough", "unspoken": "No phone"}
    lacking = browser.post(f"/contacts/{ref}/answer", data=asked)
    assert lacking.status_code == 422 and 'id="grade-needs-error"' in lacking.text
    graded = {"grade-needs": "yes", "grade-tried": "no", "grade-agreement": "partly", "grade-words": "Well written"}
    assert browser.post(f"/contacts/{ref}/answer", data=asked | graded).status_code == 302
    for reader in (worker, teacher):
        shown = sign_in(reader).get(f"/contacts/{ref}").text
        assert "How the referral was" in shown and "Well written" in shown


def test_a_family_that_asks_for_itself_is_asked_nothing_of_the_kind(contacts, worker, sign_in):
    ref = contacts.register(worker, source="1A")
    browser = sign_in(worker)
    assert "How was the referral?" not in browser.get(f"/contacts/{ref}/answer").text
    asked = {"answer": "advice", "advice": "Warm spaces", "reason": "Enough", "unspoken": "No phone"}
    assert browser.post(f"/contacts/{ref}/answer", data=asked).status_code == 302


def test_a_duplicate_needs_no_grade_and_may_be_graded_on_its_page(contacts, worker, sign_in):
    first, second = contacts.register(worker), contacts.register(worker)
    browser = sign_in(worker)
    asked = {"answer": "duplicate", "duplicate_of": first, "advice": "Kept together", "reason": "Sent twice"}
    assert browser.post(f"/contacts/{second}/answer", data=asked).status_code == 302
    assert "Grade this referral" in browser.get(f"/contacts/{second}").text
    assert browser.post(f"/contacts/{second}/grade", data={"grade-needs": "yes"}).status_code == 422
    graded = {"grade-needs": "yes", "grade-tried": "no", "grade-agreement": "no"}
    assert browser.post(f"/contacts/{second}/grade", data=graded).status_code == 302


def test_whoever_is_rung_is_told_of_it_too(contacts, worker, answer, sign_in):
    ref = contacts.register(worker, referrer={"name": "Head", "phone": "020 7946 0140"})
    answer(ref, POOR)
    assert "the next one also said what was tried" in sign_in(worker).get(f"/contacts/{ref}/reply").text
