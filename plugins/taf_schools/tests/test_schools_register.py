"""The national register of schools: how long a place lasts, which schools there are, and which became another."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text

from taf_schools import access, register, service
from taf_schools.models import Enrolment, School
from tafcore.api import Actor, NotAllowed, Organisation, OrganisationIdentifier, Refused, session, times, writing

IMPORTER = Actor("importer", None, "The register", permissions=frozenset({"schools.register", "admin.users"}))
ELM = {"urn": "102185", "name": "Elm Row Primary", "la": "310", "status": "Open", "phase": "Primary"}


@pytest.fixture
def told(app):
    def tell(**cells: str) -> None:
        with app.app_context(), writing():
            register.keep_school(register.command_of({**ELM, **cells}), IMPORTER)

    return tell


@pytest.fixture
def leaves(app, place):
    """Of each child in order, when they leave the school they go to."""

    def read() -> list[date | None]:
        with app.app_context():
            rows = select(Enrolment.person_id, Enrolment.leaves_on).where(Enrolment.superseded_at.is_(None))
            days = dict(session.execute(rows.order_by(Enrolment.id)).all())
            return [days[child.id] for child in place.children if child.id in days]

    return read


def kept(app) -> list[tuple]:
    with app.app_context():
        rows = select(Organisation.name, School.high_age, School.closed_on)
        return [tuple(row) for row in session.execute(rows.join(School).order_by(School.id))]


def test_pupils_leave_after_the_last_year_that_the_school_has(place, told, leaves, app):
    place.enrol(child=0, year="1")
    place.enrol(child=1, year="7")
    assert leaves() == [date(2032, 9, 1), date(2031, 9, 1)], "as such schools are"
    told(high_age="7")
    assert leaves() == [date(2028, 9, 1), date(2031, 9, 1)], "an infant school; who is older is believed"
    told(high_age="18")
    assert leaves() == [date(2039, 9, 1), date(2033, 9, 1)]
    told(high_age="18")
    with app.app_context():
        seen = text("SELECT kind FROM trail_entry WHERE subject_kind = 'schools.school'")
        assert list(session.scalars(seen)) == ["schools.school_kept"] * 2, "the same again is no news"
    place.enrol(child=0, year="5", day=date(2026, 10, 1))
    assert leaves()[0] == date(2035, 9, 1), "and whoever comes later"


def test_a_place_somebody_ended_stays_ended(place, told, app):
    place.enrol(year="6", day=date(2025, 9, 1))
    place.enrol(year="7", school=place.other_school, day=date(2026, 9, 1))
    told(high_age="18")
    with app.app_context():
        ended = session.scalars(select(Enrolment).where(Enrolment.organisation_id == place.school.id)).one()
        assert (ended.until_day, ended.leaves_on) == (date(2026, 9, 1), date(2027, 9, 1))


def test_a_school_that_closes_lets_its_pupils_go_and_is_offered_no_more(place, told, leaves, app):
    place.enrol(year="3")
    told(high_age="11", status="Open, but proposed to close", closed="31-12-2026")
    assert leaves() == [date(2027, 1, 1)]
    with app.app_context():
        assert place.school.id in dict(service.schools()), "until its last day"
    told(high_age="11", status="Closed", closed="31-08-2026")
    with app.app_context():
        assert place.school.id not in dict(service.schools()) and place.other_school.id in dict(service.schools())
        assert place.children[0].id in {row.person_id for row in session.execute(access.left_school(), times())}


def test_one_that_became_an_academy_goes_on_with_its_pupils(place, told, leaves, app):
    place.enrol(year="3")
    told(high_age="11", status="Closed", closed="31-08-2026")
    assert leaves() == [date(2026, 9, 1)]
    told(urn="150001", high_age="", status="Open")
    assert leaves() == [date(2030, 9, 1)]
    assert kept(app) == [("Elm Row Primary", None, None)]
    with app.app_context():
        numbers = select(OrganisationIdentifier.value).where(
            OrganisationIdentifier.organisation_id == place.school.id, OrganisationIdentifier.scheme == "urn"
        )
        assert list(session.scalars(numbers)) == ["150001"]


def test_another_school_of_the_same_name_is_refused_and_said(place, told, app):
    with pytest.raises(Refused) as refused:
        told(urn="150001")
    assert [one.field for one in refused.value.problems] == ["name"] and "102185" in refused.value.problems[0].message
    assert kept(app) == []


@pytest.mark.parametrize(
    "cells", [{"urn": "12"}, {"name": " "}, {"la": "31"}, {"high_age": "old"}, {"closed": "31-02-2026"}]
)
def test_what_is_wrong_is_said_of_its_column(cells):
    with pytest.raises(ValueError) as fault:
        register.command_of({**ELM, **cells})
    assert fault.value.errors()[0]["loc"][0] == next(iter(cells))


@pytest.mark.parametrize(
    ("cells", "ours"),
    [
        ({}, True),
        ({"status": "Closed"}, True),
        ({"urn": "1", "status": "Open, but proposed to close"}, True),
        ({"urn": "1", "status": "Closed"}, False),
        ({"urn": "1", "status": "Proposed to open"}, False),
        ({"urn": "1", "la": "304"}, False),
        ({"la": "304"}, True),
        ({"urn": "1", "la": ""}, True),
    ],
)
def test_what_is_ours_of_all_that_the_register_says(place, app, cells, ours):
    with app.app_context():
        assert register.concerns()({**ELM, **cells}) is ours


def test_only_who_may_takes_it(place, app):
    with app.app_context(), pytest.raises(NotAllowed), writing():
        register.keep_school(register.command_of(ELM), Actor("importer", None, "A file"))
