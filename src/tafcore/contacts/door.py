"""Who may be meant, shown while somebody types: choices under keys that tell nothing of who is on record."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from pydantic import ValidationError

from tafcore.actor import Actor
from tafcore.contacts.likely import OtherContact, other_contacts
from tafcore.contacts.linking import offers
from tafcore.families.likely import Candidate, named
from tafcore.people.commands import PersonDetails


@dataclass(frozen=True)
class Shown:
    """Somebody who may be meant. `token` is what the form's choice is called; `ref` stays with the program."""

    token: str
    ref: str
    candidate: Candidate


@dataclass(frozen=True)
class Found:
    """What was found for one person told of: people on record, and other contacts."""

    key: str
    name: str
    people: tuple[Shown, ...]
    contacts: tuple[OtherContact, ...]


def token(*about: object) -> str:
    """A key for a choice. It differs from form to form and from row to row, so that nobody can tell by it that two
    searches found the same person."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, "|".join(map(str, about)).encode(), hashlib.sha256).hexdigest()[:20]


def look(form_key: str, rows: Sequence[tuple[str, PersonDetails]], actor: Actor, but: int | None = None) -> list[Found]:
    """Who may be meant by each (row key, details), but for contact `but`; rows that nobody resembles are left out."""
    found = []
    for key, details in rows:
        people = tuple(
            Shown(token(form_key, key, one.candidate.person_id), ref, one.candidate)
            for ref, one in offers(details, actor).items()
        )
        contacts = tuple(other_contacts(details, actor, but))
        if people or contacts:
            found.append(Found(key, details.label, people, contacts))
    return found


def look_by_name(form_key: str, key: str, words: str, actor: Actor) -> tuple[tuple[Shown, ...], bool]:
    """Those the actor sees who are called so, and whether there are more."""
    found, more = named(words, actor)
    return tuple(Shown(token(form_key, key, one.person_id), one.ref or "", one) for one in found), more


def as_far_as_typed(told: Mapping[str, object]) -> PersonDetails:
    """Details from a form still being filled in: what cannot be read yet is left out."""
    try:
        return PersonDetails.model_validate(told)
    except ValidationError as fault:
        bad = {str(each["loc"][0]) for each in fault.errors() if each["loc"]} or {"born", "due"}
        return as_far_as_typed({name: value for name, value in told.items() if name not in bad} | {"role": "child"})
