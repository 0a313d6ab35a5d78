"""The background worker: seals the trail, sends messages, does the jobs of the day, and says that it is alive."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog
from flask import Flask, current_app
from sqlalchemy import select

from tafcore import hooks
from tafcore.contributions import Job
from tafcore.db import session, utcnow, writing
from tafcore.notices import service
from tafcore.notices.models import WorkerBeat, WorkerJob
from tafcore.notices.senders import senders
from tafcore.standards.clock import in_london, london_day
from tafcore.trail import service as trail

BEAT = "worker"
SILENT = timedelta(minutes=2)
AGAIN = timedelta(hours=1)
"""After which a job that was not done is taken on again."""
PAUSE_SECONDS = 5.0
log = structlog.get_logger()


def once(app: Flask) -> None:
    """One round of everything that waits."""
    with app.app_context():
        while _sealed():
            pass
        for job in hooks.jobs():
            if job.each_round:
                _run(job)
        ways_out = senders(current_app.config)
        while service.send_waiting(ways_out):
            _beat()
        service.ask_after(ways_out)
        _beat()
        for job in hooks.jobs():
            if not job.each_round and in_london(utcnow()).hour >= job.hour and _taken(job.name):
                _do(job)
                _beat()


def _taken(name: str) -> bool:
    """Take a job on, unless it was done today or another worker has it."""
    with writing():
        row = session.scalar(select(WorkerJob).where(WorkerJob.name == name).with_for_update())
        now = utcnow()
        if row is None:
            session.add(WorkerJob(name=name, begun_at=now))
            return True
        done = row.done_at is not None and row.done_at >= row.begun_at
        if london_day(row.begun_at) == london_day(now) and (done or now - row.begun_at < AGAIN):
            return False
        row.begun_at = now
        return True


def _do(job: Job) -> None:
    """A job that fails is tried again after a while; the round goes on."""
    done, more = _run(job)
    if not done:
        return
    with writing():
        row = session.scalars(select(WorkerJob).where(WorkerJob.name == job.name)).one()
        if more:
            row.begun_at = utcnow() - AGAIN
        else:
            row.done_at = utcnow()


def _run(job: Job) -> tuple[bool, bool | None]:
    """Whether it did not fail, and whether there is more to do."""
    try:
        return True, job.run()
    except Exception as fault:  # a plugin's job may raise anything
        log.error("job_failed", job=job.name, fault=type(fault).__name__)
        session.rollback()
        return False, None


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
