"""Linked households: each its own section, its own person to ring; nothing of one reaches the other where a rule keeps
it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tafcore import db, phrases
from tafcore.assessments.models import VoiceEntry, VoiceHearer
from tafcore.episodes.models import Household, HouseholdStay, TafMember
from tafcore.families.access import visible_family
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.meetings.models import Meeting, MeetingDecision, MeetingPerson
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddGoal, AddNeed
from tafcore.record import own_page, service
from tafcore.record.commands import KeepSafe, LearnFacts, PersonLeaves
from tafcore.record.own_copy import copy_of, sheet_of
from tafcore.standards.clock import london_day
from tafcore.trail.models import TrailEntry

from .conftest import SECRET_HOME, SECRET_PHONE, voice

FATHERS = "Ben's flat"
HIS_STREET = "3 Elder Street"
WEEKENDS = "Every other weekend"


def at(home, person, tab="household") -> str:
    return f"/families/{home.family.ref}/people/{person.ref}/{tab}"


def told(home, **more) -> dict:
    with home.app.app_context():
        helper = db.session.scalar(select(TafMember.id).where(TafMember.user_id == home.helper.id))
    typed = {"name": FATHERS, "lives": home.father.ref, "stays": home.jack.ref, "when": WEEKENDS, "contact": helper}
    return {**typed, "said_by": "Ben Cole", **more}


@pytest.fixture
def linked(home, alone):
    """The father lives apart, Jack stays with him, and the adviser is whom he rings."""
    with home.app.app_context(), db.writing():
        known = PersonDetails(role="father", address=HIS_STREET, phone="020 7946 0222", safe_contact="After six")
        people.learn(db.session.get_one(Person, home.father.id), known, "Ben Cole", home.make.actor(home.lead))
    assert alone(home.lead).post(at(home, home.father), data=told(home)).status_code == 302
    return home


def keep(home, *facts: str, protected=None) -> None:
    with home.app.app_context(), db.writing():
        command = KeepSafe(
            family=home.family.ref,
            protected=(protected or home.mother).ref,
            danger=home.father.ref,
            facts=facts,
            reason="Told us",
            review_on=london_day(db.utcnow()) + timedelta(days=30),
        )
        service.keep_safe(command, home.make.actor(home.lead))


def live_at_home(home, person) -> None:
    with home.app.app_context(), db.writing():
        row = db.session.get_one(Person, person.id)
        known = PersonDetails(role="child", address=SECRET_HOME, postcode="ZZ99 3VZ", phone=SECRET_PHONE)
        people.learn(row, known, "Ada", home.make.actor(home.lead))


def section(page: str, title: str) -> str:
    _, found = page.replace("&#39;", "'").split(f'aria-label="{title}"', 1)
    return found.split("</section>", 1)[0]


def test_each_household_is_a_section_of_both_pages(linked, alone) -> None:
    browser = alone(linked.lead)
    for tab in ("", "/people"):
        page = browser.get(f"/families/{linked.family.ref}{tab}").text
        his, main = section(page, FATHERS), section(page, "Main home")
        assert "Ben Cole" in his and HIS_STREET in his and "Jack: Every other weekend" in his and "After six" in his
        assert "Vic Adviser" in his and SECRET_HOME not in his and "Ada" not in his
        assert SECRET_HOME in main and HIS_STREET not in main and "Sofia" in main


def test_nobody_apart_no_section(home, alone) -> None:
    assert "Households" not in alone(home.lead).get(f"/families/{home.family.ref}").text


def test_what_is_on_record_is_offered_again_and_what_was_said_stays(linked, alone) -> None:
    browser = alone(linked.lead)
    form = browser.get(at(linked, linked.father)).text.replace("&#39;", "'")
    assert f'value="{FATHERS}"' in form and WEEKENDS in form
    browser.post(at(linked, linked.father), data=told(linked, when="Sundays", name="Dad's", said_by="Ada"))
    with linked.app.app_context():
        (row,) = db.session.scalars(select(Household))
        stays = list(db.session.scalars(select(HouseholdStay).order_by(HouseholdStay.id)))
        assert row.name == "Dad's"
        assert [(one.lives, one.when, one.said_by, one.until_day is None) for one in stays] == [
            (True, None, "Ben Cole", True),
            (False, WEEKENDS, "Ben Cole", False),
            (False, "Sundays", "Ada", True),
        ]
        assert (
            visible_family(linked.family.ref, linked.make.actor(linked.lead)).person(linked.father.ref).household
            == "Dad's"
        )


def test_nobody_ticked_ends_it(linked, alone) -> None:
    browser = alone(linked.lead)
    ended = told(linked, lives=[], stays=[], when="", contact="")
    assert browser.post(at(linked, linked.father), data=ended).status_code == 302
    assert "Households" not in browser.get(f"/families/{linked.family.ref}/people").text
    with linked.app.app_context():
        assert all(one.until_day for one in db.session.scalars(select(HouseholdStay)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "Main home"}, "a name of its own"),
        ({"name": ""}, "what this household is called"),
        ({"stays": "father"}, "tick them once"),
        ({"lives": "nobody"}, "Tick who lives there"),
        ({"contact": "1000000"}, "Not a valid choice"),
        ({"said_by": ""}, "who told you"),
    ],
)
def test_faults_are_said_beside_their_field(home, alone, wrong, words) -> None:
    wrong = {name: home.father.ref if value == "father" else value for name, value in wrong.items()}
    wrong = {name: [] if value == "nobody" else value for name, value in wrong.items()}
    page = alone(home.lead).post(at(home, home.father), data=told(home, **wrong))
    assert page.status_code == 422 and words in page.text
    with home.app.app_context():
        assert db.session.scalar(select(Household.id)) is None


def test_the_trail_and_the_chronology_say_that_it_changed_and_not_where(linked, alone) -> None:
    page = alone(linked.lead).get(f"/families/{linked.family.ref}/chronology").text
    assert "Who lives where was brought up to date" in page and FATHERS not in page.replace("&#39;", "'")
    with linked.app.app_context():
        kinds = set(db.session.scalars(select(TrailEntry.kind)))
    assert "episodes.household_set" in kinds


def test_only_those_who_work_with_the_family_say_who_lives_where(linked, sign_in) -> None:
    assert sign_in(linked.stranger).get(at(linked, linked.father)).status_code == 404
    assert sign_in(linked.stranger).post(at(linked, linked.father), data=told(linked)).status_code == 404


def test_he_rings_his_own_contact_and_she_the_lead(linked) -> None:
    def rings(person) -> str:
        with linked.app.app_context():
            view = visible_family(linked.family.ref, linked.make.actor(linked.lead))
            return own_page.page_of(view.before([person.id]), person.id).ring.name

    assert rings(linked.father) == "Vic Adviser, Money Matters" and rings(linked.mother).startswith("Ann Patel")
    keep(linked, "school")
    assert rings(linked.father) == "Vic Adviser"
    keep(linked, "worker")
    assert rings(linked.father) == ""


def test_a_contact_who_left_the_team_is_rung_no_more(linked, alone) -> None:
    with linked.app.app_context(), db.writing():
        db.session.scalar(select(TafMember)).left_at = db.utcnow()
    his = section(alone(linked.lead).get(f"/families/{linked.family.ref}").text, FATHERS)
    assert "Vic Adviser" not in his and "The lead professional" in his


def test_where_she_lives_is_kept_from_him_whoever_else_lives_there(linked, sign_in, alone) -> None:
    live_at_home(linked, linked.jack)
    keep(linked, "address", "contact")
    for tab in ("", "/people"):
        page = sign_in(linked.lead).get(f"/families/{linked.family.ref}{tab}").text
        assert SECRET_HOME not in page and "Hidden" not in page and "7946 0777" not in page and "79460777" not in page
        assert SECRET_HOME in alone(linked.lead).get(f"/families/{linked.family.ref}{tab}").text


def test_a_household_named_after_the_place_is_kept_with_the_place(home, sign_in, alone) -> None:
    with home.app.app_context(), db.writing():
        for person in (home.mother, home.sofia):
            place = LearnFacts(
                family=home.family.ref,
                person=person.ref,
                details=PersonDetails(role="mother"),
                household="Refuge in Larch Road",
                said_by="Ada",
            )
            service.learn(place, home.make.actor(home.lead))
    keep(home, "address")
    shown = sign_in(home.lead)
    for tab in ("", "/people", f"/people/{home.mother.ref}/household", f"/people/{home.jack.ref}/household"):
        assert "Larch Road" not in shown.get(f"/families/{home.family.ref}{tab}", follow_redirects=True).text
    assert "Larch Road" in alone(home.lead).get(f"/families/{home.family.ref}/people").text


def test_when_a_child_stays_is_kept_from_whom_it_is_kept(linked, sign_in) -> None:
    keep(linked, "attendance", protected=linked.jack)
    page = sign_in(linked.lead).get(f"/families/{linked.family.ref}/people").text
    assert WEEKENDS not in page and HIS_STREET in page


def test_who_leaves_the_family_lives_and_stays_in_none_of_its_households(linked) -> None:
    with linked.app.app_context(), db.writing():
        gone = PersonLeaves(family=linked.family.ref, person=linked.jack.ref, reason="Moved away")
        service.leaves(gone, linked.make.actor(linked.lead))
        stays = select(HouseholdStay.until_day).where(HouseholdStay.person_id == linked.jack.id)
        assert None not in list(db.session.scalars(stays))


# --- each household's part -------------------------------------------------------------------------------------------


FOR_JACK, FOR_SOFIA, FOR_HIM, FOR_ALL, HERS = (
    "Jack sleeps through",
    "Sofia talks more",
    "Ben finds work",
    "Mornings are calm",
    "Ada sees the doctor",
)


@pytest.fixture
def planned_apart(linked):
    """A plan about each of them, and about the whole family; Jack is shared, Sofia is his sister at home alone."""
    with linked.app.app_context(), db.writing():
        lead = linked.make.actor(linked.lead)
        about = [(linked.jack, FOR_JACK), (linked.sofia, FOR_SOFIA), (linked.father, FOR_HIM), (linked.mother, HERS)]
        goals = {words: goal(linked, person, words) for person, words in (*about, (None, FOR_ALL))}
        action = {"family": linked.family.ref, "due": london_day(db.utcnow()) + timedelta(days=20)}
        plans.add_action(
            AddAction(goal=goals[FOR_JACK], words="Read to him", owner_person=linked.father.ref, **action), lead
        )
        plans.add_action(
            AddAction(goal=goals[FOR_ALL], words="Lay out clothes", owner_person=linked.mother.ref, **action), lead
        )
    return SimpleNamespace(**vars(linked), goals=goals, action=action)


def goal(home, person, words):
    lead = home.make.actor(home.lead)
    need = AddNeed(family=home.family.ref, person=person.ref if person else None, outcome=5, words="A need")
    made = plans.add_need(need, lead)
    due = london_day(db.utcnow()) + timedelta(days=30)
    return plans.add_goal(AddGoal(family=home.family.ref, need=made.ref, words=words, due=due), lead).ref


def page_for(home, person):
    with home.app.app_context():
        view = visible_family(home.family.ref, home.make.actor(home.lead))
        return own_page.page_of(view.before([person.id]), person.id)


def reads(home, person) -> set[str]:
    return {one.words for one in page_for(home, person).goals}


def test_each_household_reads_its_own_part_and_the_shared_childs(planned_apart) -> None:
    home = planned_apart
    assert reads(home, home.father) == {FOR_HIM, FOR_JACK}
    assert reads(home, home.mother) == {HERS, FOR_JACK, FOR_SOFIA, FOR_ALL}
    assert reads(home, home.jack) == {FOR_JACK, FOR_ALL}


def test_what_is_for_all_is_a_household_aparts_where_somebody_of_it_takes_part(planned_apart) -> None:
    home = planned_apart
    with home.app.app_context(), db.writing():
        mine = {"words": "Bring him in time", "owner_person": home.father.ref, **home.action}
        plans.add_action(AddAction(goal=home.goals[FOR_ALL], **mine), home.make.actor(home.lead))
    (whole,) = [one for one in page_for(home, home.father).goals if one.words == FOR_ALL]
    assert [one.words for one in whole.actions] == [], "what she does for it is hers"
    assert "Bring him in time" in {one.words for one in page_for(home, home.father).mine}


def test_of_whom_nothing_is_on_record_the_children_are_their_fathers_too(home, alone) -> None:
    with home.app.app_context(), db.writing():
        goal(home, home.sofia, FOR_SOFIA)
    typed = told(home, stays=[], when="")
    assert alone(home.lead).post(at(home, home.father), data=typed).status_code == 302
    assert FOR_SOFIA in reads(home, home.father)
    typed = told(home, stays=home.jack.ref)
    assert alone(home.lead).post(at(home, home.father), data=typed).status_code == 302
    assert FOR_SOFIA not in reads(home, home.father), "it is said which children stay with him"


def test_what_a_child_said_is_heard_by_the_household_it_is_of(planned_apart) -> None:
    home = planned_apart
    with home.app.app_context(), db.writing():
        for child, words in ((home.jack, "I like the swings"), (home.sofia, "I am cold")):
            voice(home, child, words, "parents", home.mother)
            made = db.session.scalars(select(VoiceEntry.id).where(VoiceEntry.words == words)).one()
            db.session.add(VoiceHearer(voice_id=made, person_id=home.father.id))
    heard = {one.words for one in page_for(home, home.father).said}
    assert heard == {"I like the swings"}
    assert {one.words for one in page_for(home, home.mother).said} == {"I like the swings", "I am cold"}


# --- a copy, and a meeting of its own --------------------------------------------------------------------------------


def hold(home, people, **more):
    """A meeting of these people that was held, with a decision about each child and one about nobody alone."""
    with home.app.app_context(), db.writing():
        asked = {"family": home.family.ref, "at": db.utcnow() + timedelta(hours=3), "place": "Larch hub"}
        actor = home.make.actor(home.lead)
        made = meetings.schedule(ScheduleMeeting(**asked, people=[one.ref for one in people], **more), actor)
        made.state = "held"
        db.session.flush()
        for row in db.session.scalars(select(MeetingPerson).where(MeetingPerson.meeting_id == made.id)):
            row.attended = "present"
        for words, about in (("For Jack", home.jack), ("For Sofia", home.sofia), ("For everybody", None)):
            row = MeetingDecision(meeting_id=made.id, kind="decided", words=words)
            row.person_id = about.id if about else None
            db.session.add(row)
        return made.ref


def copy_for(home, meeting, person) -> str:
    with home.app.app_context():
        view = visible_family(home.family.ref, home.make.actor(home.lead))
        row = db.session.scalars(select(Meeting).where(Meeting.ref == meeting)).one()
        sheet = sheet_of(copy_of(view.shown_to_family(), row, view.person(person.ref)), phrases.language("en"))
        return json.dumps(sheet)


def test_a_copy_for_the_other_household_carries_its_own_and_the_shared_childs_part(planned_apart) -> None:
    home = planned_apart
    meeting = hold(home, [home.father, home.mother])
    his, hers = copy_for(home, meeting, home.father), copy_for(home, meeting, home.mother)
    for words, is_his, is_hers in (
        (FOR_JACK, True, True),
        (FOR_SOFIA, False, True),
        (FOR_HIM, True, False),
        (HERS, False, True),
        (FOR_ALL, False, True),
        ("For Jack", True, True),
        ("For Sofia", False, True),
        ("For everybody", True, True),  # he was there
    ):
        assert ((words in his), (words in hers)) == (is_his, is_hers), words


def test_a_copy_names_whom_the_household_rings_and_who_stands_in(planned_apart) -> None:
    home = planned_apart
    meeting = hold(home, [home.father, home.mother])
    his, hers = copy_for(home, meeting, home.father), copy_for(home, meeting, home.mother)
    assert "Vic Adviser, Money Matters" in his and "Vic Adviser" not in hers
    assert "Ann Patel" in his, "the lead stands in where nobody else is named"
    with home.app.app_context(), db.writing():
        db.session.scalar(select(TafMember).where(TafMember.user_id == home.helper.id)).cover = "Una Standing"
    assert "Una Standing" in copy_for(home, meeting, home.father)
    keep(home, "worker")
    assert "Vic Adviser" not in copy_for(home, meeting, home.father)


def test_a_meeting_is_for_one_household(planned_apart, alone) -> None:
    home, browser = planned_apart, alone(planned_apart.lead)
    new = f"/families/{home.family.ref}/meetings/new"
    page = browser.get(new).text.replace("&#39;", "'")
    assert "Whom is it for?" in page and "Ben's flat (Ben, Jack)" in page
    page = browser.get(f"{new}?household={home.father.ref}").text
    those = (home.father, home.jack, home.mother, home.sofia)
    assert [ticked(page, one) for one in those] == [True, True, False, False]
    typed = {**when(home), "household": home.father.ref, "people": [home.father.ref, home.jack.ref]}
    answer = browser.post(f"{new}?household={home.father.ref}", data=typed)
    assert answer.status_code == 302, answer.text
    assert "Ben&#39;s flat" in browser.get(answer.location).text
    assert "Meeting, Ben&#39;s flat" in browser.get(f"/families/{home.family.ref}").text
    assert "His school" in browser.get(f"{new}?household={home.father.ref}").text, "where his household met last"
    assert "His school" not in browser.get(new).text, "not where everybody does"
    agenda = browser.get(f"{answer.location}/agenda").text
    held = browser.get(f"{answer.location}/hold").text
    for words, there in ((FOR_JACK, True), (FOR_HIM, True), (FOR_SOFIA, False), (HERS, False), (FOR_ALL, False)):
        assert (words in agenda, words in held) == (there, there), words
    assert f"voice-{home.jack.ref}" in held and f"voice-{home.sofia.ref}" not in held


def when(home) -> dict[str, str]:
    with home.app.app_context():
        day = london_day(db.utcnow()) + timedelta(days=9)
    return {"at": f"{day:%d %b %Y}", "time": "15:30", "place": "His school"}


def ticked(page: str, person) -> bool:
    return re.search(f'value="{person.ref}"[^>]*checked', page) is not None


def test_only_a_household_apart_has_a_meeting_of_its_own(planned_apart, alone) -> None:
    home, browser = planned_apart, alone(planned_apart.lead)
    for wrong in (home.mother.ref, "P-2222-22"):
        typed = {**when(home), "people": home.mother.ref, "household": wrong}
        answer = browser.post(f"/families/{home.family.ref}/meetings/new", data=typed)
        assert answer.status_code == 422 and "Choose a household that lives apart" in answer.text


def test_the_next_meeting_is_of_the_same_household_and_without_words_those_who_stay_are_invited(planned_apart) -> None:
    home = planned_apart
    with home.app.app_context(), db.writing():
        asked = {"family": home.family.ref, "at": db.utcnow() + timedelta(days=3), "place": "Larch hub"}
        made = meetings.schedule(ScheduleMeeting(**asked, household=home.father.ref), home.make.actor(home.lead))
        invited = select(MeetingPerson.person_id).where(MeetingPerson.meeting_id == made.id)
        there = {one for one in db.session.scalars(invited) if one}
        assert there == {home.father.id, home.jack.id}
        assert db.session.get_one(Household, made.household_id).name == FATHERS


def test_where_she_must_not_know_a_household_its_name_is_on_no_meeting(planned_apart, sign_in) -> None:
    home = planned_apart
    meeting = hold(home, [home.father], household=home.father.ref)
    with home.app.app_context(), db.writing():
        told = {"protected": home.father.ref, "danger": home.mother.ref, "facts": ("address",), "reason": "Told us"}
        later = london_day(db.utcnow()) + timedelta(days=30)
        rule = KeepSafe(family=home.family.ref, review_on=later, **told)
        service.keep_safe(rule, home.make.actor(home.lead))
    for tab in ("meetings", "meetings/new"):
        page = sign_in(home.lead).get(f"/families/{home.family.ref}/{tab}")
        assert page.status_code == 200 and FATHERS not in page.text.replace("&#39;", "'"), tab
    assert FATHERS in sign_in(home.lead).get(f"/meetings/{meeting}").text.replace("&#39;", "'"), "before him it is his"
