"""Partners contribute: asked in place or by a one-off link, answered, offered for reuse, listed where silent."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from tafcore import hooks
from tafcore.actor import WORKER
from tafcore.assessments import answering, asked, asking, asking_tasks, assessing, signing, whole
from tafcore.assessments.commands import (
    AnswerQuestions,
    AskPartners,
    DecideAssessment,
    GapPart,
    SendAssessment,
    StartAssessment,
)
from tafcore.assessments.models import AssessmentAnswer, AssessmentAsk
from tafcore.db import session, utcnow, writing
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember
from tafcore.episodes.models import TafMember
from tafcore.families.models import FamilyMember
from tafcore.families.service import bar
from tafcore.notices.events import MessageFailed
from tafcore.notices.models import Message
from tafcore.people.models import Person
from tafcore.sharing import service as sharing
from tafcore.sharing.models import SharingDecision
from tafcore.trail.models import TrailPayload
from tafcore.vocabulary import Subject
from tafcore.work import NotAllowed, NotFound, Refused, publish

from .test_assessment_pages import alone, fields, text

LINK = re.compile(r"http://localhost(/assessment-questions/[\w-]+)")


@pytest.fixture
def eha(app, borough, make, monkeypatch):
    """An assessment that was started; ways to ask and to answer."""
    monkeypatch.setitem(app.config, "PUBLIC_URL", "http://localhost")
    family = borough.family.ref
    borough.do(assessing.start, StartAssessment(family=family))
    with app.app_context():
        borough.member_id = session.scalar(select(TafMember.id).where(TafMember.user_id == borough.member.id))

    def ask(*children, user=None, **more):
        about = tuple(child.ref for child in (children or (borough.jack,)))
        return borough.do(asking.ask, AskPartners(family=family, children=about, **more), user)

    def smith(*children, **more):
        """Somebody of a housing association, by a link."""
        return ask(*children, name="T. Smith", organisation="Larch Homes", sector="housing", **more)

    def agree(*scope, person=None):
        """The lead is of a school: without it they would not see the family."""
        with app.app_context(), writing():
            who = (person or borough.mother).id
            sharing.agree(borough.family.id, who, "agreed", {"school", *scope}, "Told", None, make.actor(borough.lead))

    def partners(user=None, shared=False, before=None):
        seen = borough.view(user, shared)
        with app.app_context():
            now = whole.assessment_of(seen)
            return asked.partners_of(seen.before(before) if before else seen, now.id)

    def rows(model):
        with app.app_context():
            return list(session.scalars(select(model).order_by(model.id)))

    def answer(ref, reply="answer", words=("Sleeps well", "", ""), user=None, reads="yes", **more):
        children = (
            {"child": 0, "reply": reply, "words": words if reply == "answer" else (), "why": more.pop("why", None)},
        )
        command = AnswerQuestions(family=family, asked=ref, children=children, family_reads=reads, **more)
        return borough.do(answering.answer, command, user or borough.member)

    borough.ask, borough.smith, borough.agree, borough.answer = ask, smith, agree, answer
    borough.partners, borough.rows = partners, rows
    return borough


@pytest.fixture
def at(borough):
    return f"{borough.at}/assessment"


def refusal(of):
    with pytest.raises(Refused) as caught:
        of()
    return {(one.field, one.message) for one in caught.value.problems}


# --- who is asked ----------------------------------------------------------------------------------------------------


def test_somebody_of_the_team_finds_it_on_their_work_and_answers_in_place(eha, at, sign_in):
    assert eha.ask(members=(eha.member_id,)) == ()
    (one,) = eha.rows(AssessmentAsk)
    member = alone(sign_in(eha.member))
    home = text(member.get("/"))
    assert "Three short questions for an assessment" in home and f"{at}/asked/{one.ref}" in home
    page = member.get(f"{at}/asked/{one.ref}")
    assert "What does Child0 come to you for" in text(page), "the questions of their sector"
    assert "LADO" in text(page) and "Child1" not in text(page).partition("<main")[2]
    typed = fields(page) | {
        "children-0-reply": "answer",
        "children-0-first": "Comes each Monday",
        "family_reads": "yes",
    }
    assert member.post(f"{at}/asked/{one.ref}", data=typed).status_code == 302
    assert "Three short questions" not in text(member.get("/"))
    lead = alone(sign_in(eha.lead))
    seen = text(lead.get(at))
    assert "Comes each Monday" in seen and "V. Helper, Money Advice" in seen and "Answered" in seen
    assert "has answered your questions" in text(lead.get("/"))


def test_only_lead_and_manager_ask_and_only_those_asked_answer(eha, at, sign_in):
    with pytest.raises(NotAllowed):
        eha.ask(members=(eha.member_id,), user=eha.member)
    eha.ask(members=(eha.member_id,))
    (one,) = eha.rows(AssessmentAsk)
    assert alone(sign_in(eha.lead)).get(f"{at}/asked/{one.ref}").status_code == 404
    assert sign_in(eha.nobody).get(f"{at}/asked/{one.ref}").status_code == 404
    assert sign_in(eha.member).get(f"{at}/ask").status_code == 403


def test_nobody_outside_is_asked_whom_the_family_did_not_agree_to_without_a_reason(eha):
    assert {field for field, _ in refusal(eha.smith)} == {"why"}
    eha.agree()
    assert {field for field, _ in refusal(eha.smith)} == {"why"}
    eha.agree("housing")
    assert len(eha.smith()) == 1
    (decision,) = eha.rows(SharingDecision)
    assert decision.shared and decision.with_whom == "T. Smith, Larch Homes" and "Child0" in decision.what
    assert "housing" in decision.why


def test_a_childs_own_answer_stands_beside_the_familys(eha):
    eha.agree("housing")
    eha.agree(person=eha.jack)
    assert {field for field, _ in refusal(eha.smith)} == {"why"}
    eha.smith(why="He asked us to: the boiler is out")
    assert eha.rows(SharingDecision)[-1].why == "He asked us to: the boiler is out"


def test_a_family_that_ended_its_agreement_is_spoken_of_to_nobody_whatever_the_reason(eha):
    eha.agree("housing", "vcs")
    eha.agree("vcs")
    assert {field for field, _ in refusal(lambda: eha.smith(why="We want to"))} == {"name"}


def test_on_a_screen_the_family_sees_nobody_is_asked_and_no_safety_rule_is_told_of(eha, at, make, sign_in):
    make.protect(eha.jack.id, eha.mother.id, {"school"})
    shared = sign_in(eha.lead)
    data = {"children": eha.jack.ref, "name": "T. Smith", "organisation": "Larch Homes", "sector": "housing"}
    for page in (shared.get(f"{at}/ask"), shared.post(f"{at}/ask", data=data)):
        assert "kept safe" not in text(page) and "shared view off" in text(page)
    assert eha.rows(AssessmentAsk) == []
    assert "must be kept safe" in text(alone(sign_in(eha.lead)).get(f"{at}/ask"))


def test_a_child_who_must_be_kept_safe_is_asked_about_with_a_reason(app, eha, make):
    eha.agree("housing")
    make.protect(eha.jack.id, eha.mother.id, {"school"})
    assert {field for field, _ in refusal(eha.smith)} == {"why"}
    assert eha.smith(why="Agreed with them: only by this link, nothing by phone")


def test_nothing_of_somebody_restricted_leaves_by_a_link(app, eha):
    eha.agree("housing")
    with app.app_context(), writing():
        session.execute(update(Person).where(Person.id == eha.jack.id).values(restricted=True))
    assert {field for field, _ in refusal(lambda: eha.smith(why="All the same"))} == {"children"}


def test_who_knows_one_child_hears_of_that_child_alone(app, eha):
    command = AddTafMember(
        family=eha.family.ref, name="N. Nurse", organisation="Clinic", role="Nurse", children=(eha.sofia.ref,)
    )
    member = eha.do(episodes.add_member, command)
    (link,) = eha.ask(eha.jack, eha.sofia, members=(member.id,), why="They know her")
    with app.app_context():
        sheet = answering.open_link(link.url.rpartition("/")[2])
    assert [child.name for child in sheet.children] == [eha.sofia.forename]
    assert {field for field, _ in refusal(lambda: eha.ask(eha.jack, members=(member.id,), why="x"))} == {"members"}


def test_nobody_is_asked_twice_at_once(eha):
    eha.ask(members=(eha.member_id,))
    assert {field for field, _ in refusal(lambda: eha.ask(members=(eha.member_id,)))} == {"members"}
    with pytest.raises(NotFound):
        eha.ask(members=(eha.member_id + 99,))


# --- by a link -------------------------------------------------------------------------------------------------------


@pytest.fixture
def link(eha, at, sign_in):
    """The path of a link made on the page, without an address."""
    eha.agree("housing")
    lead = alone(sign_in(eha.lead))
    asked_of = {"children": eha.jack.ref, "name": "T. Smith", "organisation": "Larch Homes", "sector": "housing"}
    page = lead.post(f"{at}/ask", data=asked_of)
    assert page.status_code == 200, text(page)
    return LINK.search(html.unescape(page.text))[1]


def test_a_link_shows_a_first_name_and_the_questions_and_nothing_else(client, eha, link):
    page = client.get(link)
    main = text(page).partition("<main")[2]
    assert page.status_code == 200 and "How safe, warm and settled is Child0's home" in main
    for kept in ("Okoro", "Child1", "Ada", eha.family.ref, eha.jack.ref, "A. Patel", "assessment of", "Elm Row"):
        assert kept not in main, kept
    assert eha.rows(AssessmentAsk)[0].opened_at is not None


def test_it_is_answered_added_to_and_shows_nothing_of_what_was_answered(client, eha, link):
    typed = {"children-0-child": "0", "children-0-reply": "answer", "children-0-first": "Damp in both rooms"}
    answer = client.post(link, data=typed | {"family_reads": "yes"}, follow_redirects=True)
    assert "We have your answer" in text(answer)
    again = client.get(link)
    assert "You have answered about Child0" in text(again) and "Damp" not in text(again)
    more = typed | {"children-0-first": "Repair on Monday", "family_reads": "no", "withheld_why": "Not certain yet"}
    assert client.post(link, data=more).status_code == 302
    kept = eha.rows(AssessmentAnswer)
    assert [(one.words, one.withheld_why) for one in kept] == [
        ("Damp in both rooms", None),
        ("Repair on Monday", "Not certain yet"),
    ]
    assert kept[0].by == "T. Smith, Larch Homes" and eha.rows(AssessmentAsk)[0].answered_at is not None


def test_what_is_left_out_is_said_beside_its_field(client, link):
    answer = client.post(link, data={"children-0-child": "0"})
    assert answer.status_code == 422 and "Choose one" in text(answer)
    typed = {"children-0-child": "0", "children-0-reply": "answer", "children-0-second": "Soon"}
    assert "Choose whether the family may read it" in text(client.post(link, data=typed))
    assert client.post(link, data={"children-7-child": "7", "children-0-reply": "answer"}).status_code in (404, 422)


def test_i_do_not_know_this_child_is_an_answer(client, eha, at, sign_in, link):
    assert client.post(link, data={"children-0-child": "0", "children-0-reply": "unknown"}).status_code == 302
    lead = alone(sign_in(eha.lead))
    assert "does not know Child0" in text(lead.get(at)) and "Answered" in text(lead.get(at))
    assert "does not know Child0" not in text(sign_in(eha.lead).get(at))


@pytest.mark.parametrize("end", ["recalled", "signed", "withdrawn", "barred", "restricted", "left", "sealed", "closed"])
def test_a_link_opens_nothing_once_it_may_not(app, client, eha, make, link, end):
    assert client.get(link).status_code == 200
    with app.app_context(), writing():
        if end == "recalled":
            session.execute(update(AssessmentAsk).values(recalled_at=utcnow()))
        elif end == "signed":
            session.execute(update(assessing.Assessment).values(state="signed", ended_at=utcnow()))
        elif end == "withdrawn":
            actor = make.actor(eha.lead)
            sharing.withdraw(eha.family.id, eha.mother.id, "Enough", actor)
        elif end == "barred":
            bar(eha.family.id, "Works with the father", sector="housing")
        elif end == "restricted":
            session.execute(update(Person).where(Person.id == eha.jack.id).values(restricted=True))
        elif end == "left":
            mine = FamilyMember.person_id == eha.jack.id
            session.execute(update(FamilyMember).where(mine).values(left=utcnow().date()))
        elif end == "sealed":
            session.get(type(eha.family), eha.family.id).sealed = True
        else:
            session.execute(update(assessing.Assessment).values(state="left", ended_at=utcnow()))
    gone = client.get(link)
    typed = {"children-0-child": "0", "children-0-reply": "unknown"}
    assert gone.status_code == 404 and "opens nothing" in text(gone)
    assert client.post(link, data=typed).status_code == 404
    assert eha.rows(AssessmentAnswer) == []


def test_a_reminder_is_a_new_link_and_the_old_one_opens_nothing(client, eha, at, sign_in, link):
    (one,) = eha.rows(AssessmentAsk)
    lead = alone(sign_in(eha.lead))
    page = lead.post(f"{at}/asked/{one.ref}/remind")
    fresh = LINK.search(html.unescape(page.text))[1]
    assert client.get(link).status_code == 404 and client.get(fresh).status_code == 200
    lead.post(f"{at}/asked/{one.ref}/recall")
    assert client.get(fresh).status_code == 404 and "Recalled" in text(lead.get(at))


def test_mail_names_nobody_and_no_trail_holds_the_link(app, eha):
    eha.agree("housing")
    eha.smith(email="t.smith@larch.example")
    (mail,) = [one for one in eha.rows(Message) if one.to_address]
    assert mail.to_address == "t.smith@larch.example" and "Larch Homes" in mail.body
    for kept in ("Child0", "Okoro", eha.family.ref, "Patel", "for the assessment"):
        assert kept not in mail.body + mail.subject, kept
    assert not [one for one in eha.rows(TrailPayload) if "assessment-questions" in str(one.__dict__)]


def test_mail_that_did_not_arrive_is_told_to_who_asked(app, eha, at, sign_in):
    eha.agree("housing")
    eha.smith(email="t.smith@larch.example")
    (one,) = eha.rows(AssessmentAsk)
    with app.app_context(), writing():
        purpose = f"{asking.PURPOSE} {one.ref}"
        failed = {"about": "", "purpose": purpose, "channel": "mail", "fault": "DidNotArrive"}
        publish(MessageFailed(actor=WORKER, subject=Subject("message", 1, ""), **failed))
    lead = alone(sign_in(eha.lead))
    assert "Ring Larch Homes: our mail did not arrive" in text(lead.get("/"))
    assert "Our mail did not arrive" in text(lead.get(at))


# --- what is done with the answers -----------------------------------------------------------------------------------


def test_answers_stand_beside_their_section_and_are_offered_with_their_source(eha, at, sign_in):
    eha.ask(members=(eha.member_id,))
    (one,) = eha.rows(AssessmentAsk)
    eha.answer(one.ref, words=("", "Laughs a lot here", ""))
    eha.answer(one.ref, words=("", "His uncle frightens him", ""), reads="no", withheld_why="He asked us")
    lead = alone(sign_in(eha.lead))
    page = text(lead.get(f"{at}/parts/{eha.jack.ref}"))
    beside = page.partition('id="feelings"')[2].partition("</section>")[0]
    assert "Laughs a lot here" in beside and "His uncle" in beside and "He asked us" in beside
    offered = re.findall(r'class="eha-known__one"><span class="app-prose">([^<]+)<', page)
    assert offered == ["Laughs a lot here"], "what the family may not read is not offered for what they read"
    buttons = re.findall(r'name="(_use-known-[^"]+)"', page)
    typed = fields(lead.get(f"{at}/parts/{eha.jack.ref}")) | {buttons[0]: "1"}
    used = fields(lead.post(f"{at}/parts/{eha.jack.ref}", data=typed))
    assert used["sections-2-words"].startswith("Laughs a lot here (V. Helper, Money Advice, ")
    assert "Laughs" not in text(lead.get(f"{at}/parts/{eha.sofia.ref}"))


def test_the_family_reads_what_a_partner_said_they_may_and_no_more(eha, at, make, sign_in):
    eha.ask(members=(eha.member_id,))
    (one,) = eha.rows(AssessmentAsk)
    eha.answer(one.ref, words=("Comes on Mondays", "", ""))
    eha.answer(one.ref, words=("Owes rent", "", ""), reads="no", withheld_why="Theirs to tell")
    shared = eha.partners(shared=True)
    assert [said.words for said in shared.answers] == ["Comes on Mondays"] and shared.asked == ()
    page = text(sign_in(eha.lead).get(at))
    assert "Comes on Mondays" in page and "Owes rent" not in page and "Theirs to tell" not in page
    make.protect(eha.jack.id, eha.mother.id, {"worker"})
    assert eha.partners(shared=True).answers == (), "where somebody must be kept safe there are no free words"
    assert eha.partners(before=(eha.mother.id,)).answers == ()


def test_words_that_suggest_harm_stay_with_workers_and_reach_the_team(eha, at, sign_in):
    eha.ask(members=(eha.member_id,))
    (one,) = eha.rows(AssessmentAsk)
    eha.answer(one.ref, words=("He says his dad hits him", "", ""))
    assert eha.partners(shared=True).answers == ()
    (said,) = eha.partners().answers
    assert said.harm and said.withheld_why
    told = [row for row in eha.rows(Message) if row.to_team_id == eha.team.id]
    assert told and "dad" not in told[-1].body + told[-1].subject and "today" in told[-1].subject


def test_it_can_be_added_to_until_the_assessment_is_signed(app, eha):
    eha.ask(members=(eha.member_id,))
    (one,) = eha.rows(AssessmentAsk)
    eha.answer(one.ref)
    with app.app_context():
        now = whole.assessment_of(eha.view())
        missing = signing.lacking(eha.view(), now.id, now.episode_id)
    gaps = tuple(GapPart(person=gap.person, what=gap.what, why="Later") for gap in missing)
    eha.do(signing.send, SendAssessment(family=eha.family.ref, gaps=gaps))
    eha.answer(one.ref, words=("One thing more", "", ""))
    eha.do(signing.decide, DecideAssessment(family=eha.family.ref, decision="sign"), eha.manager)
    with pytest.raises(NotFound):
        eha.answer(one.ref, words=("Too late", "", ""))


def test_who_does_not_see_the_whole_family_reads_answers_of_those_they_see(app, eha):
    eha.ask(eha.jack, eha.sofia, members=(eha.member_id,))
    (one,) = eha.rows(AssessmentAsk)
    both = ({"child": 0, "reply": "answer", "words": ("Of the one", "", "")}, {"child": 1, "reply": "unknown"})
    command = AnswerQuestions(family=eha.family.ref, asked=one.ref, children=both, family_reads="yes")
    eha.do(answering.answer, command, eha.member)
    seen = eha.view()
    narrow = replace(seen, people=tuple(person for person in seen.people if person.ref == eha.sofia.ref))
    with app.app_context():
        now = whole.assessment_of(seen)
        found = asked.partners_of(narrow, now.id)
    assert [one.reply for one in found.answers] == ["unknown"] and found.asked[0].children == (eha.sofia.forename,)


# --- who has not answered --------------------------------------------------------------------------------------------


def test_those_who_do_not_answer_are_reminded_once_listed_and_a_task_of_who_asked(app, eha, at, sign_in):
    eha.ask(members=(eha.member_id,))
    start = utcnow()
    with time_machine.travel(start + timedelta(days=20), tick=False):
        with app.app_context():
            asking_tasks.remind_all()
        with app.app_context():
            asking_tasks.remind_all()
        reminders = [row for row in eha.rows(Message) if row.subject.startswith("A reminder")]
        assert [row.to_user_id for row in reminders] == [eha.member.id]
        lead, manager = alone(sign_in(eha.lead)), alone(sign_in(eha.manager))
        assert "Money Advice has not answered the questions" in text(lead.get("/"))
        assert "Money Advice has not answered" not in text(sign_in(eha.member).get("/"))
        assert "No answer" in text(lead.get(at)) and "working days late" in text(lead.get(at))
        assert "Asked, and no answer" in text(lead.get(f"{at}/send"))
        assert "No answer" in text(manager.get(at))


def test_a_link_is_sent_anew_in_the_night_only_where_the_program_knows_its_address(app, eha, monkeypatch):
    eha.agree("housing")
    eha.smith(email="t.smith@larch.example")
    with time_machine.travel(utcnow() + timedelta(days=20), tick=False), app.app_context():
        monkeypatch.setitem(app.config, "PUBLIC_URL", "")
        asking_tasks.remind_all()
        assert eha.rows(AssessmentAsk)[0].reminded_at is None
        monkeypatch.setitem(app.config, "PUBLIC_URL", "https://taf.example")
        asking_tasks.remind_all()
    mails = [row for row in eha.rows(Message) if row.to_address]
    assert len(mails) == 2 and "https://taf.example/assessment-questions/" in mails[1].body


def test_nobody_is_reminded_whose_sector_may_not_know_any_more(app, eha):
    eha.ask(members=(eha.member_id,))
    with app.app_context(), writing():
        bar(eha.family.id, "No agreement to share with them", sector="vcs")
    with time_machine.travel(utcnow() + timedelta(days=20), tick=False), app.app_context():
        asking_tasks.remind_all()
    assert eha.rows(AssessmentAsk)[0].reminded_at is None


def test_the_hook_is_asked_of_every_plugin(app):
    with app.app_context():
        assert {"school", "vcs", "health_visiting"} <= {
            one.sector for one in hooks.sector_questions() if one.order == 50
        }
