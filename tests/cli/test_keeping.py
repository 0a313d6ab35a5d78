"""Backups, and proof that the trail was not touched."""

import pytest
from sqlalchemy import update

from tafcore.actor import WORKER
from tafcore.db import session, writing
from tafcore.testing import on_postgresql
from tafcore.trail.models import TrailEntry
from tafcore.vocabulary import Event, Subject
from tafcore.work import publish

pytestmark = pytest.mark.usefixtures("one_half_year")


class Noted(Event):
    kind = "tests.noted"


@pytest.fixture
def noted(app):
    with app.app_context(), writing():
        for number in range(3):
            publish(Noted(actor=WORKER, subject=Subject("test", number), line=f"Note {number}"))


def test_the_worker_seals_and_the_chain_holds(run, noted):
    assert "0 seals, 3 entries and 0 openings not sealed yet, 0 breaks." in run("trail", "verify").output
    assert run("work", "--once").exit_code == 0
    proven = run("trail", "verify")
    assert proven.exit_code == 0 and "1 seals, 0 entries and 0 openings not sealed yet, 0 breaks." in proven.output


def test_a_changed_entry_breaks_it(run, noted, app):
    run("work", "--once")
    with app.app_context(), writing():
        session.execute(update(TrailEntry).where(TrailEntry.subject_id == 1).values(actor_label="Somebody else"))
    broken = run("trail", "verify")
    assert broken.exit_code == 1 and "not as they were sealed" in broken.output


def test_a_backup_brings_back_what_was(run, tmp_path, app, make):
    file = tmp_path / "monday.sqlite"
    make.organisation(name="Before")
    made = run("backup", file)
    if on_postgresql():
        assert made.exit_code == 1 and "pg_dump" in made.output
        return
    assert made.exit_code == 0 and file.stat().st_mode & 0o777 == 0o600
    assert run("backup", file).exit_code == 2
    make.user(name="After")
    assert "After" in run("user", "list").output
    assert run("restore", file, typed="n\n").exit_code == 1
    restored = run("restore", file, "--yes")
    assert restored.exit_code == 0, restored.output
    assert "After" not in run("user", "list").output
    assert list(tmp_path.glob("tafcore.sqlite.before-restore-*"))


def test_what_is_no_backup_is_refused(run, tmp_path):
    if on_postgresql():
        return
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam")
    refused = run("restore", file, "--yes")
    assert refused.exit_code == 1 and "is not a backup of tafcore" in refused.output


def test_reports_of_what_did_not_arrive_are_handed_over(run, tmp_path):
    file = tmp_path / "mail.eml"
    file.write_text("Subject: Out of office\n\nBack on Monday\n")
    done = run("bounces", file)
    assert (done.exit_code, done.output) == (0, "1 mail read, 0 new reports\n")
    assert run("bounces", tmp_path / "none").exit_code == 2
