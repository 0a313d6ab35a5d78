"""The chronology: written as things happen, read as far as one may."""

from __future__ import annotations

import re
from datetime import timedelta

from tafcore import db
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import WriteNote
from tafcore.record import chronology


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
    assert len(re.findall(r"Line \d\d", browser.get(at(home, "?print=yes")).text)) == 60


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
