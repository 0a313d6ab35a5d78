"""A family with a lead in a school, a money adviser in its team, and the manager of its area."""

from __future__ import annotations

from types import SimpleNamespace

from sqlalchemy import select

from tafcore import db
from tafcore.families.models import FamilyMember
from tafcore.people.models import Person
from tafcore.testing import settled


@settled
def home(app, make) -> SimpleNamespace:
    team = make.team()
    manager = make.user("early_help_manager", team=team, name="Moira Manager")
    lead = make.user(organisation=make.organisation("school", "Elm Row Primary"), name="Ann Patel")
    adviser = make.user(organisation=make.organisation("vcs", "Money Matters"), name="Vic Adviser")
    stranger = make.user(name="Sam Stranger")
    family = make.family(team)
    make.episode(family, manager, lead)
    make.member(family, lead, adviser)
    mother, child, other = members(app, family)
    return SimpleNamespace(**locals())


def members(app, family) -> list[SimpleNamespace]:
    found = select(Person.id, Person.ref).join(FamilyMember, FamilyMember.person_id == Person.id)
    found = found.where(FamilyMember.family_id == family.id).order_by(FamilyMember.id)
    with app.app_context():
        return [SimpleNamespace(id=row.id, ref=row.ref) for row in db.session.execute(found)]
