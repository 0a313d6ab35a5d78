"""What pages, exports and partner systems are told of one contact. Never the tables themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select

from tafcore.accounts.models import Team, User
from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import find, worked_by
from tafcore.contacts.models import Contact, ContactAddition, ContactAttempt, ContactMatch, ContactVoice
from tafcore.contacts.papers import Paper, papers_of
from tafcore.contacts.prompts import Prompt, prompts
from tafcore.contacts.telling import Telling, telling
from tafcore.db import session, utcnow
from tafcore.directory.models import Service
from tafcore.episodes.rules import LEVELS
from tafcore.families.access import times, visible
from tafcore.families.models import Family
from tafcore.people.commands import PersonDetails
from tafcore.people.rules import CHILD_ROLES, ROLES, told_names
from tafcore.sharing.rules import BASES, PARTNERS
from tafcore.standards import words
from tafcore.standards.clock import london_day
from tafcore.trail import service as trail


@dataclass(frozen=True)
class Clock:
    """A deadline of a contact: `done` when it stopped, `due` when it runs out."""

    name: str
    due: datetime
    done: datetime | None
    note: str = ""

    @property
    def late(self) -> bool:
        return (self.done or utcnow()) > self.due


@dataclass(frozen=True)
class TalkView:
    """A conversation with the family, or an attempt at one."""

    how: str
    with_whom: str | None
    words: str | None
    counts: bool
    happened_at: datetime
    by: str


@dataclass(frozen=True)
class VoiceView:
    """A child's own words."""

    how: str
    words: str


@dataclass(frozen=True)
class ToldPerson:
    """Somebody the contact is about, as told. `said` is what the registrar said of those who looked like them; `since`
    who told of them and when, where that was later."""

    position: int
    details: PersonDetails
    linked: bool
    matched: int
    said: frozenset[str]
    since: str
    voices: tuple[VoiceView, ...] = ()

    @property
    def role_words(self) -> str:
        return ROLES[self.details.role]

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.details.forename, self.details.surname) if part) or self.role_words

    @property
    def age(self) -> str:
        if self.details.born:
            return words.age(self.details.born, "day", london_day(utcnow()))
        return words.unborn(self.details.due) if self.details.due else ""


@dataclass(frozen=True)
class AnswerView:
    """One person's answer to the offer of help; `who` is empty where that was not said."""

    who: str
    status: str
    scope: tuple[str, ...]
    reason: str | None
    told: str | None

    @property
    def words(self) -> str:
        return rules.AGREEMENTS[self.status]

    @property
    def shared_with(self) -> str:
        """The kinds of organisation they agreed to."""
        return ", ".join(PARTNERS.get(sector, sector) for sector in self.scope)


@dataclass(frozen=True)
class AdditionView:
    """What was told after the contact was registered; `people` are the names of whom it told of."""

    said_by: str
    happened_at: datetime
    added_by: str
    safe: rules.Safe
    wants: str | None
    worries: str | None
    people: tuple[str, ...]


@dataclass(frozen=True)
class ContactView:
    """A contact as one actor may see it. `works`: the actor answers it; `inside`: sees what was said meanwhile.

    `safe_how`, `safe_when` and `safe_never` are as last told, `safe_first` as at first; `safe_since` is whether others
    told more of it, which this actor may not read. `family_ref` and `family_name` only where the actor may see the
    family.
    """

    id: int
    ref: str
    state: str
    channel: str | None
    received_at: datetime
    registered_by: str
    team_id: int | None
    team: str
    team_phone: str | None
    taken_by: str
    source: str
    referrer: tuple[tuple[str, str], ...]
    reply: str | None
    telling: Telling
    safe_how: str | None
    safe_when: str | None
    safe_never: str | None
    safe_first: rules.Safe
    safe_since: bool
    additions: tuple[AdditionView, ...]
    anonymous: bool
    people: tuple[ToldPerson, ...]
    wants: str | None
    worries: str | None
    strengths: str | None
    tried: str | None
    origin: tuple[tuple[str, str], ...]
    papers: tuple[Paper, ...]
    family_knows: str | None
    urgency: str | None
    level: int | None
    agreements: tuple[AnswerView, ...]
    sharing_basis: str | None
    clocks: tuple[Clock, ...]
    talks: tuple[TalkView, ...]
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None
    answer_advice: str | None
    answer_reason: str | None
    service: str
    service_id: int | None
    worker: str | None
    authority: str | None
    plan_b: str | None
    follow_up_on: date | None
    duplicate_of: str
    unspoken: str | None
    ended_at: datetime | None
    ended_by: str | None
    ended_reason: str | None
    linked: bool
    family_id: int | None
    family_ref: str
    family_name: str
    works: bool
    inside: bool
    mine: bool

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """What whoever works it must ring about, while it is open."""
        if not (self.works and self.open):
            return ()
        voices = (voice.words for one in self.people for voice in one.voices)
        came_with = (words for _, words in self.origin)
        since = (words for one in self.additions for words in (one.wants, one.worries))
        told = (self.wants, self.worries, self.strengths, self.tried, self.family_knows, *voices, *came_with, *since)
        words_told = [one or "" for one in told]
        births = [one.details.born for one in self.people if one.details.born and one.details.role in CHILD_ROLES]
        return prompts("\n".join(words_told), births, self.urgency, london_day(utcnow()))

    @property
    def names(self) -> str:
        """Whom it is about, as told."""
        return told_names((one.details.forename, one.details.surname, one.role_words) for one in self.people)

    @property
    def home(self) -> tuple[str | None, str | None]:
        """The first address and postcode told, where somebody added later may live too."""
        first = next((one.details for one in self.people if one.details.address or one.details.postcode), None)
        return (first.address, first.postcode) if first else (None, None)

    @property
    def open(self) -> bool:
        return self.state in rules.OPEN

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]

    @property
    def source_words(self) -> str:
        return rules.SOURCES[self.source]

    @property
    def channel_words(self) -> str:
        return rules.CHANNELS.get(self.channel or "", "Not recorded")

    @property
    def basis_words(self) -> str:
        return BASES.get(self.sharing_basis or "", "")

    @property
    def level_words(self) -> str:
        return f"{self.level} {LEVELS[self.level]}" if self.level else ""

    @property
    def answer_words(self) -> str:
        return rules.ANSWERS[self.answer].words if self.answer else ""

    @property
    def hears(self) -> str:
        """Who hears what, in a sentence."""
        return rules.hears(self.source, self.reply)

    @property
    def due(self) -> dict[str, datetime]:
        """The deadlines by name, as partner systems are told them."""
        return {clock.name.lower().replace(" ", "_"): clock.due for clock in self.clocks}


