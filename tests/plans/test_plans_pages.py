"""The plan page and its forms, as each person meets them."""

import html
import re

import pytest
from sqlalchemy import select

from tafcore.db import session
from tafcore.plans import service
from tafcore.plans.commands import AddMeasure, AddReading
from tafcore.plans.models import Action, GoalRating, Need, NeedOutcome

HOSTILE = (
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{ 7*7 }} ${7*7} %s %(x)s",
    "Ωåß ⁰⁴⁵ \u202etest\u202c 田中さん 🏳️\u200d🌈",
    "=cmd|' /C calc'!A0",
    "  two spaces before & after  ",
    "\\x00 \\u0000 null undefined",
)


def text(answer):
    return html.unescape(answer.text)


def test_an_empty_plan_says_what_to_do(borough, sign_in):
    page = sign_in(borough.lead).get(borough.at)
    assert page.status_code == 200 and "Nothing is in the plan yet" in page.text
    assert f'href="{borough.at}/needs/new"' in page.text and "No need recorded" in page.text
    member = sign_in(borough.member).get(borough.at)
    assert "The lead professional writes it with the family" in member.text and "/needs/new" not in member.text


def test_need_goal_and_action_by_their_forms(app, borough, sign_in):
    lead = sign_in(borough.lead)
    typed = {"words": "The flat is cold", "person": borough.jack.ref, "outcome": "9"}
    saved = lead.post(f"{borough.at}/needs/new", data=typed)
    need = saved.location.rpartition("#")[2]
    assert saved.status_code == 302 and need.startswith("N-")
    typed = {"words": "A warm home", "due": "24 12 2027", "benefits": [borough.jack.ref, borough.sofia.ref]}
    goal = lead.post(f"{borough.at}/needs/{need}/goals/new", data=typed).location.rpartition("#")[2]
    typed = {"words": "Ask for vouchers", "owner": f"user:{borough.member.id}", "due": "25/11/2027"}
    assert lead.post(f"{borough.at}/goals/{goal}/actions/new", data=typed).status_code == 302
    page = text(lead.get(borough.at))
    for words in ("The flat is cold", "Secure housing", "A warm home", "Ask for vouchers", "V. Helper, Money Advice"):
        assert words in page
    assert "for Child0 Okoro, Child1 Okoro" in page


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(borough, sign_in):
    goal = borough.add_goal(borough.add_need())
    typed = {"words": "Ask for vouchers", "owner": "else", "due": "soon"}
    answer = sign_in(borough.lead).post(f"{borough.at}/goals/{goal.ref}/actions/new", data=typed)
    page = text(answer)
    assert answer.status_code == 422 and "<title>Error: Add an action" in page
    assert 'value="Ask for vouchers"' in page and 'value="soon"' in page and "Enter a day, month and year" in page
    answer = sign_in(borough.lead).post(f"{borough.at}/goals/{goal.ref}/actions/new", data={**typed, "due": "1 1 2027"})
    assert answer.status_code == 422 and 'href="#owner">Say who does it' in answer.text


def test_done_is_one_press_and_stuck_asks_why(app, borough, sign_in):
    action = borough.add_action(borough.add_goal(borough.add_need()))
    lead, at = sign_in(borough.lead), f"{borough.at}/actions/{action.ref}"
    asked = lead.post(at, data={"state": "stuck"})
    assert asked.status_code == 422 and "Say what it is stuck on" in asked.text
    assert re.search(r'value="stuck"[^>]* checked', asked.text)
    assert lead.post(at, data={"state": "stuck", "words": "The form was lost"}).status_code == 302
    assert "The form was lost" in lead.get(borough.at).text
    assert lead.post(at, data={"state": "done"}).location.endswith(f"#{action.ref}")
    page = lead.get(borough.at)
    assert "Undo" in page.text
    history = lead.get(at)
    assert all(words in history.text for words in ("Stuck", "Done", "To do", "A. Patel"))


def test_from_ones_work_an_action_is_done_in_two_touches(app, borough, sign_in):
    action = borough.add_action(borough.add_goal(borough.add_need()), user=borough.member)
    member = sign_in(borough.member)
    (at,) = re.findall(rf'href="({borough.at}/actions/{action.ref})"', member.get("/").text)
    page = member.get(at)
    assert "A warm home by Christmas" in page.text, "what it is for"
    assert re.search(r'<button type="submit" name="state" value="done"[^>]*>Done<', page.text)
    assert member.post(at, data={"state": "done"}).status_code == 302
    again = member.get(at).text
    assert "Not done after all" in again and 'value="done" class="govuk-button"' not in again
    with app.app_context():
        assert session.scalars(select(Action.state)).one() == "done"


