"""Break-glass: who may, what it opens and for how long, what is stronger, who hears and who reviews."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from tafcore import db
from tafcore.contributions import EVERYONE
from tafcore.families import service as families
from tafcore.families.access import times, visible, visible_family, who_can_see
from tafcore.families.models import Bar, Family
from tafcore.notices.models import Message
from tafcore.people.models import Person
from tafcore.permissions import known
from tafcore.record.models import ChronologyEntry
from tafcore.references import example
from tafcore.sharing import glass, glass_reading, reviews, rules, service
from tafcore.sharing.commands import BreakGlass, EndGlass, ReviewGlass
from tafcore.sharing.models import BrokenGlass
from tafcore.standards.models import PracticeStandard
from tafcore.testing import settled
from tafcore.trail.models import Opening, TrailEntry
from tafcore.work import NotAllowed, NotFound, Refused

REASON = "The ward rings about bruises on Child0: who works with them tonight?"
TYPED = {"why": "harm", "reason": REASON, "known": "y"}
NOTHING = "Nothing was opened. Check each letter"


@settled
def home(app, make) -> SimpleNamespace:
    """A family with its lead and its manager; on duty elsewhere, a hub worker; two who review."""
    team = make.team()
    manager = make.user("early_help_manager", team=team, name="Moira Manager")
    lead = make.user(organisation=make.organisation("school", "Elm Row Primary"), name="Ann Patel")
    duty = make.user("front_door", team=make.team("Far hub"), name="Dee Duty")
    far = make.user("early_help_manager", team=make.team("Far office"), name="Fay Far")
    mash = make.user("mash", name="Mina Rowe")
    ig = make.user("information_governance", name="Idris Green")
    other_ig = make.user("information_governance", name="Olu Green")
    family = make.family(team)
    make.episode(family, manager, lead)
    return SimpleNamespace(**locals())


@pytest.fixture
def act(app, make, home):
    class Act:
        def breaks(self, user=home.duty, family=home.family, **more):
            asked = {"families": (family.ref,), "why": "harm", "reason": REASON, "known": True, **more}
            with app.app_context(), db.writing():
                made = glass.break_glass(BreakGlass.model_validate(asked), make.actor(user))
                return made[0].ref if made else None

        def ends(self, ref, user=home.duty):
            with app.app_context(), db.writing():
                glass.end(EndGlass(glass=ref), make.actor(user))

        def reviews(self, ref, user=home.ig, outcome="justified", done=None):
            with app.app_context(), db.writing():
                asked = ReviewGlass(glass=ref, outcome=outcome, found="Rang the ward, which had rung", done=done)
                glass.review(asked, make.actor(user))

        def sees(self, user=home.duty, family=home.family):
            """On a page, and in lists, which agree."""
            with app.app_context():
                actor = make.actor(user)
                listed = db.session.scalars(select(Family.ref).where(visible(actor)), times()).all()
                try:
                    visible_family(family.ref, actor)
                except NotFound:
                    assert family.ref not in listed
                    return False
                assert family.ref in listed
                return True

        def row(self, ref):
            with app.app_context():
                return db.session.scalars(select(BrokenGlass).where(BrokenGlass.ref == ref)).one()

    return Act()


def main_of(page):
    """The page without what is drawn anew for each."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", main_text(page.text))


# --- who may, and what it opens ---------------------------------------------------------------------------------------


def test_those_on_duty_may_and_nobody_else(app):
    held = known(app)["sharing.break_glass"].roles
    assert held == {"front_door", "early_help_manager", "mash"}
    assert known(app)["sharing.review_glass"].roles == {"information_governance", "early_help_manager"}


@pytest.mark.parametrize("role", sorted(EVERYONE - {"front_door", "early_help_manager", "mash"}))
def test_the_page_and_the_service_refuse_everybody_else(make, sign_in, act, role):
    user = make.user(role)
    assert sign_in(user).get("/break-glass").status_code == 403
    with pytest.raises(NotAllowed):
        act.breaks(user)
    assert not act.sees(user)


