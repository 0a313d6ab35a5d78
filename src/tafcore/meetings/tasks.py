"""What waits for somebody because of meetings: to arrange, prepare, hold, record, share, or answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tafcore.actor import Actor
from tafcore.contributions import Task
from tafcore.links import path
from tafcore.meetings import agenda
from tafcore.meetings.agenda import AgendaView, WaitingView
from tafcore.standards import service as standards
from tafcore.standards.clock import london_day
from tafcore.standards.words import day

AHEAD = timedelta(days=7)
"""How long before a meeting it is time to prepare for it."""


INVITED = timedelta(days=14)
"""How long before a meeting the family must have been invited."""


def find(actor: Actor, now: datetime) -> Sequence[Task]:
    """The lead professional's meetings, and the invitations an actor has not answered."""
    if actor.user_id is None:
        return []
    tasks = [_arrange(one, now) for one in agenda.waiting_of(actor) if one.arranged is None]
    led = agenda.agenda_of(actor)
    tasks += [task for one in led if (task := _next_step(one, now)) is not None]
    tasks += [_book(one, now) for one in led if one.unbooked and one.state == "scheduled" and one.starts_at > now]
    tasks += [_invite(one, now) for one in led if one.untold and _is_soon(one, now)]
    tasks += [_has_joined(one, now) for one in led if one.joined and one.state == "scheduled" and one.starts_at > now]
    return [*tasks, *(_answer(one) for one in agenda.asked_to(actor) if _unanswered(one, now))]


def _arrange(one: WaitingView, now: datetime) -> Task:
    what = "First TAF meeting" if one.first else "TAF review"
    title = f"{what} to be held by {day(london_day(one.due), london_day(now))}: none is arranged"
    return Task(title, "Schedule", path("meetings.schedule_page", family_ref=one.family_ref), one.due, one.family_ref)


def _next_step(one: AgendaView, now: datetime) -> Task | None:
    if one.state == "held":
        due = standards.due("record_shared", one.starts_at)
        return Task(
            "Share the record of the meeting", "Share", path("meetings.share_page", ref=one.ref), due, one.family_ref
        )
    where = f", {one.place}" if one.place else ""
    that_day, today = london_day(one.starts_at), london_day(now)
    if that_day < today:
        title = f"Meeting of {day(that_day, today)} has no record: write it, or say that it did not happen"
        return Task(title, "Record", path("meetings.hold_page", ref=one.ref), one.starts_at, one.family_ref)
    if that_day == today:
        return _to_come(f"Meeting{where}", "Hold", path("meetings.hold_page", ref=one.ref), one)
    if one.starts_at - now <= AHEAD:
        return _to_come(f"Meeting{where}", "Prepare", path("meetings.page", ref=one.ref), one)
    return None


def _is_soon(one: AgendaView, now: datetime) -> bool:
    ahead = london_day(now) < london_day(one.starts_at)
    return one.state == "scheduled" and ahead and one.starts_at <= now + INVITED


def _invite(one: AgendaView, now: datetime) -> Task:
    that_day = day(london_day(one.starts_at), london_day(now))
    title = f"Invite the family to the meeting of {that_day}, and ask whom they want there"
    return Task(title, "Invite", path("meetings.invite_family", ref=one.ref), one.starts_at, one.family_ref)


def _has_joined(one: AgendaView, now: datetime) -> Task:
    that_day = day(london_day(one.starts_at), london_day(now))
    title = f"Somebody joined the team after the meeting of {that_day} was arranged, and is not invited"
    return Task(title, "Invite", path("meetings.change_invited", ref=one.ref), one.starts_at, one.family_ref)


def _book(one: AgendaView, now: datetime) -> Task:
    that_day = day(london_day(one.starts_at), london_day(now))
    url = path("meetings.interpreters_page", ref=one.ref)
    return Task(f"No interpreter is booked for the meeting of {that_day}", "Book", url, one.starts_at, one.family_ref)


def _to_come(title: str, verb: str, url: str, one: AgendaView) -> Task:
    return Task(title, verb, url, one.starts_at, one.family_ref, takes_place=True)


def _unanswered(one: AgendaView, now: datetime) -> bool:
    owes_words = one.reply == "not_coming" and not one.sent_words
    return one.state == "scheduled" and (one.reply is None or owes_words) and one.starts_at > now


def _answer(one: AgendaView) -> Task:
    url = path("meetings.contribute_page", ref=one.ref)
    if one.reply == "not_coming":
        return _to_come("Meeting you cannot come to: send words, it takes 90 seconds", "Send words", url, one)
    return _to_come("Meeting: say whether you can come, or send words", "Answer", url, one)
