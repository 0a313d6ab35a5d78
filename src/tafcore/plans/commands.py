"""What can be asked about a plan. Lead and manager change it; a team member reports on actions of their own."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from tafcore.people import identifiers
from tafcore.plans.rules import LARGEST
from tafcore.vocabulary import Command, MaybeLine, MaybeWords, NeededLine, NeededWords

LEADING = frozenset({"lead", "manage"})
WORKING = LEADING | {"team"}
OWN = "own"
"""What somebody is to their own family by a link of their own (families.access)."""

State = Literal["to_do", "doing", "done", "not_needed", "stuck"]


def _number(value: Any) -> Any:
    """Numbers as people write them: `84 %`, `£1,250.50`."""
    plain = re.sub(r"[\s,£%]", "", value) if isinstance(value, str) else value
    try:
        found = float(plain)
    except (TypeError, ValueError):
        raise ValueError("Enter a number, such as 84 or 12.5") from None
    if not 0 <= found <= LARGEST:
        raise ValueError(f"Enter a number from 0 to {LARGEST:,}")
    return found


Email = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.email(value) if value else None)]
Value = Annotated[float, BeforeValidator(_number)]
Maybe = BeforeValidator(lambda value: value or None)


class ChangePlan(Command):
    """A change of the plan of `family`."""

    permission: ClassVar[str] = "plans.change"
    scopes: ClassVar[frozenset[str]] = LEADING
    family: str


class AddNeed(ChangePlan):
    """A need of `person` (empty: of the whole family), with its outcome code, in the family's words. `withheld_why`:
    they wish that nobody else of the family reads it, or what hangs under it."""

    person: Annotated[str | None, Maybe] = None
    outcome: int = Field(ge=1, le=10)
    words: NeededWords
    withheld_why: MaybeWords = None


class WithholdNeed(ChangePlan):
    """Whose need it is wishes, from now on, that nobody else of the family reads it, or what hangs under it; `said_by`
    who said so."""

    need: str
    why: NeededWords
    said_by: NeededLine


class OpenNeed(ChangePlan):
    """Whose need it is says that the family may read it now; `said_by` who said so, where it was not told by them."""

    need: str
    said_by: MaybeLine = None


class TakeNeeds(ChangePlan):
    """Take over needs that an assessment found (`needs`, references), word for word."""

    needs: tuple[str, ...] = Field(min_length=1)


class AddGoal(ChangePlan):
    """What will be different under a need, by when, for whom (nobody named: the whole family)."""

    need: str
    words: NeededWords
    due: date
    benefits: tuple[str, ...] = ()


class AddAction(ChangePlan):
    """One line: what, who, by when. A team member may add actions of their own."""

    scopes: ClassVar[frozenset[str]] = WORKING
    goal: str
    words: NeededWords
    owner_user: int | None = None
    owner_person: Annotated[str | None, Maybe] = None
    owner_name: MaybeLine = None
    due: date


class UpdateAction(ChangePlan):
    """How an action stands, or its new day. A team member may update actions of their own, and so may somebody of the
    family on a page of their own: that one is done, or is not. `seen`: how much had been said of it where the page was
    made; what a colleague said since is shown first."""

    permission: ClassVar[str] = "plans.update_action"
    scopes: ClassVar[frozenset[str]] = WORKING | {OWN}
    action: str
    state: Annotated[State | None, Maybe] = None
    words: MaybeWords = None
    due: date | None = None
    seen: int | None = None


class AskByLink(ChangePlan):
    """Send whoever owns an action, without having an account, a link by which they say how it stands. `why`: where the
    family did not agree to share with their kind of organisation, or somebody must be kept safe."""

    action: str
    name: NeededLine
    organisation: NeededLine
    sector: NeededLine
    email: Email = None
    why: MaybeWords = None


class RenewLink(ChangePlan):
    """Send the same person a new link: the one before opens nothing any more."""

    action: str


class EndLink(ChangePlan):
    """Their link opens nothing any more."""

    action: str


class AnswerAction(Command):
    """How an action stands, as its owner says by a link."""

    permission: ClassVar[str] = "plans.update_action"
    state: Literal["to_do", "doing", "done", "stuck"]
    words: MaybeWords = None


class RateGoal(ChangePlan):
    """How a goal stands at a review, with what shows it."""

    goal: str
    rating: Literal["met", "better", "same", "worse"]
    evidence: MaybeWords = None


class ExplainGap(ChangePlan):
    """Why a need has no goal yet, or a goal (`part`, a reference) no action."""

    part: str
    reason: NeededWords


class SetNeedOutcome(ChangePlan):
    """How a need stands at closing, as the lead or the family judge it."""

    need: str
    judged_by: Literal["lead", "family"] = "lead"
    outcome: Literal["met", "partly", "not_met", "not_known"]
    evidence: MaybeWords = None


class AddMeasure(ChangePlan):
    """Something to measure under a need: `key` from the list, or a title, unit and direction of one's own."""

    need: str
    person: Annotated[str | None, Maybe] = None
    key: MaybeLine = None
    title: MaybeLine = None
    unit: MaybeLine = None
    better: Annotated[Literal["up", "down"] | None, Maybe] = None
    baseline: Value | None = None
    target: Value | None = None


class AddReading(ChangePlan):
    """A value of a measure on a day (empty: today)."""

    scopes: ClassVar[frozenset[str]] = WORKING
    measure: str
    day: date | None = None
    value: Value


class Revise(ChangePlan):
    """What a part of the plan (`part`, a reference) says from now on. `seen`: how often it had been changed before, as
    the page showed it; a colleague's change since is shown first."""

    part: str
    seen: int = Field(default=0, ge=0)
    why: MaybeLine = None


class ReviseNeed(Revise):
    """A need in other words; not one that an assessment found, whose words are the family's."""

    words: NeededWords


class ReviseGoal(Revise):
    """A goal in other words, or by another day."""

    words: NeededWords
    due: date


class ReviseAction(Revise):
    """An action in other words, or given to somebody else (nobody named: it stays with whom it is). Its day and how it
    stands are said by updating it."""

    words: NeededWords
    owner_user: int | None = None
    owner_person: Annotated[str | None, Maybe] = None
    owner_name: MaybeLine = None


class ReviseMeasure(Revise):
    """What a measure aims for from now on."""

    target: Value


class RecordInError(ChangePlan):
    """Take a need, goal, action or measure (`part`) out of the plan: it was a mistake. It stays on record."""

    part: str
    reason: NeededWords
