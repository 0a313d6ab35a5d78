"""Pages of schools."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from taf_schools import reading, service
from taf_schools.commands import WHO_MAY_RECORD, RecordAttendance, RecordSchool
from taf_schools.forms import AttendanceForm, SchoolForm
from tafcore.api import FamilyView, FormPage, PersonView, actor, london_day, person_page, requires, utcnow

pages = Blueprint(
    "schools", __name__, template_folder="templates", static_folder="static", static_url_path="/schools/static"
)


@pages.route("/schools", methods=["GET", "POST"])
@requires("schools.pupils")
def pupils() -> Any:
    """Searches are posted: names belong in no address."""
    asked = request.form if request.method == "POST" else request.args
    q = request.form.get("q", "").strip()[:100]
    sort = asked.get("sort", "")
    sort = sort if sort in reading.SORTS else "name"
    return render_template(
        "schools/pupils.html",
        pupils=reading.pupils(actor(), q, sort, asked.get("after", "")),
        q=q,
        sort=sort,
        sorts={name: words for name, (words, _) in reading.SORTS.items()},
        switched_on=reading.is_switched_on(),
    )


@pages.route("/schools/pupils/<ref>", methods=["GET", "POST"])
@person_page("schools.record", *WHO_MAY_RECORD)
def pupil(person: PersonView, view: FamilyView) -> Any:
    page = FormPage(SchoolForm, RecordSchool, view, initial=reading.as_typed(view, person))
    if page.submitted:
        with page.saving():
            made = service.record_school(page.command(family=view.ref, person=person.ref), actor())
            left = made.organisation_id != actor().organisation_id and made.from_day <= london_day(utcnow())
    if page.saved and left and view.scopes == {"school"}:
        flash("Saved. They are no pupil of your school any more, so you do not see their record now", "success")
        return redirect(url_for(".pupils"))
    if page.saved:
        return redirect(url_for(".pupil", ref=person.ref, family=view.ref))
    return _render(page, "schools/pupil.html", view, person)


@pages.route("/schools/pupils/<ref>/attendance", methods=["GET", "POST"])
@person_page("schools.record", *WHO_MAY_RECORD)
def attendance(person: PersonView, view: FamilyView) -> Any:
    page = FormPage(AttendanceForm, RecordAttendance, view)
    if page.submitted:
        with page.saving():
            service.record_attendance(page.command(family=view.ref, person=person.ref), actor())
    if page.saved:
        return redirect(url_for(".pupil", ref=person.ref, family=view.ref))
    return _render(page, "schools/attendance.html", view, person)


def _render(page: FormPage, template: str, view: FamilyView, child: PersonView) -> Any:
    history = reading.child_history(view, child)
    return page.render(template, view=view, child=child, history=history, family_page=True, shared_view=view.shared)
