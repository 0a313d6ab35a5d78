"""Forms of links to somebody's own page, and of answers to what was written there."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from tafcore import phrases
from tafcore.fields import number, options
from tafcore.record import own_rules as rules


class OwnLinkForm(FlaskForm):
    how = RadioField("The second check", [InputRequired("Choose the second check")], choices=options(rules.CHECKS))
    way = SelectField("Where the number goes", coerce=number, default="")
    send = BooleanField("Send the link there too")
    language = SelectField(
        "Language of the page",
        choices=options(
            (code, one.name if one.checked else f"{one.name} (not checked by a translator)")
            for code, one in phrases.languages().items()
        ),
    )
    competent_why = TextAreaField("Why they understand what it means", render_kw={"rows": 3})


class OwnAnswerForm(FlaskForm):
    answer = TextAreaField(
        "Your answer",
        [InputRequired("Write an answer")],
        description="They read it on their page.",
        render_kw={"rows": 4},
    )
    put_right = RadioField(
        "Was the record put right?",
        choices=options([("yes", "Yes"), ("no", "No, and my answer says why")]),
        validate_choice=False,
    )
