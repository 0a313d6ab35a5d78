"""Offers of the demo borough's voluntary organisations, and requests at each stage; all invented."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from taf_vcs import service
from taf_vcs.access import SECTOR
from taf_vcs.commands import AnswerRequest, AskHelp, EndHelp, ImportOffer, StartHelp
from taf_vcs.models import Offer
from tafcore.api import (
    Actor,
    Agreement,
    Episode,
    Family,
    FamilyMember,
    NotFound,
    Organisation,
    Person,
    SectorScope,
    User,
    clock_at,
    london_day,
    session,
    utcnow,
    visible_family_by_id,
)

OFFERS: tuple[dict[str, Any], ...] = (
    {
        "title": "Money and benefits advice",
        "what": "An adviser looks at debts, rent and what can be claimed, and stays until it is sorted",
        "for_whom": "Families who cannot make the month's money last",
        "places_month": 12,
        "wait_weeks": 2,
        "how": "Send a request. We ring within two days of accepting it and meet where the family likes",
        "ring_name": "The advice line",
        "phone": "020 7946 0120",
    },
    {
        "title": "Volunteer at home",
        "what": "A trained volunteer visits once a week for half a year",
        "for_whom": "Parents of a child under five who have little help around them",
        "max_age": 4,
        "places_month": 3,
        "wait_weeks": 9,
        "how": "Send a request. We visit first, then look for a volunteer who suits",
        "ring_name": "The volunteers' desk",
        "phone": "020 7946 0141",
    },
    {
        "title": "Food parcels and a warm meal",
        "what": "A parcel each Thursday, and a meal together on Saturdays",
        "for_whom": "Anybody who is short of food",
        "wait_weeks": 0,
        "how": "Send a request or simply come",
        "phone": "020 7946 0142",
    },
    {
        "title": "A safe way out",
        "what": "A worker for somebody who is afraid at home: plans, places, court",
        "for_whom": "Anybody harmed or frightened by a partner or relative",
        "wait_weeks": 1,
        "how": "Ring first, so that nothing is written that could be found",
        "phone": "020 7946 0143",
        "discreet": True,
    },
)
YOUTH: tuple[dict[str, Any], ...] = (
    {
        "title": "Mentor for a young person",
        "what": "The same adult every week for a year: sport, homework, a listening ear",
        "for_whom": "Young people who have nobody to turn to",
        "min_age": 11,
        "max_age": 18,
        "places_month": 4,
        "wait_weeks": 14,
        "how": "Send a request with what the young person says they would like",
        "ring_name": "The mentors' co-ordinator",
        "phone": "020 7946 0123",
    },
    {
        "title": "Homework club",
        "what": "Quiet rooms, computers and people who help, four afternoons a week",
        "for_whom": "Pupils without a quiet place",
        "min_age": 8,
        "max_age": 16,
        "wait_weeks": 0,
        "how": "Send a request or come along",
        "phone": "020 7946 0144",
        "neighbourhood": "Rowan and Central",
    },
    {
        "title": "Holiday trips",
        "what": "Days out in the holidays, lunch included",
        "for_whom": "Children who would otherwise stay indoors",
        "min_age": 5,
        "max_age": 12,
        "wait_weeks": 6,
        "how": "Places open again in spring",
        "phone": "020 7946 0145",
        "state": "paused",
    },
)
STORIES: tuple[tuple[str, int, str, str], ...] = (
    ("started", 0, "Somebody to go through the letters about rent with them", "Two months behind, and court is near"),
    ("asked", 2, "A parcel for four each week until the claim comes through", "The cupboard is empty on Thursdays"),
    ("accepted", 1, "Somebody who comes by on weekday mornings", "Alone with a baby and a toddler, and worn out"),
    ("ended", 0, "Look at what they can claim", "Hours at work were cut"),
    ("declined", 1, "A visitor once a week", "New to the borough and knows nobody"),
    ("asked", 0, "Help to talk with the landlord", "The boiler has been broken for weeks"),
)
"""How far each request has come, which of OFFERS it is for, what would help and why. No names, as pages ask."""


def fill(borough: Any) -> None:
    """Offers of both organisations, and requests to the first for families that agreed; `borough` is the demo's."""
    if session.scalar(select(SectorScope.id).where(SectorScope.sector == SECTOR)) is None:
        session.add(SectorScope(sector=SECTOR, switched_on_by="The demo"))
    if session.scalar(select(Offer.id).limit(1)) is not None:
        return
    places = {"money": OFFERS, "young": YOUTH}
    made = {key: [_offer(borough.organisations[key], one) for one in told] for key, told in places.items()}
    for (stage, place, wants, why), (family, lead) in zip(STORIES, _families(borough), strict=False):
        _tell(borough, stage, made["money"][place], family, lead, (wants, why))


