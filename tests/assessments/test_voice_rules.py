"""How a child is heard at their age; what stands in which box."""

from datetime import date

import pytest

from tafcore.assessments import voice_rules
from tafcore.assessments.voice_rules import House

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("born", "due", "way"),
    [
        (None, date(2027, 1, 4), "watched"),
        (date(2026, 12, 5), None, "watched"),
        (date(2026, 4, 30), None, "watched"),
        (date(2023, 12, 1), None, "watched"),
        (date(2023, 11, 30), None, "houses"),
        (date(2018, 12, 1), None, "houses"),
        (date(2018, 11, 30), None, "words"),
        (date(2010, 5, 4), None, "words"),
        (None, None, "words"),
    ],
)
def test_the_age_on_the_day_says_what_is_offered_first(born, due, way):
    assert voice_rules.first_way(born, due, TODAY) == way


def test_words_that_suggest_harm_are_noticed_in_any_box():
    assert voice_rules.is_harm((None, "", "He hits me"), None)
    assert not voice_rules.is_harm((None, "A swing", "My cat"), None)
    assert not voice_rules.is_harm(("He hits the ball",), False)


def test_only_what_the_child_said_is_quoted():
    assert voice_rules.quoted("Settles with Mum", True, ()) == "Settles with Mum"
    said = voice_rules.quoted("I'm cold", False, (House("worries", "Monsters"), House("dreams", "A swing")))
    assert said == "“I'm cold”\nHouse of worries: “Monsters”\nHouse of dreams: “A swing”"


def test_a_number_and_a_face_are_each_said_as_what_they_are():
    assert voice_rules.scale_words(None, None) == ""
    assert voice_rules.scale_words(0, None) == "0 out of 10"
    assert voice_rules.scale_words(3, 4) == "3 out of 10; face 4 of 5, happy"
