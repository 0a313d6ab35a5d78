"""The statements behind access: every `AccessRule` bound by user, by family or by both, and the bars applied last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    literal,
    null,
    or_,
    select,
    union_all,
)

from tafcore import hooks
from tafcore.accounts.models import SectorScope
from tafcore.actor import Actor
from tafcore.contributions import AccessRule
from tafcore.db import UTCDateTime, utcnow
from tafcore.families.models import Bar

AFTER_CLOSING = timedelta(days=28)

NOW = bindparam("access_now", type_=UTCDateTime())
"""For `AccessRule.grants`: the moment access is asked about."""
CLOSED_SINCE = bindparam("access_closed_since", type_=UTCDateTime())
"""For `AccessRule.grants`: episodes closed after this are still open to those who worked in them."""

USER = bindparam("access_user", type_=Integer())
TEAM = bindparam("access_team", type_=Integer())
ORGANISATION = bindparam("access_organisation", type_=Integer())
FAMILY = bindparam("access_family", type_=Integer())
BARRED = "barred"


def times() -> dict[str, datetime]:
    """What NOW and CLOSED_SINCE stand for at this moment."""
    now = utcnow()
    return {"access_now": now, "access_closed_since": now - AFTER_CLOSING}


def who(actor: Actor) -> dict[str, int | None]:
    """What USER, TEAM and ORGANISATION stand for."""
    return {
        "access_user": actor.user_id,
        "access_team": actor.team_id,
        "access_organisation": actor.organisation_id,
    }


def arm(rule: AccessRule, user_id: Any = None, family_id: Any = None) -> Select[Any]:
    """One rule's grants (user_id, family_id, person_id, rule), bound by user, by family or by both."""
    grants = rule.grants.subquery()
    bound = select(
        grants.c.user_id,
        grants.c.family_id,
        cast(grants.c.person_id, Integer).label("person_id"),
        literal(rule.name, String).label("rule"),
    )
    if user_id is not None:
        bound = bound.where(grants.c.user_id == user_id)
    if family_id is not None:
        bound = bound.where(grants.c.family_id == family_id)
    if rule.sector is not None:
        bound = bound.where(exists(select(SectorScope.id).where(SectorScope.sector == rule.sector)))
    return bound


def live() -> ColumnElement[bool]:
    """Whether a bar stands now."""
    return and_(Bar.from_at <= NOW, or_(Bar.until_at.is_(None), Bar.until_at > NOW))


def barred(family_id: Any, user: Any = USER, team: Any = TEAM, organisation: Any = ORGANISATION) -> ColumnElement[bool]:
    """Whether a live bar keeps somebody from `family_id`; all are bind parameters or columns, never None."""
    whom = or_(Bar.user_id == user, Bar.team_id == team, Bar.organisation_id == organisation)
    return exists(select(Bar.id).where(Bar.family_id == family_id, live(), whom))


def of_one_family() -> CompoundSelect[Any]:
    """Every reason (and bar) of one user for one family; put together once, since that costs more than running it."""

    def arms() -> CompoundSelect[Any]:
        each = [arm(rule, USER, FAMILY).subquery() for rule in hooks.access_rules()]
        bar = select(cast(null(), Integer), literal(BARRED, String)).where(barred(FAMILY))
        return union_all(*(select(one.c.person_id, one.c.rule) for one in each), bar)

    return hooks.kept("tafcore.access_of_one_family", arms)
