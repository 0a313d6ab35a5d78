"""The background worker: seals the trail, sends messages, and says that it is alive."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog
from flask import Flask, current_app
from sqlalchemy import select

from tafcore.db import session, utcnow, writing
from tafcore.notices import service
from tafcore.notices.models import WorkerBeat
from tafcore.trail import service as trail

BEAT = "worker"
SILENT = timedelta(minutes=2)
PAUSE_SECONDS = 5.0
log = structlog.get_logger()


def once(app: Flask) -> None:
    """One round of everything that waits."""
    with app.app_context():
        while _sealed():
            pass
        while service.send_waiting(current_app.config["SMTP_URL"]):
            pass
        _beat()


def _sealed() -> int:
    with writing():
        return trail.seal()


def _beat() -> None:
    with writing():
        row = session.scalar(select(WorkerBeat).where(WorkerBeat.name == BEAT))
        if row is None:
            session.add(WorkerBeat(name=BEAT, at=utcnow()))
        else:
            row.at = utcnow()


def run(app: Flask, stop: threading.Event, round_: Callable[[Flask], None] = once) -> None:
    """Go round until `stop`; a round that fails is logged and tried again."""
    while not stop.is_set():
        try:
            round_(app)
        except Exception as fault:  # the worker must outlive whatever one round meets
            log.error("worker_round_failed", fault=type(fault).__name__)
        stop.wait(PAUSE_SECONDS)


def waiting() -> list[str]:
    """`["worker"]` if the worker has not gone round lately."""
    at = session.scalar(select(WorkerBeat.at).where(WorkerBeat.name == BEAT))
    return [] if at is not None and utcnow() - at < SILENT else ["worker"]
