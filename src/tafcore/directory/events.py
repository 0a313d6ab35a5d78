"""What happens with services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class ServiceAdded(Event):
    kind: ClassVar[str] = "directory.service_added"
    name: str
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class ServiceChanged(Event):
    """What is told of it is another; `was` and `now` hold what differs, by the command's field."""

    kind: ClassVar[str] = "directory.service_changed"
    was: Mapping[str, str]
    now: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ServiceClosed(Event):
    kind: ClassVar[str] = "directory.service_closed"
    reason: str


@dataclass(frozen=True, kw_only=True)
class ServiceOpenedAgain(Event):
    kind: ClassVar[str] = "directory.service_opened_again"
