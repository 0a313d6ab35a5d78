"""The agenda is made from the plan, for those who are invited: what they may not read stands on none."""

from datetime import timedelta

import pytest

from tafcore.db import utcnow
from tafcore.meetings import service
from tafcore.meetings.commands import Contribute
from tafcore.phrases import languages
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddNeed
from tafcore.standards.clock import add_working_days, in_london, london_day
from tafcore.standards.words import day


@pytest.fixture
def page(borough, sign_in):
    """`page(meeting, user)`: the agenda as it is read alone, which is where most would show."""

    def read(meeting, user=None):
        browser = sign_in(user or borough.lead)
        with browser.session_transaction() as cookie:
            cookie["alone"] = True
        answer = browser.get(f"/meetings/{meeting.ref}/agenda")
        return answer.text.partition("<main")[2] if answer.status_code == 200 else answer.status_code

    return read


def add(borough, words, **more):
    command = {"family": borough.family.ref, "goal": borough.goal.ref, "words": words, **more}
    return borough.do(plans.add_action, AddAction.model_validate(command))


def test_it_is_made_from_the_plan_in_the_order_of_the_meeting(borough, page):
    later = london_day(borough.at(days=60))
    add(borough, "Paint the room", owner_name="Uncle Ben", due=later)
    borough.do(plans.add_need, AddNeed(family=borough.family.ref, words="Nobody sleeps", outcome=3))
    meeting = borough.schedule(at=borough.at(days=20))
    borough.do(service.contribute, Contribute(meeting=meeting.ref, words="Weighed on Monday"), borough.nurse)
    found = page(meeting)
    order = ["Who is here", "M. Lewis", "Words from those", "from 0 to 10", "want us to know"]
    order += ["What was to be done by now", "Bid on a two-bed flat", "Take Sofia to the clinic"]
    order += ["What we work towards", "A warm home", "Paint the room", "What has nobody to do it yet", "Nobody sleeps"]
    order += ["What we decide", "When we meet next"]
    places = [found.find(one) for one in order]
    assert places == sorted(places) and -1 not in places
    assert "Weighed on Monday" not in found, "words are read out, not handed round"
    next_at = found.partition("When we meet next")[2]
    due = london_day(borough.at(days=20)) + timedelta(weeks=6)
    assert day(add_working_days(due - timedelta(days=1), 1), london_day(utcnow())) in next_at


def test_words_that_no_family_reads_are_left_out_and_counted(borough, page):
    add(borough, "Level 3 review, he refused", owner_name="x", due=london_day(borough.at(days=1)))
    found = page(borough.schedule(at=borough.at(days=9)))
    assert "refused" not in found and "1 line of the plan is left out" in found


def test_with_somebody_kept_safe_from_one_who_comes_no_words_of_the_plan_stand_there(borough, page, make):
    make.protect(borough.sofia.id, borough.mother.id, {"hub"})
    found = page(borough.schedule(at=borough.at(days=9), people=[borough.mother.ref]))
    assert [one for one in ("A warm home", "Bid on", "M. Lewis", borough.sofia.forename) if one in found] == []
    assert borough.mother.name in found


def test_who_may_not_see_the_family_sees_no_agenda(borough, page):
    meeting = borough.schedule(at=borough.at(days=9))
    assert page(meeting, borough.nobody) == 404 and "A warm home" in page(meeting, borough.adviser)


@pytest.mark.parametrize(("code", "way"), [("ur", "rtl"), ("pl", "ltr")])
def test_its_fixed_words_are_in_the_language_of_the_family_and_say_who_checked_them(borough, sign_in, code, way):
    meeting = borough.schedule(at=borough.at(days=20), place="Larch hub")
    browser = sign_in(borough.lead)
    words = languages()[code]
    found = browser.get(f"/meetings/{meeting.ref}/agenda?language={code}").text.partition("<main")[2]
    assert f'lang="{code}" dir="{way}"' in found and words("unchecked") in found and words("untranslated") in found
    for key in ("agenda", "agenda_here", "agenda_due", "agenda_goals", "agenda_decide", "next"):
        assert words(key) in found, key
    english = languages()["en"]
    asked = found.partition('class="app-agenda"')[2]
    assert [key for key in english.phrases if key.startswith("agenda") and english.phrases[key] in asked] == []
    assert f"{in_london(meeting.starts_at):%d/%m/%Y, 15:30}" in asked and "Bid on a two-bed flat" in asked


def test_a_language_that_there_is_not_is_english(borough, sign_in):
    meeting = borough.schedule(at=borough.at(days=20))
    found = sign_in(borough.lead).get(f"/meetings/{meeting.ref}/agenda?language=<b>").text
    assert "What we talk about" in found and "No translator" not in found
