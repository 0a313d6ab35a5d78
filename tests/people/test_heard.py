"""What is typed into one line, read into the parts of a person."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafcore.people.heard import Heard, read

TODAY = date(2026, 11, 20)
UPN = "A801200025001"
"""Thirteen characters; whether its letter is the right one does not matter here."""


@pytest.mark.parametrize(
    ("typed", "forename", "surname"),
    [
        ("Jack Okoro", "Jack", "Okoro"),
        ("Okoro, Jack", "Okoro", "Jack"),
        ("  okoro ,jack ", "okoro", "jack"),
        ("OKORO Jack", "OKORO", "Jack"),
        ("Jack OKORO", "Jack", "OKORO"),
        ("Jack", "Jack", ""),
        ("Anne-Marie O'Neill", "Anne-Marie", "O'Neill"),
        ("Sofia Okoro-Marlowe", "Sofia", "Okoro-Marlowe"),
        ("Mary Ann Okoro", "Mary Ann", "Okoro"),
        ("Okoro Smith, Mary Ann", "Okoro Smith", "Mary Ann"),
        ("Maria de la Cruz", "Maria", "de la Cruz"),
        ("Omar El Sayed", "Omar", "El Sayed"),
        ("किरण पटेल", "किरण", "पटेल"),
        ("", "", ""),
    ],
)
def test_names(typed: str, forename: str, surname: str) -> None:
    heard = read(typed, TODAY)
    if "," in typed or typed.startswith("OKORO"):  # the surname comes first
        forename, surname = surname, forename
    assert (heard.forename, heard.surname) == (forename, surname)
    assert set(heard.parts) <= {"forename", "surname"}


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("4 May 2018", "born"),
        ("4th of May 2018", "born"),
        ("04/05/18", "born"),
        ("2018-05-04", "born"),
        ("4 5 2018", "born"),
        ("31 2 2018", "born"),
        ("ZZ99 3AB", "postcode"),
        ("ha12xy", "postcode"),
        ("020 7946 0123", "phone"),
        ("+44 20 7946 0123", "phone"),
        ("(020) 7946-0123", "phone"),
        ("07700900123", "phone"),
        ("020 7946 012", "phone"),
        ("999 000 0018", "nhs_number"),
        ("9990000018", "nhs_number"),
        ("999 000 0019", "nhs_number"),
        (UPN, "upn"),
        ("ada@mail.example", "email"),
        ("12 Larch Road", "address"),
    ],
)
def test_what_is_no_name_is_known_by_its_shape_right_or_wrong(typed: str, part: str) -> None:
    assert read(typed, TODAY).parts == {part: typed}
    assert read(f"Jack Okoro, {typed}", TODAY).parts == {"forename": "Jack", "surname": "Okoro", part: typed}
    if part != "address":  # which ends where a comma stands
        assert read(f"{typed} Okoro, Jack", TODAY).parts == {"forename": "Jack", "surname": "Okoro", part: typed}


PARTS = {
    "born": "4 May 2018",
    "postcode": "ZZ99 3AB",
    "phone": "020 7946 0123",
    "nhs_number": "999 000 0018",
    "email": "ada@mail.example",
}


@given(st.permutations([*PARTS.values(), "Jack Okoro"]))
def test_the_order_does_not_matter(typed: list[str]) -> None:
    assert read(" ".join(typed), TODAY).parts == {"forename": "Jack", "surname": "Okoro", **PARTS}


def test_words_that_say_what_comes_next_are_no_names() -> None:
    heard = read("Jack Okoro dob: 4 5 2018 tel. 020 7946 0123, NHS number 999 000 0018", TODAY)
    assert heard.parts == {
        "forename": "Jack",
        "surname": "Okoro",
        "born": "4 5 2018",
        "phone": "020 7946 0123",
        "nhs_number": "999 000 0018",
    }
    assert read("Mark Mobile", TODAY).surname == "Mobile"


@pytest.mark.parametrize(
    ("typed", "due"),
    [("Baby due 3 3 27", True), ("Baby 3 March 2027", True), ("Baby 3 March 2026", False), ("Baby", False)],
)
def test_a_day_to_come_is_when_a_baby_is_due(typed: str, due: bool) -> None:
    assert read(typed, TODAY).due is due
    assert read(typed, TODAY).forename == "Baby"


def test_a_second_number_of_a_kind_is_kept_too() -> None:
    heard = read("Ada 020 7946 0123 07700 900123", TODAY)
    assert (heard.phone, heard.address) == ("020 7946 0123", "07700 900123")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Okoro ZZ99 3AB", [("Okoro", ""), ("", "Okoro")]),
        ("Okoro Jack", [("Okoro", "Jack"), ("Jack", "Okoro")]),
        ("Okoro, Jack", [("Jack", "Okoro")]),
        ("OKORO Jack", [("Jack", "OKORO")]),
        ("ZZ99 3AB", [("", "")]),
    ],
)
def test_where_only_their_order_tells_names_apart_both_are_tried(typed: str, names: list[tuple[str, str]]) -> None:
    readings = read(typed, TODAY).readings
    assert [(one.forename, one.surname) for one in readings] == names
    assert len({one.postcode for one in readings}) == 1


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("okoro jack", ("jack", "okoro")),
        ("Jack Okoro", ("Jack", "Okoro")),
        ("Okoro", ("", "Okoro")),
        ("Okoro Jak", ("Jak", "Okoro")),
        ("Jak Okoro", ("Jak", "Okoro")),
        ("Marlow Jim", ("Marlow", "Jim")),
        ("Jack, Okoro", ("Okoro", "Jack")),
    ],
)
def test_of_two_readings_the_one_is_taken_that_somebody_is_called_by(typed: str, names: tuple[str, str]) -> None:
    heard = read(typed, TODAY).named_as("Jack", "Okoro")
    assert (heard.forename, heard.surname) == names


SPOKEN = st.lists(
    st.one_of(
        st.sampled_from([*PARTS.values(), UPN, "Jack", "Okoro", "de", "12 Larch Road", "dob", "due", "nhs", ",", ";"]),
        st.text(max_size=12),
        st.from_regex(r"[0-9+()./ -]{1,14}", fullmatch=True),
    ),
    max_size=12,
).map(" ".join)


@given(SPOKEN)
def test_no_word_is_lost_and_none_is_added(typed: str) -> None:
    heard = read(typed, TODAY)
    kept = Counter(word for value in (*heard.parts.values(), *heard.labels) for word in re.findall(r"[^\s,;]+", value))
    assert kept == Counter(re.findall(r"[^\s,;]+", typed))
    assert bool(heard) is bool(kept - Counter(heard.labels)) and isinstance(heard, Heard)


@given(st.text(alphabet=" ,;ab0123456789", max_size=4000))
def test_a_long_line_is_read_soon(typed: str) -> None:
    read(typed, TODAY)
