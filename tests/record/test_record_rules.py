"""Where a genogram's symbols lie, and what a safety rule asks."""

from __future__ import annotations

from datetime import date, timedelta

from tafcore.record import rules
from tafcore.record.genogram import Somebody, draw

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
    drawing = draw(people, [(1, 2, "mother"), (3, 1, "mother"), (1, 4, "mother")])
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
    drawing = draw(people, [(1, 5, "mother"), (2, 5, "father"), (1, 2, "ex_partner"), (3, 1, "partner")])
    places = [(one.x, one.y) for one in drawing.symbols]
    assert len(set(places)) == 12
    assert all(0 < x < drawing.width and 0 < y < drawing.height for x, y in places)


def test_a_circle_of_parents_is_drawn_all_the_same() -> None:
    people = [somebody(1, "A"), somebody(2, "B")]
    assert len(draw(people, [(1, 2, "mother"), (2, 1, "mother")]).symbols) == 2


def test_former_partners_are_joined_by_another_line() -> None:
    drawing = draw([somebody(1, "A"), somebody(2, "B")], [(1, 2, "ex_partner")])
    assert [line.kind for line in drawing.lines] == ["former"]


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
