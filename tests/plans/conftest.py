"""A family with early help open, and the people around it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from tafcore.db import utcnow, writing
from tafcore.families.access import visible_family
from tafcore.plans import service
from tafcore.plans.commands import AddAction, AddGoal, AddNeed
from tafcore.standards.clock import london_day
from tafcore.testing import settled


def in_days(days):
    return london_day(utcnow()) + timedelta(days=days)


@settled
def people(app, make):
    """Manager, lead, a team member, a stranger; a mother with two children."""
    team = make.team("Larch hub")
    found = SimpleNamespace(
        manager=make.user("early_help_manager", team=team, name="Mo Manager"),
        lead=make.user(name="A. Patel", organisation=make.organisation("school", "Elm Row Primary")),
        member=make.user(name="V. Helper", organisation=make.organisation("vcs", "Money Advice")),
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
    """These people, and ways to act inside one transaction."""
    found = people

    def do(function, command, user=None, **more):
        """Run a service function as `user` (the lead) in a transaction of its own."""
        who = make.actor(user or found.lead)
        with app.app_context(), writing():
            return function(command, who, **more)

    def add_need(words="The flat is cold", person=None, outcome=9):
        command = AddNeed(family=found.family.ref, words=words, person=person, outcome=outcome)
        return do(service.add_need, command)

    def add_goal(need, words="A warm home by Christmas", due=None):
        command = AddGoal(family=found.family.ref, need=need.ref, words=words, due=due or in_days(40))
        return do(service.add_goal, command)

    def add_action(goal, words="Ask about heating vouchers", user=None, due=None, **owner):
        owner = owner or {"owner_user": (user or found.lead).id}
        command = AddAction(family=found.family.ref, goal=goal.ref, words=words, due=due or in_days(5), **owner)
        return do(service.add_action, command)

    found.do, found.add_need, found.add_goal, found.add_action = do, add_need, add_goal, add_action
    found.at = f"/families/{found.family.ref}/plan"
    return found
