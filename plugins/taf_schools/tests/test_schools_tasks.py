"""The lead is asked for a child's next school, before and after they leave the one we know."""

from datetime import date

import pytest
import time_machine

from taf_schools import reading, tasks
from tafcore.api import Person, session, utcnow, writing


def asked(place, user, day):
    with time_machine.travel(f"{day}T12:00:00Z", tick=False), place.app.app_context():
        return [(one.title, one.url) for one in tasks.find(place.actor(user), utcnow())]


@pytest.fixture
def leaver(place):
    place.enrol(child=0, day=date(2026, 9, 1), year="6")
    place.enrol(child=1, day=date(2026, 9, 1), year="4")
    return place


def test_the_lead_is_asked_in_the_summer_and_until_somebody_says(leaver):
    child, family = leaver.children[0].ref, leaver.family.ref
    url = f"/schools/pupils/{child}?family={family}"
    assert asked(leaver, leaver.lead, "2027-07-02") == []
    assert asked(leaver, leaver.lead, "2027-07-03") == [("Where does Child0 go to school from September?", url)]
    assert asked(leaver, leaver.lead, "2027-10-01") == [("Where does Child0 go to school now?", url)]
    assert asked(leaver, leaver.manager, "2027-10-01") == asked(leaver, leaver.dsl, "2027-10-01") == []
    leaver.enrol(child=0, school=leaver.other_school, day=date(2027, 9, 1), year="7")
    assert asked(leaver, leaver.lead, "2027-07-03") == asked(leaver, leaver.lead, "2027-10-01") == []


def test_the_page_it_leads_to_opens_and_the_answer_ends_it(leaver, sign_in):
    with time_machine.travel("2027-07-03T12:00:00Z", tick=False):
        browser = sign_in(leaver.lead)
        assert "Where does Child0 go to school from September?" in browser.get("/").text
        ((_, url),) = asked(leaver, leaver.lead, "2027-07-03")
        told = {"school": leaver.other_school.id, "year_group": "7", "from_day": "1/9/2027", "said_by": "Mother"}
        assert browser.post(url, data=told).status_code == 302
        assert "Where does Child0" not in browser.get("/").text
        family = browser.get(f"/families/{leaver.family.ref}").text
        assert "Oak Tree Primary from Wed 1 Sep " in " ".join(family.split())


def test_nobody_is_asked_about_who_died_or_is_restricted(leaver):
    for change in ({"died": date(2027, 6, 1)}, {"died": None, "restricted": True}):
        with leaver.app.app_context(), writing():
            child = session.get_one(Person, leaver.children[0].id)
            for name, value in change.items():
                setattr(child, name, value)
        assert asked(leaver, leaver.lead, "2027-10-01") == []


def test_of_a_child_who_died_the_year_and_the_school_stay_as_they_were(leaver):
    with leaver.app.app_context(), writing():
        session.get_one(Person, leaver.children[0].id).died = date(2027, 6, 1)
    with time_machine.travel("2027-10-01T12:00:00Z", tick=False), leaver.app.app_context():
        view = leaver.view(leaver.lead)
        child = reading.children(view)[0]
        assert (child.school.year, child.left, child.asked) == ("Year 6", None, False)
        (told,) = reading.child_history(view, view.person(leaver.children[0].ref)).schools
        assert (told.year, told.reckoned) == ("Year 6", False)


def test_what_another_record_of_the_child_says_counts(leaver):
    with leaver.app.app_context(), writing():
        session.get_one(Person, leaver.children[1].id).canonical_id = leaver.children[0].id
    assert asked(leaver, leaver.lead, "2027-10-01") == [], "Year 4 was told of them last"


def test_the_family_page_says_where_they_went_before_and_before_the_family_nothing(leaver, sign_in):
    with time_machine.travel("2027-10-01T12:00:00Z", tick=False):
        browser = sign_in(leaver.lead)
        assert "Left Elm Row" not in browser.get(f"/families/{leaver.family.ref}").text
        with browser.session_transaction() as cookie:
            cookie["alone"] = True
        page = " ".join(browser.get(f"/families/{leaver.family.ref}").text.split())
        assert "Left Elm Row Primary on Wed 1 Sep after Year 6, unless they stayed" in page


def test_a_child_who_goes_to_no_school_is_said_to_and_asked_for_no_more(leaver, sign_in):
    with time_machine.travel("2027-10-01T12:00:00Z", tick=False):
        browser = sign_in(leaver.lead)
        ((_, url),) = asked(leaver, leaver.lead, "2027-10-01")
        told = {"school": "", "instead": "home", "year_group": "", "from_day": "1/9/2027", "said_by": "Mother"}
        neither = browser.post(url, data=told | {"instead": ""})
        assert neither.status_code == 422 and "or say that there is none" in neither.text
        # The form begins with the school they went to: what they do instead stands.
        assert browser.post(url, data=told | {"school": leaver.school.id}).status_code == 302
        assert asked(leaver, leaver.lead, "2027-10-01") == []
        family = " ".join(browser.get(f"/families/{leaver.family.ref}").text.split())
        assert "Educated at home since Wed 1 Sep" in family
        assert 'value="home" selected' in browser.get(url).text
    leaver.switch_on()
    with time_machine.travel("2027-10-01T12:00:00Z", tick=False), leaver.app.app_context():
        assert [row.name for row in reading.pupils(leaver.actor(leaver.dsl)).rows] == ["Child1 Okoro"]
