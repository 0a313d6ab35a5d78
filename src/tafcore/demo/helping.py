"""How help goes on and ends, told through the services: meetings, a step up, closing."""

from __future__ import annotations

from sqlalchemy import select

from tafcore.db import session
from tafcore.demo import invented
from tafcore.demo.hearing import hear
from tafcore.demo.story import Story
from tafcore.families.models import Family
from tafcore.meetings import holding
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import (
    DecisionPart,
    HoldMeeting,
    LinePart,
    MissingPart,
    PresencePart,
    RatingPart,
    ScalePart,
    ScheduleMeeting,
    SharePart,
    ShareRecord,
    UpdatePart,
)
from tafcore.meetings.models import Meeting
from tafcore.plans import service as plans
from tafcore.plans.commands import AddReading
from tafcore.steps import closing
from tafcore.steps import service as steps
from tafcore.steps.commands import CloseEpisode, DoFollowUp, NeedOutcomePart, SendStep, StepUp
from tafcore.steps.rules import FOLLOW_UP_MONTHS


def scheduled(story: Story, day: float, hour: int = 15) -> None:
    """The next TAF meeting is put in the diary."""
    with story.on(min(day - 20, 14)):
        command = ScheduleMeeting(
            family=story.family, at=story.at(day, hour, 30), place=f"{story.area.capitalize()} family hub"
        )
        story.meeting = meetings.schedule(command, story.borough.actor(story.lead)).ref


def _elsewhere(story: Story) -> list[PresencePart]:
    """Members of the team who could not come."""
    here = {story.borough.users[one].id for one in (story.lead, "healthvisitor")}
    meeting, _ = meetings.meeting_family(story.meeting)
    return [
        PresencePart(user=row.user_id, name=row.name, organisation=row.organisation, how="absent", why="cannot")
        for row in meetings.invited(meeting.id)
        if row.person_id is None and row.user_id not in here
    ]


def held(story: Story, day: float, better: bool, next_day: float | None = None, ends: bool = False) -> None:
    """A TAF meeting: parent, lead and another agency; the plan moves (all of it when help `ends`); the next date."""
    borough = story.borough
    with story.on(day, 16):
        view = story.view(story.lead)
        parent = view.adults[0]
        next_at = story.at(next_day, 15, 30) if next_day else None
        score = 4 + (2 if better else 0) + (borough.rng.choice((0, 1, 1, 2)) if ends else 0)
        done = story.actions if ends else story.actions[:1] if better else []
        command = HoldMeeting(
            meeting=story.meeting,
            chair=borough.users[story.lead].name,
            note_taker=borough.users[story.lead].name,
            attendance=(
                PresencePart(person=parent.ref),
                PresencePart(user=borough.users[story.lead].id),
                PresencePart(user=borough.users["healthvisitor"].id),
                *(
                    PresencePart(person=one.ref, how="absent", why="school")
                    for one in view.people
                    if one.ref != parent.ref and one.role != "unborn"
                ),
                *_elsewhere(story),
            ),
            scales=(
                ScalePart(person=parent.ref, value=score),
                ScalePart(user=borough.users[story.lead].id, value=score),
            ),
            lines=(
                LinePart(column="worried", words=borough.rng.choice(invented.WORRIES)),
                LinePart(column="well", words=borough.rng.choice(invented.STRENGTHS)),
                LinePart(column="needs", words="Keep going with what works"),
            ),
            decisions=(DecisionPart(words="We go on with what works, and look again next time"),),
            ratings=tuple(
                RatingPart(goal=goal, rating="better" if better else "same", evidence="We looked at it together")
                for goal in story.goals
            ),
            updates=tuple(UpdatePart(action=action, change="done", words="Done") for action in done),
            missing=tuple(
                MissingPart(person=child.ref, reason="At school; to be asked on Friday") for child in view.children
            ),
            family_view="Good to have everybody in one room",
            next_at=next_at,
            next_place=f"{story.area.capitalize()} family hub" if next_at else None,
        )
        holding.hold(command, borough.actor(story.lead))
        for measure in story.measures:
            read = AddReading(family=story.family, measure=measure, value=score)
            plans.add_reading(read, borough.actor(story.lead))
    with story.on(day + 1, 9):
        shared = ShareRecord(meeting=story.meeting, family=(SharePart(person=parent.ref, how="given"),))
        meetings.share(shared, borough.actor(story.lead))
        for child in story.view(story.lead).children[:1]:
            hear(story, child, borough.rng.choice(invented.CHILD_WORDS), 2 if better else 1)


def stepped_up(story: Story) -> None:
    """The lead asks MASH to decide about one child."""
    lead = story.borough.actor(story.lead)
    with story.on(40):
        child = story.view(story.lead).children[0]
        command = StepUp(
            family=story.family,
            children=(child.ref,),
            reasons="Not seen for three weeks and nobody answers the door; the plan has not moved",
            immediate_risk=False,
            agreement="told",
        )
        step = steps.step_up(command, lead)
        steps.send(SendStep(step=step.ref), lead)


def closed(story: Story, day: float) -> None:
    """Closed with an outcome for every need."""
    rng = story.borough.rng
    with story.on(day, 14):
        # Families end well or not so well as a whole: needs judged one by one would hardly ever all be met.
        left = None if rng.random() < 0.75 else rng.choice(story.needs)
        doubted = left if rng.random() < 0.85 else rng.choice(story.needs)
        outcomes = tuple(
            NeedOutcomePart(
                need=need,
                outcome="partly" if need == left else "met",
                family_says="partly" if need == doubted else "met",
            )
            for need in story.needs
        )
        # What is measured mostly agrees with what is judged, not always.
        for need, measure in zip(story.needs, story.measures, strict=True):
            value = 5 if need == left else rng.choice((6, 7, 7, 8, 8, 9))
            read = AddReading(family=story.family, measure=measure, value=value)
            plans.add_reading(read, story.borough.actor(story.lead))
        command = CloseEpisode(
            family=story.family, reason="needs_met", words="Carrying on with the school's own help", needs=outcomes
        )
        closing.close_episode(command, story.borough.actor(story.lead))


def followed_up(story: Story, closed_on: int, months: int) -> None:
    """The hub asks whether it has held, each time up to `months` after closing."""
    for each in FOLLOW_UP_MONTHS:
        if each > months:
            return
        with story.on(closed_on + each * 30.5 + 1, 11):
            outcome = story.borough.rng.choice(("still_well", "still_well", "still_well", "not_known"))
            asked = DoFollowUp(family=story.family, months=each, outcome=outcome, words="A word at the school gate")
            closing.do_follow_up(asked, story.borough.actor(story.manager))


def next_meeting(story: Story) -> str:
    waiting = select(Meeting.ref).join(Family, Family.id == Meeting.family_id)
    found = session.scalar(waiting.where(Family.ref == story.family, Meeting.state == "scheduled"))
    assert found is not None
    return found
