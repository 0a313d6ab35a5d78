"""What accounts contribute: sign-in, and the administrators' pages."""

from collections.abc import Sequence

from flask import Blueprint

from tafcore.accounts import admin_views, organisations
from tafcore.accounts.help import PAGES as HELP
from tafcore.accounts.rules import ROLES
from tafcore.accounts.views import pages
from tafcore.contributions import HelpPage, Import, NavigationItem, Permission
from tafcore.hookspecs import hookimpl

__all__ = ["admin_views"]

ADMINISTRATORS = frozenset({"administrator"})
TRAINERS = ADMINISTRATORS | {"early_help_manager"}


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("accounts.tour", "hide the first tour", frozenset(ROLES)),
        Permission(
            "accounts.training", "record training as a lead professional", ADMINISTRATORS | {"early_help_manager"}
        ),
        Permission("admin.users", "look after accounts", ADMINISTRATORS),
        Permission("admin.sectors", "switch on what a sector may see", ADMINISTRATORS),
        Permission("admin.plugins", "see the installed plugins", ADMINISTRATORS),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("Administration", "accounts.users", "admin.users", 90)]


@hookimpl
def imports() -> Sequence[Import]:
    return [organisations.organisations_import()]
