"""Interpreters for meetings: wanted as the family choose, asked for, booked; what became of it, and was it read back.

Whoever is asked hears of a language, a day and a reference, never of a family: `request_of` is all that leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from tafcore.actor import Actor
from tafcore.db import rows_of, session, utcnow
from tafcore.families.access import FamilyView
from tafcore.folding import fold
from tafcore.meetings import interpreter_rules as rules
from tafcore.meetings.diary import LENGTH
from tafcore.meetings.events import InterpreterChanged
from tafcore.meetings.models import InterpreterBooking, Meeting
from tafcore.people.service import fresh_ref
from tafcore.standards import words
from tafcore.standards.clock import london_day
from tafcore.work import NotFound, publish

NOT_SAID = "Language not known yet"


@dataclass(frozen=True)
class Choice:
    """Whom the family choose."""

    language: str
    dialect: str | None = None
    gender: str | None = None
    not_from_community: bool = False


@dataclass(frozen=True)
class BookingView:
    """A booking as a meeting's page shows it. `settled` by whom and when, once there was an answer."""

    ref: str
    said: str
    state: str
    asked_of: str | None
    email: str | None
    asked_at: datetime | None
    interpreter: str | None
    why: str | None
    settled_by: str | None
    read_back: bool | None
    read_back_why: str | None

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]

    @property
    def waits(self) -> bool:
        return self.state in rules.WAITING


_OF_MEETING = (
    select(InterpreterBooking)
    .where(InterpreterBooking.meeting_id == bindparam("meeting"))
    .order_by(InterpreterBooking.id)
)


def bookings_of(meeting: Any) -> tuple[BookingView, ...]:
    """Every booking of a meeting that somebody may see. One statement."""
    return tuple(
        BookingView(
            row.ref,
            rules.said(row),
            row.state,
            row.asked_of,
            row.email,
            row.asked_at,
            row.interpreter,
            row.why,
            row.settled_by,
            row.read_back,
            row.read_back_why,
        )
        for row in rows_of(_OF_MEETING, meeting=meeting.id)
    )


def booking_of(meeting: Meeting, ref: str) -> InterpreterBooking:
    """One booking of this meeting; NotFound for any other."""
    mine = select(InterpreterBooking).where(InterpreterBooking.ref == ref, InterpreterBooking.meeting_id == meeting.id)
    found = session.scalar(mine)
    if found is None:
        raise NotFound
    return found


