"""Words and rules of steps, closing and follow-up. A step moves along one path and skips nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tafcore.contributions import Problem
from tafcore.standards.words import inside

if TYPE_CHECKING:
    from tafcore.steps.commands import NeedOutcomePart, StepDown, StepUp

UP = {
    "draft": frozenset({"sent", "withdrawn"}),
    "sent": frozenset({"received", "withdrawn"}),
    "received": frozenset({"decided", "returned", "withdrawn"}),
    "decided": frozenset[str](),
    "returned": frozenset[str](),
    "withdrawn": frozenset[str](),
}
DOWN = {
    "proposed": frozenset({"lead_accepted", "withdrawn"}),
    "lead_accepted": frozenset({"closed", "withdrawn"}),
    "closed": frozenset[str](),
    "withdrawn": frozenset[str](),
}
PATHS: Mapping[str, Mapping[str, frozenset[str]]] = {"up": UP, "down": DOWN}
FIRST = {"up": "draft", "down": "proposed"}

STATES = {
    "draft": "Being written",
    "sent": "Sent to MASH",
    "received": "With MASH",
    "decided": "Decided",
    "returned": "Returned",
    "withdrawn": "Withdrawn",
    "proposed": "Waiting for the lead professional to accept",
    "lead_accepted": "Lead professional accepted",
    "closed": "Handed over to early help",
}
DIRECTIONS = {"up": "Step up", "down": "Step down"}

IN_HAND = frozenset({"draft", "sent", "received", "proposed", "lead_accepted"})
"""A step that still waits for somebody."""
WITH_MASH = frozenset({"sent", "received", "proposed", "lead_accepted"})
"""A step that lets MASH see the family."""

DECISIONS = {
    "section_17": "Accepted: social work assessment (section 17)",
    "section_47": "Accepted: strategy discussion (section 47)",
    "protection": "Accepted: immediate protection",
    "advice": "Accepted: advice given, early help leads",
}
LEGAL_STATUS_OF = {"section_17": "section_17", "section_47": "section_47", "protection": "section_47"}
"""Decision -> the legal status of the children it is about."""
RETURNS = {
    "threshold": "The reasons do not meet the threshold",
    "information": "More is needed before it can be decided",
    "other_service": "Another service is the right one",
    "agreement": "The family were not asked, and no reason is given",
}
AGREEMENTS = {
    "agreed": "The family know and agree",
    "told": "The family know and do not agree",
    "without": "The family were not asked",
}
FROM_STATUS = {
    "child_in_need": "Child in need",
    "child_protection": "Child protection, then child in need",
    "mash": "MASH, without assessment",
}

OUTCOMES = {"met": "Met", "partly": "Partly met", "not_met": "Not met", "not_known": "Not known"}
FAMILY_SAYS = {"met": "Met", "partly": "Partly met", "not_met": "Not met", "not_asked": "Not asked"}
UNMET_WITH_WORDS = frozenset({"not_met", "not_known"})
SETTLING_REASONS = frozenset({"needs_met", "universal"})
"""Closing for these says that the plan was carried through, so no action may be left open."""
NEEDS_LEFT = frozenset({"in_error"})
"""Closing for these asks for no outcomes."""

FOLLOW_UP_MONTHS = (3, 6, 12)
FOLLOW_UP_OUTCOMES = {
    "still_well": "Still well",
    "asked_again": "Asked for help again, early",
    "came_back": "Came back: a step up or a new episode",
    "moved": "Moved away",
    "not_known": "Not known",
}
REOPEN_WITHIN = timedelta(days=90)


def may_move(direction: str, state: str, to: str) -> list[Problem]:
    """A step goes only to the next state of its path: steps cannot be skipped, turned or taken back."""
    path = PATHS[direction]
    if to in path.get(state, ()):
        return []
    if to not in path:
        return [Problem(f"A {inside(DIRECTIONS[direction])} is never {inside(STATES[to])}")]
    if not path[state]:
        return [Problem(f"This step is finished: {inside(STATES[state])}")]
    following = " or ".join(inside(STATES[each]) for each in sorted(path[state]))
    return [Problem(f"This step is {inside(STATES[state])}. What can come next: {following}")]


def problems_of_step_up(asked: StepUp) -> list[Problem]:
    """What a step-up must say before MASH can decide on it."""
    problems = once(asked.children)
    if asked.immediate_risk and not asked.risk_words:
        problems.append(Problem("Say what the danger is, and what keeps the child safe now", "risk_words"))
    if asked.agreement == "without" and not asked.without_why:
        problems.append(Problem("Say why the family were not asked", "without_why"))
    return problems


def once(refs: Iterable[str], field: str = "children") -> list[Problem]:
    """Nobody is named twice."""
    listed = list(refs)
    return [Problem("A child is named twice", field)] if len(set(listed)) < len(listed) else []


def problems_of_step_down(asked: StepDown, today: date, lead: int, lead_now: int | None) -> list[Problem]:
    """`lead` who is proposed, `lead_now` who leads an open episode."""
    problems = once(asked.children)
    if asked.closes_on < today:
        problems.append(Problem("A step down starts before statutory work closes: give a day to come", "closes_on"))
    if asked.handover_on is not None and asked.handover_on > asked.closes_on:
        problems.append(Problem("The hand-over meeting comes before statutory work closes", "handover_on"))
    if lead_now is not None and lead != lead_now:
        problems.append(
            Problem("This family has a lead professional already: propose them, or hand over first", "lead")
        )
    return problems


def problems_of_first_taf(at: datetime, now: datetime, latest: datetime) -> list[Problem]:
    """The first TAF after a step-down is to come, and no later than the standard says."""
    if at <= now:
        return [Problem("Give a time to come for the first TAF meeting", "first_taf_at")]
    if at > latest:
        return [Problem(f"The first TAF meeting is due by {latest:%-d %B}: choose an earlier day", "first_taf_at")]
    return []


def problems_of_outcomes(needs: Collection[str], told: Sequence[NeedOutcomePart], reason: str) -> list[Problem]:
    """Every need (by reference) has an outcome and the family's word for it; what is not met, or not known, has words.

    Problems stand beside each need, at `needs.N.outcome`, `.family_says` or `.evidence` in the order told; a need that
    was not told of at all is a problem of the whole.
    """
    if reason in NEEDS_LEFT:
        return []
    problems = []
    for number, one in enumerate(told):
        if one.need not in needs:
            problems.append(Problem("This need is not in the plan any more", f"needs.{number}.outcome"))
            continue
        if one.outcome is None:
            problems.append(Problem("Say what became of this need", f"needs.{number}.outcome"))
        if one.family_says is None:
            problems.append(
                Problem("Say how the family see it, or that they were not asked", f"needs.{number}.family_says")
            )
        if one.outcome in UNMET_WITH_WORDS and one.evidence is None:
            problems.append(Problem("Say what is left, or why it is not known", f"needs.{number}.evidence"))
    left_out = len(set(needs) - {one.need for one in told})
    if left_out:
        missing = "A need has" if left_out == 1 else f"{left_out} needs have"
        problems.append(Problem(f"{missing} no outcome yet. It may be one that a shared screen does not show"))
    return problems


def problems_of_closing(
    reason: str, needs_not_met: int, steps: Collection[str], meeting: bool, actions: int
) -> list[Problem]:
    """Nothing else may be open: `steps` in hand (references), a TAF `meeting` planned, `actions` still to do."""
    problems = [Problem(f"{ref} is not finished: withdraw it, or wait for it") for ref in steps]
    if meeting:
        problems.append(Problem("A TAF meeting is planned: hold it or cancel it first"))
    if reason in SETTLING_REASONS and actions:
        open_ones = "An action is" if actions == 1 else f"{actions} actions are"
        problems.append(Problem(f"{open_ones} still open: mark each done, or not needed with a reason", "reason"))
    if reason == "needs_met" and needs_not_met:
        problems.append(Problem("Needs met cannot be the reason while a need is not met", "reason"))
    return problems


def may_reopen(closed_at: datetime | None, now: datetime, reason: str | None) -> list[Problem]:
    """A closed episode may be reopened for a time; after that, or after a mistake, a new one is opened."""
    if closed_at is None:
        return [Problem("Early help is open already")]
    if now - closed_at > REOPEN_WITHIN:
        return [Problem(f"It closed more than {REOPEN_WITHIN.days} days ago: open a new episode")]
    if reason in {"in_error", "died"}:
        return [Problem("This episode cannot be reopened: open a new one")]
    return []


def may_follow_up(months: int, done_at: datetime | None, opens_at: datetime, now: datetime) -> list[Problem]:
    """A follow-up is done once, not long before it is due."""
    if done_at is not None:
        return [Problem(f"The follow-up at {months} months is done already", "months")]
    if now < opens_at:
        return [Problem(f"The follow-up at {months} months is not due yet", "months")]
    return []
