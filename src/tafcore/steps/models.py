"""Tables of steps between early help and statutory services, and of follow-up after closing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Addressed, Row, utcnow


class Step(Addressed):
    """A step up or down (`direction`), in a state of steps.rules.PATHS.

    A step-up keeps its `pack` (JSON) as it was sent, and a decision clock `due_at`; a step-down has a proposed lead
    professional and the day statutory work closes.
    """

    __tablename__ = "step"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    contact_ref: Mapped[str | None] = mapped_column(String(12))
    direction: Mapped[str] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(15))
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    made_by: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_by_team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    reasons: Mapped[str]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None]
    # up
    immediate_risk: Mapped[bool] = mapped_column(default=False)
    risk_words: Mapped[str | None]
    agreement: Mapped[str | None] = mapped_column(String(10))
    without_why: Mapped[str | None]
    help_continues: Mapped[bool] = mapped_column(default=True)
    pack: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    received_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decision: Mapped[str | None] = mapped_column(String(15))
    returned_for: Mapped[str | None] = mapped_column(String(15))
    answer: Mapped[str | None]
    ring: Mapped[str | None]
    # down
    from_status: Mapped[str | None] = mapped_column(String(20))
    contingency_if: Mapped[str | None]
    contingency_then: Mapped[str | None]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lead_accepted_at: Mapped[datetime | None]
    declined_why: Mapped[str | None]
    handover_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    first_taf_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_step_family", "family_id", "state"),
        Index("ix_step_state", "state", "due_at"),
        Index(
            "ix_step_lead",
            "lead_id",
            "direction",
            "state",
            "family_id",
            sqlite_where=text("lead_id IS NOT NULL"),
            postgresql_where=text("lead_id IS NOT NULL"),
        ),
    )


class StepChild(Row):
    """That a step is about this child: one sibling may go up while two stay."""

    __tablename__ = "step_child"
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    __table_args__ = (UniqueConstraint("step_id", "person_id"),)


class StepAction(Row):
    """An action left over from statutory work; `action_ref` is what became of it in the early help plan."""

    __tablename__ = "step_action"
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    words: Mapped[str]
    done_by: Mapped[str]
    due: Mapped[date]
    action_ref: Mapped[str | None] = mapped_column(String(12))


class FollowUp(Row):
    """Has it held? Asked 3, 6 and 12 months after closing; `ended_at` without `outcome`: the episode was reopened."""

    __tablename__ = "follow_up"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    months: Mapped[int]
    opens_at: Mapped[datetime]
    due: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(15))
    words: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    __table_args__ = (
        Index("ix_follow_up_due", "ended_at", "due"),
        Index("ix_follow_up_episode", "episode_id", "months"),
    )
