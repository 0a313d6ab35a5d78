"""Somebody without an account is asked to join by a one-off link, which shows first names and nothing more."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tafcore.db import clock_at, session, utcnow, writing
from tafcore.episodes import inviting
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember, AnswerInvitation, InviteAgain, LeaveTeam
from tafcore.episodes.models import TafMember, TeamInvitation
from tafcore.families.access import visible_family
from tafcore.families.models import Family
from tafcore.notices.models import Message
from tafcore.people.models import Person
from tafcore.sharing import service as sharing
from tafcore.sharing.models import SharingDecision
from tafcore.trail.models import TrailPayload
from tafcore.work import NotFound, Refused

NAMED = ("Okoro", "Ada")
"""Nobody who opens the link learns these."""


@pytest.fixture
def home(app, make):
    hub = make.team("Larch hub")

    class Home:
        manager = make.user("early_help_manager", team=hub, name="Mo Manager")
        lead = make.user(organisation=make.organisation("school", "Elm Row Primary"), name="A. Patel")
        family = make.family(hub)
        actor = staticmethod(make.actor)
        at = ""

    make.episode(Home.family, Home.manager, Home.lead, Home.manager)
    Home.at = f"/families/{Home.family.ref}/team"
    with app.app_context(), writing():
        view = visible_family(Home.family.ref, make.actor(Home.manager))
        sharing.agree(view.id, view.adults[0].id, "agreed", {"sport", "school"}, "All", None, make.actor(Home.manager))
        Home.mother, (Home.first, Home.second) = view.adults[0], view.children
    return Home


def wanted(home, **more):
    typed = {"name": "K. Coach", "organisation": "Boxing club", "role": "Boxing", "email": "k@club.example"}
    typed |= {"family": home.family.ref, "sector": "sport", "children": (home.first.ref,), "invite": True}
    return AddTafMember(**{**typed, **more})


def invited(app, home, **more):
    with app.test_request_context(), writing():
        return inviting.invite(wanted(home, **more), home.actor(home.lead)).url.rpartition("/")[2]


def test_the_link_shows_first_names_alone_and_is_kept_as_a_hash(app, home):
    token = invited(app, home)
    page = app.test_client().get(f"/team-invitation/{token}")
    assert page.status_code == 200 and "You may know Child0." in page.text and "Boxing club" in page.text
    assert not [name for name in (*NAMED, "Child1", home.family.ref) if name in page.text]
    with app.app_context():
        row = session.scalars(select(TeamInvitation)).one()
        assert row.opened_at is not None and token not in (row.token_hash, row.invited_by)
        assert not [one for one in session.scalars(select(TrailPayload.payload)) if token in str(one)]
        mail = session.scalars(select(Message).where(Message.to_address == "k@club.example")).one()
        assert token in mail.body and not [name for name in (*NAMED, "Child0") if name in mail.body + mail.subject]
        decided = session.scalars(select(SharingDecision)).one()
        assert (decided.shared, decided.with_whom) == (True, "K. Coach, Boxing club")


def test_yes_brings_their_own_words_and_uses_the_link_up(app, home, sign_in):
    token = invited(app, home)
    theirs = app.test_client()
    said = {"accept": "yes", "role": "Tuesdays at the club", "sees": "Child0 twice a week", "cover": "J. Roe"}
    without = theirs.post(f"/team-invitation/{token}", data={"accept": "yes", "role": ""})
    assert without.status_code == 422 and "Say what you can do for this family" in without.text
    assert "You are in the team" in theirs.post(f"/team-invitation/{token}", data=said).text
    assert theirs.get(f"/team-invitation/{token}").status_code == 404
    assert theirs.post(f"/team-invitation/{token}", data=said).status_code == 404
    lead = sign_in(home.lead)
    lead.post(f"/families/{home.family.ref}/shared-view", data={"alone": "yes"})
    page = lead.get(home.at).text
    assert "Tuesdays at the club" in page and "Said yes" in page and "Send a new link" not in page
    with app.app_context():
        told = session.scalars(select(Message.subject).where(Message.to_user_id == home.lead.id)).all()
        assert "Boxing club joins the team" in told


def test_no_ends_their_place_with_why(app, home):
    token = invited(app, home)
    app.test_client().post(f"/team-invitation/{token}", data={"accept": "no", "why": "I move away"})
    with app.app_context():
        assert session.scalar(select(TafMember.left_at)) is not None
        row = session.scalars(select(TeamInvitation)).one()
        assert (row.accepted, row.declined_why) == (False, "I move away")


@pytest.mark.parametrize("end", ["left", "closed", "sealed", "late", "not_agreed", "again"])
def test_what_ends_the_reason_ends_the_link(app, home, end):
    token = invited(app, home)
    boss = home.actor(home.manager)
    with app.test_request_context(), writing():
        member = session.scalar(select(TafMember.id))
        if end == "left":
            episodes.member_leaves(LeaveTeam(family=home.family.ref, member=member), boss)
        elif end == "closed":
            episodes.close(episodes.episode_now(home.family.id), "needs_met", None, boss)
        elif end == "sealed":
            session.execute(update(Family).values(sealed=True))
        elif end == "not_agreed":
            sharing.agree(home.family.id, home.mother.id, "agreed", {"school"}, "Not the club", None, boss)
        elif end == "again":
            assert inviting.invite_again(InviteAgain(family=home.family.ref, member=member), boss).url
    with clock_at(utcnow() + timedelta(days=30 if end == "late" else 0)):
        gone = app.test_client().get(f"/team-invitation/{token}")
        unknown = app.test_client().get("/team-invitation/no-such-link")
    assert (gone.status_code, unknown.status_code) == (404, 404)
    assert "This link opens nothing" in gone.text and "This link opens nothing" in unknown.text


def refused(app, home, **more):
    with app.test_request_context(), writing(), pytest.raises(Refused) as refusal:
        inviting.invite(wanted(home, **more), home.actor(home.lead))
    return [problem.field for problem in refusal.value.problems]


def test_who_may_not_be_told_is_not_asked(app, make, home):
    assert refused(app, home, sector="vcs") == ["why"]
    assert refused(app, home, sector=None, email="no address") == ["sector", "email"]
    assert refused(app, home, email=home.manager.email) == ["email"]
    with app.app_context(), writing():
        sharing.agree(
            home.family.id, home.mother.id, "agreed", {"school"}, "Not the club", None, home.actor(home.manager)
        )
    assert refused(app, home, why="All the same") == ["sector"]


def test_where_somebody_is_kept_safe_a_reason_is_asked_but_not_on_a_shared_screen(app, make, home, sign_in):
    make.protect(home.first.id, home.mother.id, {"school"})
    assert refused(app, home) == ["why"]
    lead = sign_in(home.lead)
    typed = wanted(home).model_dump(include={"name", "organisation", "role", "email", "sector"})
    typed["children"] = home.first.ref
    answer = lead.post(f"{home.at}/add", data={**typed, "invite": "yes"})
    assert answer.status_code == 422 and "Turn the shared view off first" in answer.text
    assert "kept safe" not in answer.text
    lead.post(f"/families/{home.family.ref}/shared-view", data={"alone": "yes"})
    answer = lead.post(f"{home.at}/add", data={**typed, "invite": "yes"})
    assert answer.status_code == 422 and "must be kept safe" in answer.text and 'name="why"' in answer.text
    made = lead.post(f"{home.at}/add", data={**typed, "invite": "yes", "why": "Mum asked for him"})
    assert made.status_code == 200 and "/team-invitation/" in made.text and "Shown this once" in made.text


def test_nobody_restricted_is_named(app, home):
    token = invited(app, home)
    with app.app_context(), writing():
        session.execute(update(Person).where(Person.id == home.first.id).values(restricted=True))
    assert "Child0" not in app.test_client().get(f"/team-invitation/{token}").text


def test_a_new_link_is_for_who_has_not_answered(app, home):
    token = invited(app, home)
    with app.app_context(), writing():
        inviting.answer(AnswerInvitation(accept=True, role="Boxing"), token)
        member = session.scalar(select(TafMember.id))
        with pytest.raises(Refused, match="They have answered"):
            inviting.invite_again(InviteAgain(family=home.family.ref, member=member), home.actor(home.lead))
        with pytest.raises(NotFound):
            inviting.invite_again(InviteAgain(family=home.family.ref, member=member + 1), home.actor(home.lead))
