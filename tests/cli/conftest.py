"""An installation of its own for each test, and a way to run commands in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from tafcore import config
from tafcore.cli import main

Run = Callable[..., Result]


@pytest.fixture
def instance(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The instance folder of a migrated installation."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("TAFCORE_INSTANCE", str(folder))
    monkeypatch.setenv("TAFCORE_DATABASE_URL", database_url)
    monkeypatch.setenv("TAFCORE_MODE", "demo")
    config.ensure_instance(folder)
    if (file := tmp_path / "tafcore.sqlite").exists():
        file.chmod(0o600)
    yield folder
    structlog.reset_defaults()  # a command logs to its own standard error, which is closed by now


@pytest.fixture
def run(instance: Path) -> Run:
    """`run("user", "list")` gives the result of that command."""

    def command(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], input=typed)

    return command
