"""What happens to a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class NeedAdded(Event):
    kind: ClassVar[str] = "plans.need_added"
    outcome: int
    words: str


@dataclass(frozen=True, kw_only=True)
class NeedOpened(Event):
    """What was between one person and the workers may be read by the family, as `said_by` says; `why` it had not
    been."""

    kind: ClassVar[str] = "plans.need_opened"
    why: str
    said_by: str


@dataclass(frozen=True, kw_only=True)
class NeedWithheld(Event):
    """What the family could read is between one person and the workers now; `parts`: it and what hangs under it, of
    which nothing that was said before is the family's any more either."""

    kind: ClassVar[str] = "plans.need_withheld"
    why: str
    said_by: str
    parts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NeedJudged(Event):
    kind: ClassVar[str] = "plans.need_judged"
    judged_by: str
    outcome: str
    evidence: str | None


@dataclass(frozen=True, kw_only=True)
class GoalAdded(Event):
    kind: ClassVar[str] = "plans.goal_added"
    need: str
    words: str
    due: str


@dataclass(frozen=True, kw_only=True)
class GoalRated(Event):
    kind: ClassVar[str] = "plans.goal_rated"
    rating: str
    evidence: str | None
    meeting_id: int | None


@dataclass(frozen=True, kw_only=True)
class ActionAdded(Event):
    """`owner_user` is to be told, unless it was they who added it."""

    kind: ClassVar[str] = "plans.action_added"
    goal: str | None
    words: str
    owner_user: int | None
    family_ref: str
    due: str


@dataclass(frozen=True, kw_only=True)
class ActionUpdated(Event):
    kind: ClassVar[str] = "plans.action_updated"
    state: str
    before: str
    words: str | None
    due: str


@dataclass(frozen=True, kw_only=True)
class ActionAsked(Event):
    """Whoever owns an action without an account is asked by mail at `email` how it stands. `url` opens the form, and is
    kept out of the trail."""

    kind: ClassVar[str] = "plans.action_asked"
    organisation: str
    email: str | None
    url: str
    due: str
    again: bool

    def payload(self) -> dict[str, Any]:
        return {name: value for name, value in super().payload().items() if name != "url"}


@dataclass(frozen=True, kw_only=True)
class ActionLinkEnded(Event):
    kind: ClassVar[str] = "plans.link_ended"


@dataclass(frozen=True, kw_only=True)
class ActionAnswered(Event):
    """Somebody said by their link how an action stands. `owner_user`, who sent it, is told; where the words suggest
    `harm`, the family's team too."""

    kind: ClassVar[str] = "plans.action_answered"
    family_ref: str
    action: str
    organisation: str
    owner_user: int | None
    team_id: int | None
    harm: bool


@dataclass(frozen=True, kw_only=True)
class ActionLinkNotSent(Event):
    """The mail with the link was given up: whoever sent it is told to ring."""

    kind: ClassVar[str] = "plans.link_not_sent"
    family_ref: str
    action: str
    organisation: str
    owner_user: int | None


@dataclass(frozen=True, kw_only=True)
class ActionsHandedOver(Event):
    """Open actions of a lead professional who has gone are those of the next; or those of a name (`before` None) are
    theirs by their account."""

    kind: ClassVar[str] = "plans.actions_handed_over"
    actions: tuple[str, ...]
    before: int | None
    to: int


@dataclass(frozen=True, kw_only=True)
class MeasureAdded(Event):
    kind: ClassVar[str] = "plans.measure_added"
    need: str
    title: str


@dataclass(frozen=True, kw_only=True)
class ReadingAdded(Event):
    kind: ClassVar[str] = "plans.reading_added"
    day: str
    value: float


@dataclass(frozen=True, kw_only=True)
class GapExplained(Event):
    kind: ClassVar[str] = "plans.gap_explained"
    reason: str


@dataclass(frozen=True, kw_only=True)
class PartRevised(Event):
    """A part says something else from now on. `owner_user`, where an action was given to somebody, is to be told."""

    kind: ClassVar[str] = "plans.part_revised"
    was: str
    now: str
    why: str | None
    owner_user: int | None
    family_ref: str
    due: str | None


@dataclass(frozen=True, kw_only=True)
class PartInError(Event):
    kind: ClassVar[str] = "plans.part_in_error"
    reason: str
