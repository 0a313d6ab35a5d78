"""The family page and its neighbours: what each scope sees, and what a shared screen never shows."""

from __future__ import annotations

import re

import pytest
import time_machine

from tafcore import db
from tafcore.actor import Actor
from tafcore.contributions import DriftRule
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import NominateLead, Oversee, WriteNote
from tafcore.families import service as families
from tafcore.families.models import Family
from tafcore.hookspecs import hookimpl
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails

from .conftest import SECRET_HOME, SECRET_PHONE

FACTS = {"address", "contact", "school", "worker", "hub", "attendance"}
PAGES = ("", "/people", "/chronology", "/sharing", "/genogram", "/plan", "/meetings", "/visits", "/voices")


def note(home, words: str, by=None, **more) -> None:
    with home.app.app_context(), db.writing():
        command = WriteNote(family=home.family.ref, words=words, **more)
        episodes.write_note(command, home.make.actor(by or home.lead))


def at(home, tab: str = "") -> str:
    return f"/families/{home.family.ref}{tab}"


NEW = "New since you looked"


def test_what_others_wrote_since_one_looked_last_is_said_as_long_as_a_visit_lasts(home, alone) -> None:
    def page() -> str:
        return alone(home.lead).get(at(home)).text

    with time_machine.travel("2027-01-20T09:00:00Z", tick=False):
        note(home, "Before anybody looked", by=home.manager)
        assert NEW not in page()
    with time_machine.travel("2027-01-20T10:00:00Z", tick=False):
        note(home, "Written by another", by=home.manager)
        note(home, "Written by the reader")
    with time_machine.travel("2027-01-21T10:00:00Z", tick=False):
        found = page()
        assert found[found.index(NEW) : found.index('id="children"')].count("<li>") == 1
        assert NEW in page()
    with time_machine.travel("2027-01-22T10:00:00Z", tick=False):
        assert NEW not in page()


def test_what_is_new_is_no_more_than_a_shared_screen_may_have(home, sign_in) -> None:
    with time_machine.travel("2027-01-20T09:00:00Z", tick=False):
        sign_in(home.lead).get(at(home))
        note(home, "For workers", by=home.manager, audience="workers")
    with time_machine.travel("2027-01-20T10:00:00Z", tick=False):
        assert NEW not in sign_in(home.lead).get(at(home)).text


def test_the_page_says_who_helps_first_and_what_is_next(home, alone) -> None:
    page = alone(home.lead).get(at(home)).text
    for words in ("Okoro family", home.family.ref, "Who helps", "Ann Patel", "Elm Row Primary", "020 7946 0188"):
        assert words in page
    assert page.index("Who helps") < page.index("Next and late") < page.index('id="children"')
    assert "When away: Moira Manager" in page
    assert "First TAF meeting" in page and "Jack seen" in page and "Sofia seen" in page
    assert "Not seen yet" in page and "Not heard yet" in page


def test_each_child_has_a_level_and_why(home, alone) -> None:
    page = alone(home.lead).get(at(home)).text
    assert page.count("Why level 2 early help") == 2 and "Help at home" in page


def test_a_level_has_no_number_on_a_shared_screen(home, sign_in) -> None:
    page = sign_in(home.lead).get(at(home)).text
    assert "level 2" not in page.lower() and "Early help since" in page


def test_a_note_in_two_touches(home, alone) -> None:
    browser = alone(home.lead)
    assert 'name="words"' in browser.get(at(home)).text
    saved = browser.post(at(home, "/notes/new"), data={"kind": "call", "words": "Rang about the boiler"})
    assert saved.status_code == 302
    assert "Rang about the boiler" in browser.get(at(home)).text


def test_notes_and_oversight_stay_off_a_shared_screen(home, sign_in, alone) -> None:
    note(home, "She told me where she hides")
    with home.app.app_context(), db.writing():
        command = Oversee(family=home.family.ref, person=home.jack.ref, decision="Stay at level 2", why="It works")
        episodes.oversee(command, home.make.actor(home.manager))
    mine = alone(home.manager).get(at(home)).text
    assert "She told me where she hides" in mine and "Stay at level 2" in mine
    shared = sign_in(home.manager).get(at(home)).text
    assert "She told me where she hides" not in shared and "Stay at level 2" not in shared


@pytest.mark.parametrize("tab", PAGES)
def test_what_is_kept_from_the_father_is_nowhere_on_a_shared_screen(home, sign_in, alone, tab) -> None:
    note(home, f"They moved to {SECRET_HOME}")
    home.make.protect(home.mother.id, home.father.id, FACTS)
    shared = sign_in(home.lead).get(at(home, tab))
    assert shared.status_code == 200
    for secret in (SECRET_HOME, "ZZ99 3VZ", SECRET_PHONE, "+442079460777", "Elm Row", "Ann Patel", "Money Matters"):
        found = [line for line in shared.text.splitlines() if secret in line and "app-header" not in line]
        assert not found, (tab, secret, found)


