"""Hubs, sites, sessions and who came, as each may read them. Every function takes a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from taf_family_hubs import rules
from taf_family_hubs.models import Attendance, CameIn, Hub, PostcodeArea, Session, Site
from tafcore.api import (
    CHILD_ROLES,
    Actor,
    BadReference,
    Contact,
    Family,
    FamilyMember,
    FamilyView,
    Neighbourhood,
    NotFound,
    Person,
    fold,
    is_restricted,
    kept_safe,
    like,
    lives,
    london_day,
    read_ref,
    rows_of,
    same,
    session,
    times,
    utcnow,
    visible,
    visible_people,
    words,
)

PAGE = 25
FOUND = 20
REGULARS = timedelta(days=60)
"""How far back somebody who came to the same is offered again on the register."""


@dataclass(frozen=True)
class SiteView:
    """A place where a hub works."""

    id: int
    name: str
    hub: str
    hub_id: int
    address: str
    postcode: str
    hours: str
    whats_on: str
    phone: str


@dataclass(frozen=True)
class HubView:
    """A hub with its sites; `own` is whether the actor works there."""

    id: int
    name: str
    neighbourhood: str
    neighbourhood_id: int
    phone: str
    sites: tuple[SiteView, ...]
    own: bool


@dataclass(frozen=True)
class SessionView:
    """A session; `own` is whether the actor keeps its register. `named` and `headcount` are told to those alone."""

    id: int
    ref: str
    what: str
    site: str
    site_id: int
    hub: str
    hub_id: int
    leader: str
    at: datetime
    headcount: int | None
    register_by: str
    own: bool


def works_at(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Hub: the hubs this actor works at, by team, or answers for, by area."""
    mine: list[ColumnElement[bool]] = [Hub.team_id == actor.team_id] if actor.team_id is not None else []
    if "early_help_manager" in actor.roles and actor.neighbourhood_id is not None:
        mine.append(Hub.neighbourhood_id == actor.neighbourhood_id)
    return or_(*mine) if mine else Hub.id.is_(None)


def hubs(actor: Actor, *where: ColumnElement[bool]) -> tuple[HubView, ...]:
    """Hubs with their sites, by name. Three statements."""
    found = select(Hub, Neighbourhood.name).join(Neighbourhood, Neighbourhood.id == Hub.neighbourhood_id).where(*where)
    rows = session.execute(found.order_by(Hub.name)).all()
    own = set(session.scalars(select(Hub.id).where(works_at(actor))))
    here = select(Site).where(Site.hub_id.in_([row[0].id for row in rows])).order_by(Site.name)
    sites: dict[int, list[SiteView]] = {}
    names = {row[0].id: row[0].name for row in rows}
    for site in session.scalars(here):
        sites.setdefault(site.hub_id, []).append(_site(site, names[site.hub_id]))
    return tuple(
        HubView(
            hub.id,
            hub.name,
            place,
            hub.neighbourhood_id,
            hub.phone or "",
            tuple(sites.get(hub.id, ())),
            hub.id in own,
        )
        for hub, place in rows
    )


def hub(hub_id: int, actor: Actor) -> HubView:
    """One hub. Raises NotFound."""
    found = hubs(actor, Hub.id == hub_id)
    if not found:
        raise NotFound
    return found[0]


def _site(site: Site, hub: str) -> SiteView:
    return SiteView(
        site.id,
        site.name,
        hub,
        site.hub_id,
        site.address,
        site.postcode or "",
        site.hours,
        site.whats_on or "",
        site.phone or "",
    )


def site(site_id: int) -> SiteView:
    """One site. Raises NotFound."""
    row = session.execute(select(Site, Hub.name).join(Hub, Hub.id == Site.hub_id).where(Site.id == site_id)).first()
    if row is None:
        raise NotFound
    return _site(*row)


_SITES = select(Site.id, Site.name).join(Hub, Hub.id == Site.hub_id).order_by(Site.name)


def sites(actor: Actor | None = None) -> Sequence[tuple[int, str]]:
    """(id, name) of every site, or of those where the actor works, by name."""
    rows = rows_of(_SITES if actor is None else _SITES.where(works_at(actor)))
    return [(row[0], row[1]) for row in rows]


# --- sessions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What the list of sessions is asked for: words, keys of rules.SHOWN and SORTS, a hub's id, where to go on."""

    q: str = ""
    show: str = "coming"
    sort: str = "time"
    hub: int | None = None
    after: str = ""


@dataclass(frozen=True)
class Sessions:
    """A page of sessions, how many match in all, and the reference behind which the next page begins."""

    rows: tuple[SessionView, ...]
    total: int
    after: str | None


def _sessions(actor: Actor) -> Any:
    return (
        select(Session, Site.name.label("site"), Hub.name.label("hub"), Hub.id.label("hub_id"))
        .add_columns(works_at(actor).label("own"))
        .join(Site, Site.id == Session.site_id)
        .join(Hub, Hub.id == Site.hub_id)
    )


