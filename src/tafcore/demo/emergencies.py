"""Two records opened by break-glass: one reviewed, one that waits, both of families elsewhere in the borough. A MASH
check that waits for its review, and a worker who is kept out of a family."""

from __future__ import annotations

from datetime import datetime, timedelta

from tafcore.db import clock_at, session
from tafcore.demo.story import Story
from tafcore.families.access import visible_family
from tafcore.sharing import conflicts, glass, mash_check
from tafcore.sharing.commands import BreakGlass, CheckByMash, DeclareConflict, EndGlass, ReviewGlass

SCHOOL_RANG = (
    "The school rang at twenty to six: he has not come home, and his mother does not answer. I need to know who else"
    " he may be with, and whom to ring tonight."
)
AT_HOSPITAL = (
    "A nurse of the children's ward rings about bruises on the younger one. I need to know who works with them, and"
    " whether anybody is kept from the children, before we speak with the parents."
)
QUARREL = "The police told us of a quarrel last night. Is anybody working with them? When were the children last seen?"
NEXT_DOOR = "They live next door to me. Our children play together."


def told(story: Story, other: Story, now: datetime) -> None:
    """The one of `story` was reviewed a week ago; that of `other` is a few hours old, and still open."""
    ref = _broken(story, "hub3", now - timedelta(days=9), "nobody_reached", SCHOOL_RANG, ("record.family",))
    with clock_at(now - timedelta(days=9, minutes=-40)):
        glass.end(EndGlass(glass=ref), story.borough.actor("hub3"))
    with clock_at(now - timedelta(days=8)):
        found = (
            "She opened the family page alone, and rang the grandmother, with whom he was. The lead professional was on"
            " leave and her cover did not answer."
        )
        asked = ReviewGlass(glass=ref, outcome="justified", found=found)
        glass.review(asked, story.borough.actor("ig"))
    pages = ("record.family", "record.people", "steps.family_steps")
    _broken(other, "mash", now - timedelta(hours=3), "harm", AT_HOSPITAL, pages)
    with clock_at(now - timedelta(days=1, hours=2)):
        check = CheckByMash(reference=story.family, enquiry="MASH-26-1142", reason=QUARREL)
        mash_check.ask(check, story.borough.actor("mash"))
    with clock_at(now - timedelta(days=12)):
        said = DeclareConflict(families=(other.family,), connection="neighbour", words=NEXT_DOOR)
        conflicts.declare(said, story.borough.actor("year_head"))


def _broken(story: Story, name: str, at: datetime, why: str, reason: str, pages: tuple[str, ...]) -> str:
    """The reference of it, with these pages opened in the minutes after."""
    with clock_at(at):
        asked = {"families": (story.family,), "why": why, "reason": reason, "known": True}
        (made,) = glass.break_glass(BreakGlass.model_validate(asked), story.borough.actor(name))
    for minutes, page in enumerate(pages, 1):
        with clock_at(at + timedelta(minutes=minutes * 2)):
            visible_family(story.family, story.borough.actor(name), page)
            session.flush()  # by which the opening has this hour
    return made.ref
