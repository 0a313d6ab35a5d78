"""A family with early help open, the people around it, and MASH."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from tafcore.db import session, utcnow, writing
from tafcore.families.access import visible_family
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddGoal, AddNeed
from tafcore.standards.clock import london_day
from tafcore.steps import handover, service
from tafcore.steps.commands import ReceiveStep, SendStep, StepDown, StepUp
from tafcore.testing import settled


def in_days(days):
    return london_day(utcnow()) + timedelta(days=days)


@settled
def people(app, make):
    """Lead, manager, MASH, a board member and a stranger; a mother with two children."""
    team = make.team("Larch hub")
    found = SimpleNamespace(
        manager=make.user("early_help_manager", team=team, name="Mo Manager"),
        lead=make.user(name="A. Patel", organisation=make.organisation("school", "Elm Row Primary")),
        member=make.user(name="V. Helper", organisation=make.organisation("vcs", "Money Advice")),
        mash=make.user("mash", team=make.team("MASH", takes_contacts=False), name="M. Ash"),
        board=make.user("board_member", name="B. Board"),
        nobody=make.user(name="N. Nobody"),
        family=make.family(team),
    )
    make.episode(found.family, found.manager, found.lead)
    make.member(found.family, found.lead, found.member)
    with app.app_context():
        found.mother, found.jack, found.sofia = visible_family(found.family.ref, make.actor(found.lead)).people
    return found


@pytest.fixture
def borough(app, make, people):
    """These people, and ways to act."""
    found = people

    def do(function, command, user=None):
        """Run a service function as `user` (the lead) in a transaction of its own."""
        who = make.actor(user or found.lead)
        with app.app_context(), writing():
            made = function(command, who)
            session.flush()
            return made

    def up(**more):
        asked = {"immediate_risk": False, "agreement": "agreed", "reasons": "Hurt twice this week", **more}
        asked.setdefault("children", (found.jack.ref,))
        return do(service.step_up, StepUp(family=found.family.ref, **asked))

    def with_mash(**more):
        step = up(**more)
        do(service.send, SendStep(step=step.ref))
        return do(service.receive, ReceiveStep(step=step.ref), found.mash)

    def down(**more):
        asked = {
            "family": found.family.ref,
            "children": (found.jack.ref,),
            "from_status": "child_in_need",
            "reasons": "Safe at home since the move",
            "contingency_if": "He comes to school hurt",
            "contingency_then": "ring MASH the same day",
            "lead": found.lead.id,
            "cover": found.manager.id,
            "closes_on": in_days(10),
            **more,
        }
        return do(handover.step_down, StepDown(**asked), found.manager)

    def need(words="The flat is cold", outcome=9):
        made = do(plans.add_need, AddNeed(family=found.family.ref, words=words, outcome=outcome))
        goal = do(plans.add_goal, AddGoal(family=found.family.ref, need=made.ref, words="Warm", due=in_days(40)))
        return made, goal

    def action(goal, words="Ask about heating"):
        asked = AddAction(family=found.family.ref, goal=goal.ref, words=words, due=in_days(5), owner_user=found.lead.id)
        return do(plans.add_action, asked)

    found.do, found.up, found.with_mash, found.down, found.need, found.action = do, up, with_mash, down, need, action
    found.at = f"/families/{found.family.ref}"
    return found
