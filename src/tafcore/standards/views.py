"""The practice standards in force, and those decided for a later day."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from tafcore.db import utcnow
from tafcore.permissions import signed_in
from tafcore.standards import rules, service
from tafcore.standards.clock import london_day

pages = Blueprint("standards", __name__)
UNITS = {
    "hours": "hour",
    "working_days": "working day",
    "days": "day",
    "weeks": "week",
    "months": "month",
    "reviews": "review",
    "attempts": "attempt",
}


@pages.get("/standards")
@signed_in
def show() -> Any:
    today = london_day(utcnow())
    known = service.all_standards()
    names = dict.fromkeys(one.name for one in known if one.from_date <= today)
    now = [rules.in_force(known, name, today) for name in names]
    coming = [one for one in known if one.from_date > today]
    return render_template("standards/show.html", now=now, coming=coming, units=UNITS)
