"""Telling of offers, asking for them, answering. Nothing here commits: call inside `writing()`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from taf_vcs import reading, rules
from taf_vcs.access import SECTOR
from taf_vcs.commands import (
    AnswerRequest,
    AskHelp,
    ChangeOffer,
    EndHelp,
    ImportOffer,
    NoteInterim,
    PublishOffer,
    StartHelp,
    TakeBack,
)
from taf_vcs.events import InterimNoted, OfferTold, RequestMoved
from taf_vcs.models import Offer, Request
from taf_vcs.reading import Opened
from tafcore.api import (
    WORKER,
    Actor,
    Agreement,
    AgreementRecorded,
    Family,
    FamilyView,
    Neighbourhood,
    NotFound,
    Organisation,
    Problem,
    Refused,
    Subject,
    check,
    due,
    fold,
    london_day,
    new_ref,
    publish,
    session,
    utcnow,
    visible_family,
)

LONGEST_AHEAD = timedelta(days=366)

# --- offers ---------------------------------------------------------------------------------------------------------


def publish_offer(command: PublishOffer, actor: Actor) -> Offer:
    """Tell of an offer of the actor's own organisation."""
    organisation = check(command, actor, lambda: _own_organisation(actor), _offer_problems)
    return _tell(Offer(organisation_id=organisation.id), organisation.name, command, command.neighbourhood, actor)


def change_offer(command: ChangeOffer, actor: Actor) -> Offer:
    """Tell anew of one's own organisation's offer."""
    organisation, offer = check(command, actor, lambda: _own_offer(command.offer, actor), _offer_problems)
    return _tell(offer, organisation.name, command, command.neighbourhood, actor)


def import_offer(command: ImportOffer, actor: Actor) -> Offer:
    """An offer from a file; the same title of the same organisation changes it."""
    organisation = check(command, actor, lambda: _organisation_named(command.organisation), _offer_problems)
    place = None
    if command.neighbourhood:
        place = session.scalar(select(Neighbourhood.id).where(Neighbourhood.name == command.neighbourhood))
        if place is None:
            raise Refused([Problem("We know no neighbourhood of this name", "neighbourhood")])
    same = select(Offer).where(Offer.organisation_id == organisation.id, Offer.sort_title == fold(command.title))
    offer = session.scalar(same) or Offer(organisation_id=organisation.id)
    return _tell(offer, organisation.name, command, place, actor)


def _own_organisation(actor: Actor) -> Organisation:
    if actor.sector != SECTOR or actor.organisation_id is None:
        raise NotFound
    return session.get_one(Organisation, actor.organisation_id)


def _own_offer(offer_id: int, actor: Actor) -> tuple[Organisation, Offer]:
    organisation = _own_organisation(actor)
    offer = session.get(Offer, offer_id)
    if offer is None or offer.organisation_id != organisation.id:
        raise NotFound
    return organisation, offer


def _organisation_named(name: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.name == name, Organisation.sector == SECTOR))
    if found is None:
        raise Refused([Problem("We know no voluntary organisation of this name", "organisation")])
    return found


def _offer_problems(found: Any, command: Any) -> list[Problem]:
    problems = rules.offer_problems(command)
    organisation, offer = found if isinstance(found, tuple) else (found, None)
    same = select(Offer.id).where(Offer.organisation_id == organisation.id, Offer.sort_title == fold(command.title))
    other = session.scalar(same)
    if other is not None and not isinstance(command, ImportOffer) and (offer is None or offer.id != other):
        problems.append(Problem("You have an offer of this name already: change that one", "title"))
    place = getattr(command, "neighbourhood", None)
    if isinstance(place, int) and session.get(Neighbourhood, place) is None:
        problems.append(Problem("Choose a neighbourhood from the list", "neighbourhood"))
    return problems


def _tell(
    offer: Offer,
    organisation: str,
    told: PublishOffer | ChangeOffer | ImportOffer,
    neighbourhood: int | None,
    actor: Actor,
) -> Offer:
    for name in ("title", "what", "for_whom", "min_age", "max_age", "places_month", "wait_weeks", "how", "ring_name"):
        setattr(offer, name, getattr(told, name))
    offer.phone, offer.state, offer.discreet, offer.neighbourhood_id = (
        told.phone,
        told.state,
        told.discreet,
        neighbourhood,
    )
    offer.sort_title = fold(told.title)
    offer.search_words = fold(" ".join((told.title, organisation, told.for_whom, told.what)))
    offer.told_at, offer.told_by = utcnow(), actor.byline
    session.add(offer)
    session.flush()
    publish(
        OfferTold(
            actor=actor,
            subject=Subject("vcs.offer", offer.id),
            organisation_id=offer.organisation_id,
            title=offer.title,
            state=offer.state,
        )
    )
    return offer


# --- asking ---------------------------------------------------------------------------------------------------------


