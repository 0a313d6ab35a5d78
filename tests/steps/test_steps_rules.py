"""The state machine of steps, and the rules of closing and follow-up."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace

import pytest

from tafcore.steps import rules

UP_MOVES = {
    ("draft", "sent"),
    ("draft", "withdrawn"),
    ("sent", "received"),
    ("sent", "withdrawn"),
    ("received", "decided"),
    ("received", "returned"),
    ("received", "withdrawn"),
}
DOWN_MOVES = {
    ("proposed", "lead_accepted"),
    ("proposed", "withdrawn"),
    ("lead_accepted", "closed"),
    ("lead_accepted", "withdrawn"),
}
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("direction, allowed", [("up", UP_MOVES), ("down", DOWN_MOVES)])
def test_only_the_next_state_can_follow(direction: str, allowed: set[tuple[str, str]]) -> None:
    for state, to in product(rules.PATHS[direction], rules.STATES):
        problems = rules.may_move(direction, state, to)
        assert (problems == []) is ((state, to) in allowed), f"{direction}: {state} to {to}"


def test_every_refusal_says_what_can_come_next_or_that_it_is_finished() -> None:
    assert "received" not in rules.may_move("up", "draft", "decided")[0].message
    assert "sent to MASH" in rules.may_move("up", "draft", "decided")[0].message
    assert "finished" in rules.may_move("up", "decided", "returned")[0].message
    assert "never" in rules.may_move("down", "proposed", "sent")[0].message


def test_every_state_is_reachable_and_has_words() -> None:
    for direction, path in rules.PATHS.items():
        reached = {rules.FIRST[direction]} | {to for following in path.values() for to in following}
        assert reached == set(path)
        assert set(path) <= set(rules.STATES)


def asked_up(**more: object) -> SimpleNamespace:
    return SimpleNamespace(
        **{
            "immediate_risk": False,
            "risk_words": None,
            "agreement": "agreed",
            "without_why": None,
            "children": ("P-1",),
            **more,
        }
    )


def fields(problems: list[rules.Problem]) -> list[str]:
    return [problem.field for problem in problems]


def test_a_step_up_that_says_all_is_fine() -> None:
    assert rules.problems_of_step_up(asked_up()) == []


def test_immediate_risk_needs_words_and_going_without_agreement_a_reason() -> None:
    asked = asked_up(immediate_risk=True, agreement="without", children=("P-1", "P-1"))
    assert fields(rules.problems_of_step_up(asked)) == ["children", "risk_words", "without_why"]


def test_a_step_down_starts_before_statutory_work_closes() -> None:
    today = date(2026, 11, 20)
    asked = SimpleNamespace(children=("P-1",), closes_on=date(2026, 11, 19), handover_on=date(2026, 11, 20))
    assert fields(rules.problems_of_step_down(asked, today, 1, None)) == ["closes_on", "handover_on"]
    asked = SimpleNamespace(children=("P-1",), closes_on=date(2026, 12, 1), handover_on=None)
    assert rules.problems_of_step_down(asked, today, 1, 1) == []
    assert fields(rules.problems_of_step_down(asked, today, 1, 2)) == ["lead"]


def test_the_first_taf_is_to_come_and_in_time() -> None:
    latest = NOW + timedelta(weeks=4)
    assert rules.problems_of_first_taf(NOW, NOW, latest)
    assert rules.problems_of_first_taf(latest + timedelta(days=1), NOW, latest)
    assert rules.problems_of_first_taf(latest, NOW, latest) == []


def told(need: str, outcome: str | None, family: str | None, evidence: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(need=need, outcome=outcome, family_says=family, evidence=evidence)


def test_outcomes_are_asked_beside_each_need() -> None:
    needs = ["N-1", "N-2", "N-3", "N-4"]
    rows = [
        told("N-1", "met", "met"),
        told("N-2", None, "met"),
        told("N-3", "not_met", None),
        told("N-9", "met", "met"),
    ]
    problems = rules.problems_of_outcomes(needs, rows, "universal")
    assert fields(problems) == [
        "needs.1.outcome",
        "needs.2.family_says",
        "needs.2.evidence",
        "needs.3.outcome",
        "",
    ]
    assert rules.problems_of_outcomes(["N-1"], [], "in_error") == []
    assert rules.problems_of_outcomes(["N-1"], [told("N-1", "not_known", "not_asked", "Moved")], "transferred") == []


def test_nothing_else_may_be_open() -> None:
    problems = rules.problems_of_closing("needs_met", 1, ["S-1"], True, 2)
    assert [problem.message.split(":")[0] for problem in problems] == [
        "S-1 is not finished",
        "A TAF meeting is planned",
        "2 actions are still open",
        "Needs met cannot be the reason while a need is not met",
    ]
    assert rules.problems_of_closing("died", 3, [], False, 4) == []


def test_reopening_has_a_time_and_reasons() -> None:
    assert rules.may_reopen(None, NOW, None)
    assert rules.may_reopen(NOW - timedelta(days=91), NOW, "needs_met")
    assert rules.may_reopen(NOW - timedelta(days=2), NOW, "in_error")
    assert rules.may_reopen(NOW - timedelta(days=90), NOW, "needs_met") == []


def test_a_follow_up_is_done_once_and_not_early() -> None:
    assert rules.may_follow_up(3, NOW, NOW, NOW)
    assert rules.may_follow_up(3, None, NOW + timedelta(seconds=1), NOW)
    assert rules.may_follow_up(3, None, NOW, NOW) == []
