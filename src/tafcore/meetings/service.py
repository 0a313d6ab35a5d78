"""Arranging, moving and cancelling meetings, hearing from those invited, and sharing what was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.assessments.rules import suggests_harm
from tafcore.contributions import Problem
from tafcore.db import find_by_ref, session, utcnow
from tafcore.episodes.reading import EpisodeView, episode_of
from tafcore.episodes.service import require_episode
from tafcore.families.access import FamilyView, visible_family, visible_family_by_id
from tafcore.families.models import Family
from tafcore.meetings import conflicts, family_told, households, interpreter_rules, interpreters, rules
from tafcore.meetings.commands import (
    CancelMeeting,
    Contribute,
    DidNotHappen,
    MoveMeeting,
    ScheduleMeeting,
    ShareRecord,
    WithholdLine,
)
from tafcore.meetings.events import (
    LineWithheld,
    MeetingAnswered,
    MeetingCancelled,
    MeetingDidNotHappen,
    MeetingMoved,
    MeetingScheduled,
    RecordShared,
)
from tafcore.meetings.family_commands import AnswerOwnInvitation, InviteFamily
from tafcore.meetings.guests import links_of
from tafcore.meetings.interpreter_commands import ChangeInterpreter, WantInterpreter
from tafcore.meetings.models import Contribution, InterpreterBooking, Meeting, MeetingLine, MeetingPerson, MeetingShare
from tafcore.people.service import fresh_ref
from tafcore.references import BadReference, read_ref
from tafcore.standards import service as standards
from tafcore.standards import words
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Command, Subject
from tafcore.work import NotFound, Refused, check, publish


def draft_subject(ref: str) -> str:
    """Under which the hold screen of a meeting is kept."""
    return f"meeting:{ref}"


def meeting_family(ref: str) -> tuple[Meeting, int]:
    """The meeting `ref` and the id of its family. Raises NotFound."""
    try:
        meeting = find_by_ref(Meeting, read_ref(ref, "M"))
    except BadReference as bad:
        raise NotFound from bad
    if meeting is None:
        raise NotFound
    return meeting, meeting.family_id


def find(command: Any, actor: Actor) -> tuple[Meeting, FamilyView]:
    """The meeting a command is about, locked until the transaction ends, and its family as the actor may see it."""
    meeting, family_id = meeting_family(command.meeting)
    view = visible_family_by_id(family_id, actor, "change", command.scopes)
    if not view.may("meetings"):
        raise NotFound
    session.refresh(meeting, with_for_update=True)
    return meeting, view


def is_scheduled(found: tuple[Meeting, FamilyView], _command: Command) -> list[Problem]:
    return rules.still_scheduled(found[0].state, found[0].held_by or "")


def schedule(command: ScheduleMeeting, actor: Actor) -> Meeting:
    """A meeting to come, with who is invited. Early help must be open."""
    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes))
    require_episode(view.id)
    problems = rules.may_meet(command.at, command.place, command.link, utcnow())
    family = _family_invited(command, view)
    if not command.together_why and rules.together(frozenset(family), view.safety):
        problems.append(Problem(rules.SAFETY, "people"))
    elif not command.together_why:
        problems += _one_place(view, command, frozenset(family))
    if problems:
        raise Refused(problems)
    made = Meeting(starts_at=command.at, place=command.place, link=command.link, note=command.note)
    made.interpreter, made.access_needs, made.creche = command.interpreter, command.access_needs, command.creche
    made.together_why = command.together_why
    made.household_id = households.chosen(view, command.household)[0].id if command.household else None
    episode = episode_of(view)
    choice = _choice(command, view)
    return arrange(made, view, family, team_members(episode, command.members), actor, choice)


def _one_place(
    view: FamilyView, command: ScheduleMeeting | MoveMeeting, family: frozenset[int], ref: str = ""
) -> list[Problem]:
    """Those kept safe from one another do not meet in the waiting room of two meetings either."""
    plan = conflicts.Plan(command.at, command.place, family, frozenset(), ref)
    return [Problem(rules.ONE_PLACE, "place")] if conflicts.apart_at_one_place(view, plan) else []


def _choice(command: ScheduleMeeting, view: FamilyView) -> interpreters.Choice | None:
    """Whom of those who interpret the family choose."""
    if not command.interpreter:
        return None
    told = [("interpreter", command.interpreter), ("dialect", command.dialect)]
    problems = interpreter_rules.names_nobody(told, interpreters.names_of(view))
    if problems:
        raise Refused(problems)
    return interpreters.Choice(command.interpreter, command.dialect, command.gender, command.not_from_community)


def _family_invited(command: ScheduleMeeting, view: FamilyView) -> list[int]:
    if command.people is None:
        asked = households.chosen(view, command.household)[1] if command.household else view.people
        here = [person.id for person in rules.who_may_come(asked)]
        return sorted(rules.first_side(here, view.safety))
    return [view.person(ref).id for ref in dict.fromkeys(command.people)]


def team_members(episode: EpisodeView | None, only: Iterable[int] | None = None) -> list[MeetingPerson]:
    """Invitations of the lead professional and the team (`only` these member ids), nobody twice."""
    if episode is None:
        return []
    found: dict[Any, MeetingPerson] = {}
    if episode.lead is not None and episode.lead.accepted:
        lead = episode.lead
        found[lead.user_id] = MeetingPerson(user_id=lead.user_id, name=lead.name, organisation=lead.organisation)
    wanted = None if only is None else frozenset(only)
    for member in episode.team:
        if wanted is None or member.id in wanted:
            row = MeetingPerson(user_id=member.user_id, name=member.name, organisation=member.organisation)
            found.setdefault(member.user_id or (member.name, member.organisation), row)
    return list(found.values())


def arrange(
    meeting: Meeting,
    view: FamilyView,
    family: Iterable[int],
    team: Iterable[MeetingPerson],
    actor: Actor,
    choice: interpreters.Choice | None = None,
) -> Meeting:
    """Store a new meeting with its invitations, and tell everybody invited. The rules were checked by the caller."""
    family = list(family)
    meeting.ref, meeting.family_id = fresh_ref(Meeting, "M"), view.id
    meeting.episode_id, meeting.scheduled_by = require_episode(view.id).id, actor.byline
    meeting.scheduled_by_id = actor.user_id
    session.add(meeting)
    session.flush()
    session.add_all(MeetingPerson(meeting_id=meeting.id, person_id=person) for person in family)
    for row in team:
        row.meeting_id, row.expected = meeting.id, True
        session.add(row)
    session.flush()
    set_next(view.id)
    told = about(meeting, view, actor)
    interpreters.begin(meeting, choice, [one for one in view.people if one.id in family], told, actor)
    told["urls"] = links_of(meeting)
    publish(MeetingScheduled(**told, line=f"Meeting arranged for {said(meeting, view)}"))
    return meeting


def about(meeting: Meeting, view: FamilyView | None, actor: Actor) -> dict[str, Any]:
    """What every event of a meeting carries. Where people are kept safe from one another no family reads its line."""
    rows = session.execute(
        select(MeetingPerson.user_id, MeetingPerson.person_id).where(MeetingPerson.meeting_id == meeting.id)
    ).all()
    return {
        "actor": actor,
        "subject": Subject("meeting", meeting.id, meeting.ref),
        "family_id": meeting.family_id,
        "starts_at": meeting.starts_at.isoformat(),
        "users": tuple(user for user, _ in rows if user is not None),
        "audience": "team" if view is None or view.has_safety_rule else "family",
    }


def said(meeting: Meeting, view: FamilyView | None) -> str:
    """When and where, for the chronology; where people are kept safe from one another, when only."""
    when = words.day_time(meeting.starts_at, london_day(utcnow()))
    return when if view is None or view.has_safety_rule or not meeting.place else f"{when}, {meeting.place}"


def set_next(family_id: int) -> None:
    """Keep the family's next meeting date true."""
    session.flush()
    coming = select(func.min(Meeting.starts_at)).where(Meeting.family_id == family_id, Meeting.state == "scheduled")
    session.get_one(Family, family_id).next_meeting_at = session.scalar(coming)


