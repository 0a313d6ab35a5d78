"""Term dates: which holiday a day lies in, which is near, and which cannot be."""

from datetime import date

from tafcore.standards import terms
from tafcore.standards.terms import Holiday

CHRISTMAS = Holiday(1, "Christmas holidays", date(2026, 12, 21), date(2027, 1, 1), "")
EASTER = Holiday(2, "Easter holidays", date(2027, 3, 26), date(2027, 4, 9), "")
KNOWN = (CHRISTMAS, EASTER)


def test_both_ends_of_a_holiday_lie_in_it():
    found = [
        terms.on(KNOWN, date(2026, 12, 20)),
        terms.on(KNOWN, date(2026, 12, 21)),
        terms.on(KNOWN, date(2027, 1, 1)),
    ]
    assert found == [None, CHRISTMAS, CHRISTMAS]


def test_a_holiday_is_near_for_four_weeks_and_while_it_lasts():
    days = (date(2026, 11, 22), date(2026, 11, 23), date(2027, 1, 1), date(2027, 1, 2))
    assert [terms.near(KNOWN, day) for day in days] == [None, CHRISTMAS, CHRISTMAS, None]


def test_a_holiday_lies_in_no_other_and_is_no_longer_than_a_summer():
    assert terms.may_be(date(2027, 2, 15), date(2027, 2, 19), KNOWN) == []
    wrong = [
        (date(2027, 2, 19), date(2027, 2, 15), "last"),
        (date(2027, 7, 20), date(2028, 7, 20), "last"),
        (date(2027, 1, 1), date(2027, 1, 4), "first"),
        (date(2027, 3, 1), date(2027, 3, 26), "first"),
    ]
    for first, last, field in wrong:
        assert [problem.field for problem in terms.may_be(first, last, KNOWN)] == [field]


def test_the_defaults_overlap_nowhere():
    known: list[Holiday] = []
    for name, first, last in terms.DEFAULTS:
        assert terms.may_be(first, last, known) == []
        known.append(Holiday(len(known), name, first, last, ""))
