"""Pages of meetings; the hold screen has a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy import and_

from tafcore import lists
from tafcore.db import utcnow, writing
from tafcore.episodes.households import households_of
from tafcore.episodes.reading import EpisodeView, episode_of
from tafcore.families import access
from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page, record_page
from tafcore.formpage import FormPage
from tafcore.meetings import (
    agenda,
    conflicts,
    guest_list,
    households,
    interpreters,
    overview,
    reading,
    rules,
    service,
    typed,
)
from tafcore.meetings.commands import (
    CancelMeeting,
    Contribute,
    DidNotHappen,
    MoveMeeting,
    ScheduleMeeting,
    ShareRecord,
    WithholdLine,
)
from tafcore.meetings.diary import calendar_file
from tafcore.meetings.forms import ContributeForm, MoveForm, ReasonForm, ScheduleForm, ShareForm, WhenForm, WithholdForm
from tafcore.meetings.guests import keeps_place_quiet
from tafcore.meetings.models import Meeting
from tafcore.meetings.shapes import AttendeeView
from tafcore.permissions import actor, requires
from tafcore.standards.clock import in_london, london_day
from tafcore.standards.words import day
from tafcore.work import NotFound

Page = TypeVar("Page", bound=Callable[..., Any])
pages = Blueprint("meetings", __name__)


def meeting_page(permission: str, *scopes: str) -> Callable[[Page], Page]:
    """A view at `/meetings/<ref>`: receives `meeting` and the family's `view`, shared before those invited to it."""

    def wrap(page: Page) -> Page:
        @record_page(permission, service.meeting_family, *scopes)
        @wraps(page)
        def guarded(record: Meeting, view: FamilyView, **values: Any) -> Any:
            if not view.may("meetings"):
                raise NotFound
            return page(meeting=record, view=reading.here_before(view, record), **values)

        return cast(Page, guarded)

    return wrap


@pages.route("/meetings", methods=["GET", "POST"], endpoint="overview")
@requires("meetings.read")
def all_meetings() -> Any:
    """Every meeting and every missing one of the families somebody may see: what is late comes first.

    Searches are posted: names belong in no address.
    """
    asked = lists.read(request.form if request.method == "POST" else {**request.args, "q": ""}, overview.SHOWS)
    found = overview.overview(asked, and_(access.visible(actor(), "meetings"), agenda.called(asked.q)))
    return render_template(
        "meetings/overview.html", asked=asked, lists=found, shows=overview.SHOWS, listed=agenda.LISTED
    )


@pages.get("/families/<family_ref>/meetings")
@family_page("meetings.read")
def family(view: FamilyView) -> Any:
    episode = episode_of(view)
    is_open = episode is not None and episode.state == "open"
    due = service.next_due(view.id, episode.opened_at) if episode and is_open else None
    meetings = reading.meetings_of(view)
    return render_template(
        "meetings/family.html", view=view, meetings=meetings, due=due, may_schedule=_may_schedule(view)
    )


def _may_schedule(view: FamilyView) -> bool:
    return actor().may("meetings.schedule") and bool(view.scopes & {"lead", "manage"})


@pages.route("/families/<family_ref>/meetings/new", methods=["GET", "POST"])
@family_page("meetings.schedule", "lead", "manage")
def schedule_page(view: FamilyView) -> Any:
    episode = episode_of(view)
    due, at = service.suggested_at(view.id, episode.opened_at if episode else utcnow())
    team = [(one.id, f"{one.name}, {one.organisation}") for one in episode.team] if episode else []
    family = [(one.ref, one.name_age) for one in rules.who_may_come(view.people)]
    choices = {"people": family, "members": team}
    homes = households_of(view)
    apart = households.choices(homes)
    chosen = next((one for one in apart if one.ref == request.args.get("household")), None)
    page = FormPage(ScheduleForm, ScheduleMeeting, view, _usual(view, episode, at, chosen), choices=choices)
    if page.submitted:
        with page.saving():
            made = service.schedule(page.command(family=view.ref, at=_moment(page.form)), actor())
    if page.saved:
        flash("Meeting arranged. The team is told; now invite the family, as is safe for them", "success")
        return redirect(url_for("meetings.page", ref=made.ref))
    clashes = _clashes(view, page.form, episode)
    return page.render(
        "meetings/schedule.html",
        view=view,
        due=due,
        episode=episode,
        clashes=clashes,
        apart=[one for one in homes if one.linked],
        households=apart,
        chosen=chosen,
    )


