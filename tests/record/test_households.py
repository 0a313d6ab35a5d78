"""Linked households: each its own section, its own person to ring; nothing of one reaches the other where a rule keeps
it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.episodes.models import Household, HouseholdStay, TafMember
from tafcore.families.access import visible_family
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.record import own_page, service
from tafcore.record.commands import KeepSafe, LearnFacts, PersonLeaves
from tafcore.standards.clock import london_day
from tafcore.trail.models import TrailEntry

from .conftest import SECRET_HOME, SECRET_PHONE

FATHERS = "Ben's flat"
HIS_STREET = "3 Elder Street"
WEEKENDS = "Every other weekend"


def at(home, person, tab="household") -> str:
    return f"/families/{home.family.ref}/people/{person.ref}/{tab}"


def told(home, **more) -> dict:
    with home.app.app_context():
        helper = db.session.scalar(select(TafMember.id).where(TafMember.user_id == home.helper.id))
    typed = {"name": FATHERS, "lives": home.father.ref, "stays": home.jack.ref, "when": WEEKENDS, "contact": helper}
    return {**typed, "said_by": "Ben Cole", **more}


@pytest.fixture
def linked(home, alone):
    """The father lives apart, Jack stays with him, and the adviser is whom he rings."""
    with home.app.app_context(), db.writing():
        known = PersonDetails(role="father", address=HIS_STREET, phone="020 7946 0222", safe_contact="After six")
        people.learn(db.session.get_one(Person, home.father.id), known, "Ben Cole", home.make.actor(home.lead))
    assert alone(home.lead).post(at(home, home.father), data=told(home)).status_code == 302
    return home


def keep(home, *facts: str, protected=None) -> None:
    with home.app.app_context(), db.writing():
        command = KeepSafe(
            family=home.family.ref,
            protected=(protected or home.mother).ref,
            danger=home.father.ref,
            facts=facts,
            reason="Told us",
            review_on=london_day(db.utcnow()) + timedelta(days=30),
        )
        service.keep_safe(command, home.make.actor(home.lead))


def live_at_home(home, person) -> None:
    with home.app.app_context(), db.writing():
        row = db.session.get_one(Person, person.id)
        known = PersonDetails(role="child", address=SECRET_HOME, postcode="ZZ99 3VZ", phone=SECRET_PHONE)
        people.learn(row, known, "Ada", home.make.actor(home.lead))


def section(page: str, title: str) -> str:
    _, found = page.replace("&#39;", "'").split(f'aria-label="{title}"', 1)
    return found.split("</section>", 1)[0]


def test_each_household_is_a_section_of_both_pages(linked, alone) -> None:
    browser = alone(linked.lead)
    for tab in ("", "/people"):
        page = browser.get(f"/families/{linked.family.ref}{tab}").text
        his, main = section(page, FATHERS), section(page, "Main home")
        assert "Ben Cole" in his and HIS_STREET in his and "Jack: Every other weekend" in his and "After six" in his
        assert "Vic Adviser" in his and SECRET_HOME not in his and "Ada" not in his
        assert SECRET_HOME in main and HIS_STREET not in main and "Sofia" in main


def test_nobody_apart_no_section(home, alone) -> None:
    assert "Households" not in alone(home.lead).get(f"/families/{home.family.ref}").text


def test_what_is_on_record_is_offered_again_and_what_was_said_stays(linked, alone) -> None:
    browser = alone(linked.lead)
    form = browser.get(at(linked, linked.father)).text.replace("&#39;", "'")
    assert f'value="{FATHERS}"' in form and WEEKENDS in form
    browser.post(at(linked, linked.father), data=told(linked, when="Sundays", name="Dad's", said_by="Ada"))
    with linked.app.app_context():
        (row,) = db.session.scalars(select(Household))
        stays = list(db.session.scalars(select(HouseholdStay).order_by(HouseholdStay.id)))
        assert row.name == "Dad's"
        assert [(one.lives, one.when, one.said_by, one.until_day is None) for one in stays] == [
            (True, None, "Ben Cole", True),
            (False, WEEKENDS, "Ben Cole", False),
            (False, "Sundays", "Ada", True),
        ]
        assert (
            visible_family(linked.family.ref, linked.make.actor(linked.lead)).person(linked.father.ref).household
            == "Dad's"
        )


def test_nobody_ticked_ends_it(linked, alone) -> None:
    browser = alone(linked.lead)
    ended = told(linked, lives=[], stays=[], when="", contact="")
    assert browser.post(at(linked, linked.father), data=ended).status_code == 302
    assert "Households" not in browser.get(f"/families/{linked.family.ref}/people").text
    with linked.app.app_context():
        assert all(one.until_day for one in db.session.scalars(select(HouseholdStay)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "Main home"}, "a name of its own"),
        ({"name": ""}, "what this household is called"),
        ({"stays": "father"}, "tick them once"),
        ({"lives": "nobody"}, "Tick who lives there"),
        ({"contact": "1000000"}, "Not a valid choice"),
        ({"said_by": ""}, "who told you"),
    ],
)
def test_faults_are_said_beside_their_field(home, alone, wrong, words) -> None:
    wrong = {name: home.father.ref if value == "father" else value for name, value in wrong.items()}
    wrong = {name: [] if value == "nobody" else value for name, value in wrong.items()}
    page = alone(home.lead).post(at(home, home.father), data=told(home, **wrong))
    assert page.status_code == 422 and words in page.text
    with home.app.app_context():
        assert db.session.scalar(select(Household.id)) is None


def test_the_trail_and_the_chronology_say_that_it_changed_and_not_where(linked, alone) -> None:
    page = alone(linked.lead).get(f"/families/{linked.family.ref}/chronology").text
    assert "Who lives where was brought up to date" in page and FATHERS not in page.replace("&#39;", "'")
    with linked.app.app_context():
        kinds = set(db.session.scalars(select(TrailEntry.kind)))
    assert "episodes.household_set" in kinds


def test_only_those_who_work_with_the_family_say_who_lives_where(linked, sign_in) -> None:
    assert sign_in(linked.stranger).get(at(linked, linked.father)).status_code == 404
    assert sign_in(linked.stranger).post(at(linked, linked.father), data=told(linked)).status_code == 404


def test_he_rings_his_own_contact_and_she_the_lead(linked) -> None:
    def rings(person) -> str:
        with linked.app.app_context():
            view = visible_family(linked.family.ref, linked.make.actor(linked.lead))
            return own_page.page_of(view.before([person.id]), person.id).ring.name

    assert rings(linked.father) == "Vic Adviser, Money Matters" and rings(linked.mother).startswith("Ann Patel")
    keep(linked, "school")
    assert rings(linked.father) == "Vic Adviser"
    keep(linked, "worker")
    assert rings(linked.father) == ""


def test_a_contact_who_left_the_team_is_rung_no_more(linked, alone) -> None:
    with linked.app.app_context(), db.writing():
        db.session.scalar(select(TafMember)).left_at = db.utcnow()
    his = section(alone(linked.lead).get(f"/families/{linked.family.ref}").text, FATHERS)
    assert "Vic Adviser" not in his and "The lead professional" in his


def test_where_she_lives_is_kept_from_him_whoever_else_lives_there(linked, sign_in, alone) -> None:
    live_at_home(linked, linked.jack)
    keep(linked, "address", "contact")
    for tab in ("", "/people"):
        page = sign_in(linked.lead).get(f"/families/{linked.family.ref}{tab}").text
        assert SECRET_HOME not in page and "Hidden" not in page and "7946 0777" not in page and "79460777" not in page
        assert SECRET_HOME in alone(linked.lead).get(f"/families/{linked.family.ref}{tab}").text


def test_a_household_named_after_the_place_is_kept_with_the_place(home, sign_in, alone) -> None:
    with home.app.app_context(), db.writing():
        for person in (home.mother, home.sofia):
            place = LearnFacts(
                family=home.family.ref,
                person=person.ref,
                details=PersonDetails(role="mother"),
                household="Refuge in Larch Road",
                said_by="Ada",
            )
            service.learn(place, home.make.actor(home.lead))
    keep(home, "address")
    shown = sign_in(home.lead)
    for tab in ("", "/people", f"/people/{home.mother.ref}/household", f"/people/{home.jack.ref}/household"):
        assert "Larch Road" not in shown.get(f"/families/{home.family.ref}{tab}", follow_redirects=True).text
    assert "Larch Road" in alone(home.lead).get(f"/families/{home.family.ref}/people").text


def test_when_a_child_stays_is_kept_from_whom_it_is_kept(linked, sign_in) -> None:
    keep(linked, "attendance", protected=linked.jack)
    page = sign_in(linked.lead).get(f"/families/{linked.family.ref}/people").text
    assert WEEKENDS not in page and HIS_STREET in page


def test_who_leaves_the_family_lives_and_stays_in_none_of_its_households(linked) -> None:
    with linked.app.app_context(), db.writing():
        gone = PersonLeaves(family=linked.family.ref, person=linked.jack.ref, reason="Moved away")
        service.leaves(gone, linked.make.actor(linked.lead))
        stays = select(HouseholdStay.until_day).where(HouseholdStay.person_id == linked.jack.id)
        assert None not in list(db.session.scalars(stays))
