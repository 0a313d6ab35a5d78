"""What a safety rule keeps from somebody of the family is in nothing that reaches them; nor on a screen that they may
be looking at, nor with whom they would ask first: the children's old school.

Each channel is read whole: pages, PDFs with their metadata, calendars, files, answers of the API, searches and errors
are generated from the routes, exports from the hook that offers them, notices from the table of messages. A new route,
resource or export is read without being named here.
"""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import or_, select

from tafcore import db, hooks, phrases
from tafcore.demo.places import SIGN_INS
from tafcore.notices.models import Message

from . import apart as planted
from .apart import HOME, NEW_SCHOOL, OLD_SCHOOL, PHONE, PLACE, POSTCODE, SCHOOL, SPECIALIST
from .conftest import copied
from .everything import everything as every_page
from .everything import exported, of_the_api, told_to

OFTEN = ("lead", "manager", "hub", "school")
EVERYBODY = [*OFTEN, *(pytest.param(one, marks=pytest.mark.soak) for one in SIGN_INS if one not in OFTEN)]


@pytest.fixture(scope="module")
def apart(application, borough_template, tmp_path_factory):
    with copied(application, borough_template, tmp_path_factory.mktemp("apart")) as borough:
        yield planted.part(borough, tmp_path_factory.mktemp("before"))


@pytest.fixture
def apart_to_change(application, borough_template, tmp_path_factory):
    with copied(application, borough_template, tmp_path_factory.mktemp("apart")) as borough:
        yield planted.part(borough, tmp_path_factory.mktemp("before"))


def everything(apart, browser, forms=False, **typed):
    """Of both meetings: the one he was at, and hers."""
    return every_page(apart.borough, browser, (apart.shared, apart.hers), forms, **typed)


def test_nothing_that_reaches_him_tells_what_is_kept_from_him(apart) -> None:
    browser, at = apart.borough.app.test_client(), apart.made.url
    assert browser.post(at, data={"do": "number", "number": apart.made.pin}).status_code == 302
    copy = f"{at}?copy={apart.shared}"
    paths = [at, copy, f"{copy}&big=y", f"{at}?copy={apart.hers}", f"{at}x"]
    paths += [f"{copy}&file=y{big}&language={code}" for code in phrases.languages() for big in ("", "&big=y")]
    answers = [(path, browser.get(path)) for path in paths]
    assert sum(answer.mimetype == "application/pdf" for _, answer in answers) == 2 * len(phrases.languages())
    answers += [
        (at, browser.post(at, data=typed)) for typed in ({"do": "words"}, {"do": "tick", "ticked": "A-2222-22"})
    ]
    names = (apart.mother, apart.mother.split()[0], apart.lead)
    assert told_to(answers, (*apart.secrets, *names)) == []
    everywhere = list(everything(apart, browser, forms=True))
    assert told_to(everywhere, (*apart.secrets[:-1], *names)) == []
    assert len(everywhere) > 300


def test_what_is_printed_for_him_tells_no_more_whoever_prints_it(apart) -> None:
    for name in (apart.borough.lead, "manager@demo.example"):
        browser = apart.borough.browser(name)
        with browser.session_transaction() as cookie:
            cookie["alone"] = True
        at = f"/meetings/{apart.shared}/copies/{apart.father}"
        answers = [
            (f"{at}/copy.pdf{asked}", browser.get(f"{at}/copy.pdf{asked}")) for asked in ("", "?language=ur&big=y")
        ]
        assert [answer.status_code for _, answer in answers] == [200, 200]
        assert told_to(answers, (*apart.secrets, apart.mother, apart.lead)) == []
        assert browser.get(f"/meetings/{apart.hers}/copies/{apart.father}").status_code == 404


@pytest.mark.parametrize("name", EVERYBODY)
def test_no_screen_that_he_may_be_looking_at_tells_of_it(request, name) -> None:
    """Every page, file, search and error as workers have them while the family may be looking."""
    apart = request.getfixturevalue("apart_to_change" if name == "lead" else "apart")  # whose forms are sent
    browser = apart.borough.browser(f"{name}@demo.example")
    answers = list(everything(apart, browser, forms=name == "lead", q=apart.mother.split()[0]))
    every_school = ("GET /admin",)  # whoever looks after accounts has a list of all that there are
    assert told_to([one for one in answers if one[0] not in every_school], (SCHOOL,)) == []
    assert told_to(answers, (HOME, POSTCODE, PHONE, *SPECIALIST)) == []
    hers_alone = f"/meetings/{apart.hers}"  # opened with her, it is before her
    assert told_to([one for one in answers if hers_alone not in one[0]], (PLACE,)) == []
    read = Counter(answer.mimetype for _, answer in answers if answer.status_code in (200, 422))
    assert read["text/html"] > 15
    if name == "lead":
        assert read["application/pdf"] and read["text/calendar"], read
        files = [one for one in answers if one[1].mimetype in ("application/pdf", "text/calendar")]
        assert told_to(files, (PLACE, *apart.secrets[:-1])) == []


UNNAMED = ("manager", "ig")


@pytest.mark.parametrize(
    "name",
    [*UNNAMED, *(pytest.param(one, marks=pytest.mark.soak) for one in SIGN_INS if one not in (*UNNAMED, "lead"))],
)
def test_nobody_who_is_not_named_learns_of_a_specialist_however_alone(apart, name) -> None:
    """The manager of the family, information governance with its trail, whoever searches for it by its own words."""
    browser = apart.borough.browser(f"{name}@demo.example")
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    answers = list(everything(apart, browser, q=apart.mother.split()[0]))
    searched = [(path, browser.post(path, data={"q": SPECIALIST[0]})) for path in ("/search", "/families", "/contacts")]
    assert told_to(answers, SPECIALIST) == [] == told_to(searched, SPECIALIST[1:])
    assert told_to(answers, ("specialist_changed", "specialist changed")) == []