def contact_of(ref: str, actor: Actor) -> ContactView:
    """The contact `ref` as `actor` may see it; once it is linked, that is an opening of the family's record.

    Raises NotFound.
    """
    contact, inside = find(ref, actor)
    if contact.family_id is not None:
        trail.opened(actor, contact.family_id, "contact", "Works or registered a contact")
    rows = select(Team.name, Team.phone, User.name, Service.name, Family.ref, Family.name).select_from(Contact)
    rows = rows.outerjoin(Team, Team.id == Contact.team_id).outerjoin(User, User.id == Contact.taken_by_id)
    rows = rows.outerjoin(Service, Service.id == Contact.service_id)
    rows = rows.outerjoin(Family, and_(Family.id == Contact.family_id, visible(actor))).where(Contact.id == contact.id)
    team, team_phone, taken_by, service, family_ref, family_name = session.execute(rows, times()).one()
    works = session.scalar(select(worked_by(actor)).select_from(Contact).where(Contact.id == contact.id))
    duplicate = session.get(Contact, contact.duplicate_of_id) if contact.duplicate_of_id else None
    theirs = [one for one in contact.additions if inside or one.added_key == actor.key]
    people = _people(contact, theirs)
    first = rules.Safe(contact.safe_how, contact.safe_when, contact.safe_never)
    safe = rules.safe_now([first, *(_safe(one) for one in theirs)])
    return ContactView(
        id=contact.id,
        ref=contact.ref,
        state=contact.state,
        channel=contact.channel,
        received_at=contact.received_at,
        registered_by=contact.registered_by,
        team_id=contact.team_id,
        team=team or "",
        team_phone=team_phone,
        taken_by=taken_by or "",
        source=contact.source,
        referrer=_referrer(contact),
        reply=contact.reply_by,
        telling=telling(contact),
        safe_how=safe.how,
        safe_when=safe.when,
        safe_never=safe.never,
        safe_first=first,
        safe_since=any(one.has_ways for one in contact.additions if one not in theirs),
        additions=_additions(theirs, contact, people),
        anonymous=contact.anonymous,
        people=people,
        wants=contact.wants,
        worries=contact.worries,
        strengths=contact.strengths,
        tried=contact.tried,
        origin=_origin(contact),
        papers=papers_of(contact.id, actor, inside),
        family_knows=contact.family_knows,
        urgency=contact.urgency,
        level=contact.level,
        agreements=_answers(contact, people),
        sharing_basis=contact.sharing_basis,
        clocks=clocks_of(contact),
        talks=_talks(contact, inside),
        answer=contact.answer,
        answered_at=contact.answered_at,
        answered_by=contact.answered_by,
        answer_advice=contact.answer_advice if contact.answer else None,
        answer_reason=contact.answer_reason if contact.answer and inside else None,
        service=service or "",
        service_id=contact.service_id,
        worker=contact.worker if inside else None,
        authority=contact.authority,
        plan_b=contact.plan_b if inside else None,
        follow_up_on=contact.follow_up_on if inside else None,
        duplicate_of=duplicate.ref if duplicate and inside else "",
        unspoken=contact.unspoken if inside else None,
        ended_at=contact.ended_at,
        ended_by=contact.ended_by,
        ended_reason=contact.ended_reason,
        linked=contact.family_id is not None,
        family_id=contact.family_id if family_ref else None,
        family_ref=family_ref or "",
        family_name=family_name or "",
        works=bool(works),
        inside=inside,
        mine=contact.registered_key == actor.key,
    )


