"""What happens with one-off links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tafcore.api import Event


@dataclass(frozen=True, kw_only=True)
class LinkSent(Event):
    """A professional was sent a link. `url` opens the form, and so is kept out of the trail."""

    kind: ClassVar[str] = "front_door.link_sent"
    name: str
    organisation: str
    email: str | None
    url: str

    def payload(self) -> dict[str, Any]:
        return {name: value for name, value in super().payload().items() if name != "url"}


@dataclass(frozen=True, kw_only=True)
class LinkWithdrawn(Event):
    kind: ClassVar[str] = "front_door.link_withdrawn"


@dataclass(frozen=True, kw_only=True)
class LinkUsed(Event):
    kind: ClassVar[str] = "front_door.link_used"
    contact: str


@dataclass(frozen=True, kw_only=True)
class LinkFailed(Event):
    """Its mail was given up, or did not arrive, and nobody has opened it by another way."""

    kind: ClassVar[str] = "front_door.link_failed"
    sent_by_id: int
    name: str
    organisation: str
