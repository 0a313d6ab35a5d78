"""What changed in a plan between two days, and what of it the family may see."""

import html
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tafcore.db import session, utcnow, writing
from tafcore.episodes import service as episodes
from tafcore.families.access import visible_family
from tafcore.meetings.models import Meeting
from tafcore.plans import reading, service
from tafcore.plans.changes import between
from tafcore.plans.commands import (
    AddMeasure,
    AddReading,
    RateGoal,
    RecordInError,
    ReviseAction,
    ReviseGoal,
    SetNeedOutcome,
    UpdateAction,
)
from tafcore.standards.clock import london_day

NEXT_YEAR = datetime(2027, 11, 2, 10, tzinfo=UTC)


@pytest.fixture
def story(app, borough, make):
    """A plan on a day, and what was done with it in the week after."""
    at = {"family": borough.family.ref}

    def changes(since, until=None, shared=False):
        with app.app_context():
            view = visible_family(borough.family.ref, make.actor(borough.lead))
            view = view.shown_to_family() if shared else view
            return between(reading.plan_of(view, since), reading.plan_of(view, until))

    def say(action, state=None, **more):
        borough.do(service.update_action, UpdateAction(**at, action=action.ref, state=state, **more))

    borough.say, borough.changes, borough.where = say, changes, at
    with time_machine.travel(NEXT_YEAR, tick=False) as clock:
        borough.start = london_day(utcnow())
        need = borough.add_need(person=borough.jack.ref)
        borough.goal = borough.add_goal(need)
        borough.vouchers = borough.add_action(borough.goal)
        borough.landlord = borough.add_action(borough.goal, "Ring the landlord")
        borough.school = borough.add_action(borough.goal, "See the head", user=borough.member)
        measure = borough.do(
            service.add_measure, AddMeasure(**at, need=need.ref, title="Warm nights", better="up", target=7)
        )
        borough.do(service.add_reading, AddReading(**at, measure=measure.ref, value=2))
        borough.mistake = borough.add_need("Another family's debts")
        clock.shift(timedelta(days=7))
        say(borough.vouchers, "done", words="They came")
        say(borough.landlord, due=borough.start + timedelta(days=30))
        borough.do(service.rate_goal, RateGoal(**at, goal=borough.goal.ref, rating="better", evidence="Bid placed"))
        borough.do(service.add_reading, AddReading(**at, measure=measure.ref, value=5))
        borough.bid = borough.add_action(borough.goal, "Place a bid")
        borough.do(service.record_in_error, RecordInError(**at, part=borough.mistake.ref, reason="Another family"))
        borough.need, borough.measure, borough.clock = need, measure, clock
        yield borough


def told(found):
    return {(one.tag, one.words): one for need in found.needs for one in need.changes}


def test_each_part_that_is_not_as_it_was_is_said_with_what_was(story):
    found = story.changes(story.start)
    lines = told(found)
    assert lines["Done", "Ask about heating vouchers"].says == ("Was to do",)
    assert lines["Done", "Ask about heating vouchers"].why == "They came"
    assert lines["Moved", "Ring the landlord"].says == ("By Thu 2 Dec, was Sun 7 Nov",)
    assert lines["Better", "A warm home by Christmas"].says == ("Rated, not rated before",)
    assert lines["Better", "A warm home by Christmas"].why == "Bid placed"
    assert lines["Measured", "Warm nights"].says == ("5, was 2",)
    assert ("New", "Place a bid") in lines and ("New", "See the head") not in lines
    assert [one.words for one in found.still] == ["See the head"]
    assert [(one.words, one.tag) for one in found.needs] == [
        ("The flat is cold", ""),
        ("Another family's debts", "Taken out"),
    ]
    assert found.summary == ((1, "new"), (1, "done"), (1, "not moved"))


