"""The pages of meetings: lists, arranging, the hold screen without JavaScript, conflicts, faults, the record."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from icalendar import Calendar
from markupsafe import escape
from sqlalchemy import select

from tafcore import drafts
from tafcore.db import session, utcnow, writing
from tafcore.meetings import agenda, service
from tafcore.meetings.agenda import AgendaView
from tafcore.meetings.commands import CancelMeeting, Contribute, MoveMeeting, WithholdLine
from tafcore.meetings.models import Meeting, MeetingLine, MeetingScale
from tafcore.meetings.sheet import Sheet
from tafcore.plans import service as plans
from tafcore.plans.commands import AddGoal, AddNeed
from tafcore.plans.models import Action
from tafcore.standards.clock import london_day
from tafcore.work import Refused

HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE meeting; --",
    "{{ 7 * 7 }}",
    "\u202ereversed",
    "a\nb\n\nc",
    "=1+1",
    "Ω≈ç√",
]


@pytest.fixture
def lead(borough, sign_in):
    return sign_in(borough.lead)


@pytest.fixture
def alone(sign_in):
    """`alone(user)` is a browser in which the worker switched the shared view off."""

    def as_(user):
        browser = sign_in(user)
        with browser.session_transaction() as cookie:
            cookie["alone"] = True
        return browser

    return as_


def fields(page):
    """Names and values of a page as a browser without JavaScript would post them (a row's own template apart)."""
    html = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    html = html[html.index('<form method="post" id="hold"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", html):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in given and (given.get("type") not in ("checkbox", "radio") or re.search(r"\schecked(\s|>)", tag)):
            found[given["name"]] = unescape(given.get("value", ""))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', html, flags=re.DOTALL):
        found[name] = unescape(value)
    for name, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, flags=re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner) or re.search(r'<option value="([^"]*)"', inner)
        found[name] = unescape(chosen[1])
    return found


def filled(borough, page, **more):
    """What is needed to finish."""
    mother, jack = f"p{borough.mother.ref}", f"p{borough.jack.ref}"
    return {
        **fields(page),
        f"here-{mother}": "y",
        f"here-{jack}": "y",
        f"here-u{borough.lead.id}": "y",
        f"here-u{borough.nurse.id}": "y",
        f"scale-{mother}": "4",
        f"scale-{jack}": "6",
        f"silent-{borough.sofia.ref}": "Asleep",
        f"absent-p{borough.sofia.ref}": "school",
        f"absent-u{borough.adviser.id}": "cannot",
        **more,
    }


def test_a_family_without_meetings_is_told_what_to_do(borough, lead, sign_in):
    at = f"/families/{borough.family.ref}/meetings"
    page = lead.get(at).text
    assert "No meeting has been arranged" in page and f"{at}/new" in page
    assert f"{at}/new" not in sign_in(borough.nurse).get(at).text
    assert sign_in(borough.nobody).get(at).status_code == 404
    assert sign_in(borough.nurse).get(f"{at}/new").status_code == 403


def test_arranging_a_meeting(borough, lead):
    at = f"/families/{borough.family.ref}/meetings"
    page = lead.get(f"{at}/new").text
    due = re.search(r'id="at"[^>]*value="(\w{3} \d+ \w{3}[^"]*)"', page)
    assert due, "the day the standard asks for is suggested"
    data = {"at": due[1], "time": "15:30", "place": "Larch hub", "people": [borough.mother.ref], "members": []}
    answer = lead.post(f"{at}/new", data=data)
    assert answer.status_code == 302
    shown = lead.get(answer.location).text
    assert "Larch hub" in shown and "Hold the meeting" in shown
    assert "Arranged" in lead.get(at).text


def test_faults_of_an_invitation_stand_beside_their_fields(borough, lead):
    at = f"/families/{borough.family.ref}/meetings/new"
    answer = lead.post(at, data={"at": "soon", "time": "late", "people": [], "members": []})
    assert answer.status_code == 422 and "<title>Error: " in answer.text
    assert 'href="#at"' in answer.text and 'href="#time"' in answer.text and 'value="soon"' in answer.text
    answer = lead.post(at, data={"at": "1 1 2020", "time": "9", "place": "", "people": [], "members": []})
    assert "This day has passed" in answer.text and "Say where" in answer.text


def test_a_safety_rule_is_asked_about_without_a_word_on_a_shared_screen(borough, lead, alone, make):
    make.protect(borough.mother.id, borough.sofia.id, {"address"})
    at = f"/families/{borough.family.ref}/meetings/new"
    page = lead.get(at).text
    assert "Why one meeting is safe" not in page and "safety" not in page.lower()
    assert "Why one meeting is safe" in alone(borough.lead).get(at).text
    both = {
        "at": (utcnow() + timedelta(days=9)).strftime("%d %b %Y"),
        "time": "15:30",
        "place": "x",
        "people": [borough.mother.ref, borough.sofia.ref],
        "members": [],
    }
    answer = lead.post(at, data=both)
    assert answer.status_code == 422 and "Invite one side at a time" in answer.text
    assert lead.post(at, data={**both, "together_why": "The court asked"}).status_code == 302


def test_the_hold_screen_shows_everything_in_the_order_of_the_meeting(borough, lead):
    meeting = borough.schedule(interpreter="Romanian")
    borough.do(service.contribute, Contribute(meeting=meeting.ref, words="Bid placed"), borough.adviser)
    page = lead.get(f"/meetings/{meeting.ref}/hold").text
    order = ["Who is here", "Words from those not here", "Bid placed", "from 0 to 10", "Worried about", "Working well"]
    order += ["Needs to happen", "A warm home", "Bid on a two-bed flat", "What was decided", "We meet next", "Finish"]
    assert [page.index(word) for word in order] == sorted(page.index(word) for word in order)
    assert "sent words" in page and "Romanian" in page
    assert "not for sharing" not in page.lower(), "the family may be looking"


def test_holding_without_javascript_saves_row_by_row_and_finishes(borough, lead):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    page = lead.get(at).text
    posted = fields(page)
    posted |= {"worried-0-words": "It is cold", "worried-0-about": borough.jack.ref, "_add-worried": "1"}
    page = lead.post(at, data=posted).text
    posted = fields(page)
    assert posted["worried-0-words"] == "It is cold" and posted["worried-0-about"] == borough.jack.ref
    assert posted["worried-1-words"] == ""
    # An action's row has its own button, as there is no empty one waiting.
    new = f"new{borough.goal.ref.replace('-', '')}"
    page = lead.post(at, data={**posted, f"_add-{new}": "1"}).text
    posted = filled(borough, page)
    posted |= {
        f"{new}-0-words": "Ask for vouchers",
        f"{new}-0-owner": f"u:{borough.lead.id}",
        f"{new}-0-due": "25 Dec" if utcnow().month < 12 else "25 Jan",
        f"did-{borough.bid.ref}": "done",
        f"rate-{borough.goal.ref}": "better",
        f"proof-{borough.goal.ref}": "Bid placed",
        "_finish": "1",
    }
    answer = lead.post(at, data=posted)
    assert answer.status_code == 302, re.findall(r'error-summary__list">(.*?)</ul>', answer.text, flags=re.DOTALL)
    shown = lead.get(answer.location).text
    for words in (
        "TAF meeting",
        "It is cold",
        "Ask for vouchers",
        "Bid on a two-bed flat",
        "Bid placed",
        "Asleep",
        "We meet next",
    ):
        assert words in shown
    with borough.app.app_context():
        assert session.get_one(Action, borough.bid.id).state == "done"
        assert drafts.read(service.draft_subject(meeting.ref)).values == {}


def test_a_row_is_taken_away_without_javascript(borough, lead):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    page = lead.post(at, data={**fields(lead.get(at).text), "well-0-words": "Laughing", "_save": "1"}).text
    assert "Laughing" in page
    page = lead.post(at, data={**fields(page), "_remove-well-0": "1"}).text
    assert "Laughing" not in page


def test_unticking_counts(borough, lead):
    meeting = borough.schedule()
    at, here = f"/meetings/{meeting.ref}/hold", f"here-p{borough.jack.ref}"
    page = lead.post(at, data={**fields(lead.get(at).text), here: "y", "_save": "1"}).text
    assert fields(page)[here] == "y"
    posted = fields(page)
    del posted[here]
    assert here not in fields(lead.post(at, data={**posted, "_save": "1"}).text)


def test_what_is_missing_is_listed_and_nothing_is_lost(borough, lead):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    posted = {
        **fields(lead.get(at).text),
        "needs-0-words": "A boiler",
        f"did-{borough.bid.ref}": "stuck",
        f"did-{borough.clinic.ref}": "moved",
        f"day-{borough.clinic.ref}": "one day",
        "next_time": "late",
        "_finish": "1",
    }
    answer = lead.post(at, data=posted)
    assert answer.status_code == 422 and "<title>Error: " in answer.text
    for field in (f"why-{borough.bid.ref}", f"day-{borough.clinic.ref}", "next_time"):
        assert f'href="#{field}"' in answer.text and f'id="{field}"' in answer.text
    assert "A boiler" in answer.text
    assert "Tick who is here" in answer.text and "has no voice here" in answer.text, "everything is said at once"
    again = {
        **fields(answer.text),
        f"why-{borough.bid.ref}": "No bids",
        f"did-{borough.clinic.ref}": "",
        "next_time": "9:30",
    }
    answer = lead.post(at, data={**again, "_finish": "1"})
    assert "Child0 has no voice here" in answer.text and f'href="#silent-{borough.jack.ref}"' in answer.text
    assert "Tick who is here" in answer.text and 'href="#here-1"' in answer.text and 'id="here-1"' in answer.text
    assert borough.again(meeting).state == "scheduled"
    assert "A boiler" in lead.get(at).text


def test_what_somebody_keeps_to_themselves_is_asked_for_on_no_screen_that_others_see(borough, lead):
    command = AddNeed(family=borough.family.ref, person=borough.mother.ref, outcome=3, words="A quiet word")
    borough.do(plans.add_need, command.model_copy(update={"withheld_why": "She wishes it"}))
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    answer = lead.post(at, data=filled(borough, lead.get(at).text, _finish="1"))
    assert answer.status_code == 302, "nobody there could mend it"
    assert "A quiet word" not in lead.get(answer.location).text


def test_whoever_was_missing_and_what_the_plan_lacks_is_mended_or_explained(borough, lead):
    goal = borough.do(
        plans.add_goal,
        AddGoal(family=borough.family.ref, need=borough.need.ref, words="Sleep", due=london_day(utcnow())),
    )
    meeting = borough.schedule()
    borough.do(service.contribute, Contribute(meeting=meeting.ref, reply="not_coming"), borough.adviser)
    at, gone = f"/meetings/{meeting.ref}/hold", f"absent-p{borough.sofia.ref}"
    page = lead.get(at).text
    assert f'name="{gone}"' in page and f'name="absent-u{borough.adviser.id}"' not in page, "she has said so"
    answer = lead.post(at, data=filled(borough, page, _finish="1", **{gone: ""}))
    assert answer.status_code == 422
    assert f'href="#{gone}">Tick {borough.sofia.forename}, or say why' in answer.text
    assert f'href="#gap-{goal.ref}">No action yet for “Sleep”' in answer.text
    mended = {gone: "school", f"gap-{goal.ref}": "The health visitor looks first", "_finish": "1"}
    answer = lead.post(at, data={**fields(answer.text), **mended})
    assert answer.status_code == 302
    record = lead.get(answer.location).text
    assert "(was at school or work)" in record and "(could not come)" in record
    assert "The health visitor looks first" in lead.get(f"/families/{borough.family.ref}/plan").text


def test_the_next_day_is_picked_from_the_standard_or_typed_or_left_open(borough, sign_in):
    with time_machine.travel(datetime(2035, 11, 13, 16, tzinfo=UTC), tick=False):
        lead = sign_in(borough.lead)
        first, second, third = (borough.schedule() for _ in range(3))
        page = lead.get(f"/meetings/{first.ref}/hold").text
        assert "Due by Tue 25 Dec, which is Christmas Day" in page
        assert fields(page)["next_pick"] == "2035-12-27", "the working day after it"
        for meeting, chosen in ((first, {}), (second, {"next_pick": "other", "next_day": "20 Nov"})):
            at = f"/meetings/{meeting.ref}/hold"
            assert lead.post(at, data=filled(borough, lead.get(at).text, _finish="1", **chosen)).status_code == 302
        at = f"/meetings/{third.ref}/hold"
        lead.post(at, data=filled(borough, lead.get(at).text, _finish="1", next_pick="none"))
        with borough.app.app_context():
            days = [session.get(Meeting, borough.again(one).next_id or 0) for one in (first, second, third)]
            assert [one and one.starts_at.date() for one in days] == [date(2035, 12, 27), date(2035, 11, 20), None]


def test_what_one_note_taker_leaves_alone_another_may_change(borough, lead, sign_in):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    stale = fields(lead.get(at).text)
    manager = sign_in(borough.manager)
    manager.post(
        at, data={**fields(manager.get(at).text), "family_view": "Theirs", "worried-0-words": "From Mo", "_save": "1"}
    )
    page = lead.post(at, data={**stale, "well-0-words": "From Patel", "_save": "1"})
    assert page.status_code == 200
    assert all(words in page.text for words in ("Theirs", "From Mo", "From Patel"))


def test_two_versions_of_one_field_are_both_shown_and_a_person_chooses(borough, lead, sign_in):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    stale = fields(lead.get(at).text)
    manager = sign_in(borough.manager)
    manager.post(at, data={**fields(manager.get(at).text), "family_view": "Theirs", "_save": "1"})
    answer = lead.post(at, data={**stale, "family_view": "Mine", "_finish": "1"})
    assert answer.status_code == 422 and "Somebody else changed this meanwhile" in answer.text
    assert fields(answer.text)["family_view"] == "Mine" and "Theirs" in answer.text
    assert lead.get(at).text.count("Mine") == 0, "nothing is silently overwritten"
    answer = lead.post(at, data={**fields(answer.text), "_save": "1"})
    assert fields(lead.get(at).text)["family_view"] == "Mine"


def test_the_second_to_finish_is_told_and_keeps_their_words(borough, lead, sign_in):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    manager = sign_in(borough.manager)
    theirs = filled(borough, manager.get(at).text, **{"worried-0-words": "Only Mo heard this", "_finish": "1"})
    assert lead.post(at, data=filled(borough, lead.get(at).text, _finish="1")).status_code == 302
    answer = manager.post(at, data=theirs)
    assert answer.status_code == 409
    assert "A. Patel" in answer.text and "Only Mo heard this" in answer.text and "Nothing was changed" in answer.text
    assert manager.get(at).status_code == 302


def ops(*fields_, base=0):
    return {
        "ops": [{"op": f"op-{field}-{value}", "field": field, "base": base, "value": value} for field, value in fields_]
    }


def test_autosave_keeps_each_field_for_those_who_may_hold_the_meeting(borough, lead, sign_in):
    meeting = borough.schedule()
    url = f"/drafts/meeting:{meeting.ref}"
    said = lead.post(url, json=ops(("family_view", "Good"), ("worried-abc-words", "Cold"))).json
    assert [one["status"] for one in said["results"]] == ["saved", "saved"]
    assert fields(lead.get(f"/meetings/{meeting.ref}/hold").text)["family_view"] == "Good"
    assert sign_in(borough.nurse).post(url, json=ops(("family_view", "x"))).status_code == 403
    assert sign_in(borough.nobody).post(url, json=ops(("family_view", "x"))).status_code == 404
    assert lead.post("/drafts/meeting:M-2222-22", json=ops(("family_view", "x"))).status_code == 404
    conflict = lead.post(url, json=ops(("family_view", "Bad"))).json["results"][0]
    assert (conflict["status"], conflict["value"]) == ("conflict", "Good")


def test_typing_after_the_meeting_is_recorded_says_so(borough, lead):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    lead.post(at, data=filled(borough, lead.get(at).text, _finish="1"))
    answer = lead.post(f"/drafts/meeting:{meeting.ref}", json=ops(("family_view", "Late")))
    assert answer.status_code == 422 and "recorded already" in answer.json["errors"][0]["message"]


def test_a_childs_number_and_words_kept_from_the_room_leave_the_shared_screen(borough, lead, alone):
    meeting = borough.schedule()
    at, jack = f"/meetings/{meeting.ref}/hold", borough.jack.ref
    words = "I do not like the noise at night"
    posted = {f"scale-p{jack}": "2", f"quiet-p{jack}": "y", f"voice-{jack}": words, f"voicewho-{jack}": "team"}
    lead.post(at, data={**fields(lead.get(at).text), **posted, "_save": "1"})
    shared = lead.get(at).text
    assert words not in shared and f'name="scale-p{jack}"' not in shared and "kept from the room" in shared
    assert words in alone(borough.lead).get(at).text
    # Saving the shared screen leaves them where they are.
    lead.post(at, data={**fields(shared), "_save": "1"})
    assert words in alone(borough.lead).get(at).text
    answer = lead.post(at, data=filled(borough, lead.get(at).text, _finish="1", **{f"scale-p{jack}": "2"}))
    assert answer.status_code == 302
    record = lead.get(answer.location).text
    assert words not in record and "kept from the room" in record


def test_a_child_says_beforehand_how_things_are_and_who_may_see_it(borough, lead, alone, sign_in):
    meeting = borough.schedule()
    at, jack, sofia = f"/meetings/{meeting.ref}", borough.jack.ref, borough.sofia.ref
    nurse = sign_in(borough.nurse)
    assert f"{at}/beforehand" in nurse.get(at).text
    answer = nurse.post(f"{at}/beforehand", data={"person": jack})
    assert answer.status_code == 422 and "Ask the child whether the room may see it" in answer.text
    assert nurse.post(f"{at}/beforehand", data={"person": jack, "value": "2", "shown": "n"}).status_code == 302
    assert nurse.post(f"{at}/beforehand", data={"person": sofia, "value": "8", "shown": "y"}).status_code == 302
    shared, mine = lead.get(f"{at}/hold").text, alone(borough.lead).get(f"{at}/hold").text
    assert "has given a number; it is kept from the room" in shared and f"scale-p{jack}" not in fields(shared)
    assert fields(mine)[f"scale-p{jack}"] == "2" and fields(mine)[f"quiet-p{jack}"] == "y"
    assert fields(shared)[f"scale-p{sofia}"] == "8" and f"quiet-p{sofia}" not in fields(shared)
    posted = {name: value for name, value in filled(borough, shared, _finish="1").items() if name != f"scale-p{jack}"}
    answer = lead.post(f"{at}/hold", data=posted)
    assert answer.status_code == 302
    assert "kept from the room" in lead.get(answer.location).text
    with borough.app.app_context():
        given = select(MeetingScale.value, MeetingScale.private).where(MeetingScale.person_id.is_not(None))
        assert {(2, True), (8, False)} <= {(value, private) for value, private in session.execute(given)}
    assert sign_in(borough.nobody).get(f"{at}/beforehand").status_code == 404
    assert nurse.post(f"{at}/beforehand", data={"person": jack, "value": "2", "shown": "n"}).status_code == 422


def test_what_a_child_keeps_from_the_room_is_in_no_answer_to_a_shared_screen(borough, lead, alone):
    meeting = borough.schedule()
    at, url, jack = f"/meetings/{meeting.ref}/hold", f"/drafts/meeting:{meeting.ref}", borough.jack.ref
    before = fields(lead.get(at).text)
    mine, kept = alone(borough.lead), {f"scale-p{jack}": "2", f"quiet-p{jack}": "y", f"voice-{jack}": "It is loud"}
    mine.post(url, json=ops(*kept.items()))
    assert mine.get(url).json["values"] == kept
    assert lead.get(url).json["values"] == {f"quiet-p{jack}": "y"}
    for answer in lead.post(url, json=ops((f"scale-p{jack}", "9"), (f"voice-{jack}", "x"))).json["results"]:
        assert (answer["status"], answer["value"], answer["by"]) == ("conflict", "", "")
        assert "not shown on this screen" in answer["message"]
    page = lead.post(at, data={**before, f"scale-p{jack}": "9", "_save": "1"})
    assert page.status_code == 422 and "Yours was not kept: 9" in page.text
    assert f'name="scale-p{jack}"' not in page.text and "kept from the room" in page.text
    assert mine.get(url).json["values"][f"scale-p{jack}"] == "2"


def test_a_fault_in_a_line_not_for_sharing_is_not_named_on_a_shared_screen(borough, lead, alone):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    alone(borough.lead).post(f"/drafts/meeting:{meeting.ref}", json=ops(("private-a-words", "A neighbour rang")))
    answer = lead.post(at, data=filled(borough, lead.get(at).text, _finish="1"))
    assert answer.status_code == 422 and "when you are alone with it" in answer.text
    assert "sharing" not in answer.text.lower() and "neighbour" not in answer.text


def test_what_was_saved_elsewhere_just_before_is_in_the_record(borough, lead, monkeypatch):
    meeting = borough.schedule()
    at, took = f"/meetings/{meeting.ref}/hold", Sheet.take

    def take_then_somebody_types(sheet, form):
        took(sheet, form)
        with writing():
            drafts.apply(service.draft_subject(meeting.ref), [drafts.Op(**one) for one in late["ops"]], sheet.actor)

    late = ops(("worried-abc-words", "Said at the last moment"))
    monkeypatch.setattr(Sheet, "take", take_then_somebody_types)
    answer = lead.post(at, data=filled(borough, lead.get(at).text, _finish="1"))
    assert answer.status_code == 302 and "Said at the last moment" in lead.get(answer.location).text


def test_what_comes_after_somebody_finished_is_not_called_saved(borough, lead, monkeypatch):
    meeting = borough.schedule()
    at, subject = f"/meetings/{meeting.ref}/hold", f"meeting:{meeting.ref}"
    data = filled(borough, lead.get(at).text, _finish="1")
    let_in = borough.app.extensions["tafcore.draft_subjects"]["meeting"]

    def let_in_then_somebody_finishes(ref, who):
        opened = let_in(ref, who)
        assert lead.post(at, data=data).status_code == 302
        return opened

    monkeypatch.setitem(borough.app.extensions["tafcore.draft_subjects"], "meeting", let_in_then_somebody_finishes)
    answer = lead.post(f"/drafts/{subject}", json=ops(("worried-abc-words", "Late")))
    assert answer.status_code == 422 and "recorded already" in answer.json["errors"][0]["message"]


def test_lines_not_for_sharing_are_written_and_read_alone(borough, lead, alone):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    mine = alone(borough.lead)
    page = mine.get(at).text
    assert "not for sharing" in page
    page = mine.post(at, data={**fields(page), "_add-private": "1"}).text
    posted = filled(borough, page, _finish="1", **{"private-0-words": "A neighbour rang"})
    answer = mine.post(at, data=posted)
    assert answer.status_code == 422 and re.search(
        r'href="#private-\w+-reason">Say why the line is not shared', answer.text
    )
    assert "A neighbour rang" not in lead.get(at).text, "the same screen, shared"
    more = {"private-0-reason": "Third party", "private-0-decided_by": "A. Patel", "_finish": "1"}
    answer = mine.post(at, data={**fields(answer.text), **more})
    assert answer.status_code == 302
    assert "A neighbour rang" in mine.get(answer.location).text
    assert "A neighbour rang" not in lead.get(answer.location).text


def test_a_line_not_for_sharing_may_be_added_later(borough, lead, alone):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}"
    lead.post(f"{at}/hold", data=filled(borough, lead.get(f"{at}/hold").text, _finish="1"))
    mine = alone(borough.lead)
    data = {"column": "worried", "words": "Rang twice", "about": "", "reason": "Third party", "decided_by": "A. Patel"}
    assert mine.post(f"{at}/not-for-sharing", data={**data, "reason": ""}).status_code == 422
    assert mine.post(f"{at}/not-for-sharing", data=data).status_code == 302
    assert "Rang twice" in mine.get(at).text and "Rang twice" not in lead.get(at).text


def test_the_team_answers_and_sends_words(borough, sign_in, lead):
    meeting = borough.schedule()
    nurse = sign_in(borough.nurse)
    at = f"/meetings/{meeting.ref}"
    assert nurse.get(f"{at}/hold").status_code == 403
    assert nurse.post(f"{at}/contribute", data={}).status_code == 422
    assert nurse.post(f"{at}/contribute", data={"reply": "not_coming", "well": "Weighed on Monday"}).status_code == 302
    assert "Working well: Weighed on Monday" in lead.get(f"{at}/hold").text
    assert "cannot come" in lead.get(at).text
    assert sign_in(borough.nobody).get(f"{at}/contribute").status_code == 404


def test_moving_cancelling_and_not_happening(borough, lead):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}"
    day = (utcnow() + timedelta(days=9)).strftime("%d %b %Y")
    assert lead.post(f"{at}/move", data={"at": day, "time": "10", "place": "", "link": ""}).status_code == 422
    assert lead.post(f"{at}/move", data={"at": day, "time": "10", "place": "Elm Row", "link": ""}).status_code == 302
    assert "Elm Row" in lead.get(at).text
    answer = lead.post(f"{at}/did-not-happen", data={"reason": "Nobody came"})
    assert answer.status_code == 422 and "still to come" in answer.text
    assert lead.post(f"{at}/cancel", data={"reason": ""}).status_code == 422
    assert lead.post(f"{at}/cancel", data={"reason": "Mother is ill"}).status_code == 302
    assert "Mother is ill" in lead.get(f"/families/{borough.family.ref}/meetings").text
    assert lead.get(f"{at}/hold").status_code == 302


