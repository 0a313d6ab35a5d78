"""What happens to what is known of the people of a family.

Payloads name the facts that changed, never their values: those are statements of the person, hidden where a safety rule
asks, while the trail is read by people who do not work with the family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

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
class RelationEnded(Event):
    """A relationship ended, or never was (`mistake`)."""

    kind: ClassVar[str] = "record.relation_ended"
    relation: str
    mistake: bool


@dataclass(frozen=True, kw_only=True)
class ResponsibilityRecorded(Event):
    """Whether one of a relationship has parental responsibility for the other: yes, no or unknown."""

    kind: ClassVar[str] = "record.responsibility_recorded"
    held: str


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
class SpecialistChanged(Event):
    """A specialist's involvement was recorded, goes on with other workers named, ended, or was a mistake. Of whom it
    is, and which specialist, is not in here."""

    kind: ClassVar[str] = "record.specialist_changed"
    silent: ClassVar[bool] = True
    what: str
    readers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PersonRestricted(Event):
    """Somebody was restricted, or is no longer (`lifted`). Why is a statement that managers read, and not in here."""

    kind: ClassVar[str] = "record.person_restricted"
    lifted: bool


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


@dataclass(frozen=True, kw_only=True)
class OwnLinkMade(Event):
    """Somebody has a link to a page of their own. `url` opens it and is kept out of the trail, as is `to`, where it is
    sent (a notice's address; None: it is handed over)."""

    kind: ClassVar[str] = "record.own_link_made"
    how: str
    language: str
    competent_why: str | None
    to: str | None
    url: str

    def payload(self) -> dict[str, Any]:
        return _without(super().payload(), "url", "to")


@dataclass(frozen=True, kw_only=True)
class OwnLinkEnded(Event):
    kind: ClassVar[str] = "record.own_link_ended"


@dataclass(frozen=True, kw_only=True)
class OwnCodeAsked(Event):
    """A number goes to the owner of a link. Neither it nor the address is in the trail."""

    kind: ClassVar[str] = "record.own_code_asked"
    language: str
    to: str
    code: str

    def payload(self) -> dict[str, Any]:
        return _without(super().payload(), "code", "to")


@dataclass(frozen=True, kw_only=True)
class OwnPageOpened(Event):
    """The second check was passed."""

    kind: ClassVar[str] = "record.own_page_opened"


@dataclass(frozen=True, kw_only=True)
class OwnLinkLocked(Event):
    """Too many wrong numbers were given: the link opens no more. `made_by_id` is told, and the lead."""

    kind: ClassVar[str] = "record.own_link_locked"
    made_by_id: int


@dataclass(frozen=True, kw_only=True)
class OwnMessageLost(Event):
    """The link or a number did not arrive, and somebody has to give it in another way."""

    kind: ClassVar[str] = "record.own_message_lost"
    made_by_id: int


@dataclass(frozen=True, kw_only=True)
class OwnWordSent(Event):
    """Somebody wrote on their own page. What, only its answerers and they read."""

    kind: ClassVar[str] = "record.own_word_sent"
    word: str


@dataclass(frozen=True, kw_only=True)
class OwnWordAnswered(Event):
    kind: ClassVar[str] = "record.own_word_answered"
    word: str
    put_right: bool | None


def _without(payload: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in names}
