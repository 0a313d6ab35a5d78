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
        f"{borough.at}/lead",
        data={"user": borough.lead.id, "reason": "Knows them", "cover": borough.lead.id, "family_answer": "agree"},
    )
    assert "The cover must be somebody else" in same.text
    typed = {"user": borough.lead.id, "reason": "Knows them", "cover": borough.other.id}
    unheard = boss.post(f"{borough.at}/lead", data=typed)
    assert unheard.status_code == 422 and "Say what the family say about the choice" in unheard.text
    typed["family_answer"] = "unsure"
    assert "Write what they say" in boss.post(f"{borough.at}/lead", data=typed).text
    typed["family_say"] = "Mum would rather have Miss Okafor"
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


def test_who_helps_says_what_each_does_and_who_led(make, sign_in, borough):
    vcs = make.user(organisation=make.organisation("vcs", "Money advice"), name="V. Helper")
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    make.member(borough.family, borough.lead, vcs)
    helper, lead = sign_in(vcs), sign_in(borough.lead)
    mine = helper.get(f"{borough.at}/team").text.split("/team/")[1].split('"')[0]
    asked = helper.get(f"{borough.at}/team/{mine}").text
    assert "What I do for this family" in asked and "Money advice" in asked
    child = asked.split('name="children"')[1].split('value="')[1][:9]
    words = {"role": "Debts, in plain words", "sees": "Mum on Fridays", "away": "August", "cover": "J. Roe"}
    assert helper.post(f"{borough.at}/team/{mine}", data={**words, "children": child}).location == f"{borough.at}/team"
    page = lead.get(f"{borough.at}/team").text
    assert all(one in page for one in words.values()) and "No training recorded" not in page
    assert "Child0" in page.split("Debts, in plain words")[1]
    lead.post(f"{borough.at}/shared-view", data={"alone": "yes"})
    page = lead.get(f"{borough.at}/team").text
    assert "No training recorded" in page and "Nobody led" in page and "Knows them" in page
    assert "Knows Child0" in lead.get(borough.at).text and "Mum on Fridays" in lead.get(borough.at).text


def test_nobody_writes_for_somebody_else_of_the_team(make, sign_in, borough):
    vcs = make.user(organisation=make.organisation("vcs", "Money advice"), name="V. Helper")
    make.episode(borough.family, borough.manager, borough.lead, borough.manager)
    make.member(borough.family, borough.lead, vcs)
    make.member(borough.family, borough.lead, borough.other)
    helper = sign_in(vcs)
    theirs = [part.split('"')[0] for part in sign_in(borough.other).get(f"{borough.at}/team").text.split("/team/")[1:]]
    assert helper.get(f"{borough.at}/team/{theirs[0]}").status_code == 403
    assert helper.post(f"{borough.at}/team/{theirs[0]}", data={"role": "x"}).status_code == 403
    assert helper.post(f"{borough.at}/team/{theirs[0]}/leave").status_code == 403
    assert helper.get(f"{borough.at}/lead/cover").status_code == 403


def test_an_open_browser_ends_with_leaving(make, sign_in, borough):
    vcs = make.user(organisation=make.organisation("vcs", "Money advice"), name="V. Helper")
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    make.member(borough.family, borough.lead, vcs)
    helper = sign_in(vcs)
    mine = helper.get(f"{borough.at}/team").text.split("/team/")[1].split('"')[0]
    assert helper.post(f"{borough.at}/team/{mine}/leave").location == "/"
    assert helper.get(borough.at).status_code == 404
    assert helper.get(f"{borough.at}/team/{mine}").status_code == 404


def test_the_lead_hands_over_and_sees_the_family_until_somebody_has_said_yes(make, sign_in, borough):
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    after = make.user(organisation=make.organisation("vcs", "Home-Start"), name="C. After")
    lead, new = sign_in(borough.lead), sign_in(after)
    typed = {"user": after.id, "cover": borough.other.id, "reason": "I move school", "family_answer": "agree"}
    lead.post(f"{borough.at}/lead", data={**typed, "handover_note": "Ring Ada after six", "stays": "no"})
    assert lead.get(borough.at).status_code == 200
    new.post(f"{borough.at}/shared-view", data={"alone": "yes"})
    asked = new.get(f"{borough.at}/lead/answer").text
    assert "Ring Ada after six" in asked and "Leads until you say yes" in asked
    new.post(f"{borough.at}/lead/answer", data={"accept": "yes"})
    assert (lead.get(borough.at).status_code, new.get(borough.at).status_code) == (404, 200)


def test_stopping_without_anybody_in_place_says_what_it_does(make, sign_in, borough):
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    lead = sign_in(borough.lead)
    assert "waits on the manager&#39;s list" in lead.get(f"{borough.at}/lead/end").text.replace("'", "&#39;")
    assert lead.post(f"{borough.at}/lead/end", data={}).status_code == 422
    assert lead.post(f"{borough.at}/lead/end", data={"why": "Ill for long"}).location == "/"
    assert "Nobody has been asked" in sign_in(borough.manager).get("/").text


def test_people_are_found_by_words_where_a_list_would_be_too_long(make, sign_in, borough, monkeypatch):
    monkeypatch.setattr("tafcore.episodes.reading.SHOWN", 2)
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    far = make.user(organisation=make.organisation("vcs", "Zebra House"), name="Z. Far", job="Debt adviser")
    lead = sign_in(borough.lead)
    page = lead.get(f"{borough.at}/team/add").text
    assert "Z. Far" not in page and 'name="_find"' in page
    for words in ("zebra", "far z", "debt"):
        found = lead.post(f"{borough.at}/team/add", data={"q": words, "_find": "1", "role": "Debts"})
        assert found.status_code == 200 and "Z. Far, Zebra House" in found.text and 'value="Debts"' in found.text
    kept = lead.post(f"{borough.at}/team/add", data={"q": "patel", "_find": "1", "user": far.id}).text
    assert "Z. Far" in kept and "A. Patel" in kept
    joined = lead.post(f"{borough.at}/team/add", data={"user": far.id, "role": "Debts"})
    assert joined.location == borough.at
