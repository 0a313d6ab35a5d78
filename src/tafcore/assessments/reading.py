"""Visits and children's voices as one FamilyView may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.assessments import rules, voice_rules
from tafcore.assessments.models import Visit, VisitPerson, VoiceEntry, VoiceHearer, VoiceResponse
from tafcore.assessments.voice_rules import House
from tafcore.db import rows_of, utcnow
from tafcore.episodes.models import Episode, EpisodeChild
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.models import FamilyMember
from tafcore.people.models import Person
from tafcore.people.same import is_same
from tafcore.standards import service as standards
from tafcore.standards.clock import london_day

SOMEBODY = "Somebody of the team"
PLACE_FACTS = {"school": "school", "hub": "hub"}
"""Venue -> the fact that hides it."""


@dataclass(frozen=True)
class SeenView:
    """When a child was last seen face to face, and when they are next due to be (None: no clock runs).

    `where` is in words and empty when it must not be told; `why_not` is why they were not seen since.
    """

    last_seen: datetime | None
    where: str
    alone: bool | None
    at_home: datetime | None
    why_not: str
    due: datetime | None
    late: bool


@dataclass(frozen=True)
class VisitPersonView:
    """Somebody on a visit."""

    name: str
    child: bool
    seen: bool
    alone: bool | None
    why_not: str | None
    observation: str | None
    ref: str = ""


@dataclass(frozen=True)
class VisitView:
    """A visit; on a shared screen without what was noticed."""

    ref: str
    at: datetime
    where: str
    by: str
    people: tuple[VisitPersonView, ...]
    observation: str | None
    recorder_id: int | None

    @property
    def day(self) -> date:
        return london_day(self.at)


@dataclass(frozen=True)
class ResponseView:
    """What was done about a child's words."""

    words: str
    told_on: date | None
    told_how: str | None
    by: str
    at: datetime


@dataclass(frozen=True)
class VoiceView:
    """A child's own words as this audience may hear them. `harm` is never true on a shared screen.

    `words` are what was said or, `watched`, seen; `houses` those of the three that hold something.
    """

    ref: str
    person_id: int
    child: str
    child_ref: str
    words: str
    houses: tuple[House, ...]
    how: str
    room: str | None
    feeling: str | None
    scale: int | None
    face: int | None
    at: datetime
    by: str
    audience: str
    audience_words: str
    hearers: tuple[str, ...]
    asked: str
    decided_why: str | None
    harm: bool
    recorder_id: int | None
    responses: tuple[ResponseView, ...]

    @property
    def watched(self) -> bool:
        """Of a baby or a child without words: what somebody saw, nothing that the child said."""
        return self.how == rules.WAYS["observation"]

    @property
    def quoted(self) -> str:
        """All of it as one text, what the child said in quotation marks."""
        return voice_rules.quoted(self.words, self.watched, self.houses)

    @property
    def scale_words(self) -> str:
        """The number and the face they gave; empty where they gave none."""
        return voice_rules.scale_words(self.scale, self.face)

    @property
    def day(self) -> date:
        return london_day(self.at)


def _known(view: FamilyView, person_id: int) -> bool:
    """Whether anything about this person may be shown: not to those who may not know that there is help at all."""
    return view.may_see(person_id) and view.may_see_fact(person_id, "help")


def _where(view: FamilyView, venue: str, person_ids: list[int]) -> str:
    fact = PLACE_FACTS.get(venue)
    told = fact is None or all(view.may_see_fact(person_id, fact) for person_id in person_ids)
    return rules.VENUES[venue] if told else ""


def by_whom(view: FamilyView, by: str) -> str:
    """Who wrote it, unless a worker is hidden for anybody here: the same worker may have seen the others too."""
    return SOMEBODY if "worker" in view.covered else by


_FAMILY: Any = bindparam("family")
_OPEN = exists(
    select(Episode.id).where(
        Episode.id == EpisodeChild.episode_id, Episode.family_id == FamilyMember.family_id, Episode.state != "closed"
    )
)
_KNOWN_BY, _RECORD = aliased(Person), aliased(Person)
_SEEN = (
    select(
        FamilyMember.person_id,
        EpisodeChild.joined_at,
        VisitPerson.seen,
        VisitPerson.alone,
        VisitPerson.why_not,
        Visit.happened_at,
        Visit.venue,
    )
    .select_from(FamilyMember)
    .join(_KNOWN_BY, _KNOWN_BY.id == FamilyMember.person_id)
    .join(_RECORD, is_same(_RECORD, _KNOWN_BY))
    .outerjoin(
        EpisodeChild,
        and_(EpisodeChild.person_id == _RECORD.id, EpisodeChild.ended_at.is_(None), _OPEN),
    )
    .outerjoin(VisitPerson, VisitPerson.person_id == _RECORD.id)
    .outerjoin(
        Visit,
        and_(Visit.id == VisitPerson.visit_id, Visit.family_id == FamilyMember.family_id, Visit.in_error.is_(None)),
    )
    .where(FamilyMember.family_id == _FAMILY, FamilyMember.left.is_(None))
    .order_by(Visit.happened_at, Visit.id)
)
"""When each member joined the episode that is open, with a row for each visit they are named in."""


