"""Words and rules of plans."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tafcore.contributions import Problem
from tafcore.standards.clock import LONDON

STATES = {"to_do": "To do", "doing": "Doing", "done": "Done", "not_needed": "Not needed", "stuck": "Stuck"}
OPEN_STATES = ("to_do", "doing", "stuck")
NEEDS_REASON = {"not_needed": "Say why it is not needed", "stuck": "Say what it is stuck on"}
RATINGS = {"met": "Met", "better": "Better", "same": "Same", "worse": "Worse"}
CLOSING = {"met": "Met", "partly": "Partly met", "not_met": "Not met", "not_known": "Not known"}
JUDGES = {"lead": "Lead professional", "family": "The family", "measure": "A measure"}
BETTER = {"up": "Higher is better", "down": "Lower is better"}
LARGEST = 1_000_000


@dataclass(frozen=True)
class Preset:
    """A measure any plan can carry, with readings typed by hand."""

    title: str
    unit: str
    better: str


PRESETS = {
    "scale": Preset("Family scale, 0 to 10", "", "up"),
    "arrears": Preset("Rent arrears in pounds", "", "down"),
}


def end_of(day: date) -> datetime:
    """The last second of a day in London: what was so by then was so on that day."""
    return datetime.combine(day, time(23, 59, 59, 999_999), LONDON)


def start_of(day: date) -> datetime:
    """The first moment of a day in London."""
    return datetime.combine(day, time(), LONDON)


def owners(owner_user: int | None, owner_person: str | None, owner_name: str | None) -> list[Problem]:
    """An action has one owner: never nobody, never two."""
    if (owner_user, owner_person, owner_name) == (None, None, None):
        return [Problem("Say who does it", "owner")]
    return one_owner(owner_user, owner_person, owner_name)


def one_owner(owner_user: int | None, owner_person: str | None, owner_name: str | None) -> list[Problem]:
    given = sum(each is not None for each in (owner_user, owner_person, owner_name))
    return [Problem("Choose one owner only", "owner")] if given > 1 else []


def plausible(due: date | None, today: date) -> list[Problem]:
    """A day more than five years away is a slip of the finger."""
    if due is not None and due.year > today.year + 5:
        return [Problem("Check the year", "due")]
    return []


def update(state: str | None, words: str | None, due: date | None) -> list[Problem]:
    """An update says something, and says why when an action is stuck or not needed."""
    if state is None and words is None and due is None:
        return [Problem("Say how it stands, or give a new day", "state")]
    if state in NEEDS_REASON and words is None:
        return [Problem(NEEDS_REASON[state], "words")]
    return []


def withheld(person: str | None, why: str | None) -> list[Problem]:
    """What is kept from the family is somebody's own."""
    return [Problem("Say whose need it is: only they and workers will read it", "person")] if why and not person else []


def rating(rated: str, evidence: str | None) -> list[Problem]:
    """What shows it is needed, unless nothing has changed."""
    return [Problem("Say what shows it", "evidence")] if rated != "same" and evidence is None else []


def judgement(judged_by: str, outcome: str, evidence: str | None) -> list[Problem]:
    """A need that is not met, or not known, needs words: nobody else will know why."""
    if judged_by == "lead" and outcome in ("not_met", "not_known") and evidence is None:
        return [Problem("Say what is left, or why it is not known", "evidence")]
    return []


def measure(
    key: str | None, known: Collection[str], pulled: bool, title: str | None, better: str | None, person: str | None
) -> list[Problem]:
    """A measure is one of those `known`, or has a title and a direction; one that is `pulled` is about a person."""
    if key is not None and key not in known:
        return [Problem("Choose a measure from the list", "key")]
    if key is None:
        problems = [] if title else [Problem("Say what is measured", "title")]
        return problems if better else [*problems, Problem("Say which way is better", "better")]
    both = [Problem("Choose a measure from the list or say one of your own, not both", "title")] if title else []
    return both + ([Problem("Say whom this is measured for", "person")] if pulled and person is None else [])


def number(value: float) -> float | int:
    """`84.0` as 84, `84.5` as it is: how a reading is shown."""
    return int(value) if value == int(value) else value


def distance(better: str, baseline: float | None, latest: float | None, target: float | None) -> str:
    """`met`, `better`, `same`, `worse` from baseline to latest; empty while one of them is missing."""
    if latest is None:
        return ""
    sign = 1 if better == "up" else -1
    if target is not None and sign * latest >= sign * target:
        return "met"
    if baseline is None:
        return ""
    moved = sign * (latest - baseline)
    return "better" if moved > 0 else "worse" if moved < 0 else "same"