def test_sharing_is_put_down_person_by_person(borough, lead):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}"
    lead.post(f"{at}/hold", data=filled(borough, lead.get(f"{at}/hold").text, _finish="1"))
    rows = {f"family-{n}-person": one.ref for n, one in enumerate((borough.mother, borough.jack, borough.sofia))}
    rows |= {f"family-{n}-how": "" for n in range(3)}
    assert lead.post(f"{at}/share", data={**rows, "family-0-how": "", "team": "y"}).status_code == 422
    assert lead.post(f"{at}/share", data={**rows, "family-0-how": "given", "team": "y"}).status_code == 302
    page = lead.get(at).text
    assert "Given by hand" in page and "In their inbox" in page and "Held and shared" in page


def test_it_is_known_who_of_the_team_has_opened_the_record(borough, lead, alone, sign_in):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}"
    lead.post(f"{at}/hold", data=filled(borough, lead.get(f"{at}/hold").text, _finish="1"))
    for _ in range(2):  # told again, nobody is listed twice
        assert lead.post(f"{at}/share", data={"team": "y", "not_family_why": "Next week"}).status_code == 302

    def opened():
        line = r'app-people__name">([^<]*)</span><span class="app-people__line">[^<]*?(?:<strong>)?(Opened|Not) '
        return {name: words for name, words in re.findall(line, mine.get(at).text) if name[:2] in ("M.", "V.")}

    mine = alone(borough.lead)
    assert opened() == {"M. Lewis": "Not", "V. Adviser": "Not"}
    assert sign_in(borough.nurse).get(at).status_code == 200
    assert opened() == {"M. Lewis": "Opened", "V. Adviser": "Not"}
    assert "Not opened yet" not in lead.get(at).text, "the family may be looking"


