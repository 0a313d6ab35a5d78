"""Who may see a family, and what of it. Every family page, list, export and notice comes through here.

Nobody sees a family without a reason: an `AccessRule` of a feature or plugin. The core alone holds what takes access
away (sealed families, bars), applied last. What cannot be seen and what does not exist answer the same: NotFound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
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
from tafcore.accounts.models import SectorScope, User
from tafcore.actor import Actor
from tafcore.contributions import AccessRule
from tafcore.db import UTCDateTime, session, utcnow
from tafcore.families.models import Bar, Family, FamilyMember
from tafcore.people import rules as people_rules
from tafcore.people.models import Address, ContactWay, Person, SafetyRule
from tafcore.references import BadReference, read_ref
from tafcore.standards import words
from tafcore.standards.clock import london_day
from tafcore.standards.words import Precision
from tafcore.trail import service as trail
from tafcore.work import NotAllowed, NotFound

AFTER_CLOSING = timedelta(days=28)

NOW = bindparam("access_now", type_=UTCDateTime())
"""For `AccessRule.grants`: the moment access is asked about."""
CLOSED_SINCE = bindparam("access_closed_since", type_=UTCDateTime())
"""For `AccessRule.grants`: episodes closed after this are still open to those who worked in them."""

EVERYTHING = frozenset(
    {
        "people",
        "helpers",
        "plan",
        "meetings",
        "notes",
        "visits",
        "voices",
        "contacts",
        "sharing",
        "oversight",
        "steps",
        "chronology",
    }
)
"""The parts of a record an AccessRule can open; plugins may add parts named after themselves."""


@dataclass(frozen=True)
class PersonView:
    """A family member as this view may show them. `address`, `ways` are empty when a safety rule hides them."""

    id: int
    ref: str
    name: str
    forename: str
    role: str
    household: str
    born: date | None
    born_precision: Precision
    due: date | None
    sex: str | None
    language: str | None
    interpreter: bool | None
    told: str | None
    address: str = ""
    address_kind: str = ""
    postcode: str = ""
    address_since: date | None = None
    ways: tuple[tuple[str, str, bool | None, str], ...] = ()
    hidden: frozenset[str] = frozenset()

    @property
    def is_child(self) -> bool:
        return self.role in people_rules.CHILD_ROLES

    @property
    def role_words(self) -> str:
        return people_rules.ROLES[self.role]

    @property
    def age(self) -> str:
        """`8`, `7 months`, or when an unborn child is due."""
        if self.born is None:
            return words.unborn(self.due) if self.due else ""
        return words.age(self.born, self.born_precision, london_day(utcnow()))

    @property
    def name_age(self) -> str:
        return f"{self.name} ({self.age})" if self.age else self.name


@dataclass(frozen=True)
class FamilyView:
    """A family as one actor may see it; the only form in which a family leaves the program.

    `reason` says why it is visible, `scopes` what the actor is to it, `areas` which parts are open, `people` the
    members the actor may see, `audience` the person ids before whom it is shown (empty: the worker alone).
    """

    id: int
    ref: str
    name: str
    team_id: int | None
    neighbourhood_id: int | None
    open_since: datetime | None
    reason: str
    reasons: tuple[str, ...]
    scopes: frozenset[str]
    areas: frozenset[str]
    people: tuple[PersonView, ...]
    audience: frozenset[int] = frozenset()
    safety: tuple[tuple[int, int, str], ...] = field(default=(), repr=False)

    def may(self, area: str) -> bool:
        """Whether this part of the record is open."""
        return area in self.areas

    def may_see(self, person_id: int | None) -> bool:
        """Whether this person (None: the family as a whole) may be shown."""
        return person_id is None or person_id in self._by_id

    def may_see_fact(self, person_id: int, fact: str) -> bool:
        """Whether a fact (people.rules.FACTS) of this person may be shown to this audience."""
        person = self._by_id.get(person_id)
        return person is not None and fact not in person.hidden

    @cached_property
    def _by_id(self) -> Mapping[int, PersonView]:
        return {person.id: person for person in self.people}

    @property
    def shared(self) -> bool:
        """Whether family members may be looking."""
        return bool(self.audience)

    @property
    def children(self) -> tuple[PersonView, ...]:
        return tuple(person for person in self.people if person.is_child)

    @property
    def adults(self) -> tuple[PersonView, ...]:
        return tuple(person for person in self.people if not person.is_child)

    @property
    def has_safety_rule(self) -> bool:
        """Whether somebody here must be kept safe from somebody: no joint meeting by default."""
        return bool(self.safety)

    def person(self, ref: str) -> PersonView:
        """The member with this reference; NotFound for anybody else."""
        for person in self.people:
            if person.ref == ref:
                return person
        raise NotFound

    def name_of(self, person_id: int | None) -> str:
        person = self._by_id.get(person_id) if person_id is not None else None
        return person.name if person else ""

    def before(self, audience: Iterable[int]) -> FamilyView:
        """This view with these people looking: what safety rules hide from any of them is gone."""
        present = frozenset(audience)
        hidden = people_rules.hidden_facts(self.safety, present)
        shown = tuple(_hide(person, hidden.get(person.id, frozenset())) for person in self.people)
        return replace(self, audience=present, people=shown)

    def shown_to_family(self) -> FamilyView:
        """The shared view: any member may be looking."""
        return self.before(person.id for person in self.people)

    def require(self, scopes: frozenset[str]) -> FamilyView:
        """Itself if the actor is one of `scopes` to this family (or none is asked); NotAllowed otherwise."""
        if scopes and not scopes & self.scopes:
            raise NotAllowed("/".join(sorted(scopes)))
        return self


def _hide(person: PersonView, facts: frozenset[str]) -> PersonView:
    person = replace(person, hidden=facts)
    if facts & {"address", "refuge"}:
        person = replace(person, address="", address_kind="", postcode="", address_since=None)
    return replace(person, ways=()) if "contact" in facts else person


def _times() -> dict[str, datetime]:
    now = utcnow()
    return {"access_now": now, "access_closed_since": now - AFTER_CLOSING}


def _arm(rule: AccessRule, user_id: Any = None, family_id: Any = None) -> Select[Any]:
    """One rule's grants, bound by user, by family or by both."""
    grants = rule.grants.subquery()
    arm = select(
        grants.c.user_id,
        grants.c.family_id,
        cast(grants.c.person_id, Integer).label("person_id"),
        literal(rule.name, String).label("rule"),
    )
    if user_id is not None:
        arm = arm.where(grants.c.user_id == user_id)
    if family_id is not None:
        arm = arm.where(grants.c.family_id == family_id)
    if rule.sector is not None:
        arm = arm.where(exists(select(SectorScope.id).where(SectorScope.sector == rule.sector)))
    return arm