def test_between_two_days_nothing_later_counts(story):
    story.clock.shift(timedelta(days=7))
    story.say(story.landlord, "stuck", words="No answer")
    revised = ReviseAction(**story.where, part=story.bid.ref, words="Place two bids", owner_person=story.mother.ref)
    story.do(service.revise_action, revised)
    goal = ReviseGoal(**story.where, part=story.goal.ref, words="A dry home", due=story.goal.due)
    story.do(service.revise_goal, goal)
    story.do(service.set_need_outcome, SetNeedOutcome(**story.where, need=story.need.ref, outcome="met"))
    first = told(story.changes(story.start, story.start + timedelta(days=7)))
    assert ("Stuck", "Ring the landlord") not in first and ("New", "Place a bid") in first
    second = told(story.changes(story.start + timedelta(days=7)))
    assert second["Stuck", "Ring the landlord"].why == "No answer"
    assert second["Said", "Place two bids"].says[0] == "In other words, was: Place a bid"
    assert second["Said", "Place two bids"].says[1].startswith("Ada Okoro has it, was A. Patel")
    assert second["Changed", "A dry home"].says == ("In other words, was: A warm home by Christmas",)
    assert second["Met", "The flat is cold"].says[0] == "Lead professional says so"
    assert ("Done", "Ask about heating vouchers") not in second
    nothing = story.changes(story.start + timedelta(days=14))
    assert nothing.needs == () and nothing.count("Done") == 0


def test_of_a_plan_that_began_anew_everything_is_new(app, story, make):
    with app.app_context(), writing():
        episode = episodes.require_episode(story.family.id)
        episodes.begin_closing(episode, make.actor(story.lead))
        episodes.close(episode, "needs_met", None, make.actor(story.lead))
    make.episode(story.family, story.manager, story.lead)
    story.clock.shift(timedelta(days=1))
    story.add_need("Nursery")
    found = story.changes(story.start)
    assert found.another and [(one.words, one.tag) for one in found.needs] == [("Nursery", "New")]
    assert between(None, None).needs == ()


def test_before_the_family_what_was_taken_back_or_is_hidden_is_in_no_comparison(story, make):
    goal = ReviseGoal(**story.where, part=story.goal.ref, words="A dry home", due=story.goal.due)
    story.do(service.revise_goal, goal)
    shared = repr(story.changes(story.start, shared=True))
    assert "debts" not in shared and "Christmas" not in shared and "A dry home" in shared
    make.protect(story.jack.id, story.mother.id, {"worker"})
    assert "Patel" not in repr(story.changes(story.start, shared=True))
    make.protect(story.jack.id, story.mother.id, {"help"})
    assert story.changes(story.start, shared=True).needs == ()


# --- the page --------------------------------------------------------------------------------------------------------


def held(app, story, *days):
    with app.app_context(), writing():
        episode = episodes.require_episode(story.family.id)
        for number, day in enumerate(days):
            at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
            row = Meeting(
                ref=f"M-{number}", family_id=story.family.id, episode_id=episode.id, state="held", starts_at=at
            )
            row.held_at, row.scheduled_by = at, "A. Patel"
            session.add(row)


def test_the_page_begins_with_the_last_meeting_and_offers_those_before(app, story, sign_in):
    page = f"/families/{story.family.ref}/plan/changes"
    first, second = story.start - timedelta(days=20), story.start
    held(app, story, first, second)
    lead = sign_in(story.lead)
    seen = html.unescape(lead.get(page).text)
    assert "From the end of Tue 2 Nov to now" in seen and "They came" in seen and "See the head" in seen
    assert f"?since={first.isoformat()}&until={second.isoformat()}" in seen
    assert page in lead.get(story.at).text
    earlier = html.unescape(lead.get(f"{page}?since={first.isoformat()}&until={second.isoformat()}").text)
    assert "There was no plan yet" in earlier and "They came" not in earlier
    typed = html.unescape(lead.get(page, query_string={"since": "2 Nov 2027", "until": "9/11/2027"}).text)
    assert "to the end of Tue 9 Nov" in typed and "They came" in typed
    for wrong in ({"since": "soon"}, {"since": "9 11 2027", "until": "2 11 2027"}):
        answer = lead.get(page, query_string=wrong)
        assert answer.status_code == 200 and "There is a problem" in answer.text


def test_who_may_read_what_changed(story, make, sign_in):
    page = f"/families/{story.family.ref}/plan/changes"
    assert sign_in(story.member).get(page).status_code == 200
    assert sign_in(story.nobody).get(page).status_code == 404
    assert sign_in(make.user("board_member")).get(page).status_code in (403, 404)
