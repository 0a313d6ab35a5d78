"""The hold screen: one page over a shared draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.assessments.assessment_forms import outcomes
from tafcore.assessments.rules import WAYS
from tafcore.contributions import Problem
from tafcore.db import session, utcnow, writing
from tafcore.episodes.rules import LEVELS
from tafcore.families.access import FamilyView, visible_family_by_id
from tafcore.families.pages import as_shown
from tafcore.formpage import FormPage
from tafcore.meetings import beforehand, clearer, holding, reading, rows, rules, service
from tafcore.meetings.commands import GiveScale
from tafcore.meetings.finish import Finish
from tafcore.meetings.forms import BeforehandForm
from tafcore.meetings.kept import Kept
from tafcore.meetings.models import Meeting
from tafcore.meetings.rows import goal_list, new_list, under
from tafcore.meetings.sheet import Sheet
from tafcore.meetings.views import meeting_page, pages
from tafcore.permissions import actor
from tafcore.plans.reading import plan_of
from tafcore.standards.clock import london_day
from tafcore.work import Refused, allow

__all__ = ["pages"]

VOICE_AUDIENCES = {
    "team": "The team, not the family",
    "recorder": "Only me and the manager",
    "parents": "The family here too: the child says yes",
}
WHO = frozenset({"lead", "manage"})


def gate(ref: str, who: Actor) -> drafts.Opened:
    """Who may type into the draft of a meeting: those who may hold it, until it is recorded."""
    allow(who, "meetings.hold")
    meeting, family_id = service.meeting_family(ref)
    view = as_shown(visible_family_by_id(family_id, who, "meetings.hold_page", WHO))
    if "shared" in request.args:  # the page was made for all in the room, whatever this browser shows elsewhere now
        view = view.shown_to_family()
    view = reading.here_before(view, meeting)
    _still_open(meeting)

    def still() -> None:
        # Finish waits for what is being kept now; what comes after it is told so, and not kept where nobody looks.
        session.refresh(meeting, with_for_update={"read": True})
        _still_open(meeting)

    kept = cache(lambda: Kept(drafts.read(service.draft_subject(ref)).values, view.shared, lambda: plan_of(view)))

    def say(fields: Iterable[str]) -> dict[str, str]:
        mine = [field for field in fields if rows.hangs(rows.split(field)[0])]
        now = drafts.read(service.draft_subject(ref)).values if mine else {}
        return clearer.of_rows(mine, now, london_day(utcnow()))

    return drafts.Opened(still, lambda field: kept()(field), say)


def _still_open(meeting: Meeting) -> None:
    if meeting.state != "scheduled":
        raise Refused([Problem("This meeting is recorded already: copy this into a note")])


@pages.record_once
def keep_drafts(state: BlueprintSetupState) -> None:
    drafts.register_subject(state.app, "meeting", gate)


@pages.route("/meetings/<ref>/hold", methods=["GET", "POST"])
@meeting_page("meetings.hold", "lead", "manage")
def hold_page(meeting: Meeting, view: FamilyView) -> Any:
    if meeting.state != "scheduled":
        return _too_late(meeting, view)
    sheet = Sheet(meeting, view, actor())
    if request.method == "POST":
        sheet.take(request.form)
        if "_finish" in request.form and not sheet.theirs and _finished(sheet):
            flash("Meeting recorded. The plan is up to date and the next date is set", "success")
            return redirect(url_for("meetings.page", ref=meeting.ref))
        session.refresh(meeting)
        if meeting.state != "scheduled":
            return _too_late(meeting, view)
    has_errors = bool(sheet.problems or sheet.loose)
    html = render_template("meetings/hold.html", sheet=sheet, view=view, has_errors=has_errors, **_words(sheet))
    return html, 422 if has_errors else 200


@pages.route("/meetings/<ref>/beforehand", methods=["GET", "POST"])
@meeting_page("meetings.contribute", "team", "lead", "manage")
def beforehand_page(meeting: Meeting, view: FamilyView) -> Any:
    children = [(one.ref, one.forename) for one in beforehand.askable(view, meeting)]
    form = FormPage(BeforehandForm, GiveScale, view, choices={"person": children})
    if form.submitted:
        with form.saving():
            beforehand.give(form.command(meeting=meeting.ref), actor())
    if form.saved:
        flash("Kept for the meeting", "success")
        return redirect(url_for("meetings.page", ref=meeting.ref))
    return form.render("meetings/beforehand.html", view=view, meeting=reading.summary_of(meeting))


def _finished(sheet: Sheet) -> bool:
    """Whether the meeting is recorded now; what stands in the way is on the sheet otherwise."""
    finish = Finish(sheet, sheet.plan)
    try:
        with writing():
            session.refresh(sheet.meeting, with_for_update=True)
            sheet.read()  # under the lock: what another note-taker was told is saved is in the record
            if sheet.kept.of_the_plan:
                finish.plan = plan_of(visible_family_by_id(sheet.view.id, actor(), "meetings.hold_page", WHO))
            holding.hold(finish.command(), actor())
    except Refused as refusal:
        session.rollback()
        finish.show(refusal.problems)
        return False
    return True


def _words(sheet: Sheet) -> dict[str, Any]:
    """What the page chooses from."""
    everybody = [("", "Everybody"), *((person.ref, person.forename) for person in sheet.view.people)]
    return {
        "meeting": reading.summary_of(sheet.meeting),
        "about": everybody,
        "owners": _owners(sheet),
        "columns": rules.COLUMNS,
        "levels": LEVELS,
        "new_list": new_list,
        "goal_list": goal_list,
        "under": under,
        "whose": [("", "The whole family"), *everybody[1:]],
        "outcomes": tuple(outcomes()),
        "absences": [("", "Choose"), *rules.ABSENCES.items()],
        "voice_hows": WAYS.items(),
        "voice_audiences": VOICE_AUDIENCES.items(),
    }


def _owners(sheet: Sheet) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who can take an action on, in groups: the family, those with an account, other professionals."""
    family = [(f"p:{one.person.ref}", one.label) for one in sheet.people if one.person]
    team = [(f"u:{one.user_id}", one.name) for one in sheet.people if one.user_id is not None]
    named = [one for one in sheet.people if one.person is None and one.user_id is None]
    others = [(f"n:{one.name}, {one.organisation}"[:200], f"{one.name}, {one.organisation}") for one in named]
    return [("Family", family), ("Team", [*team, *others])]


def _too_late(meeting: Meeting, view: FamilyView) -> Any:
    """The second of two who finish: nothing changed, and nothing of theirs is lost."""
    if request.method == "GET":
        return redirect(url_for("meetings.page", ref=meeting.ref))
    record = reading.meeting_of(view, meeting)
    kept = {line.words for lines in record.lines.values() for line in lines}
    kept |= {line.words for line in (*record.decisions, *record.levels, *record.silent)}
    mine = [words for words in _typed(request.form) if words not in kept and words != record.family_view]
    return render_template("meetings/already.html", view=view, meeting=record.summary, mine=mine), 409


def _typed(form: Mapping[str, str]) -> list[str]:
    """Sentences of a posted form, in its order."""
    ours = ("family_view", "voice-", "why-", "proof-", "silent-", "levelwhy-")
    typed = {
        name: words for name, words in form.items() if name.startswith(ours) or name.endswith(("-words", "-reason"))
    }
    return [words for words in typed.values() if words.strip()]