def move(command: MoveMeeting, actor: Actor) -> Meeting:
    """Another time or place; everybody invited is told, and asked again."""
    meeting, view = check(command, actor, lambda: find(command, actor), is_scheduled)
    problems = rules.may_meet(command.at, command.place, command.link, utcnow())
    if not meeting.together_why:
        there = frozenset(row.person_id for row in invited(meeting.id) if row.person_id is not None)
        problems += _one_place(view, command, there, meeting.ref)
    if problems:
        raise Refused(problems)
    was = meeting.starts_at
    if was != command.at:
        for row in invited(meeting.id):
            row.reply = row.reminded_at = None
    meeting.starts_at, meeting.place, meeting.link = command.at, command.place, command.link
    meeting.revision += 1
    set_next(view.id)
    line = f"Meeting moved to {said(meeting, view)}"
    told = about(meeting, view, actor)
    interpreters.moved(meeting, told)
    family_told.changed(meeting, "moved", told)
    told["urls"] = links_of(meeting)
    publish(MeetingMoved(**told, was=was.isoformat(), line=line))
    return meeting


def invited(meeting_id: int) -> list[MeetingPerson]:
    """Everybody invited or present, in the order of their invitation."""
    rows = select(MeetingPerson).where(MeetingPerson.meeting_id == meeting_id).order_by(MeetingPerson.id)
    return list(session.scalars(rows))


