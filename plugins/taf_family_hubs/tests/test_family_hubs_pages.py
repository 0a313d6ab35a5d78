"""Pages, panel, form section and API of family hubs, as people meet them."""

import random
import re
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from taf_family_hubs import plugin, resources
from taf_family_hubs.models import Attendance, Hub, Session, Site
from tafcore.api import Neighbourhood, Team, session, writing


@pytest.fixture
def staff(place, sign_in):
    place.switch_on()
    return sign_in(place.worker)


def test_hubs_sites_and_sessions_are_for_everybody_who_works_with_families(place, sign_in, client):
    place.arrange("Talking <group>", (2026, 11, 24))
    assert client.get("/family-hubs").status_code == 302
    browser = sign_in(place.lead)
    page = browser.get("/family-hubs")
    assert "North hub centre" in page.text and "Talking &lt;group&gt;" in page.text
    assert "/family-hubs/sessions/" not in page.text, "the register is for the hub's own people"
    hub = browser.get(f"/family-hubs/hubs/{place.hub.id}")
    assert "1 Larch Way" in hub.text and "Daily" in hub.text and "Add a site" not in hub.text
    assert browser.get("/family-hubs/hubs/999999").status_code == 404
    assert sign_in(place.make.user("board_member")).get("/family-hubs").status_code == 403


def test_the_list_says_why_it_is_empty(place, sign_in):
    browser = sign_in(place.lead)
    assert "No session is coming up" in browser.get("/family-hubs").text
    assert "No session is like that" in browser.get("/family-hubs?q=zzz").text
    assert "No session is coming up here" in browser.get(f"/family-hubs/hubs/{place.hub.id}").text
    with place.app.app_context(), writing():
        session.execute(Site.__table__.delete())
        session.execute(Hub.__table__.delete())
    assert "No hub is set up yet" in browser.get("/family-hubs").text


@pytest.mark.parametrize(
    "query", ["hub=%00", "hub=9999999999999", "after=²", "show=x", "sort=;", "q=%00", "after=H-2222-22"]
)
def test_no_address_breaks_the_list(place, sign_in, query):
    assert sign_in(place.lead).get(f"/family-hubs?{query}").status_code < 500


def test_a_long_list_has_pages(place, sign_in, monkeypatch):
    from taf_family_hubs import reading

    place.arrange("Aaa", (2026, 11, 24))
    place.arrange("Bbb", (2026, 11, 25))
    monkeypatch.setattr(reading, "PAGE", 1)
    browser = sign_in(place.lead)
    first = browser.get("/family-hubs").text
    beyond = re.search(r'href="(/family-hubs\?after=[^"]+)"', first).group(1).replace("&amp;", "&")
    assert "Aaa" in first and "Bbb" not in first
    assert "Bbb" in browser.get(beyond).text


def test_the_hubs_people_tell_of_sites_and_arrange_sessions(place, staff):
    new = f"/family-hubs/hubs/{place.hub.id}/sites/new"
    told = {
        "name": "Library",
        "address": "2 Elm Row",
        "postcode": "ZZ99 3AA",
        "hours": "Tuesdays",
        "whats_on": "",
        "phone": "",
    }
    assert "There is a site of this name already" in staff.post(new, data=told | {"name": "North hub centre"}).text
    assert "Check the postcode" in staff.post(new, data=told | {"postcode": "nowhere"}).text
    assert staff.post(new, data=told).status_code == 302
    change = f"/family-hubs/sites/{place.site}/change"
    assert "1 Larch Way" in staff.get(change).text
    assert staff.post(change, data=told | {"name": "North hub centre", "hours": "Never"}).status_code == 302
    assert "Never" in staff.get(f"/family-hubs/hubs/{place.hub.id}").text
    asked = {"what": "Baby clinic", "site": place.site, "at": "2026-11-24T10:00", "leader": "Hema"}
    assert staff.post("/family-hubs/sessions/new", data=asked | {"at": ""}).status_code == 422
    assert (
        "Choose a site of your hub"
        in staff.post("/family-hubs/sessions/new", data=asked | {"site": place.far_site}).text
    )
    assert staff.post("/family-hubs/sessions/new", data=asked).status_code == 302
    assert "Baby clinic" in staff.get("/family-hubs").text


