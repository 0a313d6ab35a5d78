"""Restricting somebody of a family, as the manager of its area decides, and lifting it."""

from __future__ import annotations

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.families.access import visible_family
from tafcore.people.restricting import set_restricted
from tafcore.record.commands import LiftRestriction, RestrictPerson
from tafcore.record.events import PersonRestricted
from tafcore.vocabulary import Subject
from tafcore.work import Refused, check, publish


def restrict(command: RestrictPerson, actor: Actor) -> None:
    """From now on whoever asks about this person is told to ring the duty line, and nothing else."""
    _set(command, True, command.asked_by, actor)


def lift(command: LiftRestriction, actor: Actor) -> None:
    """What the restriction hid shows again. Why there was one stays on record."""
    _set(command, False, actor.byline, actor)


def _set(command: RestrictPerson | LiftRestriction, restricted: bool, said_by: str, actor: Actor) -> None:
    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes))
    person = view.person(command.person)
    if not set_restricted(person.records, restricted, command.reason, said_by, actor):
        words = "They are restricted already" if restricted else "They are not restricted any more"
        raise Refused([Problem(words, "reason")])
    done = "is restricted: whoever asks is told to ring the duty line" if restricted else "is no longer restricted"
    publish(
        PersonRestricted(
            actor=actor,
            subject=Subject("person", person.id, person.ref),
            family_id=view.id,
            people=(person.id,),
            lifted=not restricted,
            line=f"{person.name} {done}",
            audience="workers",
        )
    )
