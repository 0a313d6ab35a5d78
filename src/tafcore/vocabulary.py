"""The bases of what can be asked (commands) and of what has happened (events).

A web form, an API body, a CSV row and the demo all make the same command; docs/vocabulary.md is generated from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import utcnow


def _no_blank(value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        raise ValueError("Enter some words")
    return value


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Line = Annotated[str, Field(max_length=200)]
"""One line of text."""
Words = Annotated[str, Field(max_length=20_000)]
"""Sentences, as typed."""
NeededLine = Annotated[str, BeforeValidator(_no_blank), Field(max_length=200)]
NeededWords = Annotated[str, BeforeValidator(_no_blank), Field(max_length=20_000)]
MaybeLine = Annotated[Line | None, BeforeValidator(_blank_is_none)]
MaybeWords = Annotated[Words | None, BeforeValidator(_blank_is_none)]


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _unstorable(value: Any) -> bool:
    return isinstance(value, str) and _UNSTORABLE.search(value) is not None


class Part(BaseModel):
    """Plain, frozen data inside a command. Refuses unknown keys and text no database can hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="wrap")
    @classmethod
    def _storable(cls, data: Any, build: Any) -> Any:
        if isinstance(data, dict):
            faults: list[InitErrorDetails] = []
            for key, value in data.items():
                listed = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
                if any(_unstorable(each) for each in listed):
                    error = PydanticCustomError("unstorable", "Take out the unprintable character")
                    faults.append(InitErrorDetails(type=error, loc=(key,), input=None))
            if faults:
                raise ValidationError.from_exception_data(cls.__name__, faults)
        return build(data)


class Command(Part):
    """What somebody asks for.

    `permission` is the one every actor must hold; `scopes` (any one of them) is what the actor must be to the family it
    is about: `lead`, `team`, `manage` ... Empty for commands about no family.
    """

    permission: ClassVar[str] = ""
    scopes: ClassVar[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Subject:
    """The record an event is about, as trail and notices know it."""

    kind: str
    id: int
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Event:
    """What has happened; published inside the transaction that made it so.

    `subject` the record; `family_id` and `people` (person ids) where to show it; `line` one sentence for the chronology
    (None keeps it out); `audience` who of those who see the family may read that line: `family`, `team` or `workers`.
    Fields a subclass adds are ids, refs and plain values; they are what the trail keeps. Of a `silent` kind nobody
    learns that it happened at all: the trail shows it to whoever did it alone.
    """

    kind: ClassVar[str] = ""
    silent: ClassVar[bool] = False
    actor: Actor
    subject: Subject
    family_id: int | None = None
    people: tuple[int, ...] = ()
    line: str | None = None
    audience: str = "team"
    happened_at: datetime = field(default_factory=utcnow)

    def payload(self) -> dict[str, Any]:
        """What the trail keeps of it: the subclass's own fields, and the line."""
        own = {each.name for each in fields(self)} - {each.name for each in fields(Event)} | {"line"}
        return {name: getattr(self, name) for name in sorted(own)}


def silent_kinds(base: type[Event] = Event) -> frozenset[str]:
    """The kinds of every event that nobody hears of."""
    found = frozenset({base.kind}) if base.silent else frozenset()
    return found.union(*(silent_kinds(each) for each in base.__subclasses__()))


PLAIN = {
    "missing": "This is needed",
    "extra_forbidden": "This is not a field we know",
    "string_too_long": "Use {max_length} characters or fewer",
    "string_type": "Give this as text",
    "int_parsing": "Enter a whole number",
    "int_type": "Give this as a whole number",
    "int_from_float": "Enter a whole number",
    "bool_parsing": "Answer yes or no",
    "bool_type": "Answer yes or no",
    "date_from_datetime_parsing": "Enter a date, for example 2018-05-04",
    "date_parsing": "Enter a date, for example 2018-05-04",
    "date_type": "Enter a date, for example 2018-05-04",
    "datetime_parsing": "Enter a date and time, for example 2026-11-20T10:15:00Z",
    "datetime_from_date_parsing": "Enter a date and time, for example 2026-11-20T10:15:00Z",
    "datetime_type": "Enter a date and time, for example 2026-11-20T10:15:00Z",
    "timezone_aware": "Give the date and time with its time zone, for example 2026-11-20T10:15:00Z",
    "literal_error": "Choose one of {expected}",
    "enum": "Choose one of {expected}",
    "greater_than_equal": "Enter {ge} or more",
    "less_than_equal": "Enter {le} or less",
    "too_short": "Give at least {min_length}",
    "too_long": "Give at most {max_length}",
    "model_type": "Give this as an object",
    "dict_type": "Give this as an object",
    "list_type": "Give this as a list",
    "tuple_type": "Give this as a list",
}


def problems_of(error: ValidationError) -> list[Problem]:
    """Every fault of a refused command as a sentence at its dotted path; what was typed is never repeated."""
    return [Problem(_sentence(each), ".".join(str(step) for step in each["loc"])) for each in error.errors()]


def _sentence(fault: Any) -> str:
    words = PLAIN.get(fault["type"])
    if words is not None:
        return words.format(**fault.get("ctx", {}))
    message = str(fault["msg"])
    return message.removeprefix("Value error, ")


def json_path(field_path: str) -> str:
    """`people.0.born` as `$.people[0].born`."""
    steps: Iterable[str] = field_path.split(".") if field_path else ()
    return "$" + "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps)
