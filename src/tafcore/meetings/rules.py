"""Words and rules of meetings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tafcore.contributions import Problem
from tafcore.folding import fold
from tafcore.plans import rules as plan_rules
from tafcore.standards.clock import LONDON, in_london, is_working_day, london_day

if TYPE_CHECKING:
    from tafcore.meetings.commands import HoldMeeting

STATES = {
    "scheduled": "Arranged",
    "held": "Held, not shared yet",
    "shared": "Held and shared",
    "cancelled": "Cancelled",
    "did_not_happen": "Did not happen",
}
KINDS = {"taf": "TAF meeting", "professionals": "Professionals' meeting", "family": "Family meeting"}
KIND_WHY = {
    "taf": "",
    "professionals": "It does not count as a TAF: no parent, carer or child took part.",
    "family": "It does not count as a TAF: practitioners of fewer than two organisations took part.",
}
ABSENCES = {
    "cannot": "could not come",
    "school": "was at school or work",
    "unable": "could not get here",
    "unaware": "was not told in time",
    "unwilling": "chose not to come",
    "unknown": "we do not know why",
}
LIVE = {"present": "in the room", "online": "by phone or video"}
COLUMNS = {"worried": "Worried about", "well": "Working well", "needs": "Needs to happen"}
CHANGES = {
    "met": "Met",
    "better": "Better",
    "same": "Same",
    "worse": "Worse",
    "done": "Done",
    "stuck": "Stuck",
    "moved": "Moved",
    "not_needed": "Not needed",
    "new": "New",
    "new_need": "New need",
    "new_goal": "New goal",
}
HOWS = {
    "given": "Given by hand",
    "posted": "Posted",
    "sent": "Sent to a safe address",
    "link": "Sent as a link to their own page",
    "read": "Read out",
    "shown": "Shown on a screen",
}
TAKES_PART = frozenset({"child", "sibling", "mother", "father", "carer"})
"""Roles in the family whose taking part makes a meeting the family's."""

ASKED = {
    "well": "What is working well?",
    "worried": "What are you worried about?",
    "needs": "What needs to happen, and what can you do?",
}
"""What somebody who cannot come is asked: ninety seconds, a sentence or two each. Keys are those of COLUMNS."""
WORDS_BY_LINK = 20
"""How often words may be sent by one link, so that whoever has it floods nobody."""

TOLD = {"said": "told in person", "text": "told by text", "email": "told by e-mail"}
REPLIES = {"coming": "Coming", "not_coming": "Cannot come"}

USUAL_TIME = time(15, 30)
ONE_PLACE = "Choose another place or another day"
SAFETY = "Invite one side at a time: untick somebody, or say why one meeting is safe"


@dataclass(frozen=True)
class Here:
    """Somebody who took part live: a role in the family, or an organisation."""

    role: str = ""
    organisation: str = ""


def kind_of(here: Iterable[Here]) -> str:
    """What a meeting was, by who took part live: `taf`, `professionals` or `family`.

    A TAF needs practitioners of two organisations and a parent, carer or child. Written words never count.
    """
    live = list(here)
    family = any(one.role in TAKES_PART for one in live)
    organisations = {fold(one.organisation) for one in live if not one.role and one.organisation.strip()}
    if family and len(organisations) >= 2:
        return "taf"
    return "family" if family else "professionals"


def one_text(boxes: Mapping[str, str]) -> str:
    """What was written in the boxes of ASKED as it is read out; empty where nothing was."""
    return "\n".join(f"{COLUMNS[name]}: {boxes[name]}" for name in ASKED if boxes.get(name))


def who_may_come(people: Iterable[Any]) -> list[Any]:
    """Whom of the family a meeting can be for."""
    return [one for one in people if one.role != "unborn" and one.died is None]


def together(invited: frozenset[int], safety: Iterable[tuple[int, int, str]]) -> bool:
    """Whether somebody protected and somebody they are kept safe from are both among `invited` (person ids)."""
    return any(protected in invited and danger in invited for protected, danger, _ in safety)