def test_a_part_is_changed_on_a_page_of_its_own_and_what_it_was_stays(borough, sign_in):
    need = borough.add_need()
    goal = borough.add_goal(need)
    action = borough.add_action(goal, owner_name="T. Smith, Larch Homes")
    lead = sign_in(borough.lead)
    for part in (need, goal, action):
        page = lead.get(f"{borough.at}/parts/{part.ref}/change")
        assert page.status_code == 200 and part.words in text(page)
    typed = {"seen": "0", "words": "Place a bid", "owner": f"user:{borough.member.id}"}
    at = f"{borough.at}/parts/{action.ref}/change"
    assert "T. Smith, Larch Homes, as now" in text(lead.get(at))
    assert lead.post(at, data=typed).location.endswith(f"#{action.ref}")
    history = text(lead.get(f"{borough.at}/actions/{action.ref}"))
    assert "Given to V. Helper, Money Advice, was T. Smith, Larch Homes" in history
    assert "put in other words, was: Ask about heating vouchers" not in history, "the family may be looking"
    late = lead.post(at, data={**typed, "words": "Ring"})
    assert late.status_code == 422 and "It says now: Place a bid" in text(late)
    assert 'name="seen" type="hidden" value="1"' in late.text and "Ring" in late.text
    assert lead.post(at, data={"seen": "1", "words": ""}).status_code == 422
    assert lead.get(f"{borough.at}/parts/X-2222/change").status_code == 404
    with lead.session_transaction() as cookie:
        cookie["alone"] = True
    assert "was: Ask about heating vouchers" in text(lead.get(f"{borough.at}/actions/{action.ref}"))


def test_a_nudge_stands_beside_what_is_not_clear_and_stops_nobody(borough, sign_in):
    goal = borough.add_goal(borough.add_need())
    lead = sign_in(borough.lead)
    typed = {"words": "Support Mum", "owner": "else", "owner_name": "School", "due": "24 12 2026"}
    assert lead.post(f"{borough.at}/goals/{goal.ref}/actions/new", data=typed).status_code == 302
    page = text(lead.get(borough.at))
    assert "Who does it? One person, by name" in page and "\u201cSupport\u201d can mean many things" in page
    assert "Could be clearer" not in sign_in(borough.member).get(borough.at).text
    part = re.search(r"/parts/(A-[^/]+)/change", page)[1]
    better = {"seen": "0", "words": "Sit with Mum to fill in the form", "owner": f"user:{borough.lead.id}"}
    assert lead.post(f"{borough.at}/parts/{part}/change", data=better).status_code == 302
    assert "Could be clearer" not in lead.get(borough.at).text


def test_what_a_colleague_said_meanwhile_is_shown_before_anything_is_put_over_it(app, borough, sign_in):
    action = borough.add_action(borough.add_goal(borough.add_need()), user=borough.member)
    at = f"{borough.at}/actions/{action.ref}"
    member, lead = sign_in(borough.member), sign_in(borough.lead)
    assert len(re.findall(r'name="seen"[^>]* value="1"', member.get(at).text)) == 2, "of both forms"
    assert lead.post(at, data={"state": "stuck", "words": "The form was lost", "seen": "1"}).status_code == 302
    second = member.post(at, data={"state": "doing", "words": "Rang", "seen": "1"})
    page = text(second)
    assert second.status_code == 422 and "A colleague said meanwhile how it stands: Stuck" in page
    assert "The form was lost" in page and "Rang" in page and re.search(r'name="seen"[^>]* value="2"', page)
    assert member.post(at, data={"state": "doing", "words": "Rang", "seen": "2"}).status_code == 302
    assert f"/parts/{action.ref}/change" in lead.get(at).text and "/change" not in member.get(at).text


