"""What the hold screen called saved is there, however the process ended; a meeting is recorded as a whole or not."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.soak)])
def test_a_killed_process_loses_nothing_it_called_saved(borough, database_url, kills, tmp_path, monkeypatch):
    monkeypatch.setenv("TAFCORE_INSTANCE", str(tmp_path))
    told = [database_url, str(kills), borough.family.ref, str(borough.lead.id)]
    script = [sys.executable, "-m", "tests.meetings.killed", *told]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=300 + 30 * kills)
    assert done.returncode == 0, done.stderr
    acknowledged, *wrong = done.stdout.split()
    assert int(acknowledged) >= kills
    assert wrong == []
