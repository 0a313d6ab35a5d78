"""The Board's pages. They open no family, and link to none."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from tafcore.contributions import Period
from tafcore.db import utcnow
from tafcore.outcomes import files, periods, reading, rules
from tafcore.permissions import actor, requires
from tafcore.plans.rules import OUTCOMES
from tafcore.standards.clock import london_day

pages = Blueprint("outcomes", __name__)


def _asked() -> tuple[periods.HalfYear, Period]:
    half, as_at = reading.chosen(request.args.get("period", ""), request.args.get("as_at", ""))
    return half, Period(half.first, half.last, as_at)


@pages.get("/outcomes")
@requires("outcomes.read")
def board() -> Any:
    half, period = _asked()
    now = utcnow()
    return render_template(
        "outcomes/board.html",
        found=reading.figures(period, actor()),
        trend=reading.trend(half, period.as_at or now),
        half=half,
        halves=reading.offered(now),
        days=reading.known_at(half, london_day(now)),
        as_at_day=london_day(period.as_at or now),
        questions=rules.QUESTIONS,
        outcomes=OUTCOMES,
        threshold=rules.THRESHOLD,
    )


@pages.get("/outcomes/figures.csv")
@requires("outcomes.read")
def figures_file() -> Any:
    half, period = _asked()
    answer = Response(files.text(reading.figures(period, actor())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="board-figures-{half.key}.csv"'
    return answer
