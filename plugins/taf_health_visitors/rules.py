"""Words, windows and rules of health visitors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from tafcore.api import Problem, add_months, words

REVIEWS = {
    "antenatal": "Antenatal review",
    "new_birth": "New birth review",
    "6_8_weeks": "6 to 8 week review",
    "12_months": "12 month review",
    "2_years": "2 to 2½ year review",
}
OUTCOMES = {
    "done": "Done",
    "missed": "Missed: nobody came, or nobody was at home",
    "declined": "The parents did not want it",
    "in_error": "Recorded by mistake: it has not been done",
}
VENUES = {
    "home": "Home",
    "clinic": "Clinic",
    "hub": "Family hub",
    "surgery": "GP surgery",
    "nursery": "Nursery",
    "hospital": "Hospital",
    "remote": "Telephone or video",
    "other": "Somewhere else",
}
PLACE_FACTS = {"hub": "hub", "nursery": "school", "home": "address"}
"""Venue -> the fact that hides it, beside `attendance`, which hides the review."""
DOMAINS = {
    "communication": "Communication",
    "gross_motor": "Gross motor",
    "fine_motor": "Fine motor",
    "problem_solving": "Problem solving",
    "personal_social": "Personal-social",
}
ASQ_MONTHS = (2, 4, 6, 8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 27, 30, 33, 36, 42, 48, 54, 60)
HIGHEST_SCORE, SCORE_STEP = 60, 5
PREGNANCY = timedelta(weeks=40)
OVERDUE = timedelta(weeks=6)
"""How long after its due date a child of whose birth nobody has told us is still looked for."""
LAST_AGE = 5


@dataclass(frozen=True)
class Window:
    """One row of the reference table: see models.ReviewWindow."""

    review: str
    counts_from: str
    first: int
    last: int
    unit: str
    from_date: date


class Recorded(Protocol):
    """A review as it is on record."""

    @property
    def review(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def reason(self) -> str | None: ...


@dataclass(frozen=True)
class Slot:
    """One of a child's reviews on a day.

    `state`: `done`, `declined`, `due` (its window is open), `late`, `coming`, or `past` (no longer asked for, since the
    next one is open). `first` and `last` bound the window, both included; None where no day of birth or due date is
    known.
    """

    review: str
    state: str
    first: date | None
    last: date | None
    day: date | None = None
    reason: str | None = None
    missed_on: date | None = None

    @property
    def title(self) -> str:
        return REVIEWS[self.review]

    @property
    def waits(self) -> bool:
        return self.state in ("due", "late")

    @property
    def in_window(self) -> bool:
        """Whether it was done between the first and the last day of its window."""
        if self.state != "done" or self.day is None or self.first is None or self.last is None:
            return False
        return self.first <= self.day <= self.last


def window_of(windows: Iterable[Window], review: str, on: date) -> Window | None:
    """The row in force for a child born (or due) on that day."""
    rows = [one for one in windows if one.review == review and one.from_date <= on]
    return max(rows, key=lambda one: one.from_date, default=None)


def _after(day: date, number: int, unit: str) -> date:
    if unit == "months":
        return add_months(day, number)
    return day + timedelta(**{unit: number})


def span(windows: Iterable[Window], review: str, born: date | None, due: date | None) -> tuple[date, date] | None:
    """First and last day of a review for a child born on a day or expected on one; None where neither is known.

    Weeks of pregnancy count back from the due date; that review ends with the birth.
    """
    reference = born or due
    found = window_of(windows, review, reference) if reference else None
    if found is None:
        return None
    if found.counts_from == "gestation":
        if due is None:
            return None
        first, last = (_after(due - PREGNANCY, number, found.unit) for number in (found.first, found.last))
        last = min(last, born) if born else last
        return (first, last) if first <= last else None
    start = born or due
    return (_after(start, found.first, found.unit), _after(start, found.last, found.unit)) if start else None


def schedule(
    windows: Sequence[Window], born: date | None, due: date | None, records: Iterable[Recorded], today: date
) -> tuple[Slot, ...]:
    """A child's five reviews in order, as they stand `today`."""
    known: dict[str, list[Recorded]] = {}
    for row in sorted(records, key=lambda one: one.day):
        known.setdefault(row.review, []).append(row)
    spans = {review: span(windows, review, born, due) for review in REVIEWS}
    followed = [*list(REVIEWS)[1:], None]
    ends = {each: spans[after] for each, after in zip(REVIEWS, followed, strict=True) if after}
    given_up = {review: after[0] if after else None for review, after in ends.items()}
    given_up["2_years"] = hand_over_due(born) if born else None
    if born:
        given_up["antenatal"] = born
    return tuple(_slot(each, spans[each], known.get(each, []), given_up.get(each), born, today) for each in REVIEWS)


def _slot(
    review: str,
    days: tuple[date, date] | None,
    records: Sequence[Recorded],
    given_up: date | None,
    born: date | None,
    today: date,
) -> Slot:
    first, last = days or (None, None)
    done = next((row for row in records if row.outcome == "done"), None)
    if done is not None:
        return Slot(review, "done", first, last, day=done.day)
    newest = records[-1] if records else None
    if newest is not None and newest.outcome == "declined":
        return Slot(review, "declined", first, last, day=newest.day, reason=newest.reason)
    missed = newest.day if newest is not None else None
    reason = newest.reason if newest is not None else None
    if first is None or last is None:
        state = "past" if review == "antenatal" and born else "coming"
    elif given_up is not None and today >= given_up:
        state = "past"
    elif today < first or (born is None and review != "antenatal"):
        state = "coming"
    else:
        state = "late" if today > last else "due"
    return Slot(review, state, first, last, reason=reason, missed_on=missed)


