"""My work for each role, the inbox, and the pages open to everybody."""

from __future__ import annotations

import pytest

from tafcore import db
from tafcore.contributions import Notice, TaskSource
from tafcore.hookspecs import hookimpl
from tafcore.notices import service as notices


def test_a_lead_sees_what_waits_and_how_their_families_are_going(home, sign_in) -> None:
    page = sign_in(home.lead).get("/").text
    assert "1 thing waits for you" in page and "My families (1)" in page and "Okoro family" in page
    assert "None arranged" in page and "0 of 2" in page
    assert "First TAF meeting to be held by" in page and "Schedule" in page


def test_a_member_of_the_team_sees_the_family_too(home, sign_in) -> None:
    assert "Okoro family" in sign_in(home.helper).get("/").text


def test_a_manager_sees_families_without_a_lead(home, make, sign_in) -> None:
    other = make.family(home.team, "Rahman")
    make.episode(other, home.manager)
    page = sign_in(home.manager).get("/").text
    assert "Families without a lead professional" in page and other.ref in page and "Nobody has been asked" in page
    assert "Families without a lead professional" not in sign_in(home.lead).get("/").text


def test_nobody_is_told_what_to_do(make, sign_in) -> None:
    page = sign_in(make.user()).get("/").text
    assert "Nothing waits for you" in page and "No family is yours yet" in page and "My families" not in page


def test_the_board_is_led_to_the_outcomes(make, sign_in) -> None:
    page = sign_in(make.user("board_member")).get("/").text
    assert 'href="/outcomes"' in page and "My families" not in page


def test_the_hub_has_one_button(make, sign_in) -> None:
    page = sign_in(make.user("front_door", team=make.team())).get("/").text
    assert "Register a contact" in page and 'href="/contacts/new"' in page
    assert 'href="/contacts/new"' not in sign_in(make.user("mash")).get("/").text.split("app-empty")[0]


def test_administrators_and_readers_of_the_trail_are_led_there(make, sign_in) -> None:
    assert 'href="/admin"' in sign_in(make.user("administrator")).get("/").text
    assert 'href="/trail"' in sign_in(make.user("information_governance")).get("/").text


def test_a_feature_that_fails_takes_nothing_else_away(home, plug_in, sign_in) -> None:
    class Broken:
        @hookimpl
        def tasks(self):
            def find(actor, now):
                raise RuntimeError("broken")

            return [TaskSource("broken", find)]

    plug_in(Broken(), "broken_tasks")
    page = sign_in(home.lead).get("/")
    assert page.status_code == 200 and "Okoro family" in page.text


def test_messages_are_read_by_opening_them(home, sign_in) -> None:
    with home.app.app_context(), db.writing():
        mine = notices.store(
            Notice(f"user:{home.lead.id}", "A word for you", "", {}, home.family.ref), "Please ring"
        ).id
        team = notices.store(Notice(f"team:{home.team.id}", "For the team", "", {}), "Please look").id
    lead, manager = sign_in(home.lead), sign_in(home.manager)
    assert "A word for you" in lead.get("/").text and "For the team" not in lead.get("/").text
    assert "For the team" in manager.get("/").text and "to your team" in manager.get("/").text
    opened = lead.post(f"/inbox/{mine}/open")
    page = lead.get(opened.headers["Location"]).text
    assert "Please ring" in page and f"Open {home.family.ref}" in page
    assert "A word for you" not in lead.get("/").text
    assert lead.get(f"/inbox/{team}").status_code == 404 and lead.post(f"/inbox/{team}/open").status_code == 404
    assert manager.get(f"/inbox/{mine}").status_code == 404


def test_my_work_costs_the_same_for_many_families(home, make, sign_in, counting) -> None:
    browser = sign_in(home.lead)
    browser.get("/")
    with counting() as few:
        browser.get("/")
    mine = [home.family.ref]
    for number in range(10):
        family = make.family(home.team, f"Family{number}")
        make.episode(family, home.manager, home.lead)
        mine.append(family.ref)
    browser.get("/")  # the menu judges the notices that came meanwhile, once
    with counting() as lots:
        page = browser.get("/").text
    assert "My families (11)" in page and 'href="/families?show=mine"' in page
    assert sum(f'href="/families/{ref}"' in page for ref in mine) == 10
    assert len(few) == len(lots), [one for one in lots if one not in few]


@pytest.mark.parametrize("path", ["/accessibility", "/privacy", "/help"])
def test_pages_open_to_everybody(client, path) -> None:
    answer = client.get(path)
    assert answer.status_code == 200 and "<h1" in answer.text


def test_my_work_asks_for_a_sign_in(client) -> None:
    assert client.get("/").status_code == 302
