"""Pages, panels, notices and the API of the voluntary sector, as people meet them."""

import random
import re
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from taf_vcs import plugin, resources
from taf_vcs.models import Offer, Request
from tafcore.api import session, writing


def text(response):
    page = response if isinstance(response, str) else response.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def asking(place, sign_in):
    """The lead's browser and the address of the page where one asks."""
    return sign_in(place.lead), f"/vcs/families/{place.family.ref}/ask"


def filled(place, **more):
    told = {"offer": place.offer.id, "person": "", "wants": "Read the letters", "why": "Rent is late"}
    return told | {"needed_by": "1 12 2026", "interim": "Food shelf", "agreed_by": place.mother.ref} | more


def test_the_lead_asks_and_the_family_page_says_how_long_they_wait(place, asking):
    browser, page = asking
    assert "Money advice, Lantern Trust (wait: about 3 weeks)" in browser.get(page).text
    sent = browser.post(page, data=filled(place))
    assert sent.headers["Location"] == f"/families/{place.family.ref}"
    shown = text(browser.get(f"/families/{place.family.ref}"))
    assert "They have waited since today; the answer is due Fri 27 Nov" in shown
    assert "Meanwhile: Food shelf" in shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"offer": ""}, "Choose an offer that takes requests"),
        ({"agreed_by": ""}, "Choose who said yes"),
        ({"wants": ""}, "Say what would help"),
        ({"needed_by": "1 1 2020"}, "Enter a day within the next year"),
        ({"needed_by": "32 1"}, "Enter a day, month and year"),
        ({"person": "P-2222-22"}, "Choose somebody of this family"),
    ],
)
def test_a_fault_stands_beside_its_field_and_keeps_what_was_typed(place, asking, change, words):
    browser, page = asking
    answer = browser.post(page, data=filled(place, **change))
    assert answer.status_code == 422
    assert words in answer.text and "Rent is late" in answer.text and "<title>Error:" in answer.text


def test_without_agreement_the_page_says_what_to_do(place, asking):
    browser, page = asking
    place.agree(status="agreed", scope="school")
    assert "Their agreement does not cover voluntary organisations" in browser.post(page, data=filled(place)).text


def test_the_organisation_answers_begins_and_ends(place, sign_in):
    place.switch_on()
    ref = place.ask(person=place.children[0].ref)
    browser = sign_in(place.helper)
    listed = browser.get("/vcs")
    assert "Requests to Lantern Trust" in listed.text and "A child, 10" in listed.text
    page = browser.get(f"/vcs/requests/{ref}")
    assert "Child0" not in page.text and place.family.ref not in page.text
    refused = browser.post(f"/vcs/requests/{ref}/answer", data={"accept": "no", "reason": "", "words": ""})
    assert refused.status_code == 422 and "Choose why you cannot help" in refused.text
    assert "Choose yes or no" in browser.post(f"/vcs/requests/{ref}/answer", data={}).text
    yes = {"accept": "yes", "worker": place.helper.id, "starts_on": "1 12 2026", "words": "Tuesday mornings"}
    assert browser.post(f"/vcs/requests/{ref}/answer", data=yes).status_code == 302
    assert place.family.ref in browser.get(f"/vcs/requests/{ref}").text
    family = browser.get(f"/families/{place.family.ref}")
    assert family.status_code == 200 and "Child0" in family.text and "Child1" not in family.text
    assert browser.post(f"/vcs/requests/{ref}/start", data={"started_on": "20 11 2026"}).status_code == 302
    ended = {"outcome": "helped", "words": "The debts are in a plan"}
    assert browser.post(f"/vcs/requests/{ref}/end", data=ended).status_code == 302
    assert browser.get(f"/families/{place.family.ref}").status_code == 404
    told = text(sign_in(place.lead).get(f"/vcs/requests/{ref}"))
    assert "It did what was hoped" in told and "The debts are in a plan" in told


def test_whoever_asked_takes_back_and_notes_what_helps(place, sign_in):
    ref = place.ask()
    browser = sign_in(place.lead)
    assert browser.post(f"/vcs/requests/{ref}/meanwhile", data={"interim": "Hub lunch"}).status_code == 302
    assert "Hub lunch" in browser.get(f"/vcs/requests/{ref}").text
    assert browser.post(f"/vcs/requests/{ref}/take-back", data={"words": ""}).status_code == 422
    assert browser.post(f"/vcs/requests/{ref}/take-back", data={"words": "They moved"}).status_code == 302
    assert "Taken back" in browser.get(f"/vcs/requests/{ref}").text


