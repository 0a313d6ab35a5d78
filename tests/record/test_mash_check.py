"""The MASH check: who may ask, what the summary holds and leaves out, what is stronger, and who reviews it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from tafcore import db
from tafcore.contributions import EVERYONE
from tafcore.families import service as families
from tafcore.families.access import times, visible, visible_family
from tafcore.families.models import Family, FamilyMember
from tafcore.notices.models import Message
from tafcore.people.models import Person
from tafcore.permissions import known
from tafcore.references import example
from tafcore.sharing import mash_reading, reviews
from tafcore.sharing.models import MashCheck
from tafcore.standards.models import PracticeStandard
from tafcore.testing import settled
from tafcore.trail.models import Opening, TrailEntry
from tafcore.work import NotFound

WHY = "The police told us of a quarrel last night; is anybody working with them?"
TYPED = {"enquiry": "MASH-2026-114", "reason": WHY}
NOTHING = "Nothing that can be told answers to that"


@settled
def home(app, make) -> SimpleNamespace:
    team = make.team("Larch hub")
    manager = make.user("early_help_manager", team=team, name="Moira Manager")
    lead = make.user(
        organisation=make.organisation("school", "Elm Row Primary"), name="Ann Patel", phone="020 7946 0155"
    )
    mash = make.user("mash", name="Mina Rowe")
    other = make.user("mash", name="Max Rowe")
    ig = make.user("information_governance", name="Idris Green")
    far = make.user("early_help_manager", team=make.team("Far office"), name="Fay Far")
    family = make.family(team)
    make.episode(family, manager, lead)
    return SimpleNamespace(**locals())


@pytest.fixture
def asks(home, sign_in):
    def ask(user=home.mash, **more):
        who = more or {"reference": home.family.ref}
        return sign_in(user).post("/mash-check", data={**TYPED, **who})

    return ask


def main_of(page):
    return page.text.partition("<main")[2].partition("</main>")[0]


def row(app):
    with app.app_context():
        return db.session.scalars(select(MashCheck).order_by(MashCheck.id.desc()).limit(1)).one()


def test_mash_alone_asks_and_governance_and_managers_review(app):
    assert known(app)["sharing.mash_check"].roles == {"mash"}
    assert known(app)["sharing.review_mash_check"].roles == {"information_governance", "early_help_manager"}


@pytest.mark.parametrize("role", sorted(EVERYONE - {"mash"}))
def test_nobody_else_learns_anything(make, asks, role):
    assert asks(make.user(role)).status_code == 403


def test_the_summary_says_whether_help_is_open_who_helps_levels_and_when_seen_and_no_more(app, home, sign_in, asks):
    answer = asks()
    assert answer.status_code == 302
    browser = sign_in(home.mash)
    page = main_of(browser.get(answer.location))
    for said in (
        "Early help is open since",
        "Ann Patel",
        "020 7946 0155",
        "Child0",
        "Child1",
        "Not seen yet",
        "MASH-2026",
    ):
        assert said in page, said
    for kept in ("Help at home", "Asked for help", "Ada", "/families/", "1990", "Knows them"):
        assert kept not in page, kept
    with browser.session_transaction() as cookie:
        cookie["alone"] = True
    alone = main_of(browser.get(answer.location))
    assert "Help at home" not in alone and "Asked for help" not in alone


def test_it_opens_nothing_else(app, make, home, sign_in, asks):
    asks()
    browser = sign_in(home.mash)
    for page in ("", "/people", "/plan", "/meetings", "/chronology", "/sharing", "/steps", "/assessment", "/visits"):
        assert browser.get(f"/families/{home.family.ref}{page}").status_code in (403, 404), page
    with app.app_context():
        actor = make.actor(home.mash)
        assert db.session.scalars(select(Family.ref).where(visible(actor)), times()).all() == []
        with pytest.raises(NotFound):
            visible_family(home.family.ref, actor)
    assert home.family.ref not in main_of(browser.post("/search", data={"q": "Okoro"}))


@pytest.mark.parametrize(
    "who",
    [
        {"forename": "Child0", "surname": "Okoro", "born": "4 5 2016"},
        {"forename": "child0", "surname": "OKORO", "born": "4/5/2016"},
    ],
)
def test_by_name_and_birth_date(home, asks, who):
    assert asks(**who).status_code == 302


def test_by_the_reference_of_a_child(app, home, asks):
    with app.app_context():
        child = db.session.scalars(select(Person.ref).where(Person.forename == "Child0")).one()
    assert asks(reference=child.lower().replace("-", " ")).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": "urgent"}, "Say what the enquiry is about"),
        ({"enquiry": ""}, "Enter the reference of the enquiry"),
        ({"reference": "", "surname": "Okoro", "forename": "Child0"}, "or a reference"),
        ({"reference": "F-2222-23"}, "reference"),
    ],
)
def test_without_an_enquiry_a_reason_and_somebody_nothing_opens(app, home, sign_in, wrong, words):
    answer = sign_in(home.mash).post("/mash-check", data={**TYPED, "reference": home.family.ref, **wrong})
    assert answer.status_code == 422 and words in answer.text
    with app.app_context():
        assert db.session.scalars(select(MashCheck)).all() == []


def kept(app, home, how):
    with app.app_context(), db.writing():
        if how == "sealed":
            db.session.get_one(Family, home.family.id).sealed = True
        elif how == "restricted":
            db.session.execute(update(Person).where(Person.forename == "Child0").values(restricted=True))
        else:
            families.bar(home.family.id, "Her former partner", user_id=home.mash.id)


@pytest.mark.parametrize("how", ["barred", "sealed", "restricted"])
def test_what_is_kept_and_what_is_not_there_answer_alike(app, home, asks, how):
    kept(app, home, how)
    pages = [
        main_of(asks(reference=ref)).replace(ref, "REF").partition("<form")[0]
        for ref in (home.family.ref, example("F"))
    ]
    assert NOTHING in pages[0] and pages[0] == pages[1]
    named = asks(forename="Child0", surname="Okoro", born="4 5 2016")
    assert named.status_code == 422 and NOTHING in named.text
    with app.app_context():
        told = db.session.scalars(select(Message).where(Message.subject == "A record was kept from a MASH check")).all()
        assert {one.to_user_id for one in told} == {home.ig.id}
        entries = select(TrailEntry.kind).where(TrailEntry.kind == "sharing.mash_answered")
        assert len(db.session.scalars(entries).all()) == 3


@pytest.mark.parametrize("how", ["barred", "sealed", "restricted"])
def test_what_comes_later_and_is_stronger_closes_it_in_open_sessions_too(app, home, sign_in, asks, how):
    browser, at = sign_in(home.mash), asks().location
    assert browser.get(at).status_code == 200
    kept(app, home, how)
    assert browser.get(at).status_code == 404
    assert home.family.ref not in browser.get("/mash-check").text


def test_safety_rules_keep_who_helps_and_where_from_the_screen(app, make, home, sign_in, asks):
    with app.app_context():
        people = select(FamilyMember.person_id).where(FamilyMember.family_id == home.family.id)
        mother, child, *_ = db.session.scalars(people.order_by(FamilyMember.id)).all()
    make.protect(child, mother, {"worker"})
    at = asks().location
    browser = sign_in(home.mash)
    assert "Ann Patel" not in main_of(browser.get(at))
    assert browser.post(f"{at}/shared-view", data={"alone": "yes"}).status_code == 302
    assert "Ann Patel" in main_of(browser.get(at)), "nobody of the family is looking"


def test_it_ends_by_itself_and_how_long_is_a_practice_standard(app, home, sign_in, asks):
    at = asks().location
    made = row(app)
    assert made.until_at - made.at == timedelta(hours=24)
    with app.app_context(), db.writing():
        db.session.execute(update(MashCheck).values(until_at=db.utcnow()))
        db.session.execute(update(PracticeStandard).where(PracticeStandard.name == "mash_check_ends").values(length=2))
    page = sign_in(home.mash).get(at)
    assert page.status_code == 200 and "It ended" in page.text and "Ann Patel" not in page.text
    asks()
    made = row(app)
    assert made.until_at - made.at == timedelta(hours=2)


def test_each_opening_is_on_record_and_it_is_named_to_those_who_see_the_family(app, home, sign_in, asks):
    at = asks().location
    sign_in(home.mash).get(at)
    with app.app_context():
        mine = select(Opening.reason).where(Opening.actor_key == f"user:{home.mash.id}", Opening.allowed)
        assert set(db.session.scalars(mine)) == {"MASH check"}
        assert db.session.scalars(select(TrailEntry.kind).where(TrailEntry.kind == "sharing.mash_checked")).all()
    assert "Mina Rowe" in sign_in(home.manager).get(f"/families/{home.family.ref}/sharing").text


def test_it_is_reviewed_by_managers_and_governance_and_nobody_else(app, home, sign_in, asks):
    at = asks().location
    for who in (home.other, home.far):
        assert sign_in(who).get(at).status_code == 404
    assert sign_in(home.lead).get(at).status_code == 403
    assert sign_in(home.mash).post(at, data={"outcome": "justified", "found": "x"}).status_code == 403
    reviewer = sign_in(home.ig)
    assert at in reviewer.get("/").text and at in reviewer.get("/mash-check/reviews").text
    page = main_of(reviewer.get(at))
    assert WHY in page.replace("&#39;", "'") and "Ann Patel" not in page and "Okoro" not in page
    refused = reviewer.post(at, data={"outcome": "not_justified", "found": ""})
    assert refused.status_code == 422
    assert reviewer.post(at, data={"outcome": "not_justified", "found": "No such enquiry"}).status_code == 302
    assert "Ann Patel" not in sign_in(home.mash).get(at).text, "it closes"
    assert at not in reviewer.get("/").text and at in reviewer.get("/mash-check/reviews?show=not_justified").text
    assert sign_in(home.manager).post(at, data={"outcome": "justified", "found": "x"}).status_code == 422


def test_the_list_is_searched_sorted_and_paged(app, make, home, sign_in, asks, monkeypatch):
    reviewer = sign_in(home.ig)
    assert "Nothing waits here" in reviewer.get("/mash-check/reviews").text
    refs = []
    for number in range(3):
        with db.clock_at(db.utcnow() - timedelta(days=9 - number)):
            asks(reference=home.family.ref, enquiry=f"E{number}")
        refs.append(row(app).ref)
    monkeypatch.setattr(reviews, "PAGE", 2)
    with app.app_context():
        for sort, order in (("due", refs), ("newest", refs[::-1])):
            first = mash_reading.listing(make.actor(home.ig), reviews.Asked(sort=sort))
            second = mash_reading.listing(make.actor(home.ig), reviews.Asked(sort=sort, after=first.after))
            assert [one.ref for one in (*first.rows, *second.rows)] == order, sort
    assert refs[1] in reviewer.post("/mash-check/reviews", data={"q": "e1"}).text
    assert "None answers" in reviewer.post("/mash-check/reviews", data={"q": "zebra"}).text
    assert refs[0] not in sign_in(home.far).get("/mash-check/reviews?show=all").text


def test_a_family_whose_help_is_closed_or_never_began_is_said_so(app, make, home, sign_in, asks):
    never = make.family(home.team, "Never")
    page = main_of(sign_in(home.mash).get(asks(reference=never.ref).location))
    assert "Early help is not open, and has not been" in page
