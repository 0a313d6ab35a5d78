"""Files as spreadsheets leave them: what was meant is read, and what was lost is said."""

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from tafcore.contributions import Import
from tafcore.imports import headings, sheets

CHOSEN = Import(
    "people",
    "People",
    {"forename": "First name", "born": "Birth", "phone": "Telephone"},
    dict,
    print,
    aliases={"first name": "forename", "date of birth": "born"},
)


def read(tmp_path, content, columns="", encoding=None, name="people.csv"):
    file = tmp_path / name
    file.write_bytes(content)
    return headings.table(sheets.sheets(file, encoding), CHOSEN, headings.given(columns, CHOSEN))


def workbook(*rows, title=None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if title:
        book.create_sheet(title, 0).append(["Read me first"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def values(table):
    return [dict(row.values) for row in table.rows]


def faults(table):
    return {(row.line, problem.field): problem.message for row in table.rows for problem in row.problems}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_letters_come_through_whatever_the_spreadsheet_wrote(tmp_path, encoding):
    assert values(read(tmp_path, "forename\nZoë\n".encode(encoding))) == [{"forename": "Zoë"}]


def test_what_was_assumed_of_the_letters_is_said(tmp_path):
    (tmp_path / "x.csv").write_bytes("forename\nZoë\n".encode("windows-1252"))
    assert "Windows-1252" in sheets.sheets(tmp_path / "x.csv")[0].note


@pytest.mark.parametrize("cell", ["Zo�", "ZoÃ«", "Oâ€™Neill"])
def test_letters_lost_before_are_a_fault_of_their_cell(tmp_path, cell):
    assert faults(read(tmp_path, f"born,forename\n,{cell}\n".encode())) == {(2, "forename"): sheets.LOST}


def test_a_letter_with_a_tilde_is_no_fault(tmp_path):
    assert faults(read(tmp_path, "forename\nÃngela Não\n".encode())) == {}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_separator_is_read(tmp_path, separator):
    content = separator.join(["forename", "phone"]) + "\n" + separator.join(["Ada", "1"]) + "\n"
    assert values(read(tmp_path, content.encode())) == [{"forename": "Ada", "phone": "1"}]


def test_headings_are_known_however_they_are_written_and_others_are_named(tmp_path):
    table = read(tmp_path, b"Contacts of Monday,,\n\nFirst Name:,DATE OF BIRTH,Shoe size\nAda,4/5/2018,3\n")
    assert values(table) == [{"forename": "Ada", "born": "4/5/2018"}] and table.rows[0].line == 4
    assert table.unread == ("Shoe size",)


def test_columns_are_named_by_hand(tmp_path):
    table = read(tmp_path, b"Name,forename\nAda,ignored\n", "forename=Name")
    assert values(table) == [{"forename": "Ada"}]
    for wrong in ("name=Name", "forename", "forename=Nobody"):
        with pytest.raises(sheets.Unreadable):
            read(tmp_path, b"Name,born\nAda,\n", wrong)


def test_two_columns_for_one_are_not_guessed_between(tmp_path):
    with pytest.raises(sheets.Unreadable, match="--columns forename="):
        read(tmp_path, b"First name,forename\nAda,Bea\n")


def test_a_number_kept_as_text_is_text_and_a_shortened_one_is_a_fault(tmp_path):
    table = read(tmp_path, b'forename,phone\nAda,"=""07700900123"""\nBea,7.7009E+09\n')
    assert table.rows[0].values["phone"] == "07700900123"
    assert faults(table) == {(3, "phone"): sheets.SHORTENED}


def test_a_text_that_begins_like_a_formula_is_a_text(tmp_path):
    assert values(read(tmp_path, b'forename\n"=HYPERLINK(""x"")"\n')) == [{"forename": '=HYPERLINK("x")'}]


def test_a_workbook_s_days_numbers_and_empty_rows(tmp_path):
    rows = [
        ["Forename", "Born", "Phone"],
        [],
        ["Ada", datetime(2018, 5, 4), 447700900123.0],
        ["Bea", date(2019, 1, 2), None],
    ]
    table = read(tmp_path, workbook(*rows, title="Guide"), name="people.txt")
    assert values(table) == [
        {"forename": "Ada", "born": "4/5/2018", "phone": "447700900123"},
        {"forename": "Bea", "born": "2/1/2019"},
    ]
    assert [row.line for row in table.rows] == [3, 4]


def test_a_formula_nobody_worked_out_is_a_fault_and_not_an_empty_cell(tmp_path):
    assert faults(read(tmp_path, workbook(["forename", "phone"], ["=A1", "#N/A"]))) == {
        (2, "forename"): sheets.UNWORKED,
        (2, "phone"): sheets.UNWORKED,
    }


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0old", b"colour\nred\n", b"", b"forename\n\x81\x8d"]
)
def test_what_cannot_be_read_is_said(tmp_path, content):
    with pytest.raises(sheets.Unreadable):
        read(tmp_path, content)
