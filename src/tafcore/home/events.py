"""What became of somebody's own notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class NoticeFinished(Event):
    """Somebody said that a notice is dealt with, or that it is not."""

    kind: ClassVar[str] = "notices.finished"
    done: bool


@dataclass(frozen=True, kw_only=True)
class MailsChosen(Event):
    """Somebody chose how they hear of their notices by mail."""

    kind: ClassVar[str] = "notices.mails_chosen"
    mails: str


@dataclass(frozen=True, kw_only=True)
class TaskSnoozed(Event):
    """Somebody put off what waits for them."""

    kind: ClassVar[str] = "notices.snoozed"
    reason: str
    until: str


@dataclass(frozen=True, kw_only=True)
class TaskWoken(Event):
    """What was put off waits again before its day."""

    kind: ClassVar[str] = "notices.woken"
