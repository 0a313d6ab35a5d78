"""What is typed into a part of an assessment is kept before anybody presses Save."""

import json
import re

import pytest

from tafcore import drafts
from tafcore.assessments import assessing, drafted
from tafcore.assessments.commands import StartAssessment
from tafcore.assessments.models import Assessment
from tafcore.db import session, writing

from .test_assessment_pages import alone, fields, text


@pytest.fixture
def eha(app, borough):
    borough.do(assessing.start, StartAssessment(family=borough.family.ref))
    with app.app_context():
        ref = session.query(Assessment).one().ref
    borough.part = f"{borough.at}/assessment/parts/{borough.jack.ref}"
    borough.draft = f"/drafts/{drafted.subject_of(ref, borough.jack.ref, borough.lead.id)}"
    return borough


def save(browser, url, field, value, base=0, op="1"):
    ops = [{"op": op, "field": field, "base": base, "value": value}]
    return browser.post(url, json={"ops": ops})


def test_the_page_says_where_it_keeps_and_gives_each_row_a_lasting_key(eha, sign_in):
    page = alone(sign_in(eha.lead)).get(eha.part)
    assert f'data-draft="{eha.draft}"' in page.text
    assert 'data-row="sections-0" data-row-key="health.0"' in page.text and "data-no-draft" not in page.text


def test_what_was_typed_comes_back_and_is_in_the_assessment_once_saved(eha, sign_in):
    lead = alone(sign_in(eha.lead))
    answer = save(lead, eha.draft, "sections-health.0-words", "Sleeps bad")
    assert answer.get_json()["results"][0]["status"] == "saved"
    assert "Sleeps bad" not in text(lead.get(f"{eha.at}/assessment")), "not read by others before it is saved"
    page = lead.get(eha.part)
    typed = fields(page)
    assert typed["sections-0-words"] == "Sleeps bad" and "not in the assessment yet" in text(page)
    assert "Sleeps bad" not in text(alone(sign_in(eha.member)).get(eha.part))
    assert lead.post(eha.part, data=typed).status_code == 302
    assert "Sleeps bad" in text(lead.get(f"{eha.at}/assessment"))
    again = lead.get(eha.part)
    assert "not in the assessment yet" not in text(again) and json.loads(fields(again)["_revs"]) == {}


def test_on_a_section_that_moved_on_both_are_shown(eha, sign_in):
    lead, member = alone(sign_in(eha.lead)), alone(sign_in(eha.member))
    save(lead, eha.draft, "sections-health.0-words", "Sleeps bad")
    theirs = fields(member.get(eha.part)) | {"sections-0-words": "Sleeps well at school"}
    member.post(eha.part, data=theirs)
    page = lead.get(eha.part)
    assert "Saved meanwhile by V. Helper" in text(page) and "Sleeps well at school" in text(page)
    typed = fields(page)
    assert typed["sections-0-words"] == "Sleeps bad"
    assert lead.post(eha.part, data=typed | {"sections-0-words": "Bad at home, well at school"}).status_code == 302
    assert "Bad at home, well at school" in text(lead.get(f"{eha.at}/assessment"))


def test_without_javascript_what_was_refused_is_kept_too(eha, sign_in):
    lead = alone(sign_in(eha.lead))
    typed = fields(lead.get(eha.part)) | {"sections-0-words": "Typed", "_use-last-health": "1"}
    lead.post(eha.part, data=typed)
    assert fields(lead.get(eha.part))["sections-0-words"] == "Typed"
    page = lead.post(eha.part, data={"_discard": "1"}, follow_redirects=True)
    assert fields(page)["sections-0-words"] == ""


def test_what_another_page_of_mine_kept_stays_when_this_one_saves(eha, sign_in):
    lead = alone(sign_in(eha.lead))
    stale = fields(lead.get(eha.part)) | {"sections-1-words": "Reads a lot"}
    save(lead, eha.draft, "sections-health.0-words", "Sleeps bad")
    assert lead.post(eha.part, data=stale).status_code == 302
    found = fields(lead.get(eha.part))
    assert (found["sections-0-words"], found["sections-1-words"]) == ("Sleeps bad", "Reads a lot")


def test_a_conflict_of_two_pages_keeps_both(eha, sign_in):
    lead = alone(sign_in(eha.lead))
    save(lead, eha.draft, "sections-health.0-words", "One")
    answer = save(lead, eha.draft, "sections-health.0-words", "Two", op="2").get_json()["results"][0]
    assert answer["status"] == "conflict" and answer["value"] == "One"


def test_what_is_to_be_kept_from_the_family_is_not_on_a_screen_they_see(eha, sign_in):
    lead = alone(sign_in(eha.lead))
    save(lead, eha.draft, "sections-health.0-words", "Afraid of next door")
    save(lead, eha.draft, "sections-health.0-withheld_why", "She asked me", op="2")
    save(lead, eha.draft, "sections-learning.0-words", "Reads", op="3")
    assert fields(lead.get(eha.part))["sections-0-words"] == "Afraid of next door"
    shared = sign_in(eha.lead).get(eha.part)
    assert "Afraid of next door" not in text(shared) and "She asked me" not in text(shared)
    assert re.findall(r'data-row-key="([^"]+)"', shared.text)[0] == "learning.0" and "Reads" in text(shared)


@pytest.mark.parametrize("who", ["member", "nobody"])
def test_nobody_else_touches_it(eha, sign_in, who):
    browser = sign_in(getattr(eha, who))
    assert save(browser, eha.draft, "sections-health.0-words", "Mine now").status_code == 404
    assert browser.get(eha.draft).status_code == 404


def test_who_was_signed_out_is_told_so_and_the_page_keeps_the_text(client, eha):
    assert save(client, eha.draft, "sections-health.0-words", "Typed").status_code == 401


def test_with_the_manager_nothing_is_kept_and_signed_nothing_is_left(app, eha, sign_in):
    lead = alone(sign_in(eha.lead))
    save(lead, eha.draft, "sections-health.0-words", "Typed")
    with app.app_context(), writing():
        session.query(Assessment).one().state = "sent"
    assert save(lead, eha.draft, "sections-health.0-words", "More", op="2", base=1).status_code == 422
    with app.app_context(), writing():
        drafted.forget(session.query(Assessment).one().ref)
    with app.app_context():
        assert drafts.read(eha.draft.removeprefix("/drafts/")).values == {}
