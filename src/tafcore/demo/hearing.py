"""Children are heard as fits their age, and again once something has moved."""

from __future__ import annotations

from typing import Any

from tafcore.assessments import service as assessments
from tafcore.assessments.commands import RecordVoice
from tafcore.assessments.voice_rules import first_way
from tafcore.db import utcnow
from tafcore.demo import invented
from tafcore.demo.story import Story
from tafcore.families.access import PersonView


def hear(story: Story, child: PersonView, words: str, better: int = 0) -> None:
    """A child of whom the lead writes down `words`, or what fits their age; `better` is how much further up they are on
    their own scale than at first."""
    heard = {"family": story.family, "person": child.ref, **_as_fits(story, child, words, better)}
    assessments.record_voice(RecordVoice.model_validate(heard), story.borough.actor(story.lead))


def _as_fits(story: Story, child: PersonView, words: str, better: int) -> dict[str, Any]:
    way = first_way(child.born, child.due, utcnow().date())
    if way == "watched":
        return {"how": "observation", "words": story.borough.rng.choice(invented.BABY_WATCHED), "room": "Mum"}
    if way == "houses":
        return {
            **invented.HOUSES[(story.number + better) % len(invented.HOUSES)],
            "face": 2 + story.number % 2 + better,
        }
    return {"words": words, "scale": 3 + story.number % 4 + better}
