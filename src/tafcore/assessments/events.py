"""What happens to assessments, on visits and to children's words. The words themselves are in no event: they go only
where they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class VisitRecorded(Event):
    """`seen` and `not_seen` are person ids."""

    kind: ClassVar[str] = "assessments.visit_recorded"
    venue: str
    seen: tuple[int, ...]
    not_seen: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class VoiceRecorded(Event):
    """`harm`: the words suggest it, and the family's team is told that somebody must look."""

    kind: ClassVar[str] = "assessments.voice_recorded"
    harm: bool
    hearing: str
    family_ref: str
    team_id: int | None


@dataclass(frozen=True, kw_only=True)
class HearingSet(Event):
    kind: ClassVar[str] = "assessments.hearing_set"
    hearing: str
    asked: str
    harm: bool


@dataclass(frozen=True, kw_only=True)
class VoiceAnswered(Event):
    kind: ClassVar[str] = "assessments.voice_answered"
    told_on: str | None


@dataclass(frozen=True, kw_only=True)
class TakenBack(Event):
    kind: ClassVar[str] = "assessments.taken_back"
    reason: str


@dataclass(frozen=True, kw_only=True)
class AssessmentStarted(Event):
    kind: ClassVar[str] = "assessments.started"


@dataclass(frozen=True, kw_only=True)
class SectionsWritten(Event):
    kind: ClassVar[str] = "assessments.written"
    sections: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AssessedNeedAdded(Event):
    kind: ClassVar[str] = "assessments.need_added"
    outcome: int


@dataclass(frozen=True, kw_only=True)
class AssessedNeedEnded(Event):
    kind: ClassVar[str] = "assessments.need_ended"
    reason: str


@dataclass(frozen=True, kw_only=True)
class OpinionRecorded(Event):
    kind: ClassVar[str] = "assessments.opinion_recorded"
    agrees: str


@dataclass(frozen=True, kw_only=True)
class AssessmentSent(Event):
    kind: ClassVar[str] = "assessments.sent"


@dataclass(frozen=True, kw_only=True)
class AssessmentReturned(Event):
    """`owner_user`, who sent it, is told that the manager has comments."""

    kind: ClassVar[str] = "assessments.returned"
    family_ref: str
    owner_user: int | None


@dataclass(frozen=True, kw_only=True)
class AssessmentSigned(Event):
    """The assessment is complete: the plan takes over the needs that it does not hold yet."""

    kind: ClassVar[str] = "assessments.signed"


@dataclass(frozen=True, kw_only=True)
class _Asking(Event):
    """`to_user`, or whoever reads the mail at `email`, is asked. `url` opens the form, and is kept out of the trail."""

    family_ref: str
    organisation: str
    to_user: int | None
    email: str | None
    url: str
    due: str

    def payload(self) -> dict[str, Any]:
        return {name: value for name, value in super().payload().items() if name != "url"}


@dataclass(frozen=True, kw_only=True)
class PartnerAsked(_Asking):
    """Somebody was asked three questions."""

    kind: ClassVar[str] = "assessments.partner_asked"


@dataclass(frozen=True, kw_only=True)
class PartnerReminded(_Asking):
    """They were asked once more."""

    kind: ClassVar[str] = "assessments.partner_reminded"


@dataclass(frozen=True, kw_only=True)
class QuestionsRecalled(Event):
    kind: ClassVar[str] = "assessments.questions_recalled"


@dataclass(frozen=True, kw_only=True)
class QuestionsAnswered(Event):
    """`owner_user`, who asked, is told; where the words suggest `harm`, the family's team too."""

    kind: ClassVar[str] = "assessments.questions_answered"
    family_ref: str
    organisation: str
    owner_user: int | None
    team_id: int | None
    harm: bool


@dataclass(frozen=True, kw_only=True)
class QuestionsNotSent(Event):
    """The mail with the link was given up: whoever asked is told to ring."""

    kind: ClassVar[str] = "assessments.questions_not_sent"
    family_ref: str
    organisation: str
    owner_user: int | None
