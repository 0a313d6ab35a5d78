"""Children by when they were last seen and heard, in the families that somebody leads or manages.

Searched, filtered, sorted and paged in a fixed number of statements. Pages are found by the reference of the last
child, so that no name is ever part of an address. Where only its recorder and the manager may hear what was said,
nobody else learns here that it was said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased

from tafcore.accounts.models import Team
from tafcore.actor import Actor
from tafcore.assessments import rules
from tafcore.assessments.clock import started_before
from tafcore.assessments.models import Visit, VisitPerson, VoiceEntry
from tafcore.assessments.reading import next_due
from tafcore.db import UTCDateTime, like, rows_of, utcnow
from tafcore.episodes.models import Episode, EpisodeChild
from tafcore.episodes.whose import led_or_managed
from tafcore.families.access import managed
from tafcore.families.asking import ids_of, made_once
from tafcore.families.models import Family, FamilyMember
from tafcore.folding import fold
from tafcore.people.models import Person
from tafcore.people.same import is_called, is_restricted, is_same, known, known_precision, lives, same
from tafcore.references import BadReference, read_ref
from tafcore.standards import words
from tafcore.standards.clock import london_day

PAGE = 25
SHOW = {
    "late": "Not seen in time",
    "never_seen": "Never seen face to face",
    "never_heard": "Never heard",
    "all": "All children with early help open",
}
SORTS = {"seen": "Longest not seen", "heard": "Longest not heard", "name": "Family name"}

_FIRST_BEFORE = bindparam("first_before", type_=UTCDateTime())
_AGAIN_BEFORE = bindparam("again_before", type_=UTCDateTime())
_SAID_TO = bindparam("said_to", type_=Integer())


@dataclass(frozen=True)
class Asked:
    """What somebody asked of the list. `team` is an id, 0 for all; `after` is the reference of the last child."""

    q: str = ""
    show: str = "late"
    sort: str = "seen"
    team: int = 0
    after: str = ""


@dataclass(frozen=True)
class ChildRow:
    """A child whose family has early help open: when they were last seen face to face and heard (None: never), and when
    they are next due to be seen."""

    ref: str
    name: str
    family_ref: str
    family: str
    team: str
    joined_at: datetime
    seen_at: datetime | None
    heard_at: datetime | None
    due: datetime
    late: bool


@dataclass(frozen=True)
class ChildPage:
    """A page of rows; `after` continues it, empty at the end. `teams` (id -> name) are those to choose from."""

    rows: tuple[ChildRow, ...] = ()
    after: str = ""
    teams: Mapping[int, str] = field(default_factory=dict)


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, sort, team = values.get("show", ""), values.get("sort", ""), values.get("team", "")
    return Asked(
        q=values.get("q", "").strip()[:100],
        show=show if show in SHOW else "late",
        sort=sort if sort in SORTS else "heard" if show == "never_heard" else "seen",
        team=int(team) if team.isascii() and team.isdigit() and len(team) < 10 else 0,
        after=values.get("after", "")[:12],
    )


def children(actor: Actor, asked: Asked, limit: int = PAGE) -> ChildPage:
    """The children of whom this actor leads or manages the family, that answer `asked`. Two statements."""
    now = utcnow()
    ref = _exact(asked.q)
    variant = (asked.show, asked.sort, bool(asked.q), bool(ref), bool(asked.team), bool(asked.after))
    statement = made_once("assessments.children_list", actor, lambda one: _listed(one, asked, bool(ref)), *variant)
    values = {**ids_of(actor), "named": like(fold(asked.q)), "ref": ref, "last": asked.after, "team": asked.team}
    values |= {"first_before": started_before("child_seen_first", now, now), "said_to": actor.user_id}
    values |= {"again_before": started_before("child_seen_again", now, now), "most": limit + 1}
    found = rows_of(statement, **values)
    rows = [_row(row, now) for row in found[:limit]]
    if asked.show == "late":  # the statement counts in moments, the standard in days
        rows = [row for row in rows if row.late]
    teams = {row.id: row.name for row in rows_of(made_once("assessments.teams", actor, _teams), **ids_of(actor))}
    return ChildPage(tuple(rows), found[limit - 1].ref if len(found) > limit else "", teams)


def _exact(q: str) -> str | None:
    try:
        return read_ref(q, "F")
    except BadReference:
        return None


def _row(row: Any, now: datetime) -> ChildRow:
    today = london_day(now)
    age = words.age(row.born, row.born_precision, today) if row.born else ""
    due = next_due(row.joined_at, row.seen_at)
    assert due is not None, "help is open for each child listed"
    return ChildRow(
        ref=row.ref,
        name=f"{row.called or 'A child'} {age}".strip(),
        family_ref=row.family_ref,
        family=row.family,
        team=row.team or "",
        joined_at=row.joined_at,
        seen_at=row.seen_at,
        heard_at=row.heard_at,
        due=due,
        late=due < now,
    )


def _teams(actor: Actor) -> Any:
    mine = select(Family.team_id).where(led_or_managed(actor), Family.open_since.is_not(None))
    return select(Team.id, Team.name).where(Team.id.in_(mine)).order_by(Team.name, Team.id)


def _listed(actor: Actor, asked: Asked, typed: bool) -> Any:
    """The next rows of the list; made once for each kind of question."""
    searched = bool(asked.q) and not typed
    # Put together once: SQLite would look again for when somebody was seen wherever that is asked.
    rows = _children(actor, searched).cte("helped").prefix_with("MATERIALIZED")
    key = _sorted_by(rows, asked.sort)
    found = select(rows).where(*_shown(rows, asked.show))
    if typed:
        found = found.where(rows.c.family_ref == bindparam("ref", type_=String()))
    elif searched:
        found = found.where(rows.c.found)
    if asked.team:
        found = found.where(rows.c.team_id == bindparam("team", type_=Integer()))
    if asked.after:
        last = rows.alias("last_row")
        here = last.c.ref == bindparam("last", type_=String())
        at = select(_sorted_by(last, asked.sort)).where(here).scalar_subquery()
        at_id = select(last.c.id).where(here).scalar_subquery()
        found = found.where(or_(key > at, and_(key == at, rows.c.id > at_id)))
    return found.order_by(key, rows.c.id).limit(bindparam("most", type_=Integer()))


def _sorted_by(rows: Any, sort: str) -> ColumnElement[Any]:
    if sort == "name":
        return rows.c.sort_name
    return func.coalesce(rows.c.heard_at if sort == "heard" else rows.c.seen_at, rows.c.joined_at)


def _shown(rows: Any, show: str) -> Sequence[ColumnElement[bool]]:
    never = rows.c.seen_at.is_(None)
    if show == "late":
        first = or_(never, rows.c.seen_at < rows.c.joined_at)
        return [or_(and_(first, rows.c.joined_at < _FIRST_BEFORE), and_(~never, rows.c.seen_at < _AGAIN_BEFORE))]
    return {"never_seen": [never], "never_heard": [rows.c.heard_at.is_(None)]}.get(show, [])


def _children(actor: Actor, searched: bool) -> Any:
    """Each child once, by the record that stands for them, whichever record the family, a visit or an entry names.

    Where it is `searched`, with whether child or family is called so; nobody restricted is found by their own name.
    """
    stands, helped, known_by = aliased(Person), aliased(Person), aliased(Person)
    whole = func.max(case((known_by.id == stands.id, known_by.ref)))
    children = (
        select(
            stands.id,
            func.coalesce(whole, func.max(known_by.ref)).label("ref"),
            func.coalesce(func.nullif(stands.called, ""), stands.forename).label("called"),
            known(stands, "born").label("born"),
            known_precision(stands).label("born_precision"),
            Family.ref.label("family_ref"),
            Family.name.label("family"),
            Family.sort_name,
            Family.team_id,
            Team.name.label("team"),
            func.min(EpisodeChild.joined_at, type_=UTCDateTime()).label("joined_at"),
            _seen_at(stands).label("seen_at"),
            _heard_at(stands, actor).label("heard_at"),
        )
        .select_from(Family)
        .join(Episode, and_(Episode.family_id == Family.id, Episode.state != "closed"))
        .join(EpisodeChild, and_(EpisodeChild.episode_id == Episode.id, EpisodeChild.ended_at.is_(None)))
        .join(helped, helped.id == EpisodeChild.person_id)
        .join(stands, stands.id == same(helped))
        .join(known_by, is_same(known_by, helped))
        .join(FamilyMember, and_(FamilyMember.person_id == known_by.id, FamilyMember.family_id == Family.id))
        .outerjoin(Team, Team.id == Family.team_id)
        .where(led_or_managed(actor), Family.open_since.is_not(None), FamilyMember.left.is_(None))
        .where(FamilyMember.role != "unborn", lives(stands))
        .group_by(stands.id, Family.id, Team.id)
    )
    if not searched:
        return children
    pattern = bindparam("named", type_=String())
    called = and_(is_called(stands, pattern), ~is_restricted(stands))
    return children.add_columns(or_(Family.sort_name.like(pattern, escape="\\"), called).label("found"))


def _seen_at(stands: Any) -> ColumnElement[Any]:
    record = aliased(Person)
    return (
        select(func.max(Visit.happened_at, type_=UTCDateTime()))
        .join(VisitPerson, VisitPerson.visit_id == Visit.id)
        .join(record, record.id == VisitPerson.person_id)
        .where(is_same(record, stands), Visit.family_id == Family.id, VisitPerson.seen)
        .where(Visit.venue.in_(rules.FACE_TO_FACE), Visit.in_error.is_(None))
        .correlate(stands, Family)
        .scalar_subquery()
    )


def _heard_at(stands: Any, actor: Actor) -> ColumnElement[Any]:
    record = aliased(Person)
    told = or_(VoiceEntry.audience != "recorder", VoiceEntry.recorder_id == _SAID_TO, managed(actor))
    return (
        select(func.max(VoiceEntry.happened_at, type_=UTCDateTime()))
        .join(record, record.id == VoiceEntry.person_id)
        .where(is_same(record, stands), VoiceEntry.family_id == Family.id, VoiceEntry.in_error.is_(None), told)
        .correlate(stands, Family)
        .scalar_subquery()
    )