def _clashes(view: FamilyView, form: ScheduleForm, episode: EpisodeView | None) -> tuple[str, ...]:
    """What stands against what is typed, as far as it can be read."""
    try:
        at = _moment(form)
    except ValueError:
        return ()
    people = frozenset(one.id for one in view.people if one.ref in (form.people.data or ()))
    chosen = form.members.data or ()
    users = {one.user_id for one in episode.team if one.id in chosen and one.user_id} if episode else set()
    lead = episode.lead if episode and episode.lead and episode.lead.accepted else None
    users |= {lead.user_id} if lead else set()
    return conflicts.found(view, conflicts.Plan(at, form.place.data, people, frozenset(users)), episode)


def _usual(
    view: FamilyView, episode: EpisodeView | None, at: Any, chosen: households.Choice | None = None
) -> dict[str, Any]:
    """What a new meeting starts with: the suggested day, everybody of the team, the language needed; of the family
    those of the household that was `chosen`."""
    family = [one for one in rules.who_may_come(view.people) if chosen is None or one.ref in chosen.people]
    ids = rules.first_side([person.id for person in family], view.safety)
    languages = dict.fromkeys(person.language for person in family if person.interpreter and person.language)
    whose = chosen.title if chosen and chosen.linked else ""
    last = next((one for one in reading.meetings_of(view) if one.place and one.household == whose), None)
    return {
        "at": day(in_london(at).date(), london_day(utcnow())),
        "time": f"{in_london(at):%H:%M}",
        "place": last.place if last else "",
        "people": [person.ref for person in family if person.id in ids],
        "members": [one.id for one in episode.team] if episode else [],
        "interpreter": next(iter(languages), ""),
        "gender": "",
        "household": chosen.ref if chosen and chosen.linked else "",
    }


def _moment(form: WhenForm) -> Any:
    return typed.moment(typed.day_ahead(form.at.data, london_day(utcnow())), typed.time_of_day(form.time.data))


@pages.get("/meetings/<ref>")
@meeting_page("meetings.read")
def page(meeting: Meeting, view: FamilyView) -> Any:
    record = reading.meeting_of(view, meeting, actor())
    works = bool(view.scopes & {"lead", "manage"})
    shown: dict[str, Any] = {"works": works, "rules": rules, "booked": interpreters.bookings_of(meeting)}
    shown |= {"clashes": (), "uninvited": ()}
    if works and meeting.state == "scheduled":
        episode = episode_of(view)
        shown["clashes"] = conflicts.found(view, _as_planned(meeting, record.people), episode)
        shown["uninvited"] = [one.name for one in guest_list.uninvited(record.people, episode)]
    html = render_template("meetings/meeting.html", view=view, meeting=record, **shown)
    if meeting.state == "shared" and not works and (user := actor().user_id) is not None:
        with writing():
            service.opened(meeting.id, user)
    return html


def _as_planned(meeting: Meeting, invited: Iterable[AttendeeView]) -> conflicts.Plan:
    people = frozenset(one.person_id for one in invited if one.person_id is not None)
    users = frozenset(one.user_id for one in invited if one.user_id is not None and one.reply != "not_coming")
    return conflicts.Plan(meeting.starts_at, meeting.place, people, users, meeting.ref)


@pages.get("/meetings/<ref>/calendar.ics")
@meeting_page("meetings.read")
def calendar(meeting: Meeting, view: FamilyView) -> Any:
    body = calendar_file(meeting, private=keeps_place_quiet(view.id))
    return Response(
        body, mimetype="text/calendar", headers={"Content-Disposition": 'attachment; filename="meeting.ics"'}
    )


