"""School holidays: when a lead professional is away, and whether anybody is there for the family meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tafcore.accounts.rules import TERM_TIME
from tafcore.db import utcnow
from tafcore.episodes.reading import LeadView
from tafcore.standards import school, terms
from tafcore.standards.clock import london_day
from tafcore.standards.terms import Holiday


@dataclass(frozen=True)
class SchoolsOut:
    """A holiday in which the lead professional is away; `covered` by somebody who is there."""

    holiday: Holiday
    covered: bool


def in_holiday(lead: LeadView | None, day: date) -> Holiday | None:
    """The holiday of whoever leads in which a day lies."""
    leads = lead is not None and lead.accepted and lead.sector in TERM_TIME
    return terms.on(school.known(), day) if leads else None


def near(lead: LeadView | None) -> SchoolsOut | None:
    """The holiday of whoever leads that has begun or begins soon."""
    if lead is None or not lead.accepted or lead.sector not in TERM_TIME:
        return None
    found = terms.near(school.known(), london_day(utcnow()))
    return SchoolsOut(found, bool(lead.cover) and lead.cover_sector not in TERM_TIME) if found else None
