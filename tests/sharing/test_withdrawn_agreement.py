"""A withdrawn agreement keeps a whole sector out, whoever of it comes later, until somebody agrees to it again."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import insert, select

from tafcore import db
from tafcore.accounts.models import User
from tafcore.contacts import access as contacts
from tafcore.contacts.models import Contact
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember, NominateLead
from tafcore.episodes.models import Episode, TafMember
from tafcore.families import access
from tafcore.families.models import Bar, Family
from tafcore.notices.models import Message
from tafcore.sharing import rules, service
from tafcore.steps.models import Step
from tafcore.trail.models import TrailEntry
from tafcore.work import NotFound, Refused


def answers(app, make, home, user) -> set[bool]:
    """Whether a user sees the family by its page, by a list and in "who can see this": one answer if all is well."""
    with app.app_context():
        actor = make.actor(user)
        try:
            page = bool(access.visible_family(home.family.ref, actor))
        except NotFound:
            page = False
        listed = select(Family.id).where(Family.id == home.family.id, access.visible(actor))
        view = access.visible_family(home.family.ref, make.actor(home.manager))
        named = user.id in {grant.user_id for grant in access.who_can_see(view)}
        return {page, db.session.scalar(listed, access.times()) is not None, named}


def say(make, home, scope, person=None, status="agreed") -> None:
    with make.app.app_context(), db.writing():
        who = (person or home.mother).id
        service.agree(home.family.id, who, status, set(scope), "What is written down", None, make.actor(home.manager))


def joins(make, home, user) -> None:
    """In the team, however they came there."""
    with make.app.app_context(), db.writing():
        episode = db.session.scalars(select(Episode.id).where(Episode.family_id == home.family.id)).one()
        row = {"episode_id": episode, "user_id": user.id, "name": user.name, "organisation": "", "role": "Helps"}
        db.session.execute(insert(TafMember).values(joined_at=db.utcnow(), **row))


def test_somebody_of_the_sector_who_comes_later_is_kept_out(app, make, home) -> None:
    say(make, home, {"school", "vcs"})
    say(make, home, {"school"})
    later = make.user(organisation=make.organisation("vcs"))
    joins(make, home, later)
    assert answers(app, make, home, later) == {False}
    assert answers(app, make, home, home.lead) == {True}


def test_after_everything_was_withdrawn_nobody_is_asked_to_lead_who_could_not_see_the_record(app, make, home) -> None:
    say(make, home, {"school", "vcs"})
    say(make, home, (), status="withdrawn")
    nurse = make.user(organisation=make.organisation("health_visiting"))
    asked = NominateLead(family=home.family.ref, user=nurse.id, cover=home.manager.id, reason="Knows them")
    with app.app_context(), pytest.raises(Refused) as refusal, db.writing():
        episodes.nominate_lead(asked, make.actor(home.manager))
    assert [problem.field for problem in refusal.value.problems] == ["user"]
    assert answers(app, make, home, nurse) == {False}


def add(app, make, home, user) -> None:
    with app.app_context(), db.writing():
        command = AddTafMember(family=home.family.ref, user=user.id, role="Money advice")
        episodes.add_member(command, make.actor(home.manager))


def test_joining_the_team_is_refused_until_a_new_agreement_and_then_opens_the_record(app, make, home) -> None:
    say(make, home, {"school", "vcs"})
    say(make, home, (), status="withdrawn")
    later = make.user(organisation=make.organisation("vcs"))
    with pytest.raises(Refused):
        add(app, make, home, later)
    say(make, home, {"vcs"})
    add(app, make, home, later)
    assert answers(app, make, home, later) == {True}
    assert answers(app, make, home, home.lead) == {False}, "nobody agreed to schools again"


@pytest.mark.parametrize("seed", range(4))
def test_whoever_joins_sees_exactly_what_the_family_agrees_to(app, make, home, seed) -> None:
    chance = random.Random(seed)
    sectors = ("school", "vcs", "police", "gp")
    users = {sector: make.user(organisation=make.organisation(sector)) for sector in sectors}
    for user in users.values():
        joins(make, home, user)
    agreed: dict[int, set[str]] = {}
    out: set[str] = set()
    for _ in range(6):
        person = chance.choice((home.mother, home.child))
        scope = set(chance.sample(sectors, chance.randrange(4)))
        status = chance.choice(("agreed", "agreed", "withdrawn"))
        before, had = set().union(*agreed.values()), bool(agreed)
        agreed.pop(person.id, None)
        if status == "agreed":
            agreed[person.id] = scope
        say(make, home, scope if status == "agreed" else (), person, status)
        now = set().union(*agreed.values())
        out = (out | (set(sectors) if had and not agreed else before - now)) - now
        assert {sector for sector in sectors if answers(app, make, home, users[sector]) == {False}} == out
        assert {sector for sector in sectors if answers(app, make, home, users[sector]) == {True}} == set(sectors) - out


def contact(home, team, registrar: str) -> Contact:
    """An open contact about the family in the queue of a team."""
    now = db.utcnow()
    due = {"first_look_due": now, "conversation_due": now, "answer_due": now}
    asked = {"source": "10", "anonymous": True, "agreement": "not_asked"}
    made = Contact(ref="C-2222-22", family_id=home.family.id, team_id=team.id, received_at=now, **due, **asked)
    made.registered_by, made.registered_key = "Somebody", registrar
    return made


def test_a_contact_they_registered_goes_with_it_and_stays_with_those_who_work_it(app, make, home) -> None:
    charity = make.organisation("vcs")
    registrar, door = make.user(organisation=charity), make.user("front_door", team=make.team(organisation=charity))
    with app.app_context(), db.writing():
        row = contact(home, db.session.get_one(User, door.id).team, f"user:{registrar.id}")
        db.session.add(row)
    say(make, home, {"vcs"})
    for scope, status, seen in ((("vcs",), "agreed", True), ((), "withdrawn", False)):
        say(make, home, scope, status=status)
        with app.app_context():
            mine = select(Contact.ref).where(contacts.listed(make.actor(registrar)))
            assert (db.session.scalar(mine, access.times()) is not None) is seen
            theirs = select(Contact.ref).where(contacts.listed(make.actor(door)))
            assert db.session.scalar(theirs, access.times()) is not None


def test_the_service_itself_goes_on_seeing_whatever_sector_employs_it(app, make, home) -> None:
    """A hub run by a charity, and the police officer of the MASH: their task is not the family's to end."""
    hub = make.team(organisation=make.organisation("vcs"))
    manager, door = make.user("early_help_manager", team=hub), make.user("front_door", team=hub)
    officer = make.user("mash", organisation=make.organisation("police"))
    with app.app_context(), db.writing():
        db.session.get_one(Family, home.family.id).team_id = hub.id
        db.session.add(contact(home, hub, "user:-"))
        db.session.add(
            Step(ref="S-2222-22", family_id=home.family.id, direction="up", state="sent", made_by="Ann", reasons="Harm")
        )
    say(make, home, {"vcs", "police"})
    say(make, home, (), status="withdrawn")
    for user in (manager, door, officer):
        with app.app_context():
            view = access.visible_family(home.family.ref, make.actor(user))
            listed = select(Family.id).where(access.visible(make.actor(user)))
            assert db.session.scalars(listed, access.times()).all() == [home.family.id]
            assert user.id in {grant.user_id for grant in access.who_can_see(view)}


