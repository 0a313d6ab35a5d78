"""Who may see a family, and what of it. Every family page, list, export and notice comes through here.

Nobody sees a family without a reason: an `AccessRule` of a feature or plugin. The core alone holds what takes access
away (sealed families, bars), applied last. What cannot be seen and what does not exist answer the same: NotFound.

`grants` holds the statements, `granted` what they give for all that is read in one go, `shapes` what comes out,
`members` how it is read, `sight` the question turned round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import aliased

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.contributions import AccessRule
from tafcore.db import once_a_request, rows_of, session
from tafcore.families import grants, left
from tafcore.families.granted import is_granted
from tafcore.families.grants import AFTER_CLOSING, BARRED, CLOSED_SINCE, NOW, times
from tafcore.families.members import Member, living_of, members_of, people_of, safety_of
from tafcore.families.models import Family
from tafcore.families.shapes import EVERYTHING, TEAM_AREAS, FamilyView, PersonView
from tafcore.families.sight import Grant, who_can_see
from tafcore.people.rules import CHILD_ROLES
from tafcore.references import BadReference, read_ref
from tafcore.trail import service as trail
from tafcore.work import NotFound

__all__ = [
    "AFTER_CLOSING",
    "CLOSED_SINCE",
    "EVERYTHING",
    "NOW",
    "TEAM_AREAS",
    "FamilyView",
    "Grant",
    "PersonView",
    "kept_from",
    "managed",
    "summary_view",
    "times",
    "visible",
    "visible_family",
    "visible_family_by_id",
    "who_can_see",
]


def visible_family(ref: str, actor: Actor, purpose: str = "page", scopes: frozenset[str] = frozenset()) -> FamilyView:
    """The family `ref` as `actor` may see it, with its opening on record.

    Raises NotFound when there is none or the actor has no reason to see it, NotAllowed when the actor sees it but is
    none of `scopes` to it.
    """
    try:
        canonical = read_ref(ref, "F")
    except BadReference as bad:
        raise NotFound from bad
    return _view(rows_of(_BY_REF, key=canonical), actor, purpose).require(scopes)


def visible_family_by_id(
    family_id: int, actor: Actor, purpose: str = "page", scopes: frozenset[str] = frozenset()
) -> FamilyView:
    """The same by id, for records that belong to a family."""
    return _view(rows_of(_BY_ID, key=family_id), actor, purpose).require(scopes)


_OTHER = aliased(Family)
_LED_TO = exists(select(_OTHER.id).where(_OTHER.same_as_id == Family.id))
_FAMILY = select(
    Family.id, Family.ref, Family.name, Family.team_id, Family.neighbourhood_id, Family.open_since, Family.sealed
).add_columns(or_(Family.same_as_id.is_not(None), _LED_TO).label("twice"))
_BY_REF = _FAMILY.where(Family.ref == bindparam("key"))
_BY_ID = _FAMILY.where(Family.id == bindparam("key"))


def _view(families: Sequence[Any], actor: Actor, purpose: str) -> FamilyView:
    """Of the one family there is, or NotFound."""
    if not families:
        raise NotFound
    (family,) = families
    if actor.own is not None:
        return _own(family, actor, actor.own, purpose)
    known = {rule.name: rule for rule in hooks.access_rules()}
    found: list[tuple[AccessRule, int | None]] = []
    ends: list[datetime] = []
    if actor.user_id is not None and not family.sealed:
        asked = {**times(), **grants.who(actor), "access_family": family.id}
        rows = rows_of(grants.of_one_family(), **asked)
        bars = {rule for _, rule, _ in rows if rule not in known}
        found = [(known[rule], person_id) for person_id, rule, _ in rows if rule in known]
        ends = [until for _, _, until in rows if until is not None]
        if bars:
            found = [row for row in found if BARRED not in bars and row[0].without_agreement]
    if not found:
        trail.opened(actor, family.id, purpose, "refused", allowed=False)
        raise NotFound
    order = list(known.values())
    found.sort(key=lambda row: order.index(row[0]))
    reasons = tuple(dict.fromkeys(rule.reason for rule, _ in found))
    view = _shaped(family, found, reasons, max(ends, default=None), actor)
    trail.opened(actor, family.id, purpose, view.reason)
    return view


def summary_view(family_id: int, actor: Actor, purpose: str, reason: str, areas: frozenset[str]) -> FamilyView:
    """A family as a page of its own may sum it up for somebody whom no rule lets in, by `reason`; what opens there
    opens nowhere else. NotFound where a seal or a bar keeps it from them."""
    families = rows_of(_BY_ID, key=family_id)
    here = select(Family.id).where(Family.id == family_id, ~shut(actor))
    if not families or session.scalar(here, times()) is None:
        trail.opened(actor, family_id, purpose, "refused", allowed=False)
        raise NotFound
    grants_nothing: Any = select(Family.id)
    rule = AccessRule(reason, reason, "summary", areas, grants_nothing)
    view = _shaped(families[0], [(rule, None)], (reason,), None, actor)
    trail.opened(actor, family_id, purpose, reason)
    return view


def _shaped(
    family: Any,
    found: Sequence[tuple[AccessRule, int | None]],
    reasons: tuple[str, ...],
    until: datetime | None,
    actor: Actor,
) -> FamilyView:
    members = members_of(family.id)
    whole = (rule.areas for rule, person_id in found if person_id is None)
    people = people_of(members, _areas(found, members))
    safety = safety_of(family.id)
    feared = left.feared(safety, actor)
    view = FamilyView(
        id=family.id,
        ref=family.ref,
        name=family.name,
        team_id=family.team_id,
        neighbourhood_id=family.neighbourhood_id,
        open_since=family.open_since,
        reason=reasons[0],
        reasons=reasons,
        scopes=frozenset(rule.scope for rule, _ in found),
        areas=frozenset().union(*whole, *(person.areas for person in people)),
        people=people,
        member_ids=frozenset(member.id for member in members),
        adult_ids=frozenset(member.id for member in members if member.row.role not in CHILD_ROLES),
        safety=safety,
        living=living_of(members),
        twice=bool(family.twice),
        until=until,
        feared=feared,
    )
    return view.before(()) if feared else view


OWN_AREAS = frozenset({"people", "helpers", "plan", "meetings", "voices"})
"""What somebody's own page opens to them, as far as it may be before them."""