USER = bindparam("access_user", type_=Integer())
TEAM = bindparam("access_team", type_=Integer())
ORGANISATION = bindparam("access_organisation", type_=Integer())
FAMILY = bindparam("access_family", type_=Integer())
BARRED = "barred"


def _who(actor: Actor) -> dict[str, int | None]:
    return {
        "access_user": actor.user_id,
        "access_team": actor.team_id,
        "access_organisation": actor.organisation_id,
    }


def _barred(
    family_id: Any, user: Any = USER, team: Any = TEAM, organisation: Any = ORGANISATION
) -> ColumnElement[bool]:
    """Whether a live bar keeps somebody from `family_id`; all are bind parameters or columns, never None."""
    whom = or_(Bar.user_id == user, Bar.team_id == team, Bar.organisation_id == organisation)
    live = and_(Bar.from_at <= NOW, or_(Bar.until_at.is_(None), Bar.until_at > NOW))
    return exists(select(Bar.id).where(Bar.family_id == family_id, live, whom))


def _page_statement() -> CompoundSelect[Any]:
    """Every reason (and bar) of one user for one family; put together once, since that costs more than running it."""

    def arms() -> CompoundSelect[Any]:
        each = [_arm(rule, USER, FAMILY).subquery() for rule in hooks.access_rules()]
        barred = select(cast(null(), Integer), literal(BARRED, String)).where(_barred(FAMILY))
        return union_all(*(select(arm.c.person_id, arm.c.rule) for arm in each), barred)

    return hooks.kept("tafcore.access_of_one_family", arms)


def visible_family(ref: str, actor: Actor, purpose: str = "page", scopes: frozenset[str] = frozenset()) -> FamilyView:
    """The family `ref` as `actor` may see it, with its opening on record.

    Raises NotFound when there is none or the actor has no reason to see it, NotAllowed when the actor sees it but is
    none of `scopes` to it.
    """
    try:
        canonical = read_ref(ref, "F")
    except BadReference as bad:
        raise NotFound from bad
    family = session.scalar(select(Family).where(Family.ref == canonical))
    if family is None:
        raise NotFound
    return _view(family, actor, purpose).require(scopes)


def visible_family_by_id(
    family_id: int, actor: Actor, purpose: str = "page", scopes: frozenset[str] = frozenset()
) -> FamilyView:
    """The same by id, for records that belong to a family."""
    family = session.get(Family, family_id)
    if family is None:
        raise NotFound
    return _view(family, actor, purpose).require(scopes)


