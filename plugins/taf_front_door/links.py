"""One-off links: sending them, and taking in what a professional tells by one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Select, func, or_, select

from taf_front_door import rules
from taf_front_door.commands import SendLink, Tell, WithdrawLink
from taf_front_door.events import LinkFailed, LinkSent, LinkUsed, LinkWithdrawn
from taf_front_door.models import Link
from tafcore.api import (
    WORKER,
    Actor,
    Contact,
    MessageFailed,
    NotFound,
    PersonDetails,
    Problem,
    Refused,
    RegisterContact,
    Subject,
    Team,
    User,
    admit_contact,
    check,
    contact_code,
    london_day,
    problems_of,
    publish,
    register_contact,
    session,
    utcnow,
    writing_aside,
)

SHOWN = 50
PURPOSE = "front_door.link"
"""Followed by the link's id: the purpose of the mail that carries it."""


@dataclass(frozen=True)
class LinkLine:
    """A link as those who sent it see it. `contact` is the reference of what came of it."""

    key: str
    name: str
    organisation: str
    email: str | None
    sent_by: str
    sent_at: datetime
    expires_at: datetime
    state: str
    contact: str | None

    @property
    def state_words(self) -> str:
        return rules.LINK_STATES[self.state]

    @property
    def waits(self) -> bool:
        return self.state in ("sent", "failed", "opened")


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _subject(link: Link) -> Subject:
    return Subject("one_off_link", link.id)


# --- those who send them ---------------------------------------------------------------------------------------------


def send(command: SendLink, actor: Actor, url_of: Callable[[str], str]) -> str:
    """Make a link and send it where there is an address; gives its URL, which nobody can look up again."""
    check(command, actor)
    now = utcnow()
    lately = select(func.count()).where(Link.sent_by_id == actor.user_id, Link.sent_at > now - rules.FORGOTTEN)
    if actor.user_id is None or (session.scalar(lately) or 0) >= rules.LINKS_A_DAY:
        raise Refused([Problem(f"You have sent {rules.LINKS_A_DAY} links in a day. Send more tomorrow")])
    token = secrets.token_urlsafe(32)
    link = Link(
        key=secrets.token_hex(16),
        token_hash=hashed(token),
        name=command.name,
        organisation=command.organisation,
        source=command.source,
        email=command.email,
        sent_by_id=actor.user_id,
        team_id=actor.team_id,
        sent_at=now,
        expires_at=now + rules.LINK_LASTS,
    )
    session.add(link)
    session.flush()
    sent = LinkSent(
        actor=actor,
        subject=_subject(link),
        name=link.name,
        organisation=link.organisation,
        email=link.email,
        url=url_of(token),
    )
    publish(sent)
    return sent.url


def withdraw(command: WithdrawLink, actor: Actor) -> None:
    """The link opens nothing any more."""
    link = check(command, actor, lambda: _mine(command.key, actor))
    if not rules.opens(link, utcnow(), sending=True):
        raise Refused([Problem(f"This link is {rules.LINK_STATES[rules.link_state(link, utcnow())].lower()} already")])
    link.withdrawn_at = utcnow()
    publish(LinkWithdrawn(actor=actor, subject=_subject(link)))


def settled(event: MessageFailed) -> None:
    """React to a mail that was given up: whoever made the link is told, unless it was opened or has ended since."""
    kind, _, number = event.purpose.partition(" ")
    link = session.get(Link, int(number)) if kind == PURPOSE else None
    if link is None or rules.link_state(link, utcnow()) != "sent":
        return
    link.failed_at = utcnow()
    publish(
        LinkFailed(
            actor=WORKER,
            subject=_subject(link),
            sent_by_id=link.sent_by_id,
            name=link.name,
            organisation=link.organisation,
        )
    )


def sent_by(actor: Actor) -> Sequence[LinkLine]:
    """The newest links this actor sent, and those of the team where they work its queue."""
    rows = select(Link, User.name, Contact.ref).join(User, User.id == Link.sent_by_id)
    rows = rows.outerjoin(Contact, Contact.id == Link.contact_id).where(_visible(actor))
    now = utcnow()
    return [
        LinkLine(
            link.key,
            link.name,
            link.organisation,
            link.email,
            sender,
            link.sent_at,
            link.expires_at,
            rules.link_state(link, now),
            contact,
        )
        for link, sender, contact in session.execute(rows.order_by(Link.sent_at.desc(), Link.id.desc()).limit(SHOWN))
    ]


def _visible(actor: Actor) -> ColumnElement[bool]:
    mine: list[ColumnElement[bool]] = [Link.sent_by_id == actor.user_id]
    if actor.may("front_door.queue") and actor.team_id is not None:
        mine.append(Link.team_id == actor.team_id)
    return or_(*mine)


def _mine(key: str, actor: Actor) -> Link:
    link = session.scalar(select(Link).where(Link.key == key, _visible(actor)).with_for_update())
    if link is None:
        raise NotFound
    return link


# --- the professional ------------------------------------------------------------------------------------------------


