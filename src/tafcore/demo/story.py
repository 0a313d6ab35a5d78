"""One invented family, from the day it was first heard of, and who works with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tafcore.db import clock_at, utcnow
from tafcore.demo.places import Borough
from tafcore.families.access import FamilyView, visible_family
from tafcore.people.commands import PersonDetails
from tafcore.standards.clock import LONDON, is_working_day

AREAS = ("larch", "rowan", "alder")
HUBS = {"larch": "hub", "rowan": "hub2", "alder": "hub3"}
MANAGERS = {"larch": "manager", "rowan": "manager2", "alder": "manager3"}
LEADS = {"larch": ("lead", "school"), "rowan": ("teacher", "nurse"), "alder": ("year_head", "youth")}
TEAM = (("healthvisitor", "Health checks and sleep"), ("vcs", "Money advice"), ("member", "Housing options"))
AGREED = ("school", "health_visiting", "school_nursing", "vcs", "housing")
DOORS = (("walk_in", "1A"), ("phone", "1A"), ("web", "2A"), ("partner", "3B"), ("phone", "2A"), ("letter", "3A"))


@dataclass
class Story:
    """One family, from the day it was first heard of."""

    borough: Borough
    area: str
    begun: datetime
    number: int
    contact: str = ""
    family: str = ""
    found: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    meeting: str = ""
    guarded: bool = False
    told: tuple[PersonDetails, ...] = ()
    """The household, if it is settled before the story begins."""

    @contextmanager
    def on(self, day: float, hour: int = 10) -> Iterator[None]:
        """Some working hour, `day` days after the beginning, and never still to come."""
        with clock_at(min(self.at(day, hour, (self.number * 7) % 60), utcnow())):
            yield

    def at(self, day: float, hour: int, minute: int) -> datetime:
        """An hour of a working day in London, `day` days after the beginning or on the next working day."""
        local = (self.begun + timedelta(days=day)).astimezone(LONDON)
        while not is_working_day(local.date()):
            local += timedelta(days=1)
        return local.replace(hour=hour, minute=minute).astimezone(UTC)

    @property
    def hub(self) -> str:
        return HUBS[self.area]

    @property
    def manager(self) -> str:
        return MANAGERS[self.area]

    @property
    def lead(self) -> str:
        return LEADS[self.area][0]

    def view(self, name: str) -> FamilyView:
        return visible_family(self.family, self.borough.actor(name), "demo")
