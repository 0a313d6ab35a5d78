"""The page on which the family is invited, each in their language and as they wish, and asked whom they want there."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for

from tafcore import phrases
from tafcore.contributions import Problem
from tafcore.families.access import FamilyView, PersonView
from tafcore.fields import options
from tafcore.formpage import FormPage
from tafcore.meetings import family_told, reading, rules, service
from tafcore.meetings.family_commands import InviteFamily
from tafcore.meetings.forms import InviteFamilyForm
from tafcore.meetings.models import Meeting
from tafcore.meetings.shapes import AttendeeView
from tafcore.meetings.views import meeting_page, pages
from tafcore.notices.rules import masked
from tafcore.permissions import actor

__all__ = ["pages"]
VERBS = {"phone": "Text", "email": "E-mail"}
ALONE = "Turn the shared view off first, when you are alone"


@pages.route("/meetings/<ref>/family", methods=["GET", "POST"])
@meeting_page("meetings.schedule", "lead", "manage")
def invite_family(meeting: Meeting, view: FamilyView) -> Any:
    there = [one for one in reading.attendees(view, meeting) if one.family]
    people = [(view.seen(one.person_id), one) for one in there]
    asked = [(person, one) for person, one in people if person is not None]
    page = FormPage(InviteFamilyForm, InviteFamily, view, {"family": [_known(*each) for each in asked]})
    for row, (person, _) in zip(page.form.family, asked, strict=False):
        _choices(row.form, view, person)
    if page.submitted and view.shared:
        # What one of them said of whom they want there is not for the others.
        page.refuse([Problem(ALONE)])
    elif page.submitted:
        with page.saving():
            service.invite_family(page.command(meeting=meeting.ref, family=_parts(page.form)), actor())
    if page.saved:
        flash("Put down. Messages are on their way", "success")
        return redirect(url_for("meetings.page", ref=meeting.ref))
    names = {person.ref: person.name for person, _ in asked}
    return page.render("meetings/invite.html", view=view, meeting=reading.summary_of(meeting), names=names)


def _known(person: PersonView, one: AttendeeView) -> dict[str, Any]:
    told = f"way-{one.way_id}" if one.told_how in ("text", "email") else one.told_how or ""
    return {
        "person": person.ref,
        "how": told,
        "language": one.language or phrases.spoken(person.language),
        "remind": f"way-{one.way_id}" if one.remind else "",
        "reply": one.reply or "",
        "wants": one.wants,
    }


def _choices(form: Any, view: FamilyView, person: PersonView) -> None:
    ways = family_told.ways_for(view, person)
    shown = {f"way-{one.id}": masked("text" if one.kind == "phone" else "email", one.value) for one in ways}
    verbs = {f"way-{one.id}": VERBS[one.kind] for one in ways}
    form.how.choices = [*form.how.choices, *options({key: f"{verbs[key]} to {to}" for key, to in shown.items()})]
    form.remind.choices = [*form.remind.choices, *options({key: f"{verbs[key]} to {to}" for key, to in shown.items()})]
    form.language.choices = options({one.code: one.name for one in phrases.languages().values()})


def _parts(form: InviteFamilyForm) -> list[dict[str, Any]]:
    return [
        {
            "person": row["person"],
            "how": "message" if _way(row["how"]) is not None else row["how"] or None,
            "way": _way(row["how"]),
            "remind_by": _way(row["remind"]),
            "language": row["language"] or phrases.ENGLISH,
            "reply": row["reply"] if row["reply"] in rules.REPLIES else None,
            "wants": row["wants"],
        }
        for row in form.family.data
    ]


def _way(chosen: str | None) -> int | None:
    number = (chosen or "").removeprefix("way-")
    return int(number) if number != chosen and number.isdecimal() else None
