"""Who is told of links to actions, and the nightly reminder. Mail is read by others: it names nobody and nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select

from tafcore import links
from tafcore.assessments.asking_rules import REMIND_BEFORE
from tafcore.contributions import Notice
from tafcore.db import session, utcnow, writing
from tafcore.families import grants
from tafcore.families.models import Family
from tafcore.plans import linking, rules
from tafcore.plans.answering import sayable
from tafcore.plans.events import ActionAnswered, ActionAsked, ActionLinkNotSent
from tafcore.plans.models import Action, ActionLink
from tafcore.standards.clock import london_day
from tafcore.standards.words import day
from tafcore.vocabulary import Event

A_NIGHT = 500
"""How many are reminded in one round of the worker."""


def remind_all() -> bool:
    """Once each, the night before the action's day or later. A link cannot be made where the program does not know
    under what address people reach it."""
    if not current_app.config["PUBLIC_URL"]:
        return False
    until = london_day(utcnow() + REMIND_BEFORE)
    due = sayable(select(ActionLink, Action, Family.id.label("family_id"))).where(
        ActionLink.reminded_at.is_(None),
        ActionLink.email.is_not(None),
        Action.state.in_(rules.OPEN_STATES),
        Action.due <= until,
    )
    with writing():
        found = session.execute(due.order_by(ActionLink.id).limit(A_NIGHT), grants.times()).all()
        for row in found:
            linking.remind_now(row.ActionLink, row.Action, row.family_id)
    return len(found) == A_NIGHT


def notices(event: Event) -> Sequence[Notice]:
    if isinstance(event, ActionAsked):
        return _mail(event)
    if isinstance(event, ActionLinkNotSent) and event.owner_user is not None:
        subject = f"Ring {event.organisation}: our mail did not arrive"[:200]
        return [Notice(f"user:{event.owner_user}", subject, "plans/link_failed.txt", _about(event), event.family_ref)]
    if not isinstance(event, ActionAnswered):
        return []
    found = []
    if event.owner_user is not None:
        subject = f"{event.organisation} has said how an action stands"[:200]
        to = f"user:{event.owner_user}"
        found.append(Notice(to, subject, "plans/link_answered.txt", _about(event), event.family_ref))
    if event.harm and event.team_id is not None:
        subject = "What a partner wrote needs to be looked at today"
        to = f"team:{event.team_id}"
        found.append(Notice(to, subject, "plans/link_answered_harm.txt", _about(event), event.family_ref))
    return found


def _about(event: ActionAnswered | ActionLinkNotSent) -> dict[str, Any]:
    url = links.path("plans.update_action", family_ref=event.family_ref, action=event.action)
    return {"ref": event.family_ref, "organisation": event.organisation, "url": url}


def _mail(event: ActionAsked) -> Sequence[Notice]:
    if event.email is None or not event.url:
        return []
    words = {
        "organisation": event.organisation,
        "url": event.url,
        "due": day(date.fromisoformat(event.due), london_day(utcnow())),
        "ring": current_app.config["BOROUGH"].duty_line,
        "again": event.again,
    }
    subject = "A reminder: something you agreed to do" if event.again else "Something you agreed to do"
    purpose = f"{linking.PURPOSE} {event.subject.id}"
    return [Notice(f"mailto:{event.email}", subject, "plans/link_mail.txt", words, purpose=purpose)]
