"""Who can see a family, and why: the rules of access bound by family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union_all

from tafcore import hooks
from tafcore.accounts.models import User
from tafcore.contributions import AccessRule
from tafcore.db import session
from tafcore.families import grants
from tafcore.families.models import Bar
from tafcore.families.shapes import FamilyView
from tafcore.trail import service as trail


@dataclass(frozen=True)
class Grant:
    """That a named user may see a family: each reason, and whether it opens the whole family; `until`, where one of
    them ends by itself."""

    user_id: int
    name: str
    organisation: str
    reasons: Mapping[str, bool]
    last_opened: datetime | None
    until: datetime | None = None


def who_can_see(view: FamilyView) -> list[Grant]:
    """Everybody who may see this family, once, with every reason: the same rules, bound by family."""
    opened = trail.last_openings(view.id)
    users: dict[int, User] = {}
    reasons: dict[int, dict[str, bool]] = {}
    until: dict[int, datetime] = {}
    for user, rule, person_id, ends in _grants(view.id):
        if ends is not None:
            until[user.id] = ends
        users[user.id] = user
        mine = reasons.setdefault(user.id, {})
        mine[rule.reason] = mine.get(rule.reason, False) or person_id is None
    found = (
        Grant(one.id, one.name, one.organisation.name, reasons[one.id], opened.get(f"user:{one.id}"), until.get(one.id))
        for one in users.values()
    )
    return sorted(found, key=lambda grant: (grant.organisation, grant.name, grant.user_id))


def organisations_of_seers(family_id: int) -> dict[int, int]:
    """user id -> organisation id of everybody who may see this family now."""
    return {user.id: user.organisation_id for user, *_ in _grants(family_id)}


def _grants(family_id: int) -> Iterator[tuple[User, AccessRule, int | None, datetime | None]]:
    """Who may see a family, by which rule, whom of it (None: everybody) and until when. Three statements."""
    known = {rule.name: rule for rule in hooks.access_rules()}
    bound = union_all(*(grants.arm(rule, family_id=family_id) for rule in known.values()))
    rows = session.execute(bound, grants.times()).all()
    active = select(User).where(User.id.in_({row[0] for row in rows}), User.active)
    users = {user.id: user for user in session.scalars(active)}
    bars = list(session.scalars(select(Bar).where(Bar.family_id == family_id, grants.live()), grants.times()))
    order = list(known)
    for user_id, _, person_id, rule, until in sorted(rows, key=lambda row: order.index(row[3])):
        user = users.get(user_id)
        if user is not None and not any(_bars(bar, user, known[rule]) for bar in bars):
            yield user, known[rule], person_id, until


def _bars(bar: Bar, user: User, rule: AccessRule) -> bool:
    if bar.sector is not None and bar.sector == user.organisation.sector and not rule.without_agreement:
        return True
    if bar.user_id is not None and bar.user_id == user.id:
        return True
    if bar.team_id is not None and bar.team_id == user.team_id:
        return True
    return bar.organisation_id is not None and bar.organisation_id == user.organisation_id