def open_link(token: str, sending: bool = False) -> None:
    """Note that a link was opened. Raises NotFound unless it opens: unknown, used, run out and withdrawn are one."""
    link = _usable(select(Link), token, sending)
    if link.opened_at is None:
        with writing_aside() as aside:
            aside.get_one(Link, link.id).opened_at = utcnow()


def _usable(links: Select[Link], token: str, sending: bool) -> Link:
    link = session.scalar(links.where(Link.token_hash == hashed(token)))
    if link is None or not rules.opens(link, utcnow(), sending):
        raise NotFound
    return link


def tell(command: Tell, token: str) -> tuple[str, str]:
    """Make a contact of what a professional tells, and use the link up; gives reference and code.

    Call inside `writing()`: the contact and the end of its link are one.
    """
    link = _usable(select(Link).with_for_update(), token, sending=True)
    found = _faults(command, link)
    if found:
        raise Refused(found)
    actor = _actor(link)
    contact = register_contact(contact_of(command, link), actor)
    link.used_at, link.contact_id = utcnow(), contact.id
    publish(LinkUsed(actor=actor, subject=_subject(link), contact=contact.ref))
    return contact.ref, contact_code(contact.ref)


def faults(command: Tell, token: str) -> list[Problem]:
    """All that is wrong with what is told, beside the fields of the form; changes nothing. Raises NotFound."""
    return _faults(command, _usable(select(Link), token, sending=True))


def _faults(command: Tell, link: Link) -> list[Problem]:
    found = rules.not_born_yet([None, *(child.born for child in command.children)], london_day(utcnow()))
    try:
        admit_contact(contact_of(command, link), _actor(link))
    except ValidationError as fault:
        found += _at_home(problems_of(fault), command)
    except Refused as refusal:
        found += _at_home(refusal.problems, command)
    return found


def _actor(link: Link) -> Actor:
    """Who acts by a one-off link: may hand a contact in to the team that sent it, and nothing else."""
    area = session.scalar(select(Team.neighbourhood_id).where(Team.id == link.team_id))
    return Actor(
        "one_off",
        link.id,
        link.name,
        organisation=link.organisation,
        team_id=link.team_id,
        neighbourhood_id=area,
        permissions=frozenset({"contacts.register"}),
    )


def contact_of(command: Tell, link: Link) -> RegisterContact:
    """The contact a professional's words make. Raises ValidationError."""
    lives: dict[str, Any] = {"address": command.address, "postcode": command.postcode}
    people = [
        PersonDetails(
            role="unborn" if child.due and not child.born else "child",
            forename=child.forename,
            surname=child.surname or command.surname,
            born=child.born,
            due=None if child.born else child.due,
            **lives,
        )
        for child in command.children
    ]
    if command.forename or command.surname or command.role:
        people.append(
            PersonDetails(
                role=command.role or "other_adult",
                forename=command.forename,
                surname=command.surname,
                phone=command.family_phone,
                language=command.language,
                interpreter=command.interpreter,
                **lives,
            )
        )
    other = f" (filled in by {command.filled_in_by})" if command.filled_in_by else ""
    voices = [{"person": 0, "how": "spoken", "words": command.words}]
    told: dict[str, Any] = {
        "channel": "web",
        "source": link.source,
        "referrer": {
            "name": f"{link.name}{other}"[:200],
            "organisation": link.organisation,
            "email": link.email,
            "phone": command.phone,
            "wants_reply": True,
            "reply_how": command.reply_how,
        },
        "people": people,
        "agreement": _answers(command, len(command.children), len(people)),
        "voices": voices if command.words and command.children else [],
    }
    words = ("wants", "worries", "strengths", "tried", "family_knows", "not_about_worker")
    same = (*words, "safe_how", "safe_never", "urgency")
    return RegisterContact.model_validate(told | {name: getattr(command, name) for name in same})


def _answers(command: Tell, adult: int, people: int) -> list[dict[str, Any]]:
    """What each of those asked said of help: the parent or carer, who stands at `adult` where one was named, and the
    first child."""
    said = []
    if command.agreed:
        said.append({"status": command.agreed, "by": adult if adult < people else None})
    if command.child_agreed and command.children:
        said.append({"status": command.child_agreed, "by": 0})
    return said


ELSEWHERE = {"phone": "family_phone", "people": "children.0.forename", "agreement": "role"}


def _at_home(problems: Sequence[Problem], command: Tell) -> list[Problem]:
    """Faults of the contact beside the fields of the professional's form."""
    found = []
    for problem in problems:
        field = problem.field
        steps = field.split(".")
        if steps[0] == "people" and len(steps) == 3:
            child = int(steps[1]) < len(command.children)
            field = ".".join(["children", *steps[1:]]) if child else ELSEWHERE.get(steps[2], steps[2])
            field = steps[2] if steps[2] in ("address", "postcode") else field
        elif steps[0] in ("referrer", "voices"):
            mine = {"referrer.phone": "phone", "referrer.email": "reply_how"}
            field = mine.get(field, "words" if steps[0] == "voices" else "")
        elif steps[0] == "agreement":  # that nobody is named whose answer it is
            field = steps[0]
        found.append(
            Problem(problem.message, ELSEWHERE.get(field, field) if field in ("people", "agreement") else field)
        )
    return found
