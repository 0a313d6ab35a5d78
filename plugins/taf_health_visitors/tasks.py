"""What waits for health visitors and school nurses, and whom to tell. No name leaves in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from taf_health_visitors import listing, rules
from taf_health_visitors.events import HandedOver, HandOverAnswered
from taf_health_visitors.reading import merged, visitors_of
from tafcore.api import (
    LONDON,
    Actor,
    EpisodeOpened,
    Event,
    Family,
    FamilyMember,
    Notice,
    Person,
    Task,
    TaskSource,
    User,
    london_day,
    path,
    session,
    times,
    utcnow,
    visible,
)

SECTORS = ("health_visiting", "school_nursing")


def source() -> TaskSource:
    return TaskSource("health_visitors.reviews", find, 40)


def find(actor: Actor, now: datetime) -> Sequence[Task]:
    """Reviews that are due or late and hand-overs to make, for the health visitor named; hand-overs to answer."""
    if actor.sector not in SECTORS or actor.team_id is None or not actor.may("health_visitors.record"):
        return []
    rows, _ = listing.children(actor)
    return [task for row in rows for task in _tasks(row, actor, london_day(now))]


def _tasks(row: listing.Row, actor: Actor, today: date) -> Iterator[Task]:
    waits = row.hand_over is not None and row.hand_over.waits
    if waits and row.hand_over is not None and row.hand_over.to_team_id == actor.team_id:
        url = path("health_visitors.answer", ref=row.ref, family=row.family_ref)
        yield Task("A child is handed over to your team", "Accept", url, None, row.family_ref)
    if row.visitor is None or row.visitor.user_id != actor.user_id:
        return
    for slot in row.waiting:
        url = path("health_visitors.review", ref=row.ref, family=row.family_ref, review=slot.review)
        yield Task(f"{slot.title} of a child", "Record", url, _end_of(slot.last), row.family_ref)
    if row.born is not None and not waits and rules.hands_over_soon(row.born, today):
        url = path("health_visitors.hand_over", ref=row.ref, family=row.family_ref)
        due = _end_of(rules.hand_over_due(row.born))
        yield Task("Hand a child over to school nursing", "Hand over", url, due, row.family_ref)


def _end_of(day: date | None) -> datetime | None:
    """The last moment of a day in London."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON) - timedelta(minutes=1) if day else None


def notices(event: Event) -> Sequence[Notice]:
    """To the health visiting team of a child under five whose early help opens; to both sides of a hand-over."""
    if isinstance(event, EpisodeOpened):
        return list(_opened(event))
    if isinstance(event, HandedOver):
        return [_notice(event.to_team_id, "A child is handed over to your team", event)]
    if isinstance(event, HandOverAnswered) and event.from_team_id is not None:
        subject = "A hand-over was accepted" if event.accepted else "A hand-over was given back"
        return [_notice(event.from_team_id, subject, event)]
    return []


def _notice(team_id: int, subject: str, event: Event) -> Notice:
    context = {"url": path("health_visitors.children"), "words": subject}
    return Notice(f"team:{team_id}", subject, "health_visitors/notice.txt", context, event.subject.ref)


def _opened(event: EpisodeOpened) -> Iterator[Notice]:
    today = london_day(utcnow())
    here = select(FamilyMember.person_id).where(FamilyMember.family_id == event.family_id, FamilyMember.left.is_(None))
    children = session.scalars(select(Person).where(Person.id.in_(here), Person.died.is_(None)))
    young = [child.id for child in children if rules.is_young(child.born, child.due, today)]
    for team_id in sorted({visitor.team_id for visitor in visitors_of(merged(young)).values()}):
        if event.family_id is not None and _may_see(team_id, event.family_id):
            yield _notice(team_id, "Early help has opened for a child on your list", event)


def _may_see(team_id: int, family_id: int) -> bool:
    """Whether anybody of the team may see the family: who may not, by the borough or a bar, is told nothing."""
    members = session.scalars(select(User).where(User.team_id == team_id, User.active).order_by(User.id))
    return any(
        session.scalar(select(Family.id).where(Family.id == family_id, visible(member.actor())), times())
        for member in members
    )
