"""An assessment as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tafcore.assessments import sections
from tafcore.families.access import PersonView
from tafcore.standards.clock import london_day


@dataclass(frozen=True)
class TextView:
    """A section as it stands. `shown` is false where nobody may read it on this screen; `words` are empty then."""

    words: str
    version: int
    scale: int | None
    by: str
    at: datetime
    withheld_why: str | None
    shown: bool

    @property
    def day(self) -> date:
        return london_day(self.at)


@dataclass(frozen=True)
class SectionView:
    """A section: what is asked, what is written, and what the last assessment said."""

    key: str
    title: str
    hint: str
    text: TextView | None
    before: TextView | None

    @property
    def written(self) -> bool:
        return self.text is not None and bool(self.text.words or self.text.scale is not None or not self.text.shown)


@dataclass(frozen=True)
class PartView:
    """A part: `family`, `signs`, or a child by reference."""

    key: str
    title: str
    child: PersonView | None
    sections: tuple[SectionView, ...]

    @property
    def written(self) -> int:
        return sum(one.written for one in self.sections)

    @property
    def last(self) -> TextView | None:
        """What was written last."""
        return max(self._texts, key=lambda text: text.at, default=None)

    @property
    def of_one(self) -> bool:
        """Whether one author wrote all of it, on one day and once."""
        return len({(text.by, text.day, text.version) for text in self._texts}) == 1

    @property
    def _texts(self) -> list[TextView]:
        return [one.text for one in self.sections if one.text is not None]


@dataclass(frozen=True)
class AssessedNeedView:
    """A need found, in the words of whoever said it."""

    ref: str
    about: str
    person_ref: str
    outcome: int
    words: str
    said_by: str | None

    @property
    def outcome_words(self) -> str:
        return sections.OUTCOMES[self.outcome]


@dataclass(frozen=True)
class OpinionView:
    """What somebody of the family says of the assessment."""

    name: str
    agrees: str
    words: str | None
    how: str | None
    at: datetime

    @property
    def agrees_words(self) -> str:
        return sections.OPINIONS[self.agrees]


@dataclass(frozen=True)
class GapView:
    """Why something was left out."""

    about: str
    what: str
    person_ref: str
    why: str

    @property
    def what_words(self) -> str:
        return sections.WANTED[self.what]


@dataclass(frozen=True)
class AssessmentRow:
    """An assessment in the list of a family's assessments."""

    ref: str
    state: str
    started_at: datetime
    ended_at: datetime | None

    @property
    def state_words(self) -> str:
        return sections.STATES[self.state]


@dataclass(frozen=True)
class AssessmentView:
    """An assessment as this view may see it; `older` are the family's others, newest first.

    `due` is when it is to be complete (None: no clock runs). `withheld` says that something is kept from this screen.
    """

    id: int
    ref: str
    state: str
    episode_id: int
    started_at: datetime
    started_by: str
    sent_at: datetime | None
    sent_by: str | None
    comments: str | None
    decided_by: str | None
    ended_at: datetime | None
    due: datetime | None
    parts: tuple[PartView, ...]
    needs: tuple[AssessedNeedView, ...]
    opinions: tuple[OpinionView, ...]
    gaps: tuple[GapView, ...]
    older: tuple[AssessmentRow, ...]
    withheld: bool

    @property
    def state_words(self) -> str:
        return sections.STATES[self.state]

    @property
    def open(self) -> bool:
        return self.state == "open"

    def part(self, key: str) -> PartView | None:
        return next((part for part in self.parts if part.key == key), None)