def first_side(family: Sequence[int], safety: Iterable[tuple[int, int, str]]) -> frozenset[int]:
    """Whom to invite without being asked: everybody, or nobody where somebody must be kept safe from somebody."""
    return frozenset(family) if not together(frozenset(family), safety) else frozenset()


def kept_from(invited: frozenset[int], safety: Iterable[tuple[int, int, str]], audience: frozenset[int]) -> bool:
    """Whether a meeting must not be known to `audience`: it was one side's, and the other side may be looking."""
    return any(protected in invited and danger in audience and danger not in invited for protected, danger, _ in safety)


def may_meet(
    starts_at: datetime, place: str | None, link: str | None, now: datetime, field_name: str = "at"
) -> list[Problem]:
    """A meeting to come has a day ahead and somewhere to be."""
    problems = []
    if london_day(starts_at) < london_day(now):
        problems.append(Problem("This day has passed: give a day from today on", field_name))
    elif london_day(starts_at) > london_day(now) + timedelta(days=366):
        problems.append(Problem("This is more than a year away: check the day", field_name))
    if not place and not link:
        problems.append(Problem("Say where, or give a link", "place" if field_name == "at" else "next_place"))
    return problems


def still_scheduled(state: str, said: str = "") -> list[Problem]:
    """Only a meeting to come can be moved, cancelled, written to or held."""
    if state == "scheduled":
        return []
    words = {
        "held": "recorded",
        "shared": "recorded",
        "cancelled": "cancelled",
        "did_not_happen": "put down as not held",
    }
    return [Problem(f"This meeting was already {words[state]}{f' by {said}' if said else ''}. Nothing was changed")]


def next_day(due: datetime, now: datetime, at: time | None = None) -> datetime:
    """A moment to suggest: the day a meeting is due, on the next working day if that is none, never before tomorrow."""
    return datetime.combine(next_days(london_day(due), london_day(now))[0], at or USUAL_TIME, LONDON)


def next_days(due: date, today: date) -> tuple[date, ...]:
    """Days to choose from: the one `next_day` suggests, and up to two a week and two weeks before it."""
    found: list[date] = []
    for weeks in range(3):
        day = due - timedelta(weeks=weeks)
        if day <= today and found:
            break
        day = max(day, today + timedelta(days=1))
        while not is_working_day(day):
            day += timedelta(days=1)
        if day not in found:
            found.append(day)
    return tuple(found)


def time_of(moment: datetime) -> time:
    """The hour and minute of a meeting on London's clock."""
    return in_london(moment).time().replace(second=0, microsecond=0)


@dataclass(frozen=True)
class Sitting:
    """A meeting as the rules of holding it see it.

    `children`: reference -> first name, of those whose voice is needed; `today` is London's. `missing`: who was invited
    and has not said that they cannot come, by `who`, -> name. `gaps`: needs without a goal and goals without an
    action, by reference, -> what to do about it.
    """

    state: str
    said: str
    day: date
    today: date
    children: Mapping[str, str] = field(default_factory=dict)
    people: frozenset[str] = frozenset()
    missing: Mapping[str, str] = field(default_factory=dict)
    gaps: Mapping[str, str] = field(default_factory=dict)


def who(person: str | None, user: int | None, name: str | None, organisation: str | None) -> str:
    """One key for somebody at a meeting: a family member, a user, or whoever was named."""
    if person:
        return f"p{person}"
    return f"u{user}" if user is not None else f"{name}, {organisation}"


def may_hold(sitting: Sitting, command: HoldMeeting) -> list[Problem]:
    """Everything that keeps a meeting from being finished."""
    problems = still_scheduled(sitting.state, sitting.said)
    if problems:
        return problems
    if sitting.day > sitting.today:
        problems.append(Problem("This meeting is still to come. If it was held early, move it to today first"))
    if not any(one.how in LIVE for one in command.attendance):
        problems.append(Problem("Tick who is here. If nobody came, say that the meeting did not happen", "attendance"))
    for look in (_missing, _unheard, _gaps, _unknown):
        problems += look(sitting, command)
    return [*problems, *_twice(command), *_unproven(command)]


