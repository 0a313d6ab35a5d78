"""The borough's places and practitioners, all invented."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from tafcore.accounts import service as accounts
from tafcore.accounts.models import Neighbourhood, Organisation, Team, User
from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.demo.invented import Invention
from tafcore.directory.service import add_service

DOMAIN = "demo.example"


@dataclass
class Borough:
    """What the story-tellers and plugins' `demo` hooks know: who there is, and a seeded source of chance."""

    rng: random.Random
    invention: Invention
    neighbourhoods: dict[str, Neighbourhood] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    families: list[str] = field(default_factory=list)
    """References of the families, in the order they were made; Jack's has none until the door finds it."""

    def actor(self, name: str) -> Actor:
        """The person who signs in as `name@demo.example`, as one who acts."""
        return self.users[name].actor()


AREAS = {"larch": "Larch and West", "rowan": "Rowan and Central", "alder": "Alder and East"}

ORGANISATIONS = {
    "council": ("Early Help Service", "council", None, {}),
    "social_care": ("Children's Social Care", "council", None, {}),
    "elm_row": ("Elm Row Primary School", "school", "larch", {"urn": "990001"}),
    "beech_hill": ("Beech Hill Primary School", "school", "rowan", {"urn": "990002"}),
    "oakfield": ("Oakfield High School", "school", "alder", {"urn": "990003"}),
    "health": ("0-19 Health Service", "health_visiting", None, {"ods": "ZZZ01"}),
    "surgery": ("Hawthorn Surgery", "gp", "larch", {"ods": "ZZZ02"}),
    "money": ("Money Matters Together", "vcs", None, {"charity": "0000001"}),
    "young": ("Open Door Young People", "vcs", None, {"charity": "0000002"}),
    "housing": ("Housing Options", "housing", None, {}),
    "police": ("Neighbourhood Police", "police", None, {}),
}

PEOPLE: dict[str, tuple[str, str, str, str | None, frozenset[str]]] = {
    "hub": ("Hema Doshi", "Family hub worker", "council", "larch", frozenset({"front_door", "practitioner"})),
    "hub2": ("Rosa Lima", "Family hub worker", "council", "rowan", frozenset({"front_door", "practitioner"})),
    "hub3": ("Abdul Karim", "Family hub worker", "council", "alder", frozenset({"front_door", "practitioner"})),
    "manager": ("Morag Ellis", "Early help manager", "council", "larch", frozenset({"early_help_manager"})),
    "manager2": ("Victor Osei", "Early help manager", "council", "rowan", frozenset({"early_help_manager"})),
    "manager3": ("Nusrat Jahan", "Early help manager", "council", "alder", frozenset({"early_help_manager"})),
    "lead": ("Asha Patel", "Family support worker", "elm_row", None, frozenset({"practitioner"})),
    "school": ("Sam Whitfield", "Designated safeguarding lead", "elm_row", None, frozenset({"practitioner"})),
    "teacher": ("Joy Mensah", "Pastoral lead", "beech_hill", None, frozenset({"practitioner"})),
    "year_head": ("Colm Reilly", "Head of year 8", "oakfield", None, frozenset({"practitioner"})),
    "healthvisitor": ("Mary Lewis", "Health visitor", "health", None, frozenset({"practitioner"})),
    "nurse": ("Ife Adebayo", "School nurse", "health", None, frozenset({"practitioner"})),
    "vcs": ("Victoria Amos", "Money adviser", "money", None, frozenset({"practitioner"})),
    "youth": ("Yonas Tesfay", "Youth worker", "young", None, frozenset({"practitioner"})),
    "member": ("Tom Barker", "Housing officer", "housing", None, frozenset({"practitioner"})),
    "optivita": ("Olive Grant", "First 1000 days worker", "council", "larch", frozenset({"practitioner"})),
    "mash": ("Mina Rowe", "MASH decision maker", "social_care", "mash", frozenset({"mash"})),
    "board": ("Bernard Hale", "Board member", "council", None, frozenset({"board_member"})),
    "auditor": ("Audrey Finch", "Multi-agency auditor", "health", None, frozenset({"auditor"})),
    "ig": ("Idris Green", "Information governance", "council", None, frozenset({"information_governance"})),
    "admin": ("Alex Admin", "System administrator", "council", None, frozenset({"administrator"})),
    "nobody": ("Nora Body", "Practitioner", "young", None, frozenset({"practitioner"})),
}

