"""What can be asked of the health visitors plugin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from taf_health_visitors import rules
from tafcore.api import (
    BadReference,
    Command,
    MaybeLine,
    MaybeWords,
    NeededLine,
    Part,
    identifiers,
    london_day,
    parse_day,
    read_ref,
    utcnow,
)

ReviewCode = Literal["antenatal", "new_birth", "6_8_weeks", "12_months", "2_years"]
Outcome = Literal["done", "missed", "declined", "in_error"]
Venue = Literal["home", "clinic", "hub", "surgery", "nursery", "hospital", "remote", "other"]
Domain = Literal["communication", "gross_motor", "fine_motor", "problem_solving", "personal_social"]
WHO_MAY_RECORD = frozenset({"health_visiting", "lead", "team", "manage"})


def _day(value: Any) -> Any:
    return parse_day(value, london_day(utcnow())) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
"""A day as people write it in a file: 2026-09-01, 1/9/2026, 1 Sep 2026."""


class ReviewPart(Part):
    """A review as it is told: one that was not done has a reason, one that was a venue, and perhaps ASQ-3 scores."""

    review: ReviewCode
    outcome: Outcome
    day: Day
    venue: Venue | None = None
    seen_by: MaybeLine = None
    reason: MaybeLine = None
    note: MaybeWords = None
    asq_months: int | None = None
    communication: int | None = None
    gross_motor: int | None = None
    fine_motor: int | None = None
    problem_solving: int | None = None
    personal_social: int | None = None

    @property
    def scores(self) -> Mapping[str, int | None]:
        """ASQ-3 domain -> score."""
        return {name: getattr(self, name) for name in rules.DOMAINS}


class RecordReview(ReviewPart, Command):
    """That a review of a child was done, missed or declined; done again, or of the same day, it corrects."""

    permission: ClassVar[str] = "health_visitors.record"
    scopes: ClassVar[frozenset[str]] = WHO_MAY_RECORD
    family: str
    person: str
    said_by: MaybeLine = None


class NameVisitor(Command):
    """That a child is on the list of a health visiting team, and of one of its health visitors, from a day on."""

    permission: ClassVar[str] = "health_visitors.record"
    scopes: ClassVar[frozenset[str]] = WHO_MAY_RECORD
    family: str
    person: str
    team: int
    user: int | None = None
    from_day: date


class HandChildOver(Command):
    """Hand a child over to a school nursing team."""

    permission: ClassVar[str] = "health_visitors.record"
    scopes: ClassVar[frozenset[str]] = WHO_MAY_RECORD
    family: str
    person: str
    team: int
    note: MaybeWords = None


class AnswerHandOver(Command):
    """That the school nursing team takes the child over, or gives it back with a reason."""

    permission: ClassVar[str] = "health_visitors.record"
    scopes: ClassVar[frozenset[str]] = frozenset({"school_nursing"})
    family: str
    person: str
    accept: bool
    why: MaybeLine = None


class ImportReview(ReviewPart, Command):
    """A review from a row of a file, the child named by NHS number or by our reference."""

    permission: ClassVar[str] = "health_visitors.import"
    nhs_number: MaybeLine = None
    person: MaybeLine = None

    @field_validator("nhs_number")
    @classmethod
    def _nhs_number(cls, value: str | None) -> str | None:
        return identifiers.nhs_number(value, live=not value.strip().startswith("9")) if value else None

    @field_validator("person")
    @classmethod
    def _person(cls, value: str | None) -> str | None:
        try:
            return read_ref(value, "P") if value else None
        except BadReference as bad:
            raise ValueError(str(bad)) from bad

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not (self.nhs_number or self.person):
            raise ValueError("Give the child's NHS number or our reference")
        return self


class SetWindow(Command):
    """When a review should be done, for children born or due from a day on."""

    permission: ClassVar[str] = "health_visitors.import"
    review: ReviewCode
    first: Annotated[int, Field(ge=0, le=400)]
    last: Annotated[int, Field(ge=0, le=400)]
    unit: Literal["days", "weeks", "months"]
    from_date: Day
    source: NeededLine


class SetCutOff(Command):
    """Where the bands of an ASQ-3 score end, for one questionnaire and domain."""

    permission: ClassVar[str] = "health_visitors.import"
    months: Annotated[int, Field(ge=1, le=66)]
    domain: Domain
    below: Annotated[float, Field(ge=0, le=60)]
    monitor: Annotated[float, Field(ge=0, le=60)] | None = None