@pytest.mark.parametrize("who", ["duty", "far", "mash"])
def test_a_typed_reason_opens_the_record_at_once(home, sign_in, act, who):
    browser = sign_in(getattr(home, who))
    assert browser.get(f"/families/{home.family.ref}").status_code == 404
    answer = browser.post("/break-glass", data={**TYPED, "family": home.family.ref.lower().replace("-", " ")})
    assert (answer.status_code, answer.location) == (302, f"/families/{home.family.ref}")
    assert act.sees(getattr(home, who))
    for page in ("", "/people", "/plan", "/meetings", "/chronology", "/sharing", "/steps"):
        shown = browser.get(f"/families/{home.family.ref}{page}")
        assert shown.status_code == 200 and "You are here by break-glass until" in shown.text, page
    assert "by break-glass" not in sign_in(home.manager).get(f"/families/{home.family.ref}").text


def test_it_reads_and_changes_nothing(app, make, home, sign_in, act):
    act.breaks()
    browser = sign_in(home.duty)
    for path, body in (
        ("notes/new", {"words": "x"}),
        ("sharing/basis", {"basis": "consent", "reason": "x"}),
        ("oversight", {"decision": "x"}),
    ):
        assert browser.post(f"/families/{home.family.ref}/{path}", data=body).status_code in (403, 404), path
    with app.app_context():
        assert visible_family(home.family.ref, make.actor(home.duty)).scopes == {"glass"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": "urgent"}, "Say what has happened and what the child needs now, in a sentence"),
        ({"reason": "x" + " " * 60 + "y"}, "in a sentence"),
        ({"known": ""}, "Tick that you know"),
        ({"why": ""}, "Choose why it cannot wait"),
        ({"family": ""}, "Enter the reference"),
    ],
)
def test_without_a_reason_nothing_opens(home, sign_in, act, wrong, words):
    answer = sign_in(home.duty).post("/break-glass", data={**TYPED, "family": home.family.ref, **wrong})
    assert answer.status_code == 422 and words in answer.text
    assert not act.sees()


def test_whoever_sees_the_record_need_not_break_anything(home, act):
    with pytest.raises(Refused, match="already"):
        act.breaks(home.manager)


# --- what is stronger, in the same words ------------------------------------------------------------------------------


def bar(app, family, **whom):
    with app.app_context(), db.writing():
        families.bar(family.id, "Her former partner", **whom)


def kept(app, home, how):
    with app.app_context(), db.writing():
        if how == "sealed":
            db.session.get_one(Family, home.family.id).sealed = True
        elif how == "restricted":
            db.session.execute(update(Person).where(Person.forename == "Child0").values(restricted=True))
        else:
            whom = {"user": {"user_id": home.duty.id}, "team": {"team_id": home.duty.team_id}}
            whom["organisation"] = {"organisation_id": home.duty.organisation_id}
            families.bar(home.family.id, "Her former partner", **whom[how])


@pytest.mark.parametrize("how", ["user", "team", "organisation", "sealed", "restricted"])
def test_what_is_kept_and_what_is_not_there_answer_alike(app, home, sign_in, act, how):
    kept(app, home, how)
    browser = sign_in(home.duty)
    pages = {
        ref: browser.post("/break-glass", data={**TYPED, "family": ref})
        for ref in (home.family.ref, example("F"), "F-9999-99", "nonsense")
    }
    hidden, *others = (
        (page.status_code, main_of(page).replace(ref, "REF").replace("nonsense", "REF")) for ref, page in pages.items()
    )
    assert hidden[0] == 422 and NOTHING in hidden[1]
    for other in others:
        assert other == hidden
    assert not act.sees()
    assert home.family.name not in pages[home.family.ref].text


def test_what_comes_later_and_is_stronger_closes_what_is_open(app, home, act):
    for how in ("user", "sealed", "restricted"):
        act.breaks(home.mash)
        act.breaks()
        assert act.sees()
        kept(app, home, how)
        assert not act.sees()
        with app.app_context(), db.writing():
            db.session.execute(update(Family).values(sealed=False))
            db.session.execute(update(Person).values(restricted=False))
            db.session.execute(update(BrokenGlass).values(until_at=db.utcnow()))
            db.session.execute(update(Bar).values(until_at=db.utcnow()))


