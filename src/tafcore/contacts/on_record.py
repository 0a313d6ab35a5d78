"""What is on record of people whom the worker knows again: so that nothing is asked twice, and their family is at hand.

Only of those the worker may see, and only what their family may see too: whoever asks for help may be looking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select

from tafcore.accounts.models import Organisation, OrganisationIdentifier
from tafcore.contacts.door import Found, token
from tafcore.contacts.models import Contact, ContactPerson
from tafcore.db import rows_of
from tafcore.families.access import FamilyView, PersonView
from tafcore.people import identifiers
from tafcore.people.models import PersonIdentifier
from tafcore.people.rules import SEXES

_SCHEMES = {"nhs": "NHS number", "upn": "UPN"}
_USE = {True: "safe to use", False: "do not use", None: ""}
_NUMBERS = select(PersonIdentifier.person_id, PersonIdentifier.scheme).where(
    PersonIdentifier.person_id.in_(bindparam("people", expanding=True)), PersonIdentifier.scheme.in_(sorted(_SCHEMES))
)
_SCHOOLS = (
    select(ContactPerson.person_id, ContactPerson.school_urn, Organisation.name)
    .join(Contact, Contact.id == ContactPerson.contact_id)
    .outerjoin(
        OrganisationIdentifier,
        and_(OrganisationIdentifier.scheme == "urn", OrganisationIdentifier.value == ContactPerson.school_urn),
    )
    .outerjoin(Organisation, Organisation.id == OrganisationIdentifier.organisation_id)
    .where(
        ContactPerson.person_id.in_(bindparam("people", expanding=True)),
        ContactPerson.school_urn.is_not(None),
        Contact.state.not_in(("withdrawn", "recorded_in_error")),
    )
    .order_by(Contact.received_at, ContactPerson.id)
)


@dataclass(frozen=True)
class Other:
    """Somebody else of the family. `token` is what the button that adds them is called."""

    token: str
    person: PersonView

    @property
    def words(self) -> str:
        return f"{self.person.name_age}, {self.person.role_words.lower()}"


@dataclass(frozen=True)
class OnRecord:
    """What is known of one of them. `settled`: where they live is on record, whether or not it may be shown here: what
    is typed for others is not said of them. `home` names the button that makes it everybody's. `others` of the family
    are offered once, with the first of it."""

    facts: tuple[str, ...]
    address: str
    postcode: str
    settled: bool
    home: str
    others: tuple[Other, ...]


def names_of(person: PersonView) -> dict[str, str]:
    """What somebody is called, as a row has it: nothing where only their role is known."""
    if person.name == person.role_words:
        return {"forename": "", "surname": ""}
    return {"forename": person.forename, "surname": person.name.removeprefix(person.forename).strip()}


def told_of(person: PersonView) -> dict[str, str]:
    """Somebody's row, as far as it takes to know them again."""
    row = {"role": person.role, **names_of(person)}
    day = person.born or person.due
    if day is not None and person.born_precision == "day":
        return row | {"born": f"{day.day} {day:%B %Y}"}
    return row | {"address": person.address, "postcode": person.postcode}


def on_record(form_key: str, found: Iterable[Found], said: Mapping[str, str]) -> Mapping[str, OnRecord]:
    """Row key -> what is known of whom it was said that "it is them"."""
    known: dict[str, tuple[FamilyView, PersonView]] = {}
    for row in found:
        for one in row.people:
            person = one.candidate.view.seen(one.candidate.person_id) if one.candidate.view else None
            if one.candidate.view and person and person.may("people") and said.get(one.token) == "yes":
                known[row.key] = one.candidate.view.only("people"), person
    if not known:
        return {}
    here = frozenset(record for _, person in known.values() for record in (person.id, *person.records))
    numbers, schools = _numbers(here), _schools(here)
    told: set[int] = set()
    answer = {}
    for key, (view, person) in known.items():
        others = [] if view.id in told else [one for one in view.people if one.id not in here and one.died is None]
        told.add(view.id)
        home = ", ".join(part for part in (person.address, person.postcode) if part)
        answer[key] = OnRecord(
            facts=tuple(_facts(person, home, numbers, schools)),
            address=person.address,
            postcode=person.postcode,
            settled=bool(home) or bool(person.hidden & {"address", "refuge"}),
            home=token(form_key, "home", key) if home else "",
            others=tuple(Other(token(form_key, "other", key, one.id), one) for one in others),
        )
    return answer


def _facts(
    person: PersonView, home: str, numbers: Sequence[tuple[int, str]], schools: Sequence[tuple[int, str]]
) -> Iterable[str]:
    if person.born is not None:
        exact = {"day": f"{person.born.day} {person.born:%B %Y}", "month": f"{person.born:%B %Y}"}
        yield f"born {exact.get(person.born_precision, f'{person.born:%Y}')}"
    elif person.due is not None:
        yield f"due {person.due.day} {person.due:%B %Y}"
    if person.sex in ("F", "M"):
        yield SEXES[person.sex].lower()
    if home:
        yield f"lives at {home}"
    elif "address" in person.hidden:
        yield "address not shown on this screen"
    if person.language:
        yield f"speaks {person.language}"
    if person.interpreter is not None:
        yield "interpreter needed" if person.interpreter else "no interpreter needed"
    for _, value, safe, times in person.ways:
        use = ": ".join(part for part in (_USE[safe], times) if part)
        yield f"{_read_out(value)} ({use})" if use else _read_out(value)
    if person.hidden:
        return
    records = {person.id, *person.records}
    held = sorted({_SCHEMES[scheme] for record, scheme in numbers if record in records})
    if held:
        yield " and ".join(held)
    school = [name for record, name in schools if record in records]
    if school and person.may("contacts"):
        yield school[-1]


def _read_out(value: str) -> str:
    try:
        return identifiers.phone(value).display
    except identifiers.BadIdentifier:
        return value


def _numbers(people: Collection[int]) -> Sequence[tuple[int, str]]:
    """Which numbers are held. The numbers themselves are nobody's to read here."""
    return [(row.person_id, row.scheme) for row in rows_of(_NUMBERS, people=sorted(people))]


def _schools(people: Collection[int]) -> Sequence[tuple[int, str]]:
    """The schools that contacts told of, the newest last."""
    rows = rows_of(_SCHOOLS, people=sorted(people))
    return [(row.person_id, row.name or f"school {row.school_urn}") for row in rows]
