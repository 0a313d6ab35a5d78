"""Recording visits and children's voices, who may hear them, and what was done about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import cast

from sqlalchemy import delete, select

from tafcore.actor import Actor
from tafcore.assessments import rules, voice_rules
from tafcore.assessments.commands import (
    FamilyCommand,
    HeardPart,
    RecordVisit,
    RecordVoice,
    RespondToVoice,
    SetHearing,
    TakeBack,
)
from tafcore.assessments.events import HearingSet, TakenBack, VisitRecorded, VoiceAnswered, VoiceRecorded
from tafcore.assessments.models import Visit, VisitPerson, VoiceEntry, VoiceHearer, VoiceResponse
from tafcore.contacts.models import Contact, ContactPerson, ContactVoice
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes import service as episodes
from tafcore.families import service as families
from tafcore.families.access import FamilyView, PersonView, visible_family
from tafcore.families.models import Family
from tafcore.people.service import fresh_ref
from tafcore.standards.clock import LONDON, london_day
from tafcore.vocabulary import Subject
from tafcore.work import NotAllowed, NotFound, Refused, check, publish

NOON = time(12)


def _family(command: FamilyCommand, actor: Actor) -> FamilyView:
    return visible_family(command.family, actor, "change", command.scopes)


def _happened(day: date | None) -> datetime:
    """Now for today, midday for a day of which no more is known."""
    now = utcnow()
    return now if day in (None, london_day(now)) else datetime.combine(day or now, NOON, LONDON).astimezone(UTC)


def _must_see(view: FamilyView) -> list[PersonView]:
    return [child for child in view.living_children if child.role != "unborn"]


def record_visit(command: RecordVisit, actor: Actor) -> Visit:
    """A visit: who was seen, each child alone or not and why not, and what the children said."""
    view = check(command, actor, lambda: _family(command, actor), _visit_rules)
    adults = [view.person(ref) for ref in dict.fromkeys(command.adults)]
    episode = episodes.episode_now(view.id)
    visit = Visit(ref=fresh_ref(Visit, "V"), family_id=view.id, episode_id=episode.id if episode else None)
    visit.happened_at, visit.venue, visit.observation = _happened(command.day), command.venue, command.observation
    visit.by, visit.recorded_by, visit.recorder_id = command.by or actor.byline, actor.byline, actor.user_id
    session.add(visit)
    session.flush()
    for adult in adults:
        session.add(VisitPerson(visit_id=visit.id, person_id=adult.id, seen=True))
    seen: list[PersonView] = []
    not_seen: list[PersonView] = []
    for part in command.children:
        child = view.person(part.person)
        row = VisitPerson(visit_id=visit.id, person_id=child.id, seen=part.seen != "no", why_not=part.why_not)
        row.alone, row.observation = (part.seen == "alone") if row.seen else None, part.observation
        session.add(row)
        (seen if row.seen else not_seen).append(child)
    session.flush()
    publish(
        VisitRecorded(
            actor=actor,
            subject=Subject("visit", visit.id, visit.ref),
            family_id=view.id,
            people=tuple(child.id for child in [*seen, *not_seen]),
            happened_at=visit.happened_at,
            venue=visit.venue,
            seen=tuple(child.id for child in seen),
            not_seen=tuple(child.id for child in not_seen),
            line=_visit_line(visit, seen, not_seen),
        )
    )
    for part in command.children:
        if part.tells:
            heard = part.model_dump(include=set(HeardPart.model_fields))
            said = RecordVoice(family=view.ref, person=part.person, **heard)
            _put_voice(view, said, actor, visit.happened_at, visit_id=visit.id)
    return visit


def _visit_rules(view: FamilyView, command: RecordVisit) -> Iterable[Problem]:
    day = command.day or london_day(utcnow())
    born = {child.ref: child.born for child in view.children}
    yield from rules.not_yet(command.day, london_day(utcnow()))
    yield from rules.at_home(
        command.venue, {child.ref: child.name for child in _must_see(view)}, (part.person for part in command.children)
    )
    for number, part in enumerate(command.children):
        yield from rules.child_row(number, part.seen, part.why_not, rules.age(born.get(part.person), day))
    if not command.children and not command.adults:
        yield Problem("Say who was seen, or who was not and why", "children")


def _visit_line(visit: Visit, seen: list[PersonView], not_seen: list[PersonView]) -> str:
    """`Visit at home by A. Patel: Jack seen; Sofia not seen`."""
    where = {"home": "at home", "school": "at school", "hub": "at the hub", "virtual": "by video or phone"}
    told = [f"{_names(seen)} seen"] if seen else []
    told += [f"{_names(not_seen)} not seen"] if not_seen else []
    visited = f"Visit {where.get(visit.venue, 'elsewhere')} by {visit.by}"
    return f"{visited}: {'; '.join(told)}" if told else visited


def _names(people: list[PersonView]) -> str:
    return ", ".join(person.forename for person in people)


def record_voice(command: RecordVoice, actor: Actor) -> VoiceEntry:
    """A child's own words. Nobody in the family hears them by default; words that suggest harm stay between workers."""
    view = check(command, actor, lambda: _family(command, actor), _voice_rules)
    return _put_voice(view, command, actor, _happened(command.day))


