"""Forms of steps, closing and follow-up; choices come from the family at hand."""

from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as Row
from wtforms.validators import InputRequired

from tafcore.episodes.rules import CLOSING_REASONS
from tafcore.fields import DayField, MomentField, Ticks, number, options
from tafcore.steps import rules

YES_NO = options({"yes": "Yes", "no": "No"})


class StepUpForm(FlaskForm):
    children = Ticks(
        "Which children",
        [InputRequired("Choose at least one child")],
        description="One child may go up while brothers and sisters stay.",
    )
    immediate_risk = RadioField("Is a child in danger now?", [InputRequired("Say yes or no")], choices=YES_NO)
    risk_words = TextAreaField("What is the danger, and what keeps the child safe now?", render_kw={"rows": 3})
    reasons = TextAreaField(
        "Why this needs a decision by MASH",
        [InputRequired("Say why this needs a decision by MASH")],
        description="Against the threshold: what has changed, what you saw and heard, what you fear. "
        "What was tried is added from the record.",
        render_kw={"rows": 6},
    )
    agreement = RadioField(
        "Do the family know?", [InputRequired("Say whether the family know")], choices=options(rules.AGREEMENTS)
    )
    without_why = TextAreaField("Why they were not asked", render_kw={"rows": 2})
    help_continues = RadioField(
        "Does early help go on meanwhile?", [InputRequired("Say yes or no")], choices=YES_NO, default="yes"
    )


class StepUpFromDoorForm(StepUpForm):
    """The same for a contact: what was typed there is the reason where none is typed here."""

    reasons = TextAreaField(
        "Why this needs a decision by MASH",
        description="Against the threshold: what has changed, what you saw and heard, what you fear. "
        "Left empty, MASH gets what was typed at the door.",
        render_kw={"rows": 6},
    )


class DecideForm(FlaskForm):
    decision = RadioField("Decision", [InputRequired("Choose the decision")], choices=options(rules.DECISIONS))
    answer = TextAreaField("Why, and what happens next", [InputRequired("Say why, and what happens next")])
    ring = StringField(
        "Whom to ring about it",
        [InputRequired("Give a name and number")],
        description="A name and a number, for example A. Shah, 020 7946 0101",
    )
    help_continues = RadioField("Does early help go on?", [InputRequired("Say yes or no")], choices=YES_NO)


class ReturnForm(FlaskForm):
    returned_for = RadioField(
        "Why it goes back", [InputRequired("Choose why it goes back")], choices=options(rules.RETURNS)
    )
    answer = TextAreaField(
        "What would help", [InputRequired("Say what is missing or what would help")], render_kw={"rows": 4}
    )
    ring = StringField(
        "Whom to ring about it",
        [InputRequired("Give a name and number")],
        description="A named person, for example A. Shah, 020 7946 0101",
    )


class WithdrawForm(FlaskForm):
    why = TextAreaField("Why you take it back", [InputRequired("Say why you take it back")], render_kw={"rows": 3})


class OutstandingRow(Row):
    """One action left over from statutory work."""

    words = TextAreaField("What is still to be done", render_kw={"rows": 2})
    owner = StringField("Who does it")
    due = DayField("By when", ahead=True)


class StepDownForm(FlaskForm):
    children = Ticks("Which children", [InputRequired("Choose at least one child")])
    from_status = RadioField(
        "Stepping down from", [InputRequired("Choose where from")], choices=options(rules.FROM_STATUS)
    )
    reasons = TextAreaField(
        "What has changed, and what early help is asked to do", [InputRequired("Say what has changed")]
    )
    outstanding = FieldList(FormField(OutstandingRow), label="Actions still to be done", max_entries=30)
    contingency_if = TextAreaField("If this happens", [InputRequired("Say what would be a sign of trouble")])
    contingency_then = TextAreaField("We will", [InputRequired("Say what will be done then")])
    lead = SelectField(
        "Proposed lead professional",
        [InputRequired("Propose a lead professional")],
        coerce=number,
        description="They are asked at once, and must accept before statutory work ends.",
        render_kw={"data-autocomplete": ""},
    )
    cover = SelectField(
        "Who covers when they are away",
        [InputRequired("Name who covers")],
        coerce=number,
        render_kw={"data-autocomplete": ""},
    )
    handover_on = DayField("Hand-over meeting", ahead=True)
    closes_on = DayField("Statutory work closes on", [InputRequired("Give the day")], ahead=True)


class ProposeForm(FlaskForm):
    lead = SelectField(
        "Proposed lead professional",
        [InputRequired("Propose a lead professional")],
        coerce=number,
        render_kw={"data-autocomplete": ""},
    )
    cover = SelectField(
        "Who covers when they are away",
        [InputRequired("Name who covers")],
        coerce=number,
        render_kw={"data-autocomplete": ""},
    )


class AcceptForm(FlaskForm):
    accept = RadioField(
        "Will you be this family's lead professional?",
        [InputRequired("Say yes or no")],
        choices=options({"yes": "Yes, I accept", "no": "No, I cannot"}),
    )
    why = TextAreaField("Why not", description="So that somebody else can be asked.", render_kw={"rows": 2})


class CompleteForm(FlaskForm):
    first_taf_at = MomentField(
        "First TAF meeting",
        [InputRequired("Give the day and time of the first TAF meeting")],
        ahead=True,
    )
    place = StringField("Where", [InputRequired("Say where")])
    level = RadioField(
        "Level of need from now on",
        [InputRequired("Choose the level")],
        choices=options({"2": "2 Early help", "3": "3 Targeted"}),
        default="3",
    )


class NeedRow(Row):
    """What became of one need."""

    need = HiddenField()
    outcome = RadioField("As you judge it", choices=options(rules.OUTCOMES), validate_choice=False)
    family_says = RadioField("As the family say", choices=options(rules.FAMILY_SAYS), validate_choice=False)
    evidence = TextAreaField("What shows it, or what is left", render_kw={"rows": 2})


class CloseForm(FlaskForm):
    needs = FieldList(FormField(NeedRow))
    reason = RadioField(
        "Why early help closes", [InputRequired("Choose why it closes")], choices=options(CLOSING_REASONS)
    )
    words = TextAreaField(
        "What changed, and what happens now",
        [InputRequired("Say what changed, and what happens now")],
        description="Whom the family can turn to, and what was tried if nobody could be reached.",
        render_kw={"rows": 4},
    )


class ReopenForm(FlaskForm):
    reason = TextAreaField("Why it opens again", [InputRequired("Say why it opens again")], render_kw={"rows": 3})


class FollowUpForm(FlaskForm):
    outcome = RadioField(
        "Has it held?", [InputRequired("Choose what became of it")], choices=options(rules.FOLLOW_UP_OUTCOMES)
    )
    words = TextAreaField("What the family say", render_kw={"rows": 3})
