"""Days and moments as people type them: what the hints show."""

import time_machine
from wtforms import Form

from tafcore.fields import DayField, MomentField


class Asked(Form):
    seen = DayField("Seen")
    by = DayField("By when", ahead=True)
    born = DayField("Date of birth", birth=True)
    reading = DayField("On which day", description="Leave blank for today.")
    at = MomentField("When")
    starts = MomentField("Starts", ahead=True)


def test_hints_show_a_day_that_may_well_be_meant():
    with time_machine.travel("2026-12-20T12:00:00Z", tick=False):
        hints = {one.name: one.description for one in Asked()}
    assert hints == {
        "seen": "For example, 20 12 2026",
        "by": "For example, 3 1 2027",
        "born": "For example, 4 5 2018",
        "reading": "Leave blank for today.",
        "at": "Day and time, for example 20/12/2026 15:30",
        "starts": "Day and time, for example 3/1/2027 15:30",
    }
