"""Two files laid side by side: absolute scores, damaged values tolerated, strangers apart."""

import csv
from datetime import date

import pytest

from tafcore.cli.pairs import read_day

A = """rec_id, given_name, surname, street_number, address_1, suburb, postcode, date_of_birth, soc_sec_id
 a1, michaela, neumann, 8, stanley street, winston hills, 4223, 19151111, 5304218
 a2, courtney, painter, 12, pinkerton circuit, richlands, 4560, 19161214, 4066625
 a3, charles, green, 38, salkauskas crescent, dapto, 4566, 19480930, 4365168
"""
B = """rec_id, given_name, surname, street_number, address_1, suburb, postcode, date_of_birth, soc_sec_id
 b1, micheala, neumann, 8, stanley st, winston hills, 4223, 1915-11-11, 5304218
 b2, courtney, , 12, pinkerton circuit, richlands, 4560, 14/12/1916, 4066625
 b3, charles, green, , elsewhere road, other, 2000, 19999999, 1111111
"""
COLUMNS = (
    "forename=given_name,surname=surname,born=date_of_birth,postcode=postcode,address=address_1,place=suburb,"
    "identifier=soc_sec_id"
)


@pytest.fixture
def pairs(run, tmp_path):
    def matched(a: str, b: str | None = None, *more: str) -> list[dict[str, str]]:
        first, second, out = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "pairs.csv"
        first.write_text(a)
        second.write_text(b or "")
        files = (first, second if b is not None else first)
        done = run("match", *files, "--columns", COLUMNS, "--id", "rec_id", "--out", out, *more)
        assert done.exit_code == 0, done.output
        with out.open() as lines:
            return list(csv.DictReader(lines))

    return matched


def test_slips_of_the_hand_and_damaged_days_do_not_part_a_person(pairs):
    found = {(row["id_a"], row["id_b"]): row for row in pairs(A, B)}
    assert set(found) == {("a1", "b1"), ("a2", "b2")}
    assert all(float(row["score"]) >= 0.5 and row["why"] for row in found.values())


def test_pairs_below_half_are_written_when_asked_for(pairs):
    rows = {(row["id_a"], row["id_b"]): float(row["score"]) for row in pairs(A, B, "--at-least", "0")}
    assert rows[("a3", "b3")] < 0.5


def test_one_file_against_itself_gives_each_pair_once_and_nobody_with_themselves(pairs):
    twice = A + " a4, micheala, neumann, 8, stanley street, winston hills, 4223, 19151111, 5304218\n"
    assert [(row["id_a"], row["id_b"]) for row in pairs(twice)] == [("a1", "a4")]


def test_a_column_that_is_not_there_is_said(run, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(A)
    out = tmp_path / "out.csv"
    done = run("match", file, file, "--columns", "forename=nickname", "--id", "rec_id", "--out", out)
    assert done.exit_code == 2 and "has no column nickname" in done.output
    done = run("match", file, file, "--columns", "shoe=size", "--id", "rec_id", "--out", out)
    assert done.exit_code == 2 and "the names are forename" in done.output


@pytest.mark.parametrize("text", ["20180504", "2018-05-04", "04/05/2018", " 4/5/2018 ", "2018-05-04T00:00:00"])
def test_days_are_read_in_three_shapes(text):
    assert read_day(text) == date(2018, 5, 4)


@pytest.mark.parametrize("text", ["", "19151331", "31/02/2018", "1915-1x-11", "0000-00-00", "May"])
def test_damaged_days_say_nothing(text):
    assert read_day(text) is None
