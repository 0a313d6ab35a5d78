"""Matching: absolute scores, twins apart, one slip together, and words that give nothing away."""

import re
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafcore.matching.evened import house_and_street
from tafcore.matching.explain import THERE, known_phrases
from tafcore.matching.rules import PROBABLY, Traits, compare, keys
from tafcore.matching.service import WORTH_ASKING
from tafcore.matching.sounds import is_nickname, is_typo, sound
from tafcore.matching.weights import WEIGHTS

JACK = Traits(
    forename="Jack",
    surname="Okoro",
    born=date(2018, 5, 4),
    sex="M",
    postcode="HA1 2XY",
    address="12 Larch Road",
    phones=("+447700900123",),
    emails=("okoro@demo.example",),
)
BARE = Traits(forename="Jack", surname="Okoro", born=date(2018, 5, 4))
UNBORN = Traits(surname="Okoro", due=date(2026, 12, 24), postcode="HA1 2XY", address="12 Larch Rd")

traits = st.builds(
    Traits,
    forename=st.text(max_size=12),
    surname=st.text(max_size=12),
    other_names=st.lists(st.text(max_size=8), max_size=2).map(tuple),
    born=st.none() | st.dates(),
    due=st.none() | st.dates(),
    sex=st.sampled_from(["", "F", "M", "U", "female"]),
    born_written=st.sampled_from(["", "20180231", "19230085"]),
    postcode=st.text(max_size=8) | st.sampled_from(["HA1 2XY"]),
    address=st.text(max_size=20) | st.sampled_from(["12 Larch Road", "14 Larch Rd"]),
    place=st.text(max_size=8) | st.sampled_from(["Harrow", "Wealdstone"]),
    phones=st.lists(st.text("0123456789 +", max_size=14), max_size=2).map(tuple),
    emails=st.lists(st.text(max_size=10), max_size=2).map(tuple),
    identifiers=st.lists(st.tuples(st.sampled_from(["nhs_number", "upn"]), st.text(max_size=10)), max_size=2).map(
        tuple
    ),
)


@pytest.mark.parametrize(
    "typed",
    [
        BARE,
        replace(BARE, forename="Jakc"),
        replace(BARE, surname="Okorro"),
        replace(BARE, forename="John"),
        replace(BARE, forename="Okoro", surname="Jack"),
        replace(BARE, surname="Okoro-Smith"),
        replace(BARE, surname="Smith", other_names=("Okoro",)),
        replace(BARE, born=date(2018, 4, 5)),
        replace(BARE, born=date(2018, 5, 14)),
        replace(BARE, surname="Brown", postcode="ha12xy"),
        replace(JACK, postcode="M1 1AE", address="3 High Street", phones=(), emails=()),
        Traits(forename="Jack", born=date(2018, 5, 4), phones=("07700 900123",)),
    ],
)
def test_one_person_with_one_difference(typed: Traits) -> None:
    assert compare(typed, JACK).score > PROBABLY
    assert keys(typed) & keys(JACK)


@pytest.mark.parametrize("forename", ["Noah", "Zack", "Jayden", "Sofia"])
def test_twins_are_two_people(forename: str) -> None:
    assert compare(replace(JACK, forename=forename), JACK).score < PROBABLY
    assert compare(replace(BARE, forename=forename), BARE).score < PROBABLY


@pytest.mark.parametrize(
    ("one", "other"), [("Jayden", "Kayden"), ("Mohammed Ali", "Mohammed Omar"), ("Anna Maria", "Anna Sofia")]
)
def test_twins_with_names_alike_are_two_people(one: str, other: str) -> None:
    assert compare(replace(JACK, forename=one), replace(JACK, forename=other)).score < PROBABLY


@pytest.mark.parametrize(
    "typed",
    [
        replace(JACK, forename="Noah", born=date(2016, 2, 1)),
        replace(JACK, born=date(1985, 1, 9)),  # father and son of one name
        replace(BARE, born=None),
        replace(BARE, born=None, sex="M"),
        replace(BARE, born=date(2018, 9, 9)),
        Traits(phones=("07700 900123",)),
        Traits(postcode="HA1 2XY", address="12 Larch Road"),
        Traits(),
    ],
)
def test_not_enough_to_say_probably(typed: Traits) -> None:
    assert compare(typed, JACK).score < PROBABLY


def test_an_identifier_speaks_loudest() -> None:
    nhs = replace(JACK, identifiers=(("nhs_number", "9990000018"),))
    typed = Traits(identifiers=(("nhs_number", "999 000 0018"),))
    assert compare(typed, nhs).score > 0.9
    assert keys(typed) & keys(nhs)
    twin = replace(JACK, forename="Noah", identifiers=(("nhs_number", "9990000026"),))
    assert compare(twin, nhs).score < 0.05
    assert compare(Traits(identifiers=(("upn", "9990000018"),)), nhs).why == ()


def test_unborn_children() -> None:
    moved = replace(UNBORN, due=date(2026, 12, 31))
    baby = replace(UNBORN, due=None, forename="Ada", born=date(2026, 12, 19))
    for same in (UNBORN, moved, baby):
        assert compare(same, UNBORN).score > PROBABLY
        assert keys(same) & keys(UNBORN)
    for another in (JACK, replace(UNBORN, due=date(2025, 3, 1))):
        assert compare(another, UNBORN).score < PROBABLY


def test_no_postcode_is_no_evidence() -> None:
    typed, known = replace(BARE, postcode="ZZ99 3VZ"), replace(BARE, postcode="zz993vz")
    assert compare(typed, known) == compare(BARE, BARE)
    assert keys(typed) == keys(BARE)


