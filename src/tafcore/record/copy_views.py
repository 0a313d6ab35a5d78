"""Copies of a meeting's record as those who share it print or read them: one for each person, never one for all."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from tafcore import phrases
from tafcore.families.access import FamilyView, PersonView
from tafcore.meetings import copies, reading
from tafcore.meetings.models import Meeting
from tafcore.meetings.views import meeting_page
from tafcore.record.own_copy import FILE, OwnCopy, copy_of, pdf_of, sheet_of
from tafcore.work import NotFound

pages = Blueprint("copies", __name__)
AT = "/meetings/<ref>/copies"
MAY = ("meetings.hold", "lead", "manage")


@pages.get(AT)
@meeting_page(*MAY)
def show(meeting: Meeting, view: FamilyView) -> Any:
    if meeting.state not in copies.HELD:
        raise NotFound
    people = [(one, phrases.language(phrases.spoken(one.language))) for one in copies.whom(view, meeting)]
    return render_template("own/copies.html", view=view, meeting=reading.summary_of(meeting), people=people)


@pages.get(f"{AT}/<person>")
@meeting_page(*MAY)
def one(meeting: Meeting, view: FamilyView, person: str) -> Any:
    who, words, big = _asked(view, person)
    return render_template(
        "own/copy_shown.html",
        view=view,
        meeting=reading.summary_of(meeting),
        person=who,
        words=words,
        big=big,
        languages=phrases.languages().values(),
        sheet=sheet_of(copy_of(view, meeting, who), words),
    )


@pages.get(f"{AT}/<person>/{FILE}")
@meeting_page(*MAY)
def file(meeting: Meeting, view: FamilyView, person: str) -> Any:
    who, words, big = _asked(view, person)
    return as_file(copy_of(view, meeting, who), words, big)


def _asked(view: FamilyView, ref: str) -> tuple[PersonView, phrases.Phrases, bool]:
    """Whose copy, in which language (theirs, if none is asked for), in big letters or not."""
    person = view.person(ref)
    code = request.args.get("language", "")
    words = phrases.language(code if code in phrases.languages() else phrases.spoken(person.language))
    return person, words, "big" in request.args


def as_file(copy: OwnCopy, words: phrases.Phrases, big: bool) -> Response:
    """The copy as a PDF: neither its name nor its title says whose or what it is."""
    answer = Response(pdf_of(copy, words, big), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{FILE}"'
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