@pytest.mark.parametrize("page", ["", "/answer", "/start", "/end", "/take-back", "/meanwhile"])
def test_nobody_else_opens_a_request(place, sign_in, client, page):
    ref = place.ask()
    where = f"/vcs/requests/{ref}{page}"
    assert client.get(where).status_code == 302
    for other in (place.make.user(), place.make.user(organisation=place.make.organisation("vcs"))):
        assert sign_in(other).get(where).status_code == 404
        if page:
            assert sign_in(other).post(where, data={}).status_code == 404
    assert sign_in(place.make.user("board_member")).get(where).status_code == 403
    assert sign_in(place.lead).get(f"/vcs/requests/Q-2222-22{page}").status_code == 404
    assert sign_in(place.lead).get(f"/vcs/requests/nonsense{page}").status_code == 404


def test_a_hidden_helper_is_nowhere_on_a_shared_page(place, sign_in):
    ref = place.ask(person=place.children[0].ref)
    place.make.protect(place.children[0].id, place.mother.id, {"worker"})
    browser = sign_in(place.lead)
    shown = browser.get(f"/families/{place.family.ref}")
    assert "Money advice" not in shown.text
    assert "No voluntary organisation is asked or helping." in shown.text, "as if it had never been"
    covered = browser.get(f"/vcs/requests/{ref}")
    assert "Not shown on this screen" in covered.text and "Money advice" not in covered.text
    assert "Money advice" not in browser.get(f"/vcs/requests/{ref}/take-back").text
    assert "Money advice" not in browser.get("/vcs").text
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    assert "Money advice" in browser.get(f"/families/{place.family.ref}").text
    assert "Money advice" in browser.get(f"/vcs/requests/{ref}").text
    assert "Money advice" in browser.get("/vcs").text


def test_discreet_help_leaves_no_word_on_a_shared_page_nor_in_the_chronology_of_the_team(place, sign_in):
    hidden = place.publish("A safe way out", discreet=True)
    place.ask(offer=hidden.id)
    member = place.make.user()
    place.make.member(place.family, place.lead, member)
    for who in (place.lead, member):
        browser = sign_in(who)
        for page in ("", "/chronology"):
            shown = browser.get(f"/families/{place.family.ref}{page}").text
            assert "safe way out" not in shown and "Specialist help" not in shown
    alone = sign_in(place.lead)
    with alone.session_transaction() as cookie:
        cookie["alone"] = True
    told = alone.get(f"/families/{place.family.ref}/chronology").text
    assert "Specialist help was asked for" in told and "safe way out" not in told


def messages(place):
    """(to a user or a team, subject, body) of what is in the inboxes."""
    with place.app.app_context():
        found = session.execute(
            select(*(TABLE.c[name] for name in ("to_user_id", "to_team_id", "subject", "body"))).order_by(TABLE.c.id)
        )
        return [tuple(row) for row in found]


TABLE = Request.metadata.tables["message"]


def test_those_concerned_are_told_without_a_name(place):
    before = len(messages(place))
    ref = place.ask(person=place.children[0].ref)
    asked = messages(place)[before:]
    assert {row[0] for row in asked} == {place.helper.id, place.colleague.id}
    place.answer(ref)
    answered = messages(place)[before + len(asked) :]
    assert {(row[0], row[1]) for row in answered} == {(place.lead.id, None), (None, place.family.team_id)}
    for _, _, subject, body in [*asked, *answered]:
        assert not [name for name in ("Okoro", "Child0", place.family.ref, "Money") if name in subject + body]
        assert f"/vcs/requests/{ref}" in body


def test_the_list_says_why_it_is_empty(place, sign_in):
    assert "Nothing is asked for" in sign_in(place.lead).get("/vcs").text
    browser = sign_in(place.helper)
    assert "Nothing is asked of you" in browser.get("/vcs").text
    assert "No request is like that" in browser.post("/vcs", data={"q": "zzz"}).text
    assert "No offer is like that" in browser.get("/vcs/offers?q=zzz").text
    with place.app.app_context(), writing():
        session.get_one(Offer, place.offer.id).state = "ended"
    assert "No organisation has told of an offer yet" in browser.get("/vcs/offers").text
    other = place.make.user(organisation=place.make.organisation("vcs"))
    assert "You have told of nothing yet" in sign_in(other).get("/vcs/offers/mine").text


