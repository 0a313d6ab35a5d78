"""Forms of agreement and sharing."""

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from tafcore.fields import DayField, Ticks, options
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
    basis = RadioField("Lawful basis", [InputRequired("Choose the basis")], choices=options(rules.BASES))
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
