"""Attendance in files: what `tafcore import attendance` reads and `tafcore export attendance` writes."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from taf_schools import service
from taf_schools.commands import ImportAttendance
from taf_schools.models import Attendance
from tafcore.api import Episode, EpisodeChild, Export, Import, Person, is_restricted, kept_safe, reading

COLUMNS = {
    "upn": "The pupil's unique pupil number",
    "person": "Our reference of the pupil (P-...), where there is no UPN",
    "from": "First day of the period",
    "to": "Last day of the period",
    "possible": "Sessions (half days) the pupil could have attended",
    "missed": "Sessions the pupil missed",
}
FIELDS = {"from": "first_day", "to": "last_day"}
KEPT = frozenset({"school", "attendance", "help"})
"""Facts of a person that attendance would tell; see the core's safety rules."""


def command_of(values: Mapping[str, str]) -> ImportAttendance:
    """The command of one row, by heading; blank cells are left out. Raises ValidationError."""
    told = {name: value.strip() for name, value in values.items() if name in COLUMNS and value.strip()}
    return ImportAttendance.model_validate({FIELDS.get(name, name): value for name, value in told.items()})


def attendance_import() -> Import:
    return Import(
        "attendance", "School attendance, one row per pupil and period", COLUMNS, command_of, service.import_attendance
    )


def attendance_export() -> Export:
    return Export("attendance", "School attendance of children with early help open", "schools.export", write)


def write(path: Any, options: Mapping[str, Any]) -> int:
    """Write the file that `import attendance` reads, by our reference and without names; gives the number of rows.

    `options` may have `from` and `to`, the days between which a period must end. Whoever a safety rule keeps safe is
    left out: a file travels.
    """
    rows = (
        select(Person.ref, Attendance.first_day, Attendance.last_day, Attendance.possible, Attendance.missed)
        .join(Attendance, Attendance.person_id == Person.id)
        .join(EpisodeChild, EpisodeChild.person_id == Person.id)
        .join(Episode, Episode.id == EpisodeChild.episode_id)
        .where(Episode.state != "closed", EpisodeChild.ended_at.is_(None), Attendance.superseded_at.is_(None))
        .where(~kept_safe(Person.id, KEPT), ~is_restricted())
        .order_by(Person.ref, Attendance.first_day)
    )
    if options.get("from"):
        rows = rows.where(Attendance.last_day >= options["from"])
    if options.get("to"):
        rows = rows.where(Attendance.last_day <= options["to"])
    found = reading.execute(rows).all()
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        out.writerows(["", *row] for row in found)
    return len(found)
