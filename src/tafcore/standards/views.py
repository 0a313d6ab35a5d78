"""The practice standards in force and those decided for a later day, when laws commence, when schools are closed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from tafcore.db import utcnow, writing
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires, signed_in
from tafcore.standards import commencing, rules, school, service
from tafcore.standards.clock import london_day
from tafcore.standards.commands import AddSchoolHoliday, EndCommencement, EndSchoolHoliday, SetCommencement
from tafcore.standards.forms import CommencementForm, HolidayForm

pages = Blueprint("standards", __name__)
DUTY = "duty_to_share"
"""The one law whose day is a setting so far."""
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
    law = {"laws": commencing.LAWS, "days": commencing.known(), "today": today}
    return render_template("standards/show.html", now=now, coming=coming, units=UNITS, closed=closed, **law)


@pages.route("/standards/law", methods=["GET", "POST"])
@requires("standards.law")
def law() -> Any:
    found = commencing.known().get(DUTY)
    kept = {"from_day": found.from_day, "source": found.source} if found else None
    page = FormPage(CommencementForm, SetCommencement, None, kept)
    if page.submitted:
        with page.saving():
            commencing.set_day(page.command(law=DUTY), actor())
    if page.saved:
        flash("Saved", "success")
        return redirect(url_for("standards.law"))
    return page.render("standards/law.html", found=found, title=commencing.LAWS[DUTY], today=london_day(utcnow()))


@pages.post("/standards/law/end")
@requires("standards.law")
def end_law() -> Any:
    with writing():
        commencing.end(EndCommencement(law=DUTY), actor())
    flash("Taken out", "success")
    return redirect(url_for("standards.law"))


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
