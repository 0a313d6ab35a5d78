"""What is known already, offered again where an assessment is written, with who said it and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from tafcore.assessments import sections
from tafcore.assessments.asked import AnswerView
from tafcore.assessments.reading import visits_of
from tafcore.contacts.models import Contact
from tafcore.contacts.rules import HEARSAY
from tafcore.db import rows_of
from tafcore.families.access import FamilyView
from tafcore.standards.clock import london_day
from tafcore.standards.words import day

_TOLD = (
    select(Contact.ref, Contact.received_at, Contact.referrer_organisation, Contact.wants, Contact.worries)
    .add_columns(Contact.strengths, Contact.tried)
    .where(Contact.family_id == bindparam("family"), Contact.state.not_in(("withdrawn", "recorded_in_error")))
    .where(Contact.source.not_in(sorted(HEARSAY)))
    .order_by(Contact.received_at.desc())
    .limit(5)
)
HEADINGS = {"wants": "What they want", "worries": "Worries", "strengths": "What works well", "tried": "What was tried"}
BEGINS_IN = {"wants": "next", "worries": "worried", "strengths": "well", "tried": "well"}


@dataclass(frozen=True)
class Known:
    """A statement with its source; `to` is the section it is likely to belong to."""

    key: str
    words: str
    source: str
    at: datetime
    to: str = ""

    @property
    def quoted(self) -> str:
        """The words with their source behind, as they go into a section."""
        on = london_day(self.at)
        return f"{self.words} ({self.source}, {day(on, on)} {on.year})"


def known_of(view: FamilyView, part: str, told: Iterable[AnswerView] = ()) -> tuple[Known, ...]:
    """Of the whole family what contacts told; of a child what was noticed on visits. Nothing before the family: much of
    it was said by others. What a neighbour or somebody unnamed told is not offered: the family reads the assessment,
    and would know that somebody rang; nor what a partner `told` who said that the family should not read it. At most
    two statements."""
    if view.shared:
        return ()
    found = [_answered(one, part) for one in told if one.reply == "answer" and one.withheld_why is None]
    if part in sections.PARTS:
        return (*found, *(_told(view) if view.may("contacts") and view.whole else ()))
    for visit in visits_of(view):
        for number, one in enumerate(visit.people):
            if one.observation and one.ref == part:
                source = f"Visit by {visit.by}"
                found.append(Known(f"{visit.ref}.{number}", one.observation, source, visit.at, "feelings"))
    return tuple(found[:12])


def _answered(one: AnswerView, part: str) -> Known:
    whom = f" of {one.child}" if part in sections.PARTS else ""
    return Known(one.key, one.words, f"{one.by}{whom}", one.at, one.section)


def _told(view: FamilyView) -> list[Known]:
    found = []
    for row in rows_of(_TOLD, family=view.id):
        who = f", {row.referrer_organisation}" if row.referrer_organisation else ""
        for name, heading in HEADINGS.items():
            words = getattr(row, name)
            if words:
                source = f"{heading}, contact{who}"
                found.append(Known(f"{row.ref}.{name}", words, source, row.received_at, BEGINS_IN[name]))
    return found
