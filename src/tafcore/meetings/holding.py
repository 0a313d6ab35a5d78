"""Holding a meeting: its record, the plan changes agreed at it and the next date, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tafcore import drafts
from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes import service as episodes
from tafcore.episodes.reading import EpisodeView, episode_of
from tafcore.episodes.rules import LEVELS
from tafcore.episodes.shares import Share
from tafcore.families.access import FamilyView, PersonView
from tafcore.meetings import agreed, households, rules, service
from tafcore.meetings.commands import HoldMeeting, PresencePart
from tafcore.meetings.events import MeetingHeld
from tafcore.meetings.models import (
    Contribution,
    Meeting,
    MeetingDecision,
    MeetingLine,
    MeetingPerson,
    MeetingScale,
)
from tafcore.plans.reading import PlanView, plan_of
from tafcore.standards.clock import london_day
from tafcore.work import Refused, check, publish


def voices_needed(view: FamilyView, episode: EpisodeView | None, share: Share | None = None) -> tuple[PersonView, ...]:
    """Children whose voice the record must have, or say why not: those born and alive, of this episode; at a meeting of
    one household, of those who live or stay there."""
    inside = episode.children if episode and episode.children else frozenset(child.id for child in view.children)
    here = (child for child in view.children if child.role != "unborn" and child.died is None and child.id in inside)
    return tuple(child for child in here if share is None or share.has(child.id))


def sitting(meeting: Meeting, view: FamilyView, seen: FamilyView, plan: PlanView | None) -> rules.Sitting:
    """What the rules of holding need to know; who was missing, and what the plan lacks, as far as `seen` shows it."""
    needed = voices_needed(view, episode_of(view), households.share_at(view, meeting))
    return rules.Sitting(
        state=meeting.state,
        said=meeting.held_by or "",
        day=london_day(meeting.starts_at),
        today=london_day(utcnow()),
        children={child.ref: child.forename for child in needed},
        people=frozenset(person.ref for person in view.people),
        missing={
            _who(row, seen): _name(row, seen)
            for row in service.invited(meeting.id)
            if row.expected and _can_come(row, seen) and not excused(row)
        },
        gaps=gaps_of(plan),
    )


def _can_come(row: MeetingPerson, seen: FamilyView) -> bool:
    """Whether somebody invited may be asked after: of the family those whom this view shows, and who live."""
    person = seen.seen(row.person_id)
    return row.person_id is None or (person is not None and person.died is None)


def excused(row: Any) -> bool:
    """Whether somebody invited has said that they cannot come: nobody need ask why they did not."""
    return bool(row.reply == "not_coming")


def gaps_of(plan: PlanView | None) -> dict[str, str]:
    """Needs without a goal and goals without an action, nobody having said why: reference -> what to do about it."""
    found = {}
    for need in plan.needs if plan else ():
        if not need.goals and not need.gap_reason:
            found[need.ref] = rules.no_goal(need.words)
        for goal in need.goals:
            if not goal.actions and not goal.gap_reason:
                found[goal.ref] = rules.no_action(goal.words)
    return found


def _who(row: MeetingPerson, view: FamilyView) -> str:
    person = view.seen(row.person_id)
    return rules.who(person.ref if person else None, row.user_id, row.name, row.organisation)


def _name(row: MeetingPerson, view: FamilyView) -> str:
    person = view.seen(row.person_id)
    return person.forename if person else row.name or ""


def _may_hold(found: tuple[Meeting, FamilyView], command: HoldMeeting) -> list[Problem]:
    meeting, view = found
    # Whoever finishes with the family looking on is asked for no more than that screen may say.
    seen = view.shown_to_family()
    plan = households.plan_at(seen, meeting, plan_of(seen))
    problems = rules.may_hold(sitting(meeting, view, seen, plan), command)
    if command.next_at is not None:
        problems += rules.may_meet(command.next_at, command.next_place, command.next_link, utcnow(), "next_at")
    return problems


def hold(command: HoldMeeting, actor: Actor) -> Meeting:
    """Record a meeting and what was agreed at it; the first of two who finish wins, the second is refused and told."""
    meeting, view = check(command, actor, lambda: service.find(command, actor), _may_hold)
    people = {person.ref: person for person in view.people}
    _attend(meeting, command.attendance, people)
    _write(meeting, command, people)
    agreed.write(meeting, view, command, actor)
    _record(meeting, view, command, actor)
    following = _arrange_next(meeting, view, command, actor)
    drafts.discard(service.draft_subject(meeting.ref))
    service.set_next(view.id)
    words = rules.KINDS[meeting.kind or "family"]
    event = MeetingHeld(
        **service.about(meeting, view, actor),
        happened_at=meeting.starts_at,
        people=tuple(
            row.person_id for row in service.invited(meeting.id) if row.person_id and row.attended in rules.LIVE
        ),
        was_kind=meeting.kind or "",
        counts=meeting.kind == "taf",
        next_ref=following.ref if following else None,
        actions_changed=len(command.updates),
        actions_new=len(command.new_actions),
        line=f"{words} held" if view.has_safety_rule or not meeting.place else f"{words} held at {meeting.place}",
    )
    publish(event)
    return meeting


def _attend(meeting: Meeting, attendance: Sequence[PresencePart], people: Mapping[str, PersonView]) -> None:
    """Who came. Those invited of whom nothing is said were absent, those who came uninvited are added."""
    known = {_identity(row): row for row in service.invited(meeting.id)}
    gone = {record for person in people.values() if person.died is not None for record in person.records}
    for row in known.values():
        if row.person_id in gone:
            continue  # they died since they were invited
        row.attended = "absent"
        row.absent_why = "cannot" if excused(row) else None
    for number, one in enumerate(attendance):
        person = people[one.person].id if one.person else None
        found = MeetingPerson(person_id=person, user_id=one.user, name=one.name, organisation=one.organisation)
        if one.user is not None:
            user = session.get(User, one.user)
            if user is None:
                raise Refused([Problem("Choose somebody with an account", f"attendance.{number}.user")])
            found.name, found.organisation = user.name, user.organisation.name
        if one.how == "absent" and _identity(found) not in known:
            continue  # whoever was not invited was not missing, and the record is not for them
        row = known.setdefault(_identity(found), found)
        if row is found:
            row.meeting_id, row.expected = meeting.id, False
            session.add(row)
        row.attended = one.how
        row.absent_why = None if one.how in rules.LIVE else one.why or row.absent_why
    session.flush()


def _identity(row: MeetingPerson) -> Any:
    if row.person_id is not None:
        return ("person", row.person_id)
    return ("user", row.user_id) if row.user_id is not None else (row.name, row.organisation)


def _write(meeting: Meeting, command: HoldMeeting, people: Mapping[str, PersonView]) -> None:
    """What was said: words sent, numbers, lines, decisions."""

    def who(ref: str | None) -> int | None:
        return people[ref].id if ref else None

    here = meeting.id
    rows: list[Any] = [Contribution(meeting_id=here, name=one.name, words=one.words) for one in command.contributions]
    names: dict[int | None, str | None] = {row.user_id: row.name for row in service.invited(here) if row.user_id}
    for scale in command.scales:
        name = people[scale.person].name if scale.person else scale.name or names.get(scale.user) or ""
        made = MeetingScale(meeting_id=here, person_id=who(scale.person), user_id=scale.user, name=name)
        made.value, made.private = scale.value, scale.private
        rows.append(made)
    for line in command.lines:
        rows.append(MeetingLine(meeting_id=here, column=line.column, words=line.words, person_id=who(line.about)))
    for kept in command.withheld:
        private = MeetingLine(meeting_id=here, column=kept.column, words=kept.words, person_id=who(kept.about))
        private.withheld, private.withheld_why, private.withheld_by = True, kept.reason, kept.decided_by
        rows.append(private)
    for decision in command.decisions:
        rows.append(MeetingDecision(meeting_id=here, words=decision.words, person_id=who(decision.about)))
    for level in command.levels:
        said = f"{LEVELS[level.level]}: {level.reason}"
        rows.append(MeetingDecision(meeting_id=here, kind="level", words=said, person_id=who(level.person)))
    for silent in command.missing:
        rows.append(MeetingDecision(meeting_id=here, kind="silent", words=silent.reason, person_id=who(silent.person)))
    session.add_all(rows)
    session.flush()


def _record(meeting: Meeting, view: FamilyView, command: HoldMeeting, actor: Actor) -> None:
    """What the meeting was, and that it is held."""
    roles: dict[int | None, str] = {record: person.role for person in view.people for record in person.records}
    live = [row for row in service.invited(meeting.id) if row.attended in rules.LIVE]
    family = [rules.Here(role=roles.get(row.person_id, "other_adult")) for row in live if row.person_id is not None]
    others = [rules.Here(organisation=row.organisation or "") for row in live if row.person_id is None]
    episode = episodes.require_episode(view.id)
    meeting.due_at = service.next_due(view.id, episode.opened_at)
    meeting.kind = rules.kind_of([*family, *others])
    meeting.chair, meeting.note_taker = command.chair, command.note_taker or actor.label
    meeting.interpreter_came, meeting.family_view = command.interpreter_came, command.family_view
    meeting.state, meeting.held_at, meeting.held_by = "held", utcnow(), actor.byline
    meeting.revision += 1
    session.flush()


def _arrange_next(meeting: Meeting, view: FamilyView, command: HoldMeeting, actor: Actor) -> Meeting | None:
    """The next meeting: the same family members as were invited here, and the team as it is now."""
    if command.next_at is None:
        return None
    made = Meeting(starts_at=command.next_at, place=command.next_place, link=command.next_link)
    made.interpreter, made.access_needs, made.creche = meeting.interpreter, meeting.access_needs, meeting.creche
    made.together_why, made.household_id = meeting.together_why, meeting.household_id
    family = [row.person_id for row in service.invited(meeting.id) if row.person_id is not None and row.expected]
    service.arrange(made, view, family, service.team_members(episode_of(view)), actor)
    meeting.next_id = made.id
    return made
