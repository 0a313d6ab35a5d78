"""Tables of plans. What a plan was on any day is read from creation, ending, updates and superseded facts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Addressed, Fact, Row, utcnow


class Plan(Row):
    """The one plan of an episode, live as long as the episode is not closed."""

    __tablename__ = "plan"
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), unique=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    created_by: Mapped[str]


class Part(Addressed):
    """What parts of a plan share: they end (`ended_why`: recorded in error) but are never deleted."""

    __abstract__ = True
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    created_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]


class Need(Part):
    """A need of a person, or of the whole family (`person_id` empty), in the family's words.

    `outcome` is a code of assessments.sections.OUTCOMES; `gap_reason` says why there is no goal yet.
    `assessed_need_id`: taken over, word for word, from an assessment. `withheld_why`: only its person and workers read
    it and what hangs under it, as that person wishes (`withheld_said_by`: who said so). `meeting_id`: agreed there.
    """

    __tablename__ = "need"
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    outcome: Mapped[int]
    words: Mapped[str]
    gap_reason: Mapped[str | None]
    gap_said_at: Mapped[datetime | None]
    withheld_why: Mapped[str | None]
    withheld_said_by: Mapped[str | None]
    meeting_id: Mapped[int | None]
    assessed_need_id: Mapped[int | None] = mapped_column(ForeignKey("assessed_need.id"))
    __table_args__ = (
        Index(
            "uq_need_assessed",
            "assessed_need_id",
            unique=True,
            sqlite_where=text("assessed_need_id IS NOT NULL"),
            postgresql_where=text("assessed_need_id IS NOT NULL"),
        ),
    )


class NeedOutcome(Fact, Row):
    """How a need stands at closing, as one judge sees it (`judged_by`: lead, family, measure)."""

    __tablename__ = "need_outcome"
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    judged_by: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(10))
    evidence: Mapped[str | None]
    __table_args__ = (Index("ix_need_outcome_when", "judged_by", "happened_at"),)


class Goal(Part):
    """What will be different, by when. `gap_reason` says why there is no action yet; `meeting_id`: agreed there."""

    __tablename__ = "goal"
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    words: Mapped[str]
    due: Mapped[date]
    gap_reason: Mapped[str | None]
    gap_said_at: Mapped[datetime | None]
    meeting_id: Mapped[int | None]


class GoalPerson(Row):
    """Who benefits from a goal; nobody named means the whole family."""

    __tablename__ = "goal_person"
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class GoalRating(Fact, Row):
    """How a goal stands at a review (met, better, same, worse), with what shows it; `meeting_id` where it was rated."""

    __tablename__ = "goal_rating"
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    rating: Mapped[str] = mapped_column(String(6))
    evidence: Mapped[str | None]
    meeting_id: Mapped[int | None] = mapped_column(index=True)


class Action(Part):
    """What somebody will do. Exactly one owner: a user, a person of the family, or a name (`owner_name`).

    `goal_id` is empty for actions that came with a step-down and have no goal yet. `state` and `due` repeat the newest
    ActionUpdate, for lists.
    """

    __tablename__ = "action"
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    goal_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"), index=True)
    words: Mapped[str]
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    owner_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    owner_name: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(10), default="to_do")
    due: Mapped[date]
    __table_args__ = (
        Index("ix_action_owner", "owner_user_id", "state", "due"),
        Index("ix_action_due", "due"),
    )


class ActionUpdate(Row):
    """A step in an action's history: its state, day and words from then on. `done_on` is the day it came to be done;
    `withheld`: the words may suggest harm, and only workers read them."""

    __tablename__ = "action_update"
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    due: Mapped[date]
    words: Mapped[str | None]
    withheld: Mapped[bool] = mapped_column(default=False, server_default=false())
    done_on: Mapped[date | None]
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    by: Mapped[str]


class PlanMeasure(Part):
    """A scale or number with a direction, under a need.

    `key` names a measure of rules.PRESETS or of a plugin (whose readings are asked of the plugin); empty for one of the
    family's own. `better` is "up" or "down".
    """

    __tablename__ = "plan_measure"
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    key: Mapped[str | None] = mapped_column(String(60))
    title: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    better: Mapped[str] = mapped_column(String(4))
    baseline: Mapped[float | None]
    target: Mapped[float | None]


class MeasureReading(Fact, Row):
    """A value on a day; a second one for the same day corrects the first."""

    __tablename__ = "measure_reading"
    measure_id: Mapped[int] = mapped_column(ForeignKey("plan_measure.id"))
    day: Mapped[date]
    value: Mapped[float]
    __table_args__ = (Index("ix_measure_reading_day", "measure_id", "day"),)


class ActionLink(Row):
    """A one-off link, known only by the hash of its token, by which whoever owns an action without having an account
    says how it stands. One to an action: making another ends the one before. `times`: how often it was used."""

    __tablename__ = "action_link"
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    organisation: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    sector: Mapped[str] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    made_by: Mapped[str]
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    times: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    recalled_at: Mapped[datetime | None]


class PartChange(Row):
    """That one part of a plan (exactly one of the four) was put in other words, moved, or given to somebody else: what
    it was until then. The part itself says what it is now; `words` is a measure's title, `due` a goal's.
    """

    __tablename__ = "part_change"
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"))
    goal_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("plan_measure.id"))
    words: Mapped[str]
    due: Mapped[date | None]
    owner_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    owner_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    owner_name: Mapped[str | None]
    target: Mapped[float | None]
    why: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    by: Mapped[str]
