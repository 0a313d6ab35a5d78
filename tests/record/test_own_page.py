"""Somebody's own page: who may have a link, what opens it, and what it must keep from whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.meetings.models import MeetingPerson
from tafcore.notices.models import Message
from tafcore.people.models import ContactWay
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction
from tafcore.plans.models import Action, ActionUpdate
from tafcore.record import own_links
from tafcore.record import own_rules as rules
from tafcore.record.commands import EndOwnLink
from tafcore.record.models import OwnLink, OwnWord
from tafcore.sharing import service as sharing
from tafcore.standards.clock import london_day
from tafcore.trail.models import Opening, TrailPayload
from tafcore.work import NotFound, Refused

from .conftest import MOBILE, SECRET_HOME, SECRET_PHONE, THEIRS, made, opened, sent, voice

SECRETS = (
    SECRET_HOME,
    SECRET_PHONE,
    "Ada",
    "Sofia",
    "Mia",
    "Ann Patel",
    "Larch hub",
    THEIRS,
    "A warm home",
    "vouchers",
)


def way_of(home) -> int:
    with home.app.app_context():
        return db.session.scalars(select(ContactWay.id).where(ContactWay.value == MOBILE)).one()


def inbox(home, user) -> list[str]:
    with home.app.app_context():
        return list(db.session.scalars(select(Message.subject).where(Message.to_user_id == user.id)))


# --- rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "may"),
    [
        ("Level 3 stays", False),
        ("at level of need 2", False),
        ("Drift: nothing moves", False),
        ("She refused the visit", False),
        ("They failed to engage", False),
        ("the perpetrator", False),
        ("Reading level goes up", True),
        ("Ring about the refuse collection", True),
        ("", True),
    ],
)
def test_some_words_stand_in_nothing_a_family_reads(words, may) -> None:
    assert rules.plain(words) is may


def test_a_young_person_decides_from_an_age_on_or_where_a_worker_says_why() -> None:
    assert list(rules.may_have("mother", None, 13, None)) == []
    assert list(rules.may_have("child", 13, 13, None)) == []
    assert [one.field for one in rules.may_have("child", 12, 13, None)] == ["competent_why"]
    assert [one.field for one in rules.may_have("sibling", None, 13, None)] == ["competent_why"]
    assert list(rules.may_have("child", 12, 13, "He knows what it is")) == []
    assert [one.field for one in rules.may_have("other_adult", None, 13, None)] == ["how"]
    assert [one.field for one in rules.may_have("unborn", None, 13, "x")] == ["how"]


# --- making ----------------------------------------------------------------------------------------------------------


def test_neither_link_nor_number_can_be_looked_up(own) -> None:
    link = made(own, own.mother)
    token = link.url.rpartition("/")[2]
    with own.app.app_context():
        row = db.session.scalars(select(OwnLink)).one()
        kept = " ".join(str(getattr(row, column.name)) for column in OwnLink.__table__.columns)
        kept += " ".join(db.session.scalars(select(TrailPayload.payload)))
    assert token not in kept and link.pin not in kept


def test_only_lead_and_manager_make_one(own) -> None:
    made(own, own.mother, by=own.manager)
    with pytest.raises(Exception, match="lead/manage"):
        made(own, own.mother, by=own.helper)
    with pytest.raises(NotFound):
        made(own, own.mother, by=own.stranger)


def refused(home, person, **more) -> set[str]:
    with pytest.raises(Refused) as fault:
        made(home, person, **more)
    return {problem.field for problem in fault.value.problems}


def test_who_has_not_agreed_has_none_and_whoever_agrees_no_more_loses_it(own) -> None:
    browser, url = opened(own, own.mother)
    assert browser.get(url).status_code == 200
    with own.app.app_context(), db.writing():
        sharing.withdraw(own.family.id, own.mother.id, "No more", own.make.actor(own.lead))
    assert browser.get(url).status_code == 404
    assert refused(own, own.mother) == {"how"}


def test_a_child_under_the_age_has_one_only_with_a_reason(own) -> None:
    assert refused(own, own.jack) == {"competent_why"}
    assert made(own, own.jack, competent_why="He knows what it is for").pin


def test_a_number_goes_only_to_a_way_that_is_safe_and_theirs_alone(own) -> None:
    way = way_of(own)
    assert made(own, own.mother, how="code", way=way).pin is None
    assert refused(own, own.father, how="code", way=way) == {"way"}
    with own.app.app_context(), db.writing():
        shared = ContactWay(person_id=own.father.id, kind="phone", value=MOBILE)
        db.session.add(shared)
    assert refused(own, own.mother, how="code", way=way) == {"way"}
    with own.app.app_context(), db.writing():
        db.session.get_one(ContactWay, shared.id).until_day = london_day(db.utcnow())
        db.session.get_one(ContactWay, way).safe = False
    assert refused(own, own.mother, how="code", way=way) == {"way"}
    assert made(own, own.mother).pin


def test_the_link_is_sent_only_where_nobody_is_kept_safe(own) -> None:
    made(own, own.mother, how="code", way=way_of(own), send=True)
    (mail,) = sent(own)
    assert (mail.channel, mail.to_address, mail.subject) == ("text", MOBILE, "The page you asked for")
    assert not re.search("help|family|harrow|plan|council", mail.body.replace("/f/", ""), re.IGNORECASE)
    own.make.protect(own.mother.id, own.father.id, {"address"})
    assert refused(own, own.mother, how="code", way=way_of(own), send=True) == {"send"}
    assert made(own, own.mother, how="code", way=way_of(own))


def test_who_must_not_know_of_help_has_none(own) -> None:
    browser, url = opened(own, own.father)
    own.make.protect(own.jack.id, own.father.id, {"help"})
    assert browser.get(url).status_code == 404
    assert refused(own, own.father) == {"how"}


# --- opening ---------------------------------------------------------------------------------------------------------


def test_before_the_check_nothing_says_whose_or_what_it_is(own, client) -> None:
    page = client.get(made(own, own.mother).url)
    assert page.status_code == 200 and re.search(r"<title>Your page</title>", page.text)
    body = re.sub(r'(?s)<p class="govuk-phase-banner.*?</p>', "", page.text)
    body = re.sub(r'nonce="[^"]+"|/f/[^"?]*|csrf[^>]+', "", body)  # what is drawn by lot says nothing
    assert not re.search("Early Help|Harrow|Okoro|Ada|famil|council|social", body, re.IGNORECASE)
    assert "noindex" in page.headers["X-Robots-Tag"] and page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_wrong_ended_run_out_and_locked_answer_alike(own, client) -> None:
    answers = {client.get("/f/nonsense").text, client.get("/f/").text, client.get("/f/a/b").text}
    for change in ({"ended_at": db.utcnow()}, {"expires_at": db.utcnow()}, {"locked_at": db.utcnow()}):
        link = made(own, own.mother)
        with own.app.app_context(), db.writing():
            row = db.session.scalars(select(OwnLink).order_by(OwnLink.id.desc()).limit(1)).one()
            for name, value in change.items():
                setattr(row, name, value)
        answer = client.get(link.url)
        assert answer.status_code == 404
        answers.add(answer.text)
    same = {re.sub(r'nonce(-[^"\']+|="[^"]+")|/f/[^"?]*|csrf[^>]+', "", text) for text in answers}
    assert len(same) == 1 and "This page is not here" in same.pop()


def test_few_wrong_numbers_lock_it_and_those_who_made_it_hear(own, client) -> None:
    link = made(own, own.mother, by=own.manager)
    for _ in range(rules.WRONG):
        wrong = client.post(link.url, data={"do": "number", "number": "12345x"})
        assert wrong.status_code == 422 and wrong.text.count("This is not the right number") == 2
    assert client.post(link.url, data={"do": "number", "number": link.pin}).status_code == 404
    assert "A page of somebody's own was locked" in inbox(own, own.lead)
    assert "A page of somebody's own was locked" in inbox(own, own.manager)


def test_whoever_guesses_much_is_kept_waiting_with_a_right_link_too(own, client, monkeypatch) -> None:
    monkeypatch.setattr(rules, "TRIES", 3)
    link = made(own, own.mother)
    assert [client.get(f"/f/guess{number}").status_code for number in range(4)] == [404, 404, 404, 429]
    assert client.get(link.url).status_code == 429


def test_a_code_goes_to_their_phone_at_any_hour_works_once_and_not_for_long(own, client) -> None:
    link = made(own, own.mother, how="code", way=way_of(own), language="pl")
    assert client.post(link.url, data={"do": "number", "number": "000000"}).status_code == 422
    client.post(link.url, data={"do": "code"})
    client.post(link.url, data={"do": "code"})
    (text,) = sent(own)
    assert (text.subject, text.about) == ("Twój numer", "") and text.next_try_at <= db.utcnow()
    code = re.search(r"\d{6}", text.body)[0]
    assert client.post(link.url, data={"do": "number", "number": f"{code[:3]} {code[3:]}"}).status_code == 302
    assert "Nasz plan" in client.get(link.url).text
    other = own.app.test_client()
    assert other.post(link.url, data={"do": "number", "number": code}).status_code == 422
    with db.clock_at(db.utcnow() + timedelta(minutes=2)):
        other.post(link.url, data={"do": "code"})
        late = re.search(r"\d{6}", sent(own)[-1].body)[0]
    with db.clock_at(db.utcnow() + timedelta(minutes=18)):
        assert other.post(link.url, data={"do": "number", "number": late}).status_code == 422


def test_only_some_codes_are_sent(own, client) -> None:
    link = made(own, own.mother, how="code", way=way_of(own))
    for minute in range(rules.CODES + 3):
        with db.clock_at(db.utcnow() + timedelta(minutes=2 * minute)):
            client.post(link.url, data={"do": "code"})
    assert len(sent(own)) == rules.CODES


def test_ending_a_link_ends_the_page_that_is_open(own) -> None:
    browser, url = opened(own, own.mother)
    assert browser.get(url).status_code == 200
    with own.app.app_context():
        key = db.session.scalars(select(OwnLink.key)).one()
        with db.writing():
            own_links.end(EndOwnLink(family=own.family.ref, link=key), own.make.actor(own.lead))
    for answer in (browser.get(url), browser.post(url, data={"do": "tick", "ticked": own.hers})):
        assert answer.status_code == 404 and THEIRS not in answer.text


def test_a_new_link_ends_the_one_before_and_nobody_elses(own) -> None:
    browser, url = opened(own, own.mother)
    fathers, his = opened(own, own.father)
    made(own, own.mother)
    assert browser.get(url).status_code == 404 and fathers.get(his).status_code == 200


def test_an_open_page_is_one_browsers_one_links_and_not_for_long(own) -> None:
    browser, url = opened(own, own.mother)
    assert THEIRS not in own.app.test_client().get(url).text
    _, his = opened(own, own.father)
    assert "Type the number" in browser.get(his).text
    with db.clock_at(db.utcnow() + rules.SESSION):
        assert "Type the number" in browser.get(url).text


@pytest.mark.parametrize("quickly", [True, False])
def test_who_leaves_leaves_it_closed(own, quickly) -> None:
    browser, url = opened(own, own.mother)
    gone = browser.get(f"{url}?leave=yes") if quickly else browser.post(url, data={"leave": "yes"})
    assert gone.status_code == 302 and gone.location == ("https://www.bbc.co.uk/weather" if quickly else url)
    assert "Type the number" in browser.get(url).text


def test_its_errors_name_neither_borough_nor_service(own, client) -> None:
    own.app.config["WTF_CSRF_ENABLED"] = True
    forged = client.post(made(own, own.mother).url, data={"do": "number"})
    own.app.config["WTF_CSRF_ENABLED"] = False
    assert forged.status_code == 400 and "Early Help" not in forged.text and "Harrow" not in forged.text


# --- what is on it ---------------------------------------------------------------------------------------------------


def test_a_mother_reads_the_plan_the_meeting_and_whom_to_ring(own) -> None:
    browser, url = opened(own, own.mother)
    page = browser.get(url).text
    for words in (
        THEIRS,
        "Mum sees the doctor",
        "A warm home",
        "Ask for vouchers",
        "Ann Patel",
        "Larch hub",
        "Too cold to sleep",
        "0188",
    ):
        assert words in page
    assert page.index(THEIRS) < page.index("When we meet next") < page.index("Ask for vouchers")
    for words in ("Do not tell them", "I sleep at Nan", "I hide under the bed", "Level 3", own.family.ref):
        assert words not in page
    assert "A line is being put more clearly" in page and rules.plain(re.sub("<[^>]+>", " ", page))


def test_she_says_whether_she_comes_and_whom_she_wants_there(own) -> None:
    browser, url = opened(own, own.mother)
    meeting = re.search(r'name="meeting" value="([^"]+)"', browser.get(url).text)[1]
    told = {"do": "meeting", "meeting": meeting, "reply": "not_coming", "wants": "My sister, not his"}
    answer = browser.post(url, data=told)
    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "My sister, not his" in page and re.search(r'value="not_coming" checked', page)
    with own.app.app_context():
        row = db.session.scalar(select(MeetingPerson).where(MeetingPerson.person_id == own.mother.id))
        assert (row.reply, row.wants) == ("not_coming", "My sister, not his")
    assert "An invitation to a meeting is answered" in inbox(own, own.lead)
    assert browser.post(url, data={**told, "wants": "x" * 20_001}).status_code == 422


def test_nobody_answers_for_somebody_else_or_another_meeting(own) -> None:
    mother, url = opened(own, own.mother)
    meeting = re.search(r'name="meeting" value="([^"]+)"', mother.get(url).text)[1]
    father, his = opened(own, own.father)
    assert 'name="meeting"' not in father.get(his).text
    told = {"do": "meeting", "meeting": meeting, "reply": "coming", "wants": "Me"}
    assert father.post(his, data=told).status_code == 404
    assert mother.post(url, data={**told, "meeting": "M-2222-22"}).status_code == 404


def test_the_one_they_are_kept_safe_from_reads_of_himself_alone(own) -> None:
    own.make.protect(own.mother.id, own.father.id, {"address", "contact", "worker", "hub"})
    with own.app.app_context(), db.writing():
        voice(own, own.jack, "Dad makes me laugh", "parents", own.father)
    browser, url = opened(own, own.father)
    page = browser.get(url).text
    assert "Bring Jack on Saturdays" in page and "Dad makes me laugh" in page
    body = page.partition("<main")[2]
    assert [words for words in SECRETS if words in body] == []
    own.make.protect(own.jack.id, own.father.id, {"school"})
    assert "Dad makes me laugh" not in browser.get(url).text


def test_a_young_person_reads_what_they_told_in_confidence_and_nothing_of_the_others(own) -> None:
    browser, url = opened(own, own.mia)
    page = browser.get(url).text
    assert "I sleep at Nan" in page and "Nobody in your family sees this here" in page
    assert "I hide under the bed" not in page and "Too cold to sleep" not in page and "Do not tell them" not in page
    assert "A warm home" in page and "Mum sees the doctor" not in page


def test_a_page_asks_the_database_a_fixed_number_of_times(own, counting) -> None:
    browser, url = opened(own, own.mother)
    browser.get(url)
    with counting() as before:
        browser.get(url)
    with own.app.app_context(), db.writing():
        lead = own.make.actor(own.lead)
        goal = db.session.scalars(select(Action.goal_id).limit(1)).one()
        ref = db.session.execute(select(plans.Goal.ref).where(plans.Goal.id == goal)).scalar_one()
        for number in range(20):
            soon = london_day(db.utcnow()) + timedelta(days=number)
            more = AddAction(family=own.family.ref, goal=ref, words=f"{number}", owner_person=own.mother.ref, due=soon)
            plans.add_action(more, lead)
    with counting() as after:
        browser.get(url)
    assert len(after) == len(before) <= 26


# --- what they do there ----------------------------------------------------------------------------------------------


def test_what_is_ticked_is_done_by_them_and_the_lead_hears(own) -> None:
    browser, url = opened(own, own.mother)
    assert browser.post(url, data={"do": "tick", "ticked": own.hers}).location.endswith("done=saved")
    page = browser.get(f"{url}?done=saved").text
    assert "Saved. Thank you" in page and re.search(f'value="{own.hers}" checked', page)
    with own.app.app_context():
        last = db.session.scalars(select(ActionUpdate).order_by(ActionUpdate.id.desc()).limit(1)).one()
        assert (last.state, last.by) == ("done", "Ada Okoro")
        assert db.session.scalars(select(Opening.reason).where(Opening.actor_key.startswith("family_link"))).first()
    assert "An action was ticked by the family" in inbox(own, own.lead)
    browser.post(url, data={"do": "tick", "before": own.hers})
    with own.app.app_context():
        assert db.session.scalars(select(Action.state).where(Action.ref == own.hers)).one() == "doing"


def test_nobody_ticks_what_is_not_theirs(own) -> None:
    browser, url = opened(own, own.mother)
    for ref in (own.his, own.workers, "A-2222-22", "\x00"):
        assert browser.post(url, data={"do": "tick", "ticked": ref}).status_code == 404
    with own.app.app_context():
        assert set(db.session.scalars(select(Action.state))) == {"to_do"}


def test_a_correction_is_kept_waits_for_the_lead_and_is_answered_there(own, alone, sign_in) -> None:
    browser, url = opened(own, own.mother)
    for typed, faults in (
        ({}, 2),
        ({"kind": "correction", "words": " "}, 1),
        ({"kind": "correction", "words": "\x00"}, 1),
    ):
        answer = browser.post(url, data={"do": "words", **typed})
        assert answer.status_code == 422 and answer.text.count("govuk-error-message") == faults
    browser.post(url, data={"do": "words", "kind": "correction", "words": "It is <b>not</b> my debt"})
    lead, there = alone(own.lead), f"/families/{own.family.ref}/own-pages"
    assert "Somebody wrote on their own page" in lead.get("/").text
    assert "not&lt;/b&gt; my debt" in lead.get(there).text
    shared = sign_in(own.lead).get(there).text
    assert "my debt" not in shared and "Opens" not in shared
    with own.app.app_context():
        key = db.session.scalars(select(OwnWord.key)).one()
    answer = f"{there}/words/{key}/answer"
    bad = lead.post(answer, data={"answer": "He refused at level 3"})
    assert bad.status_code == 422 and bad.text.count("govuk-error-message") == 2
    assert lead.post(answer, data={"answer": "We took it out", "put_right": "yes"}).status_code == 302
    assert "Somebody wrote on their own page" not in lead.get("/").text
    assert "We took it out" in browser.get(url).text


def test_what_is_late_waits_for_the_manager_too_and_never_for_a_cover(own, sign_in) -> None:
    browser, url = opened(own, own.mother)
    browser.post(url, data={"do": "words", "kind": "comment", "words": "Hello"})
    title = "Somebody wrote on their own page"

    def told(user) -> bool:
        return title in sign_in(user).get("/").text

    assert told(own.lead) and not told(own.manager) and not told(own.helper)
    with own.app.app_context(), db.writing():
        db.session.scalars(select(OwnWord)).one().due_at = db.utcnow() - timedelta(days=1)
    assert told(own.manager) and not told(own.helper)


def test_a_young_person_keeps_something_from_a_parent(own, alone) -> None:
    browser, url = opened(own, own.mia)
    browser.post(url, data={"do": "words", "kind": "comment", "words": "Not in front of mum", "kept": "y"})
    mothers, hers = opened(own, own.mother)
    assert "Not in front of mum" not in mothers.get(hers).text and "Not in front of mum" in browser.get(url).text
    page = alone(own.lead).get(f"/families/{own.family.ref}/own-pages").text
    assert "Not in front of mum" in page and "Keeps this from their parents" in page
    mothers.post(hers, data={"do": "words", "kind": "comment", "words": "Hello", "kept": "y"})
    with own.app.app_context():
        assert list(db.session.scalars(select(OwnWord.kept).order_by(OwnWord.id))) == [True, False]


def test_whoever_sends_much_is_asked_to_ring(own, monkeypatch) -> None:
    monkeypatch.setattr(rules, "WORDS_A_DAY", 1)
    browser, url = opened(own, own.mother)
    typed = {"do": "words", "kind": "comment", "words": "Hello"}
    assert [browser.post(url, data=typed).status_code for _ in range(2)] == [302, 422]


# --- those who work with the family ----------------------------------------------------------------------------------


def test_a_worker_makes_a_link_on_the_page_and_reads_its_number_once(own, alone, sign_in) -> None:
    there = f"/families/{own.family.ref}/own-pages"
    lead = sign_in(own.lead)
    asked = lead.get(f"{there}/{own.mother.ref}/new").text
    assert "...123" in asked and MOBILE not in asked
    page = lead.post(f"{there}/{own.mother.ref}/new", data={"how": "pin", "language": "ro"}).text
    url, pin = re.findall(r'value="([^"]*/f/[^"]+|\d{6})"', page)
    assert own.app.test_client().post(url, data={"do": "number", "number": pin}).status_code == 302
    listed = alone(own.lead).get(there).text
    assert pin not in listed and url.rpartition("/")[2] not in listed and "Romanian" in listed
    assert "Level 3 review, he refused" in listed
    with own.app.app_context():
        key = db.session.scalars(select(OwnLink.key)).one()
    assert alone(own.lead).post(f"{there}/{key}/end").status_code == 302
    assert own.app.test_client().get(url).status_code == 404
    young = lead.post(f"{there}/{own.jack.ref}/new", data={"how": "pin", "language": "en"})
    assert young.status_code == 422 and "not yet 13" in young.text
