"""A family's way through early help, told through the same services as everybody uses, in an invented past."""

from __future__ import annotations

from tafcore.demo.assessing import agreed, assessed, contributed, signed
from tafcore.demo.beginning import accepted, advised, answered, heard, kept_safe, looked_at, nominated, planned, seen
from tafcore.demo.helping import closed, followed_up, held, next_meeting, scheduled, stepped_up
from tafcore.demo.story import Story


def tell(story: Story, stage: str) -> None:
    """Everything up to and including `stage`; see STAGES."""
    heard(story)
    if stage == "received":
        return
    looked_at(story)
    if stage == "in_triage":
        return
    if stage == "advised":
        advised(story)
        return
    answered(story)
    if stage == "no_lead":
        return
    nominated(story)
    if stage == "nominated":
        return
    accepted(story)
    if story.guarded:
        kept_safe(story)
    seen(story)
    assessed(story)
    contributed(story)
    planned(story)
    if stage == "planned":
        return
    agreed(story)
    if stage != "meeting_today":
        signed(story)
    scheduled(story, 35)
    if stage == "meeting_today":
        return
    held(story, 35, better=False, next_day=77)
    if stage == "stepped_up":
        stepped_up(story)
    if stage in ("stepped_up", "after_first_taf"):
        return
    story.meeting = next_meeting(story)
    ends = stage == "closed" or stage in FOLLOWED
    held(story, 77, better=True, ends=ends)
    if ends:
        closed(story, 98)
        followed_up(story, 98, FOLLOWED.get(stage, 0))


NO_FAMILY = ("received", "in_triage", "advised")
"""Stages at which there is a contact and nobody's record yet."""

FOLLOWED = {"asked_at_3_months": 3, "asked_at_6_months": 6, "asked_at_12_months": 12}
"""Stage -> the last time after closing that somebody asked whether it has held."""

STAGES: dict[str, int] = {
    "received": 0,
    "in_triage": 2,
    "advised": 30,
    "no_lead": 9,
    "nominated": 8,
    "planned": 20,
    "meeting_today": 35,
    "after_first_taf": 52,
    "stepped_up": 41,
    "after_second_taf": 84,
    "closed": 150,
    "asked_at_3_months": 196,
    "asked_at_6_months": 288,
    "asked_at_12_months": 472,
}
"""Stage -> how many days ago such a family was first heard of."""
