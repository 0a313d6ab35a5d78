"""One-off links: sent, opened once, used once, and nothing of anybody shown to whoever has one."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from taf_front_door import rules
from taf_front_door.commands import Tell
from taf_front_door.links import contact_of
from taf_front_door.models import Link
from tafcore.api import WORKER, Contact, MessageFailed, Subject, publish, session, writing

TO = {"name": "T. Smith", "organisation": "Elm Row Primary", "source": "2A", "email": "t.smith@elm.example"}
TOLD = {
    "children-0-forename": "Jack",
    "children-0-surname": "Okoro",
    "children-0-born": "4 5 2018",
    "wants": "A bed of his own",
    "tried": "We gave breakfast",
    "words": "I am cold",
    "forename": "Ada",
    "role": "mother",
    "agreed": "agreed",
}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def hub(make):
    return make.team("North hub", neighbourhood=make.neighbourhood("North"))


@pytest.fixture
def worker(make, hub):
    return make.user("front_door", team=hub, name="Hema")


@pytest.fixture
def path(sign_in, worker):
    """The path of a link that the worker has sent."""
    return _path(sign_in(worker).post("/front-door/links", data=TO))


def _path(page):
    assert page.status_code == 200, page.text
    return re.search(r"http://localhost(/front-door/tell/[\w-]+)", page.text)[1]


def rows(app, of):
    with app.app_context():
        return list(session.scalars(select(of)))


def state(browser):
    page = browser.get("/front-door/links").text
    return next(words for words in rules.LINK_STATES.values() if words in page)


def tell(client, path, **more):
    return client.post(path, data=TOLD | more, follow_redirects=True)


def code_of(page):
    ref, code = re.findall(r'<strong class="app-ref">([^<]+)</strong>', page.text)
    return {"ref": ref, "code": code}


def test_what_a_professional_tells_is_a_contact_from_them(app, client, path, hub):
    assert client.get(path).status_code == 200
    thanks = tell(client, path)
    (contact,) = rows(app, Contact)
    assert contact.ref in thanks.text and "You hear our answer by" in thanks.text
    assert (contact.source, contact.channel, contact.team_id) == ("2A", "web", hub.id)
    assert (contact.referrer_name, contact.referrer_organisation) == ("T. Smith", "Elm Row Primary")
    assert (contact.referrer_email, contact.tried) == ("t.smith@elm.example", "We gave breakfast")
    assert contact.registered_key.startswith("one_off:")
    assert [one.forename for one in contact.people] == ["Jack", "Ada"]


def test_a_link_opens_once(app, client, path):
    tell(client, path)
    assert client.get(path).status_code == 404
    assert client.post(path, data=TOLD).status_code == 404
    assert len(rows(app, Contact)) == 1


def test_its_sender_sees_how_it_stands(client, sign_in, worker, path):
    browser = sign_in(worker)
    assert "No link was sent" not in browser.get("/front-door/links").text
    assert state(browser) == rules.LINK_STATES["sent"]
    client.get(path)
    assert state(browser) == rules.LINK_STATES["opened"]
    ref = code_of(tell(client, path))["ref"]
    assert state(browser) == rules.LINK_STATES["used"]
    assert ref in browser.get("/front-door/links").text


def test_the_team_s_front_door_sees_it_and_others_do_not(app, client, sign_in, make, hub, path):
    key = rows(app, Link)[0].key
    assert "T. Smith" in sign_in(make.user("front_door", team=hub)).get("/front-door/links").text
    for stranger in (make.user("front_door", team=make.team()), make.user(team=hub)):
        browser = sign_in(stranger)
        assert "No link was sent yet" in browser.get("/front-door/links").text
        assert browser.post(f"/front-door/links/{key}/withdraw").status_code == 404
    assert sign_in(make.user("board_member")).get("/front-door/links").status_code == 403
    assert client.get(path).status_code == 200


def test_withdrawn_it_opens_nothing(app, client, sign_in, worker, path):
    browser = sign_in(worker)
    key = rows(app, Link)[0].key
    assert browser.post(f"/front-door/links/{key}/withdraw").status_code == 302
    assert client.get(path).status_code == 404
    assert state(browser) == rules.LINK_STATES["withdrawn"]
    again = browser.post(f"/front-door/links/{key}/withdraw", follow_redirects=True)
    assert "withdrawn already" in again.text


def test_it_runs_out_but_an_open_form_may_still_be_sent(app, client, sign_in, worker, path, today):
    other = _path(sign_in(worker).post("/front-door/links", data=TO | {"email": ""}))
    client.get(path)
    today.shift(rules.LINK_LASTS + timedelta(hours=1))
    assert [client.get(path).status_code, client.get(other).status_code] == [404, 404]
    assert client.post(other, data=TOLD).status_code == 404
    assert "We have it" in tell(client, path).text
    today.shift(rules.GRACE)
    assert len(rows(app, Contact)) == 1


def test_nothing_of_anybody_is_shown_to_whoever_has_the_link(client, path):
    form = client.get(path).text
    for told in ("Smith", "Elm Row", "Hema", "North hub"):
        assert told not in form
    thanks = tell(client, path).text
    for told in ("Jack", "Okoro", "Ada", "Smith", "Elm Row", "known", "match"):
        assert told not in thanks


def test_faults_stand_beside_their_fields_and_nothing_typed_is_lost(app, client, path):
    for change, field in (
        ({"wants": ""}, "wants"),
        ({"postcode": "HARROW"}, "postcode"),
        ({"children-0-born": "31 2 2018"}, "children-0-born"),
        ({"children-0-born": "4 5 2030"}, "children-0-born"),
        ({"children-0-forename": "", "children-0-surname": "", "forename": ""}, "children-0-forename"),
    ):
        page = tell(client, path, **change)
        assert page.status_code == 422 and f'id="{field}-error"' in page.text, change
        assert "We gave breakfast" in page.text
    assert rows(app, Contact) == []


def test_a_worry_about_a_worker_is_not_written_here(app, client, path):
    assert "not_about_worker" not in client.get(path).text, "not asked where nothing reads so"
    page = tell(client, path, worries="The coach kissed her")
    assert page.status_code == 422 and 'id="not_about_worker-error"' in page.text
    assert rows(app, Contact) == []
    assert tell(client, path, worries="The coach kissed her", not_about_worker="y").status_code == 200
    assert [one.worries for one in rows(app, Contact)] == ["The coach kissed her"]


def test_everything_that_is_wrong_is_said_in_one_round(app, client, path):
    wrong = {"wants": "", "phone": "x", "family_phone": "y", "postcode": "nowhere", "children-0-born": "31 2 2018"}
    wrong |= {"children-1-forename": "Eve", "children-1-born": "4 5 2030"}
    page = client.post(path, data=TOLD | wrong)
    summary = page.text[page.text.index("There is a problem") :]
    found = set(re.findall(r'<a href="#([^"]+)"', summary[: summary.index("</ul>")]))
    assert page.status_code == 422 and found == set(wrong) - {"children-1-forename"}
    assert rows(app, Contact) == []


def test_only_its_hash_is_kept_and_the_mail_names_nobody(app, path):
    token = path.rpartition("/")[2]
    (link,) = rows(app, Link)
    assert token not in (link.token_hash, link.key)
    with app.app_context():
        kept = session.connection().exec_driver_sql("SELECT payload FROM trail_payload").scalars().all()
        (body, subject) = session.connection().exec_driver_sql("SELECT body, subject FROM message").one()
    assert not any(token in one for one in kept)
    assert token in body and "Smith" not in body + subject


def test_reference_and_code_tell_how_it_stands(app, client, path):
    given = code_of(tell(client, path))
    assert client.get("/front-door/progress").location.endswith("/contacts/progress")
    page = client.post("/contacts/progress", data=given)
    assert "Received" in page.text and "Jack" not in page.text


def test_how_they_want_to_hear_is_kept(app, client, path):
    assert tell(client, path, reply_how="text").status_code == 422  # where to?
    tell(client, path, reply_how="text", phone="07700 900123")
    (contact,) = rows(app, Contact)
    assert (contact.reply_by, contact.referrer_phone) == ("text", "+447700900123")


def test_a_stolen_session_floods_nobody(sign_in, worker, monkeypatch):
    monkeypatch.setattr(rules, "LINKS_A_DAY", 1)
    browser = sign_in(worker)
    assert [browser.post("/front-door/links", data=TO).status_code for _ in range(2)] == [200, 422]


def test_rows_come_and_go_without_javascript(client, path):
    more = client.post(path, data=TOLD | {"_add-children": "1"})
    assert more.status_code == 200 and 'name="children-1-forename"' in more.text


def test_an_unborn_child_is_told_by_the_due_date(app, client, path):
    tell(client, path, **{"children-0-forename": "", "children-0-born": "", "children-0-due": "1 2 2027"})
    (contact,) = rows(app, Contact)
    assert contact.people[0].role == "unborn"


def test_each_answers_for_themselves(app, client, path):
    client.post(path, data=TOLD | {"agreed": "not_now", "child_agreed": "agreed"})
    with app.app_context():
        contact = session.query(Contact).one()
        said = {contact.people[one.by].forename: one.status for one in contact.answers}
    assert said == {"Ada": "not_now", "Jack": "agreed"}


def test_an_answer_needs_somebody_whose_it_is(client, path):
    nobody = {name: value for name, value in TOLD.items() if name not in ("forename", "role")}
    page = client.post(path, data=nobody | {"child_agreed": "not_now"})
    assert page.status_code == 422 and page.text.count("Say whose answer this is") == 2 and 'href="#role"' in page.text
    assert client.post(path, data=nobody).status_code == 302, "one answer alone may be of whoever it was"


def test_the_family_has_one_address():
    link = Link(name="T", organisation="Elm", source="2A")
    told = Tell(wants="Help", address="1 Larch Road", children=({"forename": "Jack"},), forename="Ada")
    assert {one.address for one in contact_of(told, link).people} == {"1 Larch Road"}


def fails(app):
    """The mail of the only link is given up."""
    (link,) = rows(app, Link)
    with app.app_context(), writing():
        about = {"about": "", "purpose": f"front_door.link {link.id}", "channel": "email", "fault": "NoSuchAddress"}
        publish(MessageFailed(actor=WORKER, subject=Subject("message", 1), **about))


def test_when_its_mail_fails_whoever_made_it_is_told_to_ring(app, client, sign_in, worker, path):
    browser = sign_in(worker)
    fails(app)
    assert state(browser) == rules.LINK_STATES["failed"]
    home = browser.get("/").text
    assert "Ring T. Smith, Elm Row Primary: our mail did not arrive" in home
    assert "Withdraw" in browser.get("/front-door/links").text
    fails(app)
    assert browser.get("/").text.count("our mail did not arrive") == home.count("our mail did not arrive")
    client.get(path)  # it reached them by another way
    assert state(browser) == rules.LINK_STATES["opened"]


@pytest.mark.parametrize("ended", ["opened", "used", "withdrawn", "expired"])
def test_of_a_link_that_was_opened_or_has_ended_nobody_is_told(app, client, sign_in, worker, path, today, ended):
    if ended == "withdrawn":
        sign_in(worker).post(f"/front-door/links/{rows(app, Link)[0].key}/withdraw")
    elif ended == "expired":
        today.shift(timedelta(days=8))
    else:
        client.get(path) if ended == "opened" else tell(client, path)
    fails(app)
    assert rows(app, Link)[0].failed_at is None
    assert "our mail did not arrive" not in sign_in(worker).get("/").text