def test_a_measure_with_a_start_and_one_reading_is_drawn(borough, sign_in):
    need = borough.add_need()
    command = AddMeasure(family=borough.family.ref, need=need.ref, title="Nights", better="up", baseline=2, target=7)
    measure = borough.do(service.add_measure, command)
    lead = sign_in(borough.lead)
    assert "<svg" not in lead.get(borough.at).text, "one number is no line"
    borough.do(service.add_reading, AddReading(family=borough.family.ref, measure=measure.ref, value=3))
    page = lead.get(borough.at).text
    assert page.count("app-chart__point") == 2 and re.search(r">Start</th><td[^>]*>2<", page)


def test_each_person_sees_their_own_actions_first(borough, sign_in):
    goal = borough.add_goal(borough.add_need())
    mine, theirs = borough.add_action(goal, "Mine", user=borough.member), borough.add_action(goal, "Theirs")
    page = sign_in(borough.member).get(borough.at).text
    assert page.index("Your actions") < page.index("The flat is cold")
    assert f"/plan/actions/{mine.ref}" in page and f"/plan/actions/{theirs.ref}" not in page
    assert f"/goals/{goal.ref}/rating" not in page


def test_a_team_member_cannot_touch_others_actions(app, borough, sign_in):
    action = borough.add_action(borough.add_goal(borough.add_need()))
    member, at = sign_in(borough.member), f"{borough.at}/actions/{action.ref}"
    assert member.get(at).status_code == 403
    assert member.post(at, data={"state": "done"}).status_code == 403
    with app.app_context():
        assert session.scalars(select(Action.state)).one() == "to_do"


def test_who_may_do_what(make, borough, sign_in):
    need = borough.add_need()
    goal = borough.add_goal(need)
    action = borough.add_action(goal)
    changing = [
        f"{borough.at}/needs/new",
        f"{borough.at}/needs/{need.ref}/goals/new",
        f"{borough.at}/needs/{need.ref}/measures/new",
        f"{borough.at}/needs/{need.ref}/outcome",
        f"{borough.at}/goals/{goal.ref}/rating",
        f"{borough.at}/parts/{action.ref}/error",
        f"{borough.at}/parts/{action.ref}/change",
        f"{borough.at}/parts/{goal.ref}/reason",
    ]
    every = [borough.at, f"{borough.at}/goals/{goal.ref}/actions/new", f"{borough.at}/actions/{action.ref}", *changing]
    board = sign_in(make.user("board_member"))
    for path in every:
        assert sign_in(borough.nobody).get(path).status_code == 404
        assert board.get(path).status_code in (403, 404)
        assert borough_visitor(borough, sign_in, path) in (302, 401)
    for path in every:
        assert sign_in(borough.manager).get(path).status_code == 200, path
    for path in changing:
        assert sign_in(borough.member).get(path).status_code == 403, path
    for path in (f"{borough.at}/needs/N-2222-22/goals/new", f"{borough.at}/parts/x/error", f"{borough.at}/actions/y"):
        assert sign_in(borough.lead).get(path).status_code == 404


def borough_visitor(borough, sign_in, path):
    browser = sign_in(borough.lead)
    with browser.session_transaction() as cookie:
        cookie.clear()
    return browser.get(path).status_code


def test_rating_measuring_judging_explaining_and_mistakes_by_their_forms(app, borough, sign_in):
    lead = sign_in(borough.lead)
    need = borough.add_need()
    goal = borough.add_goal(need)
    rate = f"{borough.at}/goals/{goal.ref}/rating"
    assert "Say what shows it" in lead.post(rate, data={"rating": "better"}).text
    assert "Choose how the goal stands" in lead.post(rate, data={}).text
    assert lead.post(rate, data={"rating": "better", "evidence": "Bid placed"}).status_code == 302
    assert "Bid placed" in lead.get(rate).text

    new = f"{borough.at}/needs/{need.ref}/measures/new"
    assert "Say what is measured" in lead.post(new, data={}).text
    typed = {"title": "Warm nights", "better": "up", "target": "7", "unit": " nights"}
    measure = lead.post(new, data=typed).location.rpartition("#")[2]
    reading = f"{borough.at}/measures/{measure}/readings/new"
    wrong = lead.post(reading, data={"value": "many"})
    assert wrong.status_code == 422 and "Enter a number" in wrong.text and 'value="many"' in wrong.text
    assert lead.post(reading, data={"value": "2", "day": "1 1 2026"}).status_code == 302
    assert lead.post(reading, data={"value": "4"}).status_code == 302
    page = text(lead.get(borough.at))
    assert "<svg" in page and "The same as a table" in page and "aiming for 7 nights" in page

    judge = f"{borough.at}/needs/{need.ref}/outcome"
    assert "Say what is left" in text(lead.post(judge, data={"outcome": "not_met", "judged_by": "lead"}))
    assert lead.post(judge, data={"outcome": "met", "judged_by": "lead"}).status_code == 302
    explain = f"{borough.at}/parts/{goal.ref}/reason"
    assert lead.post(explain, data={"reason": "Waiting for the bid"}).status_code == 302
    assert "Waiting for the bid" in lead.get(borough.at).text
    error = f"{borough.at}/parts/{need.ref}/error"
    assert lead.post(error, data={"reason": ""}).status_code == 422
    assert lead.post(error, data={"reason": "Another family"}).status_code == 302
    with app.app_context():
        assert session.scalars(select(GoalRating.rating)).all() == ["better"]
        assert {row.judged_by: row.outcome for row in session.scalars(select(NeedOutcome))} == {
            "lead": "met",
            "measure": "partly",
        }
        assert session.scalars(select(Need.ended_why)).one() == "Another family"