def next_slot(slots: Iterable[Slot]) -> Slot | None:
    """The first review that waits or comes."""
    return next((slot for slot in slots if slot.state in ("late", "due", "coming") and slot.last is not None), None)


def last_slot(slots: Iterable[Slot]) -> Slot | None:
    """The last review that was done."""
    done = [slot for slot in slots if slot.state == "done" and slot.day is not None]
    return max(done, key=lambda slot: slot.day or date.min, default=None)


def said(slot: Slot, today: date, shared: bool = False) -> str:
    """How a review stands, in a sentence; on a shared screen nobody is said to be late or to have refused."""
    if slot.state == "done" and slot.day is not None:
        return f"Done {words.day(slot.day, today)}" + ("" if shared else _timing(slot))
    if slot.state == "declined":
        return "Not wanted for now" if shared else f"Declined: {slot.reason}" if slot.reason else "Declined"
    if slot.state == "past":
        return "Not on record"
    if slot.first is None or slot.last is None:
        return "No day of birth or due date known"
    last = words.day(slot.last, today)
    if slot.state == "coming":
        return f"Due {words.day(slot.first, today)} to {last}"
    missed = f"; missed on {words.day(slot.missed_on, today)}" if slot.missed_on and not shared else ""
    if slot.state == "due":
        return f"Due now, by {last}{missed}"
    return f"Was due by {last}{missed}"


def late(slot: Slot, today: date) -> str:
    """`15 days late` for a review that is, else nothing."""
    return f"{_days((today - slot.last).days)} late" if slot.state == "late" and slot.last is not None else ""


def _timing(slot: Slot) -> str:
    if slot.day is None or slot.first is None or slot.last is None:
        return ""
    if slot.in_window:
        return ", in its window"
    if slot.day > slot.last:
        return f", {_days((slot.day - slot.last).days)} after its window"
    return f", {_days((slot.first - slot.day).days)} before its window"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def hand_over_due(born: date) -> date:
    """The first of September after the fourth birthday, when reception begins."""
    return date(born.year + (4 if born.month < 9 else 5), 9, 1)


def hands_over_soon(born: date, today: date) -> bool:
    """Whether it is time to arrange the hand-over: from May on, four months before it is due."""
    return today >= hand_over_due(born).replace(month=5)


def hand_over_words(born: date, today: date) -> str:
    """What is to be said of a hand-over that has not begun."""
    due = hand_over_due(born)
    day = words.day(due, today)
    if today <= due:
        return f"To be handed over to school nursing by {day}"
    return f"Hand-over to school nursing {_days((today - due).days)} late: was due by {day}"


def is_young(born: date | None, due: date | None, today: date) -> bool:
    """Whether a child is under five, or not born yet."""
    if born is None:
        return due is not None and today <= due + OVERDUE
    return today < add_months(born, 12 * LAST_AGE)


def band(score: int | None, below: float | None, monitor: float | None) -> str:
    """What a score says where the cut-offs of its questionnaire are loaded; otherwise nothing."""
    if score is None or below is None:
        return ""
    if score < below:
        return "Below the cut-off"
    if monitor is None:
        return "Not below the cut-off"
    return "Close to the cut-off: monitor" if score < monitor else "On schedule"


class Told(Protocol):
    """A review as somebody tells it."""

    @property
    def review(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def venue(self) -> str | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def asq_months(self) -> int | None: ...
    @property
    def scores(self) -> Mapping[str, int | None]: ...


def review_problems(
    told: Told, today: date, known: Sequence[Recorded], born: date | None, due: date | None
) -> list[Problem]:
    """What is wrong with a review; `known` are the child's current records of any review."""
    problems = []
    if told.day > today:
        problems.append(Problem("That day has not been yet", "day"))
    problems += _against_birth(told, born, due)
    same = [row for row in known if row.review == told.review]
    done = next((row for row in same if row.outcome == "done"), None)
    if told.outcome == "done" and not told.venue:
        problems.append(Problem("Choose where the child was seen", "venue"))
    if told.outcome != "done" and not told.reason:
        problems.append(Problem("Say why", "reason"))
    if told.outcome in ("missed", "declined") and done is not None and told.day >= done.day:
        words_ = f"It was done on {done.day:%d/%m/%Y}. If that is wrong, choose recorded by mistake first"
        problems.append(Problem(words_, "outcome"))
    if told.outcome == "in_error" and not same:
        problems.append(Problem("There is no record of this review", "outcome"))
    return [*problems, *_score_problems(told)]


def _against_birth(told: Told, born: date | None, due: date | None) -> list[Problem]:
    if told.review == "antenatal":
        if born is not None and told.day > born:
            return [Problem("The antenatal review is before the birth", "day")]
        expected = due or born
        early = expected is not None and told.day < expected - PREGNANCY
        return [Problem("That is before the pregnancy", "day")] if early else []
    if born is None:
        return [Problem("The child is not born yet, as far as we know: record the birth first", "review")]
    return [Problem("That is before the birth", "day")] if told.day < born else []


def _score_problems(told: Told) -> list[Problem]:
    problems = []
    given = {name: score for name, score in told.scores.items() if score is not None}
    for name, score in given.items():
        if not 0 <= score <= HIGHEST_SCORE or score % SCORE_STEP:
            problems.append(Problem("Enter 0 to 60 in steps of five", name))
    if given and told.asq_months is None:
        problems.append(Problem("Choose the questionnaire", "asq_months"))
    if told.asq_months is not None and told.asq_months not in ASQ_MONTHS:
        problems.append(Problem("There is no such questionnaire", "asq_months"))
    if (given or told.asq_months is not None) and told.outcome != "done":
        problems.append(Problem("Scores belong to a review that was done", "asq_months"))
    return problems