def test_a_register_is_found_ticked_and_kept(place, staff):
    where = f"/family-hubs/sessions/{place.arrange()}"
    assert "Nobody is on the register yet" in staff.get(where).text
    found = staff.post(where, data={"q": "okoro", "_find": "1", "headcount": ""})
    assert found.status_code == 200 and "Child0 Okoro" in found.text
    assert "Nobody of that name" in staff.post(where, data={"q": "zzz", "_find": "1"}).text
    mother, child = place.mother.ref, place.children[0].ref
    kept = staff.post(where, data={"shown": [mother, child], "came": [mother, child], "headcount": "5"})
    assert kept.headers["Location"] == where
    page = staff.get(where).text
    assert page.count(" checked") == 2 and 'value="5"' in page
    staff.post(where, data={"shown": [mother, child], "came": [child], "headcount": "5"})
    assert staff.get(where).text.count(" checked") == 1
    empty = staff.post(where, data={"shown": [child], "headcount": ""})
    assert empty.status_code == 422 and "0 if nobody did" in empty.text
    assert staff.post(where, data={"came": "P-2222-22", "headcount": ""}).status_code == 422
    again = staff.post(where, data={"q": "ada", "_find": "1", "shown": [child], "came": [child], "headcount": "7"}).text
    assert "Ada Okoro" in again and again.count(" checked") == 1 and 'value="7"' in again, "what was typed stays"


def test_whom_a_safety_rule_keeps_is_on_no_open_register(place, staff):
    ref = place.arrange()
    where = f"/family-hubs/sessions/{ref}"
    place.keep(ref, came=[place.mother.ref, place.children[0].ref])
    place.make.protect(place.children[0].id, place.mother.id, {"hub"})
    assert "Child0" not in staff.get(where).text and "Ada Okoro" in staff.get(where).text
    assert "Child0" not in staff.post(where, data={"q": "child0", "_find": "1"}).text
    with staff.session_transaction() as cookie:
        cookie["alone"] = True
    assert "Child0" in staff.get(where).text


def test_nobody_else_opens_a_register_or_changes_a_site(place, sign_in, client):
    ref = place.arrange()
    pages = (
        f"/family-hubs/sessions/{ref}",
        f"/family-hubs/sites/{place.site}/change",
        f"/family-hubs/hubs/{place.hub.id}/sites/new",
    )
    elsewhere, lead = sign_in(place.far_worker), sign_in(place.lead)
    for page in pages:
        assert client.get(page).status_code == 302
        assert elsewhere.get(page).status_code == elsewhere.post(page, data={}).status_code == 404
        assert lead.get(page).status_code == 403
    assert sign_in(place.make.user("front_door")).get("/family-hubs/sessions/new").status_code == 404
    assert elsewhere.get("/family-hubs/sessions/H-2222-22").status_code == 404


def test_the_family_page_shows_what_may_be_shown(place, staff, sign_in):
    place.keep(place.arrange(), came=[place.children[0].ref])
    browser = sign_in(place.lead)
    page = f"/families/{place.family.ref}"
    assert "Stay and play: once, Thu 12 Nov" in browser.get(page).text
    assert "Their hub is North hub" in browser.get(page).text
    place.make.protect(place.children[0].id, place.mother.id, {"hub"})
    shown = browser.get(page).text
    assert "Stay and play" not in shown and "North hub" not in shown
    assert "Nobody is recorded at a session." in shown, "as if it had never been"
    assert "Stay and play" not in browser.get(f"{page}/chronology").text


def test_the_contact_form_asks_where_they_came_in(place, sign_in):
    page = sign_in(place.worker).get("/contacts/new", follow_redirects=True).text
    assert "Where did they come in?" in page and 'name="family_hubs-hub"' in page and "North hub centre" in page


def test_the_api_gives_sessions_and_nobody_who_came(place):
    place.switch_on()
    place.keep(place.arrange(), came=[place.mother.ref])
    coming = place.arrange("Talking group", (2026, 11, 24))
    with place.app.app_context():
        told = resources.list_sessions(place.actor(place.lead), {})
    assert [(one["ref"], one["site"]) for one in told["items"]] == [(coming, "North hub centre")]
    assert "Okoro" not in str(told) and told["after"] is None


def test_the_demo_borough_gets_hubs_and_who_came(place):
    keys = ("larch", "rowan", "alder")
    with place.app.app_context(), writing():
        session.execute(Site.__table__.delete())
        session.execute(Hub.__table__.delete())
    third = place.make.team("East", neighbourhood=place.make.neighbourhood("East"))
    people = {"hub": place.worker, "hub2": place.far_worker, "hub3": place.make.user("front_door", team=third)}
    with place.app.app_context(), writing():
        teams = [session.get_one(Team, people[name].team_id) for name in ("hub", "hub2", "hub3")]
        places = [session.get_one(Neighbourhood, team.neighbourhood_id) for team in teams]
        borough = SimpleNamespace(
            rng=random.Random(1),
            families=[place.family.ref],
            teams=dict(zip(keys, teams, strict=True)),
            neighbourhoods=dict(zip(keys, places, strict=True)),
            actor=lambda name: place.actor(people[name]),
        )
        plugin.demo(borough)
        plugin.demo(borough)
        assert session.scalar(select(func.count()).select_from(Hub)) == 3
        assert session.scalar(select(func.count()).select_from(Site)) == 6
        assert session.scalar(select(func.count()).select_from(Session)) == 54
        assert session.scalar(select(func.count()).select_from(Attendance)) > 0