def test_the_calendar_file_says_meeting_and_no_more(borough, lead, make):
    meeting = borough.schedule(note="About the eviction")
    answer = lead.get(f"/meetings/{meeting.ref}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    entry = next(part for part in Calendar.from_ical(answer.data).walk("VEVENT"))
    assert (str(entry["summary"]), str(entry["location"]), entry.decoded("dtstart")) == (
        "Meeting",
        "Larch hub",
        meeting.starts_at,
    )
    text = answer.text
    assert not any(word in text for word in ("Okoro", "Ada", "Child", "eviction", borough.family.ref, "Elm Row"))
    assert "meeting.ics" in answer.headers["Content-Disposition"]
    make.protect(borough.mother.id, borough.sofia.id, {"hub"})
    assert "Larch hub" not in lead.get(f"/meetings/{meeting.ref}/calendar.ics").text
    borough.do(service.cancel, CancelMeeting(meeting=meeting.ref, reason="x"))
    assert "STATUS:CANCELLED" in lead.get(f"/meetings/{meeting.ref}/calendar.ics").text


def test_the_overview_puts_what_is_late_first(borough, lead, sign_in):
    assert "To arrange" in lead.get("/meetings").text
    with time_machine.travel(utcnow() + timedelta(weeks=7)):
        page = sign_in(borough.lead).get("/meetings").text
        assert (
            "Late, or arranged after the day it is due" in page
            and borough.family.ref in page
            and "1 week late" not in page
        )
        assert "No meeting is due" in sign_in(borough.nobody).get("/meetings").text


def test_the_overview_is_searched_by_the_name_or_reference_of_a_family(borough, lead, sign_in):
    for words in (borough.family.name[:4].lower(), f" {borough.family.ref.lower()} "):
        assert "To arrange" in lead.post("/meetings", data={"q": words}).text
        assert borough.family.ref not in sign_in(borough.nobody).post("/meetings", data={"q": words}).text
    page = lead.post("/meetings", data={"q": "zz"}).text
    assert "No meeting of a family of that name is due" in page and borough.family.ref not in page


def test_the_overview_shows_a_page_of_each_list_and_leads_to_the_rest(borough, lead, monkeypatch):
    day = utcnow() + timedelta(days=1)
    many = [AgendaView(f"M-{n:04}", borough.family.ref, "Okoro", day, None, "scheduled") for n in range(120)]
    monkeypatch.setattr(agenda, "agenda", lambda _of: many)

    def read(**asked):
        page = lead.post("/meetings", data=asked).text
        return re.findall(r"/meetings/(M-\d+)", page), page

    shown, page = read()
    assert shown == [one.ref for one in many[:50]] and "All 120" in page and "To arrange</" in page
    seen, after = [], "0"
    while after:
        shown, page = read(show="hold", after=after)
        assert borough.family.ref not in re.findall(r"/families/(F-[^/]+)/meetings", page), (
            "the other lists are left out"
        )
        seen += shown
        after = next(iter(re.findall(r'name="after" value="(\d+)"', page)), "")
    assert seen == [one.ref for one in many], "each once, in their order"
    monkeypatch.setattr(agenda, "LISTED", 120)
    assert "These are the first 120," in read()[1]
    monkeypatch.setattr(agenda, "agenda", lambda _of: [])
    monkeypatch.setattr(agenda, "LISTED", 1)
    page = read()[1]
    assert "To arrange</" in page and "These are the first 1," in page, "of those that wait to be arranged, too"
    assert "No such meeting is due" in read(show="late")[1]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_inert_and_whole(borough, lead, words):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"
    posted = filled(borough, lead.get(at).text, family_view=words, _finish="1", **{"worried-0-words": words})
    answer = lead.post(at, data=posted)
    assert answer.status_code == 302
    page = lead.get(answer.location).text
    assert "<script>alert" not in page
    assert str(escape(words)) in page
    with borough.app.app_context():
        assert session.scalar(select(MeetingLine.words)) == words
        assert session.get_one(Meeting, meeting.id).family_view == words


@pytest.mark.parametrize(
    "page", ["", "/hold", "/move", "/cancel", "/did-not-happen", "/contribute", "/share", "/not-for-sharing"]
)
def test_every_page_is_closed_to_strangers_and_unknown_meetings(borough, sign_in, page):
    meeting = borough.schedule()
    nobody = sign_in(borough.nobody)
    assert nobody.get(f"/meetings/{meeting.ref}{page}").status_code == 404
    assert nobody.get(f"/meetings/M-2222-22{page}").status_code == 404
    assert nobody.get(f"/meetings/nonsense{page}").status_code == 404


def test_the_hold_screen_asks_the_database_a_fixed_number_of_times(borough, lead, counting):
    meeting = borough.schedule()
    at = f"/meetings/{meeting.ref}/hold"

    def count():
        with counting() as sent:
            assert lead.get(at).status_code == 200
        return len(sent)

    count()
    before = count()
    with borough.app.app_context(), writing():
        for number in range(20):
            session.add(
                drafts.DraftField(
                    subject=f"meeting:{meeting.ref}", field=f"well-{number:03}-words", rev=1, value="x", by="t"
                )
            )
    borough.do(service.contribute, Contribute(meeting=meeting.ref, words="x"), borough.nurse)
    count()  # the menu judges the notice of it once
    assert count() == before


def test_moving_twice_at_once_keeps_the_last_and_counts_both(borough):
    meeting = borough.schedule()
    for days in (2, 3):
        borough.do(service.move, MoveMeeting(meeting=meeting.ref, at=borough.at(days=days), place="x"))
    assert borough.again(meeting).revision == 2


def test_withheld_lines_need_a_record(borough):
    meeting = borough.schedule()
    with pytest.raises(Refused, match="no record yet"):
        borough.do(service.withhold, WithholdLine(meeting=meeting.ref, words="x", reason="x", decided_by="x"))


def test_served_sums_are_no_secret(borough, lead):
    meeting = borough.schedule()
    served = json.loads(fields(lead.get(f"/meetings/{meeting.ref}/hold").text)["_served"])
    assert all(isinstance(one, int) for one in served.values())