def _own(family: Any, actor: Actor, own: tuple[int, int], purpose: str) -> FamilyView:
    """The family as one of its members may see it by a link of their own: always before them, never more."""
    members = members_of(family.id)
    mine = next((one for one in members if own[1] in (one.id, *one.records)), None)
    if mine is None or family.sealed or family.id != own[0]:
        trail.opened(actor, family.id, purpose, "refused", allowed=False)
        raise NotFound
    reason = "It is about them"
    view = FamilyView(
        id=family.id,
        ref=family.ref,
        name=family.name,
        team_id=family.team_id,
        neighbourhood_id=family.neighbourhood_id,
        open_since=family.open_since,
        reason=reason,
        reasons=(reason,),
        scopes=frozenset({"own"}),
        areas=OWN_AREAS,
        people=people_of(members, {member.id: OWN_AREAS for member in members}),
        member_ids=frozenset(member.id for member in members),
        adult_ids=frozenset(member.id for member in members if member.row.role not in CHILD_ROLES),
        safety=safety_of(family.id),
        living=living_of(members),
    )
    trail.opened(actor, family.id, purpose, reason)
    return view.before({mine.id, *mine.records})


def _areas(found: Iterable[tuple[AccessRule, int | None]], members: Iterable[Member]) -> Mapping[int, frozenset[str]]:
    """person id -> what is open about them: what is open about everybody, and by rules about them alone."""
    areas: dict[int, frozenset[str]] = {}
    of = {record: one.id for one in members for record in one.records}
    for rule, person_id in found:
        for each in set(of.values()) if person_id is None else [of.get(person_id, person_id)]:
            areas[each] = areas.get(each, frozenset()) | rule.areas
    return areas


def visible(actor: Actor, area: str | None = None) -> ColumnElement[bool]:
    """The predicate on Family for lists: what this actor may see. Run the statement with `times()`.

    With `area` only reasons count that open that part of the record: a list must not tell what its pages keep.
    """
    if actor.user_id is None:
        return Family.id.is_(None)
    made = once_a_request("access_visible", dict[tuple[Actor, str | None], ColumnElement[bool]])
    kind = (actor, area)
    if kind not in made:
        made[kind] = _visible(*kind)
    return made[kind]


def _visible(actor: Actor, area: str | None) -> ColumnElement[bool]:
    reasons: list[ColumnElement[bool]] = [is_granted(actor, area)]
    for rule in hooks.access_rules():
        if area is not None and area not in rule.areas:
            continue
        wide = None if rule.wide is None else rule.wide(actor)
        if wide is not None:
            reasons.append(wide if rule.without_agreement else and_(wide, ~not_agreed(Family.id, actor)))
    return and_(or_(*reasons), ~shut(actor))


def kept_from(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family for what a seal, a bar or a withdrawn agreement keeps from this actor and its sector.

    For the little a sector may know of a family before it may see it; `visible` asks already. Run with `times()`.
    """
    return or_(shut(actor), not_agreed(Family.id, actor))


def managed(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family that this actor is its manager: of its team or area, or in place of one who may not be.
    Run with `times()`."""
    wide, mine = [], []
    for rule in hooks.access_rules():
        if rule.scope == "manage" and rule.wide is not None:
            wide.append(rule.wide(actor))
        elif rule.scope == "manage":
            mine.append(Family.id.in_(grants.families(rule, actor.user_id)))
    return or_(false(), *(each for each in wide if each is not None), *mine)


def shut(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family for what nothing opens to this actor: it is sealed, or the actor barred."""
    return or_(Family.sealed, grants.barred(Family.id, grants.whom(actor)))


def not_agreed(family_id: Any, actor: Actor) -> ColumnElement[bool]:
    """That a family has ended its agreement with the actor's sector."""
    return grants.not_agreed(family_id, actor.sector)
