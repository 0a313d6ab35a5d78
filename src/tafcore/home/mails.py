"""What the worker tells people by mail of their notices: at once, and in the morning. Made here, sent by the outbox.

A mail says that something waits, and how much of it: never what, about whom, or from which record. Making it and noting
that it is made are one transaction, so that a worker that is killed neither forgets one nor makes it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Flask, current_app, render_template
from sqlalchemy import func, or_, select, update

from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contributions import Notice
from tafcore.db import session, utcnow, writing
from tafcore.families.access import times
from tafcore.home import inbox, reading
from tafcore.home.rules import LATE, TODAY
from tafcore.links import public
from tafcore.notices import reaching, rules, service
from tafcore.notices.models import MailChoice, Message
from tafcore.notices.senders import served
from tafcore.standards.clock import is_working_day, london_day
from tafcore.work import NotFound

AT_ONCE, URGENT, MORNING = "Something waits for you", "Something waits for you today", "What waits for you"
"""All that a subject ever says: it is read on a locked screen, and over a shoulder."""
PURPOSE = "notices.told"
BATCH = 50


def tell() -> None:
    """Mail those whom a notice is to, where they want that or somebody may come to harm. Every round of the worker."""
    if "email" not in served(current_app.config):
        _forget()
        return
    due = select(Message).where(Message.mail_due_at <= utcnow()).order_by(Message.mail_due_at, Message.id).limit(BATCH)
    for row in session.scalars(due).all():
        told = _to_tell(row) if utcnow() - row.created_at <= rules.TELL_WITHIN else []
        with writing():
            here = select(Message).where(Message.id == row.id, Message.mail_due_at.is_not(None))
            held = session.scalar(here.with_for_update(skip_locked=True))
            if held is None:  # another worker's
                continue
            held.mail_due_at = None
            for user in told:
                _mail(user, URGENT if held.urgent else AT_ONCE, "home/told.txt", urgent=held.urgent)


def _forget() -> None:
    """Nothing is mailed here: a mail server set up later does not begin with what is long read."""
    if session.scalar(select(Message.id).where(Message.mail_due_at.is_not(None)).limit(1)) is not None:
        with writing():
            session.execute(update(Message).where(Message.mail_due_at.is_not(None)).values(mail_due_at=None))


def _to_tell(row: Message) -> Sequence[User]:
    """Who of those it is to may read it, has not, and is to be told by a mail of its own."""
    to = User.id == row.to_user_id if row.to_user_id is not None else User.team_id == row.to_team_id
    people = select(User, MailChoice.mails).outerjoin(MailChoice, MailChoice.user_id == User.id)
    found = session.execute(people.where(to, User.active).order_by(User.id)).all()
    mine = row.to_user_id is not None
    asked = [user for user, mails in found if row.urgent or (mine and (mails or "at_once") == "at_once")]
    return [user for user in asked if _reads(row, user.actor())]


def _reads(row: Message, who: Actor) -> bool:
    try:
        letter = inbox.letter(row.id, who)
    except NotFound:
        return False
    return not letter.lost and letter.read_at is None


def _mail(user: User, subject: str, template: str, **words: object) -> None:
    if reaching.holds(user.email):
        return
    told = {**words, "url": public("inbox.listing")}
    service.store(
        Notice(f"mailto:{user.email}", subject, template, told, purpose=PURPOSE), render_template(template, **told)
    )


def every_morning() -> bool:
    """The mail of the day, on working days: to some of those who have not had it; whether there are more."""
    today = london_day(utcnow())
    if not is_working_day(today) or "email" not in served(current_app.config):
        return False
    here: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    people = select(User.id).outerjoin(MailChoice, MailChoice.user_id == User.id)
    people = people.where(User.active, or_(MailChoice.told_on.is_(None), MailChoice.told_on < today))
    people = people.where(func.coalesce(MailChoice.mails, "at_once") != "none").order_by(User.id).limit(BATCH)
    ids = session.scalars(people).all()
    for user_id in ids:
        with here.app_context():  # what is asked once a request is asked anew for each
            _tell_in_the_morning(user_id, today)
    return len(ids) == BATCH


def _tell_in_the_morning(user_id: int, today: date) -> None:
    user = session.get_one(User, user_id)
    who, now, chosen = user.actor(), utcnow(), _chosen(user_id)
    waiting = reading.waiting_for(who, now)
    late, due = (sum(one.kind == kind for one in waiting) for kind in (LATE, TODAY))
    new = _new(who, chosen)
    with writing():
        row = _chosen(user_id) or MailChoice(user_id=user_id, mails="at_once")
        if row.told_on is not None and row.told_on >= today:  # meanwhile, by another worker
            return
        session.add(row)
        row.told_on, row.told_at = today, now
        if new or late or due:
            _mail(user, MORNING, "home/morning.txt", new=new, late=late, due=due)


def _chosen(user_id: int) -> MailChoice | None:
    return session.scalar(select(MailChoice).where(MailChoice.user_id == user_id))


def _new(who: Actor, chosen: MailChoice | None) -> int:
    """How many came since they were last told, unread and not told by a mail of their own."""
    since = chosen.told_at if chosen is not None and chosen.told_at else utcnow() - rules.FIRST_MORNING
    here = select(func.count(Message.id)).where(inbox.mine(who), ~inbox.lost(who), Message.created_at > since)
    here = here.where(Message.read_at.is_(None), Message.done_at.is_(None), Message.urgent.is_(False))
    if chosen is None or chosen.mails == "at_once":
        here = here.where(Message.to_user_id.is_(None))
    return session.scalar(here, times()) or 0