def test_the_plan_on_another_day(borough, sign_in):
    borough.add_need()
    lead = sign_in(borough.lead)
    assert "There was no plan on that day" in lead.get(f"{borough.at}?on=1+1+2020").text
    today = lead.get(f"{borough.at}?on=1+1+2099")
    assert "as it was on" in today.text and "Add a need" not in today.text
    wrong = lead.get(f"{borough.at}?on=yesterday")
    assert wrong.status_code == 200 and "Enter a day, month and year" in wrong.text and "<title>Error:" in wrong.text


def test_the_shared_view_hides_what_must_not_be_known(make, borough, sign_in):
    borough.add_action(borough.add_goal(borough.add_need("Jack is afraid", borough.jack.ref)), user=borough.member)
    lead = sign_in(borough.lead)
    assert "Jack is afraid" in lead.get(borough.at).text
    make.protect(borough.jack.id, borough.mother.id, {"help", "worker"})
    page = lead.get(borough.at).text
    assert "Jack is afraid" not in page and "V. Helper" not in page and "Shared view" in page
    with lead.session_transaction() as cookie:
        cookie["alone"] = True
    assert "Jack is afraid" in lead.get(borough.at).text


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_kept_and_shown_byte_for_byte_and_inert(app, borough, sign_in, words):
    lead = sign_in(borough.lead)
    lead.post(f"{borough.at}/needs/new", data={"words": words, "outcome": "5"})
    with app.app_context():
        need = session.scalars(select(Need)).one()
    assert need.words == words
    goal = borough.add_goal(need, words)
    action = borough.add_action(goal, words, owner_name=words)
    lead.post(f"{borough.at}/actions/{action.ref}", data={"state": "stuck", "words": words})
    page = lead.get(borough.at)
    assert page.text.count(str(html.escape(words, quote=False)).replace('"', "&#34;").replace("'", "&#39;")) >= 4
    assert "<script>alert" not in page.text and "49 $" not in page.text
    assert words in text(lead.get(f"{borough.at}/actions/{action.ref}"))


def test_an_unstorable_character_is_a_field_error(borough, sign_in):
    answer = sign_in(borough.lead).post(f"{borough.at}/needs/new", data={"words": "a\x00b", "outcome": "5"})
    assert answer.status_code == 422 and "unprintable character" in answer.text


def test_the_page_costs_the_same_for_three_actions_and_for_thirty(borough, sign_in, counting):
    goal = borough.add_goal(borough.add_need())
    lead = sign_in(borough.lead)
    measured = {"family": borough.family.ref, "need": borough.add_need().ref, "title": "Nights", "better": "up"}
    measure = borough.do(service.add_measure, AddMeasure(**measured))
    borough.do(service.add_reading, AddReading(family=borough.family.ref, measure=measure.ref, value=3))

    def statements():
        lead.get(borough.at)  # the opening is on record from here on
        with counting() as sent:
            assert lead.get(borough.at).status_code == 200
        return len(sent)

    for number in range(3):
        borough.add_action(goal, f"Action {number}")
    few = statements()
    for number in range(27):
        borough.add_action(goal, f"More {number}", owner_person=borough.mother.ref)
    assert statements() == few
