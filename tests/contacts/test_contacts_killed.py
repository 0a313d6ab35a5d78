"""A contact that was acknowledged is there, and a row of a file is one contact, however the process ended."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killed.py")


@pytest.mark.parametrize("way", ["register", "import"])
@pytest.mark.parametrize("kills", [6, pytest.param(100, marks=pytest.mark.soak)])
def test_a_killed_process_loses_no_contact_and_makes_none_twice(database_url, way, kills, tmp_path, monkeypatch):
    monkeypatch.setenv("TAFCORE_INSTANCE", str(tmp_path))
    done = subprocess.run(
        [sys.executable, SCRIPT, way, database_url, str(kills)],
        capture_output=True,
        text=True,
        timeout=300 + 30 * kills,
    )
    assert done.returncode == 0, done.stderr
    counted, *wrong = done.stdout.split()
    assert int(counted) >= kills
    assert wrong == []
