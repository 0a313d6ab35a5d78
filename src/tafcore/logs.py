"""Structured logs: names of endpoints, counts, kinds of fault; never what a record says."""

import logging
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, g, request


def configure() -> None:
    """One JSON line per event on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def init(app: Flask) -> None:
    """Log each request by its endpoint: a path may hold a reference, an endpoint cannot."""

    @app.before_request
    def started() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def done(response: Response) -> Response:
        if request.endpoint not in ("static", "frame.healthz") and not app.testing:
            took = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
            line: dict[str, Any] = {
                "endpoint": request.endpoint,
                "method": request.method,
                "status": response.status_code,
            }
            structlog.get_logger().info("request", **line, ms=took)
        return response


def where(fault: BaseException) -> list[str]:
    """`module:line` of each frame of a fault, innermost last, without values or messages."""
    frames = traceback.extract_tb(fault.__traceback__)
    return [f"{Path(frame.filename).stem}:{frame.lineno}" for frame in frames[-8:]]
