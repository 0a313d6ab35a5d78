"""Links to somebody's own page: made by those who work with the family, opened by its owner alone.

Knowing the address is not enough. The second check is a number given in person, or one sent to a phone or mailbox that
is recorded as safe for that person and as nobody else's; never a fact, which somebody who lived with them knows. One
link is one person's, one browser has it open, and each page looks again whether it still may.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import aliased

from tafcore.actor import VISITOR, WORKER, Actor
from tafcore.contributions import Problem
from tafcore.db import rows_of, session, utcnow, writing_aside
from tafcore.families.access import FamilyView, PersonView, visible_family, visible_family_by_id
from tafcore.families.models import Family
from tafcore.families.ways import address_of, safe_ways
from tafcore.notices.events import MessageFailed
from tafcore.people.models import Person
from tafcore.people.rules import hidden_facts
from tafcore.people.same import is_same
from tafcore.record import own_rules as rules
from tafcore.record.commands import AskOwnCode, EndOwnLink, GiveOwnNumber, MakeOwnLink
from tafcore.record.events import (
    OwnCodeAsked,
    OwnLinkEnded,
    OwnLinkLocked,
    OwnLinkMade,
    OwnMessageLost,
    OwnPageOpened,
)
from tafcore.record.models import OwnLink, OwnTry
from tafcore.sharing.models import Agreement
from tafcore.standards import service as standards
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish

PURPOSE = "record.own_link"
"""Followed by the link's id: the purpose of the messages that carry it and its numbers."""
MAY = frozenset({"record.own_page", "plans.update_action", "meetings.answer_own"})
"""What somebody may do on their own page, as far as it is theirs."""


@dataclass(frozen=True)
class Made:
    """A link just made. Both are shown once: nobody can look them up again. `pin` is None where a code is sent."""

    url: str
    pin: str | None


@dataclass(frozen=True)
class LinkLine:
    """A link as those who work with the family see it."""

    key: str
    how: str
    language: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    state: str

    @property
    def how_words(self) -> str:
        return rules.CHECKS[self.how]

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]

    @property
    def opens(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True)
class Opening:
    """A link that opens. `checked`: this browser has passed the second check."""

    id: int
    family_id: int
    person_id: int
    how: str
    language: str
    checked: bool
    actor: Actor


def hashed(token: str, number: str = "") -> str:
    """What is kept of a token; of a number too, which nobody can work out without the token."""
    return hashlib.sha256(f"{token}:{number}".encode() if number else token.encode()).hexdigest()


def _subject(link: Any) -> Subject:
    return Subject("own_link", link.id)


# --- those who make them ---------------------------------------------------------------------------------------------

_OWNER = aliased(Person)
_AGREED = (
    select(Agreement.status)
    .where(
        Agreement.family_id == bindparam("family"),
        Agreement.person_id.in_(bindparam("people", expanding=True)),
        Agreement.ended_at.is_(None),
    )
    .order_by(Agreement.id.desc())
    .limit(1)
)


def _agrees(family_id: int, person: PersonView) -> bool:
    return [row.status for row in rows_of(_AGREED, family=family_id, people=list(person.records))] == ["agreed"]


def _not_to_know(view: FamilyView, person: PersonView) -> bool:
    """Whether somebody here must be able to have help without this person knowing of it."""
    return any("help" in facts for facts in hidden_facts(view.safety, frozenset(person.records)).values())


def age_of(person: PersonView) -> int | None:
    """In whole years; None where no birth date is known."""
    return rules.years(person.born, london_day(utcnow())) if person.born else None


def in_the_way(view: FamilyView, person: PersonView, own_age: int, competent_why: str | None) -> list[Problem]:
    """Why this person cannot have a page of their own now."""
    problems = list(rules.may_have(person.role, age_of(person), own_age, competent_why))
    if person.died is not None or _not_to_know(view, person):
        problems.append(Problem("They cannot have a page of their own. Speak with your manager", "how"))
    elif not _agrees(view.id, person):
        problems.append(Problem("Record first that they agreed to help, under Who can see this", "how"))
    return problems


