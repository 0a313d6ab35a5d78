"""What can be told about a person."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, Self

from pydantic import field_validator, model_validator

from tafcore.people import identifiers, rules
from tafcore.vocabulary import MaybeLine, MaybeWords, Part

Role = Literal["child", "mother", "father", "carer", "sibling", "other_adult", "unborn"]


class PersonDetails(Part):
    """A person as somebody told us; everything but the role may come later."""

    role: Role
    forename: MaybeLine = None
    surname: MaybeLine = None
    born: date | None = None
    due: date | None = None
    sex: Literal["F", "M", "U"] | None = None
    nhs_number: MaybeLine = None
    upn: MaybeLine = None
    address: MaybeWords = None
    postcode: MaybeLine = None
    phone: MaybeLine = None
    email: MaybeLine = None
    safe_contact: MaybeWords = None
    language: MaybeLine = None
    interpreter: bool | None = None
    school_urn: MaybeLine = None

    @field_validator("sex", mode="before")
    @classmethod
    def _no_answer(cls, value: Any) -> Any:
        return value or None

    @field_validator("postcode")
    @classmethod
    def _postcode(cls, value: str | None) -> str | None:
        return identifiers.postcode(value) if value else None

    @field_validator("nhs_number")
    @classmethod
    def _nhs_number(cls, value: str | None) -> str | None:
        return identifiers.nhs_number(value, live=not value.strip().startswith("9")) if value else None

    @field_validator("upn")
    @classmethod
    def _upn(cls, value: str | None) -> str | None:
        return identifiers.upn(value) if value else None

    @field_validator("phone")
    @classmethod
    def _phone(cls, value: str | None) -> str | None:
        return identifiers.phone(value).e164 if value else None

    @field_validator("email")
    @classmethod
    def _email(cls, value: str | None) -> str | None:
        return identifiers.email(value) if value else None

    @field_validator("school_urn")
    @classmethod
    def _urn(cls, value: str | None) -> str | None:
        return identifiers.urn(value) if value else None

    @model_validator(mode="after")
    def _unborn_has_no_birth_date(self) -> Self:
        if self.born and self.due:
            raise ValueError("Give a date of birth or a due date, not both")
        return self

    @property
    def label(self) -> str:
        """The name as told, or the role."""
        return rules.told_name(self.forename, self.surname, self.role)
