"""What outcomes contribute: the Board's pages, core figures and the board file."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import Export, HelpPage, Job, Measure, NavigationItem, Permission
from tafcore.hookspecs import hookimpl
from tafcore.outcomes import counting, files
from tafcore.outcomes.help import PAGES as HELP
from tafcore.outcomes.measures import MEASURES
from tafcore.outcomes.views import pages

READERS = frozenset({"board_member", "early_help_manager", "auditor", "information_governance"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [Permission("outcomes.read", "read the Board's figures", READERS)]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Outcomes", "outcomes.board", "outcomes.read", 60)]


@hookimpl
def measures() -> Sequence[Measure]:
    return MEASURES


@hookimpl
def exports() -> Sequence[Export]:
    return [Export("board", "The Board's figures, suppressed as on the page (CSV)", "outcomes.read", files.write)]


@hookimpl
def jobs() -> Sequence[Job]:
    return [Job("outcomes.count", counting.keep)]
