"""What home contributes: my work, the inbox with its count and its mails, and the pages open to everybody."""

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import EVERYONE, Job, NavigationItem, Permission
from tafcore.home import inbox, mails
from tafcore.home.inbox_views import inbox_pages
from tafcore.home.snooze_views import snooze_pages
from tafcore.home.views import pages
from tafcore.hookspecs import hookimpl
from tafcore.notices.rules import MORNING
from tafcore.permissions import SIGNED_IN


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages, inbox_pages, snooze_pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [Permission("notices.own", "deal with one's own notices", EVERYONE)]


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("My work", "home.my_work", SIGNED_IN, 0),
        NavigationItem("Notices", "inbox.listing", "notices.own", 5, inbox.unread),
    ]


@hookimpl
def jobs() -> Sequence[Job]:
    return [
        Job("notices.tell", mails.tell, each_round=True),
        Job("notices.morning", mails.every_morning, hour=MORNING),
    ]
