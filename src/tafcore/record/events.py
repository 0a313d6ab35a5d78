"""What happens to what is known of the people of a family.

Payloads name the facts that changed, never their values: those are statements of the person, hidden where a safety rule
asks, while the trail is read by people who do not work with the family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class PersonJoined(Event):
    kind: ClassVar[str] = "record.person_joined"
    known: bool
    role: str


@dataclass(frozen=True, kw_only=True)
class FactsLearned(Event):
    kind: ClassVar[str] = "record.facts_learned"
    facts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PeopleRelated(Event):
    kind: ClassVar[str] = "record.people_related"
    relation: str


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Event):
    kind: ClassVar[str] = "record.person_left"
    reason: str


@dataclass(frozen=True, kw_only=True)
class SafetyChanged(Event):
    """A safety rule was set (`ended` False) or ended."""

    kind: ClassVar[str] = "record.safety_changed"
    rule_id: int
    facts: str
    ended: bool


@dataclass(frozen=True, kw_only=True)
class NotOnePerson(Event):
    """Two records were found to be of two people. The subject is the pair."""

    kind: ClassVar[str] = "record.not_one_person"
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordsPutTogether(Event):
    """`merged` is of the same person as `survivor` (references), who stands for both. Once for each family."""

    kind: ClassVar[str] = "record.put_together"
    survivor: str
    merged: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordsTakenApart(Event):
    """They are two people after all; `moved` of what was added since went to `merged`. Once for each family."""

    kind: ClassVar[str] = "record.taken_apart"
    survivor: str
    merged: str
    reason: str
    moved: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class FoundOneFamily(Event):
    """`merged` is of the same family as `survivor` (references), by which it goes on. Once for each record."""

    kind: ClassVar[str] = "record.one_family"
    survivor: str
    merged: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FoundTwoFamilies(Event):
    """They are two families after all. Once for each record."""

    kind: ClassVar[str] = "record.two_families"
    survivor: str
    merged: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LineMarked(Event):
    """The subject is the line."""

    kind: ClassVar[str] = "record.line_marked"
    significant: bool
