"""What must be rung about at once, said while somebody types. Words only make the program ask: a worker decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

CRAWLS = 9
"""Months until which a baby is taken not to move about by itself."""


@dataclass(frozen=True)
class Prompt:
    """`ring`: numbers, or names of the borough's lines: `mash` is the Emergency Duty Team out of office hours.

    `danger`: whoever works the contact looks at it the day it comes.
    """

    key: str
    title: str
    do: str
    ring: tuple[str, ...]
    danger: bool = False


TODAY = Prompt(
    "today",
    "Today means today",
    "Speak with the family before the day ends. May a child be at risk of significant harm? Then ring first, and write"
    " afterwards.",
    ("mash",),
)
DANGER = Prompt(
    "danger",
    "Is somebody in danger now?",
    "Words like these often come with danger. Ring first, and write afterwards.",
    ("999", "mash"),
    danger=True,
)
BABY = Prompt(
    "baby",
    "A mark or injury on a baby who is not moving yet",
    "However small it is: ring now. Babies who cannot crawl hardly ever bruise by accident, and a doctor must see"
    " this one today.",
    ("mash",),
    danger=True,
)
CUTTING = Prompt(
    "fgm",
    "Female genital mutilation",
    "Did a girl under 18 tell you, or did you see it? Then a teacher, health or social care professional must report it"
    " to the police themselves, and tell MASH. Do not speak about it with the family first.",
    ("101", "mash"),
    danger=True,
)
FOSTERED = Prompt(
    "private_fostering",
    "Is this private fostering?",
    "A child under 16, or 18 if disabled, who stays 28 days or longer with somebody who is no parent, step-parent,"
    " grandparent, brother, sister, aunt or uncle: the council must be told.",
    ("mash",),
)
WORKER = Prompt(
    "worker",
    "Is this a worry about somebody who works with children?",
    "It is not written here. Take those words out, and ring the LADO today.",
    ("lado",),
    danger=True,
)

_WHOM = r"(him|her|them|me|us|you|(him|her|my|your|them)sel(f|ves)|(my|your|his|her|their) \w+)"
_DANGER = re.compile(
    rf"\b(suicid\w*|(kill|punch|kick|chok|beat)(s|es|ed|en|ing|e)? {_WHOM}|beat(en|ing)? up|strangl\w*|knife|knives"
    r"|stab\w*|gun|machete|acid|overdos\w*|unconscious|not breathing|bleeding|missing since|run away|ran away"
    r"|threaten\w* (to|with|me|him|her|us|them)|locked (in|out)|left alone|home alone|going to hurt"
    r"|end (his|her|my|their) life|wants? to die|self[- ]?harm\w*|cut(s|ting)? (him|her|my|them)sel\w*|rap(e|es|ed|ing)"
    r"|sexual(ly)? (abus|assault)\w*|(afraid|scared) to go home|not safe (at home|here|tonight))\b",
    re.IGNORECASE,
)
_INJURY = re.compile(r"\b(bruis\w*|injur\w*|burn(s|t|ed)?|scald\w*|fractur\w*|swelling|bite marks?|black eye)\b", re.I)
_BABY = re.compile(r"\b(bab(y|ies)|newborn|weeks? old|[1-8] months? old|not (yet )?(crawling|moving|mobile))\b", re.I)
_CUTTING = re.compile(
    r"\b(fgm|genital mutilation|(girl|daughter|she)\W.{0,40}\b(circumcis\w*|(be|being) cut)|infibulat\w*|khatna"
    r"|gudniin\w*)",
    re.I,
)
_FOSTERED = re.compile(
    r"\b(privat\w* foster\w*|(liv(es|ing)|stay(s|ing)|left) with (a |an |the |his |her |their |my )?"
    r"(family )?(friend|neighbour|cousin|landlord|lodger|godmother|godfather|church|boyfriend'?s? (mother|mum|family))"
    r"\w*)\b",
    re.IGNORECASE,
)
_WORKERS = (
    r"(teacher|teaching assistant|social worker|health visitor|coach|foster carer|youth worker|nursery (nurse|worker)"
    r"|childminder|tutor|imam|priest|vicar|driver|key ?worker|police officer|escort)"
)
_WORKER = re.compile(
    rf"\b{_WORKERS}\b.{{0,60}}\b(hit|hits|hurt|slapped|grabbed|touched|pushed|restrained|shouted at|shook|kissed"
    r"|messag\w+ (him|her)|sent (him|her)|alone with)\b"
    r"|\b((hit|hurt|slapped|grabbed|touched|pushed|restrained|shouted at|shaken|kissed|messaged) by"
    rf"|allegations? against) [^.;]{{0,40}}\b{_WORKERS}\b",
    re.IGNORECASE | re.DOTALL,
)


def names_worker(words: str) -> bool:
    """Whether these words may be a worry about somebody who works with children: it belongs with the LADO alone."""
    return _WORKER.search(words) is not None


def prompts(words: str, births: Iterable[date], urgency: str | None, today: date) -> tuple[Prompt, ...]:
    """What to ask about these words; `births` are birth dates of the children told of."""
    little = any(0 <= (today.year - one.year) * 12 + today.month - one.month < CRAWLS for one in births)
    asked = (
        (DANGER, _DANGER.search(words)),
        (BABY, _INJURY.search(words) and (little or _BABY.search(words))),
        (CUTTING, _CUTTING.search(words)),
        (FOSTERED, _FOSTERED.search(words)),
        (WORKER, names_worker(words)),
        (TODAY, urgency == "today"),
    )
    return tuple(prompt for prompt, found in asked if found)