def test_a_withdrawn_agreement_does_not_stop_it(app, make, home, act):
    charity = make.organisation("vcs", "Hub charity")
    worker = make.user("front_door", team=make.team("Charity hub", organisation=charity))
    bar(app, home.family, sector="vcs")
    act.breaks(worker)
    assert act.sees(worker)


def test_guessing_ends(home, act):
    other = SimpleNamespace(ref=example("F"))
    for _ in range(rules.TRIES):
        assert act.breaks(family=other) is None
    with pytest.raises(Refused, match="several references"):
        act.breaks()
    with db.clock_at(db.utcnow() + rules.TRIED_WITHIN + timedelta(minutes=1)):
        assert act.breaks()
    assert act.breaks(home.mash)


def test_a_try_is_on_record_with_its_reason_and_governance_hears_of_one_that_was_kept(app, home, act):
    act.breaks(family=SimpleNamespace(ref=example("F")))
    kept(app, home, "user")
    act.breaks()
    with app.app_context():
        rows = db.session.scalars(select(TrailEntry).where(TrailEntry.kind == "sharing.glass_held")).all()
        assert [(row.subject_ref, row.family_id) for row in rows] == [
            (example("F"), None),
            (home.family.ref, home.family.id),
        ]
        told = db.session.scalars(select(Message).where(Message.subject.like("A record was kept%"))).all()
        assert {one.to_user_id for one in told} == {home.ig.id, home.other_ig.id}


# --- for how long -----------------------------------------------------------------------------------------------------


def test_it_ends_to_the_second_in_open_sessions_too(home, sign_in, act):
    browser = sign_in(home.duty)
    row = act.row(act.breaks())
    assert row.until_at - row.at == timedelta(hours=24)
    before, at = row.until_at - timedelta(microseconds=1), row.until_at
    with db.clock_at(before):
        assert act.sees()
    with db.clock_at(at):
        assert not act.sees()
    assert browser.get(f"/families/{home.family.ref}").status_code == 200
    act.ends(row.ref)
    assert browser.get(f"/families/{home.family.ref}").status_code == 404
    assert not act.sees()


def test_how_long_is_a_practice_standard(app, act):
    with app.app_context(), db.writing():
        db.session.execute(update(PracticeStandard).where(PracticeStandard.name == "glass_ends").values(length=2))
    row = act.row(act.breaks())
    assert row.until_at - row.at == timedelta(hours=2)


def test_its_user_and_a_reviewer_end_it_and_nobody_else(home, sign_in, act):
    for who in ("duty", "ig", "manager"):
        ref = act.breaks()
        answer = sign_in(getattr(home, who)).post(f"/break-glass/{ref}/end")
        assert answer.status_code == 302 and not act.sees(), who
    ref = act.breaks()
    for who in ("far", "mash", "lead"):
        assert sign_in(getattr(home, who)).post(f"/break-glass/{ref}/end").status_code in (403, 404), who
    assert act.sees()


def test_while_it_is_open_it_is_named_and_not_broken_twice(home, app, make, act):
    row = act.row(act.breaks())
    with app.app_context():
        view = visible_family(home.family.ref, make.actor(home.manager))
        named = [(dict(one.reasons), one.until) for one in who_can_see(view) if one.user_id == home.duty.id]
        assert named == [({"In an emergency, by break-glass": True}, row.until_at)] and view.until is None
    with pytest.raises(Refused, match="already"):
        act.breaks()
    with db.clock_at(row.until_at):
        assert act.breaks() != row.ref
        assert act.sees()


# --- who hears --------------------------------------------------------------------------------------------------------


