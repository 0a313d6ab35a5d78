"""What shows that a plan helps: measures with readings, and how each need stands at closing."""

from __future__ import annotations

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.plans import measures, rules
from tafcore.plans.commands import AddMeasure, AddReading, SetNeedOutcome
from tafcore.plans.events import MeasureAdded, NeedJudged, ReadingAdded
from tafcore.plans.models import MeasureReading, Need, NeedOutcome, PlanMeasure
from tafcore.plans.parts import family_for, find, new, tell
from tafcore.standards.clock import london_day
from tafcore.work import Refused, check


def set_need_outcome(command: SetNeedOutcome, actor: Actor) -> NeedOutcome:
    """How a need stands at closing. With the lead's judgement goes what its measures say, if it has any."""
    view = check(
        command,
        actor,
        lambda: family_for(command, actor),
        lambda _, asked: rules.judgement(asked.judged_by, asked.outcome, asked.evidence),
    )
    need, _ = find(Need, command.need, view)
    made = _judge(need, command.judged_by, command.outcome, command.evidence, actor)
    if command.judged_by == "lead":
        _judge_by_measures(need, actor)
    line = f"Need {rules.CLOSING[made.outcome].lower()}: {rules.short(need.words)}"
    judged = {"judged_by": made.judged_by, "outcome": made.outcome, "evidence": made.evidence}
    tell(NeedJudged, "need", need, view.id, need, actor, line=line, **judged)
    return made


def _judge(need: Need, judged_by: str, outcome: str, evidence: str | None, actor: Actor) -> NeedOutcome:
    now = utcnow()
    current = select(NeedOutcome).where(
        NeedOutcome.need_id == need.id, NeedOutcome.judged_by == judged_by, NeedOutcome.superseded_at.is_(None)
    )
    for earlier in session.scalars(current):
        earlier.superseded_at = now
    made = NeedOutcome(need_id=need.id, judged_by=judged_by, outcome=outcome, evidence=evidence)
    made.happened_at, made.recorded_at, made.recorded_by = now, now, actor.byline
    session.add(made)
    session.flush()
    return made


def _judge_by_measures(need: Need, actor: Actor) -> None:
    live = select(PlanMeasure).where(PlanMeasure.need_id == need.id, PlanMeasure.ended_at.is_(None))
    found = list(session.scalars(live.order_by(PlanMeasure.id)))
    if not found:
        return
    now = utcnow()
    points = measures.readings(found, now, london_day(now))
    distances, sentences = [], []
    for one in found:
        values = [value for _, value in points.get(one.id, ())]
        start = one.baseline if one.baseline is not None else next(iter(values), None)
        distances.append(rules.distance(one.better, start, values[-1] if values else None, one.target))
        sentences.append(rules.measure_sentence(one.title, one.unit, one.better, values, one.baseline, one.target))
    _judge(need, "measure", rules.measure_says(distances), " ".join(sentences), actor)


def add_measure(command: AddMeasure, actor: Actor) -> PlanMeasure:
    """Something to measure under a need: a preset, what a plugin has readings of, or the family's own."""
    known = dict(measures.choices())
    pulled = command.key in measures.sources()
    view = check(
        command,
        actor,
        lambda: family_for(command, actor),
        lambda _, asked: rules.measure(asked.key, known, pulled, asked.title, asked.better, asked.person),
    )
    need, _ = find(Need, command.need, view)
    person_id = view.person(command.person).id if command.person else None
    chosen = measures.sources().get(command.key or "") or rules.PRESETS.get(command.key or "")
    made = new(
        PlanMeasure,
        "R",
        actor,
        need_id=need.id,
        person_id=person_id,
        key=command.key,
        title=chosen.title if chosen else command.title,
        unit=chosen.unit if chosen else command.unit or "",
        better=chosen.better if chosen else command.better,
        baseline=command.baseline,
        target=command.target,
    )
    line = f"Measure added to the plan: {rules.short(made.title)}"
    tell(MeasureAdded, "measure", made, view.id, need, actor, need=need.ref, title=made.title, line=line)
    return made


def add_reading(command: AddReading, actor: Actor) -> MeasureReading:
    """A value on a day that has been; a second for the same day corrects the first."""
    view = check(command, actor, lambda: family_for(command, actor))
    measure, need = find(PlanMeasure, command.measure, view)
    now = utcnow()
    day = command.day or london_day(now)
    if day > london_day(now):
        raise Refused([Problem("This day is still to come", "day")])
    if measure.key in measures.sources():
        raise Refused([Problem(f"These readings come by themselves: {measure.title}", "value")])
    same_day = select(MeasureReading).where(
        MeasureReading.measure_id == measure.id, MeasureReading.day == day, MeasureReading.superseded_at.is_(None)
    )
    for earlier in session.scalars(same_day):
        earlier.superseded_at = now
    made = MeasureReading(measure_id=measure.id, day=day, value=command.value, recorded_by=actor.byline)
    made.recorded_at = now
    session.add(made)
    session.flush()
    line = f"{rules.short(measure.title)}: {rules.number(made.value)}{measure.unit}"
    tell(ReadingAdded, "measure", measure, view.id, need, actor, day=day.isoformat(), value=made.value, line=line)
    return made
