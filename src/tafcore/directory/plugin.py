"""What the directory contributes: its list, its slips, and keeping it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import HelpPage, NavigationItem, Permission
from tafcore.directory.help import PAGES as HELP
from tafcore.directory.views import pages
from tafcore.hookspecs import hookimpl

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager", "mash"})
KEEPERS = frozenset({"front_door", "early_help_manager"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("directory.read", "look services up and print slips about them", WORKERS),
        Permission("directory.keep", "keep the directory of services", KEEPERS),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Services", "directory.listing", "directory.read", 30)]
