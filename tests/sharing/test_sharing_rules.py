"""What an answer must hold, and which sectors lose sight of a family."""

from __future__ import annotations

from datetime import date

import pytest

from tafcore.sharing import rules
from tafcore.sharing.commands import RecordAgreement


def asked(**more: object) -> RecordAgreement:
    return RecordAgreement.model_validate({"family": "F-7KQ2-M9", "person": "P-1", "status": "agreed", **more})


def fields(command: RecordAgreement) -> set[str]:
    return {problem.field for problem in rules.whole_answer(None, command)}


def test_an_agreement_says_what_was_told() -> None:
    assert fields(asked(told="That we write it down", scope=("school",))) == set()
    assert fields(asked()) == {"told"}


def test_not_now_keeps_the_door_open() -> None:
    assert fields(asked(status="not_now")) == {"reason", "plan_b", "follow_up_on"}
    whole = {"reason": "Too much at once", "plan_b": "Health visitor calls", "follow_up_on": date(2027, 1, 4)}
    assert fields(asked(status="not_now", **whole)) == set()


@pytest.mark.parametrize("scope", [("council",), ("nowhere",)])
def test_a_scope_is_of_partners_we_know(scope: tuple[str, ...]) -> None:
    assert fields(asked(told="Yes", scope=scope)) == {"scope"}


def test_only_an_agreement_has_a_scope() -> None:
    assert "scope" in fields(asked(status="not_asked", reason="Not safe to ask", scope=("school",)))


def test_a_sector_stays_while_anybody_agrees_to_it() -> None:
    scope = rules.scope_of([("agreed", "school vcs"), ("agreed", "school"), ("withdrawn", "police")])
    assert scope == {"school", "vcs"}
    assert rules.left_scope(scope, frozenset({"school"}), True, True) == {"vcs"}


def test_every_partner_goes_once_nobody_agrees() -> None:
    assert rules.left_scope(frozenset({"vcs"}), frozenset(), True, False) == set(rules.PARTNERS)
    assert "council" not in rules.PARTNERS


def test_who_never_agreed_takes_nothing_away() -> None:
    assert rules.left_scope(frozenset(), frozenset(), False, False) == frozenset()
