"""The people of a family: facts with who said them, corrections that erase nothing, relationships, safety rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.families.access import visible_family
from tafcore.people.models import Person, PersonStatement, SafetyRule
from tafcore.record import service
from tafcore.record.commands import EndSafety, KeepSafe
from tafcore.work import NotAllowed, NotFound

from .conftest import SECRET_HOME


def at(home, tab: str = "") -> str:
    return f"/families/{home.family.ref}/people{tab}"


def test_who_said_what_and_when(home, alone) -> None:
    page = alone(home.lead).get(at(home)).text
    assert "Who said what about Jack, and when" in page and "Ada Okoro" in page and "4 May 2018" in page
    assert SECRET_HOME in page and "mother of Jack Okoro" in page


def test_correcting_a_fact_keeps_what_was_said(app, home, alone) -> None:
    browser = alone(home.lead)
    told = {
        "born": "5 4 2018",
        "born_precision": "day",
        "said_by": "His birth certificate",
        "address_kind": "permanent",
    }
    assert browser.post(at(home, f"/{home.jack.ref}/facts"), data=told).status_code == 302
    page = browser.get(at(home)).text
    assert "5 April 2018" in page and "4 May 2018" in page and "His birth certificate" in page
    with app.app_context():
        said = list(db.session.scalars(select(PersonStatement).where(PersonStatement.person_id == home.jack.id)))
        current = {one.value: one.superseded_at is None for one in said if one.field == "born"}
        assert current == {"2018-05-04": False, "2018-04-05": True}
        assert db.session.get_one(Person, home.jack.id).born.month == 4


def test_a_fault_stands_beside_its_field(home, alone) -> None:
    wrong = {"postcode": "nowhere", "said_by": "Ada", "address_kind": "permanent"}
    page = alone(home.lead).post(at(home, f"/{home.jack.ref}/facts"), data=wrong)
    assert page.status_code == 422 and 'href="#postcode"' in page.text


def test_moving_keeps_the_earlier_address(home, alone) -> None:
    browser = alone(home.lead)
    moved = {
        "address": "Flat 2, Cedar House",
        "postcode": "ZZ99 3VZ",
        "address_kind": "temporary",
        "address_since": "11 8 2025",
        "said_by": "Housing",
    }
    assert browser.post(at(home, f"/{home.mother.ref}/facts"), data=moved).status_code == 302
    page = browser.get(at(home)).text
    assert "Cedar House" in page and "Temporary accommodation" in page and "Earlier addresses of Ada" in page
    assert "Temporary accommodation since 11 Aug 2025" in browser.get(f"/families/{home.family.ref}").text


def test_a_number_that_must_not_be_used_again(home, alone) -> None:
    browser = alone(home.lead)
    form = browser.get(at(home, f"/{home.mother.ref}/facts")).text
    assert "+442079460777" in form
    browser.post(
        at(home, f"/{home.mother.ref}/facts"),
        data={"stop_using": "+442079460777", "said_by": "Ada", "address_kind": "permanent"},
    )
    with home.app.app_context():
        view = visible_family(home.family.ref, home.make.actor(home.lead))
        assert view.person(home.mother.ref).ways == ()


def test_adding_a_new_person(home, alone) -> None:
    browser = alone(home.lead)
    new = {"role": "carer", "forename": "Grace", "surname": "Mensah", "lives_with": home.mother.ref, "said_by": "Ada"}
    assert browser.post(at(home, "/new"), data=new).status_code == 302
    page = browser.get(at(home)).text
    assert "Grace Mensah" in page and page.count(SECRET_HOME) >= 2


def test_somebody_probably_on_record_is_offered_before_a_second_record_is_made(app, home, make, alone) -> None:
    browser = alone(home.lead)
    again = {
        "role": "child",
        "forename": "Jack",
        "surname": "Okoro",
        "born": "4 5 2018",
        "sex": "M",
        "said_by": "School",
    }
    page = browser.post(at(home, "/new"), data=again)
    assert page.status_code == 422 and "It is Jack Okoro" in page.text
    assert browser.post(at(home, "/new"), data={**again, "known": home.jack.ref}).status_code == 302
    with app.app_context():
        assert len(list(db.session.scalars(select(Person).where(Person.forename == "Jack")))) == 1
    assert browser.post(at(home, "/new"), data={**again, "known": "none"}).status_code == 302
    with app.app_context():
        assert len(list(db.session.scalars(select(Person).where(Person.forename == "Jack")))) == 2


def test_nobody_from_a_family_one_cannot_see_is_taken_over_by_reference(app, home, make, alone) -> None:
    elsewhere = make.family(make.team(), "Zbigniew")
    with app.app_context():
        ref = db.session.scalar(select(Person.ref).where(Person.surname == "Zbigniew", Person.forename == "Child0"))
    assert elsewhere is not None
    new = {"role": "child", "forename": "Child0", "surname": "Zbigniew", "born": "4 5 2016", "said_by": "A guess"}
    browser = alone(home.lead)
    offered = browser.post(at(home, "/new"), data=new)
    assert ref not in offered.text
    assert browser.post(at(home, "/new"), data={**new, "known": ref}).status_code == 422


def test_somebody_leaves_the_family(home, alone) -> None:
    browser = alone(home.lead)
    assert (
        browser.post(at(home, f"/{home.father.ref}/leaves"), data={"reason": "Recorded by mistake"}).status_code == 302
    )
    page = browser.get(at(home)).text
    assert home.father.ref not in page and page.count("Ben Cole") == page.count("Ben Cole (no longer in this family)")
    assert browser.get(at(home, f"/{home.father.ref}/facts")).status_code == 404


def rule(home, by, **more) -> SafetyRule:
    review = (db.utcnow() + timedelta(days=90)).date()
    whole = {
        "family": home.family.ref,
        "protected": home.mother.ref,
        "danger": home.father.ref,
        "facts": ("address", "contact"),
        "reason": "Police reference",
        "review_on": review,
        **more,
    }
    with home.app.app_context(), db.writing():
        return service.keep_safe(KeepSafe(**whole), home.make.actor(by))


def test_a_safety_rule_hides_at_once_and_shows_again_when_it_ends(home, sign_in, alone) -> None:
    shared = sign_in(home.lead)
    assert SECRET_HOME in shared.get(at(home)).text
    made = rule(home, home.lead)
    assert SECRET_HOME not in shared.get(at(home)).text
    browser = alone(home.lead)
    assert browser.post(at(home, f"/safety/{made.id}/end"), data={"reason": "He died"}).status_code == 422
    assert browser.post(at(home, f"/safety/{made.id}/end"), data={"reason": "He died", "sure": "y"}).status_code == 302
    assert SECRET_HOME in shared.get(at(home)).text


def test_the_form_of_a_safety_rule(home, alone) -> None:
    browser = alone(home.manager)
    review = (db.utcnow() + timedelta(days=90)).date()
    told = {
        "protected": home.mother.ref,
        "danger": home.father.ref,
        "facts": ["address"],
        "reason": "A court order",
        "review_on": f"{review.day} {review.month} {review.year}",
    }
    assert browser.post(at(home, "/safety/new"), data={**told, "danger": home.mother.ref}).status_code == 422
    assert browser.post(at(home, "/safety/new"), data={**told, "facts": []}).status_code == 422
    assert browser.post(at(home, "/safety/new"), data=told).status_code == 302
    assert "Ada Okoro is kept safe from Ben Cole" in browser.get(at(home)).text


def test_only_lead_and_manager_set_safety_rules(home) -> None:
    with pytest.raises(NotAllowed):
        rule(home, home.helper)
    with pytest.raises(NotFound):
        rule(home, home.stranger)
    made = rule(home, home.manager)
    other = home.make.family(home.team, "Other")
    with pytest.raises(NotFound), home.app.app_context(), db.writing():
        command = EndSafety(family=other.ref, rule=made.id, reason="Not theirs")
        service.end_safety(command, home.make.actor(home.manager))
    with home.app.app_context():
        assert db.session.get_one(SafetyRule, made.id).ended_at is None


def test_a_safety_rule_is_no_line_for_the_team_or_the_family(home, alone) -> None:
    rule(home, home.lead)
    assert "A safety rule was set" in alone(home.lead).get(f"/families/{home.family.ref}/chronology").text
    assert "A safety rule was set" not in alone(home.helper).get(f"/families/{home.family.ref}/chronology").text


@pytest.mark.parametrize("tab", ["/new", "/relate", "/safety/new"])
def test_forms_are_closed_to_those_who_do_not_work_there(home, sign_in, tab) -> None:
    assert sign_in(home.stranger).get(at(home, tab)).status_code == 404
    assert sign_in(home.make.user("auditor")).get(at(home, tab)).status_code == 403