def make(command: MakeOwnLink, actor: Actor, own_age: int, url_of: Callable[[str], str]) -> Made:
    """A link for one person, in place of any they had; sent where that is asked and safe."""
    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes))
    person = view.person(command.person)
    ways = {row.id: row for row in safe_ways(person)}
    problems = in_the_way(view, person, own_age, command.competent_why)
    way = ways.get(command.way) if command.way is not None else None
    if command.how == "code" and way is None:
        problems.append(Problem("Choose where the number goes: a way recorded as safe, and as theirs alone", "way"))
    if command.send and (way is None or not may_carry(view, way)):
        problems.append(Problem("It is not safe to send the link. Give it to them", "send"))
    if problems or actor.user_id is None:
        raise Refused(problems)
    _end(view.id, person.records, actor)
    token, pin = secrets.token_urlsafe(32), None if command.how == "code" else _number()
    now = utcnow()
    link = OwnLink(
        key=secrets.token_hex(16),
        token_hash=hashed(token),
        family_id=view.id,
        person_id=person.id,
        how=command.how,
        way_id=way.id if way is not None and command.how == "code" else None,
        language=command.language,
        competent_why=command.competent_why if person.is_child else None,
        made_at=now,
        made_by=actor.byline,
        made_by_id=actor.user_id,
        expires_at=standards.due("own_page", now),
        number_hash=hashed(token, pin) if pin else None,
    )
    session.add(link)
    session.flush()
    made = OwnLinkMade(
        actor=actor,
        subject=_subject(link),
        family_id=view.id,
        people=(person.id,),
        how=link.how,
        language=link.language,
        competent_why=link.competent_why,
        to=address_of(way) if command.send and way is not None else None,
        url=url_of(token),
        line=f"{person.name} was given a page of their own",
        audience="workers",
    )
    publish(made)
    return Made(made.url, pin)


def may_carry(view: FamilyView, way: Any) -> bool:
    """Whether the link itself may be sent: not where somebody is kept safe, nor as a text where times were named."""
    return not view.safety and not (way.kind == "phone" and way.when)


def _number() -> str:
    return f"{secrets.randbelow(10**6):06d}"


def end(command: EndOwnLink, actor: Actor) -> None:
    """It opens nothing from now on, in any browser."""
    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes))
    mine = select(OwnLink).where(OwnLink.key == command.link, OwnLink.family_id == view.id, OwnLink.ended_at.is_(None))
    link = session.scalar(mine.with_for_update())
    if link is None or not view.may_see(link.person_id):
        raise NotFound
    _end(view.id, (link.person_id,), actor)


def _end(family_id: int, records: Sequence[int], actor: Actor) -> None:
    theirs = select(OwnLink).where(OwnLink.family_id == family_id, OwnLink.person_id.in_(records))
    for link in session.scalars(theirs.where(OwnLink.ended_at.is_(None)).with_for_update()):
        link.ended_at, link.ended_by = utcnow(), actor.byline
        link.session_hash = link.number_hash = None
        publish(
            OwnLinkEnded(
                actor=actor,
                subject=_subject(link),
                family_id=family_id,
                people=(link.person_id,),
                line="A page of somebody's own was ended",
                audience="workers",
            )
        )


_LINES = select(OwnLink).where(OwnLink.family_id == bindparam("family")).order_by(OwnLink.id.desc())


def links_of(view: FamilyView) -> dict[int, tuple[LinkLine, ...]]:
    """person id -> their links, the newest first; nothing on a screen that the family may see. One statement."""
    if view.shared or not view.may("people"):
        return {}
    now, found = utcnow(), dict[int, tuple[LinkLine, ...]]()
    for row in rows_of(_LINES, family=view.id):
        if view.may_see(row.person_id):
            line = LinkLine(
                row.key,
                row.how,
                row.language,
                row.made_at,
                row.made_by,
                row.expires_at,
                row.opened_at,
                row.ended_at,
                row.ended_by,
                rules.state_of(row, now),
            )
            person = view.own(row.person_id)
            found[person] = (*found.get(person, ()), line)
    return found


# --- their owner -----------------------------------------------------------------------------------------------------

_LINK = (
    select(OwnLink, Person.called, Person.forename, Person.surname)
    .join(Family, Family.id == OwnLink.family_id)
    .join(_OWNER, _OWNER.id == OwnLink.person_id)
    .join(Person, is_same(Person, _OWNER) & Person.canonical_id.is_(None))
    .where(OwnLink.token_hash == bindparam("token"))
)


def find(token: str, kept: str | None) -> Opening:
    """The link of a token, if it opens; `kept` is what this browser holds of its session. Unknown, ended, locked and
    run out are one: NotFound."""
    rows, now = rows_of(_LINK, token=hashed(token)), utcnow()
    if not rows or rules.state_of(rows[0], now) != "open":
        raise NotFound
    (row,) = rows
    name = " ".join(part for part in (row.called or row.forename, row.surname) if part)
    actor = Actor(
        "family_link",
        row.id,
        name or "Somebody of the family",
        permissions=MAY,
        own=(row.family_id, row.person_id),
    )
    live = row.session_hash is not None and row.session_until is not None and now < row.session_until
    checked = live and kept is not None and hmac.compare_digest(row.session_hash, hashed(kept))
    return Opening(row.id, row.family_id, row.person_id, row.how, row.language, checked, actor)


