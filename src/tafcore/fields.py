"""Fields that forms share: days as people type them, moments in London, check boxes under one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import Field
from wtforms.fields import RadioField, SelectChoice, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from tafcore.days import parse_day
from tafcore.db import utcnow

LONDON = ZoneInfo("Europe/London")
A_BIRTH_DATE = "4 5 2018"


class DayField(Field):
    """A day in one box, typed as people write it: 4/5/2018, 4 May 2018. `ahead` for days that may be still to come.

    The hint shows a day that may well be meant: today, a fortnight `ahead`, or a child's `birth`. What could not be
    read stays in the box. The value is a `date` or None.
    """

    widget = TextInput()

    def __init__(
        self, label: str = "", validators: Any = None, ahead: bool = False, birth: bool = False, **kw: Any
    ) -> None:
        kw.setdefault("description", day_hint(ahead, birth))
        kw["render_kw"] = {
            "inputmode": "text",
            "autocomplete": "off",
            "class": "govuk-input--width-10",
            **kw.get("render_kw", {}),
        }
        super().__init__(label, validators, **kw)
        self.ahead = ahead
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return _in_numbers(self.data) if isinstance(self.data, date) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.typed = valuelist[0]
        self.data = parse_day(self.typed, _today(), ahead=self.ahead) if self.typed.strip() else None


class MomentField(Field):
    """A day and time in London, as a browser's own picker or by hand: `2026-11-20T15:30`, `20/11/2026 15:30`.

    The value is an aware datetime in UTC, or None. `ahead` only changes the day that the hint shows.
    """

    widget = TextInput(input_type="datetime-local")

    def __init__(self, label: str = "", validators: Any = None, ahead: bool = False, **kw: Any) -> None:
        shown = _today() + timedelta(days=14 if ahead else 0)
        kw.setdefault("description", f"Day and time, for example {shown.day}/{shown.month}/{shown.year} 15:30")
        kw["render_kw"] = {"autocomplete": "off", "class": "govuk-input--width-20", **kw.get("render_kw", {})}
        super().__init__(label, validators, **kw)
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return self.data.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M") if isinstance(self.data, datetime) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.typed = valuelist[0].strip()
        self.data = read_moment(self.typed) if self.typed else None


def read_moment(typed: str) -> datetime:
    """A day and time in London as UTC; ValueError with a plain sentence."""
    day, _, clock = typed.replace("T", " ").rpartition(" ")
    try:
        hour, minute = (int(part) for part in clock.replace(".", ":").split(":")[:2])
        found = parse_day(day, _today(), ahead=True)
        return datetime(found.year, found.month, found.day, hour, minute, tzinfo=LONDON).astimezone(UTC)
    except ValueError:
        raise ValueError("Enter a day and a time, such as 20/11/2026 15:30") from None


def day_hint(ahead: bool = False, birth: bool = False) -> str:
    """`For example, 28 11 2026`."""
    shown = A_BIRTH_DATE if birth else _in_numbers(_today() + timedelta(days=14 if ahead else 0))
    return f"For example, {shown}"


def _in_numbers(day: date) -> str:
    return f"{day.day} {day.month} {day.year}"


def _today() -> date:
    return utcnow().astimezone(LONDON).date()


def options(choices: Mapping[Any, str] | Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """Choices for a form from `{value: words}` or (value, words) pairs."""
    pairs = choices.items() if isinstance(choices, Mapping) else choices
    return [SelectChoice(str(value), label) for value, label in pairs]


def number(value: Any) -> int | None:
    """`coerce` of a select whose values are ids, with an empty one for "not chosen"."""
    return int(value) if value else None


class ChildField(RadioField):
    """Which child it is about; where there is one alone, it is that one."""

    data: Any

    def iter_choices(self) -> Any:
        if not self.raw_data and not self.data and len(self.choices) == 1:
            self.data = self.choices[0].value
        return super().iter_choices()


class Ticks(SelectMultipleField):
    """Check boxes that share a name; nothing is ticked beforehand."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
