"""Files of health reviews, their windows and ASQ-3 cut-offs, to import and to export."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from taf_health_visitors import service
from taf_health_visitors.commands import ImportReview, SetCutOff, SetWindow
from taf_health_visitors.models import Review
from taf_health_visitors.rules import DOMAINS
from tafcore.api import Command, Episode, EpisodeChild, Export, Import, Person, is_restricted, kept_safe, reading

Asked = TypeVar("Asked", bound=Command)

COLUMNS = {
    "nhs_number": "The child's NHS number",
    "person": "Our reference of the child (P-...), where there is no NHS number",
    "review": "antenatal, new_birth, 6_8_weeks, 12_months or 2_years",
    "date": "The day it was done, missed or declined",
    "venue": "home, clinic, hub, surgery, nursery, hospital, remote or other; empty if it was not done",
    "result": "done, missed, declined, or in_error to take a record back",
    "reason": "Why it was not done",
    "seen_by": "Who saw the child",
    "asq_months": "Months of the ASQ-3 questionnaire, if one was filled in",
    **{name: f"ASQ-3 score, 0 to 60 in steps of five: {title.lower()}" for name, title in DOMAINS.items()},
}
WINDOW_COLUMNS = {
    "review": "antenatal, new_birth, 6_8_weeks, 12_months or 2_years",
    "first": "First day, week or month of age; of pregnancy for the antenatal review",
    "last": "Last day, week or month, included",
    "unit": "days, weeks or months",
    "from": "For children born or due from this day on",
    "source": "Who decided it",
}
CUT_OFF_COLUMNS = {
    "months": "Months of the ASQ-3 questionnaire",
    "domain": ", ".join(DOMAINS),
    "below": "Scores below this are below the cut-off",
    "monitor": "Scores below this, and not below the cut-off, are close to it; empty if not known",
}
KEPT = frozenset({"worker", "hub", "attendance", "help"})
"""Facts of a person that reviews would tell; see the core's safety rules."""
FIELDS = {"date": "day", "result": "outcome", "from": "from_date"}


def reader(kind: type[Asked], columns: Mapping[str, str]) -> Callable[[Mapping[str, str]], Asked]:
    """What makes the command of one row, by heading; blank cells are left out. Raises ValidationError."""

    def command_of(values: Mapping[str, str]) -> Asked:
        told = {name: value.strip() for name, value in values.items() if name in columns and value.strip()}
        return kind.model_validate({FIELDS.get(name, name): value for name, value in told.items()})

    return command_of


def imports() -> list[Import]:
    return [
        Import(
            "health-reviews",
            "Health reviews, one row per child and review",
            COLUMNS,
            reader(ImportReview, COLUMNS),
            service.import_review,
        ),
        Import(
            "health-review-windows",
            "When each health review should be done, from a day on",
            WINDOW_COLUMNS,
            reader(SetWindow, WINDOW_COLUMNS),
            service.set_window,
        ),
        Import(
            "asq-cut-offs",
            "ASQ-3 cut-offs, one row per questionnaire and domain",
            CUT_OFF_COLUMNS,
            reader(SetCutOff, CUT_OFF_COLUMNS),
            service.set_cut_off,
        ),
    ]


def reviews_export() -> Export:
    return Export("health-reviews", "Health reviews of children with early help open", "health_visitors.export", write)


def write(path: Any, options: Mapping[str, Any]) -> int:
    """Write the file that `import health-reviews` reads, by our reference, without names and reasons; gives the number
    of rows. `options` may have `from` and `to`, the days between which a review must lie. Whoever a safety rule keeps
    safe is left out: a file travels."""
    rows = (
        select(Person.ref, Review)
        .join(Review, Review.person_id == Person.id)
        .join(EpisodeChild, EpisodeChild.person_id == Person.id)
        .join(Episode, Episode.id == EpisodeChild.episode_id)
        .where(
            Episode.state != "closed",
            EpisodeChild.ended_at.is_(None),
            Review.superseded_at.is_(None),
            Review.outcome == "done",
            ~kept_safe(Person.id, KEPT),
            ~is_restricted(),
        )
        .order_by(Person.ref, Review.day)
    )
    if options.get("from"):
        rows = rows.where(Review.day >= options["from"])
    if options.get("to"):
        rows = rows.where(Review.day <= options["to"])
    found = reading.execute(rows).all()
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for ref, row in found:
            told = {"person": ref, "date": row.day, "result": row.outcome}
            out.writerow([told.get(name, getattr(row, name, None)) or _zero(row, name) for name in COLUMNS])
    return len(found)


def _zero(row: Review, name: str) -> str:
    """A score of nought is a score; anything else that is not there is an empty cell."""
    return "0" if getattr(row, name, None) == 0 else ""
