"""Tables of meetings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Addressed, Row, utcnow

SCHEDULED = text("state = 'scheduled'")


class Meeting(Addressed):
    """`state`: scheduled -> held -> shared, or cancelled or did_not_happen with `ended_why`.

    `interpreter` says in short what is booked (InterpreterBooking);
    `kind` (taf, professionals, family) is what it turned out to be; `due_at` is the day the standard asked for when it
    was held; `together_why` says why people kept safe from one another meet in one room; `household_id` is whose
    meeting it is where a household apart has one of its own; `place_kept`: calendars do not say where, since somebody
    must be kept safe; `revision` grows with every change of time, place or state.
    """

    __tablename__ = "meeting"
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    state: Mapped[str] = mapped_column(String(14), default="scheduled")
    revision: Mapped[int] = mapped_column(default=0)
    place_kept: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime]
    place: Mapped[str | None]
    link: Mapped[str | None]
    interpreter: Mapped[str | None]
    interpreter_came: Mapped[bool | None]
    access_needs: Mapped[str | None]
    creche: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None]
    together_why: Mapped[str | None]
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    scheduled_at: Mapped[datetime] = mapped_column(default=utcnow)
    scheduled_by: Mapped[str]
    scheduled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    chair: Mapped[str | None]
    note_taker: Mapped[str | None]
    kind: Mapped[str | None] = mapped_column(String(15))
    due_at: Mapped[datetime | None]
    family_view: Mapped[str | None]
    next_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    held_at: Mapped[datetime | None]
    held_by: Mapped[str | None]
    ended_why: Mapped[str | None]
    shared_at: Mapped[datetime | None]
    shared_by: Mapped[str | None]
    not_shared_why: Mapped[str | None]
    __table_args__ = (
        Index("ix_meeting_family", "family_id", "starts_at"),
        Index("ix_meeting_waiting", "starts_at", sqlite_where=SCHEDULED, postgresql_where=SCHEDULED),
        Index("ix_meeting_held", "state", "starts_at"),
    )


class MeetingPerson(Row):
    """Somebody invited or present: a family member, a user, or a named professional with an organisation.

    `reply`: coming, not_coming or nothing yet; `attended`: present, online, absent (`absent_why`, a code), or nothing
    before it was held.
    Who has no account answers by a link, known only by the hash of its token; `failed_at`: the mail that carried it did
    not arrive. `remind`: whether they want to be reminded (professionals are, unless they say no; the family only if
    they say yes). How somebody of the family was told is `told_how` (said, text, email), by `way_id` in `language`;
    `wants` is whom they want there.
    """

    __tablename__ = "meeting_person"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str | None]
    organisation: Mapped[str | None]
    expected: Mapped[bool] = mapped_column(default=True)
    reply: Mapped[str | None] = mapped_column(String(10))
    attended: Mapped[str | None] = mapped_column(String(7))
    absent_why: Mapped[str | None] = mapped_column(String(10))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    opened_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    remind: Mapped[bool | None]
    reminded_at: Mapped[datetime | None]
    told_how: Mapped[str | None] = mapped_column(String(5))
    told_at: Mapped[datetime | None]
    way_id: Mapped[int | None] = mapped_column(ForeignKey("contact_way.id"))
    language: Mapped[str | None] = mapped_column(String(5))
    wants: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id"),
        UniqueConstraint("meeting_id", "user_id"),
    )


class InterpreterBooking(Addressed):
    """A professional interpreter for a meeting, never a child or a relative. It names nobody of the family and says
    nothing of why they meet: whoever is asked has its reference.

    `state`: one of interpreter_rules.STATES. `gender`: woman, man, or nothing where the family do not mind.
    `read_back`: whether what was written was read back to the family, with why not.
    """

    __tablename__ = "interpreter_booking"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    language: Mapped[str]
    dialect: Mapped[str | None]
    gender: Mapped[str | None] = mapped_column(String(5))
    not_from_community: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="wanted")
    wanted_at: Mapped[datetime] = mapped_column(default=utcnow)
    wanted_by: Mapped[str]
    asked_of: Mapped[str | None]
    email: Mapped[str | None] = mapped_column(String(254))
    asked_at: Mapped[datetime | None]
    interpreter: Mapped[str | None]
    why: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    read_back: Mapped[bool | None]
    read_back_why: Mapped[str | None]


class Contribution(Row):
    """Words sent by somebody who could not come; never counted as taking part. `harm`: they may suggest harm, so that
    the room does not hear them."""

    __tablename__ = "meeting_contribution"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]
    words: Mapped[str]
    harm: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime] = mapped_column(default=utcnow)


class MeetingLine(Row):
    """A line of the record. `column`: worried, well, needs. Withheld lines have a reason and who decided."""

    __tablename__ = "meeting_line"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    column: Mapped[str] = mapped_column("column_name", String(8))
    words: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    withheld: Mapped[bool] = mapped_column(default=False)
    withheld_why: Mapped[str | None]
    withheld_by: Mapped[str | None]


class MeetingScale(Row):
    """How things are from 0 to 10, said before anybody talks. `private`: kept from the room."""

    __tablename__ = "meeting_scale"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]
    value: Mapped[int]
    private: Mapped[bool] = mapped_column(default=False)


class MeetingVoice(Row):
    """That a child's words were recorded at a meeting; who may hear them stands with the words."""

    __tablename__ = "meeting_voice"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    voice_id: Mapped[int] = mapped_column(ForeignKey("voice_entry.id"), unique=True)


class MeetingDecision(Row):
    """`kind`: decided; level (a child's level of need, with why); silent (why a child has no voice in this record)."""

    __tablename__ = "meeting_decision"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8), default="decided")
    words: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class MeetingShare(Row):
    """That the record reached somebody: a family member, one user, or the team (neither); how, when, by whom.

    `opened_at`: when they first opened it, where the program knows.
    """

    __tablename__ = "meeting_share"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    how: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(default=utcnow)
    by: Mapped[str]
    opened_at: Mapped[datetime | None]
