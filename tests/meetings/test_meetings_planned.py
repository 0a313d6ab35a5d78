"""What is new in the plan is written at the meeting: a need, a goal, an action, in a line each, and none without the
next."""

from datetime import date

import pytest
from sqlalchemy import select

from tafcore import drafts
from tafcore.db import session
from tafcore.meetings import clearer, rows, service
from tafcore.meetings.rows import goal_list, new_list
from tafcore.plans import service as plans
from tafcore.plans.commands import AddGoal, AddNeed
from tafcore.plans.models import Action, Goal
from tafcore.plans.reading import plan_of
from tafcore.standards.clock import london_day
from tests.meetings.test_meetings_pages import alone, fields, filled, lead, ops

__all__ = ["alone", "lead"]


@pytest.fixture
def page(borough, lead):
    """The hold screen of a meeting; `at` is its address."""
    borough.meeting = borough.schedule()
    borough.at_hold = f"/meetings/{borough.meeting.ref}/hold"
    return lead.get(borough.at_hold).text


def by(borough, days=30):
    return borough.at(days=days).strftime("%d %b %Y")


def plan(borough):
    with borough.app.app_context():
        return plan_of(borough.view())


def line(name, page, number=0, **values):
    """Values of a row of a list, as posted; the row's key comes from the page."""
    return {f"{name}-{number}-{field}": value for field, value in values.items()}


def key_of(name, page, number=0):
    return fields(page)[f"{name}-{number}-row_key"]


def test_a_need_its_goal_and_its_action_are_written_without_javascript(borough, lead, page):
    at = borough.at_hold
    page = lead.post(at, data={**fields(page), "_add-needed": "1"}).text
    goals = goal_list(key_of("needed", page))
    actions = new_list(key_of(goals, page))
    told = line("needed", page, words="Nobody sleeps", about=borough.jack.ref, outcome="3")
    told |= line(goals, page, words="Everybody sleeps through", due=by(borough))
    told |= line(actions, page, words="Ask about a bed", owner=f"u:{borough.lead.id}", due=by(borough, 9))
    page = lead.post(at, data={**fields(page), **told, "_save": "1"}).text
    assert fields(page)[f"{goals}-0-words"] == "Everybody sleeps through", "what is saved is shown again"
    answer = lead.post(at, data=filled(borough, page, _finish="1"))
    assert answer.status_code == 302
    new = plan(borough).needs[-1]
    assert (new.words, new.person_id, new.outcome) == ("Nobody sleeps", borough.jack.id, 3)
    (goal,) = new.goals
    (action,) = goal.actions
    assert (goal.words, action.words, action.owner_user_id) == (
        "Everybody sleeps through",
        "Ask about a bed",
        borough.lead.id,
    )
    record = lead.get(answer.location).text
    assert record.index("New need") < record.index("New goal by ") < record.index("Ask about a bed")


def test_what_the_plan_lacks_is_asked_beside_the_line_that_mends_it(borough, lead):
    about = {"family": borough.family.ref, "person": borough.sofia.ref, "outcome": 2, "words": "Talks little"}
    need = borough.do(plans.add_need, AddNeed(**about))
    at = f"/meetings/{borough.schedule().ref}/hold"
    page = lead.get(at).text
    goals = goal_list(need.ref)
    assert f'name="{goals}-0-words"' in page, "a line waits there"
    answer = lead.post(at, data=filled(borough, page, _finish="1"))
    assert answer.status_code == 422
    assert f'href="#gap-{need.ref}">No goal yet for “Talks little”' in answer.text
    both = answer.text.index(f'name="{goals}-0-words"'), answer.text.index(f'id="gap-{need.ref}-error"')
    assert 0 < both[1] - both[0] < 5000, "the complaint stands beside the line"
    # A goal alone lacks an action, which is asked for in its turn, and may be explained.
    told = line(goals, answer.text, words="She asks for things", due=by(borough))
    again = lead.post(at, data={**fields(answer.text), **told, "_finish": "1"})
    assert again.status_code == 422 and "No action yet for “She asks for things”" in again.text
    why = line(goals, again.text, why="The health visitor looks first")
    assert lead.post(at, data={**fields(again.text), **why, "_finish": "1"}).status_code == 302
    (goal,) = plan(borough).need(need.ref).goals
    assert (goal.words, goal.gap_reason) == ("She asks for things", "The health visitor looks first")
    assert [one.split()[0] for one in goal.benefits] == [borough.sofia.forename], "for whom the need is about"


