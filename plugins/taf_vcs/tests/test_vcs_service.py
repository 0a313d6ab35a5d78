"""Offers, requests and who sees what of them."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from taf_vcs import figures, offers, reading, service, waiting
from taf_vcs.commands import NoteInterim, TakeBack
from taf_vcs.files import command_of
from taf_vcs.models import Offer, Request
from tafcore.api import (
    Actor,
    Count,
    Episode,
    Family,
    NotAllowed,
    NotFound,
    Period,
    Person,
    Refused,
    session,
    utcnow,
    writing,
)

IMPORTER = Actor("importer", None, "A file", permissions=frozenset({"vcs.import"}))
AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 30))


def fields(refused):
    return [problem.field for problem in refused.value.problems]


# --- asking and answering -------------------------------------------------------------------------------------------


def test_a_request_is_asked_accepted_begun_and_ended(place):
    ref = place.ask(interim="The hub's food shelf")
    asked = place.row(ref)
    assert ref.startswith("Q-")
    assert (asked.state, asked.answer_due.date()) == ("asked", date(2026, 11, 27)), "five working days"
    place.answer(ref, starts_on=date(2026, 12, 1))
    place.start(ref, date(2026, 11, 20))
    place.end(ref)
    done = place.row(ref)
    assert (done.state, done.outcome, done.worker_id) == ("ended", "helped", place.helper.id)
    assert done.over_at is not None


def test_what_stands_elsewhere_cannot_be_moved(place):
    ref = place.ask()
    with pytest.raises(Refused):
        place.start(ref, date(2026, 11, 20))
    with pytest.raises(Refused):
        place.end(ref)
    place.answer(ref, accept=False, reason="full", words="None left")
    with pytest.raises(Refused):
        place.answer(ref)
    assert place.row(ref).over_at is not None


@pytest.mark.parametrize(("status", "scope"), [("agreed", "school"), ("withdrawn", ""), ("not_asked", "")])
def test_without_agreement_that_covers_the_sector_nothing_is_asked(place, status, scope):
    place.agree(status=status, scope=scope)
    with pytest.raises(Refused) as refused:
        place.ask()
    assert fields(refused) == ["agreed_by"]


def test_nobody_is_asked_about_who_said_no_for_themselves(place):
    place.agree(place.children[0], status="not_now", scope="")
    with pytest.raises(Refused) as refused:
        place.ask(person=place.children[0].ref)
    assert fields(refused) == ["person"]


def test_a_child_who_said_nothing_is_covered_by_whoever_agreed(place):
    assert place.row(place.ask(person=place.children[0].ref)).person_id == place.children[0].id


def test_the_same_is_asked_once_at_a_time(place):
    ref = place.ask()
    with pytest.raises(Refused) as refused:
        place.ask()
    assert fields(refused) == ["offer"] and ref in str(refused.value)
    place.ask(person=place.children[0].ref)
    place.answer(ref, accept=False, reason="full", words="None left")
    place.ask()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"offer": 999_999}, "offer"),
        ({"person": "P-2222-22"}, "person"),
        ({"agreed_by": "P-2222-22"}, "agreed_by"),
        ({"needed_by": date(2026, 11, 19)}, "needed_by"),
    ],
)
def test_what_is_wrong_stands_at_its_field(place, change, field):
    with pytest.raises(Refused) as refused:
        place.ask(**change)
    assert fields(refused) == [field]


def test_a_paused_offer_takes_no_requests(place):
    paused = place.publish("Trips", state="paused")
    with pytest.raises(Refused):
        place.ask(offer=paused.id)


def test_only_who_works_with_the_family_asks(place):
    with pytest.raises(NotFound):
        place.ask(by=place.make.user())
    with pytest.raises(NotAllowed):
        place.ask(by=place.make.user("board_member"))


def test_only_the_organisation_answers(place):
    ref = place.ask()
    elsewhere = place.make.user(organisation=place.make.organisation("vcs"))
    for other in (elsewhere, place.lead, place.manager):
        with pytest.raises((NotFound, NotAllowed)):
            place.answer(ref, by=other)
    with pytest.raises(Refused) as refused:
        place.answer(ref, worker=place.lead.id)
    assert fields(refused) == ["worker"]


def test_whoever_asked_takes_back_and_notes_what_helps_meanwhile(place):
    ref = place.ask()
    with place.app.app_context(), writing():
        service.note_interim(NoteInterim(request=ref, interim="Food shelf"), place.actor(place.lead))
    assert place.shown(place.lead)[0].interim == "Food shelf"
    with place.app.app_context(), pytest.raises(NotFound), writing():
        service.take_back(TakeBack(request=ref, words="No"), place.actor(place.helper))
    with place.app.app_context(), writing():
        service.take_back(TakeBack(request=ref, words="They moved"), place.actor(place.lead))
    assert place.row(ref).state == "taken_back"


def test_withdrawn_agreement_ends_what_was_asked_and_what_is_seen(place):
    place.switch_on()
    first, second = place.ask(), place.ask(person=place.children[0].ref)
    place.answer(first)
    place.agree(status="withdrawn", scope="")
    assert {place.row(ref).state for ref in (first, second)} == {"taken_back"}
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.helper)


# --- what the organisation sees -------------------------------------------------------------------------------------


def opened(place, ref, user):
    with place.app.app_context():
        return reading.opened(ref, place.actor(user), "a test")


def test_before_it_accepts_the_organisation_reads_no_name(place):
    found = opened(place, place.ask(person=place.children[0].ref), place.helper)
    assert found.for_organisation
    assert found.request.about == "A child, 10"
    told = repr(found.request)
    assert "Okoro" not in told and "Child0" not in told and place.family.ref not in told
    whole = opened(place, place.ask(), place.helper).request
    assert whole.about == "A family with 2 children" and whole.asked_by.startswith("A. Lead")
    mother = opened(place, place.ask(person=place.mother.ref), place.helper).request
    assert mother.about == "A parent or carer", "how old a grown-up is helps nobody"


def test_the_scope_opens_who_it_is_for_to_who_helps_until_it_ends(place):
    ref = place.ask(person=place.children[0].ref)
    place.answer(ref)
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.helper)
    place.switch_on()
    with place.app.app_context():
        view = place.view(place.helper)
    assert {one.ref for one in view.people} == {place.children[0].ref, place.mother.ref}, "the child and who agreed"
    assert view.scopes == {"vcs"} and view.areas == {"people", "helpers", "plan", "vcs"}
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.colleague)
    assert opened(place, ref, place.helper).request.family_ref == place.family.ref
    assert opened(place, ref, place.colleague).request.family_ref == ""
    place.end(ref)
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.helper)


def test_a_request_for_the_family_opens_its_members_but_nobody_restricted(place):
    place.switch_on()
    place.answer(place.ask(), worker=place.colleague.id)
    with place.app.app_context(), writing():
        session.get_one(Person, place.children[1].id).restricted = True
    with place.app.app_context():
        assert {one.ref for one in place.view(place.colleague).people} == {place.mother.ref, place.children[0].ref}


def test_sight_ends_some_time_after_early_help(place):
    place.switch_on()
    place.answer(place.ask())
    with place.app.app_context(), writing():
        episode = session.scalar(select(Episode).where(Episode.family_id == place.family.id))
        episode.state, episode.closed_at = "closed", utcnow()
        family = session.get_one(Family, place.family.id)
        family.open_since, family.closed_at = None, utcnow()
    with place.app.app_context():
        assert place.view(place.helper).scopes == {"vcs"}
    with time_machine.travel("2026-12-20T12:00:00Z", tick=False), place.app.app_context(), pytest.raises(NotFound):
        place.view(place.helper)


def test_what_is_over_leaves_the_organisation_after_a_while(place):
    ref = place.ask()
    place.answer(ref, accept=False, reason="full", words="None left")
    assert opened(place, ref, place.helper).request.state == "declined"
    with time_machine.travel("2026-12-20T12:00:00Z", tick=False), pytest.raises(NotFound):
        opened(place, ref, place.helper)


def test_a_sealed_family_is_not_even_asked_about(place):
    ref = place.ask()
    with place.app.app_context(), writing():
        session.get_one(Family, place.family.id).sealed = True
    with pytest.raises(NotFound):
        opened(place, ref, place.helper)
    with place.app.app_context():
        assert reading.requests(place.actor(place.helper), reading.Asked()).rows == ()
        assert waiting.find(place.actor(place.helper), utcnow()) == []


# --- safety ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", ["worker", "help"])
def test_what_a_safety_rule_hides_is_as_never_asked(place, fact):
    place.ask(person=place.children[0].ref)
    place.ask()
    other = place.publish("Homework")
    place.ask(offer=other.id, person=place.children[1].ref)
    place.make.protect(place.children[0].id, place.mother.id, {fact})
    assert len(place.shown(place.lead)) == 3
    assert [one.offer for one in place.shown(place.lead, shared=True)] == ["Homework"]


def test_discreet_help_is_for_those_who_must_know(place):
    member = place.make.user()
    place.make.member(place.family, place.lead, member)
    hidden = place.publish("A safe way out", discreet=True)
    ref = place.ask(offer=hidden.id)
    assert [one.ref for one in place.shown(place.lead)] == [ref]
    assert [one.ref for one in place.shown(place.manager)] == [ref]
    assert place.shown(member) == ()
    assert place.shown(place.lead, shared=True) == ()
    with pytest.raises(NotFound):
        opened(place, ref, member)
    with place.app.app_context():
        assert reading.requests(place.actor(member), reading.Asked()).total == 0
        assert reading.requests(place.actor(place.lead), reading.Asked()).total == 1


# --- lists ----------------------------------------------------------------------------------------------------------


def listed(place, user, **asked):
    with place.app.app_context():
        return reading.requests(place.actor(user), reading.Asked(**asked))


def test_requests_are_listed_searched_sorted_and_paged(place, monkeypatch):
    with time_machine.travel("2026-11-02T12:00:00Z", tick=False):
        first = place.ask()
    other = place.publish("Homework club")
    second = place.ask(offer=other.id, person=place.children[0].ref)
    for user in (place.lead, place.manager, place.helper):
        assert [one.ref for one in listed(place, user).rows] == [first, second]
        assert [one.ref for one in listed(place, user, sort="newest").rows] == [second, first]
        assert [one.ref for one in listed(place, user, q="homework").rows] == [second]
        assert [one.ref for one in listed(place, user, q=first.lower()).rows] == [first]
        assert listed(place, user, q="%").total == 0
        assert listed(place, user, show="over").total == 0
    assert [one.family for one in listed(place, place.lead, q="okoro").rows] == ["Okoro", "Okoro"]
    assert listed(place, place.helper, q="okoro").total == 0, "whom they do not know they cannot find"
    assert listed(place, place.make.user()).total == 0
    assert listed(place, place.lead).rows[0].late == "9 working days late"
    monkeypatch.setattr(reading, "PAGE", 1)
    for sort in ("due", "newest", "oldest"):
        page = listed(place, place.lead, sort=sort)
        rest = listed(place, place.lead, sort=sort, after=page.after)
        assert page.total == rest.total == 2 and rest.after is None
        assert {page.rows[0].ref, rest.rows[0].ref} == {first, second}


def test_offers_are_found_by_word_age_and_place(place, monkeypatch):
    with place.app.app_context():
        north = {name: one for one, name in offers.neighbourhoods()}["North"]
    place.publish("Mentor", min_age=11, max_age=18, wait_weeks=0)
    place.publish("Toddlers", max_age=4, neighbourhood=north)
    place.publish("Gone", state="ended")

    def titles(**asked):
        with place.app.app_context():
            return [one.title for one in offers.offers(offers.Asked(**asked)).rows]

    assert titles() == ["Mentor", "Money advice", "Toddlers"]
    assert titles(sort="wait") == ["Mentor", "Money advice", "Toddlers"]
    assert titles(age=12) == ["Mentor", "Money advice"]
    assert titles(q="ADVICE") == titles(q="Money adv") == ["Money advice"]
    assert titles(neighbourhood=north + 1000) == ["Mentor", "Money advice"]
    monkeypatch.setattr(offers, "PAGE", 1)
    for sort in ("name", "organisation", "wait"):
        seen, after = [], None
        with place.app.app_context():
            for _ in range(3):
                page = offers.offers(offers.Asked(sort=sort, after=after))
                seen += [one.title for one in page.rows]
                after = page.after
        assert sorted(seen) == ["Mentor", "Money advice", "Toddlers"] and after is None


def test_an_organisation_tells_of_its_own_offers_only(place):
    with pytest.raises(NotFound):
        place.publish("Theirs", by=place.lead)
    with pytest.raises(Refused) as refused:
        place.publish("  money ADVICE ")
    assert fields(refused) == ["title"]
    with pytest.raises(Refused) as refused:
        place.publish("Ages", min_age=9, max_age=3)
    assert fields(refused) == ["max_age"]


# --- tasks, drift, figures ------------------------------------------------------------------------------------------


def tasks(place, user):
    with place.app.app_context():
        return [(one.title, one.late) for one in waiting.find(place.actor(user), utcnow())]


def test_what_waits_is_said_to_those_who_can_end_it(place):
    ref = place.ask()
    assert tasks(place, place.helper) == [("Answer the request for Money advice", "")]
    assert tasks(place, place.lead) == []
    with time_machine.travel("2026-12-01T12:00:00Z", tick=False):
        assert tasks(place, place.helper)[0][1] == "2 working days late"
        assert tasks(place, place.lead) == [("Money advice: no answer yet, ring them", "")]
    place.answer(ref)
    assert tasks(place, place.helper) == [("Has Money advice begun?", "")]
    assert tasks(place, place.colleague) == []
    other = place.ask(person=place.children[0].ref)
    place.answer(other, accept=False, reason="full", words="None left")
    assert tasks(place, place.lead) == [("Money advice was declined: look for other help", "")]


def test_a_long_wait_becomes_a_sentence_without_a_name(place):
    with time_machine.travel("2026-09-10T12:00:00Z", tick=False):
        place.ask()
        hidden = place.publish("A safe way out", discreet=True)
        place.ask(offer=hidden.id)
    with place.app.app_context():
        found = waiting.find_waits(utcnow(), [place.family.id])
    assert found == [(place.family.id, "Help asked of a voluntary organisation has waited 10 weeks")]


def test_figures(place):
    with time_machine.travel("2026-11-02T12:00:00Z", tick=False):
        first, second = place.ask(), place.ask(person=place.children[0].ref)
        place.answer(first)
    known = utcnow()
    place.answer(second, accept=False, reason="full", words="None left")
    with place.app.app_context():
        assert figures.count_in_time(AUTUMN, None) == {"": Count(1, 2)}
        assert figures.count_in_time(AUTUMN, "neighbourhood") == {"North": Count(1, 2)}
        assert figures.count_in_time(AUTUMN, "service") == {"Money advice": Count(1, 2)}
        assert figures.count_accepted(AUTUMN, None) == {"": Count(1, 2)}
        assert figures.count_accepted(AUTUMN, "service") == {"Money advice": Count(1, 2)}
        summer = Period(date(2026, 6, 1), date(2026, 8, 31))
        assert figures.count_in_time(summer, None) == {"": Count(0, 0)}
        assert figures.count_accepted(summer, "neighbourhood") == {}
    with time_machine.travel("2026-11-20T13:00:00Z", tick=False):
        third = place.ask(person=place.children[1].ref)
        place.answer(third)
        with place.app.app_context():
            as_known = Period(AUTUMN.first, AUTUMN.last, as_at=known)
            assert figures.count_accepted(as_known, None) == {"": Count(1, 2)}


# --- files ----------------------------------------------------------------------------------------------------------


def test_offers_come_in_from_a_file_and_the_same_again_changes(place):
    row = {
        "organisation": "Lantern Trust",
        "title": "Sewing",
        "what": "A group",
        "for_whom": "Anybody",
        "how": "Come along",
        "neighbourhood": "North",
        "wait_weeks": "2",
        "min_age": "",
        "discreet": "no",
    }
    with place.app.app_context(), writing():
        service.import_offer(command_of(row), IMPORTER)
        made = service.import_offer(command_of(row | {"wait_weeks": "5"}), IMPORTER)
        assert made.wait_weeks == 5
        assert session.scalar(select(func.count()).select_from(Offer).where(Offer.title == "Sewing")) == 1
    for field in ("organisation", "neighbourhood"):
        with place.app.app_context(), pytest.raises(Refused) as refused, writing():
            service.import_offer(command_of(row | {field: "Nowhere"}), IMPORTER)
        assert fields(refused) == [field]
    with place.app.app_context(), pytest.raises(NotAllowed), writing():
        service.import_offer(command_of(row), place.actor(place.lead))


def test_who_may_not_ask_is_refused_before_anything_is_looked_at(place):
    auditor = place.make.user("auditor")
    with pytest.raises(NotAllowed):
        place.ask(by=auditor, offer=999_999)
    with place.app.app_context():
        assert session.scalar(select(func.count()).select_from(Request)) == 0
