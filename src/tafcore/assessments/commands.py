"""What can be asked about visits and children's voices."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from tafcore.vocabulary import Command, MaybeLine, MaybeWords, NeededWords, Part

Way = Literal["spoken", "drawing", "three_houses", "interpreter", "written", "observation"]
Audience = Literal["team", "recorder", "parents"]
Asked = Literal["not_asked", "yes", "no", "too_young"]
Scale = Annotated[
    Annotated[int, Field(ge=0, le=10)] | None, BeforeValidator(lambda value: None if value == "" else value)
]


class FamilyCommand(Command):
    """Something somebody who works with `family` records about it."""

    permission: ClassVar[str] = "visits.record"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage"})
    family: str


class ChildPart(Part):
    """A child on a visit: seen alone, with others or not and why not; what was noticed, and what the child said."""

    person: str
    seen: Literal["alone", "others", "no"]
    why_not: MaybeWords = None
    observation: MaybeWords = None
    words: MaybeWords = None
    how: Way = "spoken"
    harm: bool | None = None


class RecordVisit(FamilyCommand):
    """A visit on `day` (empty: today) by the actor, or by somebody named. At home every child is accounted for."""

    day: date | None = None
    venue: Literal["home", "school", "hub", "community", "virtual"]
    by: MaybeLine = None
    children: tuple[ChildPart, ...] = ()
    adults: tuple[str, ...] = ()
    observation: MaybeWords = None


class RecordVoice(FamilyCommand):
    """A child's own words, and who may hear them. `harm` None: nobody has said; the words themselves are looked at."""

    person: str
    words: NeededWords
    how: Way = "spoken"
    room: MaybeLine = None
    feeling: MaybeLine = None
    scale: Scale = None
    day: date | None = None
    audience: Audience = "team"
    hearers: tuple[str, ...] = ()
    asked: Asked = "not_asked"
    decided_why: MaybeWords = None
    harm: bool | None = None


class SetHearing(FamilyCommand):
    """Who may hear an entry from now on, after the child was asked."""

    voice: str
    audience: Audience
    hearers: tuple[str, ...] = ()
    asked: Asked = "not_asked"
    decided_why: MaybeWords = None
    harm: bool | None = None


class RespondToVoice(FamilyCommand):
    """What was done about a child's words; when and how the child was told."""

    voice: str
    words: NeededWords
    told_on: date | None = None
    told_how: MaybeLine = None


class TakeBack(FamilyCommand):
    """A visit or an entry of a child's words (`part`, a reference) was recorded by mistake; it stays on record."""

    part: str
    reason: NeededWords
