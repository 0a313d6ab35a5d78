"""How notices come to be stored with every change, the page of the outbox, and who hears of what could not leave; and
that the database is looked at every night."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, render_template

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.contributions import HelpPage, Job, Permission, Task, TaskSource
from tafcore.db import database, settle
from tafcore.hookspecs import hookimpl
from tafcore.links import path
from tafcore.notices import reading, service
from tafcore.notices.help import PAGES as HELP
from tafcore.notices.views import pages
from tafcore.vocabulary import Event


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [Permission("admin.outbox", "see what leaves by mail, text and letter", frozenset({"administrator"}))]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def react(event: Event) -> None:
    for notice in hooks.notices(event):
        service.store(notice, render_template(notice.template, **notice.context), event.family_id)


@hookimpl
def jobs() -> Sequence[Job]:
    return [Job("database.settle", lambda: settle(database().engine), 10)]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("notices", _not_sent, 90)]


def _not_sent(actor: Actor, now: datetime) -> Sequence[Task]:
    number = reading.failed() if actor.may("admin.outbox") else 0
    if not number:
        return []
    words = "A message" if number == 1 else f"{number} messages"
    return [Task(f"{words} could not be sent", "Look", path("notices.outbox", state="failed"))]
