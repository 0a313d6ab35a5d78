"""No Wrong Front Door, as a figure for the Board: who was helped at the door they came to."""

from __future__ import annotations

from collections.abc import Mapping

from tafcore.api import Contact, Count, Measure, Period, count_contacts

SENT_ON = ("other_authority", "signposted", "stepped_up")


def answered_here() -> Measure:
    return Measure(
        key="front_door.answered_here",
        title="Families answered at the door they came to",
        question="how_well",
        definition=(
            "Of the contacts answered in the period, those answered here: with advice, support from the hub, an "
            "assessment, help already open, or that the family does not want help now. Not those pointed to a service, "
            "passed to another authority or stepped up to MASH. Duplicates and those recorded in error are left out."
        ),
        compute=count_answered,
        breakdowns=("neighbourhood", "door", "source", "ethnicity", "hour"),
    )


def count_answered(period: Period, breakdown: str | None) -> Mapping[str, Count]:
    """Contacts answered here, of those answered, as known at `period.as_at`."""
    here = Contact.answer.not_in(SENT_ON)
    return count_contacts(period, breakdown, here, Contact.answer != "duplicate", when=Contact.answered_at)
