"""Names folded for search, and days as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafcore.people.names import fold, name_tokens, parse_day, person_label
from tafcore.people.rules import told_names

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Zoë  O’Neill ", "zoe o'neill"),
        ("ŁUKASZ", "lukasz"),
        ("Großmann", "grossmann"),
        ("İbrahim", "ibrahim"),
        ("Søren Ærø", "soren aero"),
        ("Ｊａｃｋ", "jack"),
        ("مُحَمَّد", "محمد"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_vowel_signs_of_other_scripts_are_letters() -> None:
    assert fold("किरण") != fold("करण")
    assert name_tokens("किरण पटेल") == (fold("किरण"), fold("पटेल"))


@given(st.text())
def test_fold_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_tokens_hold_no_space(text: str) -> None:
    assert all(token and not any(character.isspace() for character in token) for token in name_tokens(text))


def test_name_tokens() -> None:
    assert name_tokens("Anne-Marie O'Neill (Annie)") == ("anne", "marie", "oneill", "annie")
    assert name_tokens("D’Souza") == name_tokens("DSouza") == ("dsouza",)
    assert name_tokens(" - ") == ()


@pytest.mark.parametrize(
    "text",
    [
        "4/5/2018",
        "4 5 18",
        "04.05.2018",
        "4 May 2018",
        "2018-05-04",
        "4-5-18",
        "4th of may 2018",
        " 4 MAY 18 ",
        "May 4, 2018",
        "04052018",
        "20180504",
        "４/５/２０１８",
        "2018/5/4",
        "4\\5\\2018",
    ],
)
def test_parse_day(text: str) -> None:
    assert parse_day(text, TODAY) == date(2018, 5, 4)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 1 26", date(2026, 1, 1)),
        ("1 1 27", date(1927, 1, 1)),
        ("31/12/85", date(1985, 12, 31)),
        ("29 Feb 2024", date(2024, 2, 29)),
        ("3 Sept 2001", date(2001, 9, 3)),
        ("3 September 00", date(2000, 9, 3)),
        ("20101912", date(1912, 10, 20)),
    ],
)
def test_years(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


def test_expected_dates_may_lie_ahead() -> None:
    assert parse_day("4 1 27", TODAY, ahead=True) == date(2027, 1, 4)
    assert parse_day("4 1 28", TODAY, ahead=True) == date(1928, 1, 4)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a day"),
        ("May 2018", "Enter a day"),
        ("4 5", "Enter a day"),
        ("4 5 018", "Enter a day"),
        ("4 J 2018", "Enter a day"),
        ("4 mayor 2018", "Enter a day"),
        ("4+5+2018", "Enter a day"),
        ("004 5 2018", "Enter a day"),
        ("4 5 2018 9", "Enter a day"),
        ("5/13/2018", "Check the month"),
        ("31 6 2018", "Check the day"),
        ("29 2 2023", "Check the day"),
        ("0 2 2023", "Check the day"),
        ("4 5 0018", "Check the year"),
        ("45678901", "Check the month"),
    ],
)
def test_parse_day_refuses(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_day(text, TODAY)


@given(st.text())
def test_any_text_is_a_day_or_a_plain_sentence(text: str) -> None:
    try:
        parse_day(text, TODAY)
    except ValueError as refused:
        assert str(refused).startswith(("Enter", "Check"))


@given(st.dates(date(1927, 1, 1), TODAY))
def test_every_written_form_agrees(day: date) -> None:
    assert parse_day(day.isoformat(), TODAY) == day
    assert parse_day(f"{day.day}/{day.month}/{day.year % 100:02}", TODAY) == day
    assert parse_day(f"{day:%d%m%Y}", TODAY) == day
    assert parse_day(f"{day:%Y%m%d}", TODAY) == day


@pytest.mark.parametrize(
    ("parts", "label"),
    [
        (("Jonathan", "Smith", "Jack"), "Jonathan (Jack) Smith"),
        (("Jack", "Smith", "jack"), "Jack Smith"),
        (("Jack", "Smith", ""), "Jack Smith"),
        (("", "Smith", ""), "Smith"),
        (("", "", "the boy's mother"), "the boy's mother"),
        (("Jack ", "", "Jack"), "Jack"),
        ((" ", "", ""), "Name not known"),
    ],
)
def test_person_label(parts: tuple[str, str, str], label: str) -> None:
    assert person_label(*parts) == label


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([], ""),
        ([("Priya", "Ashard", "mother")], "Priya Ashard"),
        ([("Priya", "Ashard", "mother"), ("Isla", "Ashard", "child")], "Priya and Isla Ashard"),
        (
            [
                ("Priya", "Ashard", "mother"),
                ("Tom", "Hill", "father"),
                ("Isla", "ashard", "child"),
                ("Zo", "Ashard", "child"),
            ],
            "Priya, Isla and Zo Ashard, Tom Hill",
        ),
        ([("Priya", "", "mother"), ("Isla", None, "child")], "Priya, Isla"),
        ([(None, "Ashard", "mother"), ("Isla", "Ashard", "child")], "Ashard, Isla Ashard"),
        ([(None, None, "other_adult"), ("", "", "unborn")], "other adult, unborn"),
    ],
)
def test_a_surname_is_said_once(told: list, said: str) -> None:
    assert told_names(told) == said
