"""What drift rules say of families: fixed statements per rule, however many families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import and_, or_, select

from tafcore import hooks
from tafcore.accounts.models import Organisation, User
from tafcore.actor import Actor
from tafcore.db import find_by_ref, like, session
from tafcore.episodes.models import Episode, LeadAppointment
from tafcore.episodes.whose import led_or_managed
from tafcore.families import access
from tafcore.families.access import FamilyView
from tafcore.families.models import Family
from tafcore.folding import fold

log = structlog.get_logger()

PAGE = 50
READERS = frozenset({"lead", "manage"})
"""Who hears what drift says of a family; it names children, so nobody who may not see them all."""


@dataclass(frozen=True)
class DriftRow:
    """A family whose help has stopped moving, with who leads it and what the rules say."""

    ref: str
    name: str
    lead: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class DriftPage:
    """The drifting ones among `looked_at` open families; `after` continues (None: no more)."""

    rows: tuple[DriftRow, ...]
    looked_at: int
    after: str | None


def sentences(family_ids: Sequence[int], now: datetime) -> dict[int, tuple[str, ...]]:
    """family id -> what every rule says of it, in the rules' order; families of which nothing is said are left out.

    Who may hear it is the caller's to decide: see READERS.
    """
    found: dict[int, list[str]] = {}
    for rule in hooks.drift_rules() if family_ids else ():
        try:
            said = list(rule.find(now, family_ids))
        except Exception as fault:  # a sector's rule may raise anything; the others must still be heard
            log.error("drift_rule_failed", rule=rule.key, fault=type(fault).__name__)
            session.rollback()
            continue
        for family_id, sentence in said:
            found.setdefault(family_id, []).append(sentence)
    return {family_id: tuple(each) for family_id, each in found.items()}


def of_view(view: FamilyView, now: datetime) -> tuple[str, ...]:
    """What is said of one family: to its lead and manager alone, never on a shared screen."""
    if view.shared or not view.scopes & READERS:
        return ()
    return sentences([view.id], now).get(view.id, ())


def listed(actor: Actor, now: datetime, q: str = "", after: str = "") -> DriftPage:
    """The next open families in order of name, and what is said of those that drift."""
    chosen = select(Family).where(led_or_managed(actor), Family.open_since.is_not(None))
    if q.strip():
        exact = Family.ref == q.strip().upper()
        chosen = chosen.where(or_(Family.sort_name.like(like(fold(q)), escape="\\"), exact))
    last = find_by_ref(Family, after) if after else None
    if last is not None:
        further = and_(Family.sort_name == last.sort_name, Family.id > last.id)
        chosen = chosen.where(or_(Family.sort_name > last.sort_name, further))
    found = list(session.scalars(chosen.order_by(Family.sort_name, Family.id).limit(PAGE + 1), access.times()))
    families = found[:PAGE]
    said = sentences([family.id for family in families], now)
    leads = _leads(list(said))
    rows = [
        DriftRow(family.ref, family.name, leads.get(family.id, ""), said[family.id])
        for family in families
        if family.id in said
    ]
    return DriftPage(tuple(rows), len(families), families[-1].ref if len(found) > PAGE else None)


def _leads(family_ids: Sequence[int]) -> Mapping[int, str]:
    rows = (
        select(Episode.family_id, User.name, Organisation.name)
        .join(LeadAppointment, LeadAppointment.episode_id == Episode.id)
        .join(User, User.id == LeadAppointment.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(Episode.family_id.in_(family_ids), Episode.state != "closed")
        .where(LeadAppointment.ended_at.is_(None), LeadAppointment.accepted_at.is_not(None))
    )
    return {family_id: f"{name}, {organisation}" for family_id, name, organisation in session.execute(rows)}
