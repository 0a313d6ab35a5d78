"""The three applications behind one and the same server, each in one process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil

from benchmarks.boroughs import ROOT, settings

THREADS = 8
SECONDS_TO_START = 60
SERVERS = {
    "gunicorn": (
        "-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--workers", "1", "--worker-class", "gthread",
        "--threads", str(THREADS), "--log-level", "warning", "--no-control-socket",
    ),
    "granian": (
        "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "--workers", "1",
        "--blocking-threads", str(THREADS), "--log-level", "warning", "--no-ws",
    ),
}  # fmt: skip
"""Both as tafcore would serve: one process here, eight threads."""


@dataclass(frozen=True)
class Running:
    """A server that answers at a port of this machine."""

    port: int
    process: subprocess.Popen[bytes]

    @cached_property
    def worker(self) -> psutil.Process:
        """The process that answers: the largest of the server's."""
        main = psutil.Process(self.process.pid)
        return max([main, *main.children(recursive=True)], key=lambda one: one.memory_info().rss)

    def megabytes(self) -> float:
        """Memory that the process that answers has for itself: the database's file is mapped, and is everybody's."""
        return round(self.worker.memory_full_info().uss / 1024**2, 1)

    def processor_seconds(self) -> float:
        """What it has used of a processor so far, to a hundredth."""
        used = self.worker.cpu_times()
        return used.user + used.system


@contextmanager
def serving(program: str, server: str, url: str, folder: Path, team: int | None) -> Iterator[Running]:
    """`program` (tafcore, bare or admin) over the database at `url`, until the block ends."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, *(word.format(port=port) for word in SERVERS[server]), "benchmarks.served:application"]
    told = {"BENCH_PROGRAM": program, "BENCH_URL": url, "BENCH_FOLDER": str(folder), "BENCH_TEAM": str(team or 0)}
    log = folder / f"{program}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | told, stdout=output, stderr=output)
        try:
            _wait(process, port, log)
            yield Running(port, process)
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")


def _application() -> Any:
    program, url = os.environ["BENCH_PROGRAM"], os.environ["BENCH_URL"]
    if program == "admin":
        from benchmarks import admin

        return admin.make(url, int(os.environ["BENCH_TEAM"]))
    if program == "bare":
        from benchmarks import bare

        return bare.make(url)
    from tafcore import logs
    from tafcore.app import create_app

    logs.configure()  # a log line for each request, as in use
    return create_app(settings(url, Path(os.environ["BENCH_FOLDER"])))


application = _application() if "BENCH_PROGRAM" in os.environ else None