def _origin(contact: Contact) -> tuple[tuple[str, str], ...]:
    said = json.loads(contact.origin or "{}")
    days = {name: date.fromisoformat(said[name]) for name in ("written_on", "ends_on") if name in said}
    said |= {name: f"{day.day} {day:%B %Y}" for name, day in days.items()}
    return tuple((words, said[name]) for name, words in rules.ORIGINS.items() if name in said)


def _referrer(contact: Contact) -> tuple[tuple[str, str], ...]:
    said = {
        "Name": contact.referrer_name,
        "Organisation": contact.referrer_organisation,
        "Phone": contact.referrer_phone,
        "Email": contact.referrer_email,
        "Address": contact.referrer_address,
    }
    return tuple((name, value) for name, value in said.items() if value)


def _answers(contact: Contact, people: tuple[ToldPerson, ...]) -> tuple[AnswerView, ...]:
    names = {one.position: one.name for one in people}
    return tuple(
        AnswerView(who, one.status, tuple(one.scope.split()), one.reason, one.told)
        for one in contact.answers
        for who in [names.get(one.by, "") if one.by is not None else ""]
    )


def clocks_of(contact: Contact) -> tuple[Clock, ...]:
    """Its deadlines, those that have stopped too; none once it is withdrawn or recorded in error."""
    if contact.state in ("withdrawn", "recorded_in_error"):
        return ()
    clocks = [Clock("First look", contact.first_look_due, contact.first_look_at)]
    if not contact.anonymous or contact.conversation_at:
        how = rules.TWO_WAY.get(contact.conversation_how or "", "")
        note = f"{how}, {contact.conversation_by}" if contact.conversation_at else ""
        clocks.append(Clock("First conversation", contact.conversation_due, contact.conversation_at, note))
    clocks.append(Clock("Answer", contact.answer_due, contact.answered_at))
    if contact.reply_due:
        clocks.append(Clock("Referrer told", contact.reply_due, contact.referrer_told_at))
    return tuple(clocks)


def _talks(contact: Contact, inside: bool) -> tuple[TalkView, ...]:
    rows = select(ContactAttempt).where(ContactAttempt.contact_id == contact.id)
    labels = rules.TWO_WAY | rules.ONE_WAY
    return tuple(
        TalkView(
            labels[row.how],
            rules.WITH_WHOM.get(row.with_whom or ""),
            row.words if inside else None,
            row.counts,
            row.happened_at,
            row.by,
        )
        for row in session.scalars(rows.order_by(ContactAttempt.happened_at, ContactAttempt.id))
    )


def _day(moment: datetime) -> str:
    return words.day(london_day(moment), london_day(utcnow()))


def _safe(one: ContactAddition) -> rules.Safe:
    return rules.Safe(one.safe_how, one.safe_when, one.safe_never)


def _additions(
    theirs: list[ContactAddition], contact: Contact, people: tuple[ToldPerson, ...]
) -> tuple[AdditionView, ...]:
    names = {one.position: one.name for one in people}
    return tuple(
        AdditionView(
            one.said_by or "Whoever told us first",
            one.happened_at,
            one.added_by,
            _safe(one),
            one.wants,
            one.worries,
            tuple(names[row.position] for row in contact.people if row.addition_id == one.id),
        )
        for one in theirs
    )


def _people(contact: Contact, theirs: list[ContactAddition]) -> tuple[ToldPerson, ...]:
    """Those told of at first, and those told of since in the additions that may be read."""
    since = {one.id: f"{one.said_by or 'Whoever told us first'}, {_day(one.happened_at)}" for one in theirs}
    told = [one for one in contact.people if one.addition_id is None or one.addition_id in since]
    ids = [one.id for one in told]
    matches, voices = (
        select(ContactMatch.contact_person_id, ContactMatch.said).where(ContactMatch.contact_person_id.in_(ids)),
        select(ContactVoice).where(ContactVoice.contact_person_id.in_(ids)).order_by(ContactVoice.id),
    )
    said = [(row[0], row[1]) for row in session.execute(matches)]
    heard = list(session.scalars(voices))
    return tuple(
        ToldPerson(
            position=one.position,
            details=one.details(),
            linked=one.person_id is not None,
            matched=sum(person_id == one.id for person_id, _ in said),
            said=frozenset(word for person_id, word in said if person_id == one.id and word),
            since=since.get(one.addition_id, "") if one.addition_id is not None else "",
            voices=tuple(VoiceView(v.how, v.words) for v in heard if v.contact_person_id == one.id),
        )
        for one in told
    )
