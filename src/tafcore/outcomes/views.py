"""The Board's pages. They open no family, and link to none."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from tafcore.assessments.sections import OUTCOMES
from tafcore.db import utcnow
from tafcore.outcomes import files, reading, rules
from tafcore.permissions import actor, requires

pages = Blueprint("outcomes", __name__)


def _asked() -> reading.Asked:
    return reading.chosen(request.args.get("period", ""), request.args.get("as_at", ""))


@pages.get("/outcomes")
@requires("outcomes.read")
def board() -> Any:
    asked, now = _asked(), utcnow()
    return render_template(
        "outcomes/board.html",
        found=reading.figures(asked.period, actor()),
        trend=reading.trend(asked.half, asked.as_at),
        asked=asked,
        halves=reading.offered(now),
        moments=reading.moments(asked.half, now),
        questions=rules.QUESTIONS,
        outcomes=OUTCOMES,
        threshold=rules.THRESHOLD,
    )


@pages.get("/outcomes/figures.csv")
@requires("outcomes.read")
def figures_file() -> Any:
    asked = _asked()
    answer = Response(files.text(reading.figures(asked.period, actor())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="board-figures-{asked.half.key}.csv"'
    return answer
