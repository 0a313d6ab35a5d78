"""What sharing contributes: pages, permissions, and word to those whose sight of a record ended."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import HelpPage, Notice, Permission
from tafcore.hookspecs import hookimpl
from tafcore.sharing.events import AccessEnded
from tafcore.sharing.help import PAGES as HELP
from tafcore.sharing.views import pages
from tafcore.vocabulary import Event

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager", "mash"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    readers = WORKERS | {"auditor", "information_governance"}
    return [
        Permission("sharing.read", "see who can see a family, and why", readers),
        Permission("sharing.change", "record agreement and decisions to share", WORKERS),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    if not isinstance(event, AccessEnded):
        return []
    words = {"ref": event.family_ref, "organisations": len(event.organisations)}
    told = [
        Notice(f"user:{user}", "Your access to a record has ended", "sharing/access_ended.txt", words, event.family_ref)
        for user in event.users
    ]
    if event.organisations and event.team_id is not None:
        subject = "Agreement was withdrawn: look at who helps"
        told.append(Notice(f"team:{event.team_id}", subject, "sharing/team_told.txt", words, event.family_ref))
    return told
