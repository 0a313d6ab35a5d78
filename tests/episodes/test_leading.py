"""Handing over, covering, stopping, and accounts that end: no family is left alone unseen."""

from datetime import date

import pytest
from sqlalchemy import select

from tafcore.accounts import admin
from tafcore.accounts.commands import DisableUser
from tafcore.accounts.models import User
from tafcore.db import session, utcnow, writing
from tafcore.episodes import leading, reading, team
from tafcore.episodes.commands import AddTafMember, AnswerNomination, DescribeRole, EndLead, NameCover, NominateLead
from tafcore.episodes.models import LeadAppointment, LeadGap, TafMember
from tafcore.families.access import visible_family
from tafcore.notices.models import Message
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddGoal, AddNeed
from tafcore.plans.models import Action, ActionUpdate
from tafcore.sharing import service as sharing
from tafcore.sharing.models import Agreement
from tafcore.standards.clock import london_day
from tafcore.work import NotAllowed, NotFound, Refused


@pytest.fixture
def home(make):
    hub = make.team("Larch hub")
    school = make.organisation("school", "Elm Row Primary")

    class Home:
        team = hub
        manager = make.user("early_help_manager", team=hub, name="Mo Manager")
        lead = make.user(organisation=school, name="A. Patel")
        cover = make.user(organisation=school, name="B. Other")
        after = make.user(organisation=make.organisation("vcs", "Home-Start"), name="C. After")
        admin = make.user("administrator")
        family = make.family(hub)
        actor = staticmethod(make.actor)

    make.episode(Home.family, Home.manager, Home.lead, Home.cover)
    return Home


def ask(home, by=None, **more):
    typed = {"family": home.family.ref, "user": home.after.id, "cover": home.manager.id, "reason": "Nearer to them"}
    return leading.nominate_lead(NominateLead(**{**typed, **more}), home.actor(by or home.lead))


def accept(home, who=None):
    yes = AnswerNomination(family=home.family.ref, accept=True)
    return leading.answer_nomination(yes, home.actor(who or home.after))


def open_gaps():
    return session.scalars(select(LeadGap).where(LeadGap.ended_at.is_(None))).all()


def test_whoever_leads_goes_on_until_the_next_has_said_yes(app, home):
    with app.app_context(), writing():
        ask(home, handover_note="Ring Ada after six")
        assert open_gaps() == []
        assert visible_family(home.family.ref, home.actor(home.lead)).scopes == {"lead"}
        view = visible_family(home.family.ref, home.actor(home.after))
        assert view.scopes == {"nominated"}
        episode = reading.episode_of(view)
        assert (episode.lead.name, episode.asked.name) == ("A. Patel", "C. After")
        accept(home)
        assert open_gaps() == []
        episode = reading.episode_of(visible_family(home.family.ref, home.actor(home.after)))
        assert (episode.lead.name, episode.asked) == ("C. After", None)
        before = session.scalar(select(LeadAppointment).where(LeadAppointment.user_id == home.lead.id))
        assert before.handover_note == "Ring Ada after six"
        with pytest.raises(NotFound):
            visible_family(home.family.ref, home.actor(home.lead))


def test_a_hand_over_that_is_declined_changes_nothing(app, home):
    with app.app_context(), writing():
        ask(home)
        no = AnswerNomination(family=home.family.ref, accept=False, why="No time")
        leading.answer_nomination(no, home.actor(home.after))
        assert open_gaps() == []
        assert visible_family(home.family.ref, home.actor(home.lead)).scopes == {"lead"}


def test_asking_another_ends_what_was_asked_before(app, home):
    with app.app_context(), writing():
        ask(home)
        ask(home, user=home.cover.id)
        with pytest.raises(NotFound):
            accept(home)
        with pytest.raises(Refused, match="already the lead professional, or have been asked"):
            ask(home, user=home.cover.id)
        with pytest.raises(Refused, match="already the lead professional, or have been asked"):
            ask(home, by=home.manager, user=home.lead.id)


def planned(home, words):
    lead, family = home.actor(home.lead), home.family.ref
    need = plans.add_need(AddNeed(family=family, outcome=9, words="A warm home"), lead)
    goal = plans.add_goal(AddGoal(family=family, need=need.ref, words="Warm by May", due=date(2027, 5, 1)), lead)
    for one in words:
        step = {"family": family, "goal": goal.ref, "words": one, "owner_user": home.lead.id, "due": date(2027, 4, 1)}
        plans.add_action(AddAction(**step), lead)


def test_open_actions_go_to_whoever_leads_next_and_say_whose_they_were(app, home):
    with app.app_context(), writing():
        planned(home, ["Ask for vouchers", "Ring housing"])
        ask(home)
        accept(home)
        assert set(session.scalars(select(Action.owner_user_id))) == {home.after.id}
        said = session.scalars(select(ActionUpdate.words).where(ActionUpdate.words.is_not(None))).all()
        assert said == ["Handed over by A. Patel to C. After"] * 2


def test_who_stays_in_the_team_keeps_their_actions(app, home):
    with app.app_context(), writing():
        planned(home, ["Ask for vouchers"])
        ask(home, stays=True)
        accept(home)
        assert session.scalar(select(Action.owner_user_id)) == home.lead.id
        assert visible_family(home.family.ref, home.actor(home.lead)).scopes == {"team"}


def test_at_a_hand_over_what_the_family_agreed_to_is_asked_again_that_day(app, home):
    with app.app_context(), writing():
        view = visible_family(home.family.ref, home.actor(home.manager))
        mother = view.adults[0].id
        sharing.agree(view.id, mother, "agreed", {"school", "vcs"}, "All of it", None, home.actor(home.manager))
        assert session.scalar(select(Agreement.review_on)) > london_day(utcnow())
        ask(home)
        assert session.scalar(select(Agreement.review_on)) > london_day(utcnow())
        accept(home)
        assert session.scalar(select(Agreement.review_on)) == london_day(utcnow())


