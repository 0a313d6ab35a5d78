"""Forms of visits and voices."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as Row
from wtforms.validators import InputRequired, Optional

from tafcore.assessments import rules
from tafcore.fields import ChildField, DayField, Ticks, options

HARM = {"": "Not sure yet", "no": "No", "yes": "Yes"}
SAID_HARM = {"no": False, "yes": True}


class ChildRow(Row):
    """One child on a visit."""

    person = HiddenField()
    seen = RadioField("Seen?", choices=options({**rules.SEEN, "": "Not part of this visit"}), default="")
    why_not = StringField("If not seen or not alone, why not")
    observation = TextAreaField("What you noticed", render_kw={"rows": 2})
    words = TextAreaField("What they said, word for word", render_kw={"rows": 2})
    how = SelectField("How", choices=options(rules.WAYS), default="spoken")
    harm = BooleanField("These words suggest that somebody is hurting them")


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


class VoiceForm(HearingForm):
    person = ChildField("Who spoke?", [InputRequired("Choose the child")])
    words = TextAreaField(
        "Their words, exactly as they said them", [InputRequired("Write what the child said")], render_kw={"rows": 4}
    )
    how = RadioField("How", choices=options(rules.WAYS), default="spoken")
    room = StringField("Who was in the room")
    feeling = StringField("How they felt, in a word")
    scale = SelectField(
        "Their number, from 0 to 10",
        choices=options([("", "No number"), *((str(number), str(number)) for number in range(11))]),
        default="",
    )
    day = DayField("When", [Optional()])


class ResponseForm(FlaskForm):
    words = TextAreaField("What we did", [InputRequired("Write what was done")], render_kw={"rows": 3})
    told_on = DayField("When the child was told", [Optional()])
    told_how = StringField("How they were told, and by whom")


class ReasonForm(FlaskForm):
    reason = TextAreaField("Why", [InputRequired("Say why")], render_kw={"rows": 3})
