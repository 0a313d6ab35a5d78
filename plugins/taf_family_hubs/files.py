"""Files of family hubs: postcodes for `tafcore import neighbourhoods`, who came by `tafcore export hub-attendance`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from taf_family_hubs import service
from taf_family_hubs.commands import ImportPostcode
from taf_family_hubs.models import Attendance, Session, Site
from taf_family_hubs.rules import KEPT
from tafcore.api import Export, Family, Import, Person, is_restricted, kept_safe, london_day, reading

COLUMNS = {
    "postcode": "A postcode, or its beginning (HA1, HA1 2): the longest that fits wins",
    "neighbourhood": "Whose neighbourhood it is, by name; empty for none of the borough's",
    "from": "The day from which this holds",
}
WRITTEN = ("person", "family", "session", "what", "site", "day")


def command_of(values: Mapping[str, str]) -> ImportPostcode:
    """The command of one row, by heading; blank cells are left out. Raises ValidationError."""
    told = {name: value.strip() for name, value in values.items() if name in COLUMNS and value.strip()}
    return ImportPostcode.model_validate({"from_day" if name == "from" else name: told[name] for name in told})


def neighbourhoods_import() -> Import:
    title = "Which postcodes are of which neighbourhood"
    return Import("neighbourhoods", title, COLUMNS, command_of, service.import_postcode)


def attendance_export() -> Export:
    return Export("hub-attendance", "Who came to sessions of the family hubs", "family_hubs.export", write)


def write(path: Any, options: Mapping[str, Any]) -> int:
    """Who came to what, by our references and without names; gives the number of rows.

    `options` may have `from` and `to`, days. Whoever a safety rule keeps safe is left out: a file travels.
    """
    rows = (
        select(Person.ref, Family.ref, Session.ref, Session.what, Site.name, Session.at)
        .join(Attendance, Attendance.person_id == Person.id)
        .join(Family, Family.id == Attendance.family_id)
        .join(Session, Session.id == Attendance.session_id)
        .join(Site, Site.id == Session.site_id)
        .where(Attendance.superseded_at.is_(None), ~kept_safe(Person.id, KEPT), ~is_restricted())
        .order_by(Session.at, Person.ref)
    )
    first, last = options.get("from"), options.get("to")
    found = [(*row[:5], london_day(row[5])) for row in reading.execute(rows)]
    found = [row for row in found if (not first or row[5] >= first) and (not last or row[5] <= last)]
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(WRITTEN)
        out.writerows(found)
    return len(found)