def ask(command: AskHelp, actor: Actor) -> Request:
    """Ask an organisation for an offer; refused unless who said yes agreed to share with the voluntary sector."""
    view = check(
        command, actor, lambda: visible_family(command.family, actor, "change", command.scopes), _asking_problems
    )
    offer = session.get_one(Offer, command.offer)
    now = utcnow()
    made = Request(ref=_new_ref(), family_id=view.id, offer_id=offer.id, organisation_id=offer.organisation_id)
    made.person_id = view.person(command.person).id if command.person else None
    made.agreed_by_id = view.person(command.agreed_by).id
    made.wants, made.why, made.needed_by, made.interim = command.wants, command.why, command.needed_by, command.interim
    made.asked_at, made.asked_by, made.asked_by_id = now, actor.byline, actor.user_id
    made.state, made.answer_due = "asked", due("partner_answer", now)
    session.add(made)
    session.flush()
    _moved(made, offer, None, actor)
    return made


def _new_ref() -> str:
    while True:
        ref = new_ref("Q")
        if session.scalar(select(Request.id).where(Request.ref == ref)) is None:
            return ref


def _asking_problems(view: FamilyView, asked: AskHelp) -> list[Problem]:
    problems = []
    known = {person.ref: person for person in view.people}
    offer = session.get(Offer, asked.offer)
    if offer is None or offer.state != "open":
        problems.append(Problem("Choose an offer that takes requests", "offer"))
    if asked.person and asked.person not in known:
        problems.append(Problem("Choose somebody of this family, or the family", "person"))
    if asked.agreed_by not in known:
        problems.append(Problem("Choose who of the family said yes", "agreed_by"))
    else:
        about = known.get(asked.person) if asked.person else None
        problems += _agreement_problems(view, known[asked.agreed_by].id, about.id if about else None)
    today = london_day(utcnow())
    if asked.needed_by is not None and not today <= asked.needed_by <= today + LONGEST_AHEAD:
        problems.append(Problem("Enter a day within the next year, or leave it empty", "needed_by"))
    return problems or _twice(view, asked, known)


def _agreement_problems(view: FamilyView, agreed_by: int, about: int | None) -> list[Problem]:
    """Agreement is asked of who said yes, and nobody is asked about who said no for themselves."""
    mine = select(Agreement).where(Agreement.family_id == view.id, Agreement.ended_at.is_(None))
    answers = {view.own(row.person_id): row for row in session.scalars(mine.order_by(Agreement.id))}
    said = answers.get(agreed_by)
    if said is None or said.status != "agreed" or SECTOR not in said.scope.split():
        words = "Their agreement does not cover voluntary organisations. Ask them, and record it under Who can see this"
        return [Problem(words, "agreed_by")]
    own = answers.get(about) if about is not None else None
    if own is not None and own.status in ("not_now", "withdrawn"):
        return [Problem("They have said for themselves that they do not want help now", "person")]
    return []


def _twice(view: FamilyView, asked: AskHelp, known: dict[str, Any]) -> list[Problem]:
    about = known[asked.person].records if asked.person else None
    same = select(Request.ref).where(
        Request.family_id == view.id,
        Request.offer_id == asked.offer,
        Request.over_at.is_(None),
        Request.person_id.is_(None) if about is None else Request.person_id.in_(about),
    )
    ref = session.scalar(same)
    return [Problem(f"This is asked for already: {ref}", "offer")] if ref else []


# --- the organisation -----------------------------------------------------------------------------------------------


def _for_organisation(ref: str, actor: Actor) -> Request:
    found = reading.opened(ref, actor, "change")
    if not found.for_organisation:
        raise NotFound
    return session.get_one(Request, found.id)


def answer(command: AnswerRequest, actor: Actor) -> Request:
    """Accept or decline a request to the actor's organisation."""

    def may(request: Request, asked: AnswerRequest) -> list[Problem]:
        found = rules.must_be(request.state, "asked") + rules.answer_problems(asked, london_day(utcnow()))
        here = {one for one, _ in reading.colleagues(actor.organisation_id)}
        if asked.accept and (asked.worker or actor.user_id) not in here:
            found.append(Problem("Choose a colleague from the list", "worker"))
        return found

    request = check(command, actor, lambda: _for_organisation(command.request, actor), may)
    request.answered_at, request.answer_words = utcnow(), command.words
    if command.accept:
        request.state, request.starts_on = "accepted", command.starts_on
        request.worker_id = command.worker or actor.user_id
    else:
        request.state, request.declined, request.over_at = "declined", command.reason, request.answered_at
    _moved(request, session.get_one(Offer, request.offer_id), request.declined, actor)
    return request


def start(command: StartHelp, actor: Actor) -> Request:
    """The help began: the wait is over."""

    def may(request: Request, asked: StartHelp) -> list[Problem]:
        found = rules.must_be(request.state, "accepted")
        if not london_day(request.asked_at) <= asked.started_on <= london_day(utcnow()):
            found.append(Problem("Enter a day since it was asked for, today at the latest", "started_on"))
        return found

    request = check(command, actor, lambda: _for_organisation(command.request, actor), may)
    request.state, request.started_on = "started", command.started_on
    _moved(request, session.get_one(Offer, request.offer_id), None, actor)
    return request


