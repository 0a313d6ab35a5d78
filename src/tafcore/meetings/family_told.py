"""The family is invited in their language and asked whom they want there; moved, cancelled and reminded as they wish.

A message leaves only to a phone or mailbox recorded as safe and as theirs alone, where no times were named that a
program could not keep, and never where somebody of the family must be kept safe: then a worker tells them. It is asked
again each time one is to leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.families.access import FamilyView
from tafcore.families.models import Family
from tafcore.families.ways import address_of, safe_ways, safe_ways_of
from tafcore.meetings.events import FamilyTold
from tafcore.meetings.family_commands import AnswerOwnInvitation, InviteFamily, InvitePart
from tafcore.meetings.guests import keeps_place_quiet
from tafcore.meetings.models import Meeting, MeetingPerson
from tafcore.people.same import records_of
from tafcore.work import NotFound, Refused, publish

SENT = {"phone": "text", "email": "email"}
NOT_SAFE = "No message may leave: tell them yourself, in the way that is safe"


def ways_for(view: FamilyView, person: Any) -> list[Any]:
    """The phones and mailboxes of somebody of the family by which a message may leave by itself."""
    return [] if keeps_place_quiet(view.id) else [one for one in safe_ways(person) if not one.when]


def invite(command: InviteFamily, found: tuple[Meeting, FamilyView], told: dict[str, Any]) -> None:
    """How each was told, or is to be; the caller has checked that this worker may."""
    meeting, view = found
    rows = {row.person_id: row for row in _family(meeting)}
    problems: list[Problem] = []
    messages: list[tuple[int, str, str]] = []
    people: list[int] = []
    for number, part in enumerate(command.family):
        person = view.person(part.person)
        row = next((rows[record] for record in (person.id, *person.records) if record in rows), None)
        if row is None:
            raise NotFound
        ways = {one.id: one for one in ways_for(view, person)}
        faults = list(_not_safe(part, ways, f"family.{number}"))
        problems += faults
        if not faults and _put_down(row, part, ways):
            messages.append((row.id, address_of(ways[part.way]), part.language))
        people.append(person.id)
    if problems:
        raise Refused(problems)
    session.flush()
    event = {**told, "people": tuple(people), "audience": "workers"}
    publish(FamilyTold(**event, what="invite", messages=tuple(messages)))


def _not_safe(part: InvitePart, ways: dict[int, Any], at: str) -> Iterable[Problem]:
    if part.how == "message" and part.way not in ways:
        yield Problem(NOT_SAFE, f"{at}.how")
    if part.remind_by is not None and part.remind_by not in ways:
        yield Problem(NOT_SAFE, f"{at}.remind")


def _put_down(row: MeetingPerson, part: InvitePart, ways: dict[int, Any]) -> bool:
    """Write it down; whether a message is to leave: the same one does not leave twice."""
    row.reply, row.wants = part.reply or row.reply, part.wants
    row.remind, row.language = part.remind_by is not None, part.language
    before = (row.told_how, row.way_id)
    row.way_id = part.remind_by or (part.way if part.how == "message" else row.way_id)
    if part.how is None:
        return False
    row.told_how = SENT[ways[part.way].kind] if part.how == "message" and part.way is not None else "said"
    row.told_at, row.failed_at = utcnow(), None
    return part.how == "message" and before != (row.told_how, part.way)


def _family(meeting: Meeting) -> list[MeetingPerson]:
    rows = select(MeetingPerson).where(MeetingPerson.meeting_id == meeting.id, MeetingPerson.person_id.is_not(None))
    return list(session.scalars(rows.order_by(MeetingPerson.id)))


def reached(meeting: Meeting, rows: Iterable[MeetingPerson]) -> tuple[tuple[int, str, str], ...]:
    """(invitation, address, language) of those to whom a message may leave now."""
    if session.get_one(Family, meeting.family_id).sealed or keeps_place_quiet(meeting.family_id):
        return ()
    found = []
    for row in rows:
        ways = safe_ways_of(tuple(records_of([row.person_id]))) if row.person_id and row.way_id else ()
        way = next((one for one in ways if one.id == row.way_id and not one.when), None)
        if way is not None:
            found.append((row.id, address_of(way), row.language or "en"))
    return tuple(found)


def changed(meeting: Meeting, what: str, told: dict[str, Any]) -> None:
    """Another day, or none: who was told by a message hears by one; who was told in person is to be told again."""
    rows = _family(meeting)
    written = [row for row in rows if row.told_how in SENT.values()]
    messages = reached(meeting, written)
    sent = {one for one, _, _ in messages}
    for row in rows:
        row.reminded_at = None
        if row.id not in sent:
            row.told_how = row.told_at = None
    session.flush()
    if messages:
        publish(FamilyTold(**{**told, "audience": "workers"}, what=what, messages=messages))


def answer_own(command: AnswerOwnInvitation, view: FamilyView, person_id: int) -> Meeting:
    """What somebody says on their own page. `view` is theirs."""
    person = view.require(command.scopes).seen(person_id)
    mine = (
        select(MeetingPerson, Meeting)
        .join(Meeting, Meeting.id == MeetingPerson.meeting_id)
        .where(
            Meeting.ref == command.meeting,
            Meeting.family_id == view.id,
            Meeting.state == "scheduled",
            MeetingPerson.person_id.in_(person.records if person else ()),
        )
    )
    found = session.execute(mine.with_for_update()).first()
    if found is None:
        raise NotFound
    row, meeting = found.MeetingPerson, found.Meeting
    row.reply, row.wants = command.reply or row.reply, command.wants
    return meeting