def children_seen(view: FamilyView) -> Mapping[int, SeenView]:
    """person id -> when each child was last seen and is next due: 10 working days from opening, then every 6 weeks
    (the standards in force). One statement; an unborn child has no clock, nor has one who died."""
    if not view.may("visits"):
        return {}
    view = view.only("visits")
    children = [child for child in view.children if _known(view, child.id)]
    rows: dict[int, list[Any]] = defaultdict(list)
    joined_at: dict[int, datetime | None] = {}
    for row in rows_of(_SEEN, family=view.id):
        child = view.own(row.person_id)
        joined = [when for when in (joined_at.get(child), row.joined_at) if when is not None]
        joined_at[child] = min(joined, default=None)
        if row.venue is not None:  # a visit to this family
            rows[child].append(row)
    now = utcnow()
    return {
        child.id: _seen(view, child.id, rows[child.id], joined_at.get(child.id) if _sought(child) else None, now)
        for child in children
    }


def _sought(child: PersonView) -> bool:
    """Whether somebody is to see this child."""
    return child.role != "unborn" and child.died is None


def _seen(view: FamilyView, child_id: int, rows: list[Any], joined_at: datetime | None, now: datetime) -> SeenView:
    faces = [row for row in rows if row.seen and row.venue in rules.FACE_TO_FACE]
    last = faces[-1] if faces else None
    home = [row.happened_at for row in faces if row.venue == "home"]
    missed = [
        row.why_not or "" for row in rows if not row.seen and (last is None or row.happened_at > last.happened_at)
    ]
    due = next_due(joined_at, last.happened_at if last else None)
    return SeenView(
        last_seen=last.happened_at if last else None,
        where=_where(view, last.venue, [child_id]) if last else "",
        alone=last.alone if last else None,
        at_home=home[-1] if home else None,
        why_not=missed[-1] if missed and not view.shared else "",
        due=due,
        late=due is not None and due < now,
    )


def next_due(joined_at: datetime | None, last_seen: datetime | None) -> datetime | None:
    """When a child of an open episode is to be seen next; None where no clock runs."""
    if joined_at is None:
        return None
    if last_seen is None or london_day(last_seen) < london_day(joined_at):
        return standards.due("child_seen_first", joined_at)
    return standards.due("child_seen_again", last_seen)


_VISITS = (
    select(Visit)
    .where(Visit.family_id == _FAMILY, Visit.in_error.is_(None))
    .order_by(Visit.happened_at.desc(), Visit.id.desc())
    .limit(bindparam("most"))
)
_THERE = (
    select(VisitPerson)
    .join(Visit, Visit.id == VisitPerson.visit_id)
    .where(Visit.family_id == _FAMILY)
    .order_by(VisitPerson.id)
)


def visits_of(view: FamilyView, limit: int = 50) -> tuple[VisitView, ...]:
    """The newest visits, two statements. On a shared screen what was noticed stays out."""
    if not view.may("visits"):
        return ()
    view = view.only("visits")
    visits = rows_of(_VISITS, family=view.id, most=limit)
    people: dict[int, list[Any]] = defaultdict(list)
    for row in rows_of(_THERE, family=view.id):
        people[row.visit_id].append(row)
    return tuple(
        _visit(view, visit, people[visit.id])
        for visit in visits
        if not people[visit.id] or any(_known(view, row.person_id) for row in people[visit.id])
    )


def _visit(view: FamilyView, visit: Any, rows: list[Any]) -> VisitView:
    known = [row for row in rows if _known(view, row.person_id)]
    ids = [row.person_id for row in known]
    children = {record for child in view.children for record in child.records}
    private = view.shared
    others = not view.whole and len(known) < len(rows)
    return VisitView(
        ref=visit.ref,
        at=visit.happened_at,
        where=_where(view, visit.venue, ids),
        by=by_whom(view, visit.by),
        observation=None if private or others else visit.observation,
        recorder_id=visit.recorder_id,
        people=tuple(
            VisitPersonView(
                name=view.name_of(row.person_id),
                child=row.person_id in children,
                seen=row.seen,
                alone=row.alone,
                why_not=None if private else row.why_not,
                observation=None if private else row.observation,
                ref=person.ref if (person := view.seen(row.person_id)) else "",
            )
            for row in known
        ),
    )


