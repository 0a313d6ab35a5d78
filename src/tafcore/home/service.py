"""What somebody does with their own notices. Call inside `writing()`."""

from __future__ import annotations

from tafcore.actor import Actor
from tafcore.db import utcnow
from tafcore.home import inbox
from tafcore.home.commands import FinishNotice
from tafcore.home.events import NoticeFinished
from tafcore.vocabulary import Subject
from tafcore.work import check, publish


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
