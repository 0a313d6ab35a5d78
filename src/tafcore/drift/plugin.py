"""What drift contributes: its page and the core's rules."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import DriftRule, HelpPage, NavigationItem, Permission
from tafcore.drift.finding import RULES
from tafcore.drift.help import PAGES as HELP
from tafcore.drift.views import pages
from tafcore.hookspecs import hookimpl

READERS = frozenset({"practitioner", "front_door", "early_help_manager"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [Permission("drift.read", "see which families' help has stopped moving", READERS)]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Drift", "drift.drift", "drift.read", 55)]


@hookimpl
def drift_rules() -> Sequence[DriftRule]:
    return RULES