@pages.route("/meetings/<ref>/move", methods=["GET", "POST"])
@meeting_page("meetings.schedule", "lead", "manage")
def move_page(meeting: Meeting, view: FamilyView) -> Any:
    local = in_london(meeting.starts_at)
    now = {
        "at": day(local.date(), london_day(utcnow())),
        "time": f"{local:%H:%M}",
        "place": meeting.place,
        "link": meeting.link,
    }
    form = FormPage(MoveForm, MoveMeeting, view, now)
    if form.submitted:
        with form.saving():
            service.move(form.command(meeting=meeting.ref, at=_moment(form.form)), actor())
    if form.saved:
        flash("Meeting moved. Everybody invited is told and asked again", "success")
        return redirect(url_for("meetings.page", ref=meeting.ref))
    return form.render("meetings/move.html", view=view, meeting=reading.summary_of(meeting))


@pages.route("/meetings/<ref>/cancel", methods=["GET", "POST"])
@meeting_page("meetings.schedule", "lead", "manage")
def cancel_page(meeting: Meeting, view: FamilyView) -> Any:
    form = FormPage(ReasonForm, CancelMeeting, view)
    return _with_reason(form, meeting, view, service.cancel, "Cancel this meeting", "Meeting cancelled")


@pages.route("/meetings/<ref>/did-not-happen", methods=["GET", "POST"])
@meeting_page("meetings.hold", "lead", "manage")
def did_not_happen_page(meeting: Meeting, view: FamilyView) -> Any:
    form = FormPage(ReasonForm, DidNotHappen, view)
    return _with_reason(form, meeting, view, service.did_not_happen, "This meeting did not happen", "Put down")


def _with_reason(
    form: FormPage, meeting: Meeting, view: FamilyView, change: Callable[..., Meeting], title: str, done: str
) -> Any:
    if form.submitted:
        with form.saving():
            change(form.command(meeting=meeting.ref), actor())
    if form.saved:
        flash(f"{done}. Arrange the next meeting here", "success")
        return redirect(url_for("meetings.family", family_ref=view.ref))
    return form.render("meetings/reason.html", view=view, meeting=reading.summary_of(meeting), title=title)


@pages.route("/meetings/<ref>/contribute", methods=["GET", "POST"])
@meeting_page("meetings.contribute", "team", "lead", "manage", "mash")
def contribute_page(meeting: Meeting, view: FamilyView) -> Any:
    form = FormPage(ContributeForm, Contribute, view, reading.answer_of(meeting, actor()))
    if form.submitted:
        with form.saving():
            service.contribute(form.command(meeting=meeting.ref, **form.form.said), actor())
    if form.saved:
        flash("Thank you. The lead professional is told", "success")
        return redirect(url_for("meetings.page", ref=meeting.ref))
    return form.render("meetings/contribute.html", view=view, meeting=reading.summary_of(meeting))


@pages.route("/meetings/<ref>/share", methods=["GET", "POST"])
@meeting_page("meetings.hold", "lead", "manage")
def share_page(meeting: Meeting, view: FamilyView) -> Any:
    there = [one for one in reading.attendees(view, meeting) if one.family]
    people = [person for person in view.people if any(one.person_id in person.records for one in there)]
    form = FormPage(ShareForm, ShareRecord, view, {"family": [{"person": person.ref} for person in people]})
    if form.submitted:
        told = [{"person": row["person"], "how": row["how"]} for row in form.form.family.data if row["how"]]
        with form.saving():
            service.share(form.command(meeting=meeting.ref, family=told), actor())
    if form.saved:
        flash("Put down who has the record", "success")
        return redirect(url_for("meetings.page", ref=meeting.ref))
    names = {person.ref: person.name for person in people}
    return form.render("meetings/share.html", view=view, meeting=reading.summary_of(meeting), names=names)


@pages.route("/meetings/<ref>/not-for-sharing", methods=["GET", "POST"])
@meeting_page("meetings.hold", "lead", "manage")
def withhold_page(meeting: Meeting, view: FamilyView) -> Any:
    about = [("", "Everybody"), *((person.ref, person.name) for person in view.people)]
    form = FormPage(WithholdForm, WithholdLine, view, choices={"about": about})
    if form.submitted:
        with form.saving():
            service.withhold(form.command(meeting=meeting.ref), actor())
    if form.saved:
        return redirect(url_for("meetings.page", ref=meeting.ref))
    return form.render("meetings/withhold.html", view=view, meeting=reading.summary_of(meeting))