def test_a_long_list_has_pages(place, sign_in, monkeypatch):
    from taf_vcs import offers, reading

    place.publish("Zebra club")
    first = place.ask()
    second = place.ask(person=place.children[0].ref)
    monkeypatch.setattr(reading, "PAGE", 1)
    monkeypatch.setattr(offers, "PAGE", 1)
    browser = sign_in(place.lead)
    after = re.search(r'name="after" value="([^"]+)"', browser.get("/vcs").text).group(1)
    following = browser.post("/vcs", data={"after": after, "q": "", "show": "open", "sort": "due"})
    assert after == first and second in following.text and f">{first}<" not in following.text
    beyond = re.search(r'href="(/vcs/offers\?after=[^"]+)"', browser.get("/vcs/offers").text).group(1)
    assert "Zebra club" in browser.get(beyond.replace("&amp;", "&")).text


def test_an_organisation_tells_of_its_offers(place, sign_in):
    browser = sign_in(place.helper)
    told = {"title": "Sewing <b>", "what": "A group", "for_whom": "All", "how": "Come", "state": "open", "phone": "x"}
    assert "telephone number" in browser.post("/vcs/offers/new", data=told).text
    told |= {"phone": "020 7946 0150", "wait_weeks": "0", "min_age": "5", "neighbourhood": ""}
    assert browser.post("/vcs/offers/new", data=told).headers["Location"] == "/vcs/offers/mine"
    mine = browser.get("/vcs/offers/mine")
    assert "Sewing &lt;b&gt;" in mine.text and "No wait" in mine.text
    change = re.findall(r"/vcs/offers/(\d+)/change", mine.text)[-1]
    assert browser.get(f"/vcs/offers/{change}/change").status_code == 200
    moved = browser.post(f"/vcs/offers/{change}/change", data=told | {"state": "paused"})
    assert moved.status_code == 302 and "Not taking requests just now" in browser.get("/vcs/offers/mine").text
    assert "About 3 weeks" in browser.get(f"/vcs/offers/{place.offer.id}").text
    stranger = sign_in(place.lead)
    for page in ("/vcs/offers/new", "/vcs/offers/mine", f"/vcs/offers/{place.offer.id}/change"):
        assert stranger.get(page).status_code == 404
    assert stranger.get(f"/vcs/offers/{place.offer.id}").status_code == 200
    assert stranger.get("/vcs/offers/99999999").status_code == 404


@pytest.mark.parametrize("query", ["age=%00", "age=9999999999999", "area=x", "after=²", "after=-1", "sort=;", "q=%00"])
def test_no_address_breaks_the_directory(place, sign_in, query):
    assert sign_in(place.lead).get(f"/vcs/offers?{query}").status_code < 500


def test_the_api_gives_offers_and_an_organisations_own_requests(place):
    first, second = place.ask(), place.ask(person=place.children[0].ref)
    place.answer(first)
    with place.app.app_context():
        told = resources.list_offers(place.actor(place.lead), {"q": "money"})
        mine = resources.list_requests(place.actor(place.helper), {})
        none = resources.list_requests(place.actor(place.lead), {})
    assert [one["title"] for one in told["items"]] == ["Money advice"] and told["after"] is None
    assert [(one["ref"], one["family"]) for one in mine["items"]] == [(first, None), (second, None)]
    place.switch_on()
    with place.app.app_context():
        seen = resources.list_requests(place.actor(place.helper), {})
    assert {one["family"] for one in seen["items"]} == {place.family.ref}, "whom they help they may open"
    assert "Okoro" not in str(mine) and none == {"items": [], "after": None}


def test_the_panel_is_for_those_who_may_see_helpers(place):
    with place.app.app_context():
        view, actor = place.view(place.lead), place.actor(place.lead)
        assert len(plugin.family_panels(view, actor)) == 1
        closed = SimpleNamespace(may=lambda area: False)
        assert plugin.family_panels(closed, actor) == []


def test_the_demo_borough_gets_offers_and_requests(place):
    borough = SimpleNamespace(
        rng=random.Random(1),
        families=[place.family.ref],
        users={"lead": place.lead, "vcs": place.helper},
        organisations={"money": place.charity, "young": place.make.organisation("vcs", "Young")},
        neighbourhoods={},
        actor=lambda name: place.actor(place.helper),
    )
    place.make.neighbourhood("Rowan and Central")
    with place.app.app_context(), writing():
        session.execute(Offer.__table__.delete())
        plugin.demo(borough)
        plugin.demo(borough)
        assert session.scalar(select(func.count()).select_from(Offer)) == 7
        assert session.scalars(select(Request.state)).all() == ["started"]
