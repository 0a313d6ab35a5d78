"""The search line of the register page: what was typed, how it was read, and who may be meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tafcore.actor import Actor
from tafcore.contacts.door import Shown, as_far_as_typed, look, look_by_name
from tafcore.contacts.likely import OtherContact
from tafcore.days import parse_day
from tafcore.db import utcnow
from tafcore.people.commands import PersonDetails
from tafcore.people.heard import Heard, read
from tafcore.standards.clock import london_day

_WORDS = {
    "name": "name",
    "forename": "first name",
    "surname": "surname",
    "born": "born",
    "address": "address",
    "postcode": "postcode",
    "phone": "phone",
    "email": "email",
    "nhs_number": "NHS number",
    "upn": "UPN",
}


@dataclass(frozen=True)
class Line:
    """What was read, and who that may be, likeliest first, each with the first reading that finds them. `more`: others
    that the actor sees are called so too.

    Who learns what of them is for contacts.door.
    """

    heard: Heard
    found: tuple[tuple[Shown, Heard], ...] = ()
    contacts: tuple[OtherContact, ...] = ()
    more: bool = False

    @property
    def read_as(self) -> tuple[tuple[str, str], ...]:
        """(what it is, what was typed)."""
        words = _WORDS | ({"born": "due"} if self.heard.due else {})
        parts = dict(self.heard.parts)
        if not self.heard.ordered:  # which is the surname nobody can tell
            names = [parts.pop(name) for name in ("forename", "surname") if name in parts]
            parts = {"name": " ".join(names), **parts} if names else parts
        return tuple((words[part], typed) for part, typed in parts.items())

    @property
    def people(self) -> tuple[Shown, ...]:
        return tuple(shown for shown, _ in self.found)

    def chosen(self, token: str) -> tuple[Shown, Heard] | None:
        """The one whose choice is called so, if still found."""
        return next((one for one in self.found if one[0].token == token), None)


def look_for(form_key: str, typed: str, actor: Actor) -> Line:
    """Read the line of a form, and look who may be meant.

    Choices are called otherwise for every line typed: nobody can tell by them that two lines found the same person.
    """
    today = london_day(utcnow())
    heard = read(typed.replace("\x00", " "), today)
    if not heard:
        return Line(heard)
    key = f"line {typed}"
    found = [(one, each) for one in heard.readings for each in look(form_key, [(key, _details(one, today))], actor)]
    called, more = look_by_name(form_key, key, heard.name, actor) if heard.only_named else ((), False)
    likely = [(shown, reading) for reading, each in found for shown in each.people]
    people = _best([*likely, *((shown, heard) for shown in called)])
    return Line(heard, tuple(people), next((each.contacts for _, each in found if each.contacts), ()), more)


def _details(heard: Heard, today: date) -> PersonDetails:
    told: dict[str, object] = {**heard.parts, "role": "unborn" if heard.due else "child"}
    try:
        told["due" if heard.due else "born"] = parse_day(str(told.pop("born", "")), today, ahead=heard.due)
    except ValueError:
        told.pop("born", None)
    return as_far_as_typed(told)


def _best(people: Iterable[tuple[Shown, Heard]]) -> Iterable[tuple[Shown, Heard]]:
    """Each once, by the reading that says most, with the first that finds them."""
    found: dict[str, tuple[Shown, Heard]] = {}
    for shown, heard in people:
        best, first = found.get(shown.token, (shown, heard))
        found[shown.token] = max(best, shown, key=lambda one: one.candidate.score), first
    return sorted(found.values(), key=lambda one: -one[0].candidate.score)
