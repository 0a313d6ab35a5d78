"""What standards contribute: the page that shows them, the days on which schools are closed, when a law commences."""

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import Permission
from tafcore.hookspecs import hookimpl
from tafcore.standards.views import pages


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    keepers = frozenset({"administrator", "early_help_manager"})
    governors = frozenset({"administrator", "information_governance"})
    return [
        Permission("standards.holidays", "keep the days on which schools are closed", keepers),
        Permission("standards.law", "set from which day a law holds", governors),
    ]