def _voice_rules(view: FamilyView, command: RecordVoice) -> Iterable[Problem]:
    if not command.tells:
        yield Problem("Write what the child said", "words")
    harm = command.suggests_harm
    yield from rules.not_yet(command.day, london_day(utcnow()))
    yield from rules.hearing(command.audience, len(command.hearers), command.asked, command.decided_why, harm)


def _put_voice(
    view: FamilyView, command: RecordVoice, actor: Actor, happened_at: datetime, visit_id: int | None = None
) -> VoiceEntry:
    child = view.person(command.person)
    if not child.is_child:
        raise Refused([Problem("Choose a child", "person")])
    episode = episodes.episode_now(view.id)
    voice = VoiceEntry(ref=fresh_ref(VoiceEntry, "W"), family_id=view.id, episode_id=episode.id if episode else None)
    voice.person_id, voice.visit_id, voice.happened_at, voice.recorded_at = child.id, visit_id, happened_at, utcnow()
    voice.how = voice_rules.how_heard(command.how, command.words, any(command.houses))
    voice.words, voice.room = command.words or "", command.room
    voice.worries, voice.good, voice.dreams = command.houses
    voice.feeling, voice.scale, voice.face = command.feeling, command.scale, command.face
    voice.audience, voice.asked, voice.decided_why = command.audience, command.asked, command.decided_why
    voice.harm = command.suggests_harm
    voice.recorded_by, voice.recorder_id = actor.byline, actor.user_id
    session.add(voice)
    session.flush()
    _set_hearers(view, voice, command.hearers)
    _tell_voice(voice, view.ref, view.team_id, actor, f"{child.forename}'s own words recorded")
    return voice


def _set_hearers(view: FamilyView, voice: VoiceEntry, refs: tuple[str, ...]) -> None:
    hearers = [view.person(ref) for ref in dict.fromkeys(refs)] if voice.audience == "parents" else []
    if any(hearer.is_child for hearer in hearers):
        raise Refused([Problem("Choose parents or carers", "hearers")])
    session.execute(delete(VoiceHearer).where(VoiceHearer.voice_id == voice.id))
    session.add_all(VoiceHearer(voice_id=voice.id, person_id=hearer.id) for hearer in hearers)


def _tell_voice(voice: VoiceEntry, family_ref: str, team_id: int | None, actor: Actor, line: str) -> None:
    publish(
        VoiceRecorded(
            actor=actor,
            subject=Subject("voice", voice.id, voice.ref),
            family_id=voice.family_id,
            people=(voice.person_id,),
            happened_at=voice.happened_at,
            harm=voice.harm,
            hearing=voice.audience,
            family_ref=family_ref,
            team_id=team_id,
            line=line,
            audience="workers" if voice.audience == "recorder" else "team",
        )
    )


def carry_voices(family_id: int, actor: Actor) -> None:
    """What children said at the door joins the family's record, so that they need not say it again.

    Each is carried once, when early help opens or a contact joins it; workers hear it, the family does not.
    """
    episode = episodes.episode_now(family_id)
    if episode is None:
        return
    carried = select(VoiceEntry.contact_voice_id).where(VoiceEntry.family_id == family_id)
    told = (
        select(ContactVoice, ContactPerson.person_id, Contact.received_at)
        .join(ContactPerson, ContactPerson.id == ContactVoice.contact_person_id)
        .join(Contact, Contact.id == ContactPerson.contact_id)
        .where(
            Contact.family_id == family_id,
            Contact.state.not_in(("withdrawn", "recorded_in_error")),
            ContactPerson.person_id.is_not(None),
            ContactVoice.id.not_in(carried.where(VoiceEntry.contact_voice_id.is_not(None))),
        )
        .order_by(ContactVoice.id)
    )
    family = session.get_one(Family, family_id)
    for said, person_id, received_at in session.execute(told).all():
        voice = VoiceEntry(ref=fresh_ref(VoiceEntry, "W"), family_id=family_id, episode_id=episode.id)
        voice.person_id = families.known_as(family_id, cast(int, person_id))
        voice.contact_voice_id, voice.happened_at = said.id, received_at
        voice.how, voice.words, voice.recorded_at = said.how, said.words, utcnow()
        voice.harm, voice.recorded_by = rules.suggests_harm(said.words), actor.byline
        session.add(voice)
        session.flush()
        _tell_voice(voice, family.ref, family.team_id, actor, "What a child said at first contact joined the record")


