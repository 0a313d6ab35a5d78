"""Recording a visit or a child's words in one form; what children said, and what was done about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from tafcore.assessments import reading, service, voice_rules
from tafcore.assessments.commands import ChildPart, RecordVisit, RecordVoice, RespondToVoice, SetHearing, TakeBack
from tafcore.assessments.forms import (
    SAID_HARM,
    ChildRow,
    HeardForm,
    HearingForm,
    ReasonForm,
    ResponseForm,
    VisitForm,
    VoiceForm,
)
from tafcore.assessments.reading import VoiceView
from tafcore.assessments.trends import trends
from tafcore.db import utcnow
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.pages import family_page
from tafcore.fields import options
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.standards.clock import london_day
from tafcore.work import NotAllowed, NotFound

pages = Blueprint("assessments", __name__)
AT = "/families/<family_ref>"
BOTH = ["GET", "POST"]
RECORD = family_page("visits.record", "lead", "team", "manage")


def _page(template: str, view: FamilyView, **context: Any) -> Any:
    leading = bool(view.scopes & {"lead", "manage"})
    words = {"view": view, "family_page": True, "shared_view": view.shared, "leading": leading, **context}
    return render_template(f"assessments/{template}.html", **words)


def _asked(page: FormPage, view: FamilyView, template: str, **context: Any) -> Any:
    return page.render(f"assessments/{template}.html", view=view, family_page=True, shared_view=view.shared, **context)


@pages.get(f"{AT}/visits")
@family_page("visits.read")
def visits(view: FamilyView) -> Any:
    if not view.may("visits"):
        raise NotAllowed("visits")
    found = reading.visits_of(view)
    return _page("visits", view, visits=found, seen=reading.children_seen(view), recording=_recording(view))


@pages.get(f"{AT}/voices")
@family_page("visits.read")
def voices(view: FamilyView) -> Any:
    if not view.may("voices"):
        raise NotAllowed("voices")
    found = reading.voices(view, actor())
    heard = {voice.person_id for voice in found}
    unheard = [child for child in view.living_children if child.id not in heard and child.role != "unborn"]
    danger = [voice for voice in found if voice.harm and not voice.responses]
    numbers = current_app.config["BOROUGH"]
    return _page(
        "voices",
        view,
        voices=found,
        trends=trends(view, found),
        today=london_day(utcnow()),
        unheard=unheard,
        danger=danger,
        numbers=numbers,
        recording=_recording(view),
    )


def _recording(view: FamilyView) -> bool:
    """Whether this actor may add to what is on the page."""
    return actor().may("visits.record") and bool(view.scopes & RecordVisit.scopes)


@pages.route(f"{AT}/visits/new", methods=BOTH)
@RECORD
def record_visit(view: FamilyView) -> Any:
    children = {child.ref: child for child in view.children if child.role != "unborn"}
    rows = [{"person": ref} for ref in children]
    initial = {"children": rows, "day": london_day(utcnow())}
    adults = {"adults": [(person.ref, person.name) for person in view.adults]}
    page = FormPage(VisitForm, RecordVisit, view, initial, choices=adults)
    if page.submitted:
        chosen = [(number, row.form) for number, row in enumerate(page.form.children) if row.form.seen.data]
        page.row_numbers["children"] = [number for number, _ in chosen]
        with page.saving():
            command = page.command(family=view.ref, children=[_part(row) for _, row in chosen])
            service.record_visit(command, actor())
    if page.saved:
        flash("Visit saved", "success")
        return redirect(url_for("assessments.visits", family_ref=view.ref))
    firsts = {
        ref: _offer(row.form, children[ref], page.form.day.data)
        for row in page.form.children
        if (ref := row.form.person.data) in children
    }
    return _asked(page, view, "visit", children=children, firsts=firsts)


def _part(row: ChildRow) -> dict[str, Any]:
    """What is said of one child, as the command takes it."""
    told = {name: value for name, value in row.data.items() if name in ChildPart.model_fields}
    return {**told, **row.heard(), "harm": row.harm.data or None}


def _offer(form: HeardForm, child: PersonView, day: date | None) -> str:
    """The way offered first to a child of this age; the form offers it first, and takes it where none was chosen."""
    first = voice_rules.first_way(child.born, child.due, day or london_day(utcnow()))
    form.way.choices = options({first: voice_rules.WAYS[first], **voice_rules.WAYS})
    form.way.data = form.way.data if form.way.data in voice_rules.WAYS else first
    return first


def _hearers(view: FamilyView) -> dict[str, Any]:
    return {"hearers": [(person.ref, person.name) for person in view.adults]}


@pages.route(f"{AT}/voices/new", methods=BOTH)
@RECORD
def record_voice(view: FamilyView) -> Any:
    children = {child.ref: child for child in view.children}
    asked = next(iter(children)) if len(children) == 1 else request.args.get("child", "")
    if request.method == "GET" and asked not in children:
        return _page("whose", view)
    people = {**_hearers(view), "person": [(ref, child.name_age) for ref, child in children.items()]}
    page = FormPage(VoiceForm, RecordVoice, view, {"day": london_day(utcnow()), "person": asked}, choices=people)
    if page.submitted:
        with page.saving():
            told = {**page.form.heard(), "harm": SAID_HARM.get(page.form.harm.data)}
            service.record_voice(page.command(family=view.ref, **told), actor())
    if page.saved:
        return _voice_saved(view)
    child = children.get(page.form.person.data)
    first = _offer(page.form, child, page.form.day.data) if child else "words"
    return _asked(page, view, "voice", child=child, first=first)


def _voice_saved(view: FamilyView) -> Any:
    # Said whatever the words were: the family may be looking at this very page.
    alone = ". What the family may not hear is not shown here: look again when you are alone" if view.shared else ""
    flash(f"Saved{alone}", "success")
    return redirect(url_for("assessments.voices", family_ref=view.ref))


@pages.route(f"{AT}/voices/<voice>/hearing", methods=BOTH)
@RECORD
def set_hearing(view: FamilyView, voice: str) -> Any:
    found = _voice(view, voice)
    initial = {"audience": found.audience, "asked": found.asked, "decided_why": found.decided_why}
    page = FormPage(HearingForm, SetHearing, view, initial, choices=_hearers(view))
    if page.submitted:
        with page.saving():
            harm = SAID_HARM.get(page.form.harm.data)
            service.set_hearing(page.command(family=view.ref, voice=voice, harm=harm), actor())
    return _voice_saved(view) if page.saved else _asked(page, view, "hearing", voice=found)


@pages.route(f"{AT}/voices/<voice>/response", methods=BOTH)
@RECORD
def respond(view: FamilyView, voice: str) -> Any:
    found = _voice(view, voice)
    page = FormPage(ResponseForm, RespondToVoice, view)
    if page.submitted:
        with page.saving():
            service.respond(page.command(family=view.ref, voice=voice), actor())
    return _voice_saved(view) if page.saved else _asked(page, view, "response", voice=found)


@pages.route(f"{AT}/voices/<part>/error", methods=BOTH)
@pages.route(f"{AT}/visits/<part>/error", methods=BOTH)
@RECORD
def take_back(view: FamilyView, part: str) -> Any:
    known = {one.ref for one in reading.visits_of(view, 1000)} | {one.ref for one in reading.voices(view, actor())}
    if part not in known:
        raise NotFound
    page = FormPage(ReasonForm, TakeBack, view)
    if page.submitted:
        with page.saving():
            service.take_back(page.command(family=view.ref, part=part), actor())
    back = "voices" if part.startswith("W") else "visits"
    if page.saved:
        return redirect(url_for(f"assessments.{back}", family_ref=view.ref))
    return _asked(page, view, "error", back=back)


def _voice(view: FamilyView, ref: str) -> VoiceView:
    """An entry this page may show; NotFound for the rest, on a shared screen too."""
    for voice in reading.voices(view, actor()):
        if voice.ref == ref:
            return voice
    raise NotFound