def test_managers_governance_and_the_lead_hear_at_once_in_words_that_name_nobody(app, make, home, act):
    barred = make.user("information_governance", name="Barred Green")
    bar(app, home.family, user_id=barred.id)
    act.breaks()
    with app.app_context():
        sent = db.session.scalars(select(Message).where(Message.subject.like("A record %"))).all()
        assert {one.to_user_id for one in sent} == {home.manager.id, home.ig.id, home.other_ig.id, home.lead.id}
        assert all(one.urgent and one.mail_due_at for one in sent)
        assert all("Okoro" not in one.subject + one.body and REASON not in one.body for one in sent)
        lines = db.session.scalars(select(ChronologyEntry.line)).all()
        assert any("Opened by break-glass until" in line for line in lines)


def test_the_manager_of_the_leads_own_team_hears_once(app, make, act, home):
    team = make.team("Elsewhere")
    theirs = make.user("early_help_manager", team=team)
    lead = make.user("practitioner", team=team)
    family = make.family(home.team, name="Second")
    make.episode(family, home.manager, lead)
    act.breaks(family=family)
    with app.app_context():
        told = select(Message.to_user_id).where(Message.about == family.ref, Message.subject.like("%opened by%"))
        assert sorted(db.session.scalars(told)) == sorted([theirs.id, lead.id])


# --- the review -------------------------------------------------------------------------------------------------------


def test_a_reviewer_reads_why_and_what_was_opened_and_writes_what_they_found(app, home, sign_in, act):
    ref = act.breaks()
    browser = sign_in(home.duty)
    browser.get(f"/families/{home.family.ref}")
    browser.get(f"/families/{home.family.ref}/plan")
    reviewer = sign_in(home.ig)
    assert f"/break-glass/{ref}" in reviewer.get("/").text
    page = reviewer.get(f"/break-glass/{ref}").text
    assert REASON in page and "Record: family" in page and "Plans: plan" in page
    assert home.family.ref in page and "Okoro" not in main_text(page), "governance knows the reference, as in the trail"
    answer = reviewer.post(f"/break-glass/{ref}", data={"outcome": "justified", "found": "The ward had rung"})
    assert answer.status_code == 302
    assert f"/break-glass/{ref}" not in reviewer.get("/").text
    assert "it was justified" in message_to(app, home.duty)
    assert act.sees(), "a justified one goes on until its end"
    with app.app_context():
        seen = db.session.scalars(select(Opening.reason).where(Opening.actor_key == f"user:{home.ig.id}")).all()
        assert seen == ["Reviews a break-glass"]
        kinds = db.session.scalars(
            select(TrailEntry.kind).where(TrailEntry.kind.like("sharing.glass%")).order_by(TrailEntry.id)
        ).all()
        assert kinds == ["sharing.glass_broken", "sharing.glass_reviewed"]


def main_text(page):
    return page.partition("<main")[2].partition("</main>")[0]


def message_to(app, user):
    with app.app_context():
        return "\n".join(db.session.scalars(select(Message.body).where(Message.to_user_id == user.id)))


def test_not_justified_needs_what_was_done_and_ends_it(home, sign_in, act):
    ref = act.breaks()
    told = {"outcome": "not_justified", "found": "Nobody had rung"}
    reviewer = sign_in(home.manager)
    refused = reviewer.post(f"/break-glass/{ref}", data=told)
    assert refused.status_code == 422 and "Say what was done about it" in refused.text and act.sees()
    reviewer.post(f"/break-glass/{ref}", data={**told, "done": "Raised with her manager; the family was told"})
    assert not act.sees()
    row = act.row(ref)
    assert (row.outcome, row.ended_by) == ("not_justified", row.reviewed_by)
    assert f"{ref}" in reviewer.get("/break-glass/reviews?show=not_justified").text


def test_nobody_reviews_their_own_or_twice(make, home, act):
    both = make.user("front_door", "information_governance", name="Both")
    ref = act.breaks(both)
    with pytest.raises(NotAllowed):
        act.reviews(ref, both)
    act.reviews(ref)
    with pytest.raises(Refused, match="meanwhile"):
        act.reviews(ref, home.other_ig)


