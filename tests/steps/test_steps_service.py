"""Steps up and down through their services: what changes, who hears, who sees, and what is refused."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore.assessments import service as assessments
from tafcore.assessments.commands import RecordVoice
from tafcore.db import session, utcnow
from tafcore.episodes import service as episodes
from tafcore.episodes.models import ChildLevel, EpisodeChild, LeadAppointment
from tafcore.families.access import visible_family
from tafcore.meetings.models import Meeting
from tafcore.notices.models import Message
from tafcore.plans import service as plans
from tafcore.plans.commands import UpdateAction
from tafcore.plans.models import Action
from tafcore.steps import handover, reading, service, tasks
from tafcore.steps.commands import (
    AcceptStepDown,
    CompleteStepDown,
    DecideStep,
    ProposeLead,
    ReceiveStep,
    ReturnStep,
    SendStep,
    StepUp,
    WithdrawStep,
)
from tafcore.steps.models import Step
from tafcore.work import NotAllowed, NotFound, Refused

from .conftest import in_days


def subjects(user=None, team=None):
    mine = Message.to_user_id == user.id if user else Message.to_team_id == team
    return list(session.scalars(select(Message.subject).where(mine).order_by(Message.id)))


def decision(step, **more):
    told = {"decision": "section_17", "answer": "A social worker visits", "ring": "M. Ash, 020 7946 0101", **more}
    return DecideStep(step=step.ref, help_continues=True, **told)


def test_mash_sees_the_family_only_while_a_step_is_with_it(app, make, borough):
    mash = make.actor(borough.mash)

    def sees():
        with app.app_context():
            try:
                return visible_family(borough.family.ref, mash).scopes
            except NotFound:
                return None

    assert sees() is None
    step = borough.up()
    assert sees() is None, "a draft is the team's own"
    borough.do(service.send, SendStep(step=step.ref))
    assert sees() == {"mash"}
    borough.do(service.receive, ReceiveStep(step=step.ref), borough.mash)
    borough.do(service.decide, decision(step), borough.mash)
    assert sees() is None


def test_the_pack_is_kept_as_it_was_sent(app, borough):
    _, goal = borough.need()
    action = borough.action(goal)
    said = RecordVoice(family=borough.family.ref, person=borough.jack.ref, words="It's too cold to sleep", how="spoken")
    borough.do(assessments.record_voice, said)
    step = borough.up(agreement="without", without_why="Asking could put him in danger")
    borough.do(service.send, SendStep(step=step.ref))
    borough.do(plans.update_action, UpdateAction(family=borough.family.ref, action=action.ref, state="done"))
    with app.app_context():
        kept = json.loads(session.get_one(Step, step.id).pack)
    assert kept["about"] == [borough.jack.name]
    assert kept["reasons"] == "Hurt twice this week"
    assert any("A. Patel" in one for one in kept["helpers"])
    assert any("Money Advice" in one for one in kept["helpers"])
    assert "The flat is cold" in kept["tried"][0]["need"]
    assert kept["outstanding"][0].startswith("Ask about heating")
    assert any("too cold to sleep" in one for one in kept["voices"])
    assert any(one == f"{borough.jack.name}: not seen yet" for one in kept["visits"])
    assert kept["agreement"][0] == "The family were not asked: Asking could put him in danger"


def test_steps_cannot_be_skipped(borough):
    step = borough.up()
    with pytest.raises(NotFound):
        borough.do(service.receive, ReceiveStep(step=step.ref), borough.mash)
    borough.do(service.send, SendStep(step=step.ref))
    for function, command in (
        (service.decide, decision(step)),
        (service.give_back, ReturnStep(step=step.ref, returned_for="threshold", answer="See levels", ring="M. Ash")),
    ):
        with pytest.raises(Refused):
            borough.do(function, command, borough.mash)
    with pytest.raises(Refused):
        borough.do(service.send, SendStep(step=step.ref))


def test_the_decision_has_a_clock_and_is_told_at_once(app, borough):
    step = borough.with_mash()
    with app.app_context():
        row = session.get_one(Step, step.id)
        assert row.sent_at < row.due_at <= utcnow() + timedelta(days=6)
        assert subjects(team=borough.mash.team_id) == ["A step up to decide"]
    borough.do(service.decide, decision(step), borough.mash)
    with app.app_context():
        assert subjects(borough.lead)[-1] == "A step up was decided"
        assert borough.jack.name not in " ".join(session.scalars(select(Message.subject + Message.body)))
        levels = select(ChildLevel).where(ChildLevel.superseded_at.is_(None))
        status = {row.person_id: (row.level, row.legal_status) for row in session.scalars(levels)}
    assert status == {borough.jack.id: (4, "section_17"), borough.sofia.id: (2, "none")}, "the sister stays"


def test_a_return_names_a_reason_and_somebody_to_ring(app, make, borough):
    step = borough.with_mash()
    back = ReturnStep(
        step=step.ref, returned_for="information", answer="What did he say?", ring="M. Ash, 020 7946 0101"
    )
    borough.do(service.give_back, back, borough.mash)
    with app.test_request_context():
        lead = make.actor(borough.lead)
        [view] = reading.steps_of(visible_family(borough.family.ref, lead))
        assert (view.state, view.code_words) == ("returned", "More is needed before it can be decided")
        assert view.ring == "M. Ash, 020 7946 0101"
        assert [task.title for task in tasks.find(lead, utcnow())] == ["MASH returned a step up"]


def test_only_those_who_work_with_the_family_step_up_and_only_mash_decides(borough):
    with pytest.raises(NotFound):
        borough.do(service.step_up, _asked(borough), borough.nobody)
    with pytest.raises(NotAllowed):
        borough.do(service.step_up, _asked(borough), borough.member)
    with pytest.raises(NotAllowed):
        borough.do(service.step_up, _asked(borough), borough.board)
    step = borough.with_mash()
    with pytest.raises(NotAllowed):
        borough.do(service.decide, decision(step), borough.lead)
    with pytest.raises(NotAllowed):
        borough.do(service.withdraw, WithdrawStep(step=step.ref, why="Not ours"), borough.mash)


def _asked(borough):
    told = {"immediate_risk": False, "agreement": "agreed", "reasons": "Hurt"}
    return StepUp(family=borough.family.ref, children=(borough.jack.ref,), **told)


def test_whoever_wrote_it_may_take_it_back(app, borough):
    step = borough.with_mash()
    borough.do(service.withdraw, WithdrawStep(step=step.ref, why="He was wrongly named"))
    with app.app_context():
        assert session.get_one(Step, step.id).withdrawn_why == "He was wrongly named"
        assert subjects(team=borough.mash.team_id)[-1] == "A step up was taken back"


def test_a_shared_screen_tells_only_where_a_step_stands(app, make, borough):
    borough.with_mash()
    with app.app_context():
        shared = visible_family(borough.family.ref, make.actor(borough.lead)).shown_to_family()
        [view] = reading.steps_of(shared)
    assert view.state_words == "With MASH"
    assert (view.told, view.reasons, view.pack, view.answer) == (False, "", None, "")


# --- down ------------------------------------------------------------------------------------------------------------


def complete(step, **more):
    asked = {"first_taf_at": utcnow() + timedelta(days=20), "place": "Larch hub", **more}
    return CompleteStepDown(step=step.ref, **asked)


@pytest.fixture
def stepped(make, borough):
    """A family that early help never knew: no episode, no lead."""
    borough.other = make.family(borough.manager.team, name="Marlow")
    return borough


def test_early_help_takes_over_with_lead_actions_and_a_first_taf(app, make, stepped):
    borough = stepped
    with app.app_context():
        view = visible_family(borough.other.ref, make.actor(borough.manager))
    child = view.children[0]
    left = ({"words": "Finish the parenting course", "owner": "Mother", "due": in_days(30)},)
    step = borough.down(family=borough.other.ref, children=(child.ref,), outstanding=left)
    with app.test_request_context():
        lead = make.actor(borough.lead)
        assert visible_family(borough.other.ref, lead).scopes == {"proposed"}
        assert tasks.find(lead, utcnow())[0].title == "You are asked to lead after a step down"
        assert subjects(borough.lead)[-1] == "You are asked to lead after a step down"
    with pytest.raises(Refused):
        borough.do(handover.complete, complete(step), borough.manager)
    borough.do(handover.accept, AcceptStepDown(step=step.ref, accept=True))
    borough.do(handover.complete, complete(step), borough.manager)
    with app.app_context():
        episode = episodes.episode_now(borough.other.id)
        inside = session.scalars(select(EpisodeChild.person_id).where(EpisodeChild.episode_id == episode.id))
        assert list(inside) == [child.id], "the other child stays out"
        lead = session.scalars(select(LeadAppointment).where(LeadAppointment.episode_id == episode.id)).one()
        assert lead.user_id == borough.lead.id and lead.accepted_at is not None
        assert session.scalars(select(Action.words)).all() == ["Finish the parenting course"]
        meeting = session.scalars(select(Meeting).where(Meeting.family_id == borough.other.id)).one()
        assert meeting.state == "scheduled"
        assert session.get_one(Step, step.id).state == "closed"
        view = visible_family(borough.other.ref, make.actor(borough.lead))
        assert "lead" in view.scopes and "proposed" not in view.scopes


def test_a_step_down_joins_help_that_is_open(app, borough):
    step = borough.down()
    borough.do(handover.accept, AcceptStepDown(step=step.ref, accept=True))
    borough.do(handover.complete, complete(step, level=2), borough.manager)
    with app.app_context():
        levels = session.scalars(select(ChildLevel).where(ChildLevel.superseded_at.is_(None)))
        assert {row.person_id: row.level for row in levels} == {borough.jack.id: 2, borough.sofia.id: 2}
        assert len(session.scalars(select(LeadAppointment)).all()) == 1


def test_the_first_taf_is_in_time_and_nothing_is_half_done(app, borough):
    step = borough.down()
    borough.do(handover.accept, AcceptStepDown(step=step.ref, accept=True))
    with pytest.raises(Refused) as refused:
        borough.do(handover.complete, complete(step, first_taf_at=utcnow() + timedelta(days=60)), borough.manager)
    assert [problem.field for problem in refused.value.problems] == ["first_taf_at"]
    with app.app_context():
        assert session.get_one(Step, step.id).state == "lead_accepted"
        assert session.scalars(select(Meeting)).all() == []


def test_who_leads_already_is_the_one_to_propose(borough):
    with pytest.raises(Refused) as refused:
        borough.down(lead=borough.member.id)
    assert [problem.field for problem in refused.value.problems] == ["lead"]
    with pytest.raises(Refused) as refused:
        borough.down(cover=borough.lead.id)
    assert [problem.field for problem in refused.value.problems] == ["cover"]


def test_a_proposed_lead_may_decline_and_another_is_asked(app, make, stepped):
    borough = stepped
    with app.app_context():
        child = visible_family(borough.other.ref, make.actor(borough.manager)).children[0]
    step = borough.down(family=borough.other.ref, children=(child.ref,))
    with pytest.raises(Refused):
        borough.do(handover.accept, AcceptStepDown(step=step.ref, accept=False))
    borough.do(handover.accept, AcceptStepDown(step=step.ref, accept=False, why="I move schools"))
    with pytest.raises(NotFound):
        borough.do(handover.accept, AcceptStepDown(step=step.ref, accept=True))
    borough.do(
        handover.propose_lead,
        ProposeLead(step=step.ref, lead=borough.member.id, cover=borough.manager.id),
        borough.manager,
    )
    with pytest.raises(NotFound):
        borough.do(handover.accept, AcceptStepDown(step=step.ref, accept=True), borough.nobody)
    borough.do(handover.accept, AcceptStepDown(step=step.ref, accept=True), borough.member)
    with pytest.raises(Refused):
        again = ProposeLead(step=step.ref, lead=borough.lead.id, cover=borough.manager.id)
        borough.do(handover.propose_lead, again, borough.manager)