def _missing(sitting: Sitting, command: HoldMeeting) -> list[Problem]:
    told = {
        who(one.person, one.user, one.name, one.organisation)
        for one in command.attendance
        if one.how in LIVE or one.why is not None
    }
    return [
        Problem(f"Tick {name}, or say why they were missing", f"absent.{key}")
        for key, name in sitting.missing.items()
        if key not in told
    ]


def no_goal(words: str) -> str:
    return f"No goal yet for “{plan_rules.short(words)}”: add one, or say why not"


def no_action(words: str) -> str:
    return f"No action yet for “{plan_rules.short(words)}”: add one, or say why not"


def _gaps(sitting: Sitting, command: HoldMeeting) -> list[Problem]:
    """What the plan lacks, and what would be lacking in what is new."""
    lacks = {**sitting.gaps, **{one.key: no_goal(one.words) for one in command.new_needs}}
    lacks |= {one.key: no_action(one.words) for one in command.new_goals}
    mended = {one.goal for one in command.new_actions} | {one.need for one in command.new_goals}
    mended |= {one.part for one in command.gaps}
    return [Problem(what, f"gap.{ref}") for ref, what in lacks.items() if ref not in mended]


def unheard(children: Mapping[str, str], heard: Iterable[str]) -> list[str]:
    """References of the children whose voice is missing, in order."""
    known = set(heard)
    return [ref for ref in children if ref not in known]


def _unheard(sitting: Sitting, command: HoldMeeting) -> list[Problem]:
    heard = [scale.person for scale in command.scales if scale.person]
    heard += [voice.person for voice in command.voices] + [one.person for one in command.missing]
    return [
        Problem(
            f"{sitting.children[ref]} has no voice here: add their number or words, or say why not", f"missing.{ref}"
        )
        for ref in unheard(sitting.children, heard)
    ]


def _unknown(sitting: Sitting, command: HoldMeeting) -> list[Problem]:
    groups: dict[str, Sequence[str | None]] = {
        "attendance": [one.person for one in command.attendance],
        "scales": [one.person for one in command.scales],
        "lines": [one.about for one in command.lines],
        "withheld": [one.about for one in command.withheld],
        "decisions": [one.about for one in command.decisions],
        "new_needs": [one.about for one in command.new_needs],
        "voices": [one.person for one in command.voices],
        "levels": [one.person for one in command.levels],
        "missing": [one.person for one in command.missing],
    }
    return [
        Problem("This person is not in the family", f"{name}.{number}")
        for name, refs in groups.items()
        for number, ref in enumerate(refs)
        if ref is not None and ref not in sitting.people
    ]


def _twice(command: HoldMeeting) -> list[Problem]:
    problems = []
    for name, keys in (
        ("updates", [one.action for one in command.updates]),
        ("ratings", [one.goal for one in command.ratings]),
    ):
        problems += [
            Problem("This is here twice", f"{name}.{number}") for number, key in enumerate(keys) if key in keys[:number]
        ]
    return problems


def _unproven(command: HoldMeeting) -> list[Problem]:
    """The plan's own rule, asked early so that everything missing is said at once."""
    return [
        Problem(one.message, f"ratings.{number}.{one.field}")
        for number, part in enumerate(command.ratings)
        for one in plan_rules.rating(part.rating, part.evidence)
    ]


def may_share(held: bool, family: int, why_not: str | None, team: bool) -> list[Problem]:
    """A record reaches the team and somebody of the family, or it is said why the family has none."""
    if not held:
        return [Problem("Only the record of a meeting that was held can be shared")]
    problems = []
    if not family and not why_not:
        problems.append(Problem("Say how the family got the record, or why they did not", "not_family_why"))
    if not family and not team and why_not:
        problems.append(Problem("Share it with the team at least", "team"))
    return problems
