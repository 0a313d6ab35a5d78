"""Contacts in the database: registering, clocks, linking, answering, and two people at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tafcore import db
from tafcore.actor import Actor
from tafcore.contacts import access, service
from tafcore.contacts.commands import (
    AnswerContact,
    KnownPart,
    LinkFamily,
    LinkPart,
    LookAtContact,
    NoteAttempt,
    NoteConversation,
    RecordedInError,
    RegisterContact,
    TakeContact,
    TellReferrer,
    WithdrawContact,
)
from tafcore.contacts.likely import other_contacts
from tafcore.contacts.models import Contact, ContactMatch, ContactVoice
from tafcore.episodes.models import Episode
from tafcore.families import service as families
from tafcore.families.access import visible_family
from tafcore.families.models import Family
from tafcore.notices.models import Message
from tafcore.people.commands import PersonDetails
from tafcore.people.models import ContactWay, Person, PersonStatement
from tafcore.sharing.models import Agreement, SharingBasis
from tafcore.work import NotAllowed, NotFound, Refused
from tests.contacts.conftest import ADA, GOOD, JACK

FRIDAY = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)


@pytest.fixture
def do(app, make):
    """`do(service.look, user, LookAtContact(...))`: one write by a user."""

    def run(act, user, command):
        with app.app_context(), db.writing():
            return act(command, make.actor(user))

    return run


@pytest.fixture
def spoken(do):
    """That the family was spoken with."""

    def run(user, ref, **more):
        asked = {"how": "phone", "with_whom": "parent", "safe": True, "words": "Talked"} | more
        return do(service.converse, user, NoteConversation(contact=ref, **asked))

    return run


def problems(refused):
    return {problem.field: problem.message for problem in refused.value.problems}


# --- registering and clocks ---------------------------------------------------------------------------------------


def test_everything_told_is_kept_as_told(app, contacts, worker, hub):
    words = '  She said "it\'s <b>cold</b>" \u202e\t🏚️\n'
    ref = contacts.register(worker, wants=words, voices=[{"person": 0, "how": "spoken", "words": words}], level=2)
    row = contacts.get(ref)
    assert (row.wants, row.state, row.team_id, row.level) == (words, "received", hub.id, 2)
    assert row.registered_by == "Sam Lowe, " + hub.organisation.name
    with app.app_context():
        assert db.session.scalar(select(ContactVoice.words)) == words
        assert row.people[0].details() == PersonDetails.model_validate(JACK)


def test_clocks_start_when_it_was_received_and_count_working_days(contacts, worker):
    with time_machine.travel(FRIDAY):
        row = contacts.get(contacts.register(worker))
        today = contacts.get(contacts.register(worker, urgency="today"))
    assert row.first_look_due.date().isoformat() == "2026-11-23"
    assert row.conversation_due.date().isoformat() == "2026-11-25"
    assert row.answer_due.date().isoformat() == "2026-11-27"
    assert row.next_due == row.first_look_due
    assert today.next_due == today.conversation_due and today.next_due.date().isoformat() == "2026-11-20"


@pytest.mark.parametrize(
    ("told", "danger"),
    [
        ({"worries": "He has a knife"}, True),
        ({"voices": [{"person": 0, "how": "spoken", "words": "I am scared to go home"}]}, True),
        ({"origin": {"witnessed": "He saw him strangle her"}}, True),
        ({"people": [{**JACK, "born": "2026-09-01"}], "worries": "A bruise on his cheek"}, True),
        ({"worries": "A bruise on his knee"}, False),
        ({"worries": "She is staying with a friend"}, False),
    ],
)
def test_words_of_danger_are_looked_at_the_same_day(contacts, worker, told, danger):
    with time_machine.travel(FRIDAY):
        row = contacts.get(contacts.register(worker, **told))
    assert row.danger is danger
    assert row.first_look_due.date().isoformat() == ("2026-11-20" if danger else "2026-11-23")
    assert row.next_due == row.first_look_due


def test_a_contact_that_lacks_something_is_not_half_saved(app, contacts, worker):
    with pytest.raises(Refused) as refused:
        contacts.register(worker, wants=None, safe_how=None, source="1B")
    assert set(problems(refused)) == {"wants", "safe_how"}
    with app.app_context():
        assert db.session.scalar(select(func.count(Contact.id))) == 0


def test_a_demonstration_refuses_a_real_nhs_number_beside_its_field(contacts, worker):
    with pytest.raises(Refused) as refused:
        contacts.register(worker, people=[ADA, {**JACK, "nhs_number": "4010232137"}])
    assert set(problems(refused)) == {"people.1.nhs_number"}


def test_it_goes_to_a_team_that_takes_contacts(contacts, make, hub, teacher):
    area = make.neighbourhood()
    far = make.team(neighbourhood=area)
    near = make.user(team=make.team(takes_contacts=False, neighbourhood=area))
    assert contacts.get(contacts.register(teacher)).team_id == hub.id
    assert contacts.get(contacts.register(near)).team_id == far.id


def test_only_a_real_conversation_stops_the_clock(contacts, worker, do, spoken):
    ref = contacts.register(worker)
    do(service.attempt, worker, NoteAttempt(contact=ref, how="voicemail"))
    spoken(worker, ref, with_whom="other")
    spoken(worker, ref, safe=False)
    assert contacts.get(ref).conversation_at is None
    spoken(worker, ref, with_whom="young_person", how="in_person")
    row = contacts.get(ref)
    assert row.conversation_at and row.conversation_how == "in_person" and row.state == "in_triage"


def test_the_earliest_conversation_counts_and_none_lies_ahead(contacts, worker, spoken):
    ref = contacts.register(worker)
    spoken(worker, ref)
    earlier = db.utcnow() - timedelta(hours=2)
    spoken(worker, ref, happened_at=earlier)
    assert contacts.get(ref).conversation_at == earlier
    with pytest.raises(Refused) as refused:
        spoken(worker, ref, happened_at=db.utcnow() + timedelta(hours=1))
    assert set(problems(refused)) == {"happened_at"}


def test_a_first_look_may_change_the_urgency_and_with_it_the_deadline(contacts, worker, do):
    with time_machine.travel(FRIDAY, tick=False):
        ref = contacts.register(worker, urgency=None)
        do(service.look, worker, LookAtContact(contact=ref, urgency="today", level=3))
    row = contacts.get(ref)
    assert (row.urgency, row.level, row.state, row.first_look_at) == ("today", 3, "in_triage", FRIDAY)
    assert row.conversation_due.date() == FRIDAY.date()


def test_somebody_of_the_team_takes_it_on(contacts, make, hub, worker, teacher, do):
    ref = contacts.register(teacher)
    colleague = make.user("front_door", team=hub)
    do(service.take, worker, TakeContact(contact=ref, user=colleague.id))
    assert contacts.get(ref).taken_by_id == colleague.id
    with pytest.raises(Refused):
        do(service.take, worker, TakeContact(contact=ref, user=teacher.id))


def test_of_two_who_take_it_on_at_once_the_later_hears_that_it_is_taken(contacts, make, hub, worker, teacher, do):
    ref, colleague = contacts.register(teacher), make.user("front_door", team=hub, name="Ada Bell")
    do(service.take, colleague, TakeContact(contact=ref))
    do(service.take, colleague, TakeContact(contact=ref))
    with pytest.raises(Refused) as refused:
        do(service.take, worker, TakeContact(contact=ref))
    assert "Ada Bell has taken" in problems(refused)["user"]
    assert contacts.get(ref).taken_by_id == colleague.id
    do(service.take, worker, TakeContact(contact=ref, user=worker.id))
    assert contacts.get(ref).taken_by_id == worker.id


# --- who may see it -----------------------------------------------------------------------------------------------


def test_who_sees_a_contact(app, contacts, make, area, hub, worker, teacher):
    ref = contacts.register(teacher)
    other = make.user("front_door", team=make.team())
    seeing = {
        teacher: False,
        worker: True,
        make.user("early_help_manager", team=hub): True,
        make.user("early_help_manager", team=make.team(neighbourhood=area)): True,
    }
    blind = [other, make.user("practitioner", team=hub), make.user("board_member", team=hub), make.user("mash")]
    for user, inside in seeing.items():
        with app.app_context():
            assert access.find(ref, make.actor(user))[1] is inside
    for user in blind:
        with app.app_context(), pytest.raises(NotFound):
            access.find(ref, make.actor(user))


def test_a_registrar_outside_the_team_does_not_answer_it(contacts, teacher, hub, do):
    ref = contacts.register(teacher)
    with pytest.raises(NotAllowed):
        do(service.look, teacher, LookAtContact(contact=ref))


def test_a_bar_on_the_family_hides_its_contact(app, contacts, make, worker):
    ref = contacts.register(worker)
    family = contacts.link(worker, ref)
    with app.app_context(), db.writing():
        families.bar(visible_family(family, make.actor(worker)).id, "Own family", user_id=worker.id)
    with app.app_context(), pytest.raises(NotFound):
        access.find(ref, make.actor(worker))


# --- whom it is about ---------------------------------------------------------------------------------------------


def test_linking_makes_people_and_a_family_with_what_was_told(app, contacts, worker, hub, make):
    agreed = {"status": "agreed", "by": 1, "scope": ["school"], "told": "All of it"}
    ref = contacts.register(worker, agreement=agreed, sharing_basis="public_task", safe_never="At home")
    family_ref = contacts.link(worker, ref)
    with app.app_context():
        view = visible_family(family_ref, make.actor(worker))
        assert (view.name, view.scopes, view.neighbourhood_id) == ("Okoro family", {"triage"}, hub.neighbourhood_id)
        assert [person.role for person in view.people] == ["child", "mother"]
        assert not view.may("notes") and view.may("contacts")
        agreement = db.session.scalars(select(Agreement)).one()
        assert (agreement.status, agreement.scope, agreement.person_id) == ("agreed", "school", view.people[1].id)
        assert db.session.scalars(select(SharingBasis)).one().basis == "public_task"
        way = db.session.scalars(select(ContactWay)).one()
        assert way.safe and "Never: At home" in str(way.when)
        said = db.session.scalars(select(PersonStatement.said_by)).all()
        assert set(said) == {f"School (contact {ref})"}


def test_the_front_door_sees_the_family_only_while_the_contact_is_open(app, contacts, make, worker, do, spoken):
    ref = contacts.register(worker)
    family = contacts.link(worker, ref)
    spoken(worker, ref)
    do(service.answer, worker, answered(ref, "advice"))
    with app.app_context(), pytest.raises(NotFound):
        visible_family(family, make.actor(worker))


def test_a_second_contact_finds_the_family_by_its_people(app, contacts, worker, teacher):
    first = contacts.register(worker)
    family = contacts.link(worker, first)
    second = contacts.register(teacher, people=[{**JACK, "forename": "Jak"}])
    with app.app_context():
        jack = db.session.scalar(select(Person.ref).where(Person.forename == "Jack"))
        assert db.session.scalar(select(func.count(ContactMatch.id)).where(ContactMatch.score > 0.5)) >= 1
    assert contacts.link(worker, second, jack) == family
    with app.app_context():
        assert db.session.scalar(select(Person.forename).where(Person.ref == jack)) == "Jack"
        assert db.session.scalar(select(func.count(Person.id))) == 2


def test_somebody_on_record_is_not_made_twice_unless_they_were_shown_and_refused(app, contacts, worker):
    contacts.link(worker, contacts.register(worker))
    second = contacts.register(worker, people=[JACK])
    with pytest.raises(Refused) as refused:
        contacts.link(worker, second, None)
    assert set(problems(refused)) == {"people.0.ref"}
    with app.app_context():
        jack = db.session.scalar(select(Person.ref).where(Person.forename == "Jack"))
    assert contacts.link(worker, second, None, seen=(jack,))


def test_everybody_of_the_contact_must_be_settled(app, contacts, worker, make):
    ref = contacts.register(worker)
    with app.app_context(), db.writing(), pytest.raises(Refused) as refused:
        service.link(LinkFamily(contact=ref, people=(LinkPart(person=0),)), make.actor(worker))
    assert set(problems(refused)) == {"people.1.ref"}


def test_a_restricted_person_cannot_be_linked_at_the_door(app, contacts, worker):
    contacts.link(worker, contacts.register(worker))
    with app.app_context(), db.writing():
        person = db.session.scalars(select(Person).where(Person.forename == "Jack")).one()
        person.restricted = True
        ref = person.ref
    second = contacts.register(worker, people=[JACK])
    with pytest.raises(Refused) as refused:
        contacts.link(worker, second, ref)
    assert "duty line, 020 7946 0100" in problems(refused)["people.0.ref"]


def test_a_bar_is_not_got_round_by_linking(app, contacts, make, worker):
    with app.app_context():
        first = contacts.link(worker, contacts.register(worker))
    barred = make.user("front_door", team=make.team())
    with app.app_context(), db.writing():
        family = db.session.scalar(select(Family).where(Family.ref == first))
        families.bar(family.id, "Own family", user_id=barred.id)
        jack = db.session.scalar(select(Person.ref).where(Person.forename == "Jack"))
    with pytest.raises(Refused):
        contacts.link(barred, contacts.register(barred, people=[JACK]), jack)


def test_people_of_two_families_need_the_family_named(app, contacts, worker, make):
    first = contacts.link(worker, contacts.register(worker))
    cousin = {"role": "child", "forename": "Musa", "surname": "Bello", "born": "2015-01-02", "postcode": "HA2 8EQ"}
    contacts.link(worker, contacts.register(worker, people=[cousin]), None)
    both = contacts.register(worker, people=[JACK, cousin])
    with app.app_context():
        refs = [db.session.scalar(select(Person.ref).where(Person.forename == name)) for name in ("Jack", "Musa")]
    with pytest.raises(Refused) as refused:
        contacts.link(worker, both, *refs)
    assert set(problems(refused)) == {"family"}
    assert contacts.link(worker, both, *refs, family=first) == first


def test_hearsay_changes_nothing_on_record(app, contacts, worker):
    contacts.link(worker, contacts.register(worker))
    with app.app_context():
        ada = db.session.scalar(select(Person.ref).where(Person.forename == "Ada"))
    gossip = {**ADA, "address": "1 Elsewhere", "email": "ada@mail.example"}
    contacts.link(worker, contacts.register(worker, source="1B", people=[gossip]), ada)
    with app.app_context():
        assert db.session.scalar(select(func.count(ContactWay.id))) == 1


def test_an_agreement_in_force_is_not_narrowed_at_the_door(app, contacts, worker):
    agreed = {"status": "agreed", "by": 1, "scope": ["school", "vcs"]}
    contacts.link(worker, contacts.register(worker, agreement=agreed))
    with app.app_context():
        refs = [db.session.scalar(select(Person.ref).where(Person.forename == name)) for name in ("Jack", "Ada")]
    again = contacts.register(worker, agreement={**agreed, "scope": ["school"]})
    contacts.link(worker, again, *refs)
    with app.app_context():
        assert db.session.scalars(select(Agreement.scope)).all() == ["school vcs"]


def test_a_mother_agrees_and_her_child_says_not_now(app, contacts, worker):
    answers = [
        {"status": "agreed", "by": 1, "scope": ["school"], "told": "All of it"},
        {"status": "not_now", "by": 0, "reason": "Not today"},
        {"status": "not_asked", "by": 2, "reason": "Asking him is not safe"},
    ]
    father = {"role": "father", "forename": "Sam", "surname": "Okoro"}
    contacts.link(worker, contacts.register(worker, people=[JACK, ADA, father], agreement=answers), None, None, None)
    with app.app_context():
        rows = select(Person.forename, Agreement.status, Agreement.scope, Agreement.reason)
        rows = rows.join(Person, Person.id == Agreement.person_id).where(Agreement.ended_at.is_(None))
        assert db.session.execute(rows.order_by(Person.forename)).all() == [
            ("Ada", "agreed", "school", None),
            ("Jack", "not_now", "", "Not today"),
            ("Sam", "not_asked", "", "Asking him is not safe"),
        ]


def test_not_now_later_is_said_for_whoever_answered_and_not_for_who_was_not_asked(app, contacts, worker, do, spoken):
    answers = [{"status": "not_now", "by": 1}, {"status": "not_asked", "by": 0, "reason": "Asleep"}]
    ref = contacts.register(worker, agreement=answers)
    contacts.link(worker, ref)
    spoken(worker, ref)
    later = (db.utcnow() + timedelta(days=30)).date()
    do(service.answer, worker, answered(ref, "not_now", plan_b="School keeps an eye", follow_up_on=later))
    with app.app_context():
        rows = select(Person.forename, Agreement.status, Agreement.plan_b)
        rows = rows.join(Person, Person.id == Agreement.person_id).where(Agreement.ended_at.is_(None))
        rows = rows.order_by(Person.forename)
        assert db.session.execute(rows).all() == [
            ("Ada", "not_now", "School keeps an eye"),
            ("Jack", "not_asked", None),
        ]


def test_what_the_registrar_recognised_is_kept_for_triage(app, contacts, worker):
    contacts.link(worker, contacts.register(worker))
    with app.app_context():
        jack = db.session.scalar(select(Person.ref).where(Person.forename == "Jack"))
    contacts.register(worker, known=[KnownPart(person=0, ref=jack, answer="yes").model_dump()])
    with app.app_context():
        assert "yes" in db.session.scalars(select(ContactMatch.said)).all()
    with pytest.raises(Refused) as refused:
        contacts.register(worker, known=[{"person": 0, "ref": "P-0000-00", "answer": "yes"}])
    assert set(problems(refused)) == {"people.0.forename"}


def test_two_contacts_about_a_child_see_each_other_before_either_is_linked(app, contacts, make, worker, teacher):
    first = contacts.register(teacher, people=[JACK])
    outsider = make.user("practitioner")
    with app.app_context():
        [found] = other_contacts(PersonDetails.model_validate(JACK), make.actor(worker))
        assert (found.ref, found.label) == (first, "Jack Okoro") and found.score > 0.9
        [hidden] = other_contacts(PersonDetails.model_validate(JACK), make.actor(outsider))
        assert (hidden.ref, hidden.label, hidden.received_at, hidden.ring) == (None, None, None, "020 7946 0100")
        assert all("you typed" in words for words in hidden.why)


# --- two at once --------------------------------------------------------------------------------------------------


def at_once(app, *acts):
    """Run each in a thread of its own; gives what each raised."""
    raised, start = [None] * len(acts), threading.Barrier(len(acts))

    def run(place, act):
        with app.app_context():
            try:
                start.wait()
                with db.writing():
                    act()
            except Refused as fault:
                raised[place] = fault

    threads = [threading.Thread(target=run, args=row) for row in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_of_many_registrations_of_a_child_at_once_none_is_lost(app, contacts, make, worker, teacher):
    asked = RegisterContact.model_validate(contacts.told())
    actors = [make.actor(worker), make.actor(teacher)] * 4
    assert at_once(app, *(lambda actor=actor: service.register(asked, actor) for actor in actors)) == [None] * 8
    with app.app_context():
        assert db.session.scalar(select(func.count(Contact.id))) == 8
        assert len(set(db.session.scalars(select(Contact.ref)))) == 8


def test_two_who_link_the_same_child_at_once_do_not_make_him_twice(app, contacts, make, worker):
    refs = [contacts.register(worker, people=[JACK]) for _ in range(2)]
    actor = make.actor(worker)
    asked = [LinkFamily(contact=ref, people=(LinkPart(person=0),)) for ref in refs]
    raised = at_once(app, *(lambda one=one: service.link(one, actor) for one in asked))
    assert len([fault for fault in raised if fault]) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 1


# --- answering ----------------------------------------------------------------------------------------------------


def answered(ref, code, grade=GOOD, **more):
    told = {"advice": "Ring us any time", "reason": "Because", "grade": grade, **more}
    return AnswerContact(contact=ref, answer=code, **told)


def test_an_answer_before_a_conversation_says_why(contacts, worker, do):
    ref = contacts.register(worker)
    with pytest.raises(Refused) as refused:
        do(service.answer, worker, answered(ref, "advice"))
    assert set(problems(refused)) == {"unspoken"}
    do(service.answer, worker, answered(ref, "advice", unspoken="The number is dead"))
    row = contacts.get(ref)
    assert (row.state, row.answer, row.next_due) == ("closed", "advice", None)


def test_an_assessment_opens_help_child_by_child(app, contacts, make, worker, hub, do, spoken):
    ref = contacts.register(worker)
    family = contacts.link(worker, ref)
    spoken(worker, ref)
    with pytest.raises(Refused) as refused:
        do(service.answer, worker, answered(ref, "early_help_assessment"))
    assert set(problems(refused)) == {"children"}
    with app.app_context():
        child = visible_family(family, make.actor(worker)).children[0].ref
    level = {"person": child, "level": 2, "reason": "Cold home"}
    do(service.answer, worker, answered(ref, "early_help_assessment", children=[level]))
    with app.app_context():
        episode = db.session.scalars(select(Episode)).one()
        assert (episode.opened_why, episode.team_id) == ("Because", hub.id)
    assert contacts.get(ref).episode_id == episode.id


def test_joining_needs_open_help_and_tells_who_leads_it(app, contacts, make, worker, hub, do):
    manager = make.user("early_help_manager", team=hub)
    lead, cover = make.user("practitioner"), make.user("practitioner")
    known = make.family(team=hub)
    ref = contacts.register(
        worker, people=[{"role": "mother", "forename": "Ada", "surname": "Okoro", "born": "1990-03-01"}]
    )
    with app.app_context():
        ada = db.session.scalar(select(Person.ref).where(Person.forename == "Ada"))
    assert contacts.link(worker, ref, ada) == known.ref
    with pytest.raises(Refused) as refused:
        do(service.answer, worker, answered(ref, "joined_open_episode"))
    assert set(problems(refused)) == {"answer"}
    make.episode(known, manager, lead, cover)
    do(service.answer, worker, answered(ref, "joined_open_episode"))
    with app.app_context():
        told = db.session.scalars(select(Message).where(Message.to_user_id == lead.id, Message.about == ref)).all()
        assert len(told) == 1 and "Okoro" not in told[0].subject + told[0].body


def test_joining_help_that_nobody_leads_tells_the_team_that_helps(app, contacts, make, worker, hub, do):
    known = make.family(team=hub)
    ada = {"role": "mother", "forename": "Ada", "surname": "Okoro", "born": "1990-03-01"}
    ref = contacts.register(worker, people=[ada])
    with app.app_context():
        person = db.session.scalar(select(Person.ref).where(Person.forename == "Ada"))
    contacts.link(worker, ref, person)
    make.episode(known, make.user("early_help_manager", team=hub))
    do(service.answer, worker, answered(ref, "joined_open_episode"))
    with app.app_context():
        [told] = db.session.scalars(select(Message).where(Message.to_team_id == hub.id, Message.about == ref))
        assert "nobody leads" in told.subject and "Okoro" not in told.subject + told.body


@pytest.mark.parametrize(
    ("kind", "worries", "told"),
    [
        ("visitor", "He said he will kill me", True),
        ("one_off", "She is scared to go home", True),
        ("partner", "I was raped", True),
        ("visitor", "The rent", False),
        ("importer", "He said he will kill me", False),
    ],
)
def test_words_of_danger_that_no_worker_typed_are_told_to_the_team(app, hub, kind, worries, told):
    there = Actor(kind, 1, "There", team_id=hub.id, permissions=frozenset({"contacts.register"}))
    with app.app_context(), db.writing():
        ref = service.register(RegisterContact(people=[JACK], worries=worries, safe_how="Text"), there).ref
    with app.app_context():
        messages = list(db.session.scalars(select(Message).where(Message.to_team_id == hub.id, Message.about == ref)))
        assert ["danger" in one.subject for one in messages] == [True] * told
        assert all(worries not in one.subject + one.body for one in messages)


def test_not_now_is_a_recorded_outcome_with_a_plan_b_and_a_day(app, contacts, worker, do, spoken):
    ref = contacts.register(worker, agreement={"status": "not_now", "by": 1})
    contacts.link(worker, ref)
    spoken(worker, ref)
    later = (db.utcnow() + timedelta(days=30)).date()
    do(service.answer, worker, answered(ref, "not_now", plan_b="School keeps an eye", follow_up_on=later))
    with app.app_context():
        row = db.session.scalars(select(Agreement).where(Agreement.ended_at.is_(None))).one()
        assert (row.status, row.plan_b, row.follow_up_on) == ("not_now", "School keeps an eye", later)


def test_a_duplicate_names_another_contact_one_can_see(contacts, worker, make, do):
    first, second = contacts.register(worker), contacts.register(worker)
    elsewhere = contacts.register(make.user("front_door", team=make.team()))
    for wrong in (second, elsewhere, "C-0000-00"):
        with pytest.raises(Refused) as refused:
            do(service.answer, worker, answered(second, "duplicate", None, duplicate_of=wrong))
        assert set(problems(refused)) == {"duplicate_of"}
    do(service.answer, worker, answered(second, "duplicate", None, duplicate_of=first))
    assert contacts.get(second).duplicate_of_id == contacts.get(first).id


def test_a_step_up_answers_the_contact_it_came_from(app, contacts, make, worker):
    ref = contacts.register(worker)
    with app.app_context(), db.writing():
        contact = db.find_by_ref(Contact, ref)
        service.answer_stepped_up(contact, "Hurt", make.actor(worker))
        service.answer_stepped_up(contact, "Again", make.actor(worker))
    assert (contacts.get(ref).answer, contacts.get(ref).answer_reason) == ("stepped_up", "Hurt")


def test_an_answered_contact_waits_until_whoever_told_us_was_rung(contacts, worker, do, spoken):
    ref = contacts.register(worker, referrer={"name": "Head", "phone": "020 7946 0123"})
    spoken(worker, ref)
    do(service.answer, worker, answered(ref, "advice"))
    row = contacts.get(ref)
    assert row.state == "answered" and row.next_due == row.reply_due
    do(service.tell_referrer, worker, TellReferrer(contact=ref, how="Rang at noon"))
    assert contacts.get(ref).state == "closed"


@pytest.mark.parametrize(
    ("act", "command", "state"),
    [
        (service.withdraw, WithdrawContact, "withdrawn"),
        (service.record_in_error, RecordedInError, "recorded_in_error"),
    ],
)
def test_an_ended_contact_is_kept_and_opens_nothing(app, contacts, make, worker, do, act, command, state):
    ref = contacts.register(worker)
    family = contacts.link(worker, ref)
    do(act, worker, command(contact=ref, reason="Wrong people"))
    row = contacts.get(ref)
    assert (row.state, row.ended_reason, row.next_due) == (state, "Wrong people", None)
    with app.app_context(), pytest.raises(NotFound):
        visible_family(family, make.actor(worker))
    with pytest.raises(Refused):
        do(act, worker, command(contact=ref, reason="Again"))
