"""The chronology, a line for whatever happened to a family; and the links by which people open their own page."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Row, utcnow

_LIVE = text("ended_at IS NULL")
_WAITING = text("answered_at IS NULL")


class ChronologyEntry(Row):
    """One sentence, when it happened, and who of those who see the family may read it.

    `kind` is the event's; `category` (record.rules.CATEGORIES, or a plugin's name) is what readers filter by;
    `audience` is family, team or workers; `organisation` is where `by` works, for whom it acted.
    """

    __tablename__ = "chronology_entry"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(default=utcnow)
    kind: Mapped[str] = mapped_column(String(60))
    category: Mapped[str] = mapped_column(String(40))
    audience: Mapped[str] = mapped_column(String(10))
    line: Mapped[str]
    by: Mapped[str]
    organisation: Mapped[str | None]
    subject_ref: Mapped[str] = mapped_column(String(20))
    __table_args__ = (Index("ix_chronology_entry_when", "family_id", "happened_at", "id"),)


class ChronologyPerson(Row):
    """That a line is about a person."""

    __tablename__ = "chronology_person"
    entry_id: Mapped[int] = mapped_column(ForeignKey("chronology_entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class ChronologyMark(Row):
    """That somebody who helps the family finds a line significant; taken off, it stays on record who did."""

    __tablename__ = "chronology_mark"
    entry_id: Mapped[int] = mapped_column(ForeignKey("chronology_entry.id"))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    __table_args__ = (
        Index("uq_chronology_mark_live", "entry_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )


class OwnLink(Row):
    """The link by which one person of a family opens their own page, and the second check that goes with it.

    `key` names it among workers; the link is known only by the hash of its token, and a number only by a hash that
    needs the token. `how` is pin or code; `way_id` where a code goes. `session_hash` is of the one browser that passed
    the check last, until `session_until`. `wrong` and `codes` count since the last right number.
    """

    __tablename__ = "own_link"
    key: Mapped[str] = mapped_column(String(32), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    how: Mapped[str] = mapped_column(String(4))
    way_id: Mapped[int | None] = mapped_column(ForeignKey("contact_way.id"))
    language: Mapped[str] = mapped_column(String(5))
    competent_why: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
    made_by: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    number_hash: Mapped[str | None] = mapped_column(String(64))
    number_until: Mapped[datetime | None]
    code_at: Mapped[datetime | None]
    codes: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)
    locked_at: Mapped[datetime | None]
    session_hash: Mapped[str | None] = mapped_column(String(64))
    session_until: Mapped[datetime | None]


class OwnWord(Row):
    """What somebody wrote on their own page: a comment, or that something is not right; and the answer.

    `kept`: a young person keeps it from their parents. `put_right`: what was not right was changed.
    """

    __tablename__ = "own_word"
    key: Mapped[str] = mapped_column(String(32), unique=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str]
    kept: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime] = mapped_column(default=utcnow)
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    answer: Mapped[str | None]
    put_right: Mapped[bool | None]
    __table_args__ = (
        # Few wait. An index of all would grow with every one that was ever answered.
        Index("ix_own_word_waiting", "family_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )


class Specialist(Row):
    """That a specialist (`kind`, a word of record.rules.SPECIALISTS) is involved with somebody. Only those named as its
    readers learn of it, of whom whoever recorded it is always one; `key` names it among them.

    It goes on until it is ended: on `until_day`, or as a `mistake`.
    """

    __tablename__ = "specialist"
    key: Mapped[str] = mapped_column(String(32), unique=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    organisation: Mapped[str | None]
    contact: Mapped[str | None]
    note: Mapped[str | None]
    from_day: Mapped[date | None]
    recorded_by: Mapped[str]
    recorder_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=utcnow)
    until_day: Mapped[date | None]
    mistake: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_why: Mapped[str | None]


class SpecialistReader(Row):
    """That a worker is named for a specialist's involvement, until somebody named takes them off again."""

    __tablename__ = "specialist_reader"
    specialist_id: Mapped[int] = mapped_column(ForeignKey("specialist.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    named_at: Mapped[datetime] = mapped_column(default=utcnow)
    named_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    __table_args__ = (
        Index(
            "uq_specialist_reader_live",
            "specialist_id",
            "user_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )


class OwnTry(Row):
    """That a link or number was wrong, by a keyed hash of where from; slows guessing down, and is soon forgotten."""

    __tablename__ = "own_try"
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    __table_args__ = (
        Index("ix_own_try", "address_hash", "at"),
        {"info": {"reference_data": True}},
    )
