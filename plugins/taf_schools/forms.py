"""Forms of schools."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from taf_schools import rules, service
from tafcore.api import DayField, options

YEARS = options({"": "Not known", **rules.YEAR_GROUPS})


class SchoolField(SelectField):
    """One of the schools we know, found by typing."""

    def __init__(self, label: str = "", validators: Any = None, **kw: Any) -> None:
        kw.setdefault("render_kw", {"data-autocomplete": True})
        super().__init__(label, validators, choices=_choices, **kw)


def _choices() -> list[Any]:
    return options([("", ""), *service.schools()])


class SchoolForm(FlaskForm):
    """A child's school and year."""

    school = SchoolField("School or setting")
    instead = SelectField(
        "If they go to no school", choices=options({"": "They go to a school", **rules.INSTEAD}), default=""
    )
    year_group = SelectField("Year", choices=YEARS)
    sen = RadioField("Special educational needs", [Optional()], choices=options(rules.SEN))
    from_day = DayField("From", [InputRequired("Enter the first day, for example 1 9 2026")])
    said_by = StringField("Who told us?", description="Leave empty if you know it yourself")


class AttendanceForm(FlaskForm):
    """Sessions possible and missed in a period."""

    first_day = DayField("First day", [InputRequired("Enter the first day")])
    last_day = DayField("Last day", [InputRequired("Enter the last day")])
    possible = IntegerField(
        "Sessions possible",
        [InputRequired("Enter how many half days the child could have come"), NumberRange(0, 1000)],
        description="Half days on which the child could have come. Two to a school day",
    )
    missed = IntegerField(
        "Sessions missed",
        [InputRequired("Enter how many half days the child missed, 0 for none"), NumberRange(0, 1000)],
    )


class ChildSchoolForm(Form):
    """One child of a contact, called as the contact calls them, and their school."""

    child = StringField("Which child?", description="First name, as above. Leave empty if there is only one child")
    school = SchoolField("School or setting")
    year_group = SelectField("Year", choices=YEARS)


class ContactSchoolsForm(Form):
    """The schools of the children of a contact."""

    children = FieldList(FormField(ChildSchoolForm), label="Child at school", min_entries=1, max_entries=12)

    def process(self, formdata: Any = None, *more: Any, **kw: Any) -> None:
        """Fill in what was posted; the buttons that add and remove a row work without JavaScript too."""
        super().process(formdata, *more, **kw)
        rows, pressed = self.children, formdata or {}
        rows.alike = ("schools.children", tuple(service.schools()))  # what the template of a row depends on
        rows.entries = [one for one in rows.entries if f"_remove-{one.name}" not in pressed]
        if (f"_add-{rows.name}" in pressed and len(rows.entries) < rows.max_entries) or not rows.entries:
            rows.append_entry()
