"""What one note-taker writes comes onto the other's open page: asked for at little cost, as the room may have it."""

from datetime import timedelta

import pytest
import time_machine

from tafcore.accounts.rules import IDLE
from tafcore.db import utcnow
from tests.meetings.test_meetings_pages import alone, fields, filled, lead, ops

__all__ = ["alone", "lead"]


@pytest.fixture
def meeting(borough):
    return borough.schedule()


def url(meeting):
    return f"/drafts/meeting:{meeting.ref}"


def mark(browser, meeting):
    """As far as the page has heard when it is made."""
    page = browser.get(f"/meetings/{meeting.ref}/hold").text
    return page.split('data-heard="')[1].split('"')[0]


def news(browser, meeting, seen, **more):
    asked = {"seen": seen, **more}
    return browser.get(f"{url(meeting)}/news", query_string=asked, content_type="application/json")


def write(browser, meeting, seen="", *typed):
    return browser.post(url(meeting), json={**ops(*typed), "seen": seen}).json


def test_nothing_new_is_said_in_no_words_at_the_cost_of_two_statements(borough, lead, meeting, counting):
    seen = mark(lead, meeting)
    with counting() as sent:
        answer = news(lead, meeting, seen)
    assert (answer.status_code, answer.data) == (204, b"")
    assert len(sent) <= 2, "who is signed in, and how often anything was written"


def test_what_a_colleague_wrote_is_news_and_what_one_wrote_oneself_is_not(borough, lead, meeting, sign_in):
    manager = sign_in(borough.manager)
    mine, theirs = mark(lead, meeting), mark(manager, meeting)
    mine = write(lead, meeting, mine, ("family_view", "Good talk"))["seen"]
    assert news(lead, meeting, mine).status_code == 204
    heard = news(manager, meeting, theirs).json
    assert heard["values"] == {"family_view": "Good talk"} and heard["revs"] == {"family_view": 1}
    # Whoever writes before having heard is told of nothing that they have not heard.
    written = write(lead, meeting, mine, ("worried-a-words", "Cold"))["seen"]
    theirs = write(manager, meeting, heard["seen"], ("well-b-words", "Warm"))["seen"]
    assert news(manager, meeting, theirs).json["values"]["worried-a-words"] == "Cold"
    assert news(lead, meeting, written).json["values"]["well-b-words"] == "Warm"


def test_what_is_kept_from_the_room_is_no_news_there(borough, lead, meeting, alone):
    seen, mine, jack = mark(lead, meeting), alone(borough.lead), borough.jack.ref
    kept = (
        (f"scale-p{jack}", "2"),
        (f"quiet-p{jack}", "y"),
        (f"voice-{jack}", "Loud"),
        ("private-a-words", "Rang"),
    )
    write(mine, meeting, "", *kept)
    assert news(lead, meeting, seen).json["values"] == {f"quiet-p{jack}": "y"}
    # The page lies on the table still, and the worker has gone on alone in another window.
    assert news(mine, meeting, seen, shared="y").json["values"] == {f"quiet-p{jack}": "y"}
    assert set(news(mine, meeting, seen).json["values"]) == {field for field, _ in kept}


def test_a_mark_opens_nothing_to_anybody_else(borough, lead, meeting, sign_in):
    seen = mark(lead, meeting)
    write(lead, meeting, "", ("family_view", "Good talk"))
    for user in (borough.nurse, borough.nobody):
        for asked in (seen, "", "1", "0.x"):
            assert news(sign_in(user), meeting, asked).status_code in (403, 404)
    assert news(lead, meeting, "nonsense").json["values"] == {"family_view": "Good talk"}


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(borough, lead, meeting):
    seen = mark(lead, meeting)
    for part in range(1, 4):
        with time_machine.travel(utcnow() + IDLE * part / 3 + timedelta(seconds=1), tick=False):
            assert news(lead, meeting, seen).status_code == (401 if part == 3 else 204)


def test_once_somebody_has_finished_the_others_are_told(borough, lead, meeting, sign_in):
    manager = sign_in(borough.manager)
    write(lead, meeting, "", ("family_view", "Good talk"))
    seen = mark(manager, meeting)
    at = f"/meetings/{meeting.ref}/hold"
    assert lead.post(at, data=filled(borough, lead.get(at).text, _finish="1")).status_code == 302
    answer = news(manager, meeting, seen)
    assert answer.status_code == 422 and "recorded already" in answer.json["errors"][0]["message"]


def test_what_came_by_itself_is_nobodys_edit(borough, lead, meeting, sign_in):
    """The page knows what it was last given: a third version meanwhile is no quarrel with whoever never typed there."""
    at, manager = f"/meetings/{meeting.ref}/hold", sign_in(borough.manager)
    write(manager, meeting, "", ("family_view", "First"))
    posted = fields(lead.get(at).text)
    write(manager, meeting, "", ("worried-a-words", "Cold"))
    again = manager.post(
        url(meeting), json={"ops": [{"op": "2", "field": "family_view", "base": 1, "value": "Second"}]}
    )
    assert again.json["results"][0]["status"] == "saved"
    answer = lead.post(at, data={**posted, "_save": "1"})
    assert answer.status_code == 200 and fields(answer.text)["family_view"] == "Second"
