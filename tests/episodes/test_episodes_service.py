"""Opening early help, the lead professional, the team, levels and closing."""

import pytest
from sqlalchemy import select

from tafcore.accounts.models import User
from tafcore.db import session, writing
from tafcore.episodes import reading, service
from tafcore.episodes.commands import (
    AddTafMember,
    AnswerNomination,
    ChildLevelPart,
    LeaveTeam,
    NominateLead,
    OpenEpisode,
    SetLevel,
    WriteNote,
)
from tafcore.episodes.models import ChildLevel, LeadGap, TafMember
from tafcore.families.access import visible_family, who_can_see
from tafcore.notices.models import Message
from tafcore.trail.models import Opening, TrailEntry
from tafcore.work import NotAllowed, NotFound, Refused


@pytest.fixture
def borough(make):
    """A hub team with a manager, a family of it, and practitioners of two other agencies."""
    team = make.team("Larch hub")
    school = make.organisation("school", "Elm Row Primary")

    class Borough:
        manager = make.user("early_help_manager", team=team, name="Mo Manager")
        lead = make.user(organisation=school, name="A. Patel")
        other = make.user(organisation=school, name="B. Other")
        family = make.family(team)

    Borough.team = team
    return Borough


def test_a_gap_without_a_lead_is_a_dated_fact_that_ends_when_one_accepts(app, make, borough):
    make.episode(borough.family, borough.manager)
    with app.app_context():
        gap = session.scalar(select(LeadGap))
        assert (gap.team_id, gap.ended_at) == (borough.team.id, None)
        assert gap.due > gap.from_at
    with app.app_context(), writing():
        boss, asked = make_actors(borough)
        service.nominate_lead(
            NominateLead(family=borough.family.ref, user=borough.lead.id, cover=borough.other.id, reason="Knows them"),
            boss,
        )
        assert session.scalar(select(LeadGap)).ended_at is None
        service.answer_nomination(AnswerNomination(family=borough.family.ref, accept=True), asked)
        assert session.scalar(select(LeadGap)).ended_at is not None


def make_actors(borough):
    return (session.get_one(User, borough.manager.id).actor(), session.get_one(User, borough.lead.id).actor())


def test_a_family_has_one_open_episode(make, borough):
    make.episode(borough.family, borough.manager)
    with pytest.raises(Refused, match="already open for this family"):
        make.episode(borough.family, borough.manager)


def test_who_was_asked_sees_only_who_they_are_until_they_accept(app, make, borough):
    make.episode(borough.family, borough.manager)
    with app.app_context(), writing():
        boss, asked = make_actors(borough)
        service.nominate_lead(
            NominateLead(family=borough.family.ref, user=borough.lead.id, cover=borough.other.id, reason="Knows them"),
            boss,
        )
        view = visible_family(borough.family.ref, asked)
        assert view.scopes == {"nominated"} and view.areas == {"people", "helpers"}
        service.answer_nomination(AnswerNomination(family=borough.family.ref, accept=True), asked)
        assert visible_family(borough.family.ref, asked).scopes == {"lead"}


def test_declining_ends_the_access_and_tells_the_team(app, make, borough):
    make.episode(borough.family, borough.manager)
    with app.app_context(), writing():
        boss, asked = make_actors(borough)
        service.nominate_lead(
            NominateLead(family=borough.family.ref, user=borough.lead.id, cover=borough.other.id, reason="Knows them"),
            boss,
        )
        service.answer_nomination(AnswerNomination(family=borough.family.ref, accept=False, why="On leave"), asked)
        with pytest.raises(NotFound):
            visible_family(borough.family.ref, asked)
        told = session.scalars(select(Message).where(Message.to_team_id == borough.team.id)).all()
        assert [message.subject for message in told] == ["A lead professional is still needed"]


def test_leaving_the_team_ends_access_at_once(app, make, borough):
    vcs = make.user(organisation=make.organisation("vcs", "Money advice"), name="V. Helper")
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    make.member(borough.family, borough.lead, vcs)
    with app.app_context(), writing():
        helper, lead = make.actor(vcs), make.actor(borough.lead)
        assert visible_family(borough.family.ref, helper).scopes == {"team"}
        member = session.scalar(select(TafMember.id).where(TafMember.user_id == vcs.id))
        service.member_leaves(LeaveTeam(family=borough.family.ref, member=member), lead)
        with pytest.raises(NotFound):
            visible_family(borough.family.ref, helper)


