"""What contacts contribute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app
from sqlalchemy import and_, null, select

from tafcore.accounts.models import User, UserRole
from tafcore.actor import Actor
from tafcore.contacts import (
    adding,
    adding_views,
    asking_again,
    conflict,
    conflict_views,
    files,
    glass_views,
    grading,
    grading_views,
    lists,
    marking,
    not_now_views,
    paper_views,
    progress_views,
    replies,
    rules,
    slip_views,
    slips,
    telling,
    unreached,
    unreached_views,
    untold,
    views,
)
from tafcore.contacts import measures as figures
from tafcore.contacts.commands import AddPaper, AddToContact, RegisterContact
from tafcore.contacts.help import PAGES as HELP
from tafcore.contacts.models import Contact
from tafcore.contacts.routing import own_or_nearest_team
from tafcore.contributions import (
    AccessRule,
    HelpPage,
    Import,
    Job,
    Measure,
    NavigationItem,
    Notice,
    Panel,
    Permission,
    Problem,
    Task,
    TaskSource,
)
from tafcore.families.access import FamilyView
from tafcore.families.whom import left_to_the_line
from tafcore.hookspecs import hookimpl
from tafcore.links import path
from tafcore.permissions import PUBLIC
from tafcore.standards.words import due_words
from tafcore.vocabulary import Command, Event

DOORS = frozenset({"front_door", "practitioner", "early_help_manager", "mash"})
TRIAGE = frozenset({"people", "helpers", "contacts", "sharing", "chronology"})
VERBS = {
    "First look": ("Look at", "Look"),
    "First conversation": ("Speak with the family of", "Record it"),
    "Answer": ("Answer", "Answer"),
    "Referrer told": ("Ring back whoever told us of", "Do it now"),
}


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    more = [
        unreached_views.pages,
        not_now_views.pages,
        grading_views.pages,
        slip_views.pages,
        glass_views.pages,
        adding_views.pages,
        conflict_views.pages,
    ]
    return [views.pages, paper_views.pages, progress_views.pages, *more]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("contacts.register", "register contacts", DOORS),
        Permission("contacts.read", "read contacts they registered or work", DOORS),
        Permission("contacts.answer", "answer contacts", frozenset({"front_door", "early_help_manager"})),
        Permission("contacts.decide", "decide on families that nobody reaches", frozenset({"early_help_manager"})),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    told_us = "You told us of a child: see how it stands"
    return [
        NavigationItem("Contacts", "contacts.listing", "contacts.read", 10),
        NavigationItem(told_us, "contact_progress.show", PUBLIC, 20),
    ]


@hookimpl
def access_rules() -> Sequence[AccessRule]:
    triage = (
        select(User.id.label("user_id"), Contact.family_id.label("family_id"), null().label("person_id"))
        .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == "front_door"))
        .join(Contact, Contact.team_id == User.team_id)
        .where(Contact.family_id.is_not(None), Contact.state.in_(sorted(rules.OPEN)))
        .where(Contact.family_id.not_in(left_to_the_line()))
    )
    return [
        AccessRule("triage", "Front door, for an open contact", "triage", TRIAGE, triage, without_agreement=True),
    ]


@hookimpl
def family_panels(view: FamilyView, actor: Actor) -> Sequence[Panel]:
    """Who told us what is never shown while the family may be looking."""
    if view.shared or not view.may("contacts"):
        return []
    return [Panel("Contacts", "contacts/panel.html", {"contacts": lists.contacts_of(view)}, 60)]


@hookimpl
def check(command: Command, actor: Actor) -> Sequence[Problem]:
    if isinstance(command, AddPaper):
        return rules.wrong_paper(command.content, current_app.config["LARGEST_FILE_MB"])
    if not isinstance(command, RegisterContact | AddToContact):
        return []
    return rules.wrong_numbers(command.people, live=current_app.config["MODE"] == "live")


@hookimpl(trylast=True)
def route_contact(command: Command, actor: Actor) -> int | None:
    return own_or_nearest_team(actor)


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    return [
        *replies.replies(event),
        *unreached.notices(event),
        *grading.notices(event),
        *slips.notices(event),
        *adding.notices(event),
        *marking.notices(event),
        *conflict.notices(event),
    ]


@hookimpl
def react(event: Event) -> None:
    telling.settled(event)
    conflict.react(event)


@hookimpl
def measures() -> Sequence[Measure]:
    return figures.measures()


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("contacts", _waiting, 10, safety=True)]


@hookimpl
def jobs() -> Sequence[Job]:
    return [
        Job("contacts.unreached", unreached.every_night),
        Job("contacts.untold", untold.tell_managers),
        Job("contacts.danger", marking.every_night),
    ]


@hookimpl
def imports() -> Sequence[Import]:
    return files.imports()


def _waiting(actor: Actor, now: datetime) -> Sequence[Task]:
    found = [*unreached.tasks(actor), *asking_again.tasks(actor, now)]
    for line in lists.waiting_for(actor):
        words, verb = VERBS[line.waits_for]
        if line.waits_for == "Referrer told" and line.reply_state == "failed":
            words = "Our message did not arrive. Ring whoever told us of"
        late = due_words(line.due, now, "working_days") if line.due and line.due < now else ""
        found.append(Task(f"{words} {line.ref}", verb, _where(line), line.due, line.ref, late))
    return found


def _where(line: Any) -> str:
    pages = {"Answer": "contacts.answer", "First conversation": "contacts.talk", "Referrer told": "contacts.reply"}
    return path(pages.get(line.waits_for, "contacts.contact"), ref=line.ref)
