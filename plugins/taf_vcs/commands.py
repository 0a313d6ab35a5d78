"""What can be asked of the voluntary sector's plugin."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, field_validator

from tafcore.api import Command, MaybeLine, MaybeWords, NeededLine, NeededWords, identifiers

Age = Annotated[int, Field(ge=0, le=25)]
Places = Annotated[int, Field(ge=0, le=1000)]
Weeks = Annotated[int, Field(ge=0, le=260)]
Phone = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.phone(value).e164 if value else None)]
OfferState = Literal["open", "paused", "ended"]
Reason = Literal["full", "not_for_them", "area", "know_more", "not_safe", "other"]
Outcome = Literal["helped", "partly", "not_helped", "did_not_begin", "moved_on"]
WHO_MAY_ASK = frozenset({"lead", "team", "manage", "triage"})


class _Offer(Command):
    """What every way of telling of an offer says. Ages in years, places a month, the wait in weeks."""

    permission: ClassVar[str] = "vcs.publish"
    title: NeededLine
    what: NeededWords
    for_whom: NeededLine
    min_age: Age | None = None
    max_age: Age | None = None
    places_month: Places | None = None
    wait_weeks: Weeks | None = None
    how: NeededWords
    ring_name: MaybeLine = None
    phone: Phone = None
    state: OfferState = "open"
    discreet: bool = False


class PublishOffer(_Offer):
    """Tell of something the actor's organisation offers; `neighbourhood` None is the whole borough."""

    neighbourhood: int | None = None


class ChangeOffer(_Offer):
    """Tell anew of an offer of the actor's organisation: its wait, its places, that it is paused or over."""

    offer: int
    neighbourhood: int | None = None


class ImportOffer(_Offer):
    """An offer from a row of a file: organisation and neighbourhood by name; the same title again changes it."""

    permission: ClassVar[str] = "vcs.import"
    organisation: NeededLine
    neighbourhood: MaybeLine = None


class AskHelp(Command):
    """Ask an organisation for an offer, for a family or for one person of it (`person`, a reference).

    `agreed_by` is who of the family said yes: their agreement must cover the voluntary sector.
    """

    permission: ClassVar[str] = "vcs.ask"
    scopes: ClassVar[frozenset[str]] = WHO_MAY_ASK
    family: str
    offer: int
    person: MaybeLine = None
    agreed_by: NeededLine
    wants: NeededWords
    why: NeededWords
    needed_by: date | None = None
    interim: MaybeWords = None


class _Request(Command):
    permission: ClassVar[str] = "vcs.answer"
    request: str


class AnswerRequest(_Request):
    """Accept a request, naming who will help (a user of the organisation; None: the actor), or decline it."""

    accept: bool
    reason: Reason | None = None
    words: MaybeWords = None
    worker: int | None = None
    starts_on: date | None = None

    @field_validator("accept", mode="before")
    @classmethod
    def _said(cls, value: Any) -> Any:
        return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


class StartHelp(_Request):
    """The help began."""

    started_on: date


class EndHelp(_Request):
    """The help ended, and what came of it."""

    outcome: Outcome
    words: NeededWords


class TakeBack(_Request):
    """The family, or whoever asked for them, no longer wants it."""

    permission: ClassVar[str] = "vcs.ask"
    scopes: ClassVar[frozenset[str]] = WHO_MAY_ASK
    words: NeededWords


class NoteInterim(_Request):
    """What helps the family while they wait."""

    permission: ClassVar[str] = "vcs.ask"
    scopes: ClassVar[frozenset[str]] = WHO_MAY_ASK
    interim: NeededWords
