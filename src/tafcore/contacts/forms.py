"""Forms of contacts. Nothing is ticked or chosen beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from tafcore.contacts import rules
from tafcore.days import parse_day
from tafcore.db import utcnow
from tafcore.episodes.rules import LEVELS
from tafcore.fields import A_BIRTH_DATE, DayField, MomentField, Ticks, options
from tafcore.people.rules import ROLES, SEXES
from tafcore.sharing.rules import bases
from tafcore.standards.clock import london_day

YES_NO = options({"yes": "Yes", "no": "No"})
LEVEL_CHOICES = options((number, f"{number} {words}") for number, words in LEVELS.items())
UNTYPED = {"row_key", "role"}
QUIET = {"autocomplete": "off", "spellcheck": "false"}


def choices(words: Mapping[str, str], nothing: str = "Choose") -> list[SelectChoice]:
    """The choices of a select that begins with nothing chosen."""
    return options({"": nothing, **words})


def is_yes(answer: str | None) -> bool | None:
    """What somebody said to yes or no; None when they said nothing."""
    return {"yes": True, "no": False}.get(answer or "")


def _blank(row: Form) -> bool:
    return not any(str(one.data or "").strip() for one in row if one.short_name not in UNTYPED)


MORE = (
    *("phone", "email", "safe_contact", "address", "postcode", "language", "interpreter", "nhs_number", "upn"),
    "school_urn",
)
"""What of a person is asked for where it folds away."""


class PersonRow(Form):
    """Somebody the contact is about."""

    row_key = HiddenField()
    role = SelectField("Who", choices=choices(ROLES), validate_choice=False)
    forename = StringField("First name", render_kw=QUIET)
    surname = StringField("Surname", render_kw=QUIET)
    born = StringField(
        "Date of birth, or when the baby is due", description=f"For example, {A_BIRTH_DATE}", render_kw=QUIET
    )
    sex = SelectField("Sex", choices=choices(SEXES, "Not said"), validate_choice=False)
    phone = StringField("Phone", render_kw={**QUIET, "inputmode": "tel"})
    email = StringField("Email", render_kw={**QUIET, "inputmode": "email"})
    safe_contact = StringField("Safe way and time to reach them", render_kw=QUIET)
    address = TextAreaField("Address, if they live somewhere else", render_kw={**QUIET, "rows": 2})
    postcode = StringField("Postcode there", render_kw={**QUIET, "class": "govuk-input--width-10"})
    language = StringField("Language", render_kw=QUIET)
    interpreter = RadioField("Do they need an interpreter?", choices=YES_NO, validate_choice=False)
    nhs_number = StringField("NHS number", render_kw={**QUIET, "inputmode": "numeric"})
    upn = StringField("Unique pupil number (UPN)", render_kw=QUIET)
    school_urn = StringField("School's URN", render_kw={**QUIET, "inputmode": "numeric"})
    voice_words = TextAreaField("Did this child say anything? Their own words", render_kw={"rows": 2})
    voice_how = SelectField("How we know", choices=choices(rules.VOICE_WAYS), validate_choice=False)

    def validate_born(self, field: Any) -> None:
        try:
            day = self.day()
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault
        if day and self.role.data != "unborn" and day > london_day(utcnow()):
            raise ValidationError("Enter a date that has passed, or choose unborn child")

    def validate_voice_how(self, field: Any) -> None:
        if (self.voice_words.data or "").strip() and not field.data:
            raise ValidationError("Say how you know these words")

    def validate_role(self, field: Any) -> None:
        if not self.blank and field.data not in ROLES:
            raise ValidationError("Choose who this is in the family")

    def day(self) -> date | None:
        """The birth date or due date typed. Raises ValueError."""
        typed = (self.born.data or "").strip()
        return parse_day(typed, london_day(utcnow()), ahead=self.role.data == "unborn") if typed else None

    @property
    def read_day(self) -> date | None:
        """The same while somebody types: nothing where it cannot be read."""
        try:
            return self.day()
        except ValueError:
            return None

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into this row."""
        return _blank(self)

    def opens(self, on_record: bool) -> bool:
        """Whether what folds away is open: where something in it is wrong or, of somebody new, told."""
        folded = [self[name] for name in ((*MORE, "born", "sex") if on_record else MORE)]
        return any(one.errors for one in folded) or (not on_record and any(one.data for one in folded))

    @property
    def called(self) -> str:
        """The name typed, else what they are in the family; empty where neither is known."""
        names = ((one.data or "").strip() for one in (self.forename, self.surname))
        return " ".join(name for name in names if name) or ROLES.get(self.role.data or "", "")


class ReferrerForm(Form):
    """Who told us."""

    name = StringField("Name", render_kw=QUIET)
    organisation = StringField("Organisation", render_kw=QUIET)
    phone = StringField("Phone", render_kw={**QUIET, "inputmode": "tel"})
    email = StringField("Email", render_kw={**QUIET, "inputmode": "email"})
    wants_reply = RadioField("Do they want a reply?", choices=YES_NO, validate_choice=False)
    reply_how = RadioField("How do they want to hear from us?", choices=options(rules.REPLY_HOW), validate_choice=False)
    address = TextAreaField("Address for a letter", render_kw={**QUIET, "rows": 4})