def test_a_lead_of_a_sector_the_family_left_out_needs_a_reason(app, home):
    with app.app_context(), writing():
        view = visible_family(home.family.ref, home.actor(home.manager))
        mother = view.adults[0].id
        sharing.agree(view.id, mother, "agreed", {"school"}, "All of it", None, home.actor(home.manager))
        with pytest.raises(Refused, match="have not agreed to share"):
            ask(home)
        assert ask(home, agreed_why="They asked for her, and sign tomorrow").agreed_why


def test_nobody_leads_or_covers_who_could_not_see_the_family(app, home):
    with app.app_context(), writing():
        boss = home.actor(home.manager)
        view = visible_family(home.family.ref, boss)
        mother = view.adults[0].id
        sharing.agree(view.id, mother, "agreed", {"school", "vcs"}, "All of it", None, boss)
        sharing.agree(view.id, mother, "agreed", {"school"}, "Not the charity", None, boss)
        with pytest.raises(Refused) as refusal:
            ask(home, agreed_why="All the same")
        assert [problem.field for problem in refusal.value.problems] == ["user"]
        with pytest.raises(Refused) as refusal:
            leading.name_cover(NameCover(family=home.family.ref, cover=home.after.id), boss)
        assert [problem.field for problem in refusal.value.problems] == ["cover"]


def test_another_cover_sees_the_family_and_the_one_before_does_not(app, home):
    with app.app_context(), writing():
        leading.name_cover(NameCover(family=home.family.ref, cover=home.after.id), home.actor(home.lead))
        assert visible_family(home.family.ref, home.actor(home.after)).scopes == {"team"}
        with pytest.raises(NotFound):
            visible_family(home.family.ref, home.actor(home.cover))
        with pytest.raises(Refused, match="They cover already"):
            leading.name_cover(NameCover(family=home.family.ref, cover=home.after.id), home.actor(home.lead))
        with pytest.raises(Refused, match="must be somebody else"):
            leading.name_cover(NameCover(family=home.family.ref, cover=home.lead.id), home.actor(home.lead))


def test_who_stops_leaves_a_gap_with_an_owner_who_is_told(app, home):
    with app.app_context(), writing():
        leading.end_lead(
            EndLead(family=home.family.ref, why="Ill for long", handover_note="See the plan"), home.actor(home.lead)
        )
        assert [gap.team_id for gap in open_gaps()] == [home.team.id]
        told = session.scalars(select(Message.subject).where(Message.to_team_id == home.team.id)).all()
        assert told[-1] == "A family has no lead professional"
        with pytest.raises(NotFound):
            visible_family(home.family.ref, home.actor(home.lead))
        ask(home, by=home.manager)
        accept(home)
        assert open_gaps() == []


def test_an_account_that_ends_leaves_no_family_led_by_nobody(app, make, home):
    other = make.family(home.team, "Rahman")
    make.episode(other, home.manager, home.after, home.lead)
    make.member(other, home.after, home.lead)
    with app.app_context(), writing():
        admin.disable(DisableUser(user=home.lead.id, reason="Left the school"), home.actor(home.admin))
        assert len(open_gaps()) == 1
        ended = session.scalar(select(LeadAppointment).where(LeadAppointment.user_id == home.lead.id))
        assert ended.ended_at is not None and ended.ended_why == "Their account was ended"
        covered = session.scalar(select(LeadAppointment).where(LeadAppointment.user_id == home.after.id))
        assert covered.ended_at is None and covered.cover_id is None
        assert session.scalar(select(TafMember.left_at)) is not None


def test_what_somebody_does_is_their_own_to_say_or_the_leads(app, make, home):
    make.member(home.family, home.lead, home.after)
    with app.app_context(), writing():
        child = visible_family(home.family.ref, home.actor(home.lead)).children[1]
        member = session.scalar(select(TafMember.id))
        said = DescribeRole(
            family=home.family.ref, member=member, role="Debts", sees="Ada on Fridays", children=(child.ref,)
        )
        for who in (home.after, home.lead, home.manager):
            team.describe_role(said, home.actor(who))
        (one,) = reading.episode_of(visible_family(home.family.ref, home.actor(home.lead))).team
        assert (one.role, one.sees, one.children) == ("Debts", "Ada on Fridays", (child.id,))
        with pytest.raises(NotAllowed):
            team.describe_role(said, home.actor(home.cover))


def test_somebody_of_another_family_is_not_described(app, make, home):
    other = make.family(home.team, "Rahman")
    make.episode(other, home.manager, home.lead, home.cover)
    make.member(other, home.lead, home.after)
    with app.app_context(), writing(), pytest.raises(NotFound):
        member = session.scalar(select(TafMember.id))
        team.describe_role(DescribeRole(family=home.family.ref, member=member, role="Debts"), home.actor(home.lead))


def test_a_user_is_in_a_team_once(app, make, home):
    make.member(home.family, home.lead, home.after)
    with app.app_context(), writing(), pytest.raises(Refused, match="already in the team"):
        team.add_member(AddTafMember(family=home.family.ref, user=home.after.id, role="x"), home.actor(home.lead))


def test_training_is_said_with_its_end(app, make, home):
    with app.app_context(), writing():
        user = session.get_one(User, home.lead.id)
        user.lead_trained_on, user.lead_training_expires = date(2020, 3, 2), date(2023, 3, 2)
    with app.app_context():
        lead = reading.episode_of(visible_family(home.family.ref, home.actor(home.manager))).lead
        assert lead.training == "Training ended Thu 2 Mar 2023"
