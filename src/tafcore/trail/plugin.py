"""How the trail hears of every change, and who may read it."""

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import HelpPage, NavigationItem, Permission
from tafcore.hookspecs import hookimpl
from tafcore.trail import service
from tafcore.trail.help import PAGES as HELP
from tafcore.trail.views import pages
from tafcore.vocabulary import Event


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission(
            "trail.read", "read who opened and changed records", frozenset({"information_governance", "auditor"})
        ),
        Permission("trail.payload", "read what a change said", frozenset({"information_governance"})),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Trail", "trail.show", "trail.read", 80)]


@hookimpl
def react(event: Event) -> None:
    service.record(event)
