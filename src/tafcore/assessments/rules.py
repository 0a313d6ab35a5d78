"""Words and rules of visits and of children's voices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from tafcore.contributions import Problem

VENUES = {
    "home": "Home",
    "school": "School or setting",
    "hub": "Family hub",
    "community": "Somewhere else",
    "virtual": "By video or phone",
}
FACE_TO_FACE = ("home", "school", "hub", "community")
SEEN = {"alone": "Seen alone", "others": "Seen with others there", "no": "Not seen"}
WAYS = {
    "spoken": "Said",
    "drawing": "Drawn",
    "three_houses": "Three houses",
    "interpreter": "Through an interpreter",
    "written": "Written",
    "observation": "Watched (a baby, or a child who does not speak)",
}
AUDIENCES = {
    "team": "The team around the family",
    "recorder": "Only me and the manager",
    "parents": "Parents or carers I name, and the team",
}
HEARD_BY = {
    "team": "the team around the family",
    "recorder": "only who recorded it and the manager",
    "parents": "the team around the family",
}
"""The same, said of an entry; the parents who may hear it are named behind."""
ASKED = {
    "not_asked": "Not asked yet",
    "yes": "The child said yes",
    "no": "The child said no",
    "too_young": "Too young to ask: I decide",
}
YOUNGEST_ALONE = 3
"""From this age it is said why a child was not seen alone."""

# Words that often come with harm. They only make the program ask: a worker decides.
_HARM = re.compile(
    r"\b(hit(s|ting)?|hurt(s|ing)?|punch\w*|kick(s|ed|ing)?|slap\w*|smack\w*|belt(ed)?|beat(s|en|ing)?|bruis\w*"
    r"|blood\w*|kni(fe|ves)|gun|kill(s|ed|ing)?|die|scared|afraid|frighten\w*|threaten\w*|touch(es|ed|ing)? me"
    r"|secret(s)?|rap(e|ed)|lock(s|ed)? (me|us) (in|out|up)|no food|starv\w*|drunk|run away|ran away"
    r"|cut(ting)? myself|suicid\w*)\b",
    re.IGNORECASE,
)


def suggests_harm(words: str) -> bool:
    """Whether these words often come with harm, so that somebody must look at them."""
    return _HARM.search(words) is not None


def is_harm(words: str, said: bool | None) -> bool:
    """What stands until a worker says otherwise: their answer, else what the words suggest."""
    return suggests_harm(words) if said is None else said


def age(born: date | None, on: date) -> int | None:
    """Whole years on a day, or None where the birth date is not known."""
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def not_yet(day: date | None, today: date) -> list[Problem]:
    """What is recorded has happened."""
    return [Problem("This day is still to come", "day")] if day is not None and day > today else []


def child_row(number: int, seen: str, why_not: str | None, years: int | None) -> list[Problem]:
    """Not seen, or not alone from YOUNGEST_ALONE on, needs a reason."""
    if why_not is not None or seen == "alone":
        return []
    field = f"children.{number}.why_not"
    if seen == "no":
        return [Problem("Say why not seen", field)]
    return [Problem("Say why not alone", field)] if years is not None and years >= YOUNGEST_ALONE else []


def at_home(venue: str, children: Mapping[str, str], answered: Iterable[str]) -> list[Problem]:
    """On a visit at home nobody is left blank: `children` are the family's, ref -> name."""
    given = set(answered)
    left = [name for ref, name in children.items() if ref not in given] if venue == "home" else []
    return [Problem(f"Say for {name} whether they were seen, or why not", "children") for name in left]


def hearing(audience: str, hearers: int, asked: str, decided_why: str | None, harm: bool) -> list[Problem]:
    """Nobody in the family hears it before the child agreed, or a worker decided for one too young, with a reason."""
    if audience != "parents":
        return []
    problems = [] if hearers else [Problem("Choose who may hear it", "hearers")]
    if harm:
        problems.append(
            Problem("These words may suggest harm, so the family does not hear them. If they do not, say so", "harm")
        )
    if asked == "too_young" and decided_why is None:
        problems.append(Problem("Say why you decide that they may hear it", "decided_why"))
    if asked in ("not_asked", "no"):
        problems.append(Problem("The child has to say yes first", "asked"))
    return problems


def may_hear(audience: str, harm: bool, hearers: frozenset[int], adults: frozenset[int]) -> bool:
    """Whether an entry may be shown while these adults of the family may be looking: all of them are named."""
    return audience == "parents" and not harm and adults <= hearers