def end(command: EndHelp, actor: Actor) -> Request:
    """The help ended; the organisation sees the family no longer."""
    request = check(
        command,
        actor,
        lambda: _for_organisation(command.request, actor),
        lambda found, _: rules.must_be(found.state, "accepted", "started"),
    )
    request.state, request.outcome, request.over_words = "ended", command.outcome, command.words
    request.over_at = utcnow()
    _moved(request, session.get_one(Offer, request.offer_id), request.outcome, actor)
    return request


# --- whoever asked --------------------------------------------------------------------------------------------------


def _for_family(command: TakeBack | NoteInterim, actor: Actor) -> Opened:
    found = reading.opened(command.request, actor, "change")
    if found.view is None:
        raise NotFound
    found.view.require(command.scopes)
    return found


def take_back(command: TakeBack, actor: Actor) -> Request:
    """It is no longer wanted, or not of them."""
    found = check(
        command,
        actor,
        lambda: _for_family(command, actor),
        lambda found, _: rules.must_be(found.request.state, *rules.OPEN),
    )
    return _taken_back(session.get_one(Request, found.id), command.words, actor)


def _taken_back(request: Request, words: str, actor: Actor) -> Request:
    request.state, request.over_words, request.over_at = "taken_back", words, utcnow()
    _moved(request, session.get_one(Offer, request.offer_id), None, actor)
    return request


def note_interim(command: NoteInterim, actor: Actor) -> Request:
    """What helps meanwhile."""
    found = check(
        command,
        actor,
        lambda: _for_family(command, actor),
        lambda found, _: rules.must_be(found.request.state, *rules.WAITING),
    )
    request = session.get_one(Request, found.id)
    request.interim = command.interim
    publish(
        InterimNoted(
            actor=actor,
            subject=Subject("vcs.request", request.id, request.ref),
            family_id=request.family_id,
            people=_about(request),
        )
    )
    return request


def follow_agreement(event: AgreementRecorded) -> None:
    """When nobody of the family agrees to the voluntary sector any more, nothing is asked of it and nobody there sees.

    Whom the core has to bar it bars; a request that only waits is known to no rule of access, and ends here.
    """
    mine = select(Agreement.status, Agreement.scope)
    mine = mine.where(Agreement.family_id == event.family_id, Agreement.ended_at.is_(None))
    if any(status == "agreed" and SECTOR in scope.split() for status, scope in session.execute(mine)):
        return
    live = select(Request).where(Request.family_id == event.family_id, Request.over_at.is_(None))
    for request in session.scalars(live.order_by(Request.id)).all():
        _taken_back(request, "The family no longer agrees to it", WORKER)


# --- what is told ---------------------------------------------------------------------------------------------------

LINES = {
    "asked": "{title} was asked of {organisation}",
    "accepted": "{organisation} will help: {title}",
    "declined": "{organisation} cannot help: {title}",
    "started": "{organisation} began to help: {title}",
    "ended": "{organisation} ended its help: {title}",
    "taken_back": "A request to {organisation} was taken back: {title}",
}
DISCREET = {
    "asked": "Specialist help was asked for",
    "accepted": "Specialist help was accepted",
    "declined": "Specialist help was declined",
    "started": "Specialist help began",
    "ended": "Specialist help ended",
    "taken_back": "A request for specialist help was taken back",
}


def _about(request: Request) -> tuple[int, ...]:
    return (request.person_id,) if request.person_id is not None else ()


def _moved(request: Request, offer: Offer, code: str | None, actor: Actor) -> None:
    session.flush()
    organisation = session.get_one(Organisation, request.organisation_id)
    line = DISCREET[request.state] if offer.discreet else LINES[request.state]
    users, team = _whom(request, actor)
    publish(
        RequestMoved(
            actor=actor,
            subject=Subject("vcs.request", request.id, request.ref),
            family_id=request.family_id,
            people=_about(request),
            line=line.format(title=offer.title, organisation=organisation.name),
            audience="workers" if offer.discreet else "team",
            state=request.state,
            code=code,
            organisation_id=request.organisation_id,
            offer_id=request.offer_id,
            to_users=users,
            to_team=team,
        )
    )


def _whom(request: Request, actor: Actor) -> tuple[tuple[int, ...], int | None]:
    """(users, team) to tell: the organisation of what is asked or taken back; else whoever asked, and their team."""
    team = None
    told: set[int | None] = {request.asked_by_id}
    if request.state not in ("asked", "taken_back"):
        team = session.get_one(Family, request.family_id).team_id
    elif request.worker_id is not None:
        told = {request.worker_id}
    else:
        told = {one for one, _ in reading.colleagues(request.organisation_id)}
    return tuple(sorted({user for user in told if user is not None and user != actor.user_id})), team
