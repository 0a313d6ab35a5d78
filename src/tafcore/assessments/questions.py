"""The three short questions that an assessment asks of those who know a child, by sector. Data: sectors may bring
their own by the hook `sector_questions`, which count before these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tafcore import hooks
from tafcore.contributions import SectorQuestions

ANYBODY = ""
"""The sector of the plain questions, for whoever has none of their own."""

DEFAULTS = (
    SectorQuestions(
        ANYBODY,
        (
            ("feelings", "How is {child}, as you see them?"),
            ("relationships", "What works well for {child}, and who helps them?"),
            ("feelings", "What are you worried about, and what would help {child} now?"),
        ),
        90,
    ),
    SectorQuestions(
        "early_years",
        (
            ("learning", "How often is {child} with you, and how do they play and learn?"),
            ("relationships", "How is {child} with other children and with adults, and who do they turn to?"),
            ("feelings", "What has helped {child} so far, and what would help now?"),
        ),
        90,
    ),
    SectorQuestions(
        "school_nursing",
        (
            ("health", "How is {child}'s health, and which checks or appointments are still to come?"),
            ("feelings", "How is {child} in themselves, as you have seen or heard it?"),
            ("health", "What has helped so far, and what would help {child} now?"),
        ),
        90,
    ),
    SectorQuestions(
        "gp",
        (
            ("health", "What should those who help {child} know of their health?"),
            ("health", "Which appointments, checks or injections are still to come, or were missed?"),
            ("feelings", "What are you worried about, and what would help {child} now?"),
        ),
        90,
    ),
    SectorQuestions(
        "mental_health",
        (
            ("feelings", "How is {child} in themselves, as far as those who help them need to know?"),
            ("relationships", "What helps {child}, and who do they turn to?"),
            ("feelings", "What do you offer {child} now, or what do they wait for?"),
        ),
        90,
    ),
    SectorQuestions(
        "housing",
        (
            ("housing", "How safe, warm and settled is {child}'s home, and how long may they stay?"),
            ("housing", "What is being done about the home, and by when?"),
            ("housing", "What would help {child} at home now?"),
        ),
        90,
    ),
)


def of_sector(sector: str) -> list[list[str]]:
    """(section, words) of what this sector is asked."""
    found = by_sector(hooks.sector_questions())
    return [list(pair) for pair in (found.get(sector) or found[ANYBODY]).questions]


def by_sector(given: Iterable[SectorQuestions]) -> dict[str, SectorQuestions]:
    """What holds for each sector: whoever comes first."""
    found: dict[str, SectorQuestions] = {}
    for one in given:
        found.setdefault(one.sector, one)
    return found


def said(words: str, child: str) -> str:
    """A question about this child."""
    return words.replace("{child}", child)


def sections_asked(questions: Iterable[Sequence[str]]) -> list[str]:
    """The sections that the answers stand beside, each once."""
    return list(dict.fromkeys(section for section, _ in questions))
