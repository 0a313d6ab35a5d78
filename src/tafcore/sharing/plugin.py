"""What sharing contributes: pages, permissions, break-glass, conflicts of interest, and word to those whose sight of a
record ended."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import GUESTS, AccessRule, HelpPage, NavigationItem, Notice, Permission, TaskSource
from tafcore.hookspecs import hookimpl
from tafcore.sharing import conflict_reading, conflict_views, conflicts, glass, glass_reading, glass_views, mash_reading
from tafcore.sharing.alerts import of_glass
from tafcore.sharing.conflict_alerts import of_conflict
from tafcore.sharing.events import AccessEnded
from tafcore.sharing.help import PAGES as HELP
from tafcore.sharing.views import pages
from tafcore.vocabulary import Event

__all__ = ["conflict_views", "glass_views"]

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager", "mash"})
BREAKERS = WORKERS - {"practitioner"}
"""Those on duty. A practitioner rings them: they ask who calls, and answer for what they open."""
REVIEWERS = frozenset({"information_governance", "early_help_manager"})
ACCESS_ENDED = "Your access to a record has ended"


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    readers = WORKERS | GUESTS | {"auditor", "information_governance"}
    return [
        Permission("sharing.read", "see who can see a family, and why", readers),
        Permission("sharing.change", "record agreement and decisions to share", WORKERS),
        Permission("sharing.break_glass", "open a record in an emergency, without any other reason", BREAKERS),
        Permission("sharing.end_glass", "end what was opened by break-glass", BREAKERS | REVIEWERS),
        Permission("sharing.review_glass", "review what others opened by break-glass", REVIEWERS),
        Permission(
            "sharing.review_all_glass",
            "review it whatever family it is of",
            frozenset({"information_governance"}),
        ),
        Permission("sharing.mash_check", "ask about a family for a MASH enquiry", frozenset({"mash"})),
        Permission("sharing.review_mash_check", "review what MASH asked", REVIEWERS),
        Permission("sharing.read_mash_check", "read a MASH check", REVIEWERS | {"mash"}),
        Permission("sharing.declare", "declare a conflict of interest of their own", readers),
        Permission("sharing.bar", "record and lift conflicts of interest", REVIEWERS),
        Permission(
            "sharing.bar_anybody",
            "do so whatever family it is about",
            frozenset({"information_governance"}),
        ),
        Permission(
            "sharing.stand_in", "manage a family whose managers may not see it", frozenset({"early_help_manager"})
        ),
    ]


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("Break-glass", "sharing.glass_list", "sharing.review_all_glass", 82),
        NavigationItem("Conflicts of interest", "sharing.conflicts", "sharing.bar_anybody", 83),
    ]


@hookimpl
def access_rules() -> Sequence[AccessRule]:
    return [glass.access_rule(), conflicts.access_rule()]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [
        TaskSource("glass", glass_reading.waiting, 5, safety=True),
        TaskSource("conflicts", conflict_reading.waiting, 5, safety=True),
        TaskSource("mash_checks", mash_reading.waiting, 60, safety=True),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    if not isinstance(event, AccessEnded):
        return [*of_glass(event), *of_conflict(event)]
    words = {"ref": event.family_ref, "organisations": len(event.organisations)}
    told = [
        Notice(f"user:{user}", ACCESS_ENDED, "sharing/access_ended.txt", words, event.family_ref, unseen=True)
        for user in event.users
    ]
    if event.organisations and event.team_id is not None:
        subject = "Agreement was withdrawn: look at who helps"
        told.append(Notice(f"team:{event.team_id}", subject, "sharing/team_told.txt", words, event.family_ref))
    return told
