"""A family with early help open, and the people around it."""

from types import SimpleNamespace

import pytest

from tafcore.assessments import reading, service
from tafcore.assessments.commands import RecordVisit, RecordVoice
from tafcore.db import writing
from tafcore.families.access import visible_family
from tafcore.testing import settled


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
        team=team,
    )
    make.episode(found.family, found.manager, found.lead)
    make.member(found.family, found.lead, found.member)
    with app.app_context():
        found.mother, found.jack, found.sofia = visible_family(found.family.ref, make.actor(found.lead)).people
    return found


@pytest.fixture
def borough(app, make, people):
    """These people, and ways to record and to read."""
    found = people

    def view(user=None, shared=False):
        with app.app_context():
            seen = visible_family(found.family.ref, make.actor(user or found.lead))
            return seen.shown_to_family() if shared else seen

    def do(function, command, user=None):
        """Run a service function as `user` (the lead) in a transaction of its own."""
        who = make.actor(user or found.lead)
        with app.app_context(), writing():
            return function(command, who)

    def visit(*children, venue="school", user=None, **more):
        parts = [{"person": child.ref, "seen": seen, **rest} for child, seen, rest in children]
        command = RecordVisit(family=found.family.ref, venue=venue, children=parts, **more)
        return do(service.record_visit, command, user)

    def say(words="It's too cold to sleep", child=None, user=None, **more):
        command = RecordVoice(family=found.family.ref, person=(child or found.jack).ref, words=words, **more)
        return do(service.record_voice, command, user)

    def heard(user=None, shared=False, before=None):
        """The words this user hears, alone, on a shared screen or before some people."""
        who = make.actor(user or found.lead)
        seen = view(user, shared)
        with app.app_context():
            return [one.words for one in reading.voices(seen.before(before) if before else seen, who)]

    found.view, found.do, found.visit, found.say, found.heard = view, do, visit, say, heard
    found.at = f"/families/{found.family.ref}"
    return found
