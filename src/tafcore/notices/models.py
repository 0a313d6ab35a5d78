"""Messages waiting to be sent or read, and the worker's sign of life."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row, utcnow

LEAVES = text("to_address IS NOT NULL")
MAIL_DUE = text("mail_due_at IS NOT NULL")


class Message(Row):
    """Something to tell somebody: in the inbox of a user or team, or by `channel` (notices.rules) to an address.

    `state`: `waiting -> sent`, `failed` after the last try or where it did not arrive, `aside` where a person said that
    it need not leave. `message_id` is stable over retries, so that a mail system can drop the second. `purpose` tells
    its kind to whoever stored it; `sent_id` is the sender's own number, asked after at `check_at`; `read_at` is when
    it, or the page that says the same, was first opened, `done_at` when somebody said that it is dealt with.
    `family_id`: the family it is about, which may be kept from its reader since; of `unseen` ones the reader need not
    see it. `mail_due_at`: when its readers are to be told by mail that it is there, empty once they were; `urgent` ones
    tell whatever their readers chose. `ring` is who hears of what leaves and does not arrive, as the `to` of a notice.
    `calendar` is an iCalendar file that goes with a mail, until it is sent.
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
    done_at: Mapped[datetime | None]
    unseen: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    urgent: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    mail_due_at: Mapped[datetime | None]
    ring: Mapped[str] = mapped_column(String(40), default="", server_default="")
    fault: Mapped[str | None]
    __table_args__ = (
        Index("ix_message_waiting", "state", "next_try_at"),
        Index("ix_message_user", "to_user_id", "read_at", "created_at"),
        Index("ix_message_team", "to_team_id", "read_at", "created_at"),
        Index("ix_message_user_order", "to_user_id", "created_at", "id"),
        Index("ix_message_team_order", "to_team_id", "created_at", "id"),
        Index("ix_message_leaving", "created_at", "id", sqlite_where=LEAVES, postgresql_where=LEAVES),
        Index("ix_message_mail_due", "mail_due_at", sqlite_where=MAIL_DUE, postgresql_where=MAIL_DUE),
    )


class MailChoice(Row):
    """How somebody hears by mail of their notices (notices.rules.CHOICES), and the last morning they were told."""

    __tablename__ = "mail_choice"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    mails: Mapped[str] = mapped_column(String(10), default="at_once")
    told_on: Mapped[date | None]
    told_at: Mapped[datetime | None]


class UnreachedAddress(Row):
    """A mail address that a server refused for good: nothing is sent there until `ended_at`, whoever must rings."""

    __tablename__ = "unreached_address"
    address: Mapped[str] = mapped_column(String(254), index=True)
    at: Mapped[datetime] = mapped_column(default=utcnow)
    fault: Mapped[str]
    ended_at: Mapped[datetime | None]


class SnoozedTask(Row):
    """Something that waits for somebody, put off by them until `until`, with why. `key` says which (home.rules)."""

    __tablename__ = "snoozed_task"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    key: Mapped[str] = mapped_column(String(32))
    title: Mapped[str]
    about: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    until: Mapped[datetime]
    __table_args__ = (UniqueConstraint("user_id", "key"), Index("ix_snoozed_task_until", "until"))


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
