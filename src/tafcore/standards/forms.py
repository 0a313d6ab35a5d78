"""Forms of term dates, and of the day from which a law holds."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired

from tafcore.fields import DayField


class HolidayForm(FlaskForm):
    name = StringField(
        "What is it called?", [InputRequired("Say what it is called")], description="For example, Easter holidays"
    )
    first = DayField("First day", [InputRequired("Enter the first day without school")], ahead=True)
    last = DayField("Last day", [InputRequired("Enter the last day without school")], ahead=True)
    source = StringField("Where this comes from", description="For example, the council's term dates 2028 to 2029")


class CommencementForm(FlaskForm):
    from_day = DayField("First day on which it holds", [InputRequired("Enter the first day")], ahead=True)
    source = StringField(
        "Where this is said",
        [InputRequired("Say where this is said")],
        description="The commencement regulations, with their number",
    )
