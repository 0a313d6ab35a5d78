"""Which words a family may read as they are. Pure."""

from __future__ import annotations

import re

NOT_FOR_FAMILIES = re.compile(
    r"\blevels?\s+(?:of\s+need\s+)?[1-4]\b|\bdrift(?:s|ed|ing)?\b|\brefus(?:ed|es|al|als|ing)\b"
    r"|\bfail(?:s|ed|ing|ure)?\s+to\s+engage\b|\bperpetrators?\b",
    re.IGNORECASE,
)
"""Words that stand in nothing a family reads (rule 8 of the domain)."""


def plain(words: str | None) -> bool:
    """Whether a family may read these words as they are."""
    return NOT_FOR_FAMILIES.search(words or "") is None
