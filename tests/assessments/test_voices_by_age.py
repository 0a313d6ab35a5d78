"""A child is heard as fits their age: a baby is watched, a small child has three houses and faces, others say it."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore.assessments import reading
from tafcore.assessments.models import VoiceEntry
from tafcore.db import session, utcnow, writing
from tafcore.notices.models import Message
from tafcore.people.models import Person
from tafcore.standards.clock import london_day

HOUSES = {"worries": "Monsters under my bed", "good": "My cat", "dreams": "A garden\nwith a swing"}


@pytest.fixture
def aged(app, borough):
    """Make a child so many days old."""

    def make(child, days):
        with app.app_context(), writing():
            session.get_one(Person, child.id).born = london_day(utcnow()) - timedelta(days=days)

    return make


@pytest.fixture
def lead(borough, sign_in):
    browser = sign_in(borough.lead)
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    return browser


def chosen(page, name="way"):
    """The value of the radio that is ticked."""
    found = re.search(rf'name="{name}" type="radio" value="(\w+)" checked', page.text)
    return found[1] if found else None


def entries(app):
    with app.app_context():
        return session.scalars(select(VoiceEntry).order_by(VoiceEntry.id)).all()


def test_the_child_is_chosen_first_and_the_form_fits_their_age(borough, aged, lead):
    first = lead.get(f"{borough.at}/voices/new")
    assert "Child0 Okoro (" in first.text and "Child1 Okoro (" in first.text and "<form method" not in first.text
    at = f"{borough.at}/voices/new?child={borough.jack.ref}"
    assert at.replace("&", "&amp;") in first.text
    for days, way, title in (
        (200, "watched", "How Child0 is, as you saw it"),
        (5 * 365, "houses", "What Child0 said"),
        (12 * 365, "words", "What Child0 said"),
    ):
        aged(borough.jack, days)
        page = lead.get(at)
        assert chosen(page) == way and title in page.text
        assert all(f'value="{one}"' in page.text for one in ("watched", "houses", "words")), "each is still there"


def test_a_stranger_to_the_family_is_no_child_of_it(borough, lead):
    page = lead.get(f"{borough.at}/voices/new?child={borough.mother.ref}")
    assert "Which child did you hear" in page.text and 'name="person"' not in page.text


def test_of_a_baby_no_words_are_asked(app, borough, aged, lead):
    aged(borough.sofia, 200)
    typed = {"person": borough.sofia.ref, "watched": "Turns to Mum, settles", "room": "Mum", "feeling": "Calm"}
    assert lead.post(f"{borough.at}/voices/new", data=typed).status_code == 302
    (entry,) = entries(app)
    assert (entry.how, entry.words, entry.room, entry.feeling) == (
        "observation",
        "Turns to Mum, settles",
        "Mum",
        "Calm",
    )
    page = html.unescape(lead.get(f"{borough.at}/voices").text)
    assert "with Mum" in page and "how they were: Calm" in page and "“Turns" not in page


@pytest.mark.parametrize(
    ("days", "field", "asked"),
    [
        (200, "watched", "Write what you saw"),
        (5 * 365, "worries", "Write in at least one of the houses"),
        (12 * 365, "words", "Write what the child said"),
    ],
)
def test_an_entry_says_something_and_what_is_missing_stands_at_its_box(app, borough, aged, lead, days, field, asked):
    aged(borough.jack, days)
    typed = {"person": borough.jack.ref, "room": "Nan", "face": "2"}
    typed["way"] = chosen(lead.get(f"{borough.at}/voices/new?child={borough.jack.ref}"))
    answer = lead.post(f"{borough.at}/voices/new", data=typed)
    assert answer.status_code == 422 and f'href="#{field}">{asked}' in answer.text
    assert 'value="Nan"' in answer.text and 'value="2" checked' in answer.text and entries(app) == []


def test_three_houses_and_a_face_are_kept_each_in_its_box(app, borough, aged, lead):
    aged(borough.jack, 5 * 365)
    typed = {"person": borough.jack.ref, **HOUSES, "face": "4", "audience": "parents", "asked": "yes"}
    typed |= {"hearers": [borough.mother.ref], "harm": "no"}
    assert lead.post(f"{borough.at}/voices/new", data=typed).status_code == 302
    (entry,) = entries(app)
    assert {name: getattr(entry, name) for name in HOUSES} == HOUSES
    assert (entry.how, entry.words, entry.face, entry.scale) == ("three_houses", "", 4, None)
    for at in ("/voices", "", "/assessment"):
        page = lead.get(borough.at + at)
        assert page.status_code == 200
        if at != "/assessment":
            assert all(words.split("\n")[0] in page.text for words in HOUSES.values()), at
    assert "face 4 of 5, happy" in lead.get(f"{borough.at}/voices").text


def test_any_way_is_there_for_any_child(app, borough, aged, lead):
    aged(borough.jack, 15 * 365)
    lead.post(f"{borough.at}/voices/new", data={"person": borough.jack.ref, "watched": "Draws all day"})
    aged(borough.sofia, 300)
    lead.post(f"{borough.at}/voices/new", data={"person": borough.sofia.ref, "words": "Da", "how": "spoken"})
    lead.post(f"{borough.at}/voices/new", data={"person": borough.sofia.ref, "dreams": "Ball", "scale": "7"})
    assert [(one.how, one.scale) for one in entries(app)] == [
        ("observation", None),
        ("spoken", None),
        ("three_houses", 7),
    ]


def test_what_was_seen_is_not_mixed_with_what_was_said(app, borough, lead):
    typed = {"person": borough.jack.ref, "watched": "Looks away", "worries": "The dark", "way": "houses"}
    answer = lead.post(f"{borough.at}/voices/new", data=typed)
    assert answer.status_code == 422 and 'href="#way"' in answer.text and entries(app) == []
    assert "Looks away" in answer.text and "The dark" in answer.text


@pytest.mark.parametrize(("field", "words"), [("scale", "11"), ("face", "6"), ("face", "0"), ("how", "observation")])
def test_no_other_scale_or_way_is_taken(app, borough, lead, field, words):
    typed = {"person": borough.jack.ref, "words": "Hello", field: words}
    assert lead.post(f"{borough.at}/voices/new", data=typed).status_code == 422 and entries(app) == []


@pytest.mark.parametrize("box", ["watched", "words", *HOUSES, "feeling"])
def test_harm_in_any_box_opens_the_way_to_step_up_and_stays_from_the_family(app, borough, aged, lead, sign_in, box):
    aged(borough.jack, 5 * 365)
    harm = "Scared: he hits me"
    typed = {"person": borough.jack.ref, **({} if box != "feeling" else {"words": "It is OK"}), box: harm}
    hearing = {"audience": "parents", "hearers": [borough.mother.ref], "asked": "yes"}
    refused = lead.post(f"{borough.at}/voices/new", data={**typed, **hearing})
    assert refused.status_code == 422 and "These words may suggest harm" in refused.text
    assert lead.post(f"{borough.at}/voices/new", data=typed).status_code == 302
    page = lead.get(f"{borough.at}/voices")
    assert harm in page.text and "step up to MASH" in page.text
    shared = sign_in(borough.lead).get(f"{borough.at}/voices").text + sign_in(borough.lead).get(borough.at).text
    assert "hits" not in shared and "MASH</a>" not in shared
    with app.app_context():
        assert session.scalars(select(Message).where(Message.subject.contains("looked at today"))).one()


def test_houses_are_heard_by_whom_they_may_be_and_nobody_else(borough, aged, lead, sign_in):
    aged(borough.jack, 5 * 365)
    lead.post(f"{borough.at}/voices/new", data={"person": borough.jack.ref, **HOUSES, "face": "1"})
    for at in ("/voices", "", "/assessment"):
        shared = sign_in(borough.lead).get(borough.at + at).text
        assert not any(words.split("\n")[0] in shared for words in (*HOUSES.values(), "face 1 of 5")), at
    lead.post(f"{borough.at}/voices/new", data={"person": borough.jack.ref, "dreams": "Mars", "audience": "recorder"})
    member = sign_in(borough.member)
    with member.session_transaction() as cookie:
        cookie["alone"] = True
    page = member.get(f"{borough.at}/voices").text
    assert "Monsters" in page and "Mars" not in page


def test_a_visit_takes_the_same_boxes_for_each_child(app, borough, aged, lead):
    aged(borough.jack, 5 * 365)
    aged(borough.sofia, 200)
    page = lead.get(f"{borough.at}/visits/new")
    assert chosen(page, "children-0-way") == "houses" and chosen(page, "children-1-way") == "watched"
    typed = {"day": page.text.split('name="day"')[1].split('value="')[1].split('"')[0], "venue": "home"}
    typed |= {"children-0-person": borough.jack.ref, "children-0-seen": "alone", "children-0-worries": "The dark"}
    typed |= {"children-0-face": "2", "children-0-scale": "", "children-1-person": borough.sofia.ref}
    typed |= {"children-1-seen": "others", "children-1-watched": "Sleeps well", "children-1-room": "Mum"}
    assert lead.post(f"{borough.at}/visits/new", data=typed).status_code == 302
    jack, sofia = entries(app)
    assert (jack.how, jack.worries, jack.face, jack.visit_id) == ("three_houses", "The dark", 2, sofia.visit_id)
    assert (sofia.how, sofia.words, sofia.room) == ("observation", "Sleeps well", "Mum")


def test_what_is_written_of_a_child_on_a_visit_is_not_lost_with_them(app, borough, lead):
    typed = {"day": "1 1 2026", "venue": "school", "children-0-person": borough.jack.ref, "children-0-seen": ""}
    answer = lead.post(f"{borough.at}/visits/new", data={**typed, "children-0-words": "Me too"})
    assert answer.status_code == 422 and "Say whether they were seen" in answer.text and "Me too" in answer.text
    assert entries(app) == []


def test_an_entry_in_three_houses_is_read_as_one_text_too(app, make, borough):
    borough.say(None, worries="The dark", good="My cat")
    view, who = borough.view(), make.actor(borough.lead)
    with app.app_context():
        (voice,) = reading.voices(view, who)
    assert (
        voice.quoted == "House of worries: “The dark”\nHouse of good things: “My cat”" and voice.how == "Three houses"
    )
