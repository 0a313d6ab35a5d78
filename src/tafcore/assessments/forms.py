"""Forms of visits and voices."""

from __future__ import annotations

from typing import Any

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
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from tafcore.assessments import rules, voice_rules
from tafcore.fields import ChildField, DayField, Ticks, options

HARM = {"": "Not sure yet", "no": "No", "yes": "Yes"}
SAID_HARM = {"no": False, "yes": True}


TWO_KINDS = "You wrote what was said and what you saw. Save one of them, then record the other by itself"
EMPTY = {
    "watched": ("watched", "Write what you saw"),
    "houses": ("worries", "Write in at least one of the houses"),
    "words": ("words", "Write what the child said"),
}
"""Way -> the box that is asked for where nothing is written, and how."""


class HeardForm(Form):
    """How a child was heard. Every way has its boxes; which of them hold something says how it was."""

    way = RadioField("How did you hear them?", choices=options(voice_rules.WAYS), validate_choice=False)
    watched = TextAreaField(
        "What you saw", [Length(max=20_000, message="Use 20000 characters or fewer")], render_kw={"rows": 4}
    )
    worries = TextAreaField(voice_rules.HOUSES["worries"], render_kw={"rows": 3})
    good = TextAreaField(voice_rules.HOUSES["good"], render_kw={"rows": 3})
    dreams = TextAreaField(voice_rules.HOUSES["dreams"], render_kw={"rows": 3})
    words = TextAreaField("Their words, exactly as they said them", render_kw={"rows": 4})
    how = SelectField("How their words came", choices=options(voice_rules.SPOKEN), default="spoken")
    face = RadioField("The face they chose", choices=options([*voice_rules.FACES.items(), ("", "No face")]), default="")
    scale = SelectField(
        "Their number, from 0 to 10",
        choices=options([("", "No number"), *((str(number), str(number)) for number in range(11))]),
        default="",
    )
    room = StringField("Who was in the room")
    feeling = StringField("How they felt, in a word")

    @property
    def said(self) -> bool:
        """Whether anything that the child said is written."""
        return any((self[name].data or "").strip() for name in ("words", *voice_rules.HOUSES))

    @property
    def saw(self) -> bool:
        """Whether what was seen of the child is written."""
        return bool((self.watched.data or "").strip())

    def validate_way(self, _field: Any) -> None:
        """What was said is quoted and what was seen is not: an entry is one of them."""
        if self.said and self.saw:
            raise ValidationError(TWO_KINDS)

    def heard(self) -> dict[str, Any]:
        """The words and how they came, as commands take them."""
        if self.saw:
            return {"words": self.watched.data, "how": "observation"}
        return {"words": self.words.data or None, "how": self.how.data}


class ChildRow(HeardForm):
    """One child on a visit."""

    person = HiddenField()
    seen = RadioField("Seen?", choices=options({**rules.SEEN, "": "Not part of this visit"}), default="")
    why_not = StringField("If not seen or not alone, why not")
    observation = TextAreaField("What you noticed", render_kw={"rows": 2})
    harm = BooleanField("These words suggest that somebody is hurting them")

    def validate_seen(self, field: Any) -> None:
        """What is written of a child is not left out with the child."""
        if not field.data and (self.said or self.saw):
            raise ValidationError("Say whether they were seen, to keep what you wrote")


class VisitForm(FlaskForm):
    day = DayField("When", [InputRequired("Say when")])
    venue = RadioField("Where", [InputRequired("Choose where")], choices=options(rules.VENUES), validate_choice=False)
    children = FieldList(FormField(ChildRow))
    adults = Ticks("Which adults were there")
    observation = TextAreaField("Anything else you noticed", render_kw={"rows": 3})
    by = StringField("Who visited, if not you", description="Their name and where they work.")


class HearingForm(FlaskForm):
    audience = RadioField("Who may hear this?", choices=options(rules.AUDIENCES), default="team")
    hearers = Ticks("Which parents or carers")
    asked = RadioField("Did you ask the child who may hear it?", choices=options(rules.ASKED), default="not_asked")
    decided_why = TextAreaField("Why you decide that they may hear it", render_kw={"rows": 2})
    harm = RadioField("Do these words suggest that somebody is hurting a child?", choices=options(HARM), default="")


class VoiceForm(HearingForm, HeardForm):
    person = ChildField("Which child?", [InputRequired("Choose the child")])
    day = DayField("When", [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        right = super().validate(extra_validators)
        if self.said or self.saw:
            return right
        name, message = EMPTY.get(self.way.data, EMPTY["words"])
        self[name].errors = [*self[name].errors, message]
        return False


class ResponseForm(FlaskForm):
    words = TextAreaField("What we did", [InputRequired("Write what was done")], render_kw={"rows": 3})
    told_on = DayField("When the child was told", [Optional()])
    told_how = StringField("How they were told, and by whom")


class ReasonForm(FlaskForm):
    reason = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})