def view_of(link: Opening, purpose: str) -> FamilyView:
    """The family before this link's owner; NotFound where they died, no longer agree, belong, or may know of help."""
    view = visible_family_by_id(link.family_id, link.actor, purpose)
    person = view.seen(link.person_id)
    if person is None or person.died or not _agrees(view.id, person) or _not_to_know(view, person):
        raise NotFound
    return view


def ask(command: AskOwnCode, link: Opening, token: str) -> None:
    """Send a number to the owner of the link, but for one that has been sent this minute. Call inside `writing()`."""
    check(command, link.actor)
    row = session.scalars(select(OwnLink).where(OwnLink.id == link.id).with_for_update()).one()
    person = view_of(link, "own page, a number").seen(link.person_id)
    way = next((one for one in safe_ways(person) if one.id == row.way_id), None) if person else None
    now = utcnow()
    if row.how != "code" or way is None or row.codes >= rules.CODES:
        return
    if row.code_at is not None and now - row.code_at < rules.CODE_PAUSE:
        return
    code = _number()
    row.number_hash, row.number_until, row.code_at = hashed(token, code), now + rules.CODE_LASTS, now
    row.codes += 1
    to = address_of(way)
    asked = OwnCodeAsked(
        actor=link.actor,
        subject=_subject(row),
        family_id=row.family_id,
        people=(row.person_id,),
        language=row.language,
        to=to,
        code=code,
    )
    publish(asked)


def give(command: GiveOwnNumber, link: Opening, token: str) -> str | None:
    """The second check: a new session's token, or None for a wrong number, of which few lock the link. Call inside
    `writing()`, and commit what it says."""
    check(command, link.actor)
    row = session.scalars(select(OwnLink).where(OwnLink.id == link.id).with_for_update()).one()
    now = utcnow()
    if rules.state_of(row, now) != "open":
        raise NotFound
    number = "".join(command.number.split())
    in_time = row.how == "pin" or (row.number_until is not None and now < row.number_until)
    right = in_time and row.number_hash is not None and hmac.compare_digest(row.number_hash, hashed(token, number))
    about: dict[str, Any] = {"subject": _subject(row), "family_id": row.family_id, "people": (row.person_id,)}
    if not right:
        row.wrong += 1
        if row.wrong >= rules.WRONG:
            row.locked_at, row.session_hash = now, None
            line = "A page of somebody's own was locked after wrong numbers"
            publish(OwnLinkLocked(actor=VISITOR, **about, made_by_id=row.made_by_id, line=line, audience="workers"))
        return None
    view_of(link, "own page")
    kept = secrets.token_urlsafe(32)
    row.session_hash, row.session_until, row.opened_at = hashed(kept), now + rules.SESSION, now
    row.wrong = row.codes = 0
    if row.how == "code":
        row.number_hash = None
    publish(OwnPageOpened(actor=link.actor, **about))
    return kept


def go_on(link: Opening) -> None:
    """Whoever does something has the whole time again."""
    with writing_aside() as aside:
        aside.get_one(OwnLink, link.id).session_until = utcnow() + rules.SESSION


def close(link: Opening) -> None:
    """No browser has the page open any more. Call inside `writing()`."""
    session.get_one(OwnLink, link.id).session_hash = None


# --- guessing, and what did not arrive -------------------------------------------------------------------------------


def too_many(address_key: str) -> bool:
    """Whether so much was wrong from there that nothing more is looked at for a while."""
    lately = select(func.count()).where(OwnTry.address_hash == address_key, OwnTry.at > utcnow() - rules.HOUR)
    return (session.scalar(lately) or 0) >= rules.TRIES


def note_wrong(address_key: str) -> None:
    """That a link or a number was wrong. A write of its own."""
    with writing_aside() as aside:
        aside.execute(delete(OwnTry).where(OwnTry.at < utcnow() - rules.FORGOTTEN))
        aside.add(OwnTry(address_hash=address_key, at=utcnow()))


def lost(event: MessageFailed) -> None:
    """React to a link or number that did not arrive: whoever made the link is told, if it opens at all."""
    kind, _, number = event.purpose.partition(" ")
    link = session.get(OwnLink, int(number)) if kind == PURPOSE else None
    if link is None or rules.state_of(link, utcnow()) != "open":
        return
    about: dict[str, Any] = {"subject": _subject(link), "family_id": link.family_id, "people": (link.person_id,)}
    publish(OwnMessageLost(actor=WORKER, **about, made_by_id=link.made_by_id))