def _session(row: Any) -> SessionView:
    one: Session = row[0]
    return SessionView(
        one.id,
        one.ref,
        one.what,
        row.site,
        one.site_id,
        row.hub,
        row.hub_id,
        one.leader,
        one.at,
        one.headcount,
        one.register_by or "",
        bool(row.own),
    )


def sessions(actor: Actor, asked: Asked) -> Sessions:
    """Sessions as asked for, a page of them: those to come soonest first, those past latest first."""
    statement = _sessions(actor)
    if asked.show in ("coming", "past"):
        today = utcnow() - timedelta(hours=3)  # what has just begun is still to be seen
        statement = statement.where(Session.at >= today if asked.show == "coming" else Session.at < today)
    if asked.hub is not None:
        statement = statement.where(Hub.id == asked.hub)
    if found := fold(asked.q):
        statement = statement.where(Session.search_words.like(like(found), escape="\\"))
    total = session.scalar(select(func.count()).select_from(statement.with_only_columns(Session.id).subquery()))
    key: Any = Site.name if asked.sort == "site" else Session.at
    down = asked.sort == "time" and asked.show == "past"
    if asked.after:
        behind = select(key, Session.id).join(Site, Site.id == Session.site_id).where(Session.ref == asked.after)
        place = session.execute(behind).first()
        if place is not None:
            beyond = key < place[0] if down else key > place[0]
            statement = statement.where(or_(beyond, and_(key == place[0], Session.id > place[1])))
    rows = session.execute(statement.order_by(key.desc() if down else key, Session.id).limit(PAGE + 1)).all()
    shown = tuple(_session(row) for row in rows[:PAGE])
    return Sessions(shown, total or 0, shown[-1].ref if len(rows) > PAGE else None)


def own_session(ref: str, actor: Actor) -> SessionView:
    """A session whose register this actor keeps. Raises NotFound for any other."""
    try:
        canonical = read_ref(ref, "H")
    except BadReference as bad:
        raise NotFound from bad
    row = session.execute(_sessions(actor).where(Session.ref == canonical, works_at(actor))).first()
    if row is None:
        raise NotFound
    return _session(row)


# --- the register ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Name:
    """Somebody on a register: `family` and `family_ref` say whose, `came` whether they are ticked."""

    person_id: int
    ref: str
    name: str
    age: str
    family_id: int
    family: str
    family_ref: str
    came: bool


def register(
    found: SessionView, actor: Actor, shared: bool, q: str = "", ticked: Sequence[str] = ()
) -> tuple[Name, ...]:
    """Who came, who came to the same lately, who is `ticked`, and who has `q` in the name: of families the actor sees.

    On a `shared` screen (a register lies open in the room) whoever a safety rule keeps safe is not there at all.
    """
    by = aliased(Person)  # who came may be known to another family by another record
    came = select(same(by)).join(Attendance, Attendance.person_id == by.id)
    came = came.where(Attendance.session_id == found.id, Attendance.superseded_at.is_(None))
    lately = (
        select(same(by))
        .join(Attendance, Attendance.person_id == by.id)
        .join(Session, Session.id == Attendance.session_id)
        .where(
            Session.site_id == found.site_id,
            Session.what == found.what,
            Session.at > found.at - REGULARS,
            Attendance.superseded_at.is_(None),
        )
    )
    by_ref = select(same(by)).where(by.ref.in_(list(ticked)))
    wanted = [same().in_(came), and_(same().in_(lately), lives()), same().in_(by_ref)]
    if words_ := fold(q):
        wanted.append(and_(same().in_(_named(words_, actor, shared)), lives()))
    here = same().in_(came)
    rows = session.execute(
        _members(actor, shared)
        .add_columns(here.label("came"))
        .where(or_(*wanted))
        .order_by(Person.sort_name, Person.id),
        times(),
    )
    names: dict[int, Name] = {}
    for row in rows:
        names.setdefault(row.id, _name(row))
    return tuple(names.values())


def _members(actor: Actor, shared: bool) -> Any:
    """Members of families this actor sees, as far as they may stand on the screen, by the record that stands for them:
    one on two records is on the register once."""
    stands = aliased(Person)
    named = func.coalesce(
        func.nullif(stands.called, ""), func.nullif(stands.forename, ""), func.nullif(Person.called, "")
    )
    found = (
        select(
            same().label("id"),
            func.coalesce(stands.ref, Person.ref).label("ref"),
            func.coalesce(named, Person.forename).label("forename"),
            func.coalesce(func.nullif(stands.surname, ""), Person.surname).label("surname"),
            func.coalesce(stands.born, Person.born).label("born"),
            case((stands.born.is_not(None), stands.born_precision), else_=Person.born_precision).label(
                "born_precision"
            ),
            func.coalesce(stands.died, Person.died).label("died"),
            FamilyMember.role,
            Family.id.label("family_id"),
            Family.name.label("family"),
            Family.ref.label("family_ref"),
        )
        .select_from(FamilyMember)
        .join(Person, Person.id == FamilyMember.person_id)
        .join(Family, Family.id == FamilyMember.family_id)
        .outerjoin(stands, stands.id == Person.canonical_id)
        .where(visible(actor), visible_people(actor), FamilyMember.left.is_(None), ~is_restricted())
    )
    return found.where(~kept_safe(Person.id, rules.KEPT)) if shared else found


