"""What record contributes: the pages of families, the chronology, and a rule about who may join a team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint
from sqlalchemy import or_, select

from tafcore.accounts.models import Organisation, User
from tafcore.actor import Actor
from tafcore.contacts.commands import LinkFamily
from tafcore.contributions import GUESTS, HelpPage, NavigationItem, Notice, Permission, Problem, TaskSource
from tafcore.db import session
from tafcore.episodes.commands import AddTafMember, NameCover, NominateLead, OpenEpisode
from tafcore.families import grants
from tafcore.families.models import Family
from tafcore.families.service import families_of
from tafcore.hookspecs import hookimpl
from tafcore.meetings import places
from tafcore.meetings.commands import ShareRecord
from tafcore.meetings.events import RecordShared
from tafcore.notices.events import MessageFailed
from tafcore.plans.events import NeedWithheld
from tafcore.record import (
    chronology,
    chronology_views,
    copy_views,
    duplicate_views,
    mash_views,
    one_family,
    one_family_views,
    own_copies,
    own_links,
    own_page_views,
    own_views,
    own_words,
    people_views,
    plan_changes,
    specialists,
)
from tafcore.record import tasks as waits
from tafcore.record.events import FactsLearned, PersonJoined, PersonRestricted, RecordsPutTogether, SafetyChanged
from tafcore.record.help import PAGES as HELP
from tafcore.record.views import pages
from tafcore.vocabulary import Command, Event

__all__ = ["chronology_views", "duplicate_views", "mash_views", "one_family_views", "people_views", "plan_changes"]

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager", "mash"})
READERS = WORKERS | GUESTS | {"auditor", "information_governance"}
NOT_SEEN = "They may not see this family, so they cannot help it. See who can see this, and why"


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages, own_views.pages, own_page_views.pages, copy_views.pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission("record.read", "open the families they help", READERS),
        Permission("record.search", "search families, people and contacts", WORKERS),
        Permission("record.change", "record what is known of a family's people", WORKERS),
        Permission("record.keep_safe", "set and end safety rules", WORKERS),
        Permission(
            "record.restrict", "restrict somebody to the duty line, and lift it", frozenset({"early_help_manager"})
        ),
        Permission("record.own_links", "give people of a family a page of their own", WORKERS),
        Permission("record.own_page", "use a page of their own, by a link and a number", frozenset()),
        Permission(
            "record.duplicates",
            "decide whether two records are one person",
            frozenset({"early_help_manager", "information_governance"}),
        ),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("Families", "record.families", "record.read", 20),
        NavigationItem("MASH check", "record.ask_mash_check", "sharing.mash_check", 55),
        NavigationItem("MASH checks", "record.mash_checks", "sharing.review_all_glass", 84),
    ]


@hookimpl
def react(event: Event) -> None:
    chronology.write(event)
    if isinstance(event, NeedWithheld):
        chronology.withdraw(event)
    if isinstance(event, MessageFailed):
        own_links.lost(event)
    if isinstance(event, RecordShared):
        own_copies.send(event)
    if isinstance(event, SafetyChanged | PersonRestricted | PersonJoined | FactsLearned | RecordsPutTogether):
        theirs = {family for person in event.people for family in families_of(person)}
        places.withdraw(theirs if event.family_id is None else theirs | {event.family_id}, event.actor)


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    return [*own_words.notices(event), *specialists.notices(event)]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("record", waits.find, 50), TaskSource("duplicates", waits.duplicates, 60)]


@hookimpl
def check(command: Command, actor: Actor) -> Sequence[Problem]:
    """Nobody leads, covers or joins a team whose organisation the family no longer agrees to: they could not see the
    record. Work goes on in one record of a family alone. A record goes out as a link only where that is safe."""
    if isinstance(command, ShareRecord):
        return list(own_copies.may_send(command, actor))
    if isinstance(command, OpenEpisode | LinkFamily):
        goes_on = one_family.leads_to(command.family) if command.family else None
        words = f"This family goes on as {goes_on}: give that reference, or open help there"
        return [Problem(words, "family")] if goes_on else []
    if isinstance(command, AddTafMember):
        return _kept_from(command.family, {"user": command.user})
    if isinstance(command, NominateLead):
        return _kept_from(command.family, {"user": command.user, "cover": command.cover})
    return _kept_from(command.family, {"cover": command.cover}) if isinstance(command, NameCover) else []


def _kept_from(family: str, asked: Mapping[str, int | None]) -> Sequence[Problem]:
    """Of those asked to help those who could not see the record."""
    by_name = grants.barred(Family.id, (User.id, User.team_id, User.organisation_id))
    barred = (
        select(User.id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .join(Family, Family.ref == family)
        .where(User.id.in_([user for user in asked.values() if user is not None]))
        .where(or_(by_name, grants.not_agreed(Family.id, Organisation.sector)))
    )
    kept = set(session.scalars(barred, grants.times()))
    return [Problem(NOT_SEEN, field) for field, user in asked.items() if user in kept]
