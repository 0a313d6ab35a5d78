"""Practitioners enough for a borough of any size, and who plays whose part in a copied family."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tafcore import hooks
from tafcore.accounts import service as accounts
from tafcore.accounts.models import Neighbourhood, Organisation, Team, User
from tafcore.db import session
from tafcore.demo import invented, places
from tafcore.demo.places import DOMAIN, Borough
from tafcore.demo.story import AREAS, HUBS, LEADS, MANAGERS
from tafcore.directory.models import Service

FAMILIES_A_LEAD = 8
LEADS_A_SCHOOL = 2
"""So that there are schools, and whoever else helps, in proportion to families: the flow of a full borough has some
forty primary schools, as Harrow has."""
HELPERS = ("healthvisitor", "vcs", "member")
PLAYED = ("hub", "manager", "lead", "school", "healthvisitor", "vcs", "member")
"""Whom a family's story in the area `larch` knows; an area has its own of each."""
STAND_IN = {
    area: {
        "hub": HUBS[area],
        "manager": MANAGERS[area],
        "lead": LEADS[area][0],
        "school": LEADS[area][1],
        "healthvisitor": "healthvisitor",
        "vcs": "vcs",
        "member": "member",
    }
    for area in AREAS
}

SHARED: dict[str, Any] = {
    "user_account": User,
    "organisation": Organisation,
    "team": Team,
    "neighbourhood": Neighbourhood,
    "service": Service,
}
"""Tables of those who play no part in it: a copy points at whoever has the same name."""

Word = tuple[str, str]
"""(part, what of it): ("lead", "name"), ("area", "team") ..."""
Cast = tuple[Mapping[tuple[str, int], int | None], Mapping[str, str]]
"""Ids and words of a story -> those of one area and lead."""


@dataclass(frozen=True)
class Part:
    """A practitioner who plays a part."""

    user: int
    name: str
    phone: str
    organisation: int
    organisation_name: str


@dataclass
class Area:
    """One area's team and its practitioners by the part they play; leads come with their cover and who helps."""

    team: int
    neighbourhood: int
    words: Mapping[str, str]
    parts: Mapping[str, Part]
    same: Mapping[tuple[str, str], int]
    leads: list[Mapping[str, Part]]

    def cast(self, lead: int, names: Mapping[str, Word], staff: Mapping[tuple[str, int], Word]) -> Cast:
        """Who plays whom in a family of this area's lead number `lead`."""
        played = {**self.parts, **self.leads[lead]}
        return (
            {key: self._id(played, word) for key, word in staff.items()},
            {name: self._words(played, word) for name, word in names.items()},
        )

    def _id(self, played: Mapping[str, Part], word: Word) -> int | None:
        part, what = word
        if part in SHARED:
            return self.same.get(word)
        if part == "area":
            return self.team if what == "team" else self.neighbourhood
        return played[part].organisation if what == "organisation" else played[part].user

    def _words(self, played: Mapping[str, Part], word: Word) -> str:
        part, what = word
        if part == "area":
            return self.words[what]
        one = played[part]
        return {"name": one.name, "phone": one.phone, "organisation": one.organisation_name}[what]


def words_of(borough: Borough) -> tuple[dict[str, Word], dict[tuple[str, int], Word]]:
    """What in a story of the area `larch` stands for a part: its words, and its ids by table."""
    team = borough.teams["larch"]
    names: dict[str, Word] = {team.name: ("area", "name"), team.phone or "": ("area", "phone")}
    names[borough.neighbourhoods["larch"].name] = ("area", "neighbourhood")
    ids: dict[tuple[str, int], Word] = {("team", team.id): ("area", "team")}
    ids["neighbourhood", team.neighbourhood_id or 0] = ("area", "neighbourhood")
    for part in PLAYED:
        user = borough.users[part]
        names.setdefault(user.name, (part, "name"))
        names.setdefault(user.phone or "", (part, "phone"))
        names.setdefault(user.organisation.name, (part, "organisation"))
        ids["user_account", user.id] = (part, "user")
        ids.setdefault(("organisation", user.organisation_id), (part, "organisation"))
    for key, id_ in _same().items():
        ids.setdefault((key[0], id_), key)
    return {name: word for name, word in names.items() if name}, ids


def _same() -> dict[tuple[str, str], int]:
    """(table, name) -> id of everything that a copy shares with the story as it is."""
    return {
        (table, name): id_
        for table, model in SHARED.items()
        for id_, name in session.execute(select(model.id, model.email if model is User else model.name))
    }


def gather(seed: int, open_families: int) -> list[Area]:
    """The areas of this installation, with leads enough for that many open families at once; makes who is missing.
    Call inside `writing()`."""
    if _user("hub") is None:
        hooks.demo(places.settle(seed, ""))
    rng = random.Random(seed)
    areas = []
    for area in AREAS:
        users = {part: _known(name) for part, name in STAND_IN[area].items()}
        parts = {part: _part(user) for part, user in users.items()}
        team = session.scalars(select(Team).where(Team.name == f"{area.capitalize()} family hub")).one()
        place = session.get_one(Neighbourhood, team.neighbourhood_id)
        words = {"name": team.name, "phone": team.phone or "", "neighbourhood": place.name}
        leads: list[Mapping[str, Part]] = [{"lead": parts["lead"]}]
        school, others = users["lead"].organisation, {}
        for number in range(open_families // (FAMILIES_A_LEAD * len(AREAS))):
            if number and number % LEADS_A_SCHOOL == 0:
                school = _school(f"{area.capitalize()} Primary School {number // LEADS_A_SCHOOL}", place)
                others = {"school": _part(_staff(rng, f"{area}.cover{number}", school, "Designated safeguarding lead"))}
                others |= {part: _part(_like(rng, f"{area}.{part}{number}", users[part])) for part in HELPERS}
            leads.append({"lead": _part(_staff(rng, f"{area}.lead{number}", school, "Family worker")), **others})
        areas.append(Area(team.id, place.id, words, parts, _same(), leads))
    return areas


def _part(user: User) -> Part:
    return Part(user.id, user.name, user.phone or "", user.organisation_id, user.organisation.name)


def _user(name: str) -> User | None:
    return session.scalar(select(User).where(User.email == f"{name}@{DOMAIN}"))


def _known(name: str) -> User:
    found = _user(name)
    if found is None:
        raise ValueError(f"{name}@{DOMAIN} is missing: load the demo first")
    return found


def _school(name: str, place: Neighbourhood) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.name == name))
    return found or accounts.add_organisation(name, "school", place, "020 7946 0198")


def _like(rng: random.Random, address: str, user: User) -> User:
    """Somebody who does what this user does, beside them."""
    team = session.get(Team, user.team_id) if user.team_id else None
    return _staff(rng, address, user.organisation, user.job or "", team)


def _staff(rng: random.Random, address: str, home: Organisation, job: str, team: Team | None = None) -> User:
    name = f"{rng.choice(invented.MOTHERS)} {rng.choice(invented.BEGINNINGS)}{rng.choice(invented.ENDINGS)}"
    found = _user(address)
    if found is not None:
        return found
    made = accounts.add_user(f"{address}@{DOMAIN}", name, home, {"practitioner"}, team, "020 7946 0199", job)
    session.refresh(made)
    return made
