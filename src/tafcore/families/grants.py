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
    Subquery,
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
SECTOR = bindparam("access_sector", type_=String())
FAMILY = bindparam("access_family", type_=Integer())
NEVER: ColumnElement[Any] = cast(null(), UTCDateTime())
"""Of rules whose access does not end by itself."""
BARRED = "barred"
"""Among the rules of `of_one_family`: nothing opens it."""
NOT_AGREED = "not_agreed"
"""Among the rules of `of_one_family`: only rules `without_agreement` open it."""


def times() -> dict[str, datetime]:
    """What NOW and CLOSED_SINCE stand for at this moment."""
    now = utcnow()
    return {"access_now": now, "access_closed_since": now - AFTER_CLOSING}


def who(actor: Actor) -> dict[str, Any]:
    """What USER, TEAM, ORGANISATION and SECTOR stand for."""
    return {
        "access_user": actor.user_id,
        "access_team": actor.team_id,
        "access_organisation": actor.organisation_id,
        "access_sector": actor.sector,
    }


def table(rule: AccessRule) -> Subquery:
    """A rule's grants as something to select from; made once, since naming its columns costs more than asking."""
    return hooks.kept(f"tafcore.grants_of.{rule.name}", rule.grants.subquery)


def families(rule: AccessRule, user_id: Any) -> Select[Any]:
    """The ids of the families that one rule opens to a user."""
    granted = table(rule)
    bound = select(granted.c.family_id).where(granted.c.user_id == user_id)
    return bound if rule.sector is None else bound.where(switched_on(rule.sector))


def switched_on(sector: str) -> ColumnElement[bool]:
    """Whether the borough switched this sector's scope on."""
    return exists(select(SectorScope.id).where(SectorScope.sector == sector))


def arm(rule: AccessRule, user_id: Any = None, family_id: Any = None) -> Select[Any]:
    """One rule's grants (user_id, family_id, person_id, rule, until_at), bound by user, by family or by both."""
    grants = table(rule)
    until: Any = grants.c.until_at if "until_at" in grants.c else NEVER
    bound = select(
        grants.c.user_id,
        grants.c.family_id,
        cast(grants.c.person_id, Integer).label("person_id"),
        literal(rule.name, String).label("rule"),
        until.label("until_at"),
    )
    if user_id is not None:
        bound = bound.where(grants.c.user_id == user_id)
    if family_id is not None:
        bound = bound.where(grants.c.family_id == family_id)
    if rule.sector is not None:
        bound = bound.where(switched_on(rule.sector))
    return bound


def live(now: Any = NOW) -> ColumnElement[bool]:
    """Whether a bar stands at `now`."""
    return and_(Bar.from_at <= now, or_(Bar.until_at.is_(None), Bar.until_at > now))


def whom(actor: Actor) -> tuple[Any, Any, Any]:
    """USER, TEAM and ORGANISATION with this actor's values in them: None in one of them equals nothing."""
    values: tuple[Any, ...] = (actor.user_id, actor.team_id, actor.organisation_id)
    user, team, organisation = (
        value if isinstance(value, ColumnElement) else bindparam(None, value, type_=Integer()) for value in values
    )
    return user, team, organisation


def barred(
    family_id: Any, whom: tuple[Any, Any, Any] = (USER, TEAM, ORGANISATION), now: Any = NOW
) -> ColumnElement[bool]:
    """Whether a live bar keeps somebody (user, team, organisation: bind parameters or columns) from `family_id`."""
    user, team, organisation = whom
    theirs = or_(Bar.user_id == user, Bar.team_id == team, Bar.organisation_id == organisation)
    return exists(select(Bar.id).where(Bar.family_id == family_id, live(now), theirs))


def not_agreed(family_id: Any, sector: Any = SECTOR, now: Any = NOW) -> ColumnElement[bool]:
    """Whether the family of `family_id` has ended its agreement with `sector`."""
    return exists(select(Bar.id).where(Bar.family_id == family_id, live(now), Bar.sector == sector))


def of_one_family() -> CompoundSelect[Any]:
    """(person_id, rule, until_at) for every reason of one user for one family; BARRED or NOT_AGREED where that is so.

    Put together once, since that costs more than running it.
    """

    def arms() -> CompoundSelect[Any]:
        each = [arm(rule, USER, FAMILY).subquery() for rule in hooks.access_rules()]
        shut = {BARRED: barred(FAMILY), NOT_AGREED: not_agreed(FAMILY)}
        nobody = cast(null(), Integer)
        bars = (select(nobody, literal(name, String), NEVER).where(is_so) for name, is_so in shut.items())
        return union_all(*(select(one.c.person_id, one.c.rule, one.c.until_at) for one in each), *bars)

    return hooks.kept("tafcore.access_of_one_family", arms)
