"""Agencies from a file: those we know are brought up to date, others added; nothing is half kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tafcore.accounts.models import Neighbourhood, Organisation, OrganisationIdentifier
from tafcore.accounts.organisations import command_of, keep
from tafcore.actor import Actor
from tafcore.db import session, writing
from tafcore.trail.models import TrailEntry, TrailPayload
from tafcore.vocabulary import problems_of
from tafcore.work import NotAllowed, Refused

OPERATOR = Actor("importer", None, "A file", permissions=frozenset({"admin.users"}))


@pytest.fixture
def told(app):
    def tell(**cells: str) -> Organisation:
        with app.app_context(), writing():
            return keep(command_of(cells), OPERATOR)

    return tell


@pytest.fixture
def known(app):
    """name -> (sector, neighbourhood, telephone, numbers)."""

    def read() -> dict:
        with app.app_context():
            numbers: dict = {}
            for row in session.scalars(select(OrganisationIdentifier)):
                numbers.setdefault(row.organisation_id, {})[row.scheme] = row.value
            rows = select(Organisation, Neighbourhood.name).outerjoin(Neighbourhood)
            return {
                one.name: (one.sector, place, one.urgent_phone, numbers.get(one.id, {}))
                for one, place in session.execute(rows)
            }

    return read


def changes(app) -> list[str]:
    with app.app_context():
        kinds = select(TrailEntry.kind).where(TrailEntry.subject_kind == "organisation").order_by(TrailEntry.id)
        return list(session.scalars(kinds))


def test_an_agency_is_added_with_all_that_the_row_says_and_once(app, make, told, known):
    make.neighbourhood("Larch")
    row = {
        "name": "Elm Row Primary",
        "sector": "School",
        "neighbourhood": "Larch",
        "urgent_phone": "020 7946 0190",
        "urn": "102 185",
    }
    told(**row)
    told(**row)
    told(name="Health Visiting, North", sector="health visiting", ods="ry x", charity="")
    assert known() == {
        "Elm Row Primary": ("school", "Larch", "020 7946 0190", {"urn": "102185"}),
        "Health Visiting, North": ("health_visiting", None, None, {"ods": "RYX"}),
    }
    assert changes(app) == ["accounts.organisation_added"] * 2


def test_what_is_left_blank_stays_and_what_is_new_is_kept_by_number_and_by_name(app, make, told, known):
    make.organisation("school", "Elm Row Primary", identifiers={"urn": "102185"}, urgent_phone="020 7946 0190")
    told(name="Elm Row Academy", urn="102185")
    told(name="Elm Row Academy", sector="", urgent_phone="020 7946 0191", ods="AB12")
    assert known() == {"Elm Row Academy": ("school", None, "020 7946 0191", {"urn": "102185", "ods": "AB12"})}
    told(name="Elm Row Academy", urn="145001")
    assert known()["Elm Row Academy"][3] == {"urn": "145001", "ods": "AB12"}
    assert changes(app) == ["accounts.organisation_changed"] * 3
    make.neighbourhood("Larch")
    told(name="Elm Row Academy", neighbourhood="Larch")
    with app.app_context():
        last = session.scalars(select(TrailPayload.payload).order_by(TrailPayload.id.desc())).first()
    assert '"changed": ["neighbourhood"]' in last


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"name": "Elm Row Primary"}, "sector"),
        ({"name": "Elm Row Primary", "sector": "the army"}, "sector"),
        ({"name": "", "sector": "school"}, "name"),
        ({"name": "Elm Row Primary", "sector": "school", "urn": "12345"}, "urn"),
        ({"name": "Elm Row Primary", "sector": "school", "ods": "A!"}, "ods"),
        ({"name": "Elm Row Primary", "sector": "school", "charity": "12"}, "charity"),
        ({"name": "Elm Row Primary", "sector": "school", "neighbourhood": "Nowhere"}, "neighbourhood"),
        ({"name": "Oak", "urn": "102185"}, "urn"),
        ({"name": "Nobody's", "sector": "school", "urn": "102185", "ods": "OAK1"}, "ods"),
    ],
)
def test_what_is_wrong_is_said_of_its_column_and_nothing_is_kept(make, told, known, row, field):
    make.organisation("school", "Beech", identifiers={"urn": "102185"})
    make.organisation("school", "Oak", identifiers={"ods": "OAK1"})
    before = known()
    with pytest.raises((Refused, ValueError)) as fault:
        told(**row)
    problems = fault.value.problems if isinstance(fault.value, Refused) else problems_of(fault.value)
    assert [one.field for one in problems] == [field] and known() == before


def test_only_who_may_look_after_accounts_does_it(app):
    with app.app_context(), pytest.raises(NotAllowed), writing():
        keep(command_of({"name": "Elm Row", "sector": "school"}), Actor("importer", None, "A file"))
