"""What people write on their own page, what waits for the lead because of it, and who is told of what happens there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select

from tafcore import phrases
from tafcore.actor import Actor
from tafcore.contributions import Notice, Problem, Task
from tafcore.db import UTCDateTime, rows_of, session, utcnow
from tafcore.episodes.models import Episode, LeadAppointment
from tafcore.families.access import FamilyView, managed, visible, visible_family
from tafcore.families.asking import rows_for
from tafcore.families.models import Family
from tafcore.links import path
from tafcore.plans.events import ActionUpdated
from tafcore.record import own_rules as rules
from tafcore.record.commands import AnswerOwnWord, SendOwnWord
from tafcore.record.events import (
    OwnCodeAsked,
    OwnLinkLocked,
    OwnLinkMade,
    OwnMessageLost,
    OwnWordAnswered,
    OwnWordSent,
)
from tafcore.record.models import OwnWord
from tafcore.record.own_links import PURPOSE, Opening, view_of
from tafcore.standards import service as standards
from tafcore.vocabulary import Event, Subject
from tafcore.work import NotFound, Refused, check, publish


@dataclass(frozen=True)
class WordLine:
    """What somebody wrote, and what they were answered. `kept` from their parents."""

    key: str
    person_id: int
    kind: str
    words: str
    kept: bool
    sent_at: datetime
    due_at: datetime
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None
    put_right: bool | None

    @property
    def kind_words(self) -> str:
        return rules.KINDS[self.kind]


def send(command: SendOwnWord, link: Opening) -> OwnWord:
    """Keep what somebody wrote, for those who work with the family to answer. Call inside `writing()`."""
    view = check(command, link.actor, lambda: view_of(link, "own page, words"))
    person = view.seen(link.person_id)
    assert person is not None
    now = utcnow()
    mine = select(func.count()).where(OwnWord.family_id == view.id, OwnWord.person_id.in_(person.records))
    if (session.scalar(mine.where(OwnWord.sent_at > now - timedelta(days=1))) or 0) >= rules.WORDS_A_DAY:
        raise Refused([Problem("Many words were sent today. Ring instead", "words")])
    word = OwnWord(
        key=secrets.token_hex(16),
        family_id=view.id,
        person_id=person.id,
        kind=command.kind,
        words=command.words,
        kept=command.kept and person.is_child,
        sent_at=now,
        due_at=standards.due("own_word", now),
    )
    session.add(word)
    session.flush()
    publish(
        OwnWordSent(
            actor=link.actor,
            subject=Subject("own_word", word.id),
            family_id=view.id,
            people=(person.id,),
            word=command.kind,
            line=f"{person.name} wrote on a page of their own",
            audience="workers",
        )
    )
    return word


def answer(command: AnswerOwnWord, actor: Actor) -> OwnWord:
    """What they will read about it on their page; a second answer takes the place of the first."""
    found: list[OwnWord] = []

    def load() -> FamilyView:
        view = visible_family(command.family, actor, "change", command.scopes)
        asked = select(OwnWord).where(OwnWord.key == command.word, OwnWord.family_id == view.id)
        found.extend(row for row in session.scalars(asked.with_for_update()) if view.may_see(row.person_id))
        if not found:
            raise NotFound
        return view

    view = check(command, actor, load, lambda _, asked: rules.whole_answer(found[0].kind, asked))
    word = found[0]
    word.answer, word.put_right = command.answer, command.put_right
    word.answered_at, word.answered_by = utcnow(), actor.byline
    publish(
        OwnWordAnswered(
            actor=actor,
            subject=Subject("own_word", word.id),
            family_id=view.id,
            people=(word.person_id,),
            word=word.kind,
            put_right=command.put_right,
            line=f"{view.name_of(word.person_id)} was answered on a page of their own",
            audience="workers",
        )
    )
    return word


_FAMILY: Any = bindparam("family")
_WORDS = select(OwnWord).where(OwnWord.family_id == _FAMILY).order_by(OwnWord.id.desc())
_NEWEST = _WORDS.limit(100)
_OF_ONE = _WORDS.where(OwnWord.person_id.in_(bindparam("people", expanding=True))).limit(20)


def words_of(view: FamilyView) -> tuple[WordLine, ...]:
    """What the people of a family wrote, what waits first; nothing on a screen that others of them may see."""
    if view.shared or not view.may("people"):
        return ()
    rows = [row for row in rows_of(_NEWEST, family=view.id) if view.may_see(row.person_id)]
    return tuple(_line(view, row) for row in sorted(rows, key=lambda row: row.answered_at is not None))


def word_of(view: FamilyView, key: str) -> WordLine:
    """One of them, for whoever answers it; NotFound where this family has none."""
    for row in rows_of(_NEWEST, family=view.id):
        if row.key == key and view.may_see(row.person_id):
            return _line(view, row)
    raise NotFound


def words_by(view: FamilyView, person_id: int) -> tuple[WordLine, ...]:
    """What one of them wrote, for them to read, the newest first. One statement."""
    person = view.seen(person_id)
    rows = rows_of(_OF_ONE, family=view.id, people=list(person.records)) if person else ()
    return tuple(_line(view, row) for row in rows)


def _line(view: FamilyView, row: Any) -> WordLine:
    return WordLine(
        row.key,
        view.own(row.person_id),
        row.kind,
        row.words,
        row.kept,
        row.sent_at,
        row.due_at,
        row.answer,
        row.answered_at,
        row.answered_by,
        row.put_right,
    )


_NOW = bindparam("late", type_=UTCDateTime())
_LEADS = (
    select(LeadAppointment.id)
    .join(Episode, Episode.id == LeadAppointment.episode_id)
    .where(
        Episode.family_id == Family.id,
        Episode.state != "closed",
        LeadAppointment.ended_at.is_(None),
        LeadAppointment.accepted_at.is_not(None),
    )
)


def waiting(actor: Actor, now: datetime) -> Sequence[Task]:
    """For a lead: what people of their families wrote; for a manager what is late, or nobody leads. The title tells
    nobody who wrote, or what."""

    def make(one: Actor) -> Any:
        leads = exists(_LEADS.where(LeadAppointment.user_id == one.user_id))
        left = and_(managed(one), or_(OwnWord.due_at < _NOW, ~exists(_LEADS)))
        rows = select(OwnWord.due_at, Family.ref).join(Family, Family.id == OwnWord.family_id)
        rows = rows.where(OwnWord.answered_at.is_(None), visible(one), or_(leads, left))
        return rows.order_by(OwnWord.due_at).limit(20)

    title = "Somebody wrote on their own page"
    return [
        Task(title, "Open when alone", path("own.links", family_ref=ref), due, ref, safety=True)
        for due, ref in rows_for(actor, "record.own_words", make, late=now)
    ]


# --- who is told -----------------------------------------------------------------------------------------------------

_LEAD = (
    select(Family.ref, Family.team_id, LeadAppointment.user_id)
    .select_from(Family)
    .outerjoin(Episode, (Episode.family_id == Family.id) & (Episode.state != "closed"))
    .outerjoin(
        LeadAppointment,
        (LeadAppointment.episode_id == Episode.id)
        & LeadAppointment.ended_at.is_(None)
        & LeadAppointment.accepted_at.is_not(None),
    )
    .where(Family.id == _FAMILY)
)


def notices(event: Event) -> list[Notice]:
    """To its owner the link, or a number: words that say nothing, in their language. To the lead, and to whoever made
    the link, what they should know."""
    if isinstance(event, OwnLinkMade):
        return _to_owner(event.to, event.subject, phrases.language(event.language), "link", url=event.url)
    if isinstance(event, OwnCodeAsked):
        return _to_owner(event.to, event.subject, phrases.language(event.language), "code", code=event.code)
    if isinstance(event, OwnLinkLocked):
        return _to_workers(event, "A page of somebody's own was locked", "locked", event.made_by_id)
    if isinstance(event, OwnMessageLost):
        return _to_workers(event, "A message to somebody of the family did not arrive", "lost", event.made_by_id)
    if isinstance(event, ActionUpdated) and event.actor.kind == "family_link":
        return _to_workers(event, "An action was ticked by the family", "ticked")
    return []


def _to_owner(to: str | None, link: Subject, words: phrases.Phrases, what: str, **values: str) -> list[Notice]:
    if not to or not all(values.values()):
        return []
    told = {"words": words(f"{what}_message", **values)}
    subject = words(f"{what}_subject")
    return [Notice(to, subject, "own/message.txt", told, purpose=f"{PURPOSE} {link.id}", asked=what == "code")]


def _to_workers(event: Event, subject: str, template: str, made_by_id: int | None = None) -> list[Notice]:
    (family,) = rows_of(_LEAD, family=event.family_id)[:1]
    to = [f"user:{user}" for user in dict.fromkeys((family.user_id, made_by_id)) if user is not None]
    if not to and family.team_id is not None:
        to = [f"team:{family.team_id}"]
    told = {
        "ref": family.ref,
        "url": path("own.links", family_ref=family.ref),
        "plan": path("plans.plan", family_ref=family.ref),
    }
    return [Notice(one, subject, f"own/{template}.txt", told, family.ref) for one in to]
