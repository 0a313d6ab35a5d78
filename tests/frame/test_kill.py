"""What was acknowledged is there, however the process ended."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killed.py")


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.soak)])
def test_a_killed_process_loses_no_acknowledged_write(database_url, kills, tmp_path, monkeypatch):
    monkeypatch.setenv("TAFCORE_INSTANCE", str(tmp_path))
    done = subprocess.run(
        [sys.executable, SCRIPT, database_url, str(kills)], capture_output=True, text=True, timeout=300 + 15 * kills
    )
    assert done.returncode == 0, done.stderr
    acknowledged, *lost = done.stdout.split()
    assert int(acknowledged) >= kills
    assert lost == []
