"""Tables of agreement and sharing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Addressed, Row, utcnow

_WAITING = text("reviewed_at IS NULL")


class Agreement(Row):
    """A person's answer to an offered service. `scope`: space-separated sectors agreed to, nothing assumed.

    `status`: agreed, not_now, not_asked, withdrawn.
    """

    __tablename__ = "agreement"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[str] = mapped_column(String(10))
    scope: Mapped[str] = mapped_column(default="")
    told: Mapped[str | None]
    reason: Mapped[str | None]
    plan_b: Mapped[str | None]
    follow_up_on: Mapped[date | None]
    from_at: Mapped[datetime] = mapped_column(default=utcnow)
    review_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    recorded_by: Mapped[str]


class SharingBasis(Row):
    """The lawful basis on which this family's information is shared."""

    __tablename__ = "sharing_basis"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    basis: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str | None]
    from_at: Mapped[datetime] = mapped_column(default=utcnow)
    recorded_by: Mapped[str]


class SharingDecision(Row):
    """A decision to share or not: what, with whom, why, by whom; on which basis (rules.BASES), where that is said.

    Not shared on the duty to share: `why` says why sharing would be more detrimental to the child.
    """

    __tablename__ = "sharing_decision"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    shared: Mapped[bool]
    what: Mapped[str]
    with_whom: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    why: Mapped[str]
    basis: Mapped[str | None] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    decided_by: Mapped[str]


class BrokenGlass(Addressed):
    """That a user opened a family's record without any other reason, until when, and what a reviewer found.

    `why` is one of rules.GLASS_WHY, `outcome` of rules.GLASS_OUTCOMES. Ended sooner, `until_at` is when.
    """

    __tablename__ = "broken_glass"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by: Mapped[str]
    why: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    until_at: Mapped[datetime]
    ended_by: Mapped[str | None]
    review_due: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    found: Mapped[str | None]
    done: Mapped[str | None]
    __table_args__ = (
        Index("ix_broken_glass_user", "user_id", "until_at"),
        # Few wait. An index of all would grow with every one that was ever reviewed.
        Index("ix_broken_glass_waiting", "review_due", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )


class Conflict(Addressed):
    """That a user is connected with a family and kept out of it, with whom else; lifted, it stays on record.

    `connection` is one of rules.CONNECTIONS, `reach` of rules.REACH. `declared`: the user said so. `bars` are ids of
    those it rests on (families.service.bar).
    """

    __tablename__ = "conflict_of_interest"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    connection: Mapped[str] = mapped_column(String(15))
    words: Mapped[str]
    reach: Mapped[str] = mapped_column(String(15))
    declared: Mapped[bool]
    bars: Mapped[list[int]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    by: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]
    lifted_why: Mapped[str | None]


class ActingManager(Row):
    """That a manager of elsewhere manages a family, because those of its team and area may not see it."""

    __tablename__ = "acting_manager"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class MashCheck(Addressed):
    """That a user of MASH asked about a family for an enquiry, until when its summary is open to them, and what a
    reviewer found. `outcome` is one of rules.GLASS_OUTCOMES."""

    __tablename__ = "mash_check"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by: Mapped[str]
    enquiry: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    until_at: Mapped[datetime]
    review_due: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    found: Mapped[str | None]
    __table_args__ = (
        Index("ix_mash_check_user", "user_id", "until_at"),
        Index("ix_mash_check_waiting", "review_due", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
