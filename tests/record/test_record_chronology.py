"""The chronology: written as things happen, read as far as one may."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from tafcore import db
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import WriteNote
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.record import chronology
from tafcore.record.models import ChronologyEntry, ChronologyMark


def at(home, query: str = "") -> str:
    return f"/families/{home.family.ref}/chronology{query}"


def note(home, words: str, **more) -> None:
    with home.app.app_context(), db.writing():
        episodes.write_note(WriteNote(family=home.family.ref, words=words, **more), home.make.actor(home.lead))


def test_what_happened_is_there_newest_first(home, alone) -> None:
    page = alone(home.lead).get(at(home)).text
    lines = re.findall(r'record-line__words">([^<]+)<', page)
    assert lines[0].startswith("Vic Adviser, Money Matters, joined") and "Early help opened" in lines[-1]


def test_it_stands_where_it_happened_not_where_it_was_recorded(home, alone) -> None:
    long_ago = db.utcnow() - timedelta(days=400)
    note(home, "An old call", happened_at=long_ago)
    page = alone(home.lead).get(at(home)).text
    lines = re.findall(r'record-line__words">([^<]+)<', page)
    assert "An old call" in lines[-1] and "recorded" in page


def test_workers_lines_are_for_lead_and_manager_alone_with_the_screen(home, sign_in, alone) -> None:
    note(home, "Worried about the partner", audience="workers")
    assert "Worried about the partner" in alone(home.lead).get(at(home)).text
    assert "Worried about the partner" in alone(home.manager).get(at(home)).text
    assert "Worried about the partner" not in alone(home.helper).get(at(home)).text
    assert "Worried about the partner" not in sign_in(home.lead).get(at(home)).text


def test_a_shared_screen_has_lines_for_the_family_alone(home, sign_in) -> None:
    note(home, "What the school said")
    page = sign_in(home.lead).get(at(home)).text
    assert "Early help opened" in page and "What the school said" not in page


def test_before_somebody_to_be_kept_safe_from_no_line_is_about_those_kept_safe(home, sign_in) -> None:
    home.make.protect(home.mother.id, home.father.id, {"worker"})
    page = sign_in(home.lead).get(at(home)).text
    assert "joined the team" not in page and "is now the lead professional" not in page


def test_filters_by_person_and_kind(home, alone) -> None:
    note(home, "About Jack", about=(home.jack.ref,))
    note(home, "About Sofia", about=(home.sofia.ref,))
    browser = alone(home.lead)
    hers = browser.get(at(home, f"?person={home.sofia.ref}")).text
    assert "About Sofia" in hers and "About Jack" not in hers
    notes = browser.get(at(home, "?kind=notes")).text
    assert "About Jack" in notes and "joined the team" not in notes
    assert browser.get(at(home, "?person=P-2222-22")).status_code == 404


def test_pages_follow_each_other_without_a_gap_and_print_holds_all(home, alone) -> None:
    when = db.utcnow() - timedelta(hours=1)
    for number in range(60):
        note(home, f"Line {number:02d}", happened_at=when)
    browser = alone(home.lead)
    first = browser.get(at(home, "?kind=notes")).text
    further = re.search(r'href="([^"]+after=\d+[^"]*)"', first)
    assert further is not None
    second = browser.get(further.group(1).replace("&amp;", "&")).text
    seen = re.findall(r"Line (\d\d)", first) + re.findall(r"Line (\d\d)", second)
    assert seen == [f"{number:02d}" for number in range(59, -1, -1)]
    assert len(re.findall(r"Line \d\d", browser.get(at(home, "?print=yes&kind=notes")).text)) == 60
    back = re.search(r'href="([^"]+before=\d+[^"]*)"', browser.get(further.group(1).replace("&amp;", "&")).text)
    again = browser.get(back.group(1).replace("&amp;", "&")).text
    assert re.findall(r"Line (\d\d)", again) == re.findall(r"Line (\d\d)", first), "the same page, come back to"
    assert "before=" not in again, "nothing is newer"


def test_it_costs_the_same_however_long_it_is(home, sign_in, alone, counting) -> None:
    browser = alone(home.lead)
    browser.get(at(home))
    with counting() as few:
        browser.get(at(home))
    for number in range(30):
        note(home, f"Line {number}", about=(home.jack.ref,))
    with counting() as lots:
        browser.get(at(home))
    assert len(few) == len(lots)


def test_a_team_whose_organisation_was_barred_is_not_joined(home) -> None:
    import pytest

    from tafcore.episodes.commands import AddTafMember
    from tafcore.families.service import bar
    from tafcore.work import Refused

    nurse = home.make.user(organisation=home.make.organisation("health_visiting"))
    with home.app.app_context(), db.writing():
        bar(home.family.id, "No agreement to share with them", organisation_id=nurse.organisation_id)
    with pytest.raises(Refused), home.app.app_context(), db.writing():
        command = AddTafMember(family=home.family.ref, user=nurse.id, role="Health visitor")
        episodes.add_member(command, home.make.actor(home.lead))


def test_a_plugin_is_called_what_people_call_it(app) -> None:
    with app.app_context():
        said = [chronology.category_words(one) for one in ("meetings", "family_hubs", "optivita", "gone_since")]
    assert said == ["Meetings", "Family hubs", "OptiVita", "Gone since"]


# --- as far as asked -------------------------------------------------------------------------------------------------


def lines(page) -> list[str]:
    """The words of each line, without the tag before them."""
    found = re.findall(r'record-line__words">(.*?)</p>', page.text, re.S)
    return [re.sub(r"<strong.*?</strong> ?", "", one).removeprefix("Call: ") for one in found]


def numbers(page) -> list[int]:
    return [int(one) for one in re.findall(r'id="line-(\d+)"', page.text)]


def test_by_agency_and_no_agency_stands_in_an_address(home, alone) -> None:
    note(home, "From the school")
    with home.app.app_context(), db.writing():
        command = WriteNote(family=home.family.ref, words="From money advice")
        episodes.write_note(command, home.make.actor(home.helper))
    browser = alone(home.lead)
    page = browser.get(at(home)).text
    choices = dict(re.findall(r'<option value="([0-9a-f]{10})">([^<]+)<', page))
    assert {"Elm Row Primary", "Money Matters"} <= set(choices.values())
    key = next(value for value, name in choices.items() if name == "Money Matters")
    shown = lines(browser.get(at(home, f"?agency={key}")))
    assert "From money advice" in shown and "From the school" not in shown
    assert lines(browser.get(at(home, "?agency=0123456789"))) == []


def test_by_period_whole_days_of_london(home, alone) -> None:
    for day in (1, 2, 3):
        note(home, f"Day {day}", happened_at=datetime(2026, 6, day, 22, 30, tzinfo=UTC))
    browser = alone(home.lead)
    assert lines(browser.get(at(home, "?first=2+6+2026&last=2+6+2026"))) == ["Day 2"], (
        "23:30 in London is still that day"
    )
    assert lines(browser.get(at(home, "?last=1+6+2026"))) == ["Day 1"]
    wrong = browser.get(at(home, "?first=soon"))
    assert wrong.status_code == 422 and "There is a problem" in wrong.text and "Enter a day" in wrong.text


def test_a_line_is_marked_and_the_mark_taken_off_and_who_did_is_kept(home, alone, sign_in) -> None:
    note(home, "He was hit in the park", audience="team")
    note(home, "Rang again")
    lead, helper = alone(home.lead), alone(home.helper)
    entry = numbers(lead.get(at(home, "?kind=notes")))[1]
    answer = lead.post(at(home, f"/{entry}/mark"), data={"mark": "yes", "kind": "notes"})
    assert answer.location.endswith(f"chronology?kind=notes#line-{entry}")
    page = helper.get(at(home, "?significant=y"))
    assert lines(page) == ["He was hit in the park"] and "marked by Ann Patel, Elm Row Primary" in page.text
    assert "marked by" not in sign_in(home.lead).get(at(home)).text
    helper.post(at(home, f"/{entry}/mark"), data={"mark": "no"})
    assert lines(lead.get(at(home, "?significant=y"))) == []
    with home.app.app_context():
        kept = db.session.scalars(select(ChronologyMark)).one()
        assert (kept.by.split(",")[0], kept.ended_by.split(",")[0]) == ("Ann Patel", "Vic Adviser")


def test_nobody_marks_what_they_may_not_read(home, alone, sign_in) -> None:
    note(home, "For lead and manager", audience="workers")
    entry = numbers(alone(home.lead).get(at(home, "?kind=notes")))[0]
    assert alone(home.helper).post(at(home, f"/{entry}/mark"), data={"mark": "yes"}).status_code == 404
    assert sign_in(home.stranger).post(at(home, f"/{entry}/mark"), data={"mark": "yes"}).status_code == 404
    assert sign_in(home.lead).post(at(home, f"/{entry}/mark"), data={"mark": "yes"}).status_code == 404


def test_numbers_of_any_length_are_no_fault(home, alone) -> None:
    browser, huge = alone(home.lead), "9" * 40
    for query in (f"?after={huge}", f"?before={huge}", f"?agency={huge}", f"?kind={huge}", "?kind=%00", "?agency=%00"):
        assert browser.get(at(home, query)).status_code == 200, query
    assert browser.post(at(home, f"/{huge}/mark"), data={"mark": "yes"}).status_code == 404


# --- on paper --------------------------------------------------------------------------------------------------------


def printed(browser, home, whom: str) -> str:
    return browser.get(at(home, f"?print=yes&for={whom}")).text


def test_paper_holds_what_those_who_get_it_may_have(home, alone, sign_in) -> None:
    note(home, "Only lead and manager", audience="workers")
    note(home, "For the team")
    browser = alone(home.lead)
    mine = printed(browser, home, "")
    assert "Only lead and manager" in mine and "For the team" in mine
    team = printed(browser, home, "team")
    assert "Only lead and manager" not in team and "For the team" in team
    for whom in ("family", home.mother.ref):
        theirs = printed(browser, home, whom)
        assert "For the team" not in theirs and "Early help opened" in theirs
    shared = sign_in(home.lead)
    assert "For the team" not in printed(shared, home, "")
    assert shared.get(at(home, "?print=yes&for=team")).status_code == 404
    assert browser.get(at(home, "?print=yes&for=P-2222-22")).status_code == 404


def test_for_a_meeting_it_is_what_all_of_those_invited_may_have(home, alone) -> None:
    def meeting(*people) -> str:
        at_ = db.utcnow() + timedelta(days=9)
        command = ScheduleMeeting(
            family=home.family.ref,
            at=at_,
            place=f"Hub {len(people) and people[0].ref}",
            people=tuple(one.ref for one in people),
        )
        with home.app.app_context(), db.writing():
            return meetings.schedule(command, home.make.actor(home.lead)).ref

    home.make.protect(home.mother.id, home.father.id, {"worker"})
    note(home, "For the team")
    his, hers = meeting(home.father), meeting(home.mother)
    browser = alone(home.lead)
    assert "Those at the meeting of" in browser.get(at(home)).text
    assert "joined the team" not in printed(browser, home, his), "he may not know who helps her"
    assert "Early help opened" in printed(browser, home, hers)
    for paper in (his, hers):
        assert "For the team" not in printed(browser, home, paper)
    nobody = meeting()
    page = printed(browser, home, nobody)
    assert "For the team" in page, "a professionals' meeting has the team's lines"


def test_two_thousand_lines_are_all_on_paper_and_a_page_is_a_page(home, alone) -> None:
    now = db.utcnow()
    with home.app.app_context(), db.writing():
        same = {"family_id": home.family.id, "kind": "t", "category": "notes", "audience": "team", "by": "A"}
        rows = [
            ChronologyEntry(**same, line=f"Line {n:04d}", happened_at=now - timedelta(hours=n // 3), subject_ref="")
            for n in range(2000)
        ]
        db.session.add_all(rows)
    browser = alone(home.lead)
    assert len(set(re.findall(r"Line \d{4}", printed(browser, home, "team")))) == 2000
    seen: list[str] = []
    url = at(home, "?kind=notes")
    while url:
        page = browser.get(url)
        seen += re.findall(r"Line \d{4}", page.text)
        further = re.search(r'href="([^"]+after=\d+[^"]*)"', page.text)
        url = further.group(1).replace("&amp;", "&") if further else ""
    assert len(set(seen)) == 2000