def test_who_reviews_sees_only_what_is_theirs(app, make, home, sign_in, act):
    ref = act.breaks()
    barred = make.user("information_governance", name="Barred Green")
    bar(app, home.family, user_id=barred.id)
    for user in (barred, home.far):
        assert ref not in sign_in(user).get("/break-glass/reviews?show=all").text
        assert sign_in(user).get(f"/break-glass/{ref}").status_code == 404
        with pytest.raises(NotFound):
            act.reviews(ref, user)
    act.breaks(home.far)
    assert ref not in sign_in(home.far).get("/break-glass/reviews?show=all").text, "seeing it by break-glass is no area"
    own = sign_in(home.duty).get(f"/break-glass/{ref}")
    assert own.status_code == 200 and "Save the review" not in own.text
    assert sign_in(home.mash).get(f"/break-glass/{ref}").status_code == 404
    named = sign_in(home.manager).get("/break-glass/reviews").text
    assert ref in named and "Okoro" in named


def test_a_review_past_its_standard_is_late(home, sign_in, act, app, make):
    ref = act.breaks()
    reviewer = sign_in(home.ig)
    assert ref not in reviewer.get("/break-glass/reviews?show=late").text
    with db.clock_at(act.row(ref).review_due + timedelta(seconds=1)), app.app_context():
        actor = make.actor(home.ig)
        late = glass_reading.listing(actor, reviews.read({"show": "late"}))
        assert [one.ref for one in late.rows] == [ref]
        assert [task.ref for task in glass_reading.waiting(actor, db.utcnow())] == [ref]


def test_the_list_is_searched_sorted_and_paged(app, make, home, sign_in, act, counting, monkeypatch):
    monkeypatch.setattr(reviews, "PAGE", 2)
    reviewer = sign_in(home.ig)
    assert "Nothing waits here" in reviewer.get("/break-glass/reviews").text
    assert "Nobody has broken the glass" in reviewer.get("/break-glass/reviews?show=all").text
    start, refs = db.utcnow() - timedelta(days=5), []
    for number, user in enumerate(
        [home.duty, home.mash, home.far, make.user("mash", name="Dee Other"), make.user("mash")]
    ):
        with db.clock_at(start + timedelta(hours=number)):
            refs.append(act.breaks(user))
    with app.app_context():
        actor = make.actor(home.ig)
        for sort, order in (("due", refs), ("newest", refs[::-1])):
            found, after = [], ""
            while True:
                page = glass_reading.listing(actor, reviews.Asked(sort=sort, after=after))
                found += [one.ref for one in page.rows]
                after = page.after
                if not after:
                    break
            assert found == order, sort
    for typed, hits in (("dee", [refs[0], refs[3]]), (home.family.ref, refs[:2]), (refs[2], [refs[2]]), ("zebra", [])):
        text = reviewer.post("/break-glass/reviews", data={"q": typed}).text
        assert [ref for ref in refs if f"/break-glass/{ref}" in text] == hits, typed
    with counting() as few:
        reviewer.get("/break-glass/reviews")
    monkeypatch.setattr(reviews, "PAGE", 25)
    with counting() as many:
        reviewer.get("/break-glass/reviews")
    assert len(few) == len(many)


def test_a_family_page_asks_no_more_for_those_who_broke_nothing(home, sign_in, act, counting):
    browser = sign_in(home.manager)
    browser.get(f"/families/{home.family.ref}")
    with counting() as before:
        browser.get(f"/families/{home.family.ref}")
    act.breaks()
    browser.get(f"/families/{home.family.ref}")  # the menu judges the notice of it once
    with counting() as after:
        browser.get(f"/families/{home.family.ref}")
    assert len(after) == len(before)


def test_an_agreement_can_still_be_withdrawn_while_it_is_open(app, make, home, act):
    """Whoever sees a family is looked through then: the reason that ends by itself is one of them."""
    act.breaks()
    with app.app_context(), db.writing():
        actor = make.actor(home.lead)
        mother = visible_family(home.family.ref, actor).adults[0]
        service.agree(home.family.id, mother.id, "agreed", {"vcs"}, "All of it", None, actor)
        service.withdraw(home.family.id, mother.id, "No more", actor)
    assert act.sees()
