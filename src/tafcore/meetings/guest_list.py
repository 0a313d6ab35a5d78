"""Who is invited to a meeting to come, changed after it was arranged: by whoever leads, and by itself.

Whoever leads is always invited. Whoever helps the family no longer, or may hear nothing of it any more, is taken off,
and so is somebody of the family from whom another who is invited must be kept safe. Whose calendar has the meeting gets
a file that takes it away and says nothing else; somebody of the family is told by a worker, never by a message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import or_, select

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session
from tafcore.episodes import service as episodes
from tafcore.episodes.models import TafMember
from tafcore.episodes.reading import EpisodeView, MemberView, episode_of
from tafcore.families import grants
from tafcore.families.access import FamilyView
from tafcore.families.models import Family
from tafcore.meetings import conflicts, rules, service
from tafcore.meetings.events import InvitedChanged
from tafcore.meetings.guest_list_commands import ChangeInvited
from tafcore.meetings.guests import HELPS, SHUT, guests_of, invited_guests, links_of
from tafcore.meetings.models import Meeting, MeetingPerson
from tafcore.meetings.shapes import AttendeeView
from tafcore.people.same import records_of
from tafcore.work import Refused, check, publish

HELPS_NO_LONGER = "helps the family no longer, or may hear nothing of it any more"
KEPT_APART = "must be kept apart from somebody else who is invited"
LEFT_FAMILY = "no longer belongs to the family"


def change(command: ChangeInvited, actor: Actor) -> Meeting:
    """Who is invited from now on. Whoever is added gets the invitation, whoever is taken off is told so."""
    meeting, view = check(command, actor, lambda: service.find(command, actor), service.is_scheduled)
    episode, rows = episode_of(view), service.invited(meeting.id)
    gone = [row for row in rows if _taken_off(row, command, view, episode)]
    kept = [row for row in rows if row not in gone]
    added = list(_added(command, view, episode, kept))
    problems = _problems(meeting, view, [*kept, *added], command)
    if problems:
        raise Refused(problems)
    meeting.together_why = command.together_why or meeting.together_why
    for row in added:
        row.meeting_id = meeting.id
    session.add_all(added)
    session.flush()
    _hear_of_it(meeting, added)
    if gone or added:
        _changed(meeting, view, actor, added, gone)
    return meeting


def ticked(view: FamilyView, meeting: Meeting, episode: EpisodeView | None) -> tuple[list[str], list[int]]:
    """References of those of the family, and ids of those of the team, who are invited now."""
    rows = service.invited(meeting.id)
    there = {row.person_id for row in rows}
    people = [person.ref for person in view.people if there & set(person.records)]
    team = episode.team if episode is not None else ()
    return people, [one.id for one in team if any(is_of(row, one) for row in rows if row.person_id is None)]


def uninvited(people: Sequence[AttendeeView], episode: EpisodeView | None) -> list[MemberView]:
    """Who of the team is not invited, most likely since they joined it later."""
    team = episode.team if episode is not None else ()
    return [one for one in team if not any(is_of(each, one) for each in people if not each.family)]


def is_of(row: MeetingPerson | AttendeeView, member: MemberView) -> bool:
    """Whether an invitation is of this member of the team."""
    if member.user_id is not None:
        return row.user_id == member.user_id
    return row.user_id is None and (row.name, row.organisation) == (member.name, member.organisation)


def _taken_off(row: MeetingPerson, command: ChangeInvited, view: FamilyView, episode: EpisodeView | None) -> bool:
    if row.person_id is not None:
        return any(row.person_id in view.person(ref).records for ref in command.remove_people)
    if episode is None or (episode.lead is not None and episode.lead.accepted and episode.lead.user_id == row.user_id):
        return False
    return any(is_of(row, one) for one in episode.team if one.id in command.remove_members)


def _added(
    command: ChangeInvited, view: FamilyView, episode: EpisodeView | None, kept: Sequence[MeetingPerson]
) -> Iterator[MeetingPerson]:
    """Invitations of those who have none; whoever leads is among them where they had none yet."""
    people = {row.person_id for row in kept}
    for ref in dict.fromkeys(command.add_people):
        person = view.person(ref)
        if not people & set(person.records):
            yield MeetingPerson(person_id=person.id)
    here = {_whose(row) for row in kept}
    for row in service.team_members(episode, command.add_members):
        if _whose(row) not in here:
            yield row


def _whose(row: MeetingPerson) -> tuple[int | None, str | None, str | None]:
    return (row.user_id, None, None) if row.user_id is not None else (None, row.name, row.organisation)


def _problems(
    meeting: Meeting, view: FamilyView, there: Sequence[MeetingPerson], command: ChangeInvited
) -> list[Problem]:
    if not there:
        return [Problem("A meeting needs somebody who is invited")]
    family = frozenset(row.person_id for row in there if row.person_id is not None)
    if command.together_why or (meeting.together_why and not command.add_people):
        return []
    if rules.together(family, view.safety):
        return [Problem(rules.SAFETY, "people")]
    plan = conflicts.Plan(meeting.starts_at, meeting.place, family, frozenset(), meeting.ref)
    one_place = conflicts.apart_at_one_place(view, plan)
    return [Problem("Move the meeting first: choose another place or another day", "people")] if one_place else []


def _hear_of_it(meeting: Meeting, added: Sequence[MeetingPerson]) -> None:
    """Nobody is invited who may hear nothing of this family."""
    may = {one.id for one in guests_of(meeting)}
    kept = [row.name for row in added if row.person_id is None and row.id not in may]
    if kept:
        words = "may hear nothing of this family. See who can see this, and why"
        raise Refused([Problem(f"{name} {words}", "members") for name in kept])


def _changed(
    meeting: Meeting,
    view: FamilyView | None,
    actor: Actor,
    added: Sequence[MeetingPerson],
    gone: Sequence[MeetingPerson],
    why: str | None = None,
) -> None:
    """Tell those whom it concerns. Each file of a meeting has a higher number than the one before."""
    people = tuple(row.person_id for row in (*added, *gone) if row.person_id is not None)
    names = {one: view.name_of(one) if view else "Somebody of the family" for one in people}
    addresses = _addresses(meeting, [row.id for row in gone])
    off = tuple((addresses.get(row.id), row.user_id) for row in gone if row.person_id is None)
    said = [f"invited: {_called(row, names)}" for row in added]
    said += [f"taken off: {_called(row, names)}{f', who {why}' if why else ''}" for row in gone]
    for row in gone:
        session.delete(row)
    meeting.revision += 1
    session.flush()
    told = service.about(meeting, view, actor)
    outside = [row.id for row in added if row.person_id is None and row.user_id is None]
    told |= {"audience": "workers", "people": people, "urls": links_of(meeting, only=outside) if outside else ()}
    line = f"Meeting of {service.said(meeting, None)}, {'; '.join(said)}"
    invitations = tuple(row.id for row in added)
    publish(InvitedChanged(**told, added=invitations, off=off, family_off=_of_family(gone), why=why, line=line))


def _called(row: MeetingPerson, names: dict[int, str]) -> str:
    if row.person_id is not None:
        return names[row.person_id] or "somebody of the family"
    return f"{row.name}, {row.organisation}" if row.organisation else row.name or ""


def _of_family(rows: Sequence[MeetingPerson]) -> int:
    return sum(row.person_id is not None for row in rows)


def _addresses(meeting: Meeting, invitations: Collection[int]) -> dict[int, str]:
    """Where the mails of these invitations went, also to whoever has left the team since."""
    named = (
        select(TafMember.email)
        .where(
            TafMember.episode_id == meeting.episode_id,
            TafMember.user_id.is_(None),
            TafMember.name == MeetingPerson.name,
            TafMember.organisation == MeetingPerson.organisation,
        )
        .order_by(TafMember.id.desc())
        .limit(1)
        .correlate(MeetingPerson)
        .scalar_subquery()
    )
    rows = select(MeetingPerson.id, User.email, named).outerjoin(User, User.id == MeetingPerson.user_id)
    found = session.execute(rows.where(MeetingPerson.id.in_(invitations), MeetingPerson.person_id.is_(None)))
    return {key: email or other for key, email, other in found if email or other}


# --- by itself -------------------------------------------------------------------------------------------------------


def _coming(*family_ids: int) -> list[Meeting]:
    """Meetings to come of these families, locked; of a sealed one nothing leaves."""
    rows = select(Meeting).join(Family, Family.id == Meeting.family_id)
    rows = rows.where(Meeting.family_id.in_(family_ids), Meeting.state == "scheduled", ~Family.sealed)
    return list(session.scalars(rows.order_by(Meeting.id).with_for_update(of=Meeting)))


def tidy(family_id: int, actor: Actor) -> None:
    """Whoever of the team helps no longer, or may hear nothing any more, is invited to nothing; whoever leads is."""
    session.flush()
    for meeting in _coming(family_id):
        theirs = invited_guests(MeetingPerson).where(MeetingPerson.meeting_id == meeting.id, or_(~HELPS, SHUT))
        gone = list(session.scalars(theirs.order_by(MeetingPerson.id), grants.times()).unique())
        if gone:
            _changed(meeting, None, actor, [], gone, HELPS_NO_LONGER)


def lead_comes(episode_id: int, family_id: int, actor: Actor) -> None:
    """Whoever leads from now on is invited to the meetings to come."""
    lead = episodes.lead_now(episode_id)
    user = session.get_one(User, lead.user_id) if lead is not None and lead.accepted_at is not None else None
    for meeting in _coming(family_id) if user is not None else ():
        if user is not None and user.id not in {row.user_id for row in service.invited(meeting.id)}:
            made = MeetingPerson(meeting_id=meeting.id, user_id=user.id, name=user.name)
            made.organisation = user.organisation.name
            session.add(made)
            session.flush()
            _changed(meeting, None, actor, [made], [])


def has_account(episode_id: int, user_id: int, called: tuple[str, str]) -> None:
    """Somebody invited by name is a user from now on; a link they were sent opens nothing any more."""
    rows = select(MeetingPerson).join(Meeting, Meeting.id == MeetingPerson.meeting_id)
    rows = rows.where(Meeting.episode_id == episode_id, Meeting.state == "scheduled", MeetingPerson.user_id.is_(None))
    theirs = rows.where(MeetingPerson.name == called[0], MeetingPerson.organisation == called[1])
    for row in session.scalars(theirs).all():
        row.user_id, row.token_hash = user_id, None
    session.flush()


def keep_apart(protected_id: int, from_id: int, actor: Actor) -> None:
    """A safety rule came after the invitations: whoever somebody is kept safe from does not come where they do."""
    protected, dangers = set(records_of([protected_id])), set(records_of([from_id]))
    both = select(MeetingPerson.meeting_id).where(MeetingPerson.person_id.in_(protected))
    theirs = (
        select(Meeting.family_id)
        .join(MeetingPerson, MeetingPerson.meeting_id == Meeting.id)
        .where(MeetingPerson.person_id.in_(dangers), Meeting.id.in_(both), Meeting.state == "scheduled")
    )
    for meeting in _coming(*session.scalars(theirs)):
        rows = service.invited(meeting.id)
        if protected & {row.person_id for row in rows}:
            _off_family(meeting, [row for row in rows if row.person_id in dangers], actor, KEPT_APART)


def left_family(family_id: int, records: Collection[int], actor: Actor) -> None:
    """Somebody who no longer belongs to the family is invited to its meetings no longer."""
    for meeting in _coming(family_id):
        theirs = [row for row in service.invited(meeting.id) if row.person_id in records]
        _off_family(meeting, theirs, actor, LEFT_FAMILY)


def _off_family(meeting: Meeting, gone: Sequence[MeetingPerson], actor: Actor, why: str) -> None:
    if gone:
        _changed(meeting, None, actor, [], gone, why)
