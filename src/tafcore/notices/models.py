"""Messages waiting to be sent or read, and the worker's sign of life."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row, utcnow

LEAVES = text("to_address IS NOT NULL")


class Message(Row):
    """Something to tell somebody: in the inbox of a user or team, or by `channel` (notices.rules) to an address.

    `state`: `waiting -> sent`, `failed` after the last try or where it did not arrive, `aside` where a person said that
    it need not leave. `message_id` is stable over retries, so that a mail system can drop the second. `purpose` tells
    its kind to whoever stored it; `sent_id` is the sender's own number, asked after at `check_at`; `read_at` is when
    it, or the page that says the same, was first opened. `family_id`: the family it is about, which may be kept from
    its reader since. `calendar` is an iCalendar file that goes with a mail, until it is sent.
    """

    __tablename__ = "message"
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    to_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    to_team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    channel: Mapped[str] = mapped_column(String(10), default="inbox", server_default="inbox")
    to_address: Mapped[str | None]
    subject: Mapped[str]
    body: Mapped[str]
    calendar: Mapped[str | None]
    about: Mapped[str] = mapped_column(String(20), default="", index=True)
    family_id: Mapped[int | None]
    purpose: Mapped[str] = mapped_column(String(40), default="", server_default="")
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utcnow)
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sent_id: Mapped[str | None] = mapped_column(String(80))
    check_at: Mapped[datetime | None] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    fault: Mapped[str | None]
    __table_args__ = (
        Index("ix_message_waiting", "state", "next_try_at"),
        Index("ix_message_user", "to_user_id", "read_at", "created_at"),
        Index("ix_message_team", "to_team_id", "read_at", "created_at"),
        Index("ix_message_leaving", "created_at", "id", sqlite_where=LEAVES, postgresql_where=LEAVES),
    )


class WorkerBeat(Row):
    """When the background worker last went round."""

    __tablename__ = "worker_beat"
    name: Mapped[str] = mapped_column(String(60), unique=True)
    at: Mapped[datetime]


class WorkerJob(Row):
    """A job of the night: when a worker last took it on, and when it was last done."""

    __tablename__ = "worker_job"
    name: Mapped[str] = mapped_column(String(60), unique=True)
    begun_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