def cancel(command: CancelMeeting, actor: Actor) -> Meeting:
    """A meeting that will not be, with why."""
    meeting, view = check(command, actor, lambda: find(command, actor), is_scheduled)
    _end(meeting, "cancelled", command.reason)
    interpreters.ended(meeting, about(meeting, view, actor))
    family_told.changed(meeting, "cancelled", about(meeting, view, actor))
    line = f"Meeting of {said(meeting, view)} cancelled: {command.reason}"
    publish(MeetingCancelled(**{**about(meeting, view, actor), "audience": "team"}, reason=command.reason, line=line))
    return meeting


def did_not_happen(command: DidNotHappen, actor: Actor) -> Meeting:
    """A meeting whose day came without it, with why."""
    meeting, view = check(command, actor, lambda: find(command, actor), is_scheduled)
    if meeting.starts_at > utcnow():
        raise Refused([Problem("This meeting is still to come: move it or cancel it")])
    _end(meeting, "did_not_happen", command.reason)
    line = f"Meeting of {said(meeting, view)} did not happen: {command.reason}"
    publish(
        MeetingDidNotHappen(**{**about(meeting, view, actor), "audience": "team"}, reason=command.reason, line=line)
    )
    return meeting


def end_with(episode_id: int, actor: Actor) -> None:
    """Cancel the meetings to come of an episode that has closed, and tell those invited."""
    coming = select(Meeting).where(Meeting.episode_id == episode_id, Meeting.state == "scheduled")
    for meeting in list(session.scalars(coming)):
        _end(meeting, "cancelled", "Early help closed")
        interpreters.ended(meeting, about(meeting, None, actor))
        family_told.changed(meeting, "cancelled", about(meeting, None, actor))
        line = f"Meeting of {said(meeting, None)} cancelled: early help closed"
        publish(MeetingCancelled(**about(meeting, None, actor), reason="Early help closed", line=line))


def _end(meeting: Meeting, state: str, why: str) -> None:
    drafts.discard(draft_subject(meeting.ref))
    meeting.state, meeting.ended_why = state, why
    meeting.revision += 1
    set_next(meeting.family_id)


def want_interpreter(command: WantInterpreter, actor: Actor) -> InterpreterBooking:
    """One more interpreter for a meeting to come."""
    meeting, view = check(command, actor, lambda: find(command, actor), is_scheduled)
    told = [("language", command.language), ("dialect", command.dialect)]
    problems = interpreter_rules.names_nobody(told, interpreters.names_of(view))
    if problems:
        raise Refused(problems)
    choice = interpreters.Choice(command.language, command.dialect, command.gender, command.not_from_community)
    return interpreters.want(meeting, choice, about(meeting, view, actor), actor)


def change_interpreter(command: ChangeInterpreter, actor: Actor) -> InterpreterBooking:
    """What became of a booking; after the meeting also whether what was written was read back."""
    meeting, view = check(command, actor, lambda: find(command, actor))
    booking = interpreters.booking_of(meeting, command.booking)
    begun = london_day(meeting.starts_at) <= london_day(utcnow())
    over = meeting.state in ("cancelled", "did_not_happen")
    problems = interpreter_rules.may_change(begun, over, command, interpreters.names_of(view))
    if problems:
        raise Refused(problems)
    interpreters.change(booking, meeting, command, about(meeting, view, actor), actor)
    return booking


def invite_family(command: InviteFamily, actor: Actor) -> Meeting:
    """How those of the family whom a meeting is for were told, or are to be, and what they say to it."""
    found = check(command, actor, lambda: find(command, actor), is_scheduled)
    family_told.invite(command, found, about(*found, actor))
    return found[0]


def answer_own(command: AnswerOwnInvitation, view: FamilyView, person_id: int, actor: Actor) -> Meeting:
    """What somebody of the family says on their own page; whoever leads is told. Call inside `writing()`."""
    check(command, actor)
    meeting = family_told.answer_own(command, view, person_id)
    told = {**about(meeting, None, actor), "people": (person_id,), "audience": "workers"}
    publish(MeetingAnswered(**told, reply=command.reply, words=None))
    return meeting


def contribute(command: Contribute, actor: Actor) -> Contribution | None:
    """Whether somebody of the team comes, and words that are read out if they do not."""
    meeting, view = check(command, actor, lambda: find(command, actor), is_scheduled)
    mine = select(MeetingPerson).where(MeetingPerson.meeting_id == meeting.id, MeetingPerson.user_id == actor.user_id)
    row = session.scalar(mine) if actor.user_id is not None else None
    return answered(command, meeting, row, about(meeting, view, actor), actor)