def test_alone_the_worker_sees_it_and_the_rule(home, alone) -> None:
    home.make.protect(home.mother.id, home.father.id, FACTS)
    page = alone(home.lead).get(at(home, "/people")).text
    assert SECRET_HOME in page and "Ada Okoro is kept safe from Ben Cole" in page and "A court order" in page


def test_the_switch_of_the_shared_view(home, sign_in) -> None:
    browser = sign_in(home.lead)
    page = browser.get(at(home)).text
    assert "Shared view: <strong>on</strong>" in page and "the family may be looking" in page
    switched = browser.post(at(home, "/shared-view"), data={"alone": "yes", "next": "people"})
    assert switched.headers["Location"].endswith("/people")
    assert "Shared view: <strong>off</strong>" in browser.get(at(home)).text
    browser.post(at(home, "/shared-view"), data={"alone": "no", "next": "https://elsewhere.example"})
    assert "Shared view: <strong>on</strong>" in browser.get(at(home)).text


def test_those_who_may_not_see_it_are_told_nothing(home, make, sign_in) -> None:
    for tab in PAGES:
        answer = sign_in(home.stranger).get(at(home, tab))
        assert answer.status_code == 404 and "Okoro" not in answer.text, tab
    assert sign_in(make.user("board_member")).get(at(home)).status_code == 403


def test_who_is_asked_to_lead_sees_little_and_the_question(home, sign_in) -> None:
    asked = home.make.user(name="Nora Asked")
    with home.app.app_context(), db.writing():
        command = NominateLead(family=home.family.ref, user=asked.id, cover=home.manager.id, reason="Knows them")
        episodes.nominate_lead(command, home.make.actor(home.manager))
    browser = sign_in(asked)
    page = browser.get(at(home)).text
    assert "You are asked to be this family&#39;s lead professional" in page or "You are asked to be" in page
    assert 'id="note-words"' not in page and "Last said" not in page
    assert browser.get(at(home, "/chronology")).status_code == 403
    assert browser.get(at(home, "/sharing")).status_code == 403


def test_one_childs_scope_hides_the_siblings(home, knows_jack, alone) -> None:
    note(home, "Sofia draws houses", about=(home.sofia.ref,))
    note(home, "Jack is cold at night", about=(home.jack.ref,))
    note(home, "The whole family moved", about=())
    browser = alone(knows_jack)
    for tab in ("", "/people", "/chronology", "/genogram"):
        page = browser.get(at(home, tab)).text
        assert "Jack" in page and "Sofia" not in page and "Ada" not in page, tab
    lines = browser.get(at(home, "/chronology")).text
    assert "Jack is cold at night" in lines and "The whole family moved" not in lines


def test_drift_is_said_to_those_who_work_there_and_never_shared(home, plug_in, sign_in, alone) -> None:
    sentence = "No action has moved since 14 September"

    class Plugin:
        @hookimpl
        def drift_rules(self):
            return [DriftRule("t", "T", lambda now, ids: [(one, sentence) for one in ids])]

    plug_in(Plugin(), "drifting")
    assert sentence in alone(home.lead).get(at(home)).text
    assert sentence not in sign_in(home.lead).get(at(home)).text


def test_a_failing_panel_says_not_available(home, plug_in, sign_in) -> None:
    class Broken:
        @hookimpl
        def family_panels(self, view, actor):
            raise RuntimeError("broken")

    plug_in(Broken(), "broken_sector")
    page = sign_in(home.lead).get(at(home))
    assert page.status_code == 200 and "Not available at the moment" in page.text and "Broken sector" in page.text


def test_the_page_costs_the_same_for_a_large_family(home, sign_in, counting) -> None:
    browser = sign_in(home.lead)
    browser.get(at(home))
    with counting() as few:
        browser.get(at(home))
    with home.app.app_context(), db.writing():
        family = db.session.get_one(Family, home.family.id)
        for number in range(10):
            one = people.make_person(
                PersonDetails(role="child", forename=f"Kid{number}"), "Ada", Actor("importer", None, "T")
            )
            families.add_member(family, one, "child")
    for number in range(10):
        note(home, f"Note {number}", about=(home.jack.ref,))
    with counting() as lots:
        page = browser.get(at(home)).text
    assert "Kid9" in page and len(few) == len(lots)


def test_the_genogram_has_an_equal_table(home, alone) -> None:
    page = alone(home.lead).get(at(home, "/genogram")).text
    assert "<svg" in page and page.count("record-genogram__symbol") == 4
    assert re.search(r"Ada Okoro.*Mother of.*Jack Okoro", page, re.S) and "Ada has parental responsibility" in page
