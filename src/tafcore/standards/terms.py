"""When schools are closed, as the borough sets it; and which days are bank holidays, by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import holidays

from tafcore.standards.words import day as said

Closed = Sequence[tuple[str, str, str]]
"""(first day, last day, name) of each school holiday, days as 2026-12-21."""


def school_holiday(on: date, closed: Closed) -> str:
    """`Christmas holidays, Mon 21 Dec to Fri 1 Jan 2027`, if schools are closed on that day; else nothing."""
    for first, last, name in closed:
        begins, ends = date.fromisoformat(first), date.fromisoformat(last)
        if begins <= on <= ends:
            return f"{name}, {said(begins, on)} to {said(ends, on)}"
    return ""


def bank_holiday(on: date) -> str:
    """The name of England's bank holiday on that day; empty on any other."""
    return str(holidays.country_holidays("GB", subdiv="ENG", years=on.year).get(on, ""))