def test_whoever_is_named_reads_of_a_specialist_on_the_page_of_people_alone(apart) -> None:
    borough, people = apart.borough, f"GET /families/{apart.borough.family.ref}/people"
    browser = borough.browser(borough.lead)
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    answers = list(everything(apart, browser, q=apart.mother.split()[0]))
    assert set(told_to(answers, SPECIALIST)) == {(people, word) for word in SPECIALIST}
    asked = [rule for rule in borough.rules() if rule.rule.startswith("/api/") and "GET" in rule.methods]
    paths = [f"{borough.path(rule)}?audience=worker" for rule in asked]
    said = [(path, borough.call(borough.lead, None, "GET", path)) for path in paths]
    assert told_to(said, SPECIALIST) == [] and [one for _, one in said if one.status_code == 200]
    with borough.app.app_context():
        every = db.session.scalars(select(Message)).all()
        assert [one.id for one in every for word in SPECIALIST if word in f"{one.subject} {one.body}"] == []


@pytest.mark.parametrize("name", EVERYBODY)
def test_no_answer_of_the_api_tells_of_it_unless_a_worker_alone_asks(apart, name) -> None:
    borough, email = apart.borough, NEW_SCHOOL if name == "school" else f"{name}@demo.example"
    told = {
        "people": [{"role": "child", "forename": "Isla", "surname": apart.mother.split()[-1], "born": "2018-05-04"}]
    }
    called = list(of_the_api(borough, email, json=told))
    answers = [(rule.rule, answer) for rule, answer in called]
    got = [(rule, one) for rule, one in called if "GET" in rule.methods and not rule.arguments]
    about_them = [(rule.rule, one) for rule, one in got if one.status_code == 200]
    assert told_to(answers, (HOME, POSTCODE, PHONE, PLACE, SCHOOL, *SPECIALIST)) == []
    of_sectors = [one for one in about_them if one[0] != "/api/v1/families"]
    assert told_to(of_sectors, (*apart.children, apart.borough.family.ref)) == []
    listed = [one for path, answer in about_them if path == "/api/v1/families" for one in answer.json["items"]]
    assert listed or name not in OFTEN
    assert [one for one in listed if one["ref"] == borough.family.ref and one["lead_professional"]] == []
    if name == "school":
        alone = borough.call(email, None, "GET", "/api/v1/schools/attendance?audience=worker")
        assert {one["person"] for one in alone.json["items"]} == set(apart.children)


def test_what_a_sector_tells_of_people_says_which_facts_it_tells(apart) -> None:
    """Where it names no family it is of no family: what is offered, what a hub does."""
    with apart.borough.app.app_context():
        resources = [one for _, one in hooks.api_resources()]
    about_people = [one for one in resources if "family" in str(one.response.model_json_schema())]
    assert about_people and all(one.tells for one in about_people)


def test_no_file_that_leaves_tells_of_those_kept_safe(apart, tmp_path) -> None:
    with apart.borough.app.app_context():
        after = exported(apart.borough, tmp_path)
    of_them = (*apart.secrets, *apart.children)
    assert [(name, word) for name, text in after.items() for word in of_them if word in text] == []
    spoke = {name for name, text in apart.exported.items() if any(one in text for one in apart.children)}
    assert {"attendance", "hub-attendance"} <= spoke, "they would be there but for the rule"


def test_no_message_that_leaves_tells_of_it(apart) -> None:
    with apart.borough.app.app_context():
        leaves = select(Message).where(Message.to_address.is_not(None))
        about = or_(Message.family_id == apart.borough.family.id, Message.about.in_([apart.shared, apart.hers]))
        messages = db.session.scalars(leaves.where(about)).all()
        said = [f"{one.to_address} {one.subject} {one.body} {one.calendar}" for one in messages]
    assert [(one, word) for one in said for word in (HOME, POSTCODE, PHONE, PLACE, SCHOOL) if word in one] == []
    assert [one for one in said if "ben@x.example" in one] == []


def test_the_old_school_learns_nothing_that_is_kept_however_late_they_join(apart) -> None:
    """Somebody of it helps the family, came after the rule was made and is alone with the screen."""
    browser = apart.borough.browser(OLD_SCHOOL)
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    answers = list(everything(apart, browser, q=apart.mother.split()[0]))
    assert told_to(answers, (HOME, POSTCODE, PHONE, SCHOOL, *SPECIALIST)) == []
    opened = [path for path, answer in answers if apart.borough.family.ref in path and answer.status_code == 200]
    assert len(opened) > 8
    api = [rule for rule in apart.borough.rules() if rule.rule.startswith("/api/") and "GET" in rule.methods]
    paths = [f"{apart.borough.path(rule)}?audience=worker" for rule in api]
    said = [(path, apart.borough.call(OLD_SCHOOL, None, "GET", path)) for path in paths]
    assert told_to(said, (HOME, POSTCODE, PHONE, SCHOOL, *SPECIALIST)) == []
    page = browser.get(f"/families/{apart.borough.family.ref}/people").text
    assert "Not shown on this screen" in page and "Talk to the lead professional about anything more" in page
