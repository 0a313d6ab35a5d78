"""The facts behind the core's drift rules: for many families at once, one to three statements for each rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, func, select
from sqlalchemy.orm import aliased

from tafcore.assessments.models import Visit, VisitPerson
from tafcore.contributions import DriftRule
from tafcore.db import rows_of
from tafcore.drift import rules
from tafcore.episodes.models import Episode, EpisodeChild, LeadGap
from tafcore.families.members import records_in
from tafcore.meetings.models import Meeting, MeetingScale
from tafcore.people.models import Person
from tafcore.people.same import lives
from tafcore.plans.models import Action, ActionUpdate, Goal, GoalRating, Need, Plan
from tafcore.plans.rules import OPEN_STATES
from tafcore.standards import service as standards
from tafcore.standards.clock import london_day
from tafcore.standards.rules import in_force

Said = Sequence[tuple[int, str]]


FAMILIES = bindparam("families", type_=Integer(), expanding=True)


def _open(*columns: Any) -> Select[Any]:
    return select(*columns).where(Episode.family_id.in_(FAMILIES), Episode.state != "closed")


def _of(statement: Select[Any], family_ids: Sequence[int]) -> Any:
    """The rows of a statement about open episodes; each is made once, since that costs more than asking."""
    return rows_of(statement, families=list(family_ids))


ACTIONS = (
    _open(Episode.family_id, func.max(ActionUpdate.at), func.count(case((Action.state.in_(OPEN_STATES), 1))))
    .join(Plan, Plan.episode_id == Episode.id)
    .join(Action, (Action.plan_id == Plan.id) & Action.ended_at.is_(None))
    .join(ActionUpdate, ActionUpdate.action_id == Action.id)
    .group_by(Episode.family_id)
)
_COMING = aliased(Meeting)
_PLANNED = select(_COMING.id).where(_COMING.episode_id == Episode.id, _COMING.state == "scheduled").exists()
MEETINGS = (
    _open(Episode.family_id, Episode.opened_at, func.max(Meeting.starts_at))
    .outerjoin(Meeting, (Meeting.episode_id == Episode.id) & (Meeting.kind == "taf"))
    .where(~_PLANNED)
    .group_by(Episode.family_id, Episode.opened_at)
)
_HELPED = records_in(FAMILIES)
_VISITED = records_in(FAMILIES)
CHILDREN = (
    _open(
        Episode.family_id,
        func.coalesce(func.nullif(Person.called, ""), Person.forename),
        func.min(EpisodeChild.joined_at),
        func.max(Visit.happened_at),
    )
    .join(EpisodeChild, (EpisodeChild.episode_id == Episode.id) & EpisodeChild.ended_at.is_(None))
    .join(_HELPED, (_HELPED.c.record_id == EpisodeChild.person_id) & (_HELPED.c.family_id == Episode.family_id))
    .join(Person, Person.id == _HELPED.c.person_id)
    .join(_VISITED, (_VISITED.c.person_id == Person.id) & (_VISITED.c.family_id == Episode.family_id))
    .outerjoin(VisitPerson, (VisitPerson.person_id == _VISITED.c.record_id) & VisitPerson.seen)
    .outerjoin(Visit, (Visit.id == VisitPerson.visit_id) & Visit.in_error.is_(None) & (Visit.venue != "virtual"))
    .where(_HELPED.c.role != "unborn", lives())
    .group_by(Episode.family_id, Person.id, Person.called, Person.forename)
    .order_by(Person.id)
)
"""Each child once, whichever of their records is in the episode and whichever a visit names."""
LEADS = _open(Episode.family_id, LeadGap.from_at, LeadGap.due).join(
    LeadGap, (LeadGap.episode_id == Episode.id) & LeadGap.ended_at.is_(None)
)
LENGTH = _open(Episode.family_id, Episode.opened_at)
REVIEWS = (
    _open(Episode.family_id, GoalRating.meeting_id, GoalRating.rating)
    .join(Plan, Plan.episode_id == Episode.id)
    .join(Need, Need.plan_id == Plan.id)
    .join(Goal, (Goal.need_id == Need.id) & Goal.ended_at.is_(None))
    .join(GoalRating, (GoalRating.goal_id == Goal.id) & GoalRating.superseded_at.is_(None))
    .where(GoalRating.meeting_id.is_not(None))
    .order_by(GoalRating.happened_at.desc(), GoalRating.id)
)
SCALES = (
    _open(Episode.family_id, func.min(MeetingScale.value))
    .join(Meeting, (Meeting.episode_id == Episode.id) & (Meeting.kind == "taf"))
    .join(MeetingScale, MeetingScale.meeting_id == Meeting.id)
    .where(MeetingScale.person_id.is_not(None), MeetingScale.private.is_(False))
    .group_by(Episode.family_id, Meeting.id, Meeting.starts_at)
    .order_by(Meeting.starts_at.desc())
)


def _told(pairs: list[tuple[int, str]]) -> Said:
    return [(family_id, sentence) for family_id, sentence in pairs if sentence]


def actions(now: datetime, family_ids: Sequence[int]) -> Said:
    """No action has moved for as long as a review may take."""
    return _told(
        [
            (family_id, rules.nothing_moved(moved, standards.due("taf_review", moved), number, now))
            for family_id, moved, number in _of(ACTIONS, family_ids)
        ]
    )


def meetings(now: datetime, family_ids: Sequence[int]) -> Said:
    """No TAF meeting is planned though the next one is due."""
    said = []
    for family_id, opened_at, held in _of(MEETINGS, family_ids):
        due = standards.due("taf_review", held) if held else standards.due("first_taf", opened_at)
        said.append((family_id, rules.no_meeting(due, held, now)))
    return _told(said)


def children(now: datetime, family_ids: Sequence[int]) -> Said:
    """A child whom nobody has seen face to face within the standard."""
    said = []
    for family_id, name, joined_at, seen in _of(CHILDREN, family_ids):
        due = standards.due("child_seen_again", seen) if seen else standards.due("child_seen_first", joined_at)
        said.append((family_id, rules.not_seen(name or "A child", seen, joined_at, due, now)))
    return _told(said)


def leads(now: datetime, family_ids: Sequence[int]) -> Said:
    """A gap without a lead professional that is longer than it may be."""
    return _told([(family_id, rules.no_lead(since, due, now)) for family_id, since, due in _of(LEADS, family_ids)])


def length(now: datetime, family_ids: Sequence[int]) -> Said:
    """Open so long that a consultation is asked for."""
    return _told(
        [
            (family_id, rules.long_open(opened_at, standards.due("drift_long_open", opened_at), now))
            for family_id, opened_at in _of(LENGTH, family_ids)
        ]
    )


def reviews(now: datetime, family_ids: Sequence[int]) -> Said:
    """Several reviews without a goal that got better."""
    needed = in_force(standards.all_standards(), "drift_no_better", london_day(now)).length
    given: dict[int, dict[int, list[str]]] = {}
    for family_id, meeting_id, rating in _of(REVIEWS, family_ids):
        given.setdefault(family_id, {}).setdefault(meeting_id, []).append(rating)
    return _told([(family_id, rules.no_better(list(found.values()), needed)) for family_id, found in given.items()])


def scales(now: datetime, family_ids: Sequence[int]) -> Said:
    """The family's own number has not risen over several meetings; what was said in private is left out."""
    needed = in_force(standards.all_standards(), "drift_no_better", london_day(now)).length
    given: dict[int, list[int]] = {}
    for family_id, lowest in _of(SCALES, family_ids):
        given.setdefault(family_id, []).append(lowest)
    return _told([(family_id, rules.flat_scale(values, needed)) for family_id, values in given.items()])


RULES = (
    DriftRule("no_lead", "Nobody leads", leads, 10),
    DriftRule("not_seen", "A child is not seen", children, 20),
    DriftRule("no_meeting", "No TAF meeting is planned", meetings, 30),
    DriftRule("no_action", "No action moves", actions, 40),
    DriftRule("no_better", "No goal gets better", reviews, 50),
    DriftRule("flat_scale", "The family's scale does not rise", scales, 60),
    DriftRule("long_open", "Open for a long time", length, 70),
)
