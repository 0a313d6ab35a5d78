"""What would make a new goal or action clearer: who will do what by when. Said beside it; nothing waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from tafcore.meetings import rows, typed
from tafcore.plans import rules as plan_rules


def clearer(row: str, values: Mapping[str, str], today: date) -> str:
    """Of a row as it is typed (`newG2ABCD-<key>`); empty while there are no words, and where it is clear."""
    words = values.get(f"{row}-words", "").strip()
    if not words:
        return ""
    due = _day(values.get(f"{row}-due", ""), today)
    if row.startswith(rows.GOALS):
        return said(plan_rules.goal_nudges(words, due, False, today))
    # An account or somebody of the family is one person; a name that was typed may be everybody's.
    owner = values.get(f"{row}-owner", "").partition(":")[2].partition(",")[0]
    return said(plan_rules.nudges(words, owner, due, today))


def of_rows(fields: Iterable[str], values: Mapping[str, str], today: date) -> dict[str, str]:
    """For each row of new goals or actions to which one of these fields belongs."""
    found = {f"{name}-{key}" for name, key, _ in map(rows.split, fields) if key and rows.hangs(name)}
    return {row: clearer(row, values, today) for row in found}


def said(nudges: Iterable[str]) -> str:
    sentences = [one if one.endswith("?") else f"{one}." for one in nudges]
    return " ".join(["Could be clearer:", *sentences]) if sentences else ""


def _day(text: str, today: date) -> date | None:
    try:
        return typed.day_ahead(text, today) if text.strip() else None
    except ValueError:
        return today  # what cannot be read is asked for at Finish, in its own words
