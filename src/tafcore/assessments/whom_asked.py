"""Who is asked three questions for an assessment, and whether they may be: the team, and somebody else by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from tafcore.accounts.models import Organisation, User
from tafcore.accounts.rules import SECTORS
from tafcore.actor import Actor
from tafcore.assessments import asking_rules as rules
from tafcore.assessments.commands import AskPartners
from tafcore.assessments.models import Assessment, AssessmentAsk
from tafcore.contributions import Problem
from tafcore.db import session
from tafcore.episodes.models import TafMember, TafMemberChild
from tafcore.families import grants
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.models import Family
from tafcore.people.models import Person
from tafcore.people.same import is_restricted
from tafcore.sharing.models import Agreement
from tafcore.sharing.rules import PARTNERS, scope_of
from tafcore.work import NotFound


@dataclass(frozen=True)
class Whom:
    """Somebody who is to be asked. `knows` are the children they are known to know; empty: nothing was said."""

    name: str
    organisation: str
    organisation_id: int | None
    sector: str
    user_id: int | None
    email: str | None
    knows: frozenset[int]
    field: str

    @property
    def byline(self) -> str:
        return f"{self.name}, {self.organisation}"


def members(found: Assessment, ids: Sequence[int], actor: Actor) -> list[Whom]:
    """Those of the team; NotFound for anybody else. Nobody asks themselves."""
    if not ids:
        return []
    rows = (
        select(TafMember, Organisation.name, Organisation.sector, Organisation.id.label("home"))
        .outerjoin(User, User.id == TafMember.user_id)
        .outerjoin(Organisation, Organisation.id == func.coalesce(User.organisation_id, TafMember.organisation_id))
        .where(TafMember.episode_id == found.episode_id, TafMember.left_at.is_(None), TafMember.id.in_(ids))
    )
    members = session.execute(rows).all()
    if len(members) != len(set(ids)) or any(row.TafMember.user_id == actor.user_id for row in members):
        raise NotFound
    knows: dict[int, set[int]] = {}
    for member_id, person_id in session.execute(
        select(TafMemberChild.member_id, TafMemberChild.person_id).where(TafMemberChild.member_id.in_(ids))
    ):
        knows.setdefault(member_id, set()).add(person_id)
    return [
        Whom(
            row.TafMember.name,
            row.name or row.TafMember.organisation,
            row.home,
            row.sector or "other",
            row.TafMember.user_id,
            row.TafMember.email if row.TafMember.user_id is None else None,
            frozenset(knows.get(row.TafMember.id, ())),
            "members",
        )
        for row in members
    ]


def other(command: AskPartners) -> list[Whom]:
    if not command.name:
        return []
    where, sector = command.organisation or "", command.sector or "other"
    return [Whom(command.name, where, None, sector, None, command.email, frozenset(), "name")]


def nobody_twice(found: Assessment, asked: Iterable[Whom]) -> Iterable[Problem]:
    waiting = select(AssessmentAsk.user_id, AssessmentAsk.name, AssessmentAsk.organisation).where(
        AssessmentAsk.assessment_id == found.id,
        AssessmentAsk.answered_at.is_(None),
        AssessmentAsk.recalled_at.is_(None),
    )
    rows = session.execute(waiting).all()
    known = {row.user_id for row in rows} - {None} | {(row.name, row.organisation) for row in rows}
    for one in asked:
        if one.user_id in known or (one.name, one.organisation) in known:
            yield Problem(f"{one.byline}, has been asked and has not answered. Remind them instead", one.field)


def nobody_else(about: Mapping[Whom, Sequence[PersonView]]) -> Iterable[Problem]:
    """Nobody is told of a child whom the team knows they do not know."""
    for one, children in about.items():
        if not children:
            yield Problem(f"{one.byline}, knows none of these children, as the team says", one.field)


def may_hear(view: FamilyView, about: Mapping[Whom, Sequence[PersonView]], why: str | None) -> Iterable[Problem]:
    """Who may not see the family is not asked; what leaves the program without agreement, or about a child who must be
    kept safe, has a reason; nothing leaves about somebody restricted."""
    outside = {one: children for one, children in about.items() if one.user_id is None}
    for one in about:
        if _barred(view.id, one):
            yield Problem(f"{one.byline}, may hear nothing of this family. See who can see this, and why", one.field)
    everybody = [record for person in view.people for record in person.records]
    hidden = set(session.scalars(select(Person.id).where(Person.id.in_(everybody), is_restricted())))
    kept_safe = {protected for protected, _, _ in view.safety}
    agreed = _scopes(view)
    for one, children in outside.items():
        if any(hidden & set(child.records) for child in children):
            yield Problem("Nothing about one of these children may leave by mail or link: speak with them", "children")
        if why:
            continue
        if any(kept_safe & {child.id, *child.records} for child in children):
            words = "A child here must be kept safe. Say why it is safe to ask, and what you agreed with them"
            yield Problem(words, "why")
        scopes = [agreed[None], *(agreed.get(child.id) for child in children)]
        if rules.not_shared(one.sector, scopes, one.sector in PARTNERS):
            sector = SECTORS[one.sector].lower()
            words = f"The family has not agreed to share with this kind of organisation: {sector}"
            yield Problem(f"{words}. Ask them first, or say why", "why")


def _barred(family_id: int, one: Whom) -> bool:
    theirs = grants.barred(Family.id, (one.user_id, None, one.organisation_id))
    shut = or_(theirs, grants.not_agreed(Family.id, one.sector), Family.sealed)
    return session.scalar(select(Family.id).where(Family.id == family_id, shut), grants.times()) is not None


def _scopes(view: FamilyView) -> dict[int | None, frozenset[str]]:
    """The sectors agreed to: by anybody of the family (None), and by each who has an answer of their own."""
    rows = session.execute(
        select(Agreement.person_id, Agreement.status, Agreement.scope)
        .where(Agreement.family_id == view.id, Agreement.ended_at.is_(None))
        .order_by(Agreement.id)
    ).all()
    own: dict[int | None, frozenset[str]] = {
        view.own(row.person_id): scope_of([(row.status, row.scope)]) for row in rows if row.status != "not_asked"
    }
    return own | {None: scope_of((row.status, row.scope) for row in rows)}