def test_of_a_new_line_everything_missing_is_said_at_once(borough, lead, page):
    at = borough.at_hold
    page = lead.post(at, data={**fields(page), "_add-needed": "1"}).text
    goals = goal_list(key_of("needed", page))
    told = line(goals, page, words="Sleep", due="one day")
    answer = lead.post(at, data={**filled(borough, page), **told, "_finish": "1"})
    assert answer.status_code == 422
    for words in ("Write the need in the family’s words", "Choose what the need is about", "Enter a day"):
        assert words in answer.text
    assert plan(borough).needs[-1].ref == borough.need.ref and borough.again(borough.meeting).state == "scheduled"


def test_two_who_write_lose_nothing_and_one_who_removes_leaves_what_the_other_wrote(borough, lead, sign_in, page):
    at, url = borough.at_hold, f"/drafts/meeting:{borough.meeting.ref}"
    goals = goal_list(borough.need.ref)
    manager = sign_in(borough.manager)
    mine = {f"{goals}-a-row_key": "a", f"{goals}-a-words": "A dry wall", f"{goals}-a-due": by(borough)}
    theirs = {f"{goals}-b-row_key": "b", f"{goals}-b-words": "A new boiler", f"{goals}-b-due": by(borough)}
    theirs |= {f"{new_list('a')}-c-words": "Ring the landlord", f"{new_list('a')}-c-due": by(borough)}
    lead.post(url, json=ops(*mine.items()))
    manager.post(url, json=ops(*theirs.items()))
    posted = fields(lead.get(at).text)
    assert posted[f"{goals}-0-words"] == "A dry wall" and posted[f"{goals}-1-words"] == "A new boiler"
    assert posted[f"{new_list('a')}-0-words"] == "Ring the landlord"
    removed = fields(lead.post(at, data={**posted, f"_remove-{goals}-0": "1"}).text)
    assert removed[f"{goals}-0-words"] == "A new boiler" and "Ring the landlord" not in removed.values()
    # Written by a colleague under a goal taken out at the same moment: the goal stands there again, and asks for words.
    manager.post(url, json=ops((f"{new_list('a')}-d-words", "Ring the council")))
    posted = fields(lead.get(at).text)
    assert (posted[f"{goals}-0-words"], posted[f"{new_list('a')}-0-words"]) == ("", "Ring the council")
    answer = lead.post(at, data=filled(borough, lead.get(at).text, _finish="1"))
    assert answer.status_code == 422 and "Write what will be different" in answer.text


def test_what_somebody_keeps_to_themselves_is_on_no_shared_screen_and_is_finished_from_one(borough, lead, alone):
    kept = {"person": borough.mother.ref, "outcome": 3, "words": "A quiet word", "withheld_why": "She wishes it"}
    need = borough.do(plans.add_need, AddNeed(family=borough.family.ref, **kept))
    told = {
        "family": borough.family.ref,
        "need": need.ref,
        "words": "She has somebody",
        "due": london_day(borough.at()),
    }
    goal = borough.do(plans.add_goal, AddGoal(**told))
    meeting = borough.schedule()
    at, url = f"/meetings/{meeting.ref}/hold", f"/drafts/meeting:{meeting.ref}"
    typed = {
        f"{new_list(goal.ref)}-a-words": "Ring her alone",
        f"{new_list(goal.ref)}-a-owner": f"u:{borough.lead.id}",
        f"{new_list(goal.ref)}-a-due": by(borough, 9),
        f"{goal_list(need.ref)}-b-row_key": "b",
        f"{goal_list(need.ref)}-b-words": "She is safe at night",
        f"{goal_list(need.ref)}-b-due": by(borough),
        f"{goal_list(need.ref)}-b-why": "Asked next week",
        f"rate-{goal.ref}": "same",
    }
    mine = alone(borough.lead)
    assert {one["status"] for one in mine.post(url, json=ops(*typed.items())).json["results"]} == {"saved"}
    assert mine.get(url).json["values"] == typed
    there = lead.get(url).json
    assert there["values"] == there["revs"] == {}, "nothing of it goes to a screen that others see"
    shared = lead.get(at).text
    for words in ("Ring her alone", "safe at night", "A quiet word", need.ref, goal.ref):
        assert words not in shared
    (clash,) = lead.post(url, json=ops((f"{new_list(goal.ref)}-a-words", "x"))).json["results"]
    assert (clash["status"], clash["value"]) == ("conflict", "")
    answer = lead.post(at, data=filled(borough, shared, _finish="1"))
    assert answer.status_code == 302, "what was saved alone is in the record, whoever finishes"
    assert "Ring her alone" not in lead.get(answer.location).text
    with borough.app.app_context():
        assert session.scalar(select(Goal.gap_reason).where(Goal.words == "She is safe at night")) == "Asked next week"
        assert session.scalar(select(Action.id).where(Action.words == "Ring her alone")) is not None
        assert drafts.read(service.draft_subject(meeting.ref)).values == {}


