"""Forms about the people of a family; choices come from the family at hand."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from tafcore.fields import DayField, Ticks, options
from tafcore.people.rules import FACTS, ROLES, SEXES
from tafcore.record import kin, rules

OFF = {"autocomplete": "off", "spellcheck": "false"}
KINDS = options({"": "Choose", **kin.RELATIONS, **kin.told_from_the_other_side()})
YES_NO = options([("yes", "Yes"), ("no", "No"), ("", "Not known")])


class _Details(FlaskForm):
    """What PersonDetails asks; nothing here is needed."""

    forename = StringField("First name", render_kw=OFF)
    surname = StringField("Last name", render_kw=OFF)
    born = DayField("Date of birth", birth=True)
    due = DayField("Due date, if not born yet", ahead=True)
    sex = RadioField("Sex", [Optional()], choices=options(SEXES))
    phone = StringField("Phone", render_kw={**OFF, "inputmode": "tel"})
    email = StringField("E-mail", render_kw={**OFF, "inputmode": "email"})
    safe_contact = StringField("When and how it is safe to reach them", render_kw={"autocomplete": "off"})
    address = TextAreaField("Address", render_kw={"rows": 3, "autocomplete": "off"})
    postcode = StringField("Postcode", render_kw={**OFF, "class": "govuk-input--width-10"})
    language = StringField("Language", render_kw={"autocomplete": "off"})
    interpreter = RadioField("Interpreter needed?", [Optional()], choices=YES_NO)
    said_by = StringField(
        "Who said so", [InputRequired("Say who told you")], description="A person, and how you heard it"
    )


class PersonForm(_Details):
    """A person who joins the family."""

    role = SelectField("Who they are", [InputRequired("Choose who they are")], choices=options({"": "Choose", **ROLES}))
    lives_with = SelectField("Lives with", [Optional()])
    told = TextAreaField("Were they told of this help? If not, why not?", render_kw={"rows": 2})
    known = RadioField("Is it one of these?", [Optional()], choices=[], validate_choice=False)


class FactsForm(_Details):
    """What is known of somebody now."""

    called = StringField("Known as", render_kw=OFF)
    born_precision = RadioField(
        "How exact is the birth date?",
        [Optional()],
        choices=options([("day", "The day"), ("month", "Only the month"), ("year", "Only the year")]),
    )
    former_name = StringField("A name they had before", render_kw=OFF)
    gender = StringField("Gender, as they say it", render_kw={"autocomplete": "off"})
    gp = StringField("GP", description="The practice, and the doctor if known", render_kw={"autocomplete": "off"})
    nhs_number = StringField("NHS number", render_kw={**OFF, "inputmode": "numeric"})
    address_kind = RadioField("What kind of home?", choices=options(rules.ADDRESS_KINDS), default="permanent")
    address_since = DayField("Living there since")
    stop_using = Ticks("No longer to be used")
    ethnicity = SelectField(
        "Ethnic group, as they say it",
        [Optional()],
        choices=options({"": "Not asked, or not said", **rules.ETHNICITIES}),
    )
    sen = RadioField("Special educational needs", [Optional()], choices=options(rules.SEN))
    disability = TextAreaField("Disability, in their words", render_kw={"rows": 2})
    household = StringField("Household, if not with the others", render_kw={"autocomplete": "off"})
    told = TextAreaField("Were they told of this help? If not, why not?", render_kw={"rows": 2})


SAID_BY = "A person or a paper, such as a letter of the school"


class NumbersForm(FlaskForm):
    """A pupil's number is for schools alone: it is recorded here and shown nowhere."""

    upn = StringField(
        "Unique pupil number (UPN)", render_kw=OFF, description="Recorded for schools, and not shown here"
    )
    former_upn = StringField("A UPN they had before", render_kw=OFF)
    uln = StringField("Unique learner number (ULN)", render_kw={**OFF, "inputmode": "numeric"})
    uprn = StringField("Number of the property where they live (UPRN)", render_kw={**OFF, "inputmode": "numeric"})
    said_by = StringField("Who said so", [InputRequired("Say who told you")], description=SAID_BY)


class DeathForm(FlaskForm):
    died = DayField("The day they died")
    said_by = StringField("Who said so", [InputRequired("Say who told you")], description=SAID_BY)


class AliveForm(FlaskForm):
    said_by = StringField("Who says so", [InputRequired("Say who told you")], description=SAID_BY)


class RelateForm(FlaskForm):
    person = SelectField("This person", [InputRequired("Choose a person")])
    kind = SelectField("is the", [InputRequired("Choose what they are")], choices=KINDS)
    other = SelectField("of", [InputRequired("Choose a person")])
    since = DayField("Since when, if it began on a day")
    responsibility = RadioField("Parental responsibility?", [Optional()], choices=YES_NO)
    said_by = StringField("Who said so", [InputRequired("Say who told you")])


class EndRelationForm(FlaskForm):
    how = RadioField(
        "What happened?",
        [InputRequired("Say whether it ended or never was so")],
        choices=options([("ended", "It ended"), ("mistake", "It was recorded by mistake")]),
    )
    until = DayField("The day it ended")
    said_by = StringField("Who said so", [InputRequired("Say who told you")], description=SAID_BY)