def test_a_stranger_finds_nothing_and_the_try_is_on_record(app, make, borough):
    stranger = make.user("front_door", team=make.team())
    make.episode(borough.family, borough.manager)
    with app.app_context():
        with pytest.raises(NotFound):
            visible_family(borough.family.ref, make.actor(stranger))
        refused = session.scalars(select(Opening).where(Opening.allowed.is_(False))).all()
        assert [row.actor_key for row in refused] == [f"user:{stranger.id}"]


def test_a_team_member_may_not_name_a_lead(app, make, borough):
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    make.member(borough.family, borough.lead, borough.other)
    with app.app_context(), writing(), pytest.raises(NotAllowed):
        service.nominate_lead(
            NominateLead(family=borough.family.ref, user=borough.other.id, cover=borough.lead.id, reason="Me"),
            make.actor(borough.other),
        )


def test_levels_are_kept_with_their_history(app, make, borough):
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    with app.app_context(), writing():
        lead = make.actor(borough.lead)
        child = visible_family(borough.family.ref, lead).children[0]
        service.set_level(SetLevel(family=borough.family.ref, person=child.ref, level=3, reason="Not sleeping"), lead)
        rows = session.scalars(select(ChildLevel).where(ChildLevel.person_id == child.id).order_by(ChildLevel.id)).all()
        assert [(row.level, row.superseded_at is None) for row in rows] == [(2, False), (3, True)]
        episode = reading.episode_of(visible_family(borough.family.ref, lead))
        assert episode.levels[child.id].words == "level 3 targeted"


def test_a_note_for_workers_is_not_on_a_shared_screen_nor_for_the_team(app, make, borough):
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    make.member(borough.family, borough.lead, borough.other)
    with app.app_context(), writing():
        lead = make.actor(borough.lead)
        service.write_note(
            WriteNote(family=borough.family.ref, words="Ask about the landlord", audience="workers"), lead
        )
        view = visible_family(borough.family.ref, lead)
        assert [note.words for note in reading.notes_of(view)] == ["Ask about the landlord"]
        assert reading.notes_of(view.shown_to_family()) == ()
        assert reading.notes_of(visible_family(borough.family.ref, make.actor(borough.other))) == ()


def test_who_can_see_names_everybody_with_a_reason(app, make, borough):
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    with app.app_context():
        grants = who_can_see(visible_family(borough.family.ref, make.actor(borough.manager)))
        assert {grant.name: dict(grant.reasons) for grant in grants} == {
            "Mo Manager": {"Manager of the team or area": True},
            "A. Patel": {"Lead professional": True},
            "B. Other": {"Covers for the lead professional": True},
        }


def test_every_change_is_on_the_trail(app, make, borough):
    make.episode(borough.family, borough.manager, borough.lead, borough.other)
    with app.app_context():
        kinds = session.scalars(select(TrailEntry.kind).where(TrailEntry.family_id == borough.family.id)).all()
        assert kinds == ["episodes.opened", "episodes.lead_nominated", "episodes.lead_answered"]


def test_faults_name_the_child_they_are_about(app, make, borough):
    with app.app_context(), writing(), pytest.raises(Refused) as refusal:
        boss = make.actor(borough.manager)
        view = visible_family(borough.family.ref, boss)
        child, mother = view.children[0].ref, view.adults[0].ref
        parts = tuple(ChildLevelPart(person=ref, level=2, reason="x") for ref in (child, child, mother))
        service.open_episode(OpenEpisode(family=borough.family.ref, why="x", children=parts), boss)
    assert [problem.field for problem in refusal.value.problems] == ["children.1.person", "children.2.person"]


def test_an_outside_professional_needs_a_name_and_an_organisation():
    with pytest.raises(ValueError, match="Choose a person, or give a name"):
        AddTafMember(family="F-x", role="Helps")