def request_of(meeting: Meeting, booking: InterpreterBooking, quiet: bool, by: str) -> str:
    """All that whoever is asked hears, in words to send; `quiet` leaves out where."""
    local = words.day_time(meeting.starts_at, london_day(utcnow()))
    minutes = int(LENGTH.total_seconds() // 60)
    where = meeting.place or ("By video" if meeting.link else "")
    lines = [
        f"Reference: {booking.ref}",
        f"An interpreter: {rules.said(booking)}",
        f"When: {local}, about {minutes} minutes",
        f"Where: {'we tell the interpreter on the day' if quiet or not where else where}",
        "A professional interpreter, bound to secrecy. What is written is read back to those who are there.",
        f"Asked by: {by}",
    ]
    return "\n".join(lines)


# --- changes ---------------------------------------------------------------------------------------------------------


def want(meeting: Meeting, choice: Choice, told: dict[str, Any], actor: Actor) -> InterpreterBooking:
    """One more interpreter is wanted; the caller has checked that it may be."""
    made = InterpreterBooking(ref=fresh_ref(InterpreterBooking, "B"), meeting_id=meeting.id, language=choice.language)
    made.dialect, made.gender, made.not_from_community = choice.dialect, choice.gender, choice.not_from_community
    made.wanted_by = actor.byline
    session.add(made)
    said_again(meeting)
    _tell(made, told)
    return made


def begin(meeting: Meeting, choice: Choice | None, invited: Iterable[Any], told: dict[str, Any], actor: Actor) -> None:
    """What a new meeting needs: what was asked for, and an interpreter for everybody invited who needs one."""
    asked = choice or (_as_before(meeting) if meeting.interpreter else None)
    wanted = [asked] if asked is not None else []
    for person in invited:
        if person.interpreter:
            language = person.language or NOT_SAID
            if not any(fold(language) in fold(rules.said(one)) for one in wanted):
                wanted.append(Choice(language))
    for one in wanted:
        want(meeting, one, told, actor)


def _as_before(meeting: Meeting) -> Choice:
    """The choice that was made for the family's last meeting, where this one asks for the same."""
    rows = (
        select(InterpreterBooking)
        .join(Meeting, Meeting.id == InterpreterBooking.meeting_id)
        .where(Meeting.family_id == meeting.family_id)
        .order_by(InterpreterBooking.id.desc())
        .limit(20)
    )
    asked = meeting.interpreter or ""
    before = next((row for row in session.scalars(rows) if rules.said(row) == asked), None)
    if before is None:
        return Choice(asked)
    return Choice(before.language, before.dialect, before.gender, before.not_from_community)


def said_again(meeting: Meeting) -> None:
    """Keep what the meeting says of its interpreters true."""
    session.flush()
    rows = select(InterpreterBooking).where(
        InterpreterBooking.meeting_id == meeting.id, InterpreterBooking.state != "not_needed"
    )
    meeting.interpreter = "; ".join(rules.said(row) for row in session.scalars(rows.order_by(InterpreterBooking.id)))
    meeting.interpreter = meeting.interpreter or None


def change(booking: InterpreterBooking, meeting: Meeting, command: Any, told: dict[str, Any], actor: Actor) -> None:
    """What became of a booking; the caller has checked it."""
    now = utcnow()
    booking.state, booking.why = command.change, command.why
    if command.change == "asked":
        booking.asked_of, booking.email, booking.asked_at = command.asked_of, command.email, now
    else:
        booking.settled_at, booking.settled_by = now, actor.byline
    if command.change == "booked":
        booking.interpreter = command.interpreter
        booking.asked_of = command.asked_of or booking.asked_of
    if command.change == "came":
        booking.read_back, booking.read_back_why, booking.why = command.read_back, command.why, None
    said_again(meeting)
    _tell(booking, told)


def moved(meeting: Meeting, told: dict[str, Any]) -> None:
    """Another day: whoever was asked or had promised is asked again."""
    for booking in _live(meeting, ("asked", "booked")):
        booking.state, booking.interpreter = ("asked" if booking.email else "wanted"), None
        _tell(booking, told)


def ended(meeting: Meeting, told: dict[str, Any]) -> None:
    """The meeting will not be: whoever was asked hears that nobody needs to come."""
    for booking in _live(meeting, ("wanted", "asked", "booked", "declined")):
        booking.state, booking.why, booking.settled_at = "not_needed", "The meeting will not be", utcnow()
        _tell(booking, told)


def held(meeting: Meeting) -> None:
    """What the record of the meeting says of its interpreter."""
    if meeting.interpreter_came is not None:
        for booking in _live(meeting, ("wanted", "asked", "booked", "declined")):
            booking.state = "came" if meeting.interpreter_came else "absent"
            booking.settled_at, booking.settled_by = utcnow(), meeting.held_by


def _live(meeting: Meeting, states: Collection[str]) -> Sequence[InterpreterBooking]:
    rows = select(InterpreterBooking).where(InterpreterBooking.meeting_id == meeting.id)
    return session.scalars(rows.where(InterpreterBooking.state.in_(states)).order_by(InterpreterBooking.id)).all()


def _tell(booking: InterpreterBooking, told: dict[str, Any]) -> None:
    asks = booking.state in ("asked", "not_needed")
    event = InterpreterChanged(
        **{**told, "audience": "workers"},
        booking=booking.ref,
        state=booking.state,
        asked_of=booking.asked_of,
        email=booking.email if asks else None,
    )
    publish(event)


def names_of(view: FamilyView) -> list[str]:
    """Everybody's name, to be kept out of what leaves, and away from who interprets."""
    return [person.name for person in view.people]
