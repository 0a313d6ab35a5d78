"""Identifiers: the published examples, the arithmetic, and that any other text is refused in a plain sentence."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafcore.people import identifiers
from tafcore.people.identifiers import (
    BadIdentifier,
    Phone,
    email,
    nhs_number,
    phone,
    postcode,
    service_phone,
    show_nhs,
    upn,
    uprn,
    urn,
)

VALID_NHS = Path(__file__).parents[3] / "shared/data/identifiers/valid_9.csv"
DIGITS = st.text("0123456789", min_size=9, max_size=9)


def whole_nhs_number(nine: str) -> str | None:
    """The number these nine digits begin, or None where no check digit exists."""
    check = 11 - sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), nine, strict=True)) % 11
    return None if check == 10 else nine + str(check % 11)


def test_nhs_numbers_of_the_test_range_are_for_demonstrations_only() -> None:
    for number in ("9434765870", "9990000018"):
        assert nhs_number(number, live=False) == number
        with pytest.raises(BadIdentifier, match="test range"):
            nhs_number(number, live=True)


def test_live_nhs_numbers_are_refused_by_a_demonstration() -> None:
    assert nhs_number("401 023 2137", live=True) == "4010232137"
    with pytest.raises(BadIdentifier, match="demonstration"):
        nhs_number("401 023 2137", live=False)


@pytest.mark.parametrize(
    "typed", ["943 476 5870", "943-476-5870", " 9434765870\n", "943\u2013476\u20135870", "943\u00a04765870"]
)
def test_nhs_number_as_typed(typed: str) -> None:
    assert nhs_number(typed, live=False) == "9434765870"
    assert show_nhs("9434765870") == "943 476 5870"


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize(
    "typed",
    [
        "9434765871",
        "0000000000",
        "1111111111",
        "9999999999",
        "943476587",
        "94347658700",
        "943476587O",
        "٩٤٣٤٧٦٥٨٧٠",
        "",
    ],
)
def test_nhs_number_refused(typed: str, live: bool) -> None:
    with pytest.raises(BadIdentifier):
        nhs_number(typed, live)


@given(DIGITS)
def test_nhs_number_ranges(nine: str) -> None:
    number = whole_nhs_number(nine)
    if number is None or len(set(number)) == 1:
        return
    first = int(number[:3])
    issued = 10 <= first <= 311 or 320 <= first <= 499 or 600 <= first <= 799
    for live, welcome in ((True, issued), (False, first >= 900)):
        if welcome:
            assert nhs_number(number, live) == number
        else:
            with pytest.raises(BadIdentifier):
                nhs_number(number, live)


@given(st.integers(990_000_000, 999_999_999).map(str), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_caught(nine: str, place: int, shift: int) -> None:
    number = whole_nhs_number(nine)
    if number is None:
        return
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    for live in (True, False):
        with pytest.raises(BadIdentifier):
            nhs_number(wrong, live)


@pytest.mark.skipif(not VALID_NHS.exists(), reason="no ../shared/data/identifiers/valid_9.csv beside the project")
def test_published_valid_nhs_numbers() -> None:
    with VALID_NHS.open(encoding="utf-8-sig", newline="") as file:
        numbers = [row[0] for row in csv.reader(file) if row]
    assert len(numbers) >= 9
    for number in numbers:
        assert nhs_number(number, live=False) == number


@pytest.mark.parametrize(
    "number",
    [
        "B801200005001",
        "B310400021001",
        "A310400024123",
        "D310200026045",
        "V31040002400A",
        "L31020002401B",
        "H31020002412Z",
        "J31020002412R",
    ],
)
def test_upn(number: str) -> None:
    assert upn(number) == number
    assert upn(f" {number[:4].lower()} {number[4:].lower()} ") == number


@pytest.mark.parametrize(
    "typed",
    [
        "A801200005001",
        "X80120000A001",
        "B80120000500",
        "B8012000050011",
        "I801200005001",
        "E000200005001",
        "V31040002400O",
        "",
    ],
)
def test_upn_refused(typed: str) -> None:
    with pytest.raises(BadIdentifier):
        upn(typed)


def test_upn_check_letter_is_the_published_arithmetic() -> None:
    # Quoted elsewhere as valid, but its positions times values make 70, 70 modulo 23 is 1, and 1 is B.
    with pytest.raises(BadIdentifier, match="one of its characters is wrong"):
        upn("A310400021001")


@pytest.mark.parametrize("authority", ["838", "839", "940", "941", "942", "943"])
def test_upn_of_newer_authorities(authority: str) -> None:
    alphabet = "ABCDEFGHJKLMNPQRTUVWXYZ"
    rest = f"{authority}200025001"
    letter = alphabet[sum(place * int(digit) for place, digit in enumerate(rest, 2)) % 23]
    assert upn(letter + rest) == letter + rest


def test_urn_and_uprn() -> None:
    assert urn(" 102 209 ") == "102209"
    assert uprn("100 023 336 956") == "100023336956"
    assert uprn("000012345678") == "000012345678"
    for typed in ("10220", "1022090", "010220", "10220A", ""):
        with pytest.raises(BadIdentifier):
            urn(typed)
    for typed in ("", "0000", "1234567890123", "12A"):
        with pytest.raises(BadIdentifier):
            uprn(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ha12xy", "HA1 2XY"),
        (" Ha1  2xY ", "HA1 2XY"),
        ("SW1A 1AA", "SW1A 1AA"),
        ("ec1a1bb", "EC1A 1BB"),
        ("M1 1AE", "M1 1AE"),
        ("B33 8TH", "B33 8TH"),
        ("CR26XH", "CR2 6XH"),
        ("dn55 1pt", "DN55 1PT"),
        ("W1P 1HQ", "W1P 1HQ"),
        ("gir0aa", "GIR 0AA"),
        ("zz993vz", "ZZ99 3VZ"),
        ("ZZ99 3CZ", "ZZ99 3CZ"),
    ],
)
def test_postcode(typed: str, stored: str) -> None:
    assert postcode(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "HA1", "2XY", "HA1 2X", "QA1 1AA", "AI1 1AA", "HA1 2CX", "HA1 2XYZ", "ZZ98 3VZ", "HA١ 2XY", "12345"]
)
def test_postcode_refused(typed: str) -> None:
    with pytest.raises(BadIdentifier):
        postcode(typed)


def test_pseudo_postcode() -> None:
    assert identifiers.is_pseudo_postcode("ZZ99 3VZ")
    assert not identifiers.is_pseudo_postcode("HA1 2XY")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("020 7946 0123", Phone("+442079460123", "020 7946 0123")),
        ("(020) 7946-0123", Phone("+442079460123", "020 7946 0123")),
        ("07700900123", Phone("+447700900123", "07700 900123")),
        ("+44 7700 900123", Phone("+447700900123", "07700 900123")),
        ("+44 (0)7700 900123", Phone("+447700900123", "07700 900123")),
        ("0044 7700 900123", Phone("+447700900123", "07700 900123")),
        ("+48 22 123 45 67", Phone("+48221234567", "+48 22 123 45 67")),
        ("020 7946 0001 ext 12", Phone("+442079460001", "020 7946 0001 x12")),
    ],
)
def test_phone(typed: str, stored: Phone) -> None:
    assert phone(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mum",
        "07700 900123 (mum)",
        "020 7946 0123 / 07700 900123",
        "12345",
        "0770090012",
        "99999999999",
        "++44",
        "+",
    ],
)
def test_phone_refused(typed: str) -> None:
    with pytest.raises(BadIdentifier):
        phone(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("101", Phone("101", "101")),
        ("999", Phone("999", "999")),
        ("116 123", Phone("116123", "116 123")),
        ("116-123", Phone("116123", "116 123")),
        ("0800 1111", Phone("+448001111", "0800 1111")),
        ("020 7946 0123", Phone("+442079460123", "020 7946 0123")),
    ],
)
def test_a_service_has_a_short_number_too(typed: str, stored: Phone) -> None:
    assert service_phone(typed) == stored


@pytest.mark.parametrize("typed", ["", "1", "12", "100000", "12345", "101 or 999", "+101", "85258", "ring 111", "1٠1"])
def test_what_cannot_be_rung_is_no_number_of_a_service(typed: str) -> None:
    with pytest.raises(BadIdentifier):
        service_phone(typed)


@pytest.mark.parametrize("typed", ["101", "116 123"])
def test_nobody_has_a_short_number_of_their_own(typed: str) -> None:
    with pytest.raises(BadIdentifier):
        phone(typed)


def test_email() -> None:
    assert email(" Lead@Demo.EXAMPLE ") == "Lead@demo.example"
    for typed in ("", "lead", "lead@", "lead@demo", "a b@demo.example", "lead@demo.example, x@demo.example"):
        with pytest.raises(BadIdentifier):
            email(typed)


READERS = [lambda text: nhs_number(text, live=True), upn, urn, uprn, postcode, phone, service_phone, email]


@pytest.mark.parametrize("read", READERS)
@given(text=st.text())
def test_any_text_is_read_or_refused_in_a_plain_sentence(read: Callable[[str], str | Phone], text: str) -> None:
    try:
        stored = read(text)
    except BadIdentifier as refused:
        assert str(refused).endswith(".")
    else:
        assert read(stored.e164 if isinstance(stored, Phone) else stored) == stored


@pytest.mark.parametrize("read", READERS)
def test_a_refusal_repeats_nothing_typed(read: Callable[[str], str | Phone]) -> None:
    for typed in ("Okoro", "9434765871x", "ring Okoro on 07700 900123", "QA1 1AA"):
        with pytest.raises(BadIdentifier) as refused:
            read(typed)
        assert typed not in str(refused.value)


@pytest.mark.parametrize("typed", ["1000000043", "100 000 0043", "1000-000043"])
def test_a_learner_number_is_read_as_it_is_typed(typed):
    assert identifiers.uln(typed) == "1000000043"


@pytest.mark.parametrize("typed", ["1000000044", "0000000000", "100000004", "100000004X", "1000000034"])
def test_a_learner_number_with_a_wrong_digit_is_told(typed):
    with pytest.raises(identifiers.BadIdentifier):
        identifiers.uln(typed)