def _named(folded: str, actor: Actor, shared: bool) -> Any:
    record = aliased(Person)
    called = select(same(record)).where(record.sort_name.like(like(folded), escape="\\"))
    found = _members(actor, shared).with_only_columns(same()).order_by(None)
    return found.where(same().in_(called)).limit(FOUND)


def _name(row: Any) -> Name:
    child = row.role in CHILD_ROLES  # a register lies open: how old a grown-up is helps nobody to find them
    day = row.died or london_day(utcnow())
    age = words.age(row.born, row.born_precision, day) if row.born and child else ""
    name = " ".join(part for part in (row.forename, row.surname) if part) or "Somebody"
    return Name(row.id, row.ref, name, age, row.family_id, row.family, row.family_ref, bool(row.came))


# --- on the family's page -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Came:
    """What one member came to: a sentence for each kind of session."""

    name: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class FamilyHub:
    """The hub of a family's neighbourhood, where they came in, and what they came to; empty where it must not show."""

    hub: str
    phone: str
    came_in: str
    came: tuple[Came, ...]


_DOOR = (
    select(Site.name)
    .join(CameIn, CameIn.site_id == Site.id)
    .join(Contact, Contact.id == CameIn.contact_id)
    .where(Contact.family_id == Family.id)
    .order_by(Contact.id.desc())
    .limit(1)
    .correlate(Family)
)
_SERVED = (
    select(Hub.name, Hub.phone, _DOOR.scalar_subquery().label("door"))
    .select_from(Family)
    .outerjoin(Hub, Hub.neighbourhood_id == Family.neighbourhood_id)
    .where(Family.id == bindparam("family"))
    .order_by(Hub.id)
)
_CANONICAL = func.coalesce(Person.canonical_id, Person.id)
_CAME = (
    select(_CANONICAL.label("person"), Session.what, func.count(), func.min(Session.at), func.max(Session.at))
    .join(Attendance, Attendance.session_id == Session.id)
    .join(Person, Person.id == Attendance.person_id)
    .where(Attendance.person_id.in_(bindparam("people", expanding=True)), Attendance.superseded_at.is_(None))
    .group_by(_CANONICAL, Session.what)
    .order_by(func.max(Session.at).desc())
)


def of_family(view: FamilyView) -> FamilyHub:
    """What hubs know of this family, as far as `view` lets it be shown. Two statements."""
    hidden = any(person.hidden & rules.KEPT for person in view.people)
    row = rows_of(_SERVED, family=view.id)[0] if not hidden else None
    may_door = view.may("contacts") and not view.shared
    return FamilyHub(
        hub=(row.name or "") if row else "",
        phone=(row.phone or "") if row else "",
        came_in=(row.door or "") if row and may_door else "",
        came=_came(view),
    )


def _came(view: FamilyView) -> tuple[Came, ...]:
    shown = {one.id: one for one in view.people if not one.hidden & rules.KEPT}
    records = [record for one in shown.values() for record in one.records]
    today = london_day(utcnow())
    found: dict[int, list[str]] = {}
    for person, what, number, first, last in rows_of(_CAME, people=records):
        said = rules.came_words(what, number, words.day(london_day(first), today), words.day(london_day(last), today))
        found.setdefault(view.own(person), []).append(said)
    return tuple(Came(one.name, tuple(found[one.id])) for one in shown.values() if one.id in found)


# --- neighbourhoods -------------------------------------------------------------------------------------------------


_AREAS = select(PostcodeArea.prefix, PostcodeArea.from_day, PostcodeArea.neighbourhood_id).where(
    PostcodeArea.prefix.in_(bindparam("prefixes", expanding=True))
)
_TEAM = select(Hub.team_id).where(Hub.neighbourhood_id == bindparam("neighbourhood"))


def neighbourhood_of(postcode: str, on: date) -> int | None:
    """The id of the neighbourhood of a postcode on a day, by the longest beginning that is known; None: not ours."""
    rows = rows_of(_AREAS, prefixes=list(rules.prefixes(postcode)))
    return rules.area_of(postcode, [(row[0], row[1], row[2]) for row in rows], on)


def team_of(neighbourhood_id: int | None) -> int | None:
    """The team of the hub that serves a neighbourhood."""
    found = rows_of(_TEAM, neighbourhood=neighbourhood_id) if neighbourhood_id is not None else ()
    return found[0].team_id if found else None


def site_told(told: str) -> tuple[int, int | None] | None:
    """(site id, team id of its hub) for a site's id or name, or for a hub's name (its first site); None: unknown."""
    found = select(Site.id, Hub.team_id, Site.name, Hub.name).join(Hub, Hub.id == Site.hub_id).order_by(Site.id)
    rows: Sequence[Any] = session.execute(found).all()
    by: Mapping[int, Any] = {row[0]: row for row in rows}
    row = by.get(int(told)) if told.isascii() and told.isdecimal() and len(told) < 10 else None
    for place in (2, 3):
        row = row or next((each for each in rows if fold(each[place]) == fold(told)), None)
    return (row[0], row[1]) if row is not None else None
