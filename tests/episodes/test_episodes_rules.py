"""Pure rules of an episode."""

import pytest

from tafcore.episodes import rules


@pytest.mark.parametrize(
    ("state", "to", "allowed"),
    [
        ("open", "closing", True),
        ("open", "closed", True),
        ("closing", "open", True),
        ("closed", "open", True),
        ("closed", "closing", False),
        ("open", "open", False),
    ],
)
def test_states(state, to, allowed):
    assert (rules.may_move(state, to) == []) is allowed


def test_the_cover_is_named_and_somebody_else():
    assert [problem.field for problem in rules.covers(1, None)] == ["cover"]
    assert [problem.field for problem in rules.covers(1, 1)] == ["cover"]
    assert rules.covers(1, 2) == []