SIGN_INS = (
    "hub", "lead", "member", "healthvisitor", "school", "vcs", "optivita", "manager", "mash", "board", "auditor",
    "ig", "admin", "nobody",
)  # fmt: skip

SERVICES = (
    ("Money and benefits advice", "money", "Help with debts, rent and benefits", "020 7946 0120", None, None),
    ("Talking group for under-fives", "council", "Play and talk at the family hub", "020 7946 0121", 1, 4),
    ("Parenting together", "council", "Eight evenings for couples and parents", "020 7946 0122", None, None),
    ("Youth drop-in", "young", "Wednesdays after school", "020 7946 0123", 11, 18),
    ("Sleep clinic", "health", "Bedtimes for children who do not sleep", "020 7946 0124", 1, 12),
)


SERVICE_FACTS = (
    (None, 7, (0, 1, 2, 3, 4)),
    ("larch", 0, (1, 3)),
    ("rowan", 28, (2,)),
    ("alder", 0, (2,)),
    (None, 42, (0, 1, 2, 3, 4)),
)
"""Where each of SERVICES is (None: for the whole borough), how many days one waits, and on which weekdays it opens."""


def settle(seed: int, password: str) -> Borough:
    """Neighbourhoods, organisations, teams, services and practitioners. Call inside `writing()`."""
    rng = random.Random(seed)
    borough = Borough(rng, Invention(rng))
    for key, name in AREAS.items():
        borough.neighbourhoods[key] = accounts.add_neighbourhood(name)
    for key, (name, sector, area, numbers) in ORGANISATIONS.items():
        place = borough.neighbourhoods[area] if area else None
        borough.organisations[key] = accounts.add_organisation(name, sector, place, "020 7946 0100", numbers)
    for number, key in enumerate(AREAS):
        borough.teams[key] = accounts.add_team(
            borough.organisations["council"],
            f"{key.capitalize()} family hub",
            f"020 7946 011{number}",
            borough.neighbourhoods[key],
            takes_contacts=True,
        )
    borough.teams["mash"] = accounts.add_team(borough.organisations["social_care"], "MASH", "020 7946 0101")
    _people(borough, password)
    for number, (name, organisation, what, phone, youngest, oldest) in enumerate(SERVICES):
        area, wait, days = SERVICE_FACTS[number]
        add_service(
            name,
            borough.organisations[organisation].id,
            what,
            phone,
            ages=(youngest, oldest),
            openings=[(day, "09:30", "17:00") for day in days],
            neighbourhood_id=borough.neighbourhoods[area].id if area else None,
            wait_days=wait,
            wait_told_on=utcnow().date(),
        )
    return borough


def _people(borough: Borough, password: str) -> None:
    password_hash = accounts.hash_password(password)
    trained = date(utcnow().year - 1, 9, 15)
    for number, (key, (name, job, home, team, roles)) in enumerate(PEOPLE.items()):
        user = accounts.add_user(
            f"{key}@{DOMAIN}",
            name,
            borough.organisations[home],
            set(roles),
            team=borough.teams[team] if team else None,
            phone=f"020 7946 01{30 + number}",
            job=job,
            lead_trained_on=trained if key in ("lead", "school", "teacher", "healthvisitor", "youth") else None,
        )
        user.lead_training_expires = trained + timedelta(days=3 * 365) if user.lead_trained_on else None
        user.password_hash = password_hash if key in SIGN_INS else None
        session.flush()
        session.refresh(user)
        borough.users[key] = user
