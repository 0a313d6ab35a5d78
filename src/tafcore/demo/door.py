"""What else a front door knows: families that did not want help then, one pointed to a service, a reply that failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tafcore.contacts import asking_again, slips
from tafcore.contacts import service as contacts
from tafcore.contacts.access import find_to_work
from tafcore.contacts.commands import (
    AgreementPart,
    AnswerContact,
    AskAgain,
    GiveSlip,
    ReferrerPart,
    RegisterContact,
)
from tafcore.contacts.replies import REPLY
from tafcore.db import session, utcnow
from tafcore.demo.beginning import graded, looked_at, referrer_told
from tafcore.demo.places import Borough
from tafcore.demo.story import Story
from tafcore.directory.reading import services
from tafcore.notices.models import Message
from tafcore.notices.service import give_up


@dataclass(frozen=True)
class Refusal:
    """A family that did not want help `days` ago; somebody asks again after `ask_after` days more."""

    area: str
    days: int
    source: str
    wants: str
    why: str
    instead: str
    ask_after: int


REFUSALS = (
    Refusal(
        "larch",
        47,
        "1A",
        "Somebody to talk to about his behaviour at home",
        "A new baby came, and she wants to settle first",
        "Her sister has the older one on Saturdays; the health visitor comes anyway",
        40,
    ),
    Refusal(
        "larch",
        33,
        "2A",
        "Help to get to school on time",
        "Dad says they can manage, and does not want more people involved",
        "Breakfast club at school from Monday; the pastoral lead rings on Fridays",
        42,
    ),
    Refusal(
        "larch",
        60,
        "1A",
        "Advice about sleep",
        "Too much at once: a move and a new job",
        "The sleep clinic's leaflet, and Nan at weekends",
        30,
    ),
    Refusal(
        "rowan",
        26,
        "2A",
        "Somebody for him to talk to",
        "He does not want anybody to know, and his mother agrees",
        "His form tutor keeps an eye; he has the youth line's number",
        45,
    ),
    Refusal(
        "alder",
        51,
        "1A",
        "Money for a cooker",
        "She was helped before and was not listened to",
        "The food bank on Thursdays; she keeps our number",
        45,
    ),
)
ASKED = 2
"""Which of them was asked again already."""


def told(borough: Borough, now: datetime) -> None:
    """All of it, before a plugin sends contacts to the team of their postcode. Call inside `writing()`."""
    for number, one in enumerate(REFUSALS):
        story = Story(borough, one.area, now - timedelta(days=one.days), number)
        refused(story, one)
        if number == ASKED:
            asked_again(story, one)
    pointed(Story(borough, "larch", now - timedelta(days=1), 1))
    unheard(Story(borough, "larch", now - timedelta(days=16), 4))


SCHOOL = ReferrerPart(name="Pastoral lead", organisation="Beech Hill Primary School", phone="020 7946 0170")
MAILED = SCHOOL.model_copy(update={"email": "pastoral@no-such-school.example"})


def _registered(
    story: Story, source: str, wants: str, status: str = "not_asked", school: ReferrerPart = SCHOOL
) -> None:
    """Told of at a door, looked at, and talked about with the family."""
    with story.on(0):
        command = RegisterContact(
            channel="phone",
            source=source,
            received_at=utcnow(),
            referrer=school if source == "2A" else ReferrerPart(),
            people=story.told or story.borough.invention.household(utcnow().date(), 1),
            wants=wants,
            agreement=AgreementPart(status=status),
            urgency="routine",
            level=2,
            safe_how="Her own mobile",
        )
        story.contact = contacts.register(command, story.borough.actor(story.hub)).ref
    looked_at(story)


def _answered(story: Story, code: str, **more: object) -> None:
    with story.on(2, 15):
        command = AnswerContact(contact=story.contact, answer=code, grade=graded(story), **more)
        contacts.answer(command, story.borough.actor(story.hub))


def refused(story: Story, one: Refusal) -> None:
    """They did not want help then: why, what happens instead, and when somebody asks again."""
    _registered(story, one.source, one.wants, "not_now")
    ask_on = (story.begun + timedelta(days=one.ask_after)).date()
    advice = "What there is, how to reach us, and that they may come back at any time"
    _answered(story, "not_now", advice=advice, reason=one.why, plan_b=one.instead, follow_up_on=ask_on)
    with story.on(3, 10):
        referrer_told(story)


def asked_again(story: Story, one: Refusal) -> None:
    """Somebody rang on the day; they may be asked once more."""
    with story.on(one.ask_after, 11):
        next_on = (story.begun + timedelta(days=one.ask_after + 60)).date()
        words = "Settled in the new flat; would like to hear from us after the winter"
        said = AskAgain(contact=story.contact, outcome="still_not_now", words=words, next_on=next_on)
        asking_again.ask_again(said, story.borough.actor(story.hub))


def pointed(story: Story) -> None:
    """Pointed to a service, with a slip by text."""
    _registered(story, "1A", "Something for the little one to do in the mornings")
    group = next(one for one in services() if one.name.startswith("Talking group"))
    advice = "When the group meets, and that nobody has to book"
    _answered(story, "signposted", advice=advice, reason="A group is what she asked for", service=group.id)
    with story.on(2, 16):
        ways = slips.ways(find_to_work(story.contact, story.borough.actor(story.hub)).id)
        place = next(place for how, place in ways if how == "text")
        slip = GiveSlip(contact=story.contact, how="text", to=place, safe=True)
        slips.give(slip, story.borough.actor(story.hub))


def unheard(story: Story) -> None:
    """A school told us by mail; our answer could not be delivered, and nobody has rung them yet."""
    _registered(story, "2A", "A word with Mum about packed lunches", school=MAILED)
    _answered(story, "advice", advice="Free meals, and how to ask for them", reason="One question, answered")
    sent = select(Message).where(Message.about == story.contact, Message.purpose == REPLY)
    with story.on(3, 9):
        give_up(session.scalars(sent).one(), "NoSuchAddress")
