"""Words and rules of accounts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tafcore.contributions import Problem

ROLES = {
    "practitioner": "Practitioner",
    "front_door": "Front door",
    "early_help_manager": "Early help manager",
    "mash": "MASH",
    "board_member": "Board member",
    "auditor": "Auditor",
    "information_governance": "Information governance",
    "administrator": "Administrator",
    "guest": "Guest of a team",
}
GUEST = "guest"
"""The role of accounts.guests, which end with the last team; whoever has another role has it not."""

SECTORS = {
    "council": "Council",
    "school": "School",
    "early_years": "Early years",
    "health_visiting": "Health visiting",
    "school_nursing": "School nursing",
    "gp": "GP",
    "hospital": "Hospital",
    "mental_health": "Mental health",
    "vcs": "Voluntary and community",
    "police": "Police",
    "probation": "Probation",
    "youth_justice": "Youth justice",
    "housing": "Housing",
    "domestic_abuse_service": "Domestic abuse service",
    "substance_misuse": "Substance misuse",
    "adult_social_care": "Adult social care",
    "college": "College",
    "sport": "Sport",
    "faith": "Faith",
    "other": "Other",
}

TERM_TIME = frozenset({"school", "college"})
"""Sectors whose workers are away in the school holidays."""

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=1)
GUESS_WINDOW = timedelta(minutes=15)
GUESSES = 8
SHORTEST_PASSWORD = 12


def trained(on: date, expires: date, today: date) -> list[Problem]:
    """Training has happened, and holds for some time."""
    problems = [Problem("This is still to come: record it when it has happened", "trained_on")] if on > today else []
    return problems if on < expires else [*problems, Problem("Training ends after it was given", "expires")]


def still_signed_in(started: datetime, seen: datetime, ended: datetime | None, now: datetime) -> bool:
    """Whether a browser session holds: not ended, used within IDLE, begun within LONGEST."""
    return ended is None and now - seen < IDLE and now - started < LONGEST