def measure_says(distances: Sequence[str]) -> str:
    """What a need's measures together say at closing (a word of CLOSING); `not_known` when they cannot tell."""
    told = [each for each in distances if each]
    if not told:
        return "not_known"
    if all(each == "met" for each in told):
        return "met"
    return "partly" if any(each in ("met", "better") for each in told) else "not_met"


def measure_sentence(
    title: str, unit: str, better: str, values: Sequence[float], baseline: float | None, target: float | None
) -> str:
    """`School attendance: was 71%, now 84%, aiming for 95%. Better.`"""
    start = baseline if baseline is not None else (values[0] if values else None)
    parts = []
    if start is not None and (len(values) > 1 or baseline is not None):
        parts.append(f"was {number(start)}{unit}")
    if values:
        parts.append(f"now {number(values[-1])}{unit}")
    if target is not None:
        parts.append(f"aiming for {number(target)}{unit}")
    judged = RATINGS.get(distance(better, start, values[-1] if values else None, target), "")
    told = f"{title}: {', '.join(parts)}." if parts else f"{title}: no reading yet."
    return f"{told} {judged}." if judged and len(parts) > 1 else told


# --- nudges: specific, measurable, somebody's, by a day; said in words, never in the way -----------------------------

_VAGUE = re.compile(
    r"\b(support(ing)?|monitor(ing)?|explor(e|ing)|consider(ing)?|engag(e|ing)|liais(e|ing)|encourag(e|ing)|continu(e|ing)"
    r"|ongoing|as needed|as required|where appropriate|asap|in due course|look(ing)? into|work(ing)? (on|with)"
    r"|try(ing)? to|keep an eye|be more|improv(e|ing)|better)\b",
    re.IGNORECASE,
)
_VERBS = (
    "ask|arrange|attend|bid|book|bring|call|chase|check|complete|contact|email|fill|find|go|help|make|meet|pay|phone|"
    "refer|register|ring|see|send|sign|speak|start|take|talk|text|visit|write"
)
_ALSO = re.compile(rf"(\b(and|then|also)|[.!?]) +({_VERBS})\b|[;\n•]", re.IGNORECASE)
_NOBODY = re.compile(
    r"^(all|everyone|everybody|(the )?(family|team|school)|professionals?|parents?|services?|council|social care"
    r"|tbc|tba|to be confirmed|somebody|someone|n/?a|\?+|-+)\W*$",
    re.IGNORECASE,
)
FAR, FAR_GOAL = timedelta(weeks=12), timedelta(weeks=52)
"""Further off than a review may be, nobody sees whether it moves."""
NUDGED = 80
"""As many words in one goal are more than one thing."""


def nudges(words: str, owner: str | None, due: date | None, today: date) -> list[str]:
    """What would make an action clearer, in words. `owner` is who does it, as it was typed or chosen."""
    found = []
    if due is None:
        found.append("By when? A day can still be moved")
    elif due - today > FAR:
        found.append("Its day is more than 12 weeks away. What is the first step, and by when?")
    if owner is None or _NOBODY.match(owner.strip()) or not owner.strip():
        found.append("Who does it? One person, by name")
    if _ALSO.search(words.strip()):
        found.append("This may be more than one thing. Two actions can be done one by one")
    return [*found, *_vague(words, "What will be done, so that anybody can see that it was?")]


def goal_nudges(words: str, due: date | None, measured: bool, today: date) -> list[str]:
    """The same of a goal: what will be different, and how everybody will see it."""
    found = []
    if due is None:
        found.append("By when? A day can still be moved")
    elif due - today > FAR_GOAL:
        found.append("Its day is more than a year away. What will be different in a few months?")
    if len(words.split()) > NUDGED:
        found.append("This may be more than one goal. Each can be met on its own")
    return (
        found
        if measured
        else [*found, *_vague(words, "What will everybody see when it is met? A measure would show it")]
    )


def _vague(words: str, asked: str) -> list[str]:
    vague = _VAGUE.search(words)
    return [f"\u201c{vague[0]}\u201d can mean many things. {asked}"] if vague else []


def short(words: str, longest: int = 120) -> str:
    """The first line of what somebody wrote, cut at a word: enough to know which it is."""
    line = words.strip().splitlines()[0] if words.strip() else ""
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0] + "…"
