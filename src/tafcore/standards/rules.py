"""What a practice standard is, the standards a new borough starts with, and when a piece of work is due.

Times are stored in UTC and thought of in Europe/London: a deadline counted in days is the last second of its day there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from tafcore.standards.clock import LONDON, add_months, add_working_days, london_day

__all__ = ["DEFAULTS", "FROM_THE_START", "Standard", "Unit", "add_working_days", "due", "in_force", "is_reached"]

END_OF_DAY = time(23, 59, 59)

Unit = Literal["hours", "working_days", "days", "weeks", "months", "reviews", "attempts"]
COUNTED = frozenset({"reviews", "attempts"})
"""Units that count what happens, and so have no date of their own; every other one is a stretch of time."""


@dataclass(frozen=True, slots=True)
class Standard:
    """One practice standard from one day on.

    `name` is stable and shared by all its versions; `starts_at` and `ends_at` name what starts and stops the clock
    (`contact_received`, `taf_held` ...); `length` counts `unit`, and 0 means at once, or by the end of the same day.
    """

    name: str
    title: str
    starts_at: str
    ends_at: str
    length: int
    unit: Unit
    from_date: date
    source: str

    def __post_init__(self) -> None:
        if self.length < 0:
            raise ValueError("the length of a standard cannot be negative")


def due(standard: Standard, start: datetime) -> datetime:
    """When, in UTC, work that started at the aware `start` is due. Hours count to the second, all else to a day's end.

    Raises `ValueError` for a naive `start` and for a standard that counts what happens.
    """
    day = london_day(start)
    if standard.unit == "hours":
        return start.astimezone(UTC) + timedelta(hours=standard.length)
    return _end_of(standard, day)


@lru_cache(maxsize=4096)  # many things begin on one day, and working days are counted one by one
def _end_of(standard: Standard, day: date) -> datetime:
    match standard.unit:
        case "working_days":
            last = add_working_days(day, standard.length)
        case "days":
            last = day + timedelta(days=standard.length)
        case "weeks":
            last = day + timedelta(weeks=standard.length)
        case "months":
            last = add_months(day, standard.length)
        case _:
            raise ValueError(f"the standard {standard.name} counts {standard.unit}, so it has no due date")
    return datetime.combine(last, END_OF_DAY, LONDON).astimezone(UTC)


def in_force(standards: Iterable[Standard], name: str, on: date) -> Standard:
    """The version of the standard `name` in force `on` that day. Raises `LookupError` where there is none yet."""
    versions = [standard for standard in standards if standard.name == name and standard.from_date <= on]
    if not versions:
        raise LookupError(f"no standard named {name} was in force on {on:%Y-%m-%d}")
    return max(versions, key=lambda standard: standard.from_date)


def is_reached(standard: Standard, happened: Sequence[datetime], now: datetime) -> bool:
    """Whether a standard that begins with what `happened`, the earliest first, has run out by `now`."""
    if not happened:
        return False
    if standard.unit in COUNTED:
        return len(happened) >= standard.length
    return due(standard, happened[0]) < now


# Long enough ago that every record a borough brings with it falls under a standard.
FROM_THE_START = date(2000, 1, 1)
_OURS = "Default of this program, to be confirmed by the borough"
_NO_NATIONAL_FIGURE = f"{_OURS}: no national figure exists, and 45 working days is the section 17 limit"
_CONVERSATION = ("contact_received", "first_conversation")
_UNANSWERED = "attempt_unanswered"
_ASSESSMENT = ("episode_opened", "assessment_completed")
_TRAINING = ("training_ends", "told")
_QUESTIONS = ("questions_asked", "questions_answered")
_ESCALATION = ("escalation_raised", "escalation_stage_ended")


def _row(name: str, title: str, starts_at: str, ends_at: str, length: int, unit: Unit, source: str = _OURS) -> Standard:
    return Standard(name, title, starts_at, ends_at, length, unit, FROM_THE_START, source)


# Each row is data: a borough changes a standard by adding a row of the same name with a later date.
DEFAULTS: tuple[Standard, ...] = (
    _row("first_look", "First look at a contact", "contact_received", "contact_looked_at", 1, "working_days"),
    _row("first_look_danger", "First look, words of danger", "contact_received", "contact_looked_at", 0, "days"),
    # Two-way, with a parent, carer or young person, on a safe number: voicemail or text stops none of these three.
    _row("first_conversation_today", "First conversation, urgency today", *_CONVERSATION, 0, "days"),
    _row("first_conversation_soon", "First conversation, urgency soon", *_CONVERSATION, 1, "working_days"),
    _row("first_conversation_routine", "First conversation, routine", *_CONVERSATION, 3, "working_days"),
    # Whom an attempt without an answer is told on to, and when; a borough adds rows that begin with one.
    _row("attempts_team", "Family not reached: colleagues are told", _UNANSWERED, "team_told", 2, "attempts"),
    _row("attempts_manager", "Family not reached: the manager is told", _UNANSWERED, "manager_told", 3, "attempts"),
    _row("unreached_manager", "Still not reached: the manager is told", _UNANSWERED, "manager_told", 2, "working_days"),
    _row("out_of_hours", "Duty team named in the danger box", "office_closed", "duty_team_shown", 0, "hours"),
    _row("answer_given", "Answer given to a contact", "contact_received", "contact_answered", 5, "working_days"),
    _row("referrer_told", "Referrer told of the answer", "contact_received", "referrer_told", 5, "working_days"),
    _row("untold_list", "Weekly list of late replies, to the manager", "week_begun", "manager_told", 0, "days"),
    _row("partner_answer", "Partner answers a request", "partner_asked", "partner_answered", 5, "working_days"),
    _row("allocation", "Allocation to a practitioner", "contact_accepted", "episode_allocated", 2, "working_days"),
    _row("team_invitation", "Link to join a team ends", "team_invited", "team_joined", 28, "days"),
    _row("lead_training", "Training as a lead professional holds", "lead_trained", "lead_trained", 36, "months"),
    _row("training_ends_told", "Training as a lead professional ends: told so long before", *_TRAINING, 8, "weeks"),
    _row("lead_named", "Lead professional named", "episode_opened", "lead_accepted", 10, "working_days"),
    _row("assessment_complete", "Assessment complete", *_ASSESSMENT, 30, "working_days", _NO_NATIONAL_FIGURE),
    _row("questions_answered", "Partner answers three questions", *_QUESTIONS, 5, "working_days"),
    _row("child_seen_first", "Child first seen face to face", "episode_opened", "child_seen", 10, "working_days"),
    _row("child_seen_again", "Child seen face to face again", "child_seen", "child_seen", 6, "weeks"),
    _row("child_seen_at_home", "Child seen at home", "assessment_completed", "child_seen_at_home", 0, "days"),
    _row("oversight", "Manager's oversight of a child", "oversight_recorded", "oversight_recorded", 1, "months"),
    _row("agreement_review", "Agreement reviewed", "agreement_reviewed", "agreement_reviewed", 6, "months"),
    _row(
        "agreement_review_handover", "Agreement reviewed at hand-over", "lead_changed", "agreement_reviewed", 0, "days"
    ),
    _row("first_taf", "First TAF meeting", "episode_opened", "taf_held", 6, "weeks"),
    _row("taf_review", "TAF review", "taf_held", "taf_held", 6, "weeks"),
    _row("taf_review_latest", "TAF review at the latest", "taf_held", "taf_held", 12, "weeks"),
    _row("record_shared", "Record shared with family and team", "taf_held", "record_shared", 5, "working_days"),
    _row("step_up_decision", "MASH decision on a step-up", "step_up_sent", "step_up_decided", 1, "working_days"),
    _row("step_up_referrer_told", "Referrer told of it", "step_up_sent", "step_up_referrer_told", 1, "working_days"),
    _row(
        "step_down_lead_accepted", "Lead accepted before step-down", "statutory_work_closed", "lead_accepted", 0, "days"
    ),
    _row("step_down_first_taf", "First TAF after a step-down", "statutory_work_closed", "taf_held", 4, "weeks"),
    _row("drift_long_open", "Open long: drift consultation", "episode_opened", "episode_closed", 12, "months"),
    _row("drift_no_better", "Reviews without a goal better", "goal_better", "goal_better", 3, "reviews"),
    _row("follow_up_3", "Follow-up 3 months after closure", "episode_closed", "follow_up_done", 3, "months"),
    _row("follow_up_6", "Follow-up 6 months after closure", "episode_closed", "follow_up_done", 6, "months"),
    _row("follow_up_12", "Follow-up 12 months after closure", "episode_closed", "follow_up_done", 12, "months"),
    _row("escalation_first_stage", "First stage of a disagreement", *_ESCALATION, 5, "working_days"),
    _row("glass_ends", "Access by break-glass ends", "glass_broken", "glass_ended", 24, "hours"),
    _row("mash_check_ends", "A MASH check ends", "mash_checked", "mash_check_ended", 24, "hours"),
    _row("mash_check_review", "MASH check reviewed", "mash_checked", "mash_check_reviewed", 5, "working_days"),
    _row("glass_review", "Break-glass reviewed", "glass_broken", "glass_reviewed", 2, "working_days"),
    _row("own_page", "Link to somebody's own page ends", "own_page_made", "own_page_ended", 8, "weeks"),
    _row("own_word", "What somebody wrote there is answered", "own_word_sent", "own_word_answered", 5, "working_days"),
    _row("audit_action", "Action from an audit finding", "audit_finding_made", "audit_action_done", 6, "months"),
)
