"""Pages, panels and the API of schools, as people meet them."""

import re
from datetime import date

import pytest

from taf_schools import plugin
from tafcore.api import session, writing


@pytest.fixture
def dsl(place, sign_in):
    place.switch_on()
    place.enrol(child=0)
    place.attend(100, 12)
    return sign_in(place.dsl)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_the_safeguarding_lead_sees_who_of_the_school_has_help(place, dsl):
    page = dsl.get("/schools")
    assert page.status_code == 200
    assert "Child0 Okoro" in page.text
    assert "Child1 Okoro" not in page.text
    assert "88 % attended" in text(page)
    assert "Persistent absence" in page.text
    assert "1 pupil" in text(page)
    assert "No pupil with early help has that name" in dsl.post("/schools", data={"q": "zzz"}).text


def test_the_list_says_why_it_is_empty(place, sign_in, client):
    assert client.get("/schools").status_code == 302
    assert "The borough has not opened this to schools yet" in sign_in(place.dsl).get("/schools").text
    place.switch_on()
    assert "No pupil of your school has early help open" in sign_in(place.dsl).get("/schools").text
    assert "You do not work in a school" in sign_in(place.lead).get("/schools").text
    assert sign_in(place.make.user("board_member")).get("/schools").status_code == 403


def test_a_long_list_has_pages(place, dsl, monkeypatch):
    from taf_schools import reading

    place.enrol(child=1)
    monkeypatch.setattr(reading, "PAGE", 1)
    first = dsl.get("/schools")
    after = re.search(r'name="after" value="([^"]+)"', first.text).group(1)
    following = dsl.post("/schools", data={"after": after, "q": "", "sort": "name"})
    assert "Child1 Okoro" in following.text
    assert "Child0 Okoro" not in following.text
    assert 'name="after"' not in following.text


def test_recording_a_school_and_a_year(place, dsl):
    where = f"/schools/pupils/{place.children[0].ref}"
    page = dsl.get(where)
    assert page.status_code == 200
    assert "Elm Row Primary" in page.text
    told = {"school": place.school.id, "year_group": "4", "sen": "K", "from_day": "1/11/2026", "said_by": ""}
    assert dsl.post(where, data=told).headers["Location"] == f"{where}?family={place.family.ref}"
    assert "Year 4" in dsl.get(where).text


def test_a_school_that_says_that_a_pupil_left_is_told_why_they_see_them_no_more(place, dsl):
    where = f"/schools/pupils/{place.children[0].ref}"
    told = {"school": place.other_school.id, "instead": "", "year_group": "3", "from_day": "1/11/2026"}
    ahead = dsl.post(where, data=told | {"from_day": "1/1/2027"})
    assert ahead.headers["Location"] == f"{where}?family={place.family.ref}", "a pupil until then"
    page = dsl.post(where, data=told, follow_redirects=True)
    assert page.status_code == 200
    assert "They are no pupil of your school any more" in page.text
    assert "Child0 Okoro" not in page.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"school": ""}, "Choose a school"),
        ({"from_day": ""}, "Enter the first day"),
        ({"from_day": "32 1 2026"}, "Check the day"),
        ({"year_group": "99"}, "Not a valid choice"),
    ],
)
def test_a_fault_stands_beside_its_field_and_keeps_what_was_typed(place, dsl, change, words):
    told = {"school": place.school.id, "year_group": "4", "from_day": "1/11/2026", "said_by": "Dana"} | change
    page = dsl.post(f"/schools/pupils/{place.children[0].ref}", data=told)
    assert page.status_code == 422
    assert words in page.text
    assert "Dana" in page.text
    assert "<title>Error:" in page.text


