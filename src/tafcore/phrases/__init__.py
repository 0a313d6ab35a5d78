"""Fixed words of what families read, in their languages: a table for each, with who has checked it.

A table is a file here: `name` in English, `own_name`, `dir` (which way it is written), `checked_by` (the translator;
empty while nobody has), and its phrases under the same keys as English. Pages, prints and messages ask for
`language(...)`; whoever uses a table that nobody has checked says so. What people typed is never translated here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

ENGLISH = "en"
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Phrases:
    """The fixed words of one language: `words("save")`, `words("by", day="...")`."""

    code: str
    name: str
    own_name: str
    dir: str
    checked_by: str
    phrases: Mapping[str, str] = field(repr=False)

    def __call__(self, key: str, **values: str) -> str:
        return self.phrases[key].format(**values)

    @property
    def checked(self) -> bool:
        """Whether somebody who knows the language has read the table."""
        return bool(self.checked_by)

    @property
    def english(self) -> bool:
        return self.code == ENGLISH

    def day(self, day: date) -> str:
        """A day in figures, which every language reads: English has words of its own (standards.words)."""
        return f"{day:%d/%m/%Y}"

    def day_time(self, moment: datetime) -> str:
        """A moment, in the zone it is given in."""
        return f"{moment:%d/%m/%Y, %H:%M}"


@lru_cache(maxsize=1)
def languages() -> Mapping[str, Phrases]:
    """Code -> table, English first, then by their English names."""
    tables = [_read(file) for file in FOLDER.glob("*.toml")]
    tables.sort(key=lambda one: (not one.english, one.name))
    return {one.code: one for one in tables}


def _read(file: Path) -> Phrases:
    table = tomllib.loads(file.read_text("utf-8"))
    name, own_name, way, checked_by = (str(table[key]) for key in ("name", "own_name", "dir", "checked_by"))
    return Phrases(file.stem, name, own_name, way, checked_by, table["phrases"])


def language(code: str | None) -> Phrases:
    """The table of a code; English where there is none."""
    return languages().get(code or ENGLISH) or languages()[ENGLISH]


def spoken(name: str | None) -> str:
    """The code of a language as somebody named it (`Polish`, `polski`); English's where we have no table of it."""
    asked = (name or "").strip().casefold()
    for one in languages().values():
        if asked and asked in (one.code, one.name.casefold(), one.own_name.casefold()):
            return one.code
    return ENGLISH
