"""What episodes contribute: pages, permissions, the reasons lead, team and manager see a family, notices and tasks."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint
from sqlalchemy import ColumnElement, and_, null, or_, select

from tafcore.accounts.events import UserDisabled
from tafcore.accounts.models import Team, User, UserRole
from tafcore.actor import Actor
from tafcore.contributions import GUESTS, AccessRule, HelpPage, Job, Notice, Permission, TaskSource
from tafcore.db import session
from tafcore.episodes import (
    glass,
    household_views,
    invitation_notices,
    invitation_views,
    inviting,
    lead_views,
    leading,
    load_views,
    offering,
    offering_views,
    team_views,
    training_ends,
    waiting,
)
from tafcore.episodes.events import CoverNamed, LeadAnswered, LeadEnded, LeadNominated, TeamChanged, TrainingEnds
from tafcore.episodes.help import PAGES as HELP
from tafcore.episodes.models import Episode, LeadAppointment, TafMember
from tafcore.episodes.views import pages
from tafcore.families.access import CLOSED_SINCE, EVERYTHING, TEAM_AREAS, times
from tafcore.families.models import Family
from tafcore.families.service import records_of
from tafcore.hookspecs import hookimpl
from tafcore.links import path
from tafcore.notices.events import MessageFailed
from tafcore.sharing.events import ConflictRecorded, GlassBroken
from tafcore.sharing.glass import not_barred
from tafcore.vocabulary import Event

__all__ = ["household_views", "invitation_views", "lead_views", "load_views", "offering_views", "team_views"]

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager", "mash"})
READERS = WORKERS | GUESTS | {"auditor", "information_governance"}
ASKED_AREAS = frozenset({"people", "helpers"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission(
            "episodes.open", "open early help for a family", frozenset({"front_door", "early_help_manager", "mash"})
        ),
        Permission("episodes.read", "read who helps a family", READERS),
        Permission("episodes.answer_invitation", "say whether they join a team, by a link", frozenset()),
        Permission("episodes.nominate", "name a lead professional", WORKERS),
        Permission("episodes.work", "work with a family: notes, team, levels", WORKERS | GUESTS),
        Permission("episodes.oversee", "record a manager's decision", frozenset({"early_help_manager"})),
    ]


@hookimpl
def help_pages() -> Sequence[HelpPage]:
    return HELP


@hookimpl
def access_rules() -> Sequence[AccessRule]:
    still_open = or_(Episode.state != "closed", Episode.closed_at > CLOSED_SINCE)
    appointed = select(LeadAppointment.user_id, Episode.family_id, null().label("person_id")).join(
        Episode, Episode.id == LeadAppointment.episode_id
    )
    current = LeadAppointment.ended_at.is_(None)
    lead = appointed.where(current, LeadAppointment.accepted_at.is_not(None), still_open)
    asked = appointed.where(current, LeadAppointment.accepted_at.is_(None), Episode.state != "closed")
    covering = (
        select(LeadAppointment.cover_id.label("user_id"), Episode.family_id, null().label("person_id"))
        .join(Episode, Episode.id == LeadAppointment.episode_id)
        .where(current, LeadAppointment.accepted_at.is_not(None), Episode.state != "closed")
    )
    team = (
        select(TafMember.user_id, Episode.family_id, null().label("person_id"))
        .join(Episode, Episode.id == TafMember.episode_id)
        .where(TafMember.left_at.is_(None), TafMember.user_id.is_not(None), still_open)
    )
    managers = (
        select(User.id.label("user_id"), Family.id.label("family_id"), null().label("person_id"))
        .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == "early_help_manager"))
        .join(Team, Team.id == User.team_id)
        .join(Family, or_(Family.team_id == Team.id, Family.neighbourhood_id == Team.neighbourhood_id))
    )
    return [
        AccessRule("lead", "Lead professional", "lead", EVERYTHING, lead),
        AccessRule("team", "In the team around the family", "team", TEAM_AREAS, team),
        AccessRule(
            "manager",
            "Manager of the team or area",
            "manage",
            EVERYTHING,
            managers,
            wide=_managed,
            without_agreement=True,
        ),
        AccessRule("cover", "Covers for the lead professional", "team", TEAM_AREAS, covering),
        AccessRule("nominated", "Asked to be the lead professional", "nominated", ASKED_AREAS, asked),
    ]


def _managed(actor: Actor) -> ColumnElement[bool] | None:
    if "early_help_manager" not in actor.roles or actor.team_id is None:
        return None
    mine = Family.team_id == actor.team_id
    return mine if actor.neighbourhood_id is None else or_(mine, Family.neighbourhood_id == actor.neighbourhood_id)


@hookimpl
def react(event: Event) -> None:
    """Whoever is kept out of a family (any record of it) helps it no longer; nor does whoever has no account."""
    if isinstance(event, ConflictRecorded) and event.family_id is not None:
        for family_id in records_of(event.family_id):
            leading.stand_aside(family_id, event.actor)
    if isinstance(event, TeamChanged) and not event.joined and event.user_id is not None:
        offering.end_with_team(event.user_id, event.actor)
    if isinstance(event, MessageFailed):
        inviting.lost(event)
    if isinstance(event, UserDisabled):
        leading.account_ended(event.subject.id, event.actor)


@hookimpl
def notices(event: Event) -> Sequence[Notice]:
    if isinstance(event, LeadNominated):
        words = {"event": event, "url": path("episodes.answer", family_ref=event.family_ref)}
        return [
            Notice(
                f"user:{event.user_id}",
                "You are asked to be a lead professional",
                "episodes/asked.txt",
                words,
                event.family_ref,
                unseen=True,
            )
        ]
    if isinstance(event, GlassBroken):
        return glass.notices(event)
    if isinstance(event, ConflictRecorded) and event.family_id is not None:
        return _kept_out(event, event.family_id)
    if isinstance(event, LeadAnswered) and event.team_id is not None:
        subject = "A lead professional has accepted" if event.accepted else "A lead professional is still needed"
        return [Notice(f"team:{event.team_id}", subject, "episodes/answered.txt", {"event": event}, event.subject.ref)]
    if isinstance(event, LeadEnded) and event.team_id is not None:
        words = {"event": event, "url": path("episodes.nominate", family_ref=event.subject.ref)}
        subject = "A family has no lead professional"
        return [Notice(f"team:{event.team_id}", subject, "episodes/ended.txt", words, event.subject.ref)]
    if isinstance(event, CoverNamed):
        words = {"event": event, "url": path("record.family", family_ref=event.family_ref)}
        subject = "You cover for a lead professional"
        return [Notice(f"user:{event.user_id}", subject, "episodes/covers.txt", words, event.family_ref)]
    if isinstance(event, TeamChanged) and event.joined and event.user_id is not None:
        words = {"event": event, "url": path("record.family", family_ref=event.family_ref)}
        return [
            Notice(
                f"user:{event.user_id}",
                "You have joined a team around a family",
                "episodes/joined.txt",
                words,
                event.family_ref,
            )
        ]
    if isinstance(event, TrainingEnds):
        return training_ends.notices(event)
    return invitation_notices.notices(event)


def _kept_out(event: ConflictRecorded, family_id: int) -> Sequence[Notice]:
    """The lead professional hears that somebody is not to be spoken to about the family, unless it is they."""
    lead = (
        select(LeadAppointment.user_id)
        .join(Episode, Episode.id == LeadAppointment.episode_id)
        .join(User, User.id == LeadAppointment.user_id)
        .where(Episode.family_id.in_(records_of(family_id)), Episode.state != "closed", not_barred(family_id))
        .where(LeadAppointment.ended_at.is_(None), LeadAppointment.accepted_at.is_not(None))
    )
    words = {"event": event, "url": path("sharing.show", family_ref=event.family_ref)}
    subject = "Somebody may not see a family that you lead"
    return [
        Notice(f"user:{user}", subject, "episodes/kept_out.txt", words, event.family_ref, urgent=True)
        for user in session.scalars(lead, times())
        if user != event.actor.user_id
    ]


@hookimpl
def jobs() -> Sequence[Job]:
    ends = Job("episodes.training_ends", training_ends.tell_all, 40, hour=6)
    return [Job("episodes.guests_end", offering.end_all, 40), ends]


@hookimpl
def tasks() -> Sequence[TaskSource]:
    return [TaskSource("nominations", waiting.mine, 20), TaskSource("gaps", waiting.gaps, 30, safety=True)]
