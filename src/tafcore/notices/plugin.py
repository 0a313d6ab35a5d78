"""How notices come to be stored with every change, the page of the outbox, and who hears of what could not leave; and
that the database is looked at every night."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flask import Blueprint, current_app, render_template

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.contributions import HelpPage, Job, Permission, Task, TaskSource
from tafcore.db import database, settle
from tafcore.hookspecs import hookimpl
from tafcore.links import path
from tafcore.notices import reaching, reading, reports, service
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
        body = render_template(notice.template, **notice.context)
        if not notice.ring and not notice.purpose and event.actor.user_id is not None and service.leaves(notice):
            notice = replace(notice, ring=f"user:{event.actor.user_id}")
        service.store(notice, body, event.family_id)


@hookimpl
def jobs() -> Sequence[Job]:
    return [
        Job("database.settle", lambda: settle(database().engine), 10),
        Job("notices.reports", _read_reports, 20, each_round=True),
    ]


def _read_reports() -> bool:
    folder = current_app.config["BOUNCES"]
    return bool(folder) and reports.look(Path(folder))


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("notices", _not_sent, 90)]


def _not_sent(actor: Actor, now: datetime) -> Sequence[Task]:
    if not actor.may("admin.outbox"):
        return []
    found, number, people = [], reading.failed(), reaching.people()
    if number:
        words = "A message" if number == 1 else f"{number} messages"
        found.append(Task(f"{words} could not be sent", "Look", path("notices.outbox", state="failed")))
    if people:
        words = "Somebody is" if people == 1 else f"{people} people are"
        found.append(Task(f"{words} not reached by mail: ring them", "Look", path("notices.unreached")))
    return found
