"""References: shape, forgiveness and what the check character catches."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafcore.references import ALPHABET, KINDS, BadReference, example, new_ref, nth_ref, read_ref

references = st.builds(
    lambda kind, seed: new_ref(kind, random.Random(seed)), st.sampled_from(sorted(KINDS)), st.integers(0, 2**32)
)


def compact(ref: str) -> str:
    return ref.replace("-", "")


def test_shape() -> None:
    kind, middle, end = new_ref("F").split("-")
    assert kind == "F" and len(middle) == 4 and len(end) == 2
    assert set(middle + end) <= set(ALPHABET)


def test_printed_example_is_real() -> None:
    assert read_ref("F-7KQ2-M9") == "F-7KQ2-M9"


def test_seeded_is_repeatable_and_unseeded_is_not() -> None:
    assert new_ref("C", random.Random(7)) == new_ref("C", random.Random(7))
    assert len({new_ref("C") for _ in range(50)}) > 45


def test_unknown_prefix() -> None:
    with pytest.raises(ValueError, match="prefix"):
        new_ref("Z")
    with pytest.raises(ValueError, match="prefix"):
        read_ref("F-7KQ2-M9", prefix="Z")


@pytest.mark.parametrize(
    "typed", ["f-7kq2-m9", " F 7KQ2 M9 ", "f7kq2m9", "F\u20137KQ2\u2013M9", "F-7KQ2M9\n", "f.7kq2.m9", "f\u00a07kq2 m9"]
)
def test_forgiving(typed: str) -> None:
    assert read_ref(typed) == "F-7KQ2-M9"


def test_prefix_may_be_left_out_where_it_is_known() -> None:
    assert read_ref("7kq2 m9", prefix="F") == "F-7KQ2-M9"
    with pytest.raises(BadReference):
        read_ref("7kq2 m9")


def test_other_kind_is_named() -> None:
    with pytest.raises(BadReference, match="of a family; the reference of a contact starts C-"):
        read_ref("F-7KQ2-M9", prefix="C")


@pytest.mark.parametrize(
    "typed", ["", "F", "F-7KQ2-M", "F-7KQ2-M99", "X-7KQ2-M9", "F-7KQO-M9", "F-７KQ2-M9", "F-7KQ2-M9'"]
)
def test_refused(typed: str) -> None:
    with pytest.raises(BadReference) as refused:
        read_ref(typed)
    assert str(refused.value).endswith(".")


@given(references)
def test_round_trip(ref: str) -> None:
    assert read_ref(compact(ref).lower(), prefix=ref[0]) == ref


@given(references)
def test_every_single_wrong_character_is_caught(ref: str) -> None:
    typed = compact(ref)
    for place, right in enumerate(typed):
        for wrong in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789":
            if wrong != right:
                with pytest.raises(BadReference):
                    read_ref(typed[:place] + wrong + typed[place + 1 :])


@given(references)
def test_every_swap_of_neighbours_is_caught(ref: str) -> None:
    typed = compact(ref)
    for place in range(len(typed) - 1):
        swapped = typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]
        if swapped != typed:
            with pytest.raises(BadReference):
                read_ref(swapped)


def test_references_by_number_are_real_ones_and_no_two_alike():
    for prefix in ("C", "N"):
        drawn = [nth_ref(prefix, number) for number in range(5000)]
        assert len(set(drawn)) == len(drawn)
        assert [read_ref(ref, prefix) for ref in drawn] == drawn
    assert sorted(drawn[:50]) != drawn[:50]


def test_hints_show_references_that_can_exist():
    assert example("F") == "F-7KQ2-M9"
    for prefix in KINDS:
        assert read_ref(example(prefix), prefix) == example(prefix)
