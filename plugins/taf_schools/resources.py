"""The schools' part of the JSON API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from taf_schools import reading, rules
from taf_schools.files import KEPT
from tafcore.api import Actor, ApiResource


class PupilOut(BaseModel):
    """A pupil of the caller's school whose family has early help open, with the last period of attendance."""

    person: str
    family: str
    year_group: str
    first_day: date | None
    last_day: date | None
    possible: int | None
    missed: int | None
    attended_percent: float | None


class PupilsOut(BaseModel):
    """A page of pupils; `after` asks for the next."""

    items: list[PupilOut]
    after: str | None


def attendance() -> ApiResource:
    return ApiResource(
        "attendance",
        "Attendance of the pupils of the caller's school who have early help",
        "schools.pupils",
        list_attendance,
        PupilsOut,
        tells=KEPT,
    )


def list_attendance(actor: Actor, args: Mapping[str, str]) -> dict[str, Any]:
    """`after` (a reference from the last page) continues; 25 to a page."""
    page = reading.pupils(actor, after=args.get("after", ""))
    rows = [_pupil(pupil) for pupil in page.rows]
    return PupilsOut(items=rows, after=page.after).model_dump(mode="json")


def _pupil(pupil: reading.PupilView) -> PupilOut:
    period = pupil.period
    return PupilOut(
        person=pupil.ref,
        family=pupil.family_ref,
        year_group=pupil.year,
        first_day=period.first_day if period else None,
        last_day=period.last_day if period else None,
        possible=period.possible if period else None,
        missed=period.missed if period else None,
        attended_percent=rules.attended(period.possible, period.missed) if period else None,
    )