class ResponsibilityForm(FlaskForm):
    held = RadioField(
        "Parental responsibility?",
        [InputRequired("Say whether they have it")],
        choices=options([("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]),
    )
    since = DayField("Since when, if known")
    said_by = StringField("Who said so", [InputRequired("Say who told you")], description=SAID_BY)


class LeaveForm(FlaskForm):
    reason = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})


class SafetyForm(FlaskForm):
    """Two people, and what the one must not learn of the other."""

    protected = RadioField("Who must be kept safe?", [InputRequired("Choose who must be kept safe")])
    danger = RadioField("From whom?", [InputRequired("Choose from whom")])
    facts = Ticks("What must they not learn?", choices=options(FACTS), description="Of the person kept safe.")
    reason = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})
    safe_ways = TextAreaField("Safe ways and times to reach the person kept safe", render_kw={"rows": 2})
    review_on = DayField("Look at this again on", [InputRequired("Choose when to look at it again")], ahead=True)


class _ReadersForm(FlaskForm):
    readers = Ticks("Which workers may know of it, besides you?")


class SpecialistForm(_ReadersForm):
    person = RadioField("Who is it about?", [InputRequired("Choose who it is about")])
    kind = RadioField("Who is involved?", [InputRequired("Choose who is involved")], choices=options(rules.SPECIALISTS))
    organisation = StringField("Organisation", render_kw={"autocomplete": "off"})
    contact = TextAreaField(
        "How to reach them", description="A name, a number, when they are there", render_kw={"rows": 2}
    )
    since = DayField("Since when, if known")
    note = TextAreaField("What those named must know", render_kw={"rows": 4})


class SpecialistChangeForm(_ReadersForm):
    state = RadioField(
        "Does it go on?",
        choices=options(
            [("goes_on", "It goes on"), ("ended", "It has ended"), ("mistake", "It was recorded by mistake")]
        ),
        default="goes_on",
    )
    until = DayField("The day it ended")
    why = TextAreaField("What happened", render_kw={"rows": 2})


class EndSafetyForm(FlaskForm):
    sure = BooleanField(
        "What it hid shows again at once, to everybody it was hidden from",
        [InputRequired("Tick that you understand this")],
    )
    reason = TextAreaField("Why is it no longer needed?", [InputRequired("Say why")], render_kw={"rows": 3})


class RestrictForm(FlaskForm):
    asked_by = StringField(
        "Who asked for it", [InputRequired("Say who asked for it")], description="A person, and how you heard it"
    )
    reason = TextAreaField(
        "Why", [InputRequired("Say why")], render_kw={"rows": 3}, description="Only managers read this"
    )


class LiftForm(FlaskForm):
    sure = BooleanField(
        "They are found again as anybody else, by everybody whose work it is",
        [InputRequired("Tick that you understand this")],
    )
    reason = TextAreaField("Why is it no longer needed?", [InputRequired("Say why")], render_kw={"rows": 3})


class TogetherForm(FlaskForm):
    """Two records are one person."""

    survivor = RadioField(
        "Which record stands for both?",
        [InputRequired("Choose the record that stays")],
        description="The fuller one. Nothing of the other is lost",
    )
    reason = TextAreaField(
        "How do you know that they are one person?", [InputRequired("Say how you know")], render_kw={"rows": 3}
    )
    seen = HiddenField()


class NotSameForm(FlaskForm):
    two_reason = TextAreaField(
        "How do you know that they are two people?", [InputRequired("Say how you know")], render_kw={"rows": 3}
    )


class OneFamilyForm(FlaskForm):
    """Two records are one family."""

    other = RadioField("Which family is the same?", [InputRequired("Choose the other record")])
    goes_on = RadioField(
        "Which record goes on?",
        [InputRequired("Choose the record that goes on")],
        choices=options([("this", "This one"), ("other", "The other")]),
        description="Early help, contacts and the Board go by it. The other leads to it",
    )
    reason = TextAreaField(
        "How do you know that they are one family?", [InputRequired("Say how you know")], render_kw={"rows": 3}
    )


class TwoFamiliesForm(FlaskForm):
    reason = TextAreaField(
        "How do you know that they are two families?", [InputRequired("Say how you know")], render_kw={"rows": 3}
    )


class ApartRow(Form):
    """Whose something is that was added since."""

    item = HiddenField()
    to = RadioField(
        "Whose is it?",
        [InputRequired("Choose whose this is")],
        choices=options([("survivor", "The record that stood for both"), ("merged", "The other record")]),
    )


class ApartForm(FlaskForm):
    """Everything added since, and why they are two people after all."""

    parts = FieldList(FormField(ApartRow))
    reason = TextAreaField(
        "How do you know that they are two people?", [InputRequired("Say how you know")], render_kw={"rows": 3}
    )


class ChronologyForm(Form):
    """What of the chronology is wanted; it is asked by GET."""

    person = SelectField("About", validate_choice=False)
    kind = SelectField("What", validate_choice=False)
    agency = SelectField("By whom", validate_choice=False)
    first = DayField("From", [Optional()])
    last = DayField("To", [Optional()])
    significant = BooleanField("Significant only")
