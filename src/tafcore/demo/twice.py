"""A child on record twice: with one parent, and told again by the other, for somebody to find out."""

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
