"""The routes. Who calls, what they may and whether they may know of the record is decided before a body is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, current_app, jsonify, request
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from tafcore.contacts import reading as contacts
from tafcore.contacts import service as contacts_service
from tafcore.contacts.commands import RegisterContact
from tafcore.contributions import Problem
from tafcore.families.access import FamilyView, visible_family
from tafcore.families.covering import covered_in
from tafcore.families.likely import candidates
from tafcore.meetings import service as meetings_service
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.meetings.reading import next_meeting
from tafcore.outcomes import reading as outcomes
from tafcore.people.commands import PersonDetails
from tafcore.permissions import actor, public, requires
from tafcore.plans import service as plans_service
from tafcore.plans.commands import UpdateAction
from tafcore.plans.reading import plan_of
from tafcore.record import chronology, listing
from tafcore.record.reading import family_page
from tafcore.security import problem
from tafcore.vocabulary import Part, problems_of
from tafcore.web_api import answers, asking, figures, openapi
from tafcore.web_api.asking import AUDIENCE, answered, command, done_once
from tafcore.web_api.operations import Query, operation
from tafcore.work import NotFound, Refused

View = TypeVar("View", bound=Callable[..., Any])

pages = Blueprint("web_api", __name__, url_prefix="/api/v1")
pages.url_value_preprocessor(asking.identify)

AFTER = Query("after", {"type": "string"}, "What the last page gave as `after`")
LIMIT = Query(
    "limit", {"type": "integer", "minimum": 1, "maximum": asking.MOST}, "Rows to a page, 25 if nothing is said"
)


class WhoMightThisBe(Part):
    """People as somebody told us of them."""

    people: tuple[PersonDetails, ...] = Field(min_length=1, max_length=20)


@pages.errorhandler(ValidationError)
def refused(fault: ValidationError) -> Response:
    return problem(422, "Some of this cannot be accepted", problems_of(fault))


@pages.errorhandler(BadRequest)
@pages.errorhandler(UnsupportedMediaType)
def unreadable(fault: HTTPException) -> Response:
    """What is missing or cannot be read, in our own words."""
    return problem(fault.code or 400, fault.description or fault.name)


@pages.after_request
def challenge(response: Response) -> Response:
    """A 401 says which kind of key opens the door."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def family_route(permission: str, *scopes: str) -> Callable[[View], View]:
    """A route at `<family_ref>`: the view receives `view`, shown to the family unless the caller says otherwise."""

    def wrap(view: View) -> View:
        @requires(permission)
        @wraps(view)
        def guarded(family_ref: str, **values: Any) -> Any:
            found = visible_family(family_ref, actor(), str(request.endpoint), frozenset(scopes))
            return view(view=found if asking.for_worker() else found.shown_to_family(), **values)

        cast(Any, guarded).scopes = frozenset(scopes)
        return cast(View, guarded)

    return wrap


@pages.get("/openapi.json")
@public("describes the API and holds no data")
def describe() -> Any:
    return jsonify(openapi.document(current_app))


def _matches(people: Iterable[PersonDetails]) -> list[answers.PersonMatches]:
    return [answers.PersonMatches.of(index, candidates(one, actor())) for index, one in enumerate(people)]


@pages.post("/contacts")
@operation("Register a contact", answers.ContactRegistered, 201, body=RegisterContact)
@requires("contacts.register")
def register() -> Response:
    def act(sent: dict[str, Any]) -> tuple[int, BaseModel]:
        asked = command(RegisterContact, sent)
        try:
            ref = contacts_service.register(asked, actor()).ref
        except Refused as refusal:
            raise Refused(_as_sent(refusal.problems, sent)) from refusal
        view = contacts.contact_of(ref, actor())
        people = _matches(asked.people)
        code = view.telling.code or None
        return 201, answers.ContactRegistered(ref=ref, code=code, state=view.state, due=view.due, people=people)

    return done_once(act)


def _as_sent(problems: Iterable[Problem], sent: dict[str, Any]) -> list[Problem]:
    """Where one answer was sent instead of a list of them, its faults have no number."""
    listed = isinstance(sent.get("agreement"), list)
    shown = (one.field if listed else one.field.replace("agreement.0.", "agreement.", 1) for one in problems)
    return [Problem(one.message, field) for one, field in zip(problems, shown, strict=True)]


