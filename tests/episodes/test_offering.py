"""Somebody from outside has an account for the team they joined: by a link in the mail, ended with the team."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore.accounts.models import Organisation, User
from tafcore.contributions import GUESTS
from tafcore.db import clock_at, session, utcnow, writing
from tafcore.episodes import leading, offering
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import LeaveTeam, NominateLead, OfferAccount
from tafcore.episodes.models import AccountOffer, Episode, TafMember
from tafcore.families.access import visible_family
from tafcore.meetings.models import Meeting, MeetingPerson
from tafcore.notices.models import Message
from tafcore.notices.rules import RING
from tafcore.notices.service import give_up
from tafcore.permissions import known
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddGoal, AddNeed, UpdateAction
from tafcore.plans.models import Action, ActionUpdate
from tafcore.sharing.models import SharingDecision
from tafcore.standards.clock import london_day
from tafcore.trail.models import TrailPayload
from tafcore.work import Refused
from tests.episodes.test_inviting import home, invited, wanted

__all__ = ["home"]
HERE = "https://earlyhelp.example"
WORDS = "correct horse battery"


@pytest.fixture
def joined(app, home, monkeypatch):
    """Somebody of a boxing club said yes by the link, and asked for an account."""
    monkeypatch.setitem(app.config, "PUBLIC_URL", HERE)
    token = invited(app, home, account=True)
    answer = app.test_client().post(
        f"/team-invitation/{token}", data={"accept": "yes", "role": "Boxing", "account": "y"}
    )
    assert "A second link is on its way" in answer.text
    return home


def link(app):
    """The path of the newest link that went out to make an account."""
    with app.app_context():
        mails = select(Message).where(Message.subject == "A link to make an account").order_by(Message.id)
        newest = session.scalars(mails).all()[-1]
    assert newest.to_address == "k@club.example"
    (found,) = re.findall(rf"{HERE}(/\S+)", newest.body)
    return found


def made(app, at=None):
    answer = app.test_client().post(at or link(app), data={"password": WORDS, "again": WORDS})
    assert answer.status_code == 302 and answer.location.endswith("/sign-in")
    with app.app_context():
        return session.scalars(select(User).where(User.email == "k@club.example")).one()


def browser(app):
    found = app.test_client()
    return found, found.post("/sign-in", data={"email": "k@club.example", "password": WORDS}).status_code


def member(app):
    with app.app_context():
        return session.scalars(select(TafMember)).one()


def test_whoever_reads_the_mail_makes_the_account_and_sees_this_family_alone(app, joined, make):
    other = make.family(make.team("Elsewhere"))
    at = link(app)
    page = app.test_client().get(at)
    assert page.status_code == 200 and "k@club.example" in page.text
    assert not [name for name in ("Okoro", "Child0", joined.family.ref) if name in page.text]
    made(app, at)
    theirs, status = browser(app)
    assert status == 302
    for part in ("", "/plan", "/team", "/meetings", "/visits", "/sharing", "/assessment"):
        assert theirs.get(f"/families/{joined.family.ref}{part}").status_code == 200, part
    assert theirs.get(f"/families/{other.ref}").status_code == 404
    assert [theirs.get(path).status_code for path in ("/contacts/new", "/search", "/services")] == [403, 403, 404]
    with app.app_context():
        home_of = session.scalars(select(Organisation).where(Organisation.name == "Boxing club")).one()
        assert home_of.sector == "sport"


def test_a_guest_has_no_permission_that_a_team_does_not_need(app):
    held = {name for name, one in known(app).items() if one.roles & GUESTS}
    beyond = ("register", "search", "schedule", "hold", "nominate", "close", "keep_safe", "record.change", "vcs")
    for word in (*beyond, "schools", "health_visitors", "optivita", "hubs"):
        assert not [name for name in held if word in name], word


@pytest.mark.parametrize(("typed", "said"), [("short", "at least 12"), ("another long one", "not the same")])
def test_a_password_is_long_enough_and_typed_twice(app, joined, typed, said):
    at = link(app)
    again = typed if typed == "short" else WORDS
    answer = app.test_client().post(at, data={"password": typed, "again": again})
    assert answer.status_code == 422 and said in answer.text and typed not in answer.text
    with app.app_context():
        assert session.scalar(select(User.id).where(User.email == "k@club.example")) is None


def test_the_link_opens_once_and_is_kept_as_a_hash(app, joined):
    at = link(app)
    token = at.rpartition("/")[2]
    with app.app_context():
        assert token != session.scalars(select(AccountOffer.token_hash)).one()
        assert not [one for one in session.scalars(select(TrailPayload.payload)) if token in str(one)]
        decided = session.scalars(select(SharingDecision.what)).one()
        assert "what the team sees" in decided
    made(app, at)
    assert app.test_client().get(at).status_code == 404
    assert app.test_client().post(at, data={"password": WORDS, "again": WORDS}).status_code == 404


def test_unasked_there_is_no_account(app, home, monkeypatch):
    monkeypatch.setitem(app.config, "PUBLIC_URL", HERE)
    token = invited(app, home)
    page = app.test_client().get(f"/team-invitation/{token}").text
    assert "I would like an account" not in page
    app.test_client().post(f"/team-invitation/{token}", data={"accept": "yes", "role": "Boxing", "account": "y"})
    with app.app_context():
        assert session.scalar(select(AccountOffer.id)) is None


def _left(app, home):
    with app.app_context(), writing():
        command = LeaveTeam(family=home.family.ref, member=session.scalars(select(TafMember.id)).one())
        episodes.member_leaves(command, home.actor(home.lead))


def _sealed(app, home):
    with app.app_context(), writing():
        session.get_one(type(home.family), home.family.id).sealed = True


def _closed(app, home):
    with app.app_context(), writing():
        session.scalars(select(Episode)).one().state = "closed"


@pytest.mark.parametrize("happened", [_left, _sealed, _closed])
def test_a_link_that_must_not_open_makes_nothing(app, joined, happened):
    at = link(app)
    happened(app, joined)
    assert app.test_client().get(at).status_code == 404
    assert app.test_client().post(at, data={"password": WORDS, "again": WORDS}).status_code == 404


def test_it_ends_with_the_team_in_open_sessions_too_and_opens_again_when_asked(app, joined):
    user = made(app)
    theirs, _ = browser(app)
    _left(app, joined)
    assert theirs.get(f"/families/{joined.family.ref}").status_code == 302
    assert browser(app)[1] == 422
    token = invited(app, joined, account=True)
    app.test_client().post(f"/team-invitation/{token}", data={"accept": "yes", "role": "Boxing", "account": "y"})
    assert made(app).id == user.id and browser(app)[1] == 302


def test_of_closed_help_it_ends_in_the_night_once_the_team_sees_it_no_longer(app, joined):
    user = made(app)
    with app.app_context(), writing():
        closed = session.scalars(select(Episode)).one()
        closed.state, closed.closed_at = "closed", utcnow()
    for days, active in ((1, True), (29, False)):
        with app.app_context(), clock_at(utcnow() + timedelta(days=days)):
            offering.end_all()
            assert session.get_one(User, user.id).active is active


def test_a_guest_neither_leads_nor_covers(app, joined):
    user = made(app)
    for whom in ({"user": user.id, "cover": joined.manager.id}, {"user": joined.manager.id, "cover": user.id}):
        command = NominateLead(
            family=joined.family.ref, reason="x", family_answer="agree", agreed_why="x", handover_note="x", **whom
        )
        with app.app_context(), writing(), pytest.raises(Refused, match="cannot lead"):
            leading.nominate_lead(command, joined.actor(joined.manager))


def test_whoever_leads_offers_it_later_and_puts_down_why(app, home, monkeypatch, sign_in):
    monkeypatch.setitem(app.config, "PUBLIC_URL", HERE)
    token = invited(app, home)
    app.test_client().post(f"/team-invitation/{token}", data={"accept": "yes", "role": "Boxing"})
    at = f"{home.at}/{member(app).id}/account"
    leads = sign_in(home.lead)
    assert leads.post(at, data={}).status_code == 422
    assert leads.post(at, data={"why": "They see him every week"}).status_code == 302
    made(app)
    with app.app_context():
        (_, decided) = session.scalars(select(SharingDecision).order_by(SharingDecision.id)).all()
        assert (decided.what, decided.why) == (offering.SHOWN, "They see him every week")
    assert leads.post(at, data={"why": "Again"}).status_code == 422


def test_whoever_was_asked_by_no_mail_is_offered_none(app, home):
    with app.app_context(), writing():
        row = episodes.add_member(wanted(home, invite=False), home.actor(home.lead))
        with pytest.raises(Refused, match="by e-mail first"):
            command = OfferAccount(family=home.family.ref, member=row.id, why="x")
            offering.offer_account(command, home.actor(home.lead))


def test_an_account_of_the_same_address_sees_this_family_too(app, joined, make):
    at = link(app)
    user = make.user(name="K. Coach", organisation=make.organisation("sport", "A gym"))
    with app.app_context(), writing():
        session.get_one(User, user.id).email = "k@club.example"
    assert "Add the family to your account" in app.test_client().get(at).text
    assert app.test_client().post(at, data={}).status_code == 302
    with app.app_context():
        assert visible_family(joined.family.ref, make.actor(user)).scopes == {"team"}
    _left(app, joined)
    with app.app_context():
        assert session.get_one(User, user.id).active, "it is no guest's"


def test_invitations_by_name_are_theirs_by_their_account(app, joined, make):
    with app.app_context(), writing():
        episode = session.scalars(select(Episode)).one()
        meeting = Meeting(ref="M-7KQ2-M9", family_id=joined.family.id, episode_id=episode.id, starts_at=utcnow())
        meeting.scheduled_by = "x"
        session.add(meeting)
        session.flush()
        session.add(MeetingPerson(meeting_id=meeting.id, name="K. Coach", organisation="Boxing club", token_hash="x"))
    user = made(app)
    with app.app_context():
        row = session.scalars(select(MeetingPerson)).one()
        assert (row.user_id, row.token_hash) == (user.id, None)


def test_actions_of_their_name_are_theirs_by_their_account(app, joined):
    def act(words, owner):
        asked = {"family": joined.family.ref, "goal": goal.ref, "words": words, "due": london_day(utcnow())}
        return plans.add_action(AddAction(**asked, owner_name=owner), lead)

    with app.app_context(), writing():
        lead = joined.actor(joined.lead)
        need = plans.add_need(AddNeed(family=joined.family.ref, words="Nobody sleeps", outcome=3), lead)
        aim = {"family": joined.family.ref, "need": need.ref, "words": "Quiet nights", "due": london_day(utcnow())}
        goal = plans.add_goal(AddGoal(**aim), lead)
        theirs, done = act("Ring the club", "K. Coach, Boxing club"), act("Lend gloves", "K. Coach, Boxing club")
        other = act("Ring another", "K. Coach, another club")
        plans.update_action(UpdateAction(family=joined.family.ref, action=done.ref, state="done"), lead)
        refs = [theirs.ref, done.ref, other.ref]
    user = made(app)
    with app.app_context():
        rows = {one.ref: one for one in session.scalars(select(Action))}
        owners = [(rows[ref].owner_user_id, rows[ref].owner_name) for ref in refs]
        assert owners == [(user.id, None), (None, "K. Coach, Boxing club"), (None, "K. Coach, another club")]
        last = select(ActionUpdate.words).where(ActionUpdate.action_id == rows[refs[0]].id).order_by(ActionUpdate.id)
        assert session.scalars(last).all()[-1] == "K. Coach, Boxing club, has an account"
    browser = app.test_client()
    browser.post("/sign-in", data={"email": "k@club.example", "password": WORDS})
    assert "Ring the club" in browser.get("/").text


def test_a_mail_that_does_not_arrive_is_said_to_whoever_invited(app, joined):
    with app.app_context(), writing():
        mail = session.scalars(select(Message).where(Message.subject == "A link to make an account")).one()
        give_up(mail, "AddressRefused 550")
    with app.app_context():
        heard = session.scalars(select(Message).where(Message.subject == RING)).all()
        assert [one.to_user_id for one in heard] == [joined.lead.id]
