"""Links that somebody without an account was sent: no page leads to them, so each is made as a worker would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, url_for
from sqlalchemy import select

from tafcore.accounts.models import User
from tafcore.accounts.service import hash_token
from tafcore.actor import Actor
from tafcore.assessments import asking, assessing
from tafcore.assessments.commands import AskPartners, StartAssessment
from tafcore.assessments.models import Assessment
from tafcore.db import session, utcnow, writing
from tafcore.episodes import inviting
from tafcore.episodes.commands import AddTafMember
from tafcore.episodes.models import AccountOffer, Episode, LeadAppointment, TafMember
from tafcore.families.access import FamilyView, visible_family_by_id
from tafcore.meetings import by_link
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import MakeLink, ScheduleMeeting
from tafcore.meetings.models import Meeting, MeetingPerson, MeetingShare
from tafcore.plans import linking
from tafcore.plans.commands import AskByLink
from tafcore.plans.models import Action, Plan
from tafcore.record import own_links
from tafcore.record.commands import MakeOwnLink

WHO = {"name": "H. Ousing", "organisation": "Larch Homes"}
SENT = {**WHO, "sector": "sport", "email": "h@larch.example", "why": "They help already"}


def led(app: Flask) -> tuple[Actor, FamilyView]:
    """The lead professional of a family whose record of a meeting was shared, and their view of it."""
    led = select(LeadAppointment.user_id, Episode.family_id).join(Episode, Episode.id == LeadAppointment.episode_id)
    shared = select(Meeting.family_id).where(Meeting.state == "shared")
    led = led.where(LeadAppointment.ended_at.is_(None), LeadAppointment.accepted_at.is_not(None))
    user, family = session.execute(led.where(Episode.state == "open", Episode.family_id.in_(shared)).limit(1)).one()
    actor = session.get_one(User, user).actor()
    return actor, visible_family_by_id(family, actor)


def _invitation(lead: Actor, view: FamilyView) -> str:
    asked = AddTafMember(family=view.ref, role="Finds them a home", invite=True, **SENT)
    return inviting.invite(asked, lead).url


def _account(lead: Actor, view: FamilyView) -> str:
    """Of this link nobody but the mail knows: a row like that of `episodes.offering`."""
    member = session.scalars(select(TafMember.id).where(TafMember.name == WHO["name"])).one()
    token, until = "an account for the team", utcnow() + timedelta(days=9)
    offer = AccountOffer(member_id=member, token_hash=hash_token(token), email=SENT["email"], expires_at=until)
    offer.offered_by = lead.byline
    session.add(offer)
    return url_for("episodes.make_account", token=token)


def _meeting(lead: Actor, view: FamilyView) -> str:
    member = session.scalars(select(TafMember.id).where(TafMember.name == WHO["name"])).one()
    arranged = {"family": view.ref, "at": utcnow() + timedelta(days=9), "place": "Larch hub", "people": ()}
    made = meetings.schedule(ScheduleMeeting(members=(member,), **arranged), lead)
    invited = select(MeetingPerson.id).where(MeetingPerson.meeting_id == made.id, MeetingPerson.name == WHO["name"])
    return by_link.make_link(MakeLink(meeting=made.ref, invitation=session.scalars(invited).one()), lead)


def _action(lead: Actor, view: FamilyView) -> str:
    mine = select(Action).join(Plan, Plan.id == Action.plan_id).where(Plan.family_id == view.id)
    action = session.scalars(mine.where(Action.state == "to_do", Action.ended_at.is_(None)).limit(1)).one()
    action.owner_user_id = action.owner_person_id = None
    action.owner_name = ", ".join(WHO.values())
    session.flush()
    return linking.ask(AskByLink(family=view.ref, action=action.ref, **SENT), lead).url


def _questions(lead: Actor, view: FamilyView) -> str:
    if (
        session.scalars(
            select(Assessment.id).where(Assessment.family_id == view.id, Assessment.state == "open")
        ).first()
        is None
    ):
        assessing.start(StartAssessment(family=view.ref), lead)
    children = tuple(child.ref for child in view.children)
    (link,) = asking.ask(AskPartners(family=view.ref, children=children, **SENT), lead)
    return link.url


def own_copy(app: Flask) -> tuple[str, str, str]:
    """(path, number, path of the copy of a meeting) of a page of one's own."""
    with app.test_request_context(), writing():
        lead, view = led(app)
        person = view.adults[0]
        shared = select(Meeting).where(Meeting.family_id == view.id, Meeting.state == "shared").limit(1)
        meeting = session.scalars(shared).one()
        session.add(MeetingShare(meeting_id=meeting.id, person_id=person.id, how="given", by="A lead"))
        asked = MakeOwnLink(family=view.ref, person=person.ref, how="pin")
        made = own_links.make(asked, lead, 13, lambda token: f"/f/{token}")
        return made.url, made.pin or "", f"{made.url}?copy={meeting.ref}"


MADE: Mapping[str, Callable[[Actor, FamilyView], str]] = {
    "episodes.answer_invitation": _invitation,
    "episodes.make_account": _account,
    "meetings.answer_by_link": _meeting,
    "plans.answer_by_link": _action,
    "assessments.answer_by_link": _questions,
}
"""Endpoint -> the making of such a link; of one outside professional, in this order."""
WALKED = frozenset({"own_page.page", "own_page.nothing", "front_door.tell"})
"""Those that tests of their own walk through."""


def links(app: Flask) -> dict[str, str]:
    """Endpoint -> the path of a link that opens it."""
    found = {}
    before, app.config["PUBLIC_URL"] = app.config["PUBLIC_URL"], "http://localhost"
    try:
        for endpoint, make in MADE.items():
            with app.test_request_context(), writing():
                lead, view = led(app)
                found[endpoint] = urlsplit(make(lead, view)).path
    finally:
        app.config["PUBLIC_URL"] = before  # one borough serves every browser test of this process
    return found
