"""What an Early Help Assessment asks, and what it lacks before it can be signed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tafcore.contributions import Problem

OUTCOMES = {
    1: "Getting a good education",
    2: "Good early years development",
    3: "Improved mental and physical health",
    4: "Promoting recovery and reducing harm from substance use",
    5: "Improved family relationships",
    6: "Children safe from abuse and exploitation",
    7: "Crime prevention and tackling crime",
    8: "Safe from domestic abuse",
    9: "Secure housing",
    10: "Financial stability",
}
"""The outcome framework (Supporting Families headlines): codes are stable, the words are version 1."""

CHILD = {
    "health": ("Health", "Growing, eating, sleeping, teeth, appointments."),
    "learning": ("Learning", "Nursery, school or play; what they are good at; how often they are there."),
    "feelings": ("Feelings and behaviour", "What makes them happy, sad or cross, and what helps."),
    "identity": ("Who they are", "Culture, faith, language; how they see themselves."),
    "relationships": ("Family and friends", "Who matters to them, and who they turn to."),
    "self_care": ("Looking after themselves", "What they do for themselves at their age; what they do for others."),
}
FAMILY = {
    "parenting": (
        "Parenting",
        "Care and safety, warmth, rules and routines. Each parent or carer, here or elsewhere.",
    ),
    "family": ("The family and those around it", "What has happened in the family; who helps them."),
    "housing": ("Home", "Where they live, how safe, warm and settled it is."),
    "money": ("Money", "Income, benefits, debts, food, heating."),
    "work": ("Work and training", "Who works or studies, what stands in the way."),
    "community": ("Community", "Neighbours, groups, faith, what they can reach."),
}
SIGNS = {
    "worried": ("What are we worried about?", "What has happened, and what may happen if nothing changes."),
    "well": ("What is working well?", "Strengths, and who keeps the children safe."),
    "next": ("What needs to happen?", "What would have to be seen for everybody to stop worrying."),
    "scale": ("How are things, from 0 to 10?", "Who gave this number, and why it is not lower."),
}
SHORT = {"worried": "worries", "well": "what is working well", "next": "what needs to happen", "scale": "the scale"}
PARTS = {"family": FAMILY, "signs": SIGNS}
"""Parts of the whole family; every child is a part of its own, with the sections of CHILD."""

STATES = {
    "open": "Being written",
    "sent": "With the manager",
    "signed": "Complete",
    "left": "Not finished when early help closed",
}
OPINIONS = {"agree": "Agrees", "partly": "Agrees with part of it", "disagree": "Disagrees"}
WANTED = {
    "sections": "not everything written",
    "voice": "not heard",
    "home": "not seen at home",
    "signs": "worries, strengths or scale",
    "needs": "no need recorded",
    "opinion": "family's view",
}
"""What an assessment must not lack without a reason, and how the lack is called."""


def title(section: str) -> str:
    """What a section is called."""
    for sections in (CHILD, FAMILY, SIGNS):
        if section in sections:
            return sections[section][0]
    return section


def sections_of(part: str) -> Mapping[str, tuple[str, str]]:
    """The sections of `family` or `signs`; of a child for anything else."""
    return PARTS.get(part, CHILD)


@dataclass(frozen=True)
class ChildSoFar:
    """What there is of a child: which sections are written, whether they were heard, and seen at home."""

    ref: str
    name: str
    unborn: bool
    written: frozenset[str]
    heard: bool
    at_home: bool


@dataclass(frozen=True)
class Missing:
    """Something an assessment lacks (`what`: one of WANTED) about a child, or the whole family (`person` empty).
    `reason` asks why it is left out."""

    person: str
    what: str
    words: str
    reason: str

    @property
    def key(self) -> str:
        return f"{self.what} {self.person}".strip()


def missing(children: Iterable[ChildSoFar], written: Collection[str], needs: int, opinions: int) -> tuple[Missing, ...]:
    """What is missing, child by child, then of the whole family. `written` are sections of the whole family."""
    found: list[Missing] = []
    for child in children:
        found += _of_child(child)
    found += _blank("", "sections", "The whole family", FAMILY, written)
    if left := [short for section, short in SHORT.items() if section not in written]:
        words = ", ".join(left)
        found.append(Missing("", "signs", f"Not written yet: {words}", f"Say why there is nothing on {words}"))
    if not needs:
        found.append(Missing("", "needs", "No need is recorded", "Say why there is no need to record"))
    if not opinions:
        words = "Nobody of the family has said whether they agree"
        found.append(Missing("", "opinion", words, "Say why nobody of the family was asked"))
    return tuple(found)


def _of_child(child: ChildSoFar) -> Iterable[Missing]:
    # Of a child not born yet only what can be known is asked.
    asked = {"health": CHILD["health"]} if child.unborn else CHILD
    yield from _blank(child.ref, "sections", child.name, asked, child.written)
    if child.unborn:
        return
    if not child.heard:
        words = f"{child.name} has not been heard"
        yield Missing(child.ref, "voice", words, f"Say why nobody has heard {child.name} yet")
    if not child.at_home:
        words = f"{child.name} has not been seen at home"
        yield Missing(child.ref, "home", words, f"Say why nobody saw {child.name} at home yet")


def _blank(
    person: str, what: str, name: str, asked: Mapping[str, tuple[str, str]], written: Collection[str]
) -> Iterable[Missing]:
    left = [words.rstrip("?") for section, (words, _) in asked.items() if section not in written]
    if left:
        reason = f"Say why there is no more about {name if person else 'the whole family'}"
        yield Missing(person, what, f"{name}: nothing is written under {', '.join(left)}", reason)


def explained(lacking: Iterable[Missing], reasons: Mapping[tuple[str, str], str]) -> list[Problem]:
    """Every gap has a reason; `reasons` are by (person, what)."""
    return [Problem(one.reason, "gaps") for one in lacking if not reasons.get((one.person, one.what))]


def writable(part: str, sections: Iterable[str]) -> list[Problem]:
    """Only sections that the part has."""
    known = sections_of(part)
    return [Problem("This is not a section of this part", "sections") for each in sections if each not in known]
