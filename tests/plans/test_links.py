"""Whoever owns an action without having an account says by a one-off link how it stands, and reads nothing else."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from tafcore.actor import WORKER
from tafcore.db import session, utcnow, writing
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember
from tafcore.families.models import Family
from tafcore.families.service import bar
from tafcore.notices.events import MessageFailed
from tafcore.notices.models import Message
from tafcore.people.models import Person
from tafcore.plans import answering, linking, linking_tasks, service
from tafcore.plans.commands import AnswerAction, AskByLink, EndLink, RecordInError, RenewLink, ReviseAction
from tafcore.plans.models import Action, ActionLink, ActionUpdate
from tafcore.sharing import service as sharing
from tafcore.sharing.models import SharingDecision
from tafcore.trail.models import TrailPayload
from tafcore.vocabulary import Subject
from tafcore.work import NotAllowed, NotFound, Refused, publish

LINK = re.compile(r"http://localhost(/plan-actions/[\w-]+)")
SECRETS = ("Okoro", "Ada", "Child0", "The flat is cold", "A warm home", "A. Patel", "Elm Row")


def text(answer):
    return html.unescape(answer.text)


def alone(browser):
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    return browser


@pytest.fixture
def asked(app, borough, make, monkeypatch):
    """An action of somebody at a housing association, with whom the family agreed to share; ways to ask."""
    monkeypatch.setitem(app.config, "PUBLIC_URL", "http://localhost")
    need = borough.add_need(person=borough.jack.ref)
    borough.goal = borough.add_goal(need)
    borough.action = borough.add_action(borough.goal, "Place a bid", owner_name="T. Smith, Larch Homes")
    with app.app_context(), writing():
        lead = make.actor(borough.lead)
        sharing.agree(borough.family.id, borough.mother.id, "agreed", {"school", "housing"}, "Told", None, lead)

    def ask(user=None, action=None, **more):
        values = {"name": "T. Smith", "organisation": "Larch Homes", "sector": "housing", "email": "t@larch.example"}
        command = AskByLink(family=borough.family.ref, action=(action or borough.action).ref, **{**values, **more})
        return borough.do(linking.ask, command, user)

    def act(does, kind, user=None):
        return borough.do(does, kind(family=borough.family.ref, action=borough.action.ref), user)

    def rows(model):
        with app.app_context():
            return list(session.scalars(select(model).order_by(model.id)))

    borough.ask, borough.act, borough.rows = ask, act, rows
    return borough


def token(link):
    return LINK.match(link.url)[1].rpartition("/")[2]


def answer(app, link, state="done", words=None):
    with app.app_context(), writing():
        return answering.answer_by_link(AnswerAction(state=state, words=words), token(link))


def refusal(of):
    with pytest.raises(Refused) as caught:
        of()
    return {(one.field, one.message) for one in caught.value.problems}


def test_by_the_link_an_action_is_done_in_two_touches_and_nothing_else_is_read(app, asked, client):
    asked.ask()
    (mail,) = [one for one in asked.rows(Message) if one.to_address]
    assert (mail.to_address, mail.subject) == ("t@larch.example", "Something you agreed to do")
    (at,) = LINK.findall(mail.body)
    assert not [word for word in (*SECRETS, "bid", asked.family.ref) if word in mail.body + mail.subject]
    page = client.get(at)
    assert page.status_code == 200 and "Place a bid" in page.text
    assert not [word for word in (*SECRETS, asked.family.ref) if word in text(page)]
    assert client.post(at, data={"state": "done"}).status_code == 302
    assert "Thank you" in client.get(at).text
    step = asked.rows(ActionUpdate)[-1]
    assert (step.state, step.by) == ("done", "T. Smith, Larch Homes")
    assert "Not done after all" in client.get(at).text
    told = [one for one in asked.rows(Message) if one.subject == "Larch Homes has said how an action stands"]
    assert [one.to_user_id for one in told] == [asked.lead.id] and f"/actions/{asked.action.ref}" in told[0].body


def test_stuck_says_why_and_wrong_input_stands_beside_its_field(asked, client):
    at = LINK.match(asked.ask().url)[1]
    wrong = client.post(at, data={"state": "stuck"})
    assert wrong.status_code == 422 and "Say what it is stuck on" in wrong.text
    assert client.post(at, data={}).status_code == 422
    assert client.post(at, data={"state": "not_needed", "words": "x"}).status_code == 422
    assert client.post(at, data={"state": "stuck", "words": "The list is full"}).status_code == 302
    assert asked.rows(ActionUpdate)[-1].words == "The list is full"
    assert "The list is full" not in client.get(at).text, "what was said is not read by the link"


def test_words_that_suggest_harm_are_for_workers_who_are_told(app, asked, make, sign_in):
    answer(app, asked.ask(), "stuck", "He hits her, and the bid was lost")
    lead = sign_in(asked.lead)
    assert (
        "hits" not in lead.get(asked.at).text and "hits" not in lead.get(f"{asked.at}/actions/{asked.action.ref}").text
    )
    assert "hits" in alone(lead).get(asked.at).text
    told = [one for one in asked.rows(Message) if "looked at today" in one.subject]
    assert [one.to_team_id for one in told] == [asked.manager.team_id] and "hits" not in told[0].body


def test_the_link_is_kept_by_its_hash_alone_and_what_is_shared_is_on_record(app, asked):
    link = asked.ask(email=None)
    assert token(link) not in repr([row.payload for row in asked.rows(TrailPayload)])
    assert asked.rows(ActionLink)[0].token_hash != token(link)
    (decision,) = asked.rows(SharingDecision)
    assert (decision.with_whom, decision.why) == ("T. Smith, Larch Homes", "Agreed: share with housing")
    assert not [one for one in asked.rows(Message) if one.to_address]


def test_who_sends_one(app, asked, sign_in):
    for user in (asked.member, asked.nobody):
        with pytest.raises((NotAllowed, NotFound)):
            asked.ask(user)
    mine = asked.add_action(asked.goal)
    assert "without an account" in str(refusal(lambda: asked.ask(action=mine)))
    at = f"{asked.at}/actions/{asked.action.ref}/link"
    assert sign_in(asked.member).get(at).status_code == 403
    assert sign_in(asked.nobody).get(at).status_code == 404


def test_where_the_family_did_not_agree_or_somebody_is_kept_safe_a_reason_is_needed(app, asked, make):
    assert {field for field, _ in refusal(lambda: asked.ask(sector="police"))} == {"why"}
    make.protect(asked.jack.id, asked.mother.id, {"school"})
    assert {field for field, _ in refusal(asked.ask)} == {"why"}
    assert asked.ask(why="He works for nobody else here")
    with app.app_context(), writing():
        session.execute(update(Person).where(Person.id == asked.mother.id).values(restricted=True))
    whole = asked.add_action(asked.add_goal(asked.add_need()), owner_name="T. Smith, Larch Homes")
    assert {field for field, _ in refusal(lambda: asked.ask(action=whole, why="x"))} == {"name"}


def opens(app, link, client=None):
    with app.app_context():
        try:
            answering.open_link(token(link))
        except NotFound:
            return False
    return True


@pytest.mark.parametrize(
    "how", ["ended", "replaced", "given away", "mistake", "closed", "sealed", "barred", "restricted"]
)
def test_what_ends_a_link(app, asked, make, how):
    link = asked.ask()
    assert opens(app, link)
    if how == "ended":
        asked.act(linking.end, EndLink)
    elif how == "replaced":
        assert opens(app, asked.act(linking.renew, RenewLink))
    elif how == "given away":
        given = ReviseAction(
            family=asked.family.ref, part=asked.action.ref, words="Place a bid", owner_user=asked.lead.id
        )
        asked.do(service.revise_action, given)
    elif how == "mistake":
        wrong = RecordInError(family=asked.family.ref, part=asked.goal.ref, reason="A mistake")
        asked.do(service.record_in_error, wrong)
    else:
        with app.app_context(), writing():
            if how == "closed":
                episode = episodes.require_episode(asked.family.id)
                episodes.begin_closing(episode, make.actor(asked.lead))
                episodes.close(episode, "needs_met", None, make.actor(asked.lead))
            elif how == "sealed":
                session.get_one(Family, asked.family.id).sealed = True
            elif how == "barred":
                bar(asked.family.id, "No longer agreed", sector="housing")
            else:
                session.execute(update(Person).where(Person.id == asked.sofia.id).values(restricted=True))
    assert not opens(app, link)
    with pytest.raises(NotFound):
        answer(app, link)


def test_a_link_runs_out(app, asked):
    link = asked.ask()
    with time_machine.travel(utcnow() + timedelta(days=28), tick=False):
        assert opens(app, link)
    with time_machine.travel(utcnow() + timedelta(days=30), tick=False):
        assert not opens(app, link)
    assert not opens(app, linking.Link("", None, "http://localhost/plan-actions/nothing"))


def test_whoever_has_a_link_floods_nobody(app, asked):
    link = asked.ask()
    for number in range(20):
        answer(app, link, "doing", f"Rang {number}")
    with pytest.raises(Refused, match="Ring whoever asked"):
        answer(app, link, "doing", "Rang again")


def test_they_are_reminded_once_the_night_before(app, asked):
    old = asked.ask()
    with app.app_context():
        linking_tasks.remind_all()
    assert not asked.rows(ActionLink)[0].reminded_at, "its day is not near"
    with time_machine.travel(utcnow() + timedelta(days=4), tick=False):
        for _ in range(2):
            with app.app_context():
                linking_tasks.remind_all()
    mails = [one for one in asked.rows(Message) if one.to_address]
    assert [one.subject for one in mails] == ["Something you agreed to do", "A reminder: something you agreed to do"]
    assert not opens(app, old)
    (at,) = LINK.findall(mails[1].body)
    assert opens(app, linking.Link("", None, f"http://localhost{at}"))


def test_whoever_is_done_or_whose_family_may_not_be_told_of_is_not_reminded(app, asked):
    asked.ask()
    with app.app_context(), writing():
        session.get_one(Family, asked.family.id).sealed = True
    with time_machine.travel(utcnow() + timedelta(days=4), tick=False), app.app_context():
        linking_tasks.remind_all()
        session.rollback()
    assert len([one for one in asked.rows(Message) if one.to_address]) == 1


def test_a_mail_that_did_not_arrive_tells_whoever_sent_it(app, asked):
    asked.ask()
    (link,) = asked.rows(ActionLink)
    fails = {"actor": WORKER, "subject": Subject("message", 1), "about": "", "channel": "email", "fault": "NoSuchBox"}
    with app.app_context(), writing():
        publish(MessageFailed(**fails, purpose=f"{linking.PURPOSE} {link.id}"))
    told = [one for one in asked.rows(Message) if one.subject == "Ring Larch Homes: our mail did not arrive"]
    assert [one.to_user_id for one in told] == [asked.lead.id]


def test_the_lead_makes_renews_and_ends_it_beside_the_action_when_alone(app, asked, make, sign_in):
    with app.app_context(), writing():
        larch = {"name": "T. Smith", "organisation": "Larch Homes", "role": "Housing", "email": "t@larch.example"}
        episodes.add_member(AddTafMember(family=asked.family.ref, **larch), make.actor(asked.lead))
    lead, at = sign_in(asked.lead), f"{asked.at}/actions/{asked.action.ref}/link"
    assert at not in lead.get(asked.at).text and "t@larch.example" not in lead.get(at).text
    blind = lead.post(at, data={"name": "x", "organisation": "y", "sector": "housing"})
    assert blind.status_code == 422 and "Turn the shared view off" in blind.text
    page = alone(lead).get(at)
    assert 'value="t@larch.example"' in page.text and 'value="T. Smith"' in page.text and "Place a bid" in page.text
    wrong = lead.post(at, data={"name": "T. Smith", "organisation": "Larch Homes", "sector": ""})
    assert wrong.status_code == 422 and "Choose what kind of organisation it is" in wrong.text
    typed = {"name": "T. Smith", "organisation": "Larch Homes", "sector": "housing", "email": "t@larch.example"}
    made = lead.post(at, data=typed)
    assert LINK.search(made.text) and "On its way to t@larch.example" in made.text
    assert "A link is on its way to T. Smith" in text(lead.get(asked.at))
    again = lead.post(f"{at}/renew")
    assert LINK.search(again.text)[0] != LINK.search(made.text)[0]
    assert lead.post(f"{at}/end").status_code == 302 and "The link was ended of T. Smith" in text(lead.get(asked.at))
    assert lead.post(f"{at}/renew").status_code == 404
    assert [one.state for one in asked.rows(Action)] == ["to_do"]
