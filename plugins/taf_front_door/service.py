"""Taking in what a family asks for, choosing whose queue a contact joins, and giving contacts to colleagues."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import bindparam, delete, func, select

from taf_front_door import rules
from taf_front_door.commands import AskForHelp, Hub
from taf_front_door.models import Attempt
from tafcore.api import (
    Actor,
    Contact,
    Organisation,
    PersonDetails,
    Problem,
    Refused,
    RegisterContact,
    TakeContact,
    Team,
    admit_contact,
    london_day,
    problems_of,
    register_contact,
    rows_of,
    session,
    take_contact,
    utcnow,
)

KEY = "front_door"
ASKER = Actor("visitor", None, "Asked on the public page", permissions=frozenset({"contacts.register"}))
"""Who acts on the public page: may hand a contact in, and nothing else."""


_TAKES = (
    select(Team.id, Team.name, Organisation.name.label("organisation"))
    .join(Organisation, Organisation.id == Team.organisation_id)
    .where(Team.takes_contacts)
    .order_by(Team.name, Team.id)
)


def hubs() -> Sequence[tuple[int, str]]:
    """(id, name) of every team that takes contacts, by name."""
    rows = rows_of(_TAKES)
    names = [row[1] for row in rows]
    return [(row[0], row[1] if names.count(row[1]) == 1 else f"{row[1]}, {row[2]}") for row in rows]


def address_key(address: str, secret: str) -> str:
    """An address from which somebody asked, so that it can be counted but not read; new each day."""
    return hmac.new(secret.encode(), f"{utcnow():%Y-%m-%d} {address}".encode(), hashlib.sha256).hexdigest()


def ask(command: AskForHelp, key: str, ring: str) -> Contact:
    """Make a contact of what a family asked for. Call inside `writing()`.

    `key` is their `address_key`, `ring` the number to ring instead when there were too many from there.
    """
    slow_down(key, ring)
    found = faults(command)
    if found:
        raise Refused(found)
    return register_contact(contact_of(command), ASKER)


def faults(command: AskForHelp) -> list[Problem]:
    """All that is wrong with what was asked, beside the fields of the public form; changes nothing."""
    found = rules.not_born_yet([command.born, *(child.born for child in command.children)], london_day(utcnow()))
    try:
        admit_contact(contact_of(command), ASKER)
    except ValidationError as fault:
        found += _at_home(problems_of(fault))
    except Refused as refusal:
        found += _at_home(refusal.problems)
    return found


def slow_down(key: str, ring: str) -> None:
    """Count a form that was sent from there, and refuse it where there were too many. Call inside `writing()`."""
    now = utcnow()
    lately = select(func.count()).where(Attempt.address_hash == key, Attempt.at > now - rules.HOUR)
    if (session.scalar(lately) or 0) >= rules.ASKED_PER_HOUR:
        message = f"Many people have asked from this connection in the last hour. Wait an hour, or ring {ring}"
        raise Refused([Problem(message)])
    session.execute(delete(Attempt).where(Attempt.at < now - rules.FORGOTTEN))
    session.add(Attempt(address_hash=key, at=now))


def _at_home(problems: Iterable[Problem]) -> list[Problem]:
    """Faults of the contact beside the fields of the public form, whose first person is the one who asks."""
    found = []
    for problem in problems:
        field = problem.field.removeprefix("people.0.").removeprefix(f"answers.{KEY}.")
        if field.startswith("people."):
            place, _, rest = field.removeprefix("people.").partition(".")
            field = f"children.{int(place) - 1}.{rest}" if place.isdigit() else field
        found.append(Problem(problem.message, field))
    return found


def contact_of(command: AskForHelp) -> RegisterContact:
    """The contact a family's own words make. Raises ValidationError."""
    young = command.who == "young_person"
    asker = PersonDetails(
        role="child" if young else command.who,
        forename=command.forename,
        surname=command.surname,
        born=command.born,
        phone=command.phone,
        email=command.email,
        postcode=command.postcode,
        language=command.language,
        interpreter=command.interpreter,
    )
    children = [
        PersonDetails(
            role="sibling" if young else "child",
            forename=child.forename,
            surname=child.surname or command.surname,
            born=child.born,
        )
        for child in command.children
    ]
    return RegisterContact(
        channel="web",
        source="1C" if young else "1A",
        people=(asker, *children),
        wants=command.wants,
        worries=command.worries,
        safe_how=command.safe_how,
        safe_when=command.safe_when,
        safe_never=command.safe_never,
        family_knows=_parents(command) if young else "They asked themselves",
        answers={KEY: {"hub": command.hub}} if command.hub else {},
    )


def _parents(command: AskForHelp) -> str:
    said = rules.PARENTS_KNOW.get(command.parents_know or "", "They did not say")
    return f"Asked whether their parents or carers know: {said}"


# --- whose queue -----------------------------------------------------------------------------------------------------


def hub_problems(answers: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the section of the contact form."""
    try:
        hub = Hub.model_validate(answers.get(KEY) or {}).hub
    except ValidationError as fault:
        return [Problem(one.message, f"answers.{KEY}.{one.field}") for one in problems_of(fault)]
    if hub is not None and hub not in {one for one, _ in hubs()}:
        return [Problem("Choose a family hub from the list", f"answers.{KEY}.hub")]
    return []


_HOME = select(Organisation.neighbourhood_id).where(Organisation.id == bindparam("organisation"))
_NEAR = select(Team.id).where(Team.takes_contacts, Team.neighbourhood_id.in_(_HOME)).order_by(Team.id).limit(1)


def queue_for(command: RegisterContact, actor: Actor) -> int | None:
    """The team whose queue a contact joins: the hub chosen, else a team where the registrar's organisation is.

    None where the core knows as much: for those who have a team, and where no team is near.
    """
    chosen = Hub.model_validate(command.answers.get(KEY) or {}).hub
    if chosen is not None or actor.team_id is not None:
        return chosen
    near = rows_of(_NEAR, organisation=actor.organisation_id) if actor.organisation_id is not None else ()
    return near[0].id if near else None


def claim(ref: str, actor: Actor) -> int:
    """Take a contact on that nobody has; gives how many that are. Call inside `writing()`."""
    take_contact(TakeContact(contact=ref), actor)
    return 1


def give(refs: Sequence[str], user_id: int | None, actor: Actor) -> int:
    """Give contacts to a colleague, all or none; gives how many. Call inside `writing()`."""
    problems = []
    if not refs:
        problems.append(Problem("Tick the contacts to give", "contacts"))
    if user_id is None:
        problems.append(Problem("Choose whom to give them to", "user"))
    if problems:
        raise Refused(problems)
    for ref in refs:
        take_contact(TakeContact(contact=ref, user=user_id), actor)
    return len(refs)
