"""Words and rules of accounts."""

from __future__ import annotations

from datetime import datetime, timedelta

ROLES = {
    "practitioner": "Practitioner",
    "front_door": "Front door",
    "early_help_manager": "Early help manager",
    "mash": "MASH",
    "board_member": "Board member",
    "auditor": "Auditor",
    "information_governance": "Information governance",
    "administrator": "Administrator",
}

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

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=1)
GUESS_WINDOW = timedelta(minutes=15)
GUESSES = 8
SHORTEST_PASSWORD = 12


def still_signed_in(started: datetime, seen: datetime, ended: datetime | None, now: datetime) -> bool:
    """Whether a browser session holds: not ended, used within IDLE, begun within LONGEST."""
    return ended is None and now - seen < IDLE and now - started < LONGEST