def _offer(organisation: Organisation, told: dict[str, Any]) -> Offer:
    known = session.scalars(select(Organisation.name).where(Organisation.id == organisation.id)).one()
    importer = Actor("importer", None, known, permissions=frozenset({"vcs.import"}))
    return service.import_offer(ImportOffer(organisation=known, **told), importer)


def _families(borough: Any) -> list[tuple[Family, User]]:
    """Families with early help open and a lead professional, and who leads them, in the order they were made."""
    refs = {ref: place for place, ref in enumerate(borough.families)}
    opened = select(Family).join(Episode, Episode.family_id == Family.id).where(Episode.state == "open")
    families = sorted(session.scalars(opened.where(Family.ref.in_(refs))), key=lambda family: refs[family.ref])
    found = []
    for family in families:
        leads = [user for user in borough.users.values() if _leads(user, family)]
        found += [(family, leads[0])] if leads else []
    return found


def _leads(user: User, family: Family) -> bool:
    try:
        return "lead" in visible_family_by_id(family.id, user.actor(), "demo").scopes
    except NotFound:
        return False


def _tell(borough: Any, stage: str, offer: Offer, family: Family, lead: User, said: tuple[str, str]) -> None:
    agreed = _who_agreed(family)
    if agreed is None:
        return
    now, days = utcnow(), {"asked": 9 if offer.wait_weeks else 1, "accepted": 24}.get(stage, 40)
    wants, why = said
    asked = AskHelp(family=family.ref, offer=offer.id, agreed_by=agreed, wants=wants, why=why)
    helper = borough.actor("vcs")
    with clock_at(now - timedelta(days=days)):
        ref = service.ask(asked, lead.actor()).ref
    if stage == "asked":
        return
    with clock_at(now - timedelta(days=days - 3)):
        if stage == "declined":
            words = "All our volunteers are with families until spring; try the hub's own group"
            answer = AnswerRequest(request=ref, accept=False, reason="full", words=words)
        else:
            answer = AnswerRequest(request=ref, accept=True, words="We know the landlord well")
        service.answer(answer, helper)
    if stage in ("started", "ended"):
        with clock_at(now - timedelta(days=days - 12)):
            service.start(StartHelp(request=ref, started_on=london_day(utcnow())), helper)
    if stage == "ended":
        with clock_at(now - timedelta(days=6)):
            done = EndHelp(request=ref, outcome="helped", words="Everything due is claimed and paid")
            service.end(done, helper)


def _who_agreed(family: Family) -> str | None:
    """The reference of a member whose agreement covers the voluntary sector."""
    here = (
        select(Person.ref, Agreement.scope)
        .join(Agreement, Agreement.person_id == Person.id)
        .join(FamilyMember, FamilyMember.person_id == Person.id)
        .where(Agreement.family_id == family.id, Agreement.status == "agreed", Agreement.ended_at.is_(None))
        .order_by(Person.id)
    )
    return next((ref for ref, scope in session.execute(here) if SECTOR in scope.split()), None)
