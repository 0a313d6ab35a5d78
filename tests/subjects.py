"""Every subject that any test stores is read: what leaves is seen on locked screens and by whoever opens the post."""

from __future__ import annotations

import re
from functools import cache

from sqlalchemy import event

from tafcore import phrases
from tafcore.notices.models import Message

REF = re.compile(r"\b[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{2}\b")
TELLING = re.compile(
    r"\b[A-Z]{1,2}\d[0-9A-Z]? ?\d[A-Z]{2}\b|\b(perpetrator|refused?|violen\w+|abus\w+|neglect\w*|suicid\w+"
    r"|drugs?|alcohol|police|court|section 17|section 47|level \d|diagnos\w+|pregnan\w+|asylum|social care"
    r"|child protection)\b",
    re.IGNORECASE,
)
"""Postcodes, and what a family may be helped with."""
LEAVING = re.compile(
    r"\d{4,}|@|\b(famil\w+|child\w*|mother|father|baby|school|safeguarding|early help)\b", re.IGNORECASE
)
"""Numbers and addresses, and what a subject that leaves may not even hint at."""
NAMES = re.compile(r"(?<!^)(?<![.:?!] )\b[A-Z][a-z]+")
"""A capital in the midst of a sentence: most likely somebody's name, or an organisation's."""


@cache
def to_families() -> frozenset[str]:
    """Subjects in the family's languages, as the tables of phrases have them: read by whoever wrote these."""
    kinds = ("date_subject", "code_subject", "link_subject")
    return frozenset(table(kind) for table in phrases.languages().values() for kind in kinds)


def faults(subject: str, leaves: bool) -> list[str]:
    """Whatever a subject must not say."""
    if subject in to_families():
        return []
    words = REF.sub("this", subject)
    found = [one[0] for one in TELLING.finditer(words)]
    if leaves:
        found += [one[0] for one in LEAVING.finditer(words)] + NAMES.findall(words)
    return found


def watch() -> None:
    """In every test from now on."""

    @event.listens_for(Message, "before_insert")
    def read(_mapper: object, _connection: object, message: Message) -> None:
        found = faults(message.subject, message.to_address is not None)
        assert not found, f"a subject says too much ({', '.join(found)}): {message.subject}"
