"""What becomes of messages that leave the program. Never to whom they went, or what they said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """A mail, text or letter was handed over. `about` and `purpose` are those of its notice."""

    kind: ClassVar[str] = "notices.sent"
    about: str
    purpose: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """It was given up, or did not arrive: a person has to do something else. `fault` is a kind of fault, no more."""

    kind: ClassVar[str] = "notices.failed"
    about: str
    purpose: str
    channel: str
    fault: str


@dataclass(frozen=True, kw_only=True)
class AddressUnreached(Event):
    """A server said that there is no such address: nothing is sent there until somebody says that it is right."""

    kind: ClassVar[str] = "notices.unreached"
    fault: str


@dataclass(frozen=True, kw_only=True)
class AddressTriedAgain(Event):
    """Somebody said that an address is right after all."""

    kind: ClassVar[str] = "notices.tried_again"
