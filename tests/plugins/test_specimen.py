"""A plugin from outside: installed, migrated, used, uninstalled, removed, in an environment of its own."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tafcore.config import ensure_instance

ROOT = Path(__file__).parents[2]
SPECIMEN = Path(__file__).parent / "specimen"
OFFLINE = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet")

COMMANDS = """
import json, sys
from click.testing import CliRunner
from tafcore.cli import main

answers = [CliRunner().invoke(main, command.split()) for command in json.loads(sys.argv[1])]
print(json.dumps([[answer.exit_code, answer.output] for answer in answers]))
"""


class Outside:
    """An environment that has what this one has, migrated, and where the specimen can come and go."""

    def __init__(self, folder: Path, migrated: Path) -> None:
        self.folder = folder
        self.database = folder / "instance" / "tafcore.sqlite"
        ensure_instance(self.database.parent)
        self.database.touch(0o600)
        shutil.copyfile(migrated, self.database)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
        self.python = folder / "venv" / "bin" / "python"
        places = [sysconfig.get_path("purelib"), ROOT / "src", ROOT / "plugins"]
        (site,) = (folder / "venv").glob("lib/python*/site-packages")
        (site / "borrowed.pth").write_text("\n".join(map(str, places)))

    def run(self, *arguments, cwd=None):
        """Run Python; gives what it printed. The installation is an embedded database in a folder of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TAFCORE_", "PYTEST_"))}
        environment = {**kept, "TAFCORE_INSTANCE": str(self.database.parent)}
        command = [self.python, *arguments]
        ran = subprocess.run(command, env=environment, cwd=cwd or self.folder, capture_output=True, text=True)
        assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def tafcore(self, *commands):
        """Exit code and output of each command of `tafcore`, one after the other in one process."""
        return json.loads(self.run("-c", COMMANDS, json.dumps(commands)).splitlines()[-1])

    def install(self):
        source = self.folder / "source"
        shutil.copytree(SPECIMEN, source, dirs_exist_ok=True)
        self._pip("install", *OFFLINE, source)

    def uninstall(self):
        self._pip("uninstall", "--yes", "--quiet", "taf-specimen")

    def _pip(self, *command):
        pip = [sys.executable, "-m", "pip", "--python", self.python, *command]
        ran = subprocess.run(pip, cwd=self.folder, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr

    def query(self, statement):
        database = sqlite3.connect(self.database)
        try:
            return database.execute(statement).fetchall()
        finally:
            database.commit()
            database.close()

    def tables(self):
        return {
            name for (name,) in self.query("SELECT name FROM sqlite_master WHERE type = 'table'") if "specimen" in name
        }


@pytest.fixture
def outside(tmp_path, migrated_database):
    return Outside(tmp_path, migrated_database)


def test_a_plugin_from_outside_comes_and_goes(outside):
    tables = {"specimen_pet", "alembic_version_specimen"}
    outside.install()
    answers = outside.tafcore("plugins", "plugins check taf_specimen", "db upgrade", "db check")
    assert [code for code, _ in answers] == [0, 0, 0, 0], answers
    assert "specimen  " in answers[0][1]
    assert outside.tables() == tables
    outside.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "check_specimen.py", cwd=outside.folder / "source")
    outside.query("INSERT INTO specimen_pet (family_id, kind, name) VALUES (1, 'dog', 'Biscuit')")

    outside.uninstall()
    answers = outside.tafcore("plugins", "db upgrade", "db check", "db remove specimen --yes")
    assert [code for code, _ in answers] == [0, 0, 0, 2], answers
    assert "specimen" not in answers[0][1]
    assert outside.tables() == tables, "what is only uninstalled is left alone"

    outside.install()
    assert outside.query("SELECT kind, name FROM specimen_pet") == [("dog", "Biscuit")]
    answers = outside.tafcore("db check", "db remove specimen --yes")
    assert [code for code, _ in answers] == [0, 0], answers
    assert outside.tables() == set()
