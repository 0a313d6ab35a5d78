"""Which words make the program ask, and which do not."""

from datetime import date

import pytest

from tafcore.contacts.prompts import prompts

TODAY = date(2026, 11, 28)
BABY, CHILD = date(2026, 8, 2), date(2019, 3, 1)


def keys(words, births=(), urgency=None):
    return [one.key for one in prompts(words, births, urgency, TODAY)]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("He said he would kill her", "danger"),
        ("The children are left alone at night", "danger"),
        ("She has taken an OVERDOSE", "danger"),
        ("He said he will kill me", "danger"),
        ("My dad beats my mum", "danger"),
        ("She is scared to go home", "danger"),
        ("Cuts herself when it is bad", "danger"),
        ("I was raped", "danger"),
        ("He threatened me with a bottle", "danger"),
        ("Her aunt says the girl must be cut", "fgm"),
        ("He was slapped by his swimming coach", "worker"),
        ("There is an allegation against a foster carer", "worker"),
        ("The baby has a small bruise on his cheek", "baby"),
        ("A scald on an arm, four weeks old", "baby"),
        ("Mother is afraid of FGM when they travel", "fgm"),
        ("Her daughter is to be circumcised abroad", "fgm"),
        ("He has been living with a family friend since May", "private_fostering"),
        ("Looks like privately fostered", "private_fostering"),
        ("She says the teacher grabbed him by the arm", "worker"),
        ("The coach is often alone with her", "worker"),
    ],
)
def test_words_that_make_it_ask(words, key):
    assert key in keys(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Help with bedtimes and with the rent",
        "She lives with her grandmother and sees her teacher often",
        "The social worker rang and the health visitor comes on Monday",
        "He killed time in the park; the begunia is a plant",
        "A bruise after football, he is eight",
        "The kitchen was hit by a flood; his teacher sent flowers",
        "They beat eggs and cut paper; a grape was dropped",
        "They share a room and sleep badly",
    ],
)
def test_plain_words_ask_nothing(words):
    assert keys(words, [CHILD]) == []


def test_an_injury_counts_where_a_baby_is_told_of():
    assert keys("A bruise on the arm", [CHILD, BABY]) == ["baby"]
    assert keys("A bruise on the arm", [CHILD]) == []
    assert keys("Sleeps badly", [BABY]) == []


def test_today_is_said_once_with_whatever_else_there_is():
    assert keys("A knife was shown", urgency="today") == ["danger", "today"]
    assert keys("Rent", urgency="soon") == []