def test_a_council_worker_in_the_team_is_never_kept_out(app, make, home) -> None:
    worker = make.user(organisation=make.organisation("council"))
    joins(make, home, worker)
    say(make, home, {"school"})
    say(make, home, (), status="withdrawn")
    assert answers(app, make, home, worker) == {True}


def test_access_ends_in_an_open_browser(make, home, sign_in) -> None:
    say(make, home, {"school", "vcs"})
    browser = sign_in(home.adviser)
    assert browser.get(f"/families/{home.family.ref}").status_code == 200
    say(make, home, {"school"})
    assert browser.get(f"/families/{home.family.ref}").status_code == 404
    assert home.family.ref not in browser.get("/families").text


def test_one_bar_a_sector_stands_and_the_trail_says_which(app, make, home) -> None:
    for _ in range(2):
        say(make, home, {"school", "vcs"})
        say(make, home, (), status="withdrawn")
    say(make, home, (), status="withdrawn")
    with app.app_context():
        standing = list(db.session.scalars(select(Bar.sector).where(Bar.until_at.is_(None))))
        kinds = list(db.session.scalars(select(TrailEntry.kind)))
    assert sorted(standing) == sorted(rules.PARTNERS)
    assert kinds.count("sharing.access_ended") == 2


def test_who_sees_it_by_the_services_own_task_is_not_told_that_access_ended(app, make, home) -> None:
    hub = make.team(organisation=make.organisation("vcs"))
    manager = make.user("early_help_manager", team=hub)
    with app.app_context(), db.writing():
        db.session.get_one(Family, home.family.id).team_id = hub.id
    joins(make, home, manager)
    say(make, home, {"vcs"})
    say(make, home, (), status="withdrawn")
    assert "Your access to a record has ended" not in inbox(app, manager)
    assert "Your access to a record has ended" in inbox(app, home.adviser)


def inbox(app, user: User) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Message.subject).where(Message.to_user_id == user.id)))