def test_recording_attendance(place, dsl):
    where = f"/schools/pupils/{place.children[0].ref}/attendance"
    told = {"first_day": "24/10/2026", "last_day": "13/11/2026", "possible": "20", "missed": "0"}
    assert dsl.post(where, data=told).status_code == 302
    assert "100 % attended" in text(dsl.get(where))
    again = dsl.post(where, data=told | {"first_day": "1/11/2026", "missed": "21"})
    assert again.status_code == 422
    assert "No more sessions can be missed than were possible" in again.text
    assert "We have" in again.text
    assert dsl.post(where, data=told | {"possible": "many"}).status_code == 422


@pytest.mark.parametrize("page", ["", "/attendance"])
def test_nobody_else_opens_a_pupil(place, dsl, sign_in, client, page):
    own, sibling = (f"/schools/pupils/{child.ref}{page}" for child in place.children)
    elsewhere = sign_in(place.make.user(organisation=place.other_school))
    assert client.get(own).status_code == 302
    assert elsewhere.get(own).status_code == 404
    assert elsewhere.post(own, data={}).status_code == 404
    assert dsl.get(sibling).status_code == 404
    assert dsl.get(f"/schools/pupils/P-2222-22{page}").status_code == 404
    assert dsl.get(f"/schools/pupils/nonsense{page}").status_code == 404
    assert sign_in(place.lead).get(own).status_code == 200


def test_the_family_panel_shows_what_may_be_shown(place):
    place.enrol(child=0)
    place.attend(100, 50)
    with place.app.test_request_context():
        (panel,) = plugin.family_panels(place.view(place.lead), place.actor(place.lead))
        html = place.app.jinja_env.get_template(panel.template).render(**panel.context)
    assert "Elm Row Primary" in html
    assert "Severe absence" in html
    assert "No school recorded" in html, "the other child is of school age"


def test_a_hidden_school_is_nowhere_on_a_shared_page(place, sign_in):
    place.enrol(child=0)
    place.attend(100, 50)
    with place.app.app_context():
        (mother,) = place.view(place.lead).adults
    place.make.protect(place.children[0].id, mother.id, {"school", "attendance"})
    browser = sign_in(place.lead)
    for page in (f"/families/{place.family.ref}", f"/schools/pupils/{place.children[0].ref}"):
        shown = browser.get(page)
        assert shown.status_code == 200
        assert "50 % attended" not in text(shown)
        said = re.sub(r"<option[^>]*>[^<]*</option>", "", shown.text)
        assert "Elm Row Primary" not in said, page
        assert "selected" not in "".join(re.findall(r"<option[^>]*>Elm Row Primary", shown.text))


def test_my_work_counts_the_pupils_for_those_at_a_school(place, dsl, sign_in):
    with place.app.app_context():
        (panel,) = plugin.home_panels(place.actor(place.dsl))
        assert panel.context == {"total": 1}
        assert plugin.home_panels(place.actor(place.lead)) == []
    assert "1 pupil of your school has early help open" in text(dsl.get("/"))


def test_the_api_gives_the_same_pupils(place, dsl):
    from taf_schools.resources import list_attendance

    with place.app.app_context():
        answer = list_attendance(place.actor(place.dsl), {})
    assert answer["after"] is None
    (pupil,) = answer["items"]
    assert pupil["person"] == place.children[0].ref
    assert (pupil["possible"], pupil["missed"], pupil["attended_percent"]) == (100, 12, 88.0)
    assert pupil["last_day"] == "2026-10-23"


def test_the_demo_borough_gets_schools_and_attendance(place):
    import random
    from types import SimpleNamespace

    from sqlalchemy import func, select

    from taf_schools.models import Attendance, Enrolment

    borough = SimpleNamespace(
        rng=random.Random(1), families=[place.family.ref], actor=lambda name: place.actor(place.lead)
    )
    with place.app.app_context(), writing():
        plugin.demo(borough)
        plugin.demo(borough)
        assert session.scalar(select(func.count()).select_from(Enrolment)) == 2
        assert session.scalar(select(func.count()).select_from(Attendance)) == 4
        assert session.scalar(select(func.min(Attendance.last_day))) < date(2026, 11, 20)
