"""What somebody does with their own notices. Call inside `writing()`."""

from __future__ import annotations

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.home import inbox
from tafcore.home.commands import ChooseMails, FinishNotice
from tafcore.home.events import MailsChosen, NoticeFinished
from tafcore.notices.models import MailChoice
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, check, publish


def opened(message: int, actor: Actor) -> None:
    """Whoever opens a notice first has read it, for their team too."""
    row = inbox.find_message(message, actor)
    row.read_at = row.read_at or utcnow()


def finish(command: FinishNotice, actor: Actor) -> None:
    """A notice is dealt with, or is not after all."""
    row = check(command, actor, lambda: inbox.find_message(command.message, actor))
    row.done_at = utcnow() if command.done else None
    if command.done:
        row.read_at = row.read_at or utcnow()
    publish(NoticeFinished(actor=actor, subject=Subject("message", row.id, row.about), done=command.done))


def choose_mails(command: ChooseMails, actor: Actor) -> None:
    """How they hear by mail from now on."""
    user_id = check(command, actor, lambda: _user(actor))
    row = session.scalar(select(MailChoice).where(MailChoice.user_id == user_id)) or MailChoice(user_id=user_id)
    row.mails = command.mails
    session.add(row)
    publish(MailsChosen(actor=actor, subject=Subject("user", user_id), mails=command.mails))


def _user(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotFound
    return actor.user_id