class OriginForm(Form):
    """What comes with a police notification, a letter or a step-down."""

    reference = StringField(rules.ORIGINS["reference"], render_kw=QUIET)
    officer = StringField(rules.ORIGINS["officer"], render_kw=QUIET)
    written_on = DayField(rules.ORIGINS["written_on"])
    witnessed = TextAreaField(rules.ORIGINS["witnessed"], render_kw={"rows": 2})
    ends_on = DayField(rules.ORIGINS["ends_on"], ahead=True)
    outstanding = TextAreaField(rules.ORIGINS["outstanding"], render_kw={"rows": 2})


class AgreementForm(Form):
    """What one of them said to the offer of help."""

    row_key = HiddenField()
    by = SelectField("Whose answer?", choices=choices({}), validate_choice=False, render_kw={"data-people": "people"})
    status = RadioField(
        "Do they agree to help?",
        choices=options((code, rules.AGREEMENTS[code]) for code in ("agreed", "not_now", "not_asked")),
        validate_choice=False,
    )
    scope = Ticks("Whom may we share this with?", choices=options(rules.SCOPE))
    told = TextAreaField("What were they told about help and sharing?", render_kw={"rows": 2})
    reason = TextAreaField("If not: why, in their words", render_kw={"rows": 2})

    def validate_status(self, field: Any) -> None:
        if self.scope.data and not field.data:
            raise ValidationError("Say whether they agree, or untick whom to share with")

    @property
    def blank(self) -> bool:
        """Whether nothing was typed or chosen in this row."""
        return _blank(self)


class RegisterForm(FlaskForm):
    """A contact, on one page."""

    safe_how = StringField("How can we reach them safely?", render_kw=QUIET)
    safe_when = StringField("When?", render_kw=QUIET)
    safe_never = StringField("Never on, at or through", render_kw=QUIET)
    anonymous = BooleanField("They want to stay anonymous, or left no way to be reached")
    family_knows = TextAreaField(
        "What does the family know of this? If a young person asks: do their parents know?", render_kw={"rows": 2}
    )
    line = StringField(
        "Who is it about?",
        description="Type anything you hear: a name, birth date, postcode, phone or number",
        render_kw={**QUIET, "maxlength": 200},
    )
    address = TextAreaField("Where do they live?", render_kw={**QUIET, "rows": 2})
    postcode = StringField("Postcode", render_kw={**QUIET, "class": "govuk-input--width-10"})
    people = FieldList(FormField(PersonRow), max_entries=rules.MOST_PEOPLE)
    wants = TextAreaField("What do they want?", render_kw={"rows": 3})
    worries = TextAreaField("What is anybody worried about?", render_kw={"rows": 3})
    strengths = TextAreaField("What is working well?", render_kw={"rows": 3})
    tried = TextAreaField("What has been tried already, and what came of it?", render_kw={"rows": 2})
    agreement = FieldList(FormField(AgreementForm), max_entries=rules.MOST_PEOPLE)
    sharing_basis = RadioField("Why may we share this?", choices=options(bases(False)), validate_choice=False)
    urgency = RadioField("How urgent is it?", choices=options(rules.URGENCIES), validate_choice=False)
    level = RadioField(
        "Level of need it seems",
        choices=LEVEL_CHOICES,
        validate_choice=False,
    )
    source = SelectField("Who told us?", choices=choices(rules.SOURCES), validate_choice=False)
    channel = SelectField("How did it reach us?", choices=choices(rules.CHANNELS), validate_choice=False)
    received_at = MomentField("When, if not just now?")
    referrer = FormField(ReferrerForm)
    origin = FormField(OriginForm)
    paper_what = StringField("What is it?", render_kw=QUIET)
    paper = FileField("The file", render_kw={"accept": ",".join(rules.PAPERS)})
    not_about_worker = BooleanField("None of this is about somebody who works with children")


class AddedRow(PersonRow):
    """Somebody else a contact is about."""

    lives_there = BooleanField("They live with the others")


class AddForm(FlaskForm):
    """What was told since a contact was registered."""

    said_by = StringField("Who told you this?", render_kw=QUIET)
    happened_at = MomentField("When, if not just now?")
    wants = TextAreaField("What more do they want?", render_kw={"rows": 2})
    worries = TextAreaField("What more is anybody worried about?", render_kw={"rows": 3})
    safe_how = StringField("How can we reach them safely?", render_kw=QUIET)
    safe_when = StringField("When?", render_kw=QUIET)
    safe_never = StringField("Never on, at or through", render_kw=QUIET)
    people = FieldList(FormField(AddedRow), max_entries=rules.MOST_PEOPLE)
    not_about_worker = BooleanField("None of this is about somebody who works with children")


