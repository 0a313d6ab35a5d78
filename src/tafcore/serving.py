"""Serving pages with gunicorn, and the background worker as its child."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from tafcore.app import create_app
from tafcore.notices import worker

THREADS = 8
SECONDS_TO_STOP = 20


class Server(BaseApplication):
    """gunicorn, told everything here and nothing by files or environment. Each process makes its own application."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = create_app()
        # The program itself stays: a collection that looks through it again takes a quarter of a second from somebody.
        gc.collect()
        gc.freeze()
        return app


def serve(host: str, port: int, workers: int, with_worker: bool = True) -> None:
    """Serve until told to stop (Ctrl-C or SIGTERM ends requests in hand first)."""
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": SECONDS_TO_STOP,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    if not with_worker:
        Server(options).run()
        return
    with background_worker():
        Server(options).run()


@contextmanager
def background_worker() -> Iterator[subprocess.Popen[bytes]]:
    """The worker in a process of its own, which ends with this one, however this one ends."""
    command = [sys.executable, "-m", "tafcore.cli", "work", "--while-parent"]
    # The child reads the pipe's end: it comes even if this process is killed.
    child = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        yield child
    finally:
        if child.stdin is not None:
            child.stdin.close()
        try:
            child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def work(app: Flask, while_parent: bool = False) -> None:
    """The background worker's rounds until told to stop; with `while_parent` until standard input ends."""
    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    if while_parent:
        threading.Thread(target=_wait_for_parent, args=(stop,), daemon=True).start()
    worker.run(app, stop)


def _wait_for_parent(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()
