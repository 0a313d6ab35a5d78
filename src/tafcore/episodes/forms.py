"""Forms of episodes; choices come from the family at hand."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as Row
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from tafcore.accounts.rules import SECTORS, SHORTEST_PASSWORD
from tafcore.episodes import rules
from tafcore.fields import ChildField, DayField, Ticks, number, options

LEVELS = {str(level): f"{level} {words}" for level, words in rules.LEVELS.items()}


class ChildLevelRow(Row):
    """One child of the family: in or not, level, why."""

    person = HiddenField()
    level = RadioField("Level of need", choices=options({"": "Not part of this", **LEVELS}), default="")
    reason = TextAreaField("Why this level", render_kw={"rows": 2})


class OpenEpisodeForm(FlaskForm):
    why = TextAreaField("Why early help opens now", [InputRequired("Say why early help opens")], render_kw={"rows": 3})
    children = FieldList(FormField(ChildLevelRow))


class NominateForm(FlaskForm):
    q = StringField("Find somebody by name, organisation or job", render_kw={"autocomplete": "off"})
    user = SelectField(
        "Lead professional",
        [InputRequired("Choose who is asked to be the lead professional")],
        coerce=number,
        description="Best placed to bring the help together. They are asked, and may say no.",
        render_kw={"data-autocomplete": ""},
    )
    reason = TextAreaField("Why them", [InputRequired("Say why they are best placed")], render_kw={"rows": 2})
    family_answer = RadioField(
        "What the family say about the choice",
        [InputRequired("Say what the family say about the choice")],
        choices=options(rules.FAMILY_ANSWERS),
    )
    family_say = TextAreaField("In their words, or why they were not asked", render_kw={"rows": 2})
    cover = SelectField(
        "Who covers when they are away",
        [InputRequired("Name who covers when the lead professional is away")],
        coerce=number,
        description="Printed on the family's copy. Not from the same school: both are away in the holidays.",
        render_kw={"data-autocomplete": ""},
    )
    agreed_why = TextAreaField("Why they should lead all the same", render_kw={"rows": 2})
    handover_note = TextAreaField(
        "Hand-over note",
        description="What whoever comes next must know: what works, what is promised, what waits.",
        render_kw={"rows": 4},
    )
    stays = RadioField(
        "Their own open actions",
        choices=options({"no": "Go to the new lead professional", "yes": "They keep them, and stay in the team"}),
        default="no",
    )


class CoverForm(FlaskForm):
    q = StringField("Find somebody by name, organisation or job", render_kw={"autocomplete": "off"})
    cover = SelectField(
        "Who covers",
        [InputRequired("Name who covers when the lead professional is away")],
        coerce=number,
        description="Printed on the family's copy. They see this family from now on.",
        render_kw={"data-autocomplete": ""},
    )


class EndLeadForm(FlaskForm):
    why = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 2})
    handover_note = TextAreaField(
        "Hand-over note",
        description="What whoever comes next must know: what works, what is promised, what waits.",
        render_kw={"rows": 4},
    )


class HouseholdForm(FlaskForm):
    """A household beside the main home."""

    name = StringField(
        "What it is called",
        [InputRequired("Say what this household is called")],
        description="Such as whose home it is. No address: that is kept with each person",
        render_kw={"autocomplete": "off", "maxlength": 40},
    )
    lives = Ticks("Who lives there", description="Tick nobody to end it: all of them then live at the main home")
    stays = Ticks("Who stays there too", description="Who lives at another home of the family, and stays here at times")
    when = StringField("When they stay", render_kw={"autocomplete": "off"})
    contact = SelectField("Whom those who live there ring", [Optional()], coerce=number)
    said_by = StringField("Who said so", [InputRequired("Say who told you")])


class AnswerForm(FlaskForm):
    accept = RadioField(
        "Will you be this family's lead professional?",
        [InputRequired("Say yes or no")],
        choices=options({"yes": "Yes, I accept", "no": "No, I cannot"}),
    )
    why = TextAreaField("Why not", description="So that somebody else can be asked.", render_kw={"rows": 2})


class MemberForm(FlaskForm):
    q = StringField("Find somebody by name, organisation or job", render_kw={"autocomplete": "off"})
    user = SelectField(
        "Somebody with an account",
        [Optional()],
        coerce=number,
        description="Type a name or an organisation. They see this family as soon as you add them.",
        render_kw={"data-autocomplete": ""},
    )
    name = StringField("Or somebody without an account: their name")
    organisation = StringField("Their organisation")
    role = StringField("What they do for this family", [InputRequired("Say what they do for this family")])
    sees = StringField("How often they see whom", description="For example, Jack every Tuesday at school")
    phone = StringField("Phone", render_kw={"autocomplete": "off", "type": "tel"})
    email = StringField("E-mail address at work", render_kw={"autocomplete": "off", "type": "email"})
    away = StringField("When they are away")
    cover = StringField("Who covers for them", description="A name, and a number to ring")
    children = Ticks("Which children they know")
    invite = RadioField(
        "Ask somebody without an account by e-mail?",
        choices=options({"no": "No, they know already", "yes": "Yes, send them a link"}),
        default="no",
        description="The link shows the first names of the children they know, and asks what they can do and when.",
    )
    sector = SelectField("What kind of organisation it is", choices=options({"": "", **SECTORS}), default="")
    account = BooleanField(
        "They may choose to have an account",
        description="By it they see what the team sees of this family, and nothing else, until they leave the team."
        " Without it they answer each time by a link.",
    )
    why = TextAreaField(
        "Why they may be asked without the family's agreement to share, or in spite of a danger", render_kw={"rows": 2}
    )


class RoleForm(FlaskForm):
    role = StringField("What I can do for this family", [InputRequired("Say what you can do for this family")])
    sees = StringField("How often I see whom", description="For example, Jack every Tuesday at school")
    away = StringField("When I am away")
    cover = StringField("Who covers for me", description="A name, and a number to ring")
    phone = StringField("My work phone", render_kw={"autocomplete": "off", "type": "tel"})
    children = Ticks("Which children I know")


class NoteForm(FlaskForm):
    kind = RadioField("What was it?", choices=options(rules.NOTE_KINDS), default="call")
    words = TextAreaField("What was said", [InputRequired("Write what was said or done")], render_kw={"rows": 4})
    with_whom = StringField("With whom")
    decided = TextAreaField("What was decided", render_kw={"rows": 2})
    about = Ticks("About", description="Tick nobody for the whole family.")
    audience = RadioField("Who may read it", choices=options(rules.NOTE_AUDIENCES), default="team")


class LevelForm(FlaskForm):
    person = ChildField("Child", [InputRequired("Choose the child")])
    level = RadioField("Level of need", [InputRequired("Choose the level")], choices=options(LEVELS))
    legal_status = SelectField("Legal status", choices=options(rules.LEGAL_STATUSES), default="none")
    reason = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})


class OversightForm(FlaskForm):
    person = ChildField("Child", [InputRequired("Choose the child")])
    decision = TextAreaField("Decision", [InputRequired("Write what you decided")], render_kw={"rows": 3})
    why = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})
    action = TextAreaField("What is to be done", render_kw={"rows": 2})
    action_owner = StringField("By whom")
    action_due = DayField("By when", ahead=True)


class TrainingForm(FlaskForm):
    trained_on = DayField("When were they trained?", [InputRequired("Enter when they were trained")])
    expires = DayField("When does it end?", ahead=True)


class InvitationForm(FlaskForm):
    accept = RadioField(
        "Can you help?",
        [InputRequired("Say yes or no")],
        choices=options({"yes": "Yes, I join the team", "no": "No, I cannot"}),
    )
    role = StringField("What I can do for this family")
    sees = StringField("How often I see whom", description="For example, every Tuesday at the club")
    away = StringField("When I am away")
    cover = StringField("Who covers for me", description="A name, and a number to ring")
    phone = StringField("My work phone", render_kw={"autocomplete": "off", "type": "tel"})
    why = TextAreaField("Why not", render_kw={"rows": 2})
    account = BooleanField(
        "I would like an account",
        description="You see the family's plan, meetings and record as its team does, until you leave it. We send a"
        " second link to your address at work, to make it with. Without an account you get a link each time.",
    )


class OfferForm(FlaskForm):
    why = TextAreaField(
        "Why they need to see it",
        [InputRequired("Say why they need to see it")],
        description="It stands with the decisions to share.",
        render_kw={"rows": 2},
    )


class AccountForm(FlaskForm):
    password = PasswordField(
        f"Choose a password, at least {SHORTEST_PASSWORD} characters",
        [
            InputRequired("Choose a password"),
            Length(SHORTEST_PASSWORD, 200, f"Use at least {SHORTEST_PASSWORD} characters"),
        ],
        description="Three words that you remember are better than one with signs in it.",
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "The same password again",
        [InputRequired("Type it again"), EqualTo("password", "The two are not the same")],
        render_kw={"autocomplete": "new-password"},
    )
