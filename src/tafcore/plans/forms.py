"""Forms of plans; who may be chosen comes from the family at hand."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from tafcore.accounts.rules import SECTORS
from tafcore.actor import Actor
from tafcore.episodes.reading import EpisodeView
from tafcore.families.access import FamilyView
from tafcore.fields import DayField, Ticks, options
from tafcore.plans import measures, rules

ELSE = "else"
"""The choice for an owner who is in no list; the name is typed beside it."""


class NeedForm(FlaskForm):
    person = SelectField("Whose need is it?", [Optional()])
    words = TextAreaField(
        "The need, in the family's words",
        [InputRequired("Write the need in the family's words")],
        render_kw={"rows": 3},
    )
    outcome = SelectField("What is it about?", [InputRequired("Choose what it is about")])
    withheld_why = StringField(
        "Keep it between them and workers, because",
        description="Where whose need it is wishes that nobody else of the family reads it, or what is done about it.",
    )


class KeepForm(FlaskForm):
    why = TextAreaField("Why it stays between them and workers", [InputRequired("Say why")], render_kw={"rows": 2})
    said_by = StringField("Who says so, and to whom", [InputRequired("Say who says so")])


class GoalForm(FlaskForm):
    words = TextAreaField(
        "What will be different", [InputRequired("Write what will be different")], render_kw={"rows": 2}
    )
    due = DayField("By when", [InputRequired("Say by when")], ahead=True)
    benefits = Ticks("Who it is for", description="Tick nobody for the whole family.")


class ActionForm(FlaskForm):
    words = StringField("What", [InputRequired("Write what will be done")])
    owner = SelectField("Who", [Optional()])
    owner_name = StringField("Their name, and where they work", description="If you chose somebody else.")
    due = DayField("By when", [InputRequired("Say by when")], ahead=True)


class UpdateForm(FlaskForm):
    seen = HiddenField()
    state = RadioField("How does it stand?", [Optional()], choices=options(rules.STATES), validate_choice=False)
    words = TextAreaField("What happened, or why", render_kw={"rows": 2})
    due = DayField("Another day, if it moves", [Optional()], ahead=True)


class AskByLinkForm(FlaskForm):
    name = StringField("Their name", [InputRequired("Enter their name")], render_kw={"autocomplete": "off"})
    organisation = StringField(
        "Where they work", [InputRequired("Enter where they work")], render_kw={"autocomplete": "off"}
    )
    sector = SelectField(
        "What kind of organisation",
        [InputRequired("Choose what kind of organisation it is")],
        choices=options({"": "Choose", **SECTORS}),
        default="",
    )
    email = StringField("E-mail", render_kw={"autocomplete": "off", "type": "email", "spellcheck": "false"})
    why = TextAreaField("Why you ask without their agreement, or why it is safe", render_kw={"rows": 2})


class AnswerForm(FlaskForm):
    state = RadioField(
        "How does it stand?",
        [InputRequired("Choose how it stands")],
        choices=options({key: rules.STATES[key] for key in ("done", "doing", "stuck")}),
        validate_choice=False,
    )
    words = TextAreaField("What happened, or what is in the way", render_kw={"rows": 3})


class RatingForm(FlaskForm):
    rating = RadioField(
        "How does this goal stand?",
        [InputRequired("Choose how the goal stands")],
        choices=options(rules.RATINGS),
        validate_choice=False,
    )
    evidence = TextAreaField("What shows it", render_kw={"rows": 2})


class ReviseNeedForm(FlaskForm):
    seen = HiddenField()
    words = TextAreaField(
        "The need, in the family's words",
        [InputRequired("Write the need in the family's words")],
        render_kw={"rows": 3},
    )


class ReviseGoalForm(FlaskForm):
    seen = HiddenField()
    words = TextAreaField(
        "What will be different", [InputRequired("Write what will be different")], render_kw={"rows": 2}
    )
    due = DayField("By when", [InputRequired("Say by when")], ahead=True)


class ReviseActionForm(FlaskForm):
    seen = HiddenField()
    words = TextAreaField("What", [InputRequired("Write what will be done")], render_kw={"rows": 2})
    owner = SelectField("Who", [Optional()])
    owner_name = StringField("Their name, and where they work", description="If you chose somebody else.")
    why = StringField("Why it changes hands", description="If it does.")


class ReviseMeasureForm(FlaskForm):
    seen = HiddenField()
    target = StringField("What you aim for", [InputRequired("Enter what you aim for")])


class ReasonForm(FlaskForm):
    reason = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})


class OutcomeForm(FlaskForm):
    outcome = RadioField(
        "Is the need met?",
        [InputRequired("Say how the need stands")],
        choices=options(rules.CLOSING),
        validate_choice=False,
    )
    judged_by = RadioField(
        "Who says so?", choices=options({key: rules.JUDGES[key] for key in ("lead", "family")}), default="lead"
    )
    evidence = TextAreaField("What shows it, or what is left", render_kw={"rows": 3})


class MeasureForm(FlaskForm):
    key = SelectField("Measure", [Optional()])
    person = SelectField("Measured for", [Optional()])
    title = StringField("What is measured", description="Only for a measure of your own.")
    unit = StringField("Unit", description="For example, % or days.")
    better = RadioField("Which way is better?", [Optional()], choices=options(rules.BETTER), validate_choice=False)
    baseline = StringField(
        "Where it starts",
        description="Leave blank to start from the first reading.",
        render_kw={"inputmode": "decimal"},
    )
    target = StringField("What you aim for", render_kw={"inputmode": "decimal"})


class ReadingForm(FlaskForm):
    value = StringField("Value", [InputRequired("Enter the value")], render_kw={"inputmode": "decimal"})
    day = DayField("On which day", [Optional()], description="Leave blank for today.")


class AsItWasForm(Form):
    """Asked by address, so that a colleague can be sent the same day's plan."""

    on = DayField("Show the plan as it was on", [Optional()])


def people(view: FamilyView, nobody: str = "Whole family") -> list[tuple[str, str]]:
    """Everybody in the family, after an empty choice."""
    return [("", nobody), *((person.ref, person.name_age) for person in view.people)]


def measure_choices() -> list[tuple[str, str]]:
    return [("", "One of our own"), *measures.choices()]


def owners(view: FamilyView, episode: EpisodeView | None, actor: Actor) -> list[tuple[str, str]]:
    """Who can own an action: oneself, the family, the team, somebody else. No worker who must not be named here."""
    family = [(f"person:{person.ref}", person.name) for person in view.people]
    team: dict[str, str] = {}
    if episode is not None and not any("worker" in person.hidden for person in view.people):
        if episode.lead is not None:
            team[f"user:{episode.lead.user_id}"] = f"{episode.lead.name}, {episode.lead.organisation}"
        for member in episode.team:
            key = (
                f"user:{member.user_id}" if member.user_id is not None else f"name:{member.name}, {member.organisation}"
            )
            team.setdefault(key, f"{member.name}, {member.organisation}")
    me = f"user:{actor.user_id}"
    team.pop(me, None)
    return [("", "Choose"), (me, "Me"), *family, *team.items(), (ELSE, "Somebody else")]


def owner_of(form: ActionForm | ReviseActionForm) -> dict[str, Any]:
    """The owner chosen, as the fields of AddAction."""
    kind, _, which = str(form.owner.data or "").partition(":")
    typed = form.owner_name.data or None
    return {
        "owner_user": int(which) if kind == "user" and which.isdecimal() else None,
        "owner_person": which if kind == "person" else None,
        "owner_name": which if kind == "name" else typed,
    }
