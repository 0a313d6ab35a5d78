"""A child's school, told with a contact and recorded once it is known who the child is."""

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from taf_schools import contact, reading, service
from taf_schools.models import Enrolment, ToldSchool
from tafcore.api import (
    ContactLinked,
    ContactPerson,
    LinkFamily,
    Refused,
    RegisterContact,
    Subject,
    link_family,
    register_contact,
    session,
    writing,
)


@pytest.fixture
def door(place):
    team = place.make.team("North hub", neighbourhood=None)
    return place.make.user("front_door", team=team)


def told(answers=None, **jack):
    people = [
        {"role": "child", "forename": "Jack", "surname": "Marlowe", **jack},
        {"role": "child", "forename": "Zoë", "surname": "Marlowe"},
        {"role": "mother", "forename": "Dana", "surname": "Marlowe"},
    ]
    more = {"answers": {"schools": answers}} if answers is not None else {}
    return RegisterContact.model_validate(
        {"people": people, "wants": "Help", "safe_how": "Ring", "source": "2A", **more}
    )


def register(place, door, command):
    with place.app.app_context(), writing():
        return register_contact(command, place.actor(door))


def link(place, door, made):
    command = LinkFamily.model_validate({"contact": made.ref, "people": [{"person": number} for number in range(3)]})
    with place.app.app_context(), writing():
        link_family(command, place.actor(door))
        people = session.scalars(select(ContactPerson).where(ContactPerson.contact_id == made.id))
        return {one.forename: one.person_id for one in people}


def schools(place, person_id):
    with place.app.app_context():
        return [(one.school, one.year) for one in reading.schools_of(reading.merged([person_id])).get(person_id, [])]


def test_the_sections_stand_in_the_form_of_a_contact(place, door, sign_in):
    page = sign_in(door).get("/contacts/new", follow_redirects=True)
    assert page.status_code == 200
    assert "Schools of the children" in page.text
    assert "Whose queue?" in page.text
    assert 'name="schools-children-0-school"' in page.text


def test_a_school_told_by_number_is_recorded_once_the_child_is_known(place, door):
    made = register(place, door, told(school_urn="102185"))
    with place.app.app_context():
        assert session.scalar(select(func.count()).select_from(ToldSchool)) == 1
        assert session.scalar(select(func.count()).select_from(Enrolment)) == 0
    people = link(place, door, made)
    assert schools(place, people["Jack"]) == [("Elm Row Primary", "")]
    assert schools(place, people["Zoë"]) == []
    with place.app.app_context():
        assert session.scalar(select(func.count()).select_from(ToldSchool)) == 0, "kept in one place only"


def test_the_form_tells_school_and_year_by_first_name(place, door):
    answers = {
        "children": [
            {"child": "zoe", "school": str(place.other_school.id), "year_group": "R"},
            {"child": "", "school": "", "year_group": ""},
        ]
    }
    people = link(place, door, register(place, door, told(answers, school_urn="102185")))
    assert schools(place, people["Zoë"]) == [("Oak Tree Primary", "Reception")]
    assert schools(place, people["Jack"]) == [("Elm Row Primary", "")]


def test_a_school_on_record_stands(place, door):
    first = link(place, door, register(place, door, told(school_urn="102185")))
    second = register(place, door, told(school_urn="102186"))
    with place.app.app_context(), writing():
        row = session.scalar(
            select(ContactPerson).where(ContactPerson.contact_id == second.id, ContactPerson.forename == "Jack")
        )
        row.person_id = first["Jack"]
        event = ContactLinked(
            actor=place.actor(door), subject=Subject("contact", second.id, second.ref), family_id=None
        )
        contact.keep(event)
    assert schools(place, first["Jack"]) == [("Elm Row Primary", "")]


def test_an_unknown_school_stops_no_contact(place, door):
    made = register(place, door, told(school_urn="999999"))
    with place.app.app_context():
        row = session.scalar(select(ContactPerson.school_urn).where(ContactPerson.contact_id == made.id))
        assert row == "999999"
        assert session.scalar(select(func.count()).select_from(ToldSchool)) == 0


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"child": "Jack"}, "school"),
        ({"child": "Jack", "school": 999_999}, "school"),
        ({"child": "Jack", "school": "Elm Row"}, "school"),
        ({"child": "Jack", "school": "1", "year_group": "99"}, "year_group"),
        ({"child": "Dana"}, "child"),
        ({"child": "Nobody"}, "child"),
        ({"child": "Jack", "town": "Harrow"}, "town"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(place, door, row, field):
    filled = {**row, "school": place.school.id} if field == "child" else row
    with pytest.raises(Refused) as refused:
        register(place, door, told({"children": [filled]}))
    assert f"answers.schools.children.0.{field}" in [problem.field for problem in refused.value.problems]


def test_a_row_without_a_name_needs_an_only_child(place, door):
    with pytest.raises(Refused) as refused:
        register(place, door, told({"children": [{"school": place.school.id}]}))
    assert [problem.field for problem in refused.value.problems] == ["answers.schools.children.0.child"]


@pytest.mark.parametrize("answers", ["x", {"children": "x"}, {"children": [7]}])
def test_nonsense_is_a_fault_and_not_a_crash(place, door, answers):
    with pytest.raises(Refused):
        register(place, door, told(answers))


def test_the_section_is_offered_with_every_school(place):
    with place.app.test_request_context():
        form = contact.section().form(prefix="schools-")
        offered = [choice.label for choice in form.children.entries[0].form.school.iter_choices()]
        assert offered == ["", "Elm Row Primary", "Oak Tree Primary"]
        assert [name for _, name in service.schools()] == offered[1:]


def test_rows_of_the_section_come_and_go_without_javascript(place):
    typed = {"schools-children-0-child": "Jack", "schools-children-1-child": "Zoë"}

    def names(*pressed):
        posted = MultiDict(typed | dict.fromkeys(pressed, "1"))
        form = contact.section().form(posted, prefix="schools-")
        return [row["child"] for row in form.children.data]

    with place.app.test_request_context():
        assert names() == ["Jack", "Zoë"]
        assert names("_add-schools-children") == ["Jack", "Zoë", None]
        assert names("_remove-schools-children-0") == ["Zoë"]
