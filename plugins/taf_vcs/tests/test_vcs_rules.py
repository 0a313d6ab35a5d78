"""Words and rules of offers and requests."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from taf_vcs import rules

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2026, 11, 20), "since today"),
        (date(2026, 11, 19), "1 day"),
        (date(2026, 11, 6), "14 days"),
        (date(2026, 10, 9), "6 weeks"),
    ],
)
def test_a_wait_is_said_in_words(since, words):
    assert rules.waited(since, date(2026, 11, 20)) == words


@pytest.mark.parametrize(
    ("youngest", "oldest", "words"),
    [(11, 18, "11 to 18"), (5, None, "from 5"), (None, 4, "up to 4"), (None, None, "any age"), (0, 1, "0 to 1")],
)
def test_ages(youngest, oldest, words):
    assert rules.ages(youngest, oldest) == words


@pytest.mark.parametrize(
    ("weeks", "words"), [(None, "not told"), (0, "no wait"), (1, "about 1 week"), (6, "about 6 weeks")]
)
def test_what_an_organisation_says_of_its_wait(weeks, words):
    assert rules.wait_words(weeks) == words


def test_late_is_said_in_working_days_and_of_what_waits_only():
    def late(state, due):
        return rules.late(SimpleNamespace(state=state, answer_due=due), NOW)

    friday = datetime(2026, 11, 13, 23, 59, 59, tzinfo=UTC)
    assert late("asked", friday) == "5 working days late"
    assert late("accepted", friday) == ""
    assert late("asked", datetime(2026, 11, 20, 23, tzinfo=UTC)) == ""


def test_a_no_needs_a_reason_and_a_sentence_and_a_yes_neither():
    def fields(**said):
        asked = SimpleNamespace(**{"accept": True, "reason": None, "words": None, "starts_on": None, **said})
        return [problem.field for problem in rules.answer_problems(asked, NOW.date())]

    assert fields() == []
    assert fields(accept=False) == ["reason", "words"]
    assert fields(accept=False, reason="full", words="None left") == []
    assert fields(starts_on=date(2026, 11, 19)) == ["starts_on"]


def test_ages_in_order():
    assert rules.offer_problems(SimpleNamespace(min_age=5, max_age=4))[0].field == "max_age"
    assert rules.offer_problems(SimpleNamespace(min_age=5, max_age=None)) == []
