"""Figures of contacts for the Board: numbers only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select

from tafcore.accounts.models import Organisation, Team
from tafcore.contacts import rules
from tafcore.contacts.models import Contact, ContactGrade
from tafcore.contributions import Count, Measure, Period
from tafcore.db import reading
from tafcore.standards.clock import LONDON


def measures() -> list[Measure]:
    """What contacts give the Board."""
    return [
        Measure(
            "contacts_received",
            "Contacts received",
            "How much did we do?",
            "Contacts received in the period at any door. Those recorded in error are left out.",
            received,
            ("door", "source", "team"),
            order=10,
        ),
        Measure(
            "first_conversation_in_time",
            "First conversation with the family in time",
            "How well did we do it?",
            "Of contacts received in the period, those where a parent, carer or young person was spoken with, two ways "
            "and on a safe line, within the standard for their urgency. Left out: anonymous and withdrawn contacts, "
            "duplicates, and those recorded in error. Where nobody was spoken with, the contact counts as not in time "
            "once its deadline has passed.",
            in_time,
            ("door", "source", "team"),
            order=11,
        ),
        Measure(
            "referrals_say_what_is_needed",
            "Professionals' referrals that say what is needed",
            "How well did we do it?",
            "Of professionals' referrals graded in the period, those that say what the child needs, what was tried and "
            "what came of it, and what the family know and whether they agree. By agency where the agency is known "
            "here; never by person.",
            well_told,
            ("what it says", "source", "agency"),
            order=12,
        ),
    ]


def received(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """How many contacts, by group."""
    rows = _rows(period, breakdown, func.count())
    return {_label(breakdown, group): Count(number) for group, number in reading.execute(rows)}


def in_time(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """How many of those due had their conversation in time, by group."""
    as_at = period.as_at or datetime.now(UTC)
    spoken = (Contact.conversation_at <= Contact.conversation_due) & (Contact.conversation_at <= as_at)
    rows = _rows(period, breakdown, func.sum(case((spoken, 1), else_=0)), func.count()).where(
        Contact.anonymous.is_(False),
        Contact.state != "withdrawn",
        func.coalesce(Contact.answer, "") != "duplicate",
        spoken | (Contact.conversation_due < as_at),
    )
    return {_label(breakdown, group): Count(int(part or 0), whole) for group, part, whole in reading.execute(rows)}


def well_told(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """How many graded referrals say all three, by group; by `what it says`, how many say each."""
    asked = {name: ContactGrade.__table__.c[name] == "yes" for name in rules.GRADED}
    groups = {"source": Contact.source, "agency": func.coalesce(Organisation.name, "")}
    group = groups.get(breakdown or "", literal(""))
    says = [func.sum(case((one, 1), else_=0)) for one in (and_(*asked.values()), *asked.values())]
    first, after = _days(period)
    rows = (
        select(group, func.count(), *says)
        .select_from(ContactGrade)
        .join(Contact, Contact.id == ContactGrade.contact_id)
        .outerjoin(Organisation, Organisation.id == ContactGrade.organisation_id)
        .where(ContactGrade.at >= first, ContactGrade.at < after, Contact.state != "recorded_in_error")
    )
    if period.as_at:
        rows = rows.where(ContactGrade.at <= period.as_at)
    found = reading.execute(rows.group_by(group) if breakdown in groups else rows).all()
    if breakdown == "what it says":
        [(_, whole, _, *each)] = found
        return {rules.GRADED[name]: Count(int(part or 0), whole) for name, part in zip(asked, each, strict=True)}
    named = {"source": rules.SOURCES.get, "agency": lambda name, _: name or "Agencies not known here"}
    label = named.get(breakdown or "", lambda name, _: name)
    return {label(name, name): Count(int(all_three or 0), whole) for name, whole, all_three, *_ in found}


def _days(period: Period) -> tuple[datetime, datetime]:
    first = datetime.combine(period.first, time(), LONDON)
    return first, datetime.combine(period.last + timedelta(days=1), time(), LONDON)


def _rows(period: Period, breakdown: str | None, *figures: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    groups = {
        "door": func.coalesce(Contact.channel, ""),
        "source": Contact.source,
        "team": func.coalesce(Team.name, ""),
    }
    group = groups[breakdown] if breakdown else literal("")
    first, after = _days(period)
    rows = select(group, *figures).select_from(Contact).where(Contact.received_at >= first, Contact.received_at < after)
    if period.as_at:
        rows = rows.where(Contact.registered_at <= period.as_at)
    if breakdown == "team":
        rows = rows.outerjoin(Team, Team.id == Contact.team_id)
    rows = rows.where(Contact.state != "recorded_in_error")
    return rows.group_by(group) if breakdown else rows


def _label(breakdown: str | None, group: str) -> str:
    if breakdown == "door":
        return rules.CHANNELS.get(group, "Not recorded")
    if breakdown == "source":
        return rules.SOURCES[group]
    return group or ("No team" if breakdown else "")
