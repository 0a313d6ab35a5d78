"""What home contributes: my work, the inbox with its count in the menu, and the pages open to everybody."""

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import EVERYONE, NavigationItem, Permission
from tafcore.home import inbox
from tafcore.home.inbox_views import inbox_pages
from tafcore.home.views import pages
from tafcore.hookspecs import hookimpl
from tafcore.permissions import SIGNED_IN


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages, inbox_pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [Permission("notices.own", "deal with one's own notices", EVERYONE)]


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("My work", "home.my_work", SIGNED_IN, 0),
        NavigationItem("Notices", "inbox.listing", "notices.own", 5, inbox.unread),
    ]
