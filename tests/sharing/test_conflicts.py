"""Conflict of interest: who is kept out and by whom, at once and everywhere; what they hear; who manages instead."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.contributions import EVERYONE
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember, NominateLead
from tafcore.episodes.models import LeadAppointment, LeadGap, TafMember
from tafcore.families import same
from tafcore.families.access import times, visible, visible_family
from tafcore.families.models import Bar, Family
from tafcore.notices.models import Message
from tafcore.permissions import known
from tafcore.references import example
from tafcore.sharing import conflict_reading, conflicts, rules
from tafcore.sharing.commands import DeclareConflict, EndStandIn, LiftConflict, RecordConflict, StandIn
from tafcore.sharing.models import Conflict
from tafcore.testing import settled
from tafcore.trail.models import TrailEntry
from tafcore.work import NotAllowed, NotFound, Refused

WHY = "Her sister-in-law, as she told a colleague"
SAID = {"connection": "neighbour", "words": WHY}


@settled
def home(app, make) -> SimpleNamespace:
    """A family with its lead, somebody of the team and its manager; a colleague of the manager; others elsewhere."""
    team = make.team("Larch hub")
    manager = make.user("early_help_manager", team=team, name="Moira Manager")
    colleague = make.user("front_door", "practitioner", team=team, name="Cora Colleague")
    lead = make.user(organisation=make.organisation("school", "Elm Row Primary"), name="Ann Patel")
    adviser = make.user(organisation=make.organisation("vcs", "Money Matters"), name="Vic Adviser")
    far = make.user("early_help_manager", team=make.team("Far office"), name="Fay Far")
    farther = make.user("early_help_manager", team=make.team("Farther office"), name="Fred Farther")
    ig = make.user("information_governance", name="Idris Green")
    family = make.family(team)
    make.episode(family, manager, lead, cover=colleague)
    make.member(family, lead, adviser)
    return SimpleNamespace(**locals())


@pytest.fixture
def act(app, make, home):
    class Act:
        def records(self, user, by=home.ig, connection="friend", family=home.family, reach="worker"):
            with app.app_context(), db.writing():
                asked = RecordConflict(family=family.ref, user=user.id, connection=connection, words=WHY, reach=reach)
                return conflicts.record(asked, make.actor(by)).ref

        def declares(self, user, connection="friend", ref=home.family.ref):
            with app.app_context(), db.writing():
                asked = DeclareConflict(families=(ref,), connection=connection, words=WHY)
                return [one.ref for one in conflicts.declare(asked, make.actor(user))]

        def lifts(self, ref, by=home.ig):
            with app.app_context(), db.writing():
                conflicts.lift(LiftConflict(conflict=ref, reason="They moved away"), make.actor(by))

        def stands_in(self, ref, by=home.far):
            with app.app_context(), db.writing():
                conflicts.stand_in(StandIn(conflict=ref), make.actor(by))

        def sees(self, user, family=home.family):
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

        def told(self, subject):
            with app.app_context():
                rows = select(Message.to_user_id).where(Message.subject == subject, Message.to_user_id.is_not(None))
                return set(db.session.scalars(rows))

    return Act()


def main_of(page):
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", page.text)
    return text.partition("<main")[2].partition("</main>")[0]


# --- who may, and whom it keeps out -----------------------------------------------------------------------------------


def test_managers_and_governance_record_and_all_who_meet_families_declare(app):
    assert known(app)["sharing.bar"].roles == {"early_help_manager", "information_governance"}
    assert known(app)["sharing.declare"].roles == EVERYONE - {"board_member", "administrator"}


@pytest.mark.parametrize("by", ["ig", "manager"])
@pytest.mark.parametrize("who", ["lead", "adviser", "colleague"])
def test_a_worker_is_kept_out_at_once_in_open_sessions_too(home, sign_in, act, by, who):
    user = getattr(home, who)
    browser = sign_in(user)
    assert browser.get(f"/families/{home.family.ref}").status_code == 200
    act.records(user, getattr(home, by))
    assert browser.get(f"/families/{home.family.ref}").status_code == 404
    assert not act.sees(user)
    for other in {"lead", "adviser", "colleague", "manager"} - {who}:
        assert act.sees(getattr(home, other)) or (other == "colleague" and who == "lead"), other


def test_nobody_else_records_one(home, act):
    for by in (home.lead, home.adviser, home.colleague):
        with pytest.raises(NotAllowed):
            act.records(home.adviser, by)
    with pytest.raises(NotFound):
        act.records(home.adviser, home.far)
    assert act.sees(home.adviser)


def test_ones_own_family_is_kept_from_the_home_team_and_its_manager_and_from_nobody_else(home, act):
    act.records(home.colleague, connection="own_family")
    assert [act.sees(each) for each in (home.colleague, home.manager)] == [False, False]
    assert act.sees(home.lead) and act.sees(home.adviser)


def test_the_manager_of_a_team_that_has_none_is_the_areas(app, make, act):
    area, council = make.neighbourhood(), make.organisation()
    boss = make.user("early_help_manager", team=make.team("Area office", council, neighbourhood=area))
    worker = make.user("front_door", team=make.team("Small hub", council, neighbourhood=area))
    other = make.user("early_help_manager", team=make.team("Another agency", neighbourhood=area))
    family = make.family(make.team("Third", neighbourhood=area))
    assert act.sees(boss, family) and act.sees(other, family)
    act.records(worker, connection="own_family", family=family)
    assert not act.sees(boss, family) and act.sees(other, family)


@pytest.mark.parametrize(
    ("who", "reach", "words"),
    [("colleague", "organisation", "council as a whole"), ("lead", "team", "in no team")],
)
def test_a_reach_that_makes_no_sense_is_said_beside_its_field(home, sign_in, act, who, reach, words):
    data = {**SAID, "user": getattr(home, who).id, "reach": reach}
    answer = sign_in(home.manager).post(f"/families/{home.family.ref}/sharing/conflict", data=data)
    assert answer.status_code == 422 and words in answer.text
    assert act.sees(getattr(home, who))


def test_a_whole_charity_may_be_kept_out_with_whoever_joins_it(make, home, act):
    act.records(home.adviser, reach="organisation")
    new = make.user("early_help_manager", organisation=home.adviser.organisation)
    assert not act.sees(home.adviser) and not act.sees(new)


def test_the_same_is_not_recorded_twice_but_another_connection_is(home, act):
    act.records(home.adviser)
    with pytest.raises(Refused, match="on record already"):
        act.records(home.adviser)
    assert act.records(home.adviser, connection="relative")
    assert act.declares(home.adviser) == []


# --- declaring, and what whoever is kept out is told ------------------------------------------------------------------


def test_a_worker_declares_their_own_from_the_page_they_have_open(home, sign_in, act):
    browser = sign_in(home.adviser)
    assert "Say so" in browser.get(f"/families/{home.family.ref}/sharing").text
    answer = browser.post(f"/families/{home.family.ref}/sharing/declare", data=SAID, follow_redirects=True)
    assert answer.status_code == 200 and "Thank you for saying so" in answer.text
    assert home.family.ref not in main_of(answer) and "Okoro" not in main_of(answer)
    assert not act.sees(home.adviser)
    assert browser.get(f"/families/{home.family.ref}/sharing").status_code == 404


def test_a_declaration_by_reference_ends_alike_whatever_there_is(home, sign_in, act):
    browser = sign_in(home.far)
    ends = {}
    for ref in (home.family.ref, example("F"), home.family.ref):
        answer = browser.post("/conflicts/declare", data={**SAID, "family": ref}, follow_redirects=True)
        ends[ref] = (answer.status_code, main_of(answer), answer.request.path)
    assert len(set(ends.values())) == 1
    refused = browser.post("/conflicts/declare", data={**SAID, "family": "F-2222-23"})
    assert refused.status_code == 422, "what cannot be a reference is said, since anybody can work that out"
    assert act.told("A conflict of interest was declared by a reference that there is not") == {home.ig.id}


@pytest.mark.parametrize("wrong", [{"connection": ""}, {"words": " "}])
def test_a_declaration_says_how(home, sign_in, act, wrong):
    page = sign_in(home.adviser).post(f"/families/{home.family.ref}/sharing/declare", data={**SAID, **wrong})
    assert page.status_code == 422 and act.sees(home.adviser)


def test_a_manager_who_declares_or_is_kept_out_by_what_they_record_is_told_no_more(home, sign_in, act):
    data = {**SAID, "user": home.colleague.id, "connection": "own_family"}
    browser = sign_in(home.manager)
    answer = browser.post(f"/families/{home.family.ref}/sharing/conflict", data=data)
    assert answer.location == "/conflicts/declared"
    assert not act.sees(home.manager)
    for page in ("/conflicts", "/conflicts?show=all", "/"):
        assert home.family.ref not in browser.get(page).text, page


def test_whoever_is_kept_out_finds_no_conflict_about_it(app, make, home, sign_in, act):
    both = make.user("early_help_manager", "information_governance", team=home.team, name="Both")
    ref = act.records(both)
    browser = sign_in(both)
    assert browser.get(f"/conflicts/{ref}").status_code == 404
    assert ref not in browser.get("/conflicts?show=all").text
    assert home.family.ref not in main_of(browser.get("/trail")) + main_of(browser.get("/trail?what=openings"))
    known_not = main_of(browser.get(f"/trail?ref={home.family.ref}")).replace(home.family.ref, "REF")
    assert known_not == main_of(browser.get(f"/trail?ref={example('F')}")).replace(example("F"), "REF")
    with pytest.raises(NotFound):
        act.lifts(ref, both)
    with pytest.raises(NotFound):
        act.records(home.adviser, both)


# --- who hears, and what shows ----------------------------------------------------------------------------------------


def test_managers_who_may_see_it_governance_and_the_lead_hear_and_nobody_kept_out(app, make, home, act):
    second = make.user("early_help_manager", team=home.team, name="Second Manager")
    act.declares(home.adviser)
    assert act.told("A conflict of interest was recorded") == {home.manager.id, second.id, home.ig.id}
    assert act.told("Somebody may not see a family that you lead") == {home.lead.id}
    with app.app_context():
        mails = db.session.scalars(select(Message).where(Message.channel == "email", Message.purpose == "conflict"))
        for mail in mails:
            assert not re.search(r"Okoro|Adviser|F-|conflict", f"{mail.subject} {mail.body}".split("http")[0])
        to_worker = db.session.scalars(select(Message.subject).where(Message.to_user_id == home.adviser.id)).all()
        assert "A conflict of interest was recorded" not in to_worker
        kinds = db.session.scalars(select(TrailEntry.kind).where(TrailEntry.kind.like("%conflict%"))).all()
        assert kinds == ["sharing.conflict_recorded"]


def test_a_lead_who_is_kept_out_leaves_a_gap_that_shows(app, home, sign_in, act):
    act.declares(home.lead)
    with app.app_context():
        assert db.session.scalars(select(LeadAppointment).where(LeadAppointment.ended_at.is_(None))).all() == []
        assert len(db.session.scalars(select(LeadGap).where(LeadGap.ended_at.is_(None))).all()) == 1
    work = sign_in(home.manager).get("/").text
    assert "No lead professional" in work and home.family.ref in work
    assert (
        "is no longer the lead professional"
        in sign_in(home.manager).get(f"/families/{home.family.ref}/chronology").text
    )
    assert home.family.ref not in sign_in(home.lead).get("/").text


def test_somebody_of_the_team_and_a_cover_are_it_no_longer(app, home, act):
    act.records(home.adviser)
    act.records(home.colleague)
    with app.app_context():
        assert db.session.scalars(select(TafMember).where(TafMember.left_at.is_(None))).all() == []
        (lead,) = db.session.scalars(select(LeadAppointment).where(LeadAppointment.ended_at.is_(None))).all()
        assert (lead.user_id, lead.cover_id) == (home.lead.id, None)


def test_whoever_is_kept_out_cannot_be_chosen(app, make, home, act):
    act.records(home.adviser)
    with app.app_context(), db.writing():
        lead = make.actor(home.manager)
        with pytest.raises(Refused, match="cannot help it"):
            episodes.add_member(AddTafMember(family=home.family.ref, user=home.adviser.id, role="Money"), lead)
        for user, cover in ((home.adviser, home.far), (home.far, home.adviser)):
            asked = NominateLead(family=home.family.ref, user=user.id, cover=cover.id, reason="Knows them")
            with pytest.raises(Refused, match="cannot help it"):
                episodes.nominate_lead(asked, lead)


def test_who_can_see_this_names_them_with_why_and_since_for_those_who_may(home, sign_in, act):
    act.declares(home.adviser)
    path = f"/families/{home.family.ref}/sharing"

    def page(user, alone=True):
        browser = sign_in(user)
        with browser.session_transaction() as cookie:
            cookie["alone"] = alone
        return main_of(browser.get(path))

    manager, lead = page(home.manager), page(home.lead)
    assert "Vic Adviser" in manager and WHY in manager and "A friend" in manager
    assert "Vic Adviser" in lead and WHY not in lead and "A friend" not in lead
    assert "Vic Adviser" not in page(home.manager, alone=False) and "Vic Adviser" not in page(home.lead, alone=False)


# --- where no manager is left -----------------------------------------------------------------------------------------


def test_another_manager_is_told_and_acts_where_the_only_one_is_kept_out(app, make, home, sign_in, act):
    (ref,) = act.declares(home.manager, "own_family")
    assert not act.sees(home.manager)
    assert act.told("A family has no manager who may see it") == {home.far.id, home.farther.id}
    browser = sign_in(home.far)
    assert ref in browser.get("/").text, "it waits on my work"
    shown = browser.get(f"/conflicts/{ref}").text
    assert (
        "Manage it in their place" in shown and WHY not in shown and "Okoro" not in main_of(browser.get("/conflicts"))
    )
    assert not act.sees(home.far)
    with pytest.raises(NotFound):
        act.lifts(ref, home.far)
    assert browser.post(f"/conflicts/{ref}/stand-in").location == f"/families/{home.family.ref}"
    assert act.sees(home.far)
    with app.app_context():
        assert visible_family(home.family.ref, make.actor(home.far)).scopes == {"manage"}
        asked = NominateLead(family=home.family.ref, user=home.farther.id, cover=home.far.id, reason="Knows them")
        with db.writing():
            assert episodes.nominate_lead(asked, make.actor(home.far))
    with pytest.raises((NotFound, Refused)):
        act.stands_in(ref, home.farther)
    with app.app_context():
        assert conflict_reading.waiting(make.actor(home.farther), db.utcnow()) == []
    assert act.told("A family has a manager in another's place") == {home.ig.id}


def test_whoever_stood_in_does_so_no_longer_once_its_own_manager_may_see_it(home, act):
    (ref,) = act.declares(home.manager)
    act.stands_in(ref)
    act.lifts(ref)
    assert act.sees(home.manager) and not act.sees(home.far)


def test_standing_in_ends_and_managers_are_told_again(app, make, home, act):
    (ref,) = act.declares(home.manager)
    act.stands_in(ref)
    with app.app_context(), db.writing(), pytest.raises(NotFound):
        conflicts.end_stand_in(EndStandIn(conflict=ref), make.actor(home.farther))
    with app.app_context(), db.writing():
        conflicts.end_stand_in(EndStandIn(conflict=ref), make.actor(home.far))
    assert not act.sees(home.far)
    with app.app_context():
        assert len(conflict_reading.waiting(make.actor(home.far), db.utcnow())) == 1


def test_where_a_manager_is_left_nobody_stands_in(make, home, act):
    make.user("early_help_manager", team=home.team, name="Second Manager")
    (ref,) = act.declares(home.manager)
    assert act.told("A family has no manager who may see it") == set()
    with pytest.raises(NotFound):
        act.stands_in(ref)


# --- lifting, and two records of one family ---------------------------------------------------------------------------


def test_it_is_lifted_with_a_reason_and_kept(app, home, sign_in, act):
    ref = act.records(home.colleague, connection="own_family")
    page = sign_in(home.ig).post(f"/conflicts/{ref}", data={"reason": " "})
    assert page.status_code == 422 and not act.sees(home.manager)
    assert sign_in(home.ig).post(f"/conflicts/{ref}", data={"reason": "They moved away"}).status_code == 302
    assert act.sees(home.manager)
    with app.app_context():
        row = db.session.scalars(select(Conflict)).one()
        assert (row.lifted_why, row.lifted_by) == ("They moved away", f"Idris Green, {home.ig.organisation.name}")
        assert all(bar.until_at is not None for bar in db.session.scalars(select(Bar)))
    assert ref in sign_in(home.ig).get("/conflicts?show=lifted").text
    with pytest.raises(Refused, match="already"):
        act.lifts(ref)


def test_lifting_one_leaves_what_another_keeps(home, act):
    first, _second = act.records(home.adviser), act.records(home.adviser, connection="relative")
    act.lifts(first)
    assert not act.sees(home.adviser)


def joined(app, make, home, other):
    with app.app_context(), db.writing():
        pair = [db.session.get_one(Family, one.id) for one in (home.family, other)]
        return same.put_together(*pair, "The same", make.actor(home.manager)).id


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("which", ["family", "other"])
def test_it_holds_for_both_records_of_one_family_and_is_lifted_from_both(app, make, home, act, before, which):
    other = make.family(home.team, "Okorro")
    about = home.family if which == "family" else other
    if not before:
        joined(app, make, home, other)
    ref = act.records(home.manager, family=about)
    if before:
        joined(app, make, home, other)
    assert not act.sees(home.manager) and not act.sees(home.manager, other)
    act.lifts(ref)
    assert act.sees(home.manager) and act.sees(home.manager, other)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_searched_sorted_and_paged(app, make, home, sign_in, act, counting, monkeypatch):
    monkeypatch.setattr(conflict_reading, "PAGE", 2)
    browser = sign_in(home.ig)
    assert "Nobody is kept out" in browser.get("/conflicts").text
    names = ("Bea Second", "Abe First", "Cas Third", "Dot Fourth")
    refs = [act.records(make.user(name=name)) for name in names]
    orders = {"newest": refs[::-1], "oldest": refs, "name": [refs[1], refs[0], *refs[2:]]}
    with app.app_context():
        actor = make.actor(home.ig)
        for sort, order in orders.items():
            found, after = [], ""
            while True:
                page = conflict_reading.listing(actor, conflict_reading.Asked(sort=sort, after=after))
                found += [one.ref for one in page.rows]
                after = page.after
                if not after:
                    break
            assert found == order, sort
    for typed, hits in (("abe", [refs[1]]), (refs[2], [refs[2]]), ("zebra", [])):
        text = browser.post("/conflicts", data={"q": typed}).text
        assert [ref for ref in refs if f"/conflicts/{ref}" in text] == hits, typed
    with counting() as few:
        browser.get("/conflicts")
    monkeypatch.setattr(conflict_reading, "PAGE", 25)
    with counting() as many:
        browser.get("/conflicts")
    assert len(few) == len(many)
    assert refs[0] not in sign_in(home.far).get("/conflicts?show=all").text
    assert refs[0] in sign_in(home.manager).get("/conflicts?show=all").text


def test_whom_a_connection_reaches():
    assert [rules.reach_of("own_family", "worker", team) for team in (True, False)] == ["team", "worker"]
    assert rules.reach_of("own_family", "organisation", True) == "organisation"
    assert rules.reach_of("friend", "worker", True) == "worker"
