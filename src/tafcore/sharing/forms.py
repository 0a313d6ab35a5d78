"""Forms of agreement, sharing, break-glass and conflicts of interest."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tafcore.fields import DayField, Ticks, number, options
from tafcore.sharing import rules


class AgreementForm(FlaskForm):
    """Nothing is ticked for anybody."""

    status = RadioField(
        "What did they say to the help offered?",
        [InputRequired("Choose what they said")],
        choices=options((key, words) for key, words in rules.STATUSES.items() if key != "withdrawn"),
    )
    scope = Ticks(
        "Whom may we share with?",
        choices=options(rules.PARTNERS),
        description="Only those they named. Untick one to end its sight of this record at once.",
    )
    told = TextAreaField(
        "What were they told?",
        description="What we write down, who reads it, that they may change their mind. Or why telling was not safe.",
        render_kw={"rows": 3},
    )
    reason = TextAreaField("Why", description="If they do not want help now, or were not asked.", render_kw={"rows": 2})
    plan_b = TextAreaField("What happens instead, for now", render_kw={"rows": 2})
    follow_up_on = DayField("When will you ask again?", ahead=True)


class WithdrawForm(FlaskForm):
    reason = TextAreaField(
        "What did they say?", [InputRequired("Write what they said about ending it")], render_kw={"rows": 3}
    )


class BasisForm(FlaskForm):
    basis = RadioField("Lawful basis", [InputRequired("Choose the basis")], choices=options(rules.bases(False)))
    reason = TextAreaField("Why this basis", [InputRequired("Say why")], render_kw={"rows": 3})


class DecisionForm(FlaskForm):
    shared = RadioField(
        "Was it shared?",
        [InputRequired("Say whether it was shared")],
        choices=options([("yes", "Shared"), ("no", "Decided not to share")]),
    )
    what = TextAreaField("What", [InputRequired("Say what it was about")], render_kw={"rows": 3})
    with_whom = StringField("With whom", [InputRequired("Say with whom")])
    why = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})


class DutyDecisionForm(DecisionForm):
    """Where the duty to share holds: what was shared has its basis, what was not is weighed against the duty."""

    basis = RadioField("Basis", choices=options(rules.bases(True)), validate_choice=False)
    why = TextAreaField("Why", render_kw={"rows": 3})
    detriment = TextAreaField(
        "Why would sharing be more detrimental to the child than not sharing?",
        [Length(max=20_000, message="Use 20000 characters or fewer")],
        render_kw={"rows": 3},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        right = super().validate(extra_validators)
        needed = {
            "yes": {"basis": "Choose the basis", "why": "Say why"},
            "no": {"detriment": "Say why sharing would be more detrimental to the child"},
        }
        for name, message in needed.get(self.shared.data, {}).items():
            if not (self[name].data or "").strip():
                self[name].errors = [*self[name].errors, message]
                right = False
        return right


class GlassForm(FlaskForm):
    family = StringField(
        "Reference of the family",
        [InputRequired("Enter the reference that somebody gave you")],
        description="As on a letter or a plan, or read out to you. People are not searched for here.",
        render_kw={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-10"},
    )
    why = RadioField("Why now?", [InputRequired("Choose why it cannot wait")], choices=options(rules.GLASS_WHY))
    reason = TextAreaField(
        "What has happened, and what does the child need?",
        [InputRequired("Say what has happened and what the child needs now")],
        description="Two or three sentences. Those who review it read this.",
        render_kw={"rows": 4},
    )
    known = BooleanField("I know that this is alerted now, that what I open is recorded, and that it is reviewed")


class NeedForm(GlassForm):
    """Of whom, the page knows."""

    family = None


class GlassReviewForm(FlaskForm):
    outcome = RadioField(
        "Was it justified?", [InputRequired("Say whether it was justified")], choices=options(rules.GLASS_OUTCOMES)
    )
    found = TextAreaField(
        "What did you find?",
        [InputRequired("Write what you looked at and what you found")],
        description="What was opened, beside what they said they needed. Whom you asked.",
        render_kw={"rows": 4},
    )
    done = TextAreaField(
        "What was done about it",
        description="Where it was not justified: with whom it was raised, whether the family was told.",
        render_kw={"rows": 3},
    )


class DeclareForm(FlaskForm):
    """Of the family that the page knows."""

    connection = RadioField(
        "How are you connected with them?",
        [InputRequired("Choose how you are connected with them")],
        choices=options(rules.MINE),
    )
    words = TextAreaField(
        "Say it in your own words",
        [InputRequired("Say how you are connected with them")],
        description="Who they are to you. Only those who decide about it read this.",
        render_kw={"rows": 3},
    )


class DeclareByReferenceForm(DeclareForm):
    family = StringField(
        "Reference of the family",
        [InputRequired("Enter the reference")],
        description="As on a letter, a plan or a page. People are not searched for here.",
        render_kw={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-10"},
    )


class ConflictForm(FlaskForm):
    """Of a worker, about the family that the page knows."""

    user = SelectField(
        "Worker",
        [InputRequired("Choose the worker")],
        coerce=number,
        description="Type a name or an organisation.",
        render_kw={"data-autocomplete": ""},
    )
    connection = RadioField(
        "How are they connected with the family?",
        [InputRequired("Choose how they are connected with the family")],
        choices=options(rules.CONNECTIONS),
    )
    words = TextAreaField(
        "What is known of it",
        [InputRequired("Say what is known of it, and from whom")],
        description="Who they are to each other, and who said so. Only those who decide about it read this.",
        render_kw={"rows": 3},
    )
    reach = RadioField("Who else is kept out?", choices=options(rules.REACH), default="worker")


class ConflictByReferenceForm(ConflictForm):
    family = StringField(
        "Reference of the family",
        [InputRequired("Enter the reference")],
        render_kw={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-10"},
    )


class LiftForm(FlaskForm):
    reason = TextAreaField(
        "Why does it keep nobody out any more?",
        [InputRequired("Say why it is lifted")],
        description="It stays on record, with what you write here.",
        render_kw={"rows": 3},
    )


class MashCheckForm(FlaskForm):
    enquiry = StringField(
        "Reference of the enquiry",
        [
            InputRequired("Enter the reference of the enquiry"),
            Length(max=60, message="Use 60 letters or fewer"),
        ],
        description="As in your own system. Whoever reviews this looks it up.",
        render_kw={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"},
    )
    reason = TextAreaField(
        "What is the enquiry about, and what do you need to know?",
        [InputRequired("Say what the enquiry is about and what you need to know")],
        render_kw={"rows": 3},
    )
    forename = StringField("First name", render_kw={"autocomplete": "off", "spellcheck": "false"})
    surname = StringField("Surname", render_kw={"autocomplete": "off", "spellcheck": "false"})
    born = DayField("Birth date", birth=True)
    reference = StringField(
        "Or a reference of the child or the family",
        description="As on a letter or a plan: it begins with F or P.",
        render_kw={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-10"},
    )


class MashReviewForm(FlaskForm):
    outcome = RadioField(
        "Was it justified?", [InputRequired("Say whether it was justified")], choices=options(rules.GLASS_OUTCOMES)
    )
    found = TextAreaField(
        "What did you find?",
        [InputRequired("Write what you looked at and what you found")],
        description="Whether there is such an enquiry, and what was done about one that was not justified.",
        render_kw={"rows": 3},
    )
