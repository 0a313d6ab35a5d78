"""No small count can be worked out from what the Board is shown."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafcore.contributions import Count
from tafcore.outcomes import periods, rules

counts = st.integers(0, 40)
plain_tables = st.dictionaries(st.sampled_from("abcdefg"), counts, min_size=1)


def shares(whole: int) -> st.SearchStrategy[Count]:
    return st.integers(0, whole).map(lambda part: Count(part, whole))


tables = st.dictionaries(st.sampled_from("abcdef"), counts.flatmap(shares), min_size=1)


@given(plain_tables)
def test_no_small_count_is_shown(table: Mapping[str, int]) -> None:
    hidden = rules.hidden_groups({name: (number,) for name, number in table.items()})
    assert all(name in hidden for name, number in table.items() if rules.small(number))


def could_be(left_out: list[int]) -> list[set[int]]:
    """For each number left out, what it might be for somebody who knows only the sum of them all."""
    total = sum(left_out)
    found = [values for values in product(range(total + 1), repeat=len(left_out)) if sum(values) == total]
    return [set(column) for column in zip(*found, strict=True)]


@given(st.lists(st.integers(0, 7), min_size=2, max_size=4))
def test_what_is_left_out_cannot_be_worked_out_by_trying_everything(row: list[int]) -> None:
    if rules.small(sum(row)):
        return  # the total itself is left out, and the table with it
    table = {str(at): (number,) for at, number in enumerate(row)}
    left_out = [table[name][0] for name in sorted(rules.hidden_groups(table))]
    for number, possible in zip(left_out, could_be(left_out), strict=True):
        if rules.small(number):
            assert len(possible) > 1 and max(possible) >= rules.THRESHOLD


@given(tables)
def test_parts_and_rests_stay_hidden_from_those_who_know_the_totals(table: Mapping[str, Count]) -> None:
    rows = {name: rules.numbers(count) for name, count in table.items()}
    totals = [sum(column) for column in zip(*rows.values(), strict=True)]
    if any(rules.small(total) for total in totals):
        return
    hidden = rules.hidden_groups(rows)
    for column in range(3):
        known_sum = totals[column] - sum(row[column] for name, row in rows.items() if name not in hidden)
        for name in hidden:
            if rules.small(rows[name][column]):
                assert known_sum >= rules.THRESHOLD, "the sum of what is left out would tell"
                assert len(hidden) > 1


@given(tables, st.data())
def test_figures_over_the_same_families_leave_out_the_same_groups(
    table: Mapping[str, Count], data: st.DataObject
) -> None:
    other = {name: data.draw(shares(count.whole or 0)) for name, count in table.items()}
    hidden = rules.hidden_in({"lead": table, "family": other})
    if any(count.whole for count in table.values()):
        assert hidden["lead"] == hidden["family"]
    for key, shown in (("lead", table), ("family", other)):
        assert all(name in hidden[key] for name, one in shown.items() if any(map(rules.small, rules.numbers(one))))


def test_figures_over_others_are_left_alone() -> None:
    tables = {
        "a": {"x": Count(3, 20), "y": Count(10, 30), "z": Count(9, 40)},
        "b": {"x": Count(10, 21), "y": Count(10, 31), "z": Count(9, 41)},
    }
    assert rules.hidden_in(tables) == {"a": {"x", "y"}, "b": frozenset()}


def test_a_single_small_group_takes_the_smallest_other_with_it() -> None:
    assert rules.hidden_groups({"a": (2,), "b": (9,), "c": (80,), "d": (0,)}) == {"a", "b"}
    assert rules.hidden_groups({"a": (2,), "b": (3,), "c": (80,)}) == {"a", "b"}
    assert rules.hidden_groups({"a": (1,), "b": (1,), "c": (80,)}) == {"a", "b", "c"}
    assert rules.hidden_groups({"a": (0,), "b": (5,)}) == frozenset()


def test_a_count_is_hidden_where_its_rest_is_small() -> None:
    assert rules.published("", Count(208, 212)).suppressed
    assert rules.published("", Count(4)).words == "suppressed"
    assert rules.published("", Count(0, 212)).words == "0 of 212 (0 %)"
    assert rules.published("", Count(148, 212)).words == "148 of 212 (70 %)"
    assert rules.published("", Count(0, 0)).words == "none"
    assert rules.published("", Count(1212)).words == "1,212"


@given(st.lists(counts, min_size=1, max_size=7))
def test_stages_of_a_funnel_do_not_tell_how_few_were_lost(found: list[int]) -> None:
    stages = sorted(found, reverse=True)
    shown = [count for count, fine in zip(stages, rules.shown_stages(stages), strict=True) if fine]
    assert not any(map(rules.small, shown))
    assert not any(rules.small(earlier - later) for earlier, later in pairwise(shown))


@given(st.dates(date(2001, 1, 1), date(2200, 1, 1)))
def test_half_years_cover_every_day_once(day: date) -> None:
    half = periods.HalfYear.holding(day)
    assert half.first <= day <= half.last
    assert half.next.before == half
    assert (half.next.first - half.last).days == 1
    assert periods.HalfYear.named(half.key) == half


@pytest.mark.parametrize("key", ["", "2026", "2026-05", "2026-04-01", "x", "0001-04", "2026-13"])
def test_other_periods_have_no_name(key: str) -> None:
    assert periods.HalfYear.named(key) is None


def test_the_default_is_the_last_full_half_year() -> None:
    half = periods.last_full(date(2026, 10, 14))
    assert (half.first, half.last, half.words) == (date(2026, 4, 1), date(2026, 9, 30), "April to September 2026")
    assert periods.last_full(date(2026, 9, 30)).words == "October 2025 to March 2026"
    assert [one.key for one in periods.past(half, 3)] == ["2025-04", "2025-10", "2026-04"]
    assert periods.period_words(date(2026, 1, 2), date(2026, 1, 9)) == "2 January 2026 to 9 January 2026"


@given(st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_range_holds_the_share(count: tuple[int, int]) -> None:
    part, whole = count
    low, high = rules.interval(part, whole)
    assert 0 <= low <= 100 * part / whole <= high <= 100


def test_a_gap_is_only_said_where_chance_does_not_explain_it() -> None:
    everybody = rules.published("", Count(700, 1000))
    assert rules.gap_words(rules.published("a", Count(68, 100)), everybody) == "no clear difference"
    assert rules.gap_words(rules.published("b", Count(40, 100)), everybody).startswith("30 points below everybody")
    assert rules.gap_words(rules.published("c", Count(2, 100)), everybody) == ""


def test_trends_are_told_from_chance() -> None:
    assert "not yet" in rules.trend_words([None, 70])
    assert "too few" in rules.trend_words([60, 65, 70])
    assert "no sign of a change" in rules.trend_words([60, 62, 61, 63, 60, 62])
    assert "something has changed" in rules.trend_words([60, 60, 61, 60, 60, 61, 60, 61, 60, 95])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_spreadsheets_run_nothing(text: str) -> None:
    assert rules.safe_cell(text) == f"'{text}"
    assert rules.safe_cell("Harrow") == "Harrow"
    assert rules.safe_cell(None) == ""
