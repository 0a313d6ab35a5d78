"""A father who lives apart: his household has a section, somebody to ring and a meeting of its own."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tafcore.db import clock_at
from tafcore.demo.story import Story
from tafcore.episodes.commands import SetHousehold
from tafcore.episodes.households import set_household
from tafcore.episodes.reading import episode_of
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.people.commands import PersonDetails
from tafcore.record import service as record
from tafcore.record.commands import LearnFacts
from tafcore.standards.clock import LONDON, add_working_days, london_day


def told(story: Story, now: datetime) -> None:
    """Their lead writes down who stays with him and whom he rings, and asks him to a meeting about his part."""
    lead, view = story.borough.actor(story.lead), story.view(story.lead)
    father = next(one for one in view.adults if one.role == "father")
    episode = episode_of(view)
    team = episode.team if episode else ()
    visitor = next(one for one in team if one.user_id == story.borough.users["healthvisitor"].id)
    with clock_at(now - timedelta(days=8)):
        home = PersonDetails(role="father", address="Flat 3, 12 Alder Walk", postcode="ZZ99 3WZ", phone="020 7946 0199")
        told = {"family": story.family, "person": father.ref, "said_by": father.name}
        record.learn(LearnFacts(**told, details=home), lead)
        apart = SetHousehold(
            **told,
            name="Father's home",
            lives=(father.ref,),
            stays=tuple(child.ref for child in view.children),
            when="Every other weekend and on Wednesdays",
            contact=visitor.id,
        )
        set_household(apart, lead)
    with clock_at(now - timedelta(days=2)):
        day = add_working_days(london_day(now), 9)
        asked = ScheduleMeeting(
            family=story.family,
            at=datetime.combine(day, time(16, 30), LONDON),
            place="Father's workplace, the meeting room",
            household=father.ref,
            members=(visitor.id,),
        )
        meetings.schedule(asked, lead)
