"""Named files in and out: every row tried, all or nothing, a report that says where."""

import csv
from datetime import date

import pytest
from sqlalchemy import select

from tafcore import hooks
from tafcore.accounts import service
from tafcore.accounts.models import Organisation
from tafcore.contributions import Export, Import, Problem
from tafcore.db import session
from tafcore.trail.models import TrailEntry
from tafcore.vocabulary import Command, NeededLine
from tafcore.work import Refused

COLUMNS = {"name": "the agency's name", "sector": "one of our sectors", "opened": "a day"}


class AddAgency(Command):
    name: NeededLine
    sector: str
    opened: date | None = None


def add(command: AddAgency, _actor: object) -> None:
    made = service.add_organisation(command.name, command.sector)
    if made.name == "Refused late":
        raise Refused([Problem("Not this one", "name")])


@pytest.fixture(autouse=True)
def agencies(monkeypatch):
    one = Import("agencies", "Agencies", COLUMNS, AddAgency.model_validate, add)
    monkeypatch.setattr(hooks, "imports", lambda: [one])


@pytest.fixture
def names(app):
    def stored() -> list[str]:
        with app.app_context():
            return sorted(session.scalars(select(Organisation.name)))

    return stored


@pytest.fixture
def csv_file(tmp_path):
    def write(*rows: str, encoding: str = "utf-8") -> str:
        file = tmp_path / "agencies.csv"
        file.write_text("\r\n".join(["name,sector", *rows]) + "\r\n", encoding=encoding)
        return str(file)

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_good_rows_are_kept_with_or_without_a_byte_order_mark(run, csv_file, names, encoding):
    done = run("import", "agencies", csv_file("Élan,vcs", "", '"Oak, Ash",school', encoding=encoding))
    assert done.exit_code == 0, done.output
    assert "2 rows read, 0 refused, 2 kept." in done.output
    assert names() == ["Oak, Ash", "Élan"]


def test_one_bad_row_keeps_all_out_and_says_where(run, csv_file, names):
    done = run("import", "agencies", csv_file("Good,vcs", ",vcs", "Other,circus"))
    assert done.exit_code == 1
    assert "Row 3, name: Enter some words" in done.output
    assert "3 rows read, 1 refused, 0 kept." in done.output
    assert names() == []


def test_a_row_the_service_refuses_keeps_all_out_too(run, csv_file, names):
    done = run("import", "agencies", csv_file("Good,vcs", "Odd,circus", "Refused late,vcs"))
    assert "Row 3, sector: There is no sector circus" in done.output
    assert "Row 4, name: Not this one" in done.output
    assert names() == []


def test_accept_good_keeps_the_good_and_nothing_of_the_refused(run, csv_file, names):
    done = run("import", "agencies", csv_file("Good,vcs", "Refused late,vcs", ",vcs", "Last,vcs"), "--accept-good")
    assert done.exit_code == 1
    assert "4 rows read, 2 refused, 2 kept." in done.output
    assert names() == ["Good", "Last"]


def test_a_dry_run_finds_every_fault_and_keeps_nothing(run, csv_file, names):
    done = run("import", "agencies", csv_file("Good,vcs", ",vcs", "Odd,circus"), "--dry-run")
    assert done.exit_code == 1
    assert "Row 3" in done.output and "Row 4" in done.output and "1 would be kept" in done.output
    assert names() == []


def test_cells_without_a_heading_are_refused(run, csv_file, names):
    done = run("import", "agencies", csv_file("Oak, Ash,vcs"))
    assert done.exit_code == 1 and "more cells than headings" in done.output and names() == []


def test_a_template_has_every_heading_and_can_be_read_again(run, tmp_path):
    made = tmp_path / "empty.csv"
    assert run("import", "agencies", "--template", made).exit_code == 0
    headings = made.read_text("utf-8-sig").strip().split(",")
    shown = run("import", "agencies", "--columns").output
    assert headings and all(f"{one}  " in shown for one in headings)
    assert run("import", "agencies", made, "--dry-run").exit_code == 0


def test_columns_are_documented_by_the_command(run):
    shown = run("import", "agencies", "--columns")
    assert shown.exit_code == 0 and shown.output.splitlines()[0] == "name  the agency's name"


def test_not_such_a_file_is_exit_2(run, csv_file, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("colour\nred\n")
    assert run("import", "agencies", other).exit_code == 2
    assert run("import", "elephants", csv_file("Good,vcs")).exit_code == 2
    assert run("import", "agencies", tmp_path / "missing.csv").exit_code == 2
    wrong = run("import", "agencies", csv_file("Élan,vcs", encoding="windows-1252"), "--encoding", "utf-8")
    assert wrong.exit_code == 2 and "is not utf-8" in wrong.output
    assert run("import", "agencies", csv_file("Good,vcs"), "--columns", "colour=name").exit_code == 2


def test_a_file_of_another_encoding_is_read_and_that_is_said(run, csv_file, names):
    done = run("import", "agencies", csv_file("Élan,vcs", encoding="windows-1252"))
    assert done.exit_code == 0 and "Windows-1252" in done.stderr
    assert names() == ["Élan"]


def test_what_is_wrong_goes_into_a_file_for_whoever_sent_it(run, csv_file, tmp_path):
    report = tmp_path / "report.csv"
    assert run("import", "agencies", csv_file(",vcs"), "--report", report).exit_code == 1
    assert report.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(report.read_text("utf-8-sig").splitlines()))
    assert [(row["Row"], row["Column"], row["What the column takes"]) for row in rows] == [
        ("2", "name", "the agency's name")
    ]


def test_an_export_is_whole_and_private_and_on_record(run, app, tmp_path, monkeypatch):
    asked = {}

    def write(path, options):
        asked.update(options)
        path.write_text("figure\n1\n")
        return 1

    monkeypatch.setattr(hooks, "exports", lambda: [Export("figures", "Figures", "outcomes.see", write)])
    out = tmp_path / "figures.csv"
    done = run("export", "figures", out, "--as-at", "2026-11-20")
    assert done.exit_code == 0 and "has 1 rows" in done.output
    assert out.read_text() == "figure\n1\n" and out.stat().st_mode & 0o777 == 0o600
    assert asked["as_at"] == date(2026, 11, 20)
    with app.app_context():
        entry = session.scalars(select(TrailEntry)).one()
        assert (entry.kind, entry.subject_ref, entry.actor_label) == ("files.exported", "figures", "Export of figures")


def test_an_export_that_fails_leaves_no_half_file(run, tmp_path, monkeypatch):
    def write(path, _options):
        path.write_text("half")
        raise Refused([Problem("A birth lies after the contact")])

    monkeypatch.setattr(hooks, "exports", lambda: [Export("figures", "Figures", "outcomes.see", write)])
    done = run("export", "figures", tmp_path / "figures.csv")
    assert done.exit_code == 1 and "A birth lies after the contact" in done.output
    assert list(tmp_path.glob("*figures*")) == []
