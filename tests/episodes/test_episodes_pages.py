"""The pages of lead professional, team, levels, notes and oversight."""

import pytest
from sqlalchemy import select

from tafcore.db import session
from tafcore.episodes.models import Episode, LeadAppointment, Note, TafMember


@pytest.fixture
def borough(make):
    team = make.team("Larch hub")
    school = make.organisation("school", "Elm Row Primary")

    class Borough:
        manager = make.user("early_help_manager", team=team, name="Mo Manager")
        lead = make.user(organisation=school, name="A. Patel")
        other = make.user(organisation=school, name="B. Other")
        family = make.family(team)

    Borough.at = f"/families/{Borough.family.ref}"
    return Borough


def test_a_manager_opens_early_help_child_by_child(app, sign_in, borough):
    browser = sign_in(borough.manager)
    page = browser.get(f"{borough.at}/open")
    assert page.text.count("Not part of this") == 2
    with app.app_context():
        children = [child for child in page.text.split('name="children-') if "-person" in child[:12]]
        refs = [child.split('value="')[1][:9] for child in children]
    typed = {"why": "Housing", "children-0-person": refs[0], "children-0-level": "", "children-1-person": refs[1]}
    refused = browser.post(f"{borough.at}/open", data={**typed, "children-1-level": "3", "children-1-reason": " "})
    assert refused.status_code == 422
    assert 'href="#children-1-reason"' in refused.text and "Housing" in refused.text
    done = browser.post(f"{borough.at}/open", data={**typed, "children-1-level": "3", "children-1-reason": "Cold"})
    assert done.location == borough.at
    with app.app_context():
        assert session.scalar(select(Episode.opened_why)) == "Housing"


def test_the_lead_is_asked_with_cover_and_accepts(app, make, sign_in, borough):
    make.episode(borough.family, borough.manager)
    boss, asked = sign_in(borough.manager), sign_in(borough.lead)
    without = boss.post(f"{borough.at}/lead", data={"user": borough.lead.id, "reason": "Knows them", "cover": ""})
    assert without.status_code == 422 and "Name who covers" in without.text
    same = boss.post(
        f"{borough.at}/lead", data={"user": borough.lead.id, "reason": "Knows them", "cover": borough.lead.id}
    )
    assert "The cover must be somebody else" in same.text
    typed = {"user": borough.lead.id, "reason": "Knows them", "cover": borough.other.id}
    assert boss.post(f"{borough.at}/lead", data=typed).location == borough.at
    assert "Knows them" in asked.get(f"{borough.at}/lead/answer").text
    assert asked.post(f"{borough.at}/lead/answer", data={"accept": "no"}).status_code == 422
    assert asked.post(f"{borough.at}/lead/answer", data={"accept": "yes"}).location == borough.at
    with app.app_context():
        assert session.scalar(select(LeadAppointment.accepted_at)) is not None


def test_the_lead_adds_people_with_and_without_accounts(app, make, sign_in, borough):
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    browser = sign_in(borough.lead)
    nobody = browser.post(f"{borough.at}/team/add", data={"role": "Money"})
    assert nobody.status_code == 422 and "Choose a person, or give a name and an organisation" in nobody.text
    browser.post(f"{borough.at}/team/add", data={"user": borough.other.id, "role": "Reading"})
    browser.post(f"{borough.at}/team/add", data={"name": "Dr Known", "organisation": "GP", "role": "Health"})
    with app.app_context():
        assert set(session.scalars(select(TafMember.name))) == {"B. Other", "Dr Known"}


def test_a_note_takes_two_touches_and_is_kept_exactly(app, make, sign_in, borough):
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    words = "  She said: <b>\u2018it\u2019s cold\u2019</b> & that's all "
    sign_in(borough.lead).post(f"{borough.at}/notes/new", data={"kind": "call", "words": words, "audience": "team"})
    with app.app_context():
        assert session.scalar(select(Note.words)) == words


def test_only_a_manager_writes_a_managers_decision(make, sign_in, borough):
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    assert sign_in(borough.lead).get(f"{borough.at}/oversight").status_code == 403
    assert sign_in(borough.manager).get(f"{borough.at}/oversight").status_code == 200


def test_a_stranger_is_told_nothing_even_with_a_bad_body(make, sign_in, borough):
    stranger = sign_in(make.user())
    for page in ("notes/new", "level", "team/add"):
        assert stranger.post(f"{borough.at}/{page}", data={"bad": "\x00"}).status_code == 404
