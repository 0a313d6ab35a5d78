"""Somebody is restricted by the manager, with a reason, and no longer: who may, who learns of it, what it hides."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.actor import Actor
from tafcore.families.likely import candidates
from tafcore.people import merging
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person, PersonStatement
from tafcore.record import restricting
from tafcore.record.commands import LiftRestriction, RestrictPerson
from tafcore.trail.models import TrailEntry
from tafcore.work import NotAllowed, NotFound, Refused

WHY = "Her sister works at the front door"


def at(home, tab: str = "") -> str:
    return f"/families/{home.family.ref}/people{tab}"


def restrict(home, by, person=None) -> None:
    command = RestrictPerson(family=home.family.ref, person=(person or home.jack).ref, reason=WHY, asked_by="HR")
    with home.app.app_context(), db.writing():
        restricting.restrict(command, home.make.actor(by))


def test_the_manager_restricts_and_lifts_on_pages(home, alone) -> None:
    browser = alone(home.manager)
    form = at(home, f"/{home.jack.ref}/restrict")
    assert form in browser.get(at(home)).text
    assert browser.post(form, data={"asked_by": "HR"}).status_code == 422
    assert browser.post(form, data={"asked_by": "HR", "reason": WHY}).status_code == 302
    page = browser.get(at(home)).text
    assert WHY in page and "Asked for by HR" in page and f"{form}/lift" in page
    again = browser.post(form, data={"asked_by": "HR", "reason": "Twice"})
    assert again.status_code == 422 and "They are restricted already" in again.text
    assert browser.post(f"{form}/lift", data={"reason": "She left"}).status_code == 422
    assert browser.post(f"{form}/lift", data={"reason": "She left", "sure": "y"}).status_code == 302
    assert WHY not in browser.get(at(home)).text
    late = browser.post(f"{form}/lift", data={"reason": "She left", "sure": "y"})
    assert late.status_code == 422 and "not restricted any more" in late.text
    with home.app.app_context():
        said = list(db.session.scalars(select(PersonStatement).where(PersonStatement.value.in_([WHY, "She left"]))))
        assert {(one.field, one.superseded_at is None) for one in said} == {
            ("restricted", False),
            ("restriction_lifted", True),
        }


def test_who_reads_that_somebody_is_restricted(home, alone, sign_in) -> None:
    restrict(home, home.manager)
    told = "is told only to ring the duty line"
    lead = alone(home.lead).get(at(home)).text
    assert told in lead and WHY not in lead and "/restrict" not in lead
    for page in (alone(home.helper).get(at(home)).text, sign_in(home.manager).get(at(home)).text):
        assert told not in page and WHY not in page, "neither the team nor a shared screen says so"


def test_only_the_manager_of_the_family_restricts(home, sign_in) -> None:
    for user, refusal in ((home.lead, NotAllowed), (home.helper, NotAllowed), (home.stranger, NotAllowed)):
        with pytest.raises(refusal):
            restrict(home, user)
    with pytest.raises(NotFound):
        restrict(home, home.make.user("early_help_manager", team=home.make.team("Far team")))
    for user, answer in ((home.lead, 403), (home.stranger, 403)):
        assert sign_in(user).get(at(home, f"/{home.jack.ref}/restrict")).status_code == answer
    with home.app.app_context():
        assert not db.session.get_one(Person, home.jack.id).restricted


def test_the_line_is_a_managers_decision_and_the_trail_keeps_no_reason(home, alone) -> None:
    restrict(home, home.manager)
    line, chronology = "Jack Okoro is restricted", f"/families/{home.family.ref}/chronology"
    assert line in alone(home.manager).get(f"{chronology}?kind=oversight").text
    assert line not in alone(home.helper).get(chronology).text
    with home.app.app_context():
        kept = db.session.scalars(select(TrailEntry).where(TrailEntry.kind == "record.person_restricted")).one()
        assert kept.family_id == home.family.id
        assert WHY not in repr(vars(kept))


def test_whoever_asks_is_left_to_the_duty_line(home) -> None:
    asked = PersonDetails(role="child", forename="Jack", surname="Okoro", sex="M", born="2018-05-04")

    def restricted() -> list[bool]:
        with home.app.app_context():
            found = candidates(asked, home.make.actor(home.stranger))
            return [one.restricted for one in found if one.person_id == home.jack.id]

    assert restricted() == [False]
    restrict(home, home.manager)
    assert restricted() == [True]


def test_records_taken_apart_are_both_still_restricted(home) -> None:
    teller = Actor("importer", None, "A test")
    with home.app.app_context(), db.writing():
        other = people.make_person(PersonDetails(role="child", forename="Jacky"), "School", teller)
        jack = db.session.get_one(Person, home.jack.id)
        merge = merging.put_together(jack, other, "One boy", teller, {})
    restrict(home, home.manager)
    with home.app.app_context(), db.writing():
        db.session.add(merge)
        assert merging.added_since(merge)["statement"] == [], "it is nobody's to say whose restriction it is"
        merging.take_apart(merge, (), "Two boys", teller)
        assert all(db.session.get_one(Person, one).restricted for one in (jack.id, other.id))


def test_lifting_reaches_every_record_and_nobody_elses(home) -> None:
    restrict(home, home.manager)
    restrict(home, home.manager, home.sofia)
    with home.app.app_context(), db.writing():
        command = LiftRestriction(family=home.family.ref, person=home.jack.ref, reason="Over")
        restricting.lift(command, home.make.actor(home.manager))
    with home.app.app_context(), db.writing():
        assert not db.session.get_one(Person, home.jack.id).restricted
        assert db.session.get_one(Person, home.sofia.id).restricted
        with pytest.raises(Refused):
            restricting.lift(command, home.make.actor(home.manager))