def answered(
    command: Contribute, meeting: Meeting, row: MeetingPerson | None, told: dict[str, Any], actor: Actor
) -> Contribution | None:
    """Keep an answer to an invitation; whoever calls has checked that it may be given."""
    if row is not None:
        row.reply, row.remind = command.reply or row.reply, command.remind
    made = None
    if command.words:
        made = Contribution(meeting_id=meeting.id, user_id=actor.user_id, name=actor.byline, words=command.words)
        made.harm = suggests_harm(command.words)
        session.add(made)
        session.flush()
    event = MeetingAnswered(
        **{**told, "audience": "team"},
        reply=command.reply,
        words=command.words,
        harm=made is not None and made.harm,
        line=f"{actor.byline}, sent words for the meeting" if made else None,
    )
    publish(event)
    return made


def share(command: ShareRecord, actor: Actor) -> Meeting:
    """That the record reached the team and the family: who, when, how. It may be said again for more people."""
    meeting, view = check(command, actor, lambda: find(command, actor))
    held = meeting.state in ("held", "shared")
    problems = rules.may_share(held, len(command.family), command.not_family_why, command.team)
    there = frozenset(row.person_id for row in invited(meeting.id) if row.person_id is not None)
    people = [view.person(one.person) for one in command.family]
    for number, person in enumerate(people):
        if rules.kept_from(there, view.safety, frozenset({person.id})):
            problems.append(Problem("This record is not for them", f"family.{number}"))
    if problems:
        raise Refused(problems)
    now = utcnow()
    rows = [MeetingShare(person_id=person.id, how=one.how) for person, one in zip(people, command.family, strict=True)]
    if command.team:
        users = {row.user_id for row in invited(meeting.id) if row.user_id is not None}
        team = users - {actor.user_id} - _told(meeting)
        rows += [MeetingShare(how="sent"), *(MeetingShare(user_id=user, how="sent") for user in sorted(team))]
    for row in rows:
        row.meeting_id, row.at, row.by = meeting.id, now, actor.byline
    session.add_all(rows)
    meeting.not_shared_why = command.not_family_why or meeting.not_shared_why
    if meeting.state == "held":
        meeting.state, meeting.shared_at, meeting.shared_by = "shared", now, actor.byline
        meeting.revision += 1
    session.flush()
    event = RecordShared(
        **{**about(meeting, view, actor), "people": tuple(person.id for person in people)},
        team=command.team,
        family=tuple(f"{one.person} {one.how}" for one in command.family),
        not_family_why=command.not_family_why,
        line=f"Record of the meeting of {said(meeting, view)} shared",
    )
    publish(event)
    return meeting


def _told(meeting: Meeting) -> set[int | None]:
    """The users who have the record already."""
    return set(session.scalars(select(MeetingShare.user_id).where(MeetingShare.meeting_id == meeting.id)))


def opened(meeting_id: int, user_id: int) -> None:
    """Somebody of the team reads the record that was shared with them. Call inside `writing()`."""
    mine = (MeetingShare.meeting_id == meeting_id, MeetingShare.user_id == user_id, MeetingShare.opened_at.is_(None))
    session.execute(update(MeetingShare).where(*mine).values(opened_at=utcnow()))


def withhold(command: WithholdLine, actor: Actor) -> MeetingLine:
    """A line not for sharing, added to a record afterwards."""
    meeting, view = check(command, actor, lambda: find(command, actor))
    if meeting.state not in ("held", "shared"):
        raise Refused([Problem("This meeting has no record yet")])
    made = MeetingLine(meeting_id=meeting.id, column=command.column, words=command.words, withheld=True)
    made.person_id = view.person(command.about).id if command.about else None
    made.withheld_why, made.withheld_by = command.reason, command.decided_by
    session.add(made)
    session.flush()
    event = LineWithheld(
        **{**about(meeting, view, actor), "audience": "workers"}, reason=command.reason, decided_by=command.decided_by
    )
    publish(event)
    return made


def suggested_at(family_id: int, opened_at: datetime, at: datetime | None = None) -> tuple[datetime, datetime]:
    """(when the next TAF is due, a working day and hour to suggest); `at` is a meeting being held now."""
    due = next_due(family_id, opened_at, at)
    last = at or session.scalar(
        select(Meeting.starts_at).where(Meeting.family_id == family_id).order_by(Meeting.starts_at.desc()).limit(1)
    )
    return due, rules.next_day(due, utcnow(), rules.time_of(last) if last else None)


def next_due(family_id: int, opened_at: datetime, at: datetime | None = None) -> datetime:
    """When the next TAF of an episode is due: after the last one that counted, else after opening."""
    last = at or last_counted(family_id, opened_at)
    return standards.due("taf_review", last) if last else standards.due("first_taf", opened_at)


def last_counted(family_id: int, opened_at: datetime) -> datetime | None:
    """When the last TAF meeting of this episode that counted was held."""
    held = select(func.max(Meeting.starts_at)).where(
        Meeting.family_id == family_id, Meeting.kind == "taf", Meeting.starts_at >= opened_at
    )
    return session.scalar(held)
