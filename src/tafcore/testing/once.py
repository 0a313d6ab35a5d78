"""What every process of a run begins with, made once: by the first that asks, while the others wait. In the folder that
TAFCORE_TEST_KEPT names it stays for the runs that come after."""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class Once:
    """Folders of this run, by name; or, where they are kept, of several."""

    def __init__(self, folder: Path, kept: bool = False) -> None:
        self.folder, self.kept = folder, kept

    @contextmanager
    def made(
        self, name: str, make: Callable[[Path], object], unmake: Callable[[Path], object] = lambda _: None
    ) -> Iterator[Path]:
        """The folder `name`, filled by `make(folder)` unless it is there; the last to be done with it unmakes it."""
        folder, users = self.folder / name, self.folder / f"{name}-users"
        user = users / uuid.uuid4().hex
        with self._alone(name):
            if not folder.exists():
                begun = self.folder / f"{name}-begun"
                shutil.rmtree(begun, ignore_errors=True)  # what a process that failed left behind
                begun.mkdir()
                make(begun)
                begun.rename(folder)
            users.mkdir(exist_ok=True)
            user.touch()
        yield folder
        with self._alone(name):
            user.unlink()
            if not self.kept and not any(users.iterdir()):
                unmake(folder)
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    if kept := os.environ.get("TAFCORE_TEST_KEPT"):
        return Once(Path(kept), kept=True)
    own = tmp_path_factory.getbasetemp()
    return Once(own.parent if own.name.startswith("popen-") else own)
