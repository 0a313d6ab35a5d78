"""Where a genogram's symbols lie, and what a safety rule asks."""

from __future__ import annotations

from datetime import date, timedelta

from tafcore.people.rules import PARENTS
from tafcore.record import kin, rules
from tafcore.record.genogram import Somebody, Tie, draw

TODAY = date(2026, 11, 20)


def somebody(number: int, name: str, child: bool = False, sex: str | None = "F") -> Somebody:
    return Somebody(number, name, "", sex, child, False)


def test_generations_lie_in_rows_the_oldest_on_top() -> None:
    people = [
        somebody(1, "Mother"),
        somebody(2, "Jack", True, "M"),
        somebody(3, "Nan"),
        somebody(4, "Baby", True, None),
    ]
    drawing = draw(people, [Tie(1, 2, "mother"), Tie(3, 1, "mother"), Tie(1, 4, "mother")])
    rows = {one.name: one.y for one in drawing.symbols}
    assert rows["Nan"] < rows["Mother"] < rows["Jack"] == rows["Baby"]
    assert {one.name: one.shape for one in drawing.symbols} == {
        "Mother": "circle",
        "Jack": "square",
        "Nan": "circle",
        "Baby": "diamond",
    }
    assert [line.kind for line in drawing.lines] == ["parent"] * 3


def test_no_two_symbols_share_a_place_and_all_lie_inside() -> None:
    people = [somebody(number, f"P{number}", number > 3) for number in range(12)]
    drawing = draw(people, [Tie(1, 5, "mother"), Tie(2, 5, "father"), Tie(1, 2, "ex_partner"), Tie(3, 1, "partner")])
    places = [(one.x, one.y) for one in drawing.symbols]
    assert len(set(places)) == 12
    assert all(0 < x < drawing.width and 0 < y < drawing.height for x, y in places)


def test_a_circle_of_parents_is_drawn_all_the_same() -> None:
    people = [somebody(1, "A"), somebody(2, "B")]
    assert len(draw(people, [Tie(1, 2, "mother"), Tie(2, 1, "mother")]).symbols) == 2


def test_what_has_ended_between_partners_is_dashed_and_struck_through() -> None:
    two = [somebody(1, "A"), somebody(2, "B")]
    for former in ([Tie(1, 2, "ex_partner")], [Tie(1, 2, "partner", True)]):
        assert [line.kind for line in draw(two, former).lines] == ["former", "stroke"]
    told_twice = [Tie(1, 2, "ex_partner"), Tie(2, 1, "ex_partner")]
    assert len(draw(two, told_twice).lines) == 2
    again = [Tie(1, 2, "partner", True), Tie(1, 2, "partner")]
    assert [line.kind for line in draw(two, again).lines] == ["partner"], "they are together again"


def test_a_carer_who_has_changed_is_drawn_beside_the_one_who_is_there() -> None:
    people = [somebody(1, "First carer"), somebody(2, "Second carer"), somebody(3, "Jack", True)]
    drawing = draw(people, [Tie(1, 3, "foster_carer", True), Tie(2, 3, "foster_carer")])
    assert [line.kind for line in drawing.lines] == ["ended", "parent"]
    assert {one.name: one.y for one in drawing.symbols}["First carer"] < drawing.symbols[-1].y


def test_every_relationship_is_told_from_either_side() -> None:
    assert (kin.words("mother"), kin.words_back("mother")) == ("Mother", "Child")
    assert (kin.words("grandparent"), kin.words_back("grandparent")) == ("Grandparent", "Grandchild")
    assert kin.words("sibling") == kin.words_back("sibling") == "Brother or sister"
    assert kin.words("half_sibling", unborn=True) == "Unborn half-brother or half-sister"
    assert kin.words_back("mother", unborn=True) == "Unborn child" and kin.words("partner", True) == "Partner"
    assert kin.words("great_aunt") == kin.words_back("great_aunt") == "Great aunt", "as another system brought it"
    assert all(kin.known(one) for one in (*kin.RELATIONS, *kin.told_from_the_other_side()))
    assert not kin.known("of_sibling") and not kin.known("friend") and not kin.known("")
    assert kin.FROM_THE_OTHER.keys() >= PARENTS and not kin.FROM_THE_OTHER.keys() & (kin.PAIRS | kin.SIBLINGS)


def test_why_two_people_cannot_be_related_like_this() -> None:
    def fields(*asked) -> list[str]:
        return [one.field for one in kin.to_relate(*asked, today=TODAY)]

    assert fields("mother", None, True, []) == fields("mother", TODAY, None, ["sibling"]) == []
    assert fields("mother", None, None, ["mother"]) == ["kind"]
    assert fields("ex_partner", None, None, ["partner"]) == ["kind"]
    assert fields("partner", TODAY + timedelta(days=1), True, []) == ["responsibility", "since"]


def test_a_relationship_ends_on_a_day_that_can_be() -> None:
    def faults(since, until, mistake=False) -> list[str]:
        return [one.field for one in kin.to_end(since, until, mistake, TODAY)]

    before, after = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    assert faults(None, TODAY) == faults(before, TODAY) == faults(TODAY, TODAY) == []
    assert faults(None, None) == faults(None, after) == faults(TODAY, before) == ["until"]
    assert faults(TODAY, None, mistake=True) == faults(TODAY, after, mistake=True) == []


def test_an_unborn_child_is_a_triangle_and_nobody_is_an_empty_picture() -> None:
    assert draw([Somebody(1, "Baby", "due", None, True, True)], []).symbols[0].shape == "triangle"
    assert draw([], []).symbols == ()


def test_a_safety_rule_is_whole() -> None:
    soon = TODAY + timedelta(days=90)
    assert rules.safe_rule("P-1", "P-2", ("address",), soon, TODAY) == []
    assert [one.field for one in rules.safe_rule("P-1", "P-1", (), soon, TODAY)] == ["danger", "facts"]
    assert [one.field for one in rules.safe_rule("P-1", "P-2", ("shoe size",), soon, TODAY)] == ["facts"]
    for wrong in (TODAY, TODAY + timedelta(days=400)):
        assert [one.field for one in rules.safe_rule("P-1", "P-2", ("address",), wrong, TODAY)] == ["review_on"]


def test_categories_of_events() -> None:
    assert rules.category_of("meetings.held") == "meetings"
    assert rules.category_of("episodes.note_written") == "notes"
