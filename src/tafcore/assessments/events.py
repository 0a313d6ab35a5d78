"""What happens on visits and to children's words. The words themselves are in no event: they go only where they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class VisitRecorded(Event):
    """`seen` and `not_seen` are person ids."""

    kind: ClassVar[str] = "assessments.visit_recorded"
    venue: str
    seen: tuple[int, ...]
    not_seen: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class VoiceRecorded(Event):
    """`harm`: the words suggest it, and the family's team is told that somebody must look."""

    kind: ClassVar[str] = "assessments.voice_recorded"
    harm: bool
    hearing: str
    family_ref: str
    team_id: int | None


@dataclass(frozen=True, kw_only=True)
class HearingSet(Event):
    kind: ClassVar[str] = "assessments.hearing_set"
    hearing: str
    asked: str
    harm: bool


@dataclass(frozen=True, kw_only=True)
class VoiceAnswered(Event):
    kind: ClassVar[str] = "assessments.voice_answered"
    told_on: str | None


@dataclass(frozen=True, kw_only=True)
class TakenBack(Event):
    kind: ClassVar[str] = "assessments.taken_back"
    reason: str
