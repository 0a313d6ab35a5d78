"""Once a week each manager gets the list of those who told us something and still wait for a reply that is late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select

from tafcore.accounts.models import User, UserRole
from tafcore.actor import WORKER, Actor
from tafcore.contacts.access import open_to, worked_by
from tafcore.contacts.events import UntoldListed
from tafcore.contacts.models import Contact
from tafcore.contributions import Notice
from tafcore.db import session, utcnow, writing
from tafcore.families.access import times
from tafcore.links import path
from tafcore.notices.service import stored
from tafcore.standards import service as standards
from tafcore.standards.clock import LONDON, london_day
from tafcore.vocabulary import Subject
from tafcore.work import publish

STANDARD = "untold_list"
"""Its length is the day of the week: days after Monday."""
MOST = 50


@dataclass(frozen=True)
class Untold:
    """A contact of which nobody was told yet, as the list names it: by its reference alone."""

    ref: str
    due: date
    answered: bool


def late(now: ColumnElement[datetime] | datetime) -> list[ColumnElement[bool]]:
    """The predicates on Contact: whoever told us should have heard by now. `next_due` is never later than that."""
    return [Contact.next_due < now, Contact.reply_due < now, Contact.referrer_told_at.is_(None)]


def tell_managers() -> None:
    """The worker's job. Done again it tells nobody twice in a week; a week without anybody waiting sends nothing."""
    monday = _monday()
    if london_day(utcnow()) < _day(monday):
        return
    managers = select(User).join(UserRole, UserRole.user_id == User.id)
    managers = managers.where(User.active, UserRole.role == "early_help_manager").order_by(User.id)
    ids = [one.id for one in session.scalars(managers)]
    for user_id in ids:
        with writing():
            _tell(session.get_one(User, user_id).actor(), purpose(monday))


def _tell(manager: Actor, why: str) -> None:
    if manager.user_id is None or stored(manager.user_id, why):
        return
    number = session.scalar(select(func.count()).where(*_of(manager)), times()) or 0
    if number:
        about = Subject("user", manager.user_id)
        publish(UntoldListed(actor=WORKER, subject=about, number=number))


def _of(manager: Actor) -> list[ColumnElement[bool]]:
    return [worked_by(manager), open_to(manager), *late(utcnow())]


def notices(event: UntoldListed) -> Iterator[Notice]:
    """The list itself: references and days, nobody's name."""
    manager = session.get_one(User, event.subject.id).actor()
    rows = select(Contact.ref, Contact.reply_due, Contact.answered_at).where(*_of(manager))
    found = session.execute(rows.order_by(Contact.reply_due, Contact.id).limit(MOST), times())
    listed = [Untold(ref, london_day(due), at is not None) for ref, due, at in found if due]
    words = {"listed": listed, "more": event.number - len(listed)}
    subject = "A late reply" if event.number == 1 else f"{event.number} late replies"
    url = path("contacts.listing", show="untold")
    to, why = f"user:{event.subject.id}", purpose(_monday())
    yield Notice(to, subject, "contacts/untold.txt", {**words, "url": url}, purpose=why)


def purpose(monday: date) -> str:
    return f"contacts.untold {monday.isoformat()}"


def _monday() -> date:
    today = london_day(utcnow())
    return today - timedelta(days=today.weekday())


def _day(monday: date) -> date:
    """The day of this week on which the list is due."""
    return london_day(standards.due(STANDARD, datetime.combine(monday, time(12), LONDON).astimezone(UTC)))
