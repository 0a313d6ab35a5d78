"""Forms of health visitors."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from taf_health_visitors import caseload, rules
from tafcore.api import DayField, number, options

QUESTIONNAIRES = options({"": "None", **{str(months): f"{months} months" for months in rules.ASQ_MONTHS}})


class ScoreField(IntegerField):
    """An ASQ-3 score."""

    def __init__(self, label: str = "", **kw: Any) -> None:
        kw["render_kw"] = {"inputmode": "numeric", "class": "govuk-input--width-3"}
        limits = NumberRange(0, rules.HIGHEST_SCORE, "Enter 0 to 60 in steps of five")
        super().__init__(label, [Optional(), limits], **kw)


class ReviewForm(FlaskForm):
    """A review, and its scores."""

    review = SelectField("Which review?", choices=options(rules.REVIEWS))
    outcome = RadioField("What happened?", [InputRequired("Say what happened")], choices=options(rules.OUTCOMES))
    day = DayField("When?", [InputRequired("Enter the day")])
    venue = SelectField("Where?", [Optional()], choices=options({"": "", **rules.VENUES}))
    seen_by = StringField("Who saw the child?")
    reason = StringField("Why was it not done?", description="Only if it was missed, declined or a mistake")
    note = TextAreaField("Note", description="Not shown while the family may be looking")
    said_by = StringField("Who told us?", description="Leave empty if you know it yourself")
    asq_months = SelectField("ASQ-3 questionnaire", [Optional()], choices=QUESTIONNAIRES, coerce=number)
    communication = ScoreField(rules.DOMAINS["communication"])
    gross_motor = ScoreField(rules.DOMAINS["gross_motor"])
    fine_motor = ScoreField(rules.DOMAINS["fine_motor"])
    problem_solving = ScoreField(rules.DOMAINS["problem_solving"])
    personal_social = ScoreField(rules.DOMAINS["personal_social"])


class VisitorForm(FlaskForm):
    """Whose list a child is on."""

    team = SelectField(
        "Health visiting team",
        [InputRequired("Choose a team")],
        choices=lambda: options([("", ""), *caseload.teams(caseload.VISITING)]),
        coerce=number,
    )
    user = SelectField(
        "Health visitor",
        [Optional()],
        choices=lambda: options([("", "Nobody named yet"), *caseload.visitors()]),
        coerce=number,
    )
    from_day = DayField("From", [InputRequired("Enter the first day")])


class HandOverForm(FlaskForm):
    """To whom a child is handed over."""

    team = SelectField(
        "School nursing team",
        [InputRequired("Choose a team")],
        choices=lambda: options([("", ""), *caseload.teams(caseload.NURSING)]),
        coerce=number,
    )
    note = TextAreaField("What the school nurse should know", description="Not shown while the family may be looking")


class AnswerForm(FlaskForm):
    """Whether the school nursing team takes the child over."""

    accept = RadioField(
        "Does your team take the child over?",
        [InputRequired("Say whether you take the child over")],
        choices=options({"y": "Yes, we take the child over", "n": "No, we give the child back"}),
    )
    why = StringField("Why not?", description="Only if you give the child back")
