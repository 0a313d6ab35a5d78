"""Forms of the directory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from tafcore.directory import rules
from tafcore.fields import DayField, number

SHORT = {"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-4"}


class HoursField(Field):
    """The hours of one day in one box, as people write them. The value is a tuple of (from, until).

    What could not be read stays in the box.
    """

    widget = TextInput()

    def __init__(self, label: str = "", validators: Any = None, **kw: Any) -> None:
        super().__init__(label, validators, render_kw={"autocomplete": "off", "class": "govuk-input--width-20"}, **kw)
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return ", ".join(f"{opens} to {closes}" for opens, closes in self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.typed = valuelist[0]
            self.data = rules.read_hours(self.typed)


class ServiceForm(FlaskForm):
    """What is told of a service; an hours field for each day of the week."""

    rev = HiddenField()
    name = StringField("Name of the service", [InputRequired("Enter what the service is called")])
    organisation = SelectField(
        "Organisation", [InputRequired("Choose the organisation it belongs to")], coerce=number, choices=[],
        validate_choice=False, render_kw={"data-autocomplete": ""},
    )  # fmt: skip
    what = TextAreaField(
        "What is it?",
        [InputRequired("Say what it is, in words a family understands")],
        description="In words a family understands: this is printed on the slip they take away",
        render_kw={"rows": 3},
    )
    min_age = StringField("Youngest it is for, in years", render_kw=SHORT)
    max_age = StringField("Oldest it is for, in years", render_kw=SHORT)
    phone = StringField("Telephone", render_kw={"inputmode": "tel", "autocomplete": "off"})
    address = TextAreaField("Address", render_kw={"rows": 2, "autocomplete": "off"})
    postcode = StringField("Postcode", render_kw={"autocomplete": "off", "class": "govuk-input--width-10"})
    neighbourhood = SelectField("Which area is it in?", coerce=number, choices=[], validate_choice=False)
    monday = HoursField("Monday")
    tuesday = HoursField("Tuesday")
    wednesday = HoursField("Wednesday")
    thursday = HoursField("Thursday")
    friday = HoursField("Friday")
    saturday = HoursField("Saturday")
    sunday = HoursField("Sunday")
    hours = StringField(
        "Anything else about when it is open", description="For example, by appointment, term time only"
    )
    wait_days = StringField(
        "How many days do people wait?", description="0 where nobody waits, 28 for four weeks", render_kw=SHORT
    )
    wait_told_on = DayField("When were you told?")

    @property
    def week(self) -> Iterator[HoursField]:
        """The fields of the seven days, Monday first."""
        return (self[day.lower()] for day in rules.DAYS)

    @property
    def openings(self) -> list[dict[str, Any]]:
        """What was typed, as the command takes it."""
        return [
            {"weekday": weekday, "opens": opens, "closes": closes}
            for weekday, day in enumerate(self.week)
            for opens, closes in day.data or ()
        ]


class CloseForm(FlaskForm):
    """Why a service closes."""

    reason = TextAreaField(
        "Why?", [InputRequired("Say why")], description="For example, the funding ended", render_kw={"rows": 2}
    )