def _voice(ref: str, view: FamilyView, actor: Actor) -> VoiceEntry:
    """An entry this actor may hear: a recorder's own entry only by the recorder and the manager."""
    found = session.scalar(
        select(VoiceEntry).where(VoiceEntry.ref == ref, VoiceEntry.family_id == view.id, VoiceEntry.in_error.is_(None))
    )
    if found is None or not view.may_see(found.person_id):
        raise NotFound
    if found.audience == "recorder" and found.recorder_id != actor.user_id and "manage" not in view.scopes:
        raise NotFound
    return found


def set_hearing(command: SetHearing, actor: Actor) -> VoiceEntry:
    """Who may hear an entry from now on; its recorder, the lead or the manager decides."""
    view = check(command, actor, lambda: _family(command, actor))
    voice = _voice(command.voice, view, actor)
    _recorder_or_leading(voice.recorder_id, view, actor)
    harm = voice.harm if command.harm is None else command.harm
    problems = rules.hearing(command.audience, len(command.hearers), command.asked, command.decided_why, harm)
    if problems:
        raise Refused(problems)
    voice.audience, voice.asked, voice.decided_why, voice.harm = (
        command.audience,
        command.asked,
        command.decided_why,
        harm,
    )
    _set_hearers(view, voice, command.hearers)
    publish(
        HearingSet(
            actor=actor,
            subject=Subject("voice", voice.id, voice.ref),
            family_id=view.id,
            people=(voice.person_id,),
            hearing=voice.audience,
            asked=voice.asked,
            harm=harm,
            audience="workers",
        )
    )
    return voice


def respond(command: RespondToVoice, actor: Actor) -> VoiceResponse:
    """What was done about a child's words, and when the child was told."""
    view = check(command, actor, lambda: _family(command, actor))
    voice = _voice(command.voice, view, actor)
    if command.told_on is not None and command.told_on > london_day(utcnow()):
        raise Refused([Problem("This day is still to come", "told_on")])
    made = VoiceResponse(voice_id=voice.id, words=command.words, told_on=command.told_on, told_how=command.told_how)
    made.by = actor.byline
    session.add(made)
    session.flush()
    publish(
        VoiceAnswered(
            actor=actor,
            subject=Subject("voice", voice.id, voice.ref),
            family_id=view.id,
            people=(voice.person_id,),
            told_on=command.told_on.isoformat() if command.told_on else None,
            line=f"{view.name_of(voice.person_id)}'s words were acted on",
            audience="workers" if voice.audience == "recorder" else "team",
        )
    )
    return made


def take_back(command: TakeBack, actor: Actor) -> None:
    """Record a visit or an entry as a mistake; only its recorder, the lead or the manager may."""
    view = check(command, actor, lambda: _family(command, actor))
    record: Visit | VoiceEntry | None
    if command.part.startswith("W"):
        record, kind = _voice(command.part, view, actor), "voice"
    else:
        mine = select(Visit).where(Visit.ref == command.part, Visit.family_id == view.id, Visit.in_error.is_(None))
        record, kind = session.scalar(mine), "visit"
    if record is None:
        raise NotFound
    _recorder_or_leading(record.recorder_id, view, actor)
    record.in_error = command.reason
    subject = Subject(kind, record.id, record.ref)
    publish(TakenBack(actor=actor, subject=subject, family_id=view.id, reason=command.reason, audience="workers"))


def _recorder_or_leading(recorder_id: int | None, view: FamilyView, actor: Actor) -> None:
    if not view.scopes & {"lead", "manage"} and (recorder_id is None or recorder_id != actor.user_id):
        raise NotAllowed("visits.others_entries")
