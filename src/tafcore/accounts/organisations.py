"""Agencies from a file: `tafcore import organisations`, and whoever else reads a register of them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from tafcore.accounts import service
from tafcore.accounts.commands import KeepOrganisation
from tafcore.accounts.events import OrganisationAdded, OrganisationChanged
from tafcore.accounts.models import Neighbourhood, Organisation, OrganisationIdentifier
from tafcore.actor import Actor
from tafcore.contributions import Import, Problem
from tafcore.db import session
from tafcore.vocabulary import Subject
from tafcore.work import Refused, check, publish

COLUMNS = {
    "name": "What the agency is called",
    "sector": "Its sector, such as school, health_visiting or vcs; needed where the agency is new",
    "neighbourhood": "The borough's neighbourhood it is of, by name",
    "urgent_phone": "Whom to ring where something cannot wait",
    "urn": "A school's unique reference number, six digits",
    "ods": "Its code in the NHS directory",
    "charity": "Its number in the register of charities",
}


def command_of(values: Mapping[str, str]) -> KeepOrganisation:
    """The command of one row, by heading. Raises ValidationError."""
    return KeepOrganisation.model_validate({name: value for name, value in values.items() if name in COLUMNS})


def organisations_import() -> Import:
    return Import("organisations", "Agencies, one a row", COLUMNS, command_of, keep, 10)


def keep(command: KeepOrganisation, actor: Actor) -> Organisation:
    """The agency, brought up to date or added. Refused with everything that is wrong."""
    check(command, actor)
    place = None
    if command.neighbourhood:
        place = session.scalar(select(Neighbourhood).where(Neighbourhood.name == command.neighbourhood))
        if place is None:
            raise Refused([Problem("We know no neighbourhood of this name", "neighbourhood")])
    found = _known(command)
    if found is not None:
        _change(found, command, place, actor)
        return found
    if command.sector is None:
        raise Refused([Problem("We do not know this agency yet. Say which sector it is of", "sector")])
    made = service.add_organisation(command.name, command.sector, place, command.urgent_phone, command.numbers)
    subject = Subject("organisation", made.id)
    publish(OrganisationAdded(actor=actor, subject=subject, name=made.name, sector=made.sector))
    return made


def _known(command: KeepOrganisation) -> Organisation | None:
    """By a number, else by the name. Refused where they are of two agencies."""
    named = session.scalar(select(Organisation).where(Organisation.name == command.name))
    for scheme, value in command.numbers.items():
        by_number = with_number(scheme, value)
        if by_number is not None and named is not None and by_number.id != named.id:
            words = f"This is the number of {by_number.name}, not of the agency that the rest of the row names"
            raise Refused([Problem(words, scheme)])
        named = named or by_number
    return named


def with_number(scheme: str, value: str) -> Organisation | None:
    """The agency with this number."""
    rows = select(Organisation).join(OrganisationIdentifier, OrganisationIdentifier.organisation_id == Organisation.id)
    return session.scalar(rows.where(OrganisationIdentifier.scheme == scheme, OrganisationIdentifier.value == value))


def _change(found: Organisation, command: KeepOrganisation, place: Neighbourhood | None, actor: Actor) -> None:
    told = {
        "name": command.name,
        "sector": command.sector,
        "neighbourhood_id": place.id if place else None,
        "urgent_phone": command.urgent_phone,
    }
    changed = [name for name, value in told.items() if value is not None and value != getattr(found, name)]
    for name in changed:
        setattr(found, name, told[name])
    changed = [name.removesuffix("_id") for name in changed]
    changed += [scheme for scheme, value in command.numbers.items() if _numbered(found, scheme, value)]
    session.flush()
    if changed:
        subject = Subject("organisation", found.id)
        publish(
            OrganisationChanged(
                actor=actor, subject=subject, name=found.name, sector=found.sector, changed=tuple(sorted(changed))
            )
        )


def _numbered(found: Organisation, scheme: str, value: str) -> bool:
    """Whether this number of the agency is new to us; it takes the place of the one there was."""
    its = OrganisationIdentifier.organisation_id == found.id, OrganisationIdentifier.scheme == scheme
    row = session.scalar(select(OrganisationIdentifier).where(*its))
    if row is None:
        session.add(OrganisationIdentifier(organisation_id=found.id, scheme=scheme, value=value))
    elif row.value == value:
        return False
    else:
        row.value = value
    return True