def test_a_fault_in_what_others_may_not_see_is_not_named_there(borough, lead, alone):
    kept = {"person": borough.mother.ref, "outcome": 3, "words": "A quiet word", "withheld_why": "She wishes it"}
    need = borough.do(plans.add_need, AddNeed(family=borough.family.ref, **kept))
    meeting = borough.schedule()
    at, url = f"/meetings/{meeting.ref}/hold", f"/drafts/meeting:{meeting.ref}"
    alone(borough.lead).post(url, json=ops((f"{goal_list(need.ref)}-b-words", "She is safe at night")))
    answer = lead.post(at, data=filled(borough, lead.get(at).text, _finish="1"))
    assert answer.status_code == 422 and "when you are alone with it" in answer.text
    assert "night" not in answer.text and need.ref not in answer.text


def test_a_need_of_somebody_not_in_the_family_is_refused(borough, lead, page):
    told = {"needed-a-words": "Sleep", "needed-a-about": "P-2222-22", "needed-a-outcome": "3", "needed-a-why": "Later"}
    lead.post(f"/drafts/meeting:{borough.meeting.ref}", json=ops(*told.items()))
    posted = filled(borough, lead.get(borough.at_hold).text, _finish="1")
    del posted["needed-0-about"]
    answer = lead.post(borough.at_hold, data=posted)
    assert answer.status_code == 422 and "is not in the family" in answer.text


def test_a_nudge_stands_beside_a_new_line_and_stops_nobody(borough, lead, page):
    at, url, actions = borough.at_hold, f"/drafts/meeting:{borough.meeting.ref}", new_list(borough.goal.ref)
    typed = {f"{actions}-a-row_key": "a", f"{actions}-a-words": "Look into support"}
    said = lead.post(url, json=ops(*typed.items())).json["said"][f"{actions}-a"]
    assert said.startswith("Could be clearer: By when?") and "Who does it?" in said and "can mean many things." in said
    page = lead.get(at).text
    assert said.split("“")[0] in page
    more = {f"{actions}-a-owner": f"u:{borough.lead.id}", f"{actions}-a-due": by(borough, 9)}
    # What was typed since is taken from the draft, whoever typed it.
    assert "Who does it?" not in lead.post(url, json=ops(*more.items())).json["said"][f"{actions}-a"]
    answer = lead.post(at, data=filled(borough, lead.get(at).text, _finish="1"))
    assert answer.status_code == 302 and "Look into support" in lead.get(answer.location).text


@pytest.mark.parametrize(
    ("row", "values", "says"),
    [
        ("newG2-a", {"words": "Ring the landlord", "owner": "u:1", "due": "tomorrow"}, ""),
        ("newG2-a", {"words": "Ring the landlord", "owner": "n:Everybody, School", "due": "1 Dec"}, "Who does it?"),
        ("newG2-a", {"words": "", "owner": "", "due": ""}, ""),
        ("goalN2-a", {"words": "Things improve", "due": "1 Dec"}, "What will everybody see"),
        ("goalN2-a", {"words": "No child sleeps in the cold", "due": "1 Dec"}, ""),
    ],
)
def test_what_would_make_a_line_clearer(row, values, says):
    told = clearer.clearer(row, {f"{row}-{name}": value for name, value in values.items()}, date(2026, 11, 20))
    assert told == "" if not says else says in told


def test_rows_know_what_hangs_under_them():
    typed = {"goalN2-a-row_key": "a", "newa-b-words": "x", "goalk-c-due": "1 Dec", "needed-k-row_key": "k"}
    assert [*rows.keys("goalN2", typed)] == ["a"], "a goal without words holds the action under it"
    assert [*rows.keys("needed", typed)] == [], "a day alone is nothing"
    belongs = rows.Belonging(typed)
    assert [belongs.part(one) for one in ("newa-b-words", "goalN2-a-due", "rate-G-22", "goalk-c-due")] == [
        "N2",
        "N2",
        "G22",
        "",
    ]
    form = {"needed-0-row_key": "k", "goalk-0-row_key": "c", "newc-0-row_key": "d", "newa-0-row_key": "b"}
    assert [*rows.below("needed-0", form)] == ["needed-0", "goalk-0", "newc-0"]