def test_the_score_depends_on_nothing_but_the_two() -> None:
    match = compare(BARE, JACK)
    assert compare(BARE, JACK) == match
    assert 0 < compare(Traits(), Traits()).score < 0.0001


def test_words_for_the_entitled_and_for_the_rest() -> None:
    match = compare(replace(BARE, born=date(2018, 4, 5), postcode="HA1 2XY"), JACK)
    assert match.words(entitled=True) == (
        "same postcode",
        "same surname",
        "born 5 April, here 4 May: day and month swapped",
        "same forename",
    )
    assert match.words(entitled=False) == (
        "postcode as you typed it",
        "surname as you typed it",
        "birth date close to the one you typed",
        "forename as you typed it",
    )
    assert match.why[0].words == "same postcode"
    assert [reason.field for reason in match.why] == ["postcode", "surname", "born", "forename"]


@given(traits, traits)
def test_typed_words_tell_nothing_of_the_record(typed: Traits, known: Traits) -> None:
    match = compare(typed, known)
    assert 0 <= match.score <= 1
    for reason in match.why:
        assert re.fullmatch(r"[a-z ]*", reason.typed_words)  # no digit, no name, no date: fixed phrases only
        assert reason.bits > 0 or not reason.typed_words


@given(traits, traits)
def test_either_may_be_the_one_typed(one: Traits, other: Traits) -> None:
    assert compare(one, other).score == pytest.approx(compare(other, one).score)


@given(traits)
def test_whoever_compares_as_the_same_is_found(record: Traits) -> None:
    if compare(record, record).score > PROBABLY:
        assert keys(record)


def test_keys_meet_where_values_are_damaged() -> None:
    known = keys(JACK)
    for typed in (
        Traits(forename="Jack", born=date(2018, 5, 4)),
        Traits(surname="Okoro", born=date(2018, 4, 5)),
        Traits(forename="Jac", surname="Okkoro", born=date(2018, 1, 1)),
        Traits(forename="Okoro", surname="Jack", born=date(2018, 1, 1)),
        Traits(forename="J", postcode="ha1 2xy"),
        Traits(forename="Jim", address="12, Larch Rd."),
        Traits(forename="J", address="Flat 3, 12 Larch Road"),
        Traits(postcode="HA1 2XY", born=date(2018, 5, 4)),
        Traits(phones=("0044 7700 900 123",)),
        Traits(emails=("OKORO@demo.example",)),
    ):
        assert keys(typed) & known
    assert not keys(Traits()) and not keys(Traits(sex="M"))


def test_every_outcome_has_weights_and_words() -> None:
    words = known_phrases()
    assert {field: words[field.removesuffix(THERE)] for field in WEIGHTS} == {
        field: set(outcomes) for field, outcomes in WEIGHTS.items()
    }
    assert set(words) == {field.removesuffix(THERE) for field in WEIGHTS}
    for outcomes in WEIGHTS.values():
        for column in range(3):
            assert sum(weight[column] for weight in outcomes.values()) == pytest.approx(1, abs=0.001)
    assert {"identifiers", "phones", "emails"} < {field.name for field in fields(Traits)}


def test_house_and_street() -> None:
    for address, found in (
        ("Flat 2, 12a Larch Rd", ("12a", "larch")),
        ("Larch Court, Flat 3", ("3", "larch")),
        ("The Larches", ("", "larches")),
        ("12", ("12", "")),
        ("", ("", "")),
    ):
        assert house_and_street(Traits(address=address)) == found


def test_once_born_the_expected_date_counts_no_more() -> None:
    both = replace(BARE, due=date(2018, 5, 1))
    assert compare(both, BARE) == compare(BARE, both) == compare(BARE, BARE)
    assert keys(both) == keys(BARE)


def test_neighbours_are_strangers() -> None:
    """They share postcode and street, and in this town half of them a name."""
    neighbour = replace(JACK, surname="Rahman", born=date(2018, 9, 9), address="14 Larch Rd", phones=(), emails=())
    assert compare(neighbour, JACK).score < WORTH_ASKING


def test_a_birth_date_that_never_was_still_says_something() -> None:
    damaged = replace(JACK, born=None, born_written="20180532", postcode="", address="", phones=(), emails=())
    match = compare(damaged, JACK)
    assert match.score > PROBABLY > compare(replace(damaged, born_written="19990099"), JACK).score
    assert "another birth date" in compare(replace(damaged, born_written="19990099"), JACK).words(entitled=True)
    assert keys(damaged) & keys(JACK)


def test_a_name_in_the_other_ones_place() -> None:
    crossed = replace(BARE, forename="Okoro", surname="Bello")
    assert "forename stands where the surname does" in compare(crossed, JACK).words(entitled=True)


def test_a_place_that_stands_apart_from_the_address() -> None:
    here, there = replace(JACK, place="Wealdstone"), replace(JACK, place="Pinner", postcode="", address="3 High St")
    assert "another suburb or town" in compare(here, there).words(entitled=True)
    assert "suburb or town as you typed it" in compare(here, here).words(entitled=False)


def test_names_as_they_sound() -> None:
    assert sound("mohammed") == sound("muhammad")
    assert sound("محمد") == "محمد"
    assert is_nickname("kate", "catherine") and not is_nickname("kate", "charlie")
    assert is_typo("jakc", "jack") and not is_typo("jayden", "kayden") and not is_typo("jo", "ja")
