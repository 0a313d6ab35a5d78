"""Who can see a family, and why: the rules of access bound by family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union_all

from tafcore import hooks
from tafcore.accounts.models import User
from tafcore.db import session
from tafcore.families import grants
from tafcore.families.models import Bar
from tafcore.families.shapes import FamilyView
from tafcore.trail import service as trail


@dataclass(frozen=True)
class Grant:
    """That a named user may see a family, and why."""

    user_id: int
    name: str
    organisation: str
    reason: str
    whole_family: bool
    last_opened: datetime | None


def who_can_see(view: FamilyView) -> list[Grant]:
    """Everybody who may see this family, reason by reason: the same rules, bound by family."""
    known = {rule.name: rule for rule in hooks.access_rules()}
    rows = session.execute(
        union_all(*(grants.arm(rule, family_id=view.id) for rule in known.values())), grants.times()
    ).all()
    users = {
        user.id: user
        for user in session.scalars(select(User).where(User.id.in_({row[0] for row in rows}), User.active))
    }
    opened = trail.last_openings(view.id)
    bars = list(session.scalars(select(Bar).where(Bar.family_id == view.id, grants.live()), grants.times()))
    found: dict[tuple[int, str], Grant] = {}
    for user_id, _, person_id, rule in rows:
        user = users.get(user_id)
        if user is None or any(_bars(bar, user) for bar in bars):
            continue
        grant = Grant(
            user_id,
            user.name,
            user.organisation.name,
            known[rule].reason,
            person_id is None,
            opened.get(f"user:{user_id}"),
        )
        found.setdefault((user_id, rule), grant)
    return sorted(found.values(), key=lambda grant: (grant.organisation, grant.name, grant.reason))


def _bars(bar: Bar, user: User) -> bool:
    if bar.user_id is not None and bar.user_id == user.id:
        return True
    if bar.team_id is not None and bar.team_id == user.team_id:
        return True
    return bar.organisation_id is not None and bar.organisation_id == user.organisation_id
