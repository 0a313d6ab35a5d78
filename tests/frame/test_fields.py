"""Days and moments as people type them: what the hints show. Which child: the only one there is."""

import pytest
import time_machine
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired

from tafcore.fields import ChildField, DayField, MomentField, options


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


class Chosen(Form):
    child = ChildField("Child", [InputRequired("Choose the child")])


@pytest.mark.parametrize(("children", "chosen"), [(["P-1"], ["P-1"]), (["P-1", "P-2"], [])])
def test_the_only_child_is_chosen_already(children, chosen):
    form = Chosen()
    form.child.choices = options([(ref, ref) for ref in children])
    assert [choice.value for choice in form.child.iter_choices() if choice.selected] == chosen


def test_another_child_than_the_only_one_is_still_refused():
    form = Chosen(MultiDict({"child": "P-9"}))
    form.child.choices = options([("P-1", "Sofia")])
    assert not form.validate() and [choice.value for choice in form.child.iter_choices() if choice.selected] == []
