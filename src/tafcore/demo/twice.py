"""A child whom two families tell of: once on record twice, for somebody to find out, and once known to live in both."""

from __future__ import annotations

from tafcore.demo.story import Story
from tafcore.people.commands import PersonDetails
from tafcore.record import service as record
from tafcore.record.commands import AddPerson


def told_again(story: Story, other: Story) -> None:
    """A child of `story` is added to the family of `other`, by somebody who did not know that there is a record."""
    child = next(one for one in story.view(story.manager).children if one.born is not None)
    surname = child.name.removeprefix(child.forename).strip()
    details = PersonDetails(role="child", forename=child.forename, surname=surname, born=child.born)
    record.add_person(
        AddPerson(
            family=other.family,
            details=details,
            none_of_them=True,
            household="At weekends",
            said_by="Their father, who has them at weekends",
        ),
        story.borough.actor(other.manager),
    )


def with_both(story: Story, other: Story) -> None:
    """A child of `story` belongs to the family of `other` too."""
    child = next(one for one in story.view(story.manager).children if one.born is not None)
    surname = child.name.removeprefix(child.forename).strip()
    record.add_person(
        AddPerson(
            family=other.family,
            details=PersonDetails(role="child", forename=child.forename, surname=surname, born=child.born),
            known=child.ref,
            household="At weekends",
            said_by="Their grandmother, with whom they stay at weekends",
        ),
        story.borough.actor(other.manager),
    )
