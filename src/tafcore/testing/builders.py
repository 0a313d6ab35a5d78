"""What tests need made, through the services."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Flask

from tafcore import db
from tafcore.accounts import service as accounts
from tafcore.accounts.models import Neighbourhood, Organisation, Team, User
from tafcore.actor import Actor
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember, AnswerNomination, ChildLevelPart, NominateLead, OpenEpisode
from tafcore.episodes.models import Episode
from tafcore.families import service as families
from tafcore.families.access import visible_family_by_id
from tafcore.families.models import Family
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails


class Make:
    """Makes what tests need, through the services, inside an application context of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.counted = 0

    def _next(self) -> int:
        self.counted += 1
        return self.counted

    def neighbourhood(self, name: str = "") -> Neighbourhood:
        with self.app.app_context(), db.writing():
            return accounts.add_neighbourhood(name or f"Neighbourhood {self._next()}")

    def organisation(self, sector: str = "council", name: str = "", **more: Any) -> Organisation:
        with self.app.app_context(), db.writing():
            return accounts.add_organisation(name or f"Agency {self._next()}", sector, **more)

    def team(self, name: str = "", organisation: Organisation | None = None, **more: Any) -> Team:
        home = organisation or self.organisation()
        with self.app.app_context(), db.writing():
            team = accounts.add_team(home, name or f"Team {self._next()}", **{"takes_contacts": True, **more})
            db.session.refresh(team)
            return team

    def user(
        self, *roles: str, team: Team | None = None, organisation: Organisation | None = None, **more: Any
    ) -> User:
        """A user with these roles (`practitioner` if none) in a team, or in an organisation, or in a new one."""
        number = self._next()
        home = (team.organisation if team else organisation) or self.organisation()
        with self.app.app_context(), db.writing():
            user = accounts.add_user(
                more.pop("email", f"user{number}@test.example"),
                more.pop("name", f"User {number}"),
                home,
                set(roles) or {"practitioner"},
                team=team,
                **more,
            )
            db.session.refresh(user)
            return user

    def family(self, team: Team | None = None, name: str = "Okoro", children: int = 2) -> Family:
        """A mother, `children` children and nothing else."""
        with self.app.app_context(), db.writing():
            teller = Actor("importer", None, "A test")
            told = [PersonDetails(role="mother", forename="Ada", surname=name, born=date(1990, 3, 1))]
            told += [
                PersonDetails(role="child", forename=f"Child{number}", surname=name, born=date(2016 + number, 5, 4))
                for number in range(children)
            ]
            members = [(people.make_person(one, "Ada", teller), one.role) for one in told]
            return families.make_family(
                name, members, team.id if team else None, team.neighbourhood_id if team else None
            )

    def episode(self, family: Family, manager: User, lead: User | None = None, cover: User | None = None) -> Episode:
        """Early help open for every child, opened by `manager` (of the family's team); `lead` asked and accepted."""
        with self.app.app_context(), db.writing():
            boss = db.session.get_one(User, manager.id).actor()
            view = visible_family_by_id(family.id, boss)
            children = tuple(
                ChildLevelPart(person=child.ref, level=2, reason="Help at home") for child in view.children
            )
            episode = episodes.open_episode(
                OpenEpisode(family=family.ref, why="Asked for help", children=children), boss
            )
            if lead is not None:
                asked = NominateLead(family=family.ref, user=lead.id, cover=(cover or manager).id, reason="Knows them")
                episodes.nominate_lead(asked, boss)
                who = db.session.get_one(User, lead.id).actor()
                episodes.answer_nomination(AnswerNomination(family=family.ref, accept=True), who)
            return episode

    def member(self, family: Family, lead: User, user: User, role: str = "Money advice") -> None:
        """`user` joins the team around the family, added by `lead`."""
        with self.app.app_context(), db.writing():
            who = db.session.get_one(User, lead.id).actor()
            episodes.add_member(AddTafMember(family=family.ref, user=user.id, role=role), who)

    def protect(self, protected_id: int, from_id: int, facts: set[str]) -> None:
        """A safety rule: these facts about one person are kept from another."""
        with self.app.app_context(), db.writing():
            teller = Actor("importer", None, "A test")
            review = (db.utcnow() + timedelta(days=180)).date()
            people.protect(protected_id, from_id, facts, "A court order", review, teller)

    def actor(self, user: User) -> Actor:
        """A user as one who acts."""
        with self.app.app_context():
            return db.session.get_one(User, user.id).actor()
