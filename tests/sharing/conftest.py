"""A family with a lead in a school, a money adviser in its team, and the manager of its area."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.families.models import FamilyMember
from tafcore.people.models import Person


@pytest.fixture
def home(app, make) -> SimpleNamespace:
    team = make.team()
    manager = make.user("early_help_manager", team=team, name="Moira Manager")
    lead = make.user(organisation=make.organisation("school", "Elm Row Primary"), name="Ann Patel")
    adviser = make.user(organisation=make.organisation("vcs", "Money Matters"), name="Vic Adviser")
    stranger = make.user(name="Sam Stranger")
    family = make.family(team)
    make.episode(family, manager, lead)
    make.member(family, lead, adviser)
    with app.app_context():
        members = select(Person.id, Person.ref).join(FamilyMember, FamilyMember.person_id == Person.id)
        people = list(db.session.execute(members.where(FamilyMember.family_id == family.id).order_by(FamilyMember.id)))
    mother, child, other = (SimpleNamespace(id=row.id, ref=row.ref) for row in people)
    return SimpleNamespace(**locals())
