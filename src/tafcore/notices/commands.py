"""What whoever looks after the outbox can ask."""

from __future__ import annotations

from typing import ClassVar

from tafcore.vocabulary import Command


class ReachAgain(Command):
    """Say that a mail address which a server did not know is right: mails leave there again."""

    permission: ClassVar[str] = "admin.outbox"
    address: int
