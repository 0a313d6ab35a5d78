"""Eligible areas in files: what `tafcore import optivita-areas` reads."""

from __future__ import annotations

from collections.abc import Mapping

from taf_optivita import service
from taf_optivita.commands import SetArea
from tafcore.api import Import

COLUMNS = {
    "postcode": "The beginning of the postcodes: an outward code such as HA1, or a sector such as HA1 2",
    "neighbourhood": "Or the name of a neighbourhood",
    "from": "The first day on which its children are eligible",
    "until": "The first day on which they no longer are; empty while it lasts",
    "source": "Who decided it",
}
FIELDS = {"from": "from_day", "until": "until_day"}


def command_of(values: Mapping[str, str]) -> SetArea:
    """The command of one row, by heading; blank cells are left out. Raises ValidationError."""
    told = {name: value.strip() for name, value in values.items() if name in COLUMNS and value.strip()}
    return SetArea.model_validate({FIELDS.get(name, name): value for name, value in told.items()})


def areas_import() -> Import:
    return Import("optivita-areas", "Areas whose children may have OptiVita", COLUMNS, command_of, service.set_area)
