"""Rules of asking those who know a child."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tafcore.assessments import asking_rules as rules
from tafcore.assessments import questions, sections
from tafcore.assessments.commands import AnswerPart

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def asked(**more):
    plain = dict.fromkeys(("opened_at", "failed_at", "recalled_at", "answered_at"))
    return SimpleNamespace(
        **{"due_at": NOW + timedelta(days=1), "expires_at": NOW + timedelta(days=9), **plain, **more}
    )


@pytest.mark.parametrize(
    ("more", "spoken_of", "state"),
    [
        ({}, 0, "waiting"),
        ({"failed_at": NOW}, 0, "failed"),
        ({"opened_at": NOW, "failed_at": NOW}, 0, "opened"),
        ({"due_at": NOW - timedelta(days=1)}, 0, "late"),
        ({"due_at": NOW - timedelta(days=1)}, 1, "part"),
        ({"recalled_at": NOW}, 1, "recalled"),
        ({"answered_at": NOW, "recalled_at": NOW}, 2, "answered"),
    ],
)
def test_how_an_ask_stands(more, spoken_of, state):
    assert rules.state(asked(**more), spoken_of, NOW) == state


def test_a_link_runs_out_with_a_day_of_grace_for_an_open_form_and_never_opens_once_recalled():
    late = asked(expires_at=NOW - timedelta(hours=1))
    assert not rules.link_opens(late, NOW, sending=False)
    assert not rules.link_opens(late, NOW, sending=True)
    late.opened_at = NOW - timedelta(hours=2)
    assert rules.link_opens(late, NOW, sending=True) and not rules.link_opens(late, NOW, sending=False)
    assert not rules.link_opens(asked(recalled_at=NOW), NOW, sending=False)


def problems(*parts, left=(0,), reads="yes", why=None):
    return {(one.field, one.message) for one in rules.whole_answer(parts, left, reads, why)}


def fields(*parts, **how):
    return {field for field, _ in problems(*parts, **how)}


def test_an_answer_says_something_of_every_child_and_who_may_read_it():
    yes = AnswerPart(child=0, reply="answer", words=("Often here", "", ""))
    assert not problems(yes)
    assert fields(AnswerPart(child=0)) == {"children.0.reply"}
    assert fields(AnswerPart(child=0, reply="answer", words=("", " ", ""))) == {"children.0.first"}
    assert fields(AnswerPart(child=0, reply="cannot")) == {"children.0.why"}
    assert not problems(AnswerPart(child=0, reply="cannot", why="New here"), reads="")
    assert not problems(AnswerPart(child=0, reply="unknown"), reads=""), "I do not know this child is an answer"
    assert fields(yes, reads="") == {"family_reads"}
    assert fields(yes, reads="no") == {"withheld_why"}
    assert not problems(yes, reads="no", why="They fear the landlord")


def test_words_without_a_choice_are_never_dropped_in_silence():
    assert fields(AnswerPart(child=0, words=("Typed", "", "")), left=()) == {"children.0.reply"}
    assert problems(AnswerPart(child=0), left=()) == {("", "Write what you want to add")}


def test_who_is_asked_is_said_whole():
    nobody = SimpleNamespace(name=None, organisation=None, sector=None, email=None)
    half = SimpleNamespace(name="T. Smith", organisation=None, sector=None, email=None)
    assert {one.field for one in rules.whole_request((), (), nobody)} == {"children", "members"}
    assert {one.field for one in rules.whole_request(("P",), (1,), half)} == {"organisation", "sector"}
    assert rules.whole_request(("P",), (1,), nobody) == []


def test_what_a_child_said_of_their_own_counts_beside_the_family():
    assert not rules.not_shared("school", [{"school"}, None], needs_place=True)
    assert rules.not_shared("school", [{"school"}, set()], needs_place=True)
    assert rules.not_shared("school", [set()], needs_place=True)
    assert not rules.not_shared("council", [set()], needs_place=False)


def test_every_sector_has_three_questions_that_stand_beside_a_section(app):
    with app.app_context():
        everybody = questions.by_sector(questions.hooks.sector_questions())
        assert {"school", "health_visiting", "vcs", "housing", ""} <= everybody.keys()
        for sector in everybody:
            asked = questions.of_sector(sector)
            assert len(asked) == 3 and any("{child}" in words for _, words in asked)
            assert all(section in sections.CHILD | sections.FAMILY | sections.SIGNS for section, _ in asked)
        assert questions.of_sector("sport") == questions.of_sector(""), "who has none of their own hears plain ones"


def test_a_sectors_own_questions_count_before_the_plain_ones(app):
    with app.app_context():
        assert "at school" in questions.of_sector("school")[0][1]
    own = questions.SectorQuestions("housing", (("housing", "A {child}?"), ("money", "B?"), ("housing", "C?")))
    assert questions.by_sector([own, *questions.DEFAULTS])["housing"] is own
