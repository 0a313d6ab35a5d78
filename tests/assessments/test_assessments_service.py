"""Visits with their clocks; children's words and who may hear them."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tafcore.assessments import figures, plugin, reading, service
from tafcore.assessments.commands import RecordVisit, RecordVoice, RespondToVoice, SetHearing, TakeBack
from tafcore.assessments.models import VoiceEntry
from tafcore.contacts.models import Contact, ContactPerson, ContactVoice
from tafcore.contributions import Count, Period
from tafcore.db import session, utcnow, writing
from tafcore.families.access import visible_family
from tafcore.families.models import Family
from tafcore.families.service import add_member
from tafcore.notices.models import Message
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.people.service import make_person
from tafcore.standards import service as standards
from tafcore.standards.clock import london_day
from tafcore.trail.models import TrailEntry, TrailPayload
from tafcore.work import NotAllowed, NotFound, Refused


def seen(app, borough, **more):
    view = borough.view(**more)
    with app.app_context():
        return reading.children_seen(view)


def test_the_clock_runs_from_opening_and_again_from_each_visit(app, borough):
    opened = utcnow()
    before = seen(app, borough)
    with app.app_context():
        first = standards.due("child_seen_first", opened)
        again = standards.due("child_seen_again", opened)
    assert (before[borough.jack.id].last_seen, before[borough.jack.id].due) == (None, first)
    borough.visit((borough.jack, "alone", {}), (borough.sofia, "no", {"why_not": "Asleep"}))
    after = seen(app, borough)
    jack, sofia = after[borough.jack.id], after[borough.sofia.id]
    assert (jack.where, jack.alone, jack.at_home, jack.due) == ("School or setting", True, None, again)
    assert (sofia.last_seen, sofia.why_not, sofia.due) == (None, "Asleep", first)


def test_being_seen_by_video_stops_no_clock(app, borough):
    borough.visit((borough.jack, "alone", {}), venue="virtual")
    assert seen(app, borough)[borough.jack.id].last_seen is None


def test_late_is_late(app, borough):
    with time_machine.travel(utcnow() + timedelta(days=30)):
        assert seen(app, borough)[borough.sofia.id].late


def test_at_home_each_child_is_accounted_for(app, borough):
    with pytest.raises(Refused, match="Say for Child1 Okoro"):
        borough.visit((borough.jack, "alone", {}), venue="home")
    borough.visit((borough.jack, "alone", {}), (borough.sofia, "alone", {}), venue="home")
    assert seen(app, borough)[borough.sofia.id].at_home is not None


def test_a_reason_is_asked_child_by_child(borough):
    with pytest.raises(Refused) as refused:
        borough.visit((borough.jack, "others", {}), (borough.sofia, "no", {}))
    assert [one.field for one in refused.value.problems] == ["children.0.why_not", "children.1.why_not"]


def test_a_visit_is_of_a_day_that_was_and_of_somebody(borough):
    tomorrow = london_day(utcnow()) + timedelta(days=1)
    with pytest.raises(Refused, match="still to come"):
        borough.visit((borough.jack, "alone", {}), day=tomorrow)
    with pytest.raises(Refused, match="who was seen"):
        borough.visit()


def test_words_said_on_a_visit_are_the_childs_voice(app, borough):
    visit = borough.visit((borough.jack, "alone", {"words": "It's too cold to sleep", "how": "drawing"}))
    with app.app_context():
        voice = session.scalars(select(VoiceEntry)).one()
        assert (voice.visit_id, voice.how, voice.audience, voice.harm) == (visit.id, "drawing", "team", False)


def test_only_who_works_with_the_family_records(borough):
    with pytest.raises(NotFound):
        borough.visit((borough.jack, "alone", {}), user=borough.nobody)
    with pytest.raises(NotFound):
        borough.say(user=borough.nobody)
    assert borough.visit((borough.jack, "alone", {}), user=borough.member).by == "V. Helper, Money Advice"


def test_a_child_of_another_family_is_nobody_here(make, borough):
    other = make.family(name="Rahman", team=borough.team)
    make.episode(other, borough.manager, borough.lead)
    with pytest.raises(NotFound):
        borough.do(service.record_voice, RecordVoice(family=other.ref, person=borough.jack.ref, words="Hello"))
    part = {"person": borough.jack.ref, "seen": "alone"}
    with pytest.raises(NotFound):
        borough.do(service.record_visit, RecordVisit(family=other.ref, venue="school", children=[part]))


def test_an_adult_has_no_childs_voice(borough):
    with pytest.raises(Refused, match="Choose a child"):
        borough.say(child=borough.mother)


# --- who may hear ----------------------------------------------------------------------------------------------------


def test_nobody_in_the_family_hears_by_default(borough):
    borough.say()
    assert borough.heard() == borough.heard(borough.member) == ["It's too cold to sleep"]
    assert borough.heard(shared=True) == [] and borough.heard(before=[borough.mother.id]) == []


def test_after_the_child_agreed_the_named_parent_hears(make, borough):
    voice = borough.say()
    hearing = {"family": borough.family.ref, "voice": voice.ref, "audience": "parents"}
    with pytest.raises(Refused, match="say yes first"):
        borough.do(service.set_hearing, SetHearing(**hearing, hearers=[borough.mother.ref]))
    borough.do(service.set_hearing, SetHearing(**hearing, hearers=[borough.mother.ref], asked="yes"))
    assert borough.heard(shared=True) == borough.heard(before=[borough.mother.id]) == ["It's too cold to sleep"]
    back = SetHearing(**{**hearing, "audience": "team"}, asked="no")
    borough.do(service.set_hearing, back)
    assert borough.heard(shared=True) == []


def test_a_parent_who_is_not_named_does_not_hear(app, make, borough):
    with app.app_context(), writing():
        teller = make.actor(borough.lead)
        father = make_person(PersonDetails(role="father", forename="Femi", surname="Okoro"), "Ada", teller)
        add_member(session.get_one(Family, borough.family.id), father, "father")
        father_id = father.id
    borough.say(audience="parents", hearers=[borough.mother.ref], asked="yes")
    assert borough.heard(before=[borough.mother.id]) == ["It's too cold to sleep"]
    assert borough.heard(before=[father_id]) == borough.heard(shared=True) == []


def test_recorder_and_manager_only_means_just_them(borough):
    borough.say(user=borough.member, audience="recorder")
    assert borough.heard(borough.member) == borough.heard(borough.manager) == ["It's too cold to sleep"]
    assert borough.heard(borough.lead) == []


def test_words_that_suggest_harm_stay_out_of_every_family_output(app, borough):
    with pytest.raises(Refused, match="may suggest harm"):
        borough.say("He hits me", audience="parents", hearers=[borough.mother.ref], asked="yes")
    borough.say("He hits me")
    with app.app_context():
        assert session.scalars(select(VoiceEntry)).one().harm
        told = session.scalars(select(Message).where(Message.subject.contains("looked at today"))).one()
        assert "hits" not in told.body and told.to_team_id == borough.team.id
    borough.say("He hits the ball", harm=False, audience="parents", hearers=[borough.mother.ref], asked="yes")
    assert borough.heard(shared=True) == ["He hits the ball"]


def test_the_words_are_in_no_chronology_and_no_trail(app, borough):
    borough.say("He hits me")
    borough.visit((borough.jack, "alone", {"words": "He hits me"}))
    with app.app_context():
        assert "hits" not in " ".join(session.scalars(select(TrailPayload.payload)))
        kinds = set(session.scalars(select(TrailEntry.kind).where(TrailEntry.kind.like("assessments.%"))))
        assert kinds == {"assessments.voice_recorded", "assessments.visit_recorded"}


def test_a_safety_rule_hides_child_place_and_worker(app, make, borough):
    borough.visit((borough.jack, "alone", {"observation": "Tired"}))
    borough.visit((borough.sofia, "alone", {}))
    borough.say(audience="parents", hearers=[borough.mother.ref], asked="yes")
    make.protect(borough.jack.id, borough.mother.id, {"school", "worker"})
    view = borough.view(shared=True)
    with app.app_context():
        (sister, visit) = sorted(reading.visits_of(view), key=lambda one: one.people[0].name == borough.jack.name)
        assert (visit.where, visit.by, visit.people[0].observation) == ("", reading.SOMEBODY, None)
        assert sister.people[0].name == borough.sofia.name and sister.by == reading.SOMEBODY
        assert reading.children_seen(view)[borough.jack.id].where == ""
        assert reading.voices(view)[0].by == reading.SOMEBODY
    make.protect(borough.jack.id, borough.mother.id, {"help"})
    view = borough.view(shared=True)
    with app.app_context():
        assert reading.voices(view) == ()
        assert [one.people[0].name for one in reading.visits_of(view)] == [borough.sofia.name]
        assert borough.jack.id not in reading.children_seen(view)


# --- what was done, and mistakes -------------------------------------------------------------------------------------


def test_you_said_we_did(app, borough):
    voice = borough.say(audience="parents", hearers=[borough.mother.ref], asked="yes")
    today = london_day(utcnow())
    command = {"family": borough.family.ref, "voice": voice.ref, "words": "Two heaters came"}
    with pytest.raises(Refused, match="still to come"):
        borough.do(service.respond, RespondToVoice(**command, told_on=today + timedelta(days=1)))
    borough.do(service.respond, RespondToVoice(**command, told_on=today, told_how="At school"), borough.member)
    view = borough.view(shared=True)
    with app.app_context():
        (told,) = reading.last_said(reading.voices(view))[borough.jack.id].responses
    assert (told.words, told.told_on, told.told_how) == ("Two heaters came", today, "At school")


def test_a_mistake_is_neither_shown_nor_counted(app, borough):
    visit, voice = borough.visit((borough.jack, "alone", {})), borough.say()
    for part in (visit.ref, voice.ref):
        command = TakeBack(family=borough.family.ref, part=part, reason="Another family")
        with pytest.raises(NotAllowed):
            borough.do(service.take_back, command, borough.member)
        borough.do(service.take_back, command)
        with pytest.raises(NotFound):
            borough.do(service.take_back, command)
    assert borough.heard() == [] and seen(app, borough)[borough.jack.id].last_seen is None


def test_what_only_the_recorder_may_hear_nobody_else_changes(borough):
    voice = borough.say(user=borough.member, audience="recorder")
    command = RespondToVoice(family=borough.family.ref, voice=voice.ref, words="Told the manager")
    with pytest.raises(NotFound):
        borough.do(service.respond, command)
    borough.do(service.respond, command, borough.manager)


# --- what waits, what is carried, figures, cost ----------------------------------------------------------------------


def test_children_not_seen_wait_for_the_lead(app, make, borough):
    with app.app_context():
        assert plugin._to_see(make.actor(borough.lead), utcnow()) == []
    with time_machine.travel(utcnow() + timedelta(days=20)):
        borough.visit((borough.jack, "alone", {}))
        with app.app_context():
            (task,) = plugin._to_see(make.actor(borough.lead), utcnow())
            assert plugin._to_see(make.actor(borough.member), utcnow()) == []
    assert task.title == "Child1 has not been seen yet" and "late" in task.late


def test_words_that_suggest_harm_wait_for_who_recorded_them_until_acted_on(app, make, borough):
    voice = borough.say("He hits me", user=borough.member)
    with app.app_context():
        (task,) = plugin._to_look_at(make.actor(borough.member), utcnow())
        assert "hits" not in task.title
    command = RespondToVoice(family=borough.family.ref, voice=voice.ref, words="Rang MASH")
    borough.do(service.respond, command, borough.member)
    with app.app_context():
        assert plugin._to_look_at(make.actor(borough.member), utcnow()) == []


def test_what_a_child_said_at_the_door_joins_the_record_once(app, make, borough):
    family = make.family(borough.team, "Rahman")
    with app.app_context():
        child = visible_family(family.ref, make.actor(borough.manager)).children[0]
    with app.app_context(), writing():
        contact = make_contact(family.id)
        person = ContactPerson(
            contact_id=contact.id, position=0, role="child", sort_name="", said_name="", person_id=child.id
        )
        session.add(person)
        session.flush()
        session.add(ContactVoice(contact_person_id=person.id, how="spoken", words="I miss my dad"))
    make.episode(family, borough.manager, borough.lead)
    with app.app_context(), writing():
        service.carry_voices(family.id, make.actor(borough.lead))
    with app.app_context():
        voice = session.scalars(select(VoiceEntry).where(VoiceEntry.family_id == family.id)).one()
        assert (voice.words, voice.person_id, voice.audience) == ("I miss my dad", child.id, "team")


def make_contact(family_id):
    """A contact as the front door leaves it."""
    now = utcnow()
    contact = Contact(ref="C-2222-22", family_id=family_id, source="1A", registered_by="Hub", registered_key="user:1")
    contact.received_at = contact.first_look_due = contact.conversation_due = contact.answer_due = now
    contact.anonymous, contact.agreement = False, "agreed"
    session.add(contact)
    session.flush()
    return contact


def test_figures_count_children_seen_at_home_and_heard(app, borough):
    borough.visit((borough.jack, "alone", {"words": "Cold"}), (borough.sofia, "no", {"why_not": "Out"}), venue="home")
    today = london_day(utcnow())
    period = Period(today - timedelta(days=30), today)
    with app.app_context():
        assert figures.seen_at_home(period, None) == {"": Count(1, 2)}
        assert figures.heard(period, "neighbourhood") == {"Not known": Count(1, 2)}
        before = Period(today - timedelta(days=30), today - timedelta(days=1))
        assert figures.heard(before, None) == {"": Count(0, 0)}


def test_thirty_voices_cost_no_more_statements_than_three(app, make, borough, counting):
    view, who = borough.view(), make.actor(borough.lead)

    def statements():
        with app.app_context(), counting() as sent:
            reading.voices(view, who)
            reading.visits_of(view)
            reading.children_seen(view)
        return len(sent)

    for _ in range(3):
        borough.visit((borough.jack, "alone", {"words": "Cold"}))
    few = statements()
    for _ in range(12):
        borough.visit((borough.jack, "alone", {"words": "Cold"}), (borough.sofia, "alone", {}))
    assert statements() == few


def test_a_child_on_two_records_is_counted_and_asked_for_once(app, make, borough):
    borough.visit((borough.jack, "no", {"why_not": "Out"}), (borough.sofia, "alone", {}), venue="home")
    with app.app_context(), writing():
        session.get_one(Person, borough.sofia.id).canonical_id = borough.jack.id
    with app.app_context():
        today = london_day(utcnow())
        period = Period(today, today)
        assert figures.seen_at_home(period, None) == {"": Count(1, 1)}
        assert figures.heard(period, None) == {"": Count(0, 1)}
        later = utcnow() + timedelta(days=60)
        [task] = plugin._to_see(make.actor(borough.lead), later)
        assert task.title.startswith("Child0 was last seen")
