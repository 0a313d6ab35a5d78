"""A family with a plan, a team of two organisations, and a meeting today."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest

from tafcore import db
from tafcore.db import utcnow, writing
from tafcore.families.access import visible_family
from tafcore.meetings import service
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.meetings.models import Meeting
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddGoal, AddNeed
from tafcore.standards.clock import LONDON, london_day
from tafcore.testing import settled


def doing(app, make, found):
    """`do` runs a service function as a user (the lead) in a transaction of its own."""

    def do(function, command, user=None, **more):
        who = make.actor(user or found.lead)
        with app.app_context(), writing():
            return function(command, who, **more)

    return do


@settled
def people(app, make):
    """Manager, lead, two team members, a stranger; a mother and two children; one goal with two actions."""
    team = make.team("Larch hub")
    found = SimpleNamespace(
        manager=make.user("early_help_manager", team=team, name="Mo Manager"),
        lead=make.user(name="A. Patel", organisation=make.organisation("school", "Elm Row Primary")),
        nurse=make.user(name="M. Lewis", organisation=make.organisation("health_visiting", "0-19 service")),
        adviser=make.user(name="V. Adviser", organisation=make.organisation("vcs", "Money Advice")),
        nobody=make.user(name="N. Nobody"),
        family=make.family(team),
    )
    make.episode(found.family, found.manager, found.lead)
    make.member(found.family, found.lead, found.nurse, "Health visitor")
    make.member(found.family, found.lead, found.adviser)

    do = doing(app, make, found)
    with app.app_context():
        found.mother, found.jack, found.sofia = visible_family(found.family.ref, make.actor(found.lead)).people
    soon = london_day(utcnow()) + timedelta(days=9)
    found.need = need = do(plans.add_need, AddNeed(family=found.family.ref, words="The flat is cold", outcome=9))
    found.goal = do(
        plans.add_goal,
        AddGoal(family=found.family.ref, need=need.ref, words="A warm home", due=soon + timedelta(days=40)),
    )

    def add_action(words, **owner):
        command = AddAction(family=found.family.ref, goal=found.goal.ref, words=words, due=soon, **owner)
        return do(plans.add_action, command)

    found.bid = add_action("Bid on a two-bed flat", owner_user=found.adviser.id)
    found.clinic = add_action("Take Sofia to the clinic", owner_person=found.mother.ref)
    return found


@pytest.fixture
def borough(app, make, people):
    """These people, and ways to act."""
    found, do = people, doing(app, make, people)

    def view(user=None):
        """The family as `user` sees it alone; use inside an application context."""
        return visible_family(found.family.ref, make.actor(user or found.lead))

    def at(hour=15, days=0):
        return datetime.combine(london_day(utcnow()) + timedelta(days=days), time(hour, 30), LONDON)

    def schedule(user=None, **more):
        command = {"family": found.family.ref, "at": at(), "place": "Larch hub", **more}
        return do(service.schedule, ScheduleMeeting.model_validate(command), user)

    def again(meeting):
        """The meeting as it is now."""
        with app.app_context():
            return db.session.get_one(Meeting, meeting.id)

    found.do, found.view, found.at, found.schedule, found.again, found.app = do, view, at, schedule, again, app
    return found
