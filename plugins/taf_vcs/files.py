"""Offers in files: what `tafcore import offers` reads."""

from __future__ import annotations

from collections.abc import Mapping

from taf_vcs import service
from taf_vcs.commands import ImportOffer
from tafcore.api import Import

COLUMNS = {
    "organisation": "The voluntary organisation, by the name we know it by",
    "title": "What the offer is called; the same title again changes it",
    "what": "What it is",
    "for_whom": "For whom it is",
    "min_age": "Youngest age in years, empty for any",
    "max_age": "Oldest age in years, empty for any",
    "neighbourhood": "Where, by name; empty for the whole borough",
    "places_month": "How many can begin in a month",
    "wait_weeks": "How many weeks people wait now",
    "how": "How one asks for it",
    "ring_name": "Who can be rung",
    "phone": "On which number",
    "state": "open, paused or ended; open if empty",
    "discreet": "yes where the family must not see it",
}


def command_of(values: Mapping[str, str]) -> ImportOffer:
    """The command of one row, by heading; blank cells are left out. Raises ValidationError."""
    told = {name: value.strip() for name, value in values.items() if name in COLUMNS and value.strip()}
    return ImportOffer.model_validate(told)


def offers_import() -> Import:
    title = "What voluntary organisations offer, one row each"
    return Import("offers", title, COLUMNS, command_of, service.import_offer)
