"""What the API gives back. Each is made from what pages are made from: views already cut to what the caller may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from pydantic import BaseModel

from tafcore.contacts import rules as contact_rules
from tafcore.contacts.reading import ContactView
from tafcore.episodes.helping import HELP_FACTS, PLACE_FACTS
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.likely import Candidate
from tafcore.meetings.shapes import SummaryView
from tafcore.record.chronology import ChronologyPage
from tafcore.record.listing import FamilyPage as FamilyList
from tafcore.record.listing import FamilyRow
from tafcore.record.reading import FamilyPage


class MatchOut(BaseModel):
    """Somebody on record who may be meant. Without a `ref` the caller may not know them: ring, and ask."""

    ref: str | None
    score: float
    why: list[str]
    ring: str

    @classmethod
    def of(cls, one: Candidate) -> MatchOut:
        return cls(ref=one.ref, score=one.score, why=list(one.why), ring=one.ring)


class PersonMatches(BaseModel):
    """Whom the person at `index` of those sent may be, likeliest first."""

    index: int
    matches: list[MatchOut]

    @classmethod
    def of(cls, index: int, found: Iterable[Candidate]) -> PersonMatches:
        return cls(index=index, matches=[MatchOut.of(one) for one in found])


class Matches(BaseModel):
    people: list[PersonMatches]


class ContactRegistered(BaseModel):
    """The contact was taken; `due` is when what will have been done. With `ref` and `code` a professional who told us
    sees how it stands; nobody else has a code."""

    ref: str
    code: str | None
    state: str
    due: dict[str, datetime]
    people: list[PersonMatches]


class ContactOut(BaseModel):
    """How a contact stands. `answer` only for those who may hear it, `family` only for those who may see it."""

    ref: str
    state: str
    channel: str | None
    source: str
    received_at: datetime
    urgency: str | None
    level: int | None
    people: int
    due: dict[str, datetime]
    looked_at: bool
    answer: str | None
    advice: str | None
    answered_at: datetime | None
    ring: str | None
    family: str | None

    @classmethod
    def of(cls, view: ContactView) -> ContactOut:
        hears = view.inside or contact_rules.hears_answer(view.source)
        return cls(
            ref=view.ref,
            state=view.state if hears or view.open else "answered",
            channel=view.channel,
            source=view.source,
            received_at=view.received_at,
            urgency=view.urgency,
            level=view.level,
            people=len(view.people),
            due=view.due,
            looked_at=view.state != "received",
            answer=view.answer if hears else None,
            advice=view.answer_advice if hears else None,
            answered_at=view.answered_at if hears else None,
            ring=view.team_phone if hears else None,
            family=view.family_ref or None,
        )


class FamilyLine(BaseModel):
    """A family in a list, with those of its children the caller may see."""

    ref: str
    name: str
    children: list[str]
    lead_professional: str | None
    open_since: datetime | None
    next_meeting_at: datetime | None

    @classmethod
    def of(cls, row: FamilyRow, covered: frozenset[str]) -> FamilyLine:
        return cls(
            ref=row.ref,
            name=row.name,
            children=list(row.people),
            lead_professional=None if covered & HELP_FACTS else row.lead or None,
            open_since=row.open_since,
            next_meeting_at=None if covered & PLACE_FACTS else row.next_meeting_at,
        )


class Families(BaseModel):
    """A page of families; `after` asks for the next, null at the end."""

    items: list[FamilyLine]
    after: str | None

    @classmethod
    def of(cls, page: FamilyList, covered: Mapping[str, frozenset[str]]) -> Families:
        """`covered`: by reference, the facts that whoever looks at it must not learn."""
        lines = (FamilyLine.of(row, covered.get(row.ref, frozenset())) for row in page.rows)
        return cls(items=list(lines), after=page.after or None)


class PersonOut(BaseModel):
    """A family member; what a safety rule hides is null."""

    ref: str
    role: str
    name: str
    born: date | None
    due: date | None
    sex: str | None
    language: str | None
    interpreter: bool | None
    address: str | None
    postcode: str | None
    level: int | None

    @classmethod
    def of(cls, person: PersonView, level: int | None) -> PersonOut:
        return cls(
            ref=person.ref,
            role=person.role,
            name=person.name,
            born=person.born,
            due=person.due,
            sex=person.sex,
            language=person.language,
            interpreter=person.interpreter,
            address=person.address or None,
            postcode=person.postcode or None,
            level=level,
        )


class HelperOut(BaseModel):
    role: str
    name: str
    organisation: str
    phone: str | None


class FamilyOut(BaseModel):
    """A family as the caller may see it, and why; `helpers` begins with the lead professional."""

    ref: str
    name: str
    reason: str
    open_since: datetime | None
    state: str | None
    people: list[PersonOut]
    helpers: list[HelperOut]
    plan: str
    next_meeting_at: datetime | None

    @classmethod
    def of(cls, view: FamilyView, page: FamilyPage, coming: SummaryView | None) -> FamilyOut:
        levels = {card.person.id: card.level.level for card in page.children if card.level}
        helpers = (
            HelperOut(role=h.role, name=h.name, organisation=h.organisation, phone=h.phone) for h in page.helpers
        )
        return cls(
            ref=view.ref,
            name=view.name,
            reason=view.reason,
            open_since=view.open_since,
            state=page.episode.state if page.episode else None,
            people=[PersonOut.of(person, levels.get(person.id)) for person in view.people],
            helpers=list(helpers),
            plan=page.plan_words,
            next_meeting_at=coming.starts_at if coming else None,
        )


class LineOut(BaseModel):
    at: datetime
    category: str
    line: str
    by: str
    about: list[str]


class Chronology(BaseModel):
    """What happened, newest first; `after` asks for what was before, null at the end."""

    items: list[LineOut]
    after: str | None

    @classmethod
    def of(cls, page: ChronologyPage) -> Chronology:
        lines = [
            LineOut(at=row.at, category=row.category, line=row.line, by=row.by, about=list(row.about))
            for row in page.lines
        ]
        return cls(items=lines, after=page.after or None)


class MeetingOut(BaseModel):
    ref: str
    state: str
    starts_at: datetime
    place: str | None
    link: str | None
