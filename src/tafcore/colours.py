"""Whether a borough's colours can be read: the contrast of WCAG 2.2, for dark text on a light page."""

from __future__ import annotations

import re

WORDS, LINES = 4.5, 3.0
"""The least contrast of words (1.4.3), and of lines and marks (1.4.11)."""
WHITE, QUIET = "#ffffff", "#f5f6f7"
"""The page, and its quiet parts: what stands on both is held to the darker one."""


def faults(colour: str, text_on_colour: str, link: str) -> list[str]:
    """What is wrong with a borough's three colours, one sentence each, and how to mend it."""
    given = {"colour": colour, "text_on_colour": text_on_colour, "link": link}
    unread = [f"{name} must be written like #17365c" for name, value in given.items() if not readable(value)]
    if unread:
        return unread
    pairs = (
        ("text_on_colour", text_on_colour, "colour", colour, WORDS, "choose a darker or a lighter one of the two"),
        (
            "colour",
            colour,
            "the page's light grey",
            QUIET,
            LINES,
            "choose a darker one, lines are drawn in it",
        ),
        ("link", link, "the page's light grey", QUIET, WORDS, "choose a darker one"),
    )
    return [
        f"{name} {front} on {ground} {back} has a contrast of {_said(found)} to 1; it needs {least:g}: {mend}"
        for name, front, ground, back, least, mend in pairs
        if (found := contrast(front, back)) < least
    ]


def readable(value: object) -> bool:
    """Whether it is a colour as we write them; nothing else may reach the style sheet."""
    return isinstance(value, str) and re.fullmatch(r"#([0-9a-fA-F]{3}){1,2}", value) is not None


def contrast(one: str, other: str) -> float:
    """From 1, alike, to 21, black on white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _said(ratio: float) -> str:
    """Never rounded up to what is asked."""
    return f"{int(ratio * 100) / 100:.2f}"


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