class TalkForm(FlaskForm):
    """A conversation with the family, or an attempt at one."""

    how = RadioField(
        "What happened?",
        [InputRequired("Say what happened")],
        choices=options(rules.TWO_WAY | rules.ONE_WAY),
    )
    with_whom = RadioField("Spoke with", choices=options(rules.WITH_WHOM), validate_choice=False)
    safe = RadioField("Was it safe for them to talk?", choices=YES_NO, validate_choice=False)
    words = TextAreaField("What was said", render_kw={"rows": 4})
    happened_at = MomentField("When, if not just now?")


class UnreachedForm(FlaskForm):
    decision = RadioField(
        "What is tried next?", [InputRequired("Choose what is tried next")], choices=options(rules.UNREACHED)
    )
    words = TextAreaField("Who does what, and by when?", [InputRequired("Say who does what")], render_kw={"rows": 3})


class LinkRow(Form):
    """Who one of the contact's people is. The choices are put in for each row."""

    position = HiddenField()
    ref = RadioField("Who is this?", [InputRequired("Say who this is")], choices=[], validate_choice=False)


class LinkForm(FlaskForm):
    people = FieldList(FormField(LinkRow))
    family = StringField(
        "Reference of the family, if you know it", render_kw={**QUIET, "class": "govuk-input--width-10"}
    )


class LevelRow(Form):
    """A child's level of need."""

    person = HiddenField()
    level = RadioField(
        "Level of need", choices=LEVEL_CHOICES,
        validate_choice=False,
    )  # fmt: skip
    reason = TextAreaField("Why this level", render_kw={"rows": 2})


class GradeForm(Form):
    """How a professional's referral tells what is needed."""

    needs = RadioField(rules.GRADED["needs"], choices=options(rules.GRADES), validate_choice=False)
    tried = RadioField(rules.GRADED["tried"], choices=options(rules.GRADES), validate_choice=False)
    agreement = RadioField(rules.GRADED["agreement"], choices=options(rules.GRADES), validate_choice=False)
    words = TextAreaField("Anything else for whoever sent it?", render_kw={"rows": 2})


class GradeReferralForm(FlaskForm):
    grade = FormField(GradeForm)


class AnswerForm(FlaskForm):
    """The coded answer. The choices depend on what is known."""

    answer = RadioField("Answer", [InputRequired("Choose the answer")], choices=[])
    service = SelectField(
        "Which service?",
        coerce=lambda value: int(value) if value else None,
        choices=[],
        validate_choice=False,
        render_kw={"data-autocomplete": ""},
    )
    worker = StringField("Allocated worker, and when they were told")
    authority = StringField("Which authority, and was it passed on or received?")
    plan_b = TextAreaField("What will they and those around them do instead?", render_kw={"rows": 2})
    follow_up_on = DayField("When does somebody ask again?", ahead=True)
    duplicate_of = StringField("Reference of the other contact", render_kw={**QUIET, "class": "govuk-input--width-10"})
    children = FieldList(FormField(LevelRow))
    advice = TextAreaField(
        "What advice or information did you give?",
        [InputRequired("Write what advice or information you gave: every contact gets some")],
        render_kw={"rows": 3},
    )
    reason = TextAreaField("Why this answer?", [InputRequired("Say why this is the answer")], render_kw={"rows": 3})
    unspoken = TextAreaField("Nobody has spoken with the family yet. Why answer without?", render_kw={"rows": 2})
    grade = FormField(GradeForm)


class SlipForm(FlaskForm):
    """How a family is given a slip; to whom and where it may be sent is put among the choices."""

    how = RadioField("How do they have it?", [InputRequired("Choose how")], choices=[])
    safe = BooleanField("If it is sent: they said today that only they read it")


class AskAgainForm(FlaskForm):
    outcome = RadioField(
        "What came of it?", [InputRequired("Choose what came of it")], choices=options(rules.ASKED_AGAIN)
    )
    words = TextAreaField("What did they say?", [InputRequired("Write what was said")], render_kw={"rows": 3})
    next_on = DayField("When does somebody ask next?", ahead=True)


class ReplyForm(FlaskForm):
    how = TextAreaField(
        "How and when were they told?", [InputRequired("Say how and when they were told")], render_kw={"rows": 2}
    )


class LookForm(FlaskForm):
    urgency = RadioField("How urgent is it?", choices=options(rules.URGENCIES), validate_choice=False)
    level = RadioField(
        "Level of need it seems",
        choices=LEVEL_CHOICES,
        validate_choice=False,
    )


class PaperForm(FlaskForm):
    """A letter, form or photo to put to a contact."""

    what = StringField("What is it?", [InputRequired("Say what it is")], render_kw=QUIET)
    content = FileField("The file", render_kw={"accept": ",".join(rules.PAPERS)})


class PaperInErrorForm(FlaskForm):
    reason = TextAreaField("Why does it not belong here?", [InputRequired("Say why")], render_kw={"rows": 3})


class EndForm(FlaskForm):
    what = RadioField(
        "What happened?",
        [InputRequired("Choose what happened")],
        choices=options(
            {
                "withdrawn": "Whoever told us takes it back",
                "in_error": "It was recorded in error, such as twice or about the wrong people",
            }
        ),
    )
    reason = TextAreaField("Why?", [InputRequired("Say why")], render_kw={"rows": 3})