@pages.get("/contacts/<ref>")
@operation("How a contact stands", answers.ContactOut)
@requires("contacts.read")
def contact(ref: str) -> Response:
    return answered(answers.ContactOut.of(contacts.contact_of(ref, actor())))


@pages.post("/matches")
@operation("Who might these people be? Nothing is stored", answers.Matches, body=WhoMightThisBe)
@requires("contacts.register")
def matches() -> Response:
    asking.idempotency_key()
    return answered(answers.Matches(people=_matches(command(WhoMightThisBe, asking.body()).people)))


SHOWN = Query("show", {"type": "string", "enum": list(listing.SHOW), "default": "open"}, "Which families")


@pages.get("/families")
@operation("The families the caller may see", answers.Families, query=(SHOWN, AFTER, LIMIT, AUDIENCE))
@requires("record.read")
def families() -> Response:
    show = asking.choice("show", tuple(listing.SHOW), "open")
    asked = listing.Asked(show=show, after=request.args.get("after", ""))
    alone, page = asking.for_worker(), listing.families(actor(), asked, asking.limit())
    return answered(answers.Families.of(page, {} if alone else covered_in({row.ref for row in page.rows})))


@pages.get("/families/<family_ref>")
@operation("A family, who helps and how it stands", answers.FamilyOut, query=(AUDIENCE,))
@family_route("record.read")
def family(view: FamilyView) -> Response:
    return answered(answers.FamilyOut.of(view, family_page(view, actor()), next_meeting(view)))


AS_AT = Query("as_at", {"type": "string", "format": "date"}, "The plan as it was at the end of this day")


@pages.get("/families/<family_ref>/plan")
@operation("A family's plan", figures.PlanOut, query=(AS_AT, AUDIENCE))
@family_route("plans.read")
def plan(view: FamilyView) -> Response:
    if not view.may("plan"):
        raise NotFound
    return answered(figures.PlanOut.of(plan_of(view, _day("as_at"))))


def _day(name: str) -> date | None:
    text = request.args.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise Refused([Problem("Enter a date, for example 2018-05-04", name)]) from fault


@pages.get("/families/<family_ref>/chronology")
@operation("What happened with a family", answers.Chronology, query=(AFTER, LIMIT, AUDIENCE))
@family_route("record.read")
def family_chronology(view: FamilyView) -> Response:
    if not view.may("chronology"):
        raise NotFound
    page = chronology.chronology_of(view, chronology.Asked(after=request.args.get("after", "")), asking.limit())
    return answered(answers.Chronology.of(page))


@pages.post("/families/<family_ref>/actions/<action>/updates")
@operation("How an action of the plan stands", figures.ActionOut, 201, body=UpdateAction, without=("family", "action"))
@family_route("plans.update_action", *UpdateAction.scopes)
def update_action(view: FamilyView, action: str) -> Response:
    def known() -> Any:
        found = plan_of(view)
        return found.action(action) if found else None

    def act(sent: dict[str, Any]) -> tuple[int, BaseModel]:
        plans_service.update_action(command(UpdateAction, sent, family=view.ref, action=action), actor())
        return 201, figures.ActionOut.of(known())

    if known() is None:
        raise NotFound
    return done_once(act)


@pages.post("/families/<family_ref>/meetings")
@operation("Arrange a meeting", answers.MeetingOut, 201, body=ScheduleMeeting, without=("family",))
@family_route("meetings.schedule", *ScheduleMeeting.scopes)
def schedule_meeting(view: FamilyView) -> Response:
    def act(sent: dict[str, Any]) -> tuple[int, BaseModel]:
        made = meetings_service.schedule(command(ScheduleMeeting, sent, family=view.ref), actor())
        return 201, answers.MeetingOut.model_validate(made, from_attributes=True)

    return done_once(act)


PERIOD = Query(
    "period", {"type": "string", "pattern": "^[0-9]{4}-(04|10)$"}, "A half-year by its first month, such as 2026-04"
)
KNOWN = Query("as_at", {"type": "string", "format": "date"}, "As it was known at the end of this month")


@pages.get("/measures")
@operation("The Board's figures, small numbers left out", figures.FiguresOut, query=(PERIOD, KNOWN))
@requires("outcomes.read")
def measures() -> Response:
    asked = outcomes.chosen(request.args.get("period", ""), request.args.get("as_at", ""))
    found = outcomes.figures(asked.period, actor())
    return answered(figures.FiguresOut.of(found))
