"""The practice standards in force, those decided for a later day, and the days on which schools are closed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from tafcore.db import utcnow, writing
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires, signed_in
from tafcore.standards import rules, school, service
from tafcore.standards.clock import london_day
from tafcore.standards.commands import AddSchoolHoliday, EndSchoolHoliday
from tafcore.standards.forms import HolidayForm

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
    closed = [one for one in school.known() if one.last >= today]
    return render_template("standards/show.html", now=now, coming=coming, units=UNITS, closed=closed)


@pages.route("/standards/school-holidays", methods=["GET", "POST"])
@requires("standards.holidays")
def holidays() -> Any:
    page = FormPage(HolidayForm, AddSchoolHoliday)
    if page.submitted:
        with page.saving():
            school.add(page.command(), actor())
    if page.saved:
        flash("Added", "success")
        return redirect(url_for("standards.holidays"))
    today = london_day(utcnow())
    shown = [one for one in school.known() if one.last >= today]
    return page.render("standards/holidays.html", holidays=shown)


@pages.post("/standards/school-holidays/<int:holiday>/end")
@requires("standards.holidays")
def end_holiday(holiday: int) -> Any:
    with writing():
        school.end(EndSchoolHoliday(holiday=holiday), actor())
    flash("Taken out", "success")
    return redirect(url_for("standards.holidays"))