_NEWEST = (
    select(VoiceEntry)
    .where(VoiceEntry.family_id == _FAMILY, VoiceEntry.in_error.is_(None))
    .order_by(VoiceEntry.happened_at.desc(), VoiceEntry.id.desc())
    .limit(bindparam("most"))
)
_ENTRY = aliased(VoiceEntry, _NEWEST.subquery())
_VOICES = (
    select(
        _ENTRY,
        VoiceHearer.person_id.label("hearer_id"),
        VoiceResponse.id.label("answer_id"),
        VoiceResponse.words.label("answer"),
        VoiceResponse.told_on,
        VoiceResponse.told_how,
        VoiceResponse.at.label("answered_at"),
        VoiceResponse.by.label("answered_by"),
    )
    .select_from(_ENTRY)
    .outerjoin(VoiceHearer, VoiceHearer.voice_id == _ENTRY.id)
    .outerjoin(VoiceResponse, VoiceResponse.voice_id == _ENTRY.id)
    .order_by(_ENTRY.happened_at.desc(), _ENTRY.id.desc(), VoiceResponse.id)
)
"""A row for each answer to each entry, for each who may hear it."""


def voices(view: FamilyView, actor: Actor | None = None, limit: int = 200) -> tuple[VoiceView, ...]:
    """Children's words, newest first, one statement.

    Before family members only what all the adults among them may hear. Alone, the team's and the parents' entries, and
    those for recorder and manager only if `actor` recorded them or the view is the manager's.
    """
    if not view.may("voices"):
        return ()
    view = view.only("voices")
    entries: dict[int, Any] = {}
    hearers: dict[int, set[int]] = defaultdict(set)
    answers: dict[int, dict[int, Any]] = defaultdict(dict)
    for row in rows_of(_VOICES, family=view.id, most=limit):
        entries[row.id] = row
        if row.hearer_id is not None:
            hearers[row.id].add(view.own(row.hearer_id))
        if row.answer_id is not None:
            answers[row.id][row.answer_id] = row
    return tuple(
        _voice(view, row, hearers[row.id], list(answers[row.id].values()))
        for row in entries.values()
        if _heard(view, row, frozenset(hearers[row.id]), actor)
    )


def said_by(view: FamilyView, person_id: int, limit: int = 50) -> tuple[VoiceView, ...]:
    """What a child said, for that child alone: what they told in confidence too, but no words that suggest harm, which
    stay out of whatever a family reads. One statement."""
    if not view.may("voices"):
        return ()
    entries: dict[int, Any] = {}
    answers: dict[int, dict[int, Any]] = defaultdict(dict)
    for row in rows_of(_VOICES, family=view.id, most=limit):
        if view.own(row.person_id) != person_id or row.harm:
            continue
        entries[row.id] = row
        if row.answer_id is not None:
            answers[row.id][row.answer_id] = row
    return tuple(_voice(view, row, set(), list(answers[row.id].values())) for row in entries.values())


def last_said(said: Iterable[VoiceView]) -> Mapping[int, VoiceView]:
    """person id -> the newest words of each child among `voices`."""
    found: dict[int, VoiceView] = {}
    for voice in said:
        found.setdefault(voice.person_id, voice)
    return found


def _heard(view: FamilyView, row: Any, hearers: frozenset[int], actor: Actor | None) -> bool:
    if not _known(view, row.person_id):
        return False
    if view.shared:
        adults = view.adult_ids & view.audience
        return rules.may_hear(row.audience, row.harm, hearers, adults)
    if row.audience != "recorder" or "manage" in view.scopes:
        return True
    return actor is not None and actor.user_id is not None and actor.user_id == row.recorder_id


def _voice(view: FamilyView, row: Any, hearers: set[int], answers: list[Any]) -> VoiceView:
    return VoiceView(
        ref=row.ref,
        person_id=view.own(row.person_id),
        child=view.name_of(row.person_id),
        child_ref=child.ref if (child := view.seen(row.person_id)) else "",
        words=row.words,
        houses=tuple(House(key, said) for key in voice_rules.HOUSES if (said := getattr(row, key))),
        how=rules.WAYS[row.how],
        room=row.room,
        feeling=row.feeling,
        scale=row.scale,
        face=row.face,
        at=row.happened_at,
        by=by_whom(view, row.recorded_by),
        audience=row.audience,
        audience_words=rules.HEARD_BY[row.audience],
        hearers=tuple(view.name_of(person_id) for person_id in sorted(hearers) if view.may_see(person_id)),
        asked=row.asked,
        decided_why=row.decided_why,
        harm=row.harm and not view.shared,
        recorder_id=row.recorder_id,
        responses=tuple(
            ResponseView(one.answer, one.told_on, one.told_how, by_whom(view, one.answered_by), one.answered_at)
            for one in answers
        ),
    )