def _view(family: Family, actor: Actor, purpose: str) -> FamilyView:
    known = {rule.name: rule for rule in hooks.access_rules()}
    found: list[tuple[AccessRule, int | None]] = []
    if actor.user_id is not None and not family.sealed:
        rows = session.execute(_page_statement(), {**_times(), **_who(actor), "access_family": family.id}).all()
        if not any(rule == BARRED for _, rule in rows):
            found = [(known[rule], person_id) for person_id, rule in rows]
    if not found:
        trail.opened(actor, family.id, purpose, "refused", allowed=False)
        raise NotFound
    order = list(known.values())
    found.sort(key=lambda row: order.index(row[0]))
    reasons = tuple(dict.fromkeys(rule.reason for rule, _ in found))
    whole = any(person_id is None for _, person_id in found)
    safety = _safety(family.id)
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
        areas=frozenset().union(*(rule.areas for rule, _ in found)),
        people=_people(family.id, None if whole else {person_id for _, person_id in found}),
        safety=safety,
    )
    trail.opened(actor, family.id, purpose, view.reason)
    return view


def _safety(family_id: int) -> tuple[tuple[int, int, str], ...]:
    here = select(FamilyMember.person_id).where(FamilyMember.family_id == family_id)
    rules = select(SafetyRule.protected_id, SafetyRule.from_id, SafetyRule.facts)
    rules = rules.where(SafetyRule.protected_id.in_(here), SafetyRule.ended_at.is_(None))
    return tuple((row[0], row[1], row[2]) for row in session.execute(rules))


def _people(family_id: int, only: set[int | None] | None) -> tuple[PersonView, ...]:
    members = (
        select(FamilyMember, Person)
        .join(Person, Person.id == FamilyMember.person_id)
        .where(FamilyMember.family_id == family_id, FamilyMember.left.is_(None))
        .order_by(FamilyMember.id)
    )
    rows = [(member, person) for member, person in session.execute(members) if only is None or person.id in only]
    ids = [person.id for _, person in rows]
    addresses = {
        row.person_id: row
        for row in session.scalars(
            select(Address).where(Address.person_id.in_(ids), Address.until_day.is_(None)).order_by(Address.id)
        )
    }
    ways: dict[int, list[tuple[str, str, bool | None, str]]] = {}
    for way in session.scalars(
        select(ContactWay).where(ContactWay.person_id.in_(ids), ContactWay.until_day.is_(None)).order_by(ContactWay.id)
    ):
        ways.setdefault(way.person_id, []).append((way.kind, way.value, way.safe, way.when or ""))
    return tuple(_person(member, person, addresses.get(person.id), ways.get(person.id, ())) for member, person in rows)


def _person(member: FamilyMember, person: Person, address: Address | None, ways: Iterable[Any]) -> PersonView:
    called = person.called or person.forename
    return PersonView(
        id=person.id,
        ref=person.ref,
        name=" ".join(part for part in (called, person.surname) if part) or people_rules.ROLES[member.role],
        forename=called or people_rules.ROLES[member.role],
        role=member.role,
        household=member.household,
        born=person.born,
        born_precision=person.born_precision,
        due=person.due,
        sex=person.sex,
        language=person.language,
        interpreter=person.interpreter,
        told=member.told,
        address=address.text if address else "",
        address_kind=address.kind if address else "",
        postcode=(address.postcode or "") if address else "",
        address_since=address.from_day if address else None,
        ways=tuple(ways),
    )


def visible(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family for lists: what this actor may see. Run the statement with `times()`."""
    if actor.user_id is None:
        return Family.id.is_(None)
    narrow, reasons = [], []
    for rule in hooks.access_rules():
        if rule.wide is None:
            narrow.append(_arm(rule, actor.user_id))
            continue
        wide = rule.wide(actor)
        if wide is not None:
            reasons.append(wide)
    if narrow:
        granted = union_all(*narrow).subquery()
        reasons.append(Family.id.in_(select(granted.c.family_id)))
    whom = (bindparam(None, value, type_=Integer()) for value in _who(actor).values())
    return and_(or_(*reasons), Family.sealed.is_(False), ~_barred(Family.id, *whom))


times = _times


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
    rows = session.execute(union_all(*(_arm(rule, family_id=view.id) for rule in known.values())), _times()).all()
    users = {
        user.id: user
        for user in session.scalars(select(User).where(User.id.in_({row[0] for row in rows}), User.active))
    }
    opened = trail.last_openings(view.id)
    live = and_(Bar.from_at <= NOW, or_(Bar.until_at.is_(None), Bar.until_at > NOW))
    bars = list(session.scalars(select(Bar).where(Bar.family_id == view.id, live), _times()))
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
