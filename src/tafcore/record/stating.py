"""Numbers that others know somebody by, and that somebody has died."""

from __future__ import annotations

from datetime import date

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.families.access import FamilyView, visible_family
from tafcore.people import service as people
from tafcore.people.models import Person
from tafcore.record.commands import RecordDeath, RecordNumbers
from tafcore.record.events import FactsLearned
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Subject
from tafcore.work import Refused, check, publish

SCHEMES = ("upn", "former_upn", "uln")


def numbers(command: RecordNumbers, actor: Actor) -> None:
    """Each number beside those known before, with who said it."""
    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes))
    person = session.get_one(Person, view.person(command.person).id)
    given = {scheme: value for scheme in SCHEMES if (value := getattr(command, scheme))}
    if not given and not command.uprn:
        raise Refused([Problem("Enter at least one number", "upn")])
    for scheme, value in given.items():
        people.identify(person, scheme, value, command.said_by, actor)
    if command.uprn and not people.place(person, command.uprn, command.said_by, actor):
        raise Refused([Problem("Record where they live first: this number is of an address", "uprn")])
    facts = (*given, *(["uprn"] if command.uprn else []))
    _told(view, command.person, facts, "What is known of {} was brought up to date", actor)


def death(command: RecordDeath, actor: Actor) -> None:
    """That somebody died, or that this was recorded by mistake. Both stay on record."""
    today = london_day(utcnow())

    def possible(view: FamilyView, asked: RecordDeath) -> list[Problem]:
        return _possible(asked, view.person(asked.person).born, today)

    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes), possible)
    who = view.person(command.person)
    person = session.get_one(Person, who.id)
    if command.alive:
        people.unsay(person, "died", command.said_by, actor)
    else:
        people.state(person, "died", command.died, command.said_by, actor)
    line = "{} is alive: a death was recorded by mistake" if command.alive else "{} has died"
    _told(view, command.person, ("died",), line, actor)


def _possible(asked: RecordDeath, born: date | None, today: date) -> list[Problem]:
    if asked.alive:
        return []
    if asked.died is None:
        return [Problem("Enter the day they died", "died")]
    if asked.died > today:
        return [Problem("This day is still to come", "died")]
    return [Problem("They were born after this day", "died")] if born and asked.died < born else []


def _told(view: FamilyView, ref: str, facts: tuple[str, ...], line: str, actor: Actor) -> None:
    who = view.person(ref)
    publish(
        FactsLearned(
            actor=actor,
            subject=Subject("person", who.id, who.ref),
            family_id=view.id,
            people=(who.id,),
            facts=tuple(sorted(facts)),
            line=line.format(who.name),
        )
    )
