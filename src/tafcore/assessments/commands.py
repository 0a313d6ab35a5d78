"""What can be asked about assessments, visits and children's voices."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from tafcore.assessments import voice_rules
from tafcore.people import identifiers
from tafcore.vocabulary import Command, Line, MaybeLine, MaybeWords, NeededWords, Part, Words

Way = Literal["spoken", "drawing", "three_houses", "interpreter", "written", "observation"]
Audience = Literal["team", "recorder", "parents"]
Asked = Literal["not_asked", "yes", "no", "too_young"]
Scale = Annotated[
    Annotated[int, Field(ge=0, le=10)] | None, BeforeValidator(lambda value: None if value == "" else value)
]
Face = Annotated[
    Annotated[int, Field(ge=1, le=5)] | None, BeforeValidator(lambda value: None if value == "" else value)
]

Email = Annotated[MaybeLine, AfterValidator(lambda value: identifiers.email(value) if value else None)]


class FamilyCommand(Command):
    """Something somebody who works with `family` records about it."""

    permission: ClassVar[str] = "visits.record"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage"})
    family: str


class HeardPart(Part):
    """How a child was heard: words (watched: what was seen), the three houses, a number or a face, who was there.

    `harm` None: nobody has said; what is written is looked at.
    """

    words: MaybeWords = None
    how: Way = "spoken"
    worries: MaybeWords = None
    good: MaybeWords = None
    dreams: MaybeWords = None
    room: MaybeLine = None
    feeling: MaybeLine = None
    scale: Scale = None
    face: Face = None
    harm: bool | None = None

    @property
    def houses(self) -> tuple[str | None, str | None, str | None]:
        """What stands in each of the three."""
        return self.worries, self.good, self.dreams

    @property
    def tells(self) -> bool:
        """Whether anything is written of what the child said, or of what was seen."""
        return any((self.words, *self.houses))

    @property
    def suggests_harm(self) -> bool:
        """Whether it does, in whichever box it stands."""
        return voice_rules.is_harm((self.words, *self.houses, self.feeling), self.harm)


class ChildPart(HeardPart):
    """A child on a visit: seen alone, with others or not and why not; what was noticed, and what the child said."""

    person: str
    seen: Literal["alone", "others", "no"]
    why_not: MaybeWords = None
    observation: MaybeWords = None


class RecordVisit(FamilyCommand):
    """A visit on `day` (empty: today) by the actor, or by somebody named. At home every child is accounted for."""

    day: date | None = None
    venue: Literal["home", "school", "hub", "community", "virtual"]
    by: MaybeLine = None
    children: tuple[ChildPart, ...] = ()
    adults: tuple[str, ...] = ()
    observation: MaybeWords = None


class RecordVoice(FamilyCommand, HeardPart):
    """A child's own words, or what was seen of a child, and who may hear it."""

    person: str
    day: date | None = None
    audience: Audience = "team"
    hearers: tuple[str, ...] = ()
    asked: Asked = "not_asked"
    decided_why: MaybeWords = None


class SetHearing(FamilyCommand):
    """Who may hear an entry from now on, after the child was asked."""

    voice: str
    audience: Audience
    hearers: tuple[str, ...] = ()
    asked: Asked = "not_asked"
    decided_why: MaybeWords = None
    harm: bool | None = None


class RespondToVoice(FamilyCommand):
    """What was done about a child's words; when and how the child was told."""

    voice: str
    words: NeededWords
    told_on: date | None = None
    told_how: MaybeLine = None


class TakeBack(FamilyCommand):
    """A visit or an entry of a child's words (`part`, a reference) was recorded by mistake; it stays on record."""

    part: str
    reason: NeededWords


class Assess(Command):
    """Something done on the assessment of `family` that is being written."""

    permission: ClassVar[str] = "assessments.write"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage"})
    family: str


class StartAssessment(Assess):
    """Begin an assessment; the last one is kept and shown beside it."""

    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})


class SectionPart(Part):
    """A section as its author leaves it. `base` is the version they saw, 0 for none."""

    section: Line
    base: int = Field(default=0, ge=0)
    words: Words = ""
    scale: Scale = None
    withheld_why: MaybeWords = None


class WriteSections(Assess):
    """Sections of a part: `family`, `signs` or a child's reference. Each is saved for itself, or clashes for itself."""

    part: str
    sections: tuple[SectionPart, ...]


class AddAssessedNeed(Assess):
    """A need of `person` (empty: of the whole family), with its outcome code, in the family's words."""

    person: Annotated[str | None, BeforeValidator(lambda value: value or None)] = None
    outcome: int = Field(ge=1, le=10)
    words: NeededWords
    said_by: MaybeLine = None


class EndAssessedNeed(Assess):
    """A need was recorded by mistake; it stays on record."""

    need: str
    reason: NeededWords


class RecordOpinion(Assess):
    """What somebody of the family says of the assessment, and how they signed it."""

    person: str
    agrees: Literal["agree", "partly", "disagree"]
    words: MaybeWords = None
    how: MaybeLine = None


class GapPart(Part):
    """Why something is missing, about a child or the whole family (`person` empty)."""

    person: str = ""
    what: Literal["sections", "voice", "home", "signs", "needs", "opinion"]
    why: MaybeWords = None


class SendAssessment(Assess):
    """The assessment goes to the manager to be signed; whatever is missing has its reason."""

    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    gaps: tuple[GapPart, ...] = ()


class DecideAssessment(Assess):
    """The manager signs the assessment, or returns it with comments."""

    permission: ClassVar[str] = "assessments.sign"
    scopes: ClassVar[frozenset[str]] = frozenset({"manage"})
    decision: Literal["sign", "return"]
    comments: MaybeWords = None


class AskPartners(Assess):
    """Ask those who know `children` three short questions: `members` of the team (ids), and somebody else by name.

    `why` is said where the family did not agree to share with them, or a child must be kept safe.
    """

    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    children: tuple[str, ...] = ()
    members: tuple[int, ...] = ()
    name: MaybeLine = None
    organisation: MaybeLine = None
    sector: MaybeLine = None
    email: Email = None
    due: date | None = None
    why: MaybeWords = None


class RemindPartner(Assess):
    """Ask once more who has not answered (`asked`, a reference); a link is made anew, and the old one opens nothing."""

    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    asked: str


class RecallQuestions(Assess):
    """Somebody need not answer any more; their link opens nothing."""

    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "manage"})
    asked: str


class AnswerPart(Part):
    """What somebody says of one child they were asked about; `child` is its number among those."""

    child: int
    reply: Literal["answer", "unknown", "cannot", ""] = ""
    why: MaybeWords = None
    words: tuple[Words, ...] = Field(default=(), max_length=3)


class AnswerQuestions(Command):
    """Somebody who was asked answers, or adds to what they answered. `asked` and `family` are empty by a link."""

    permission: ClassVar[str] = "assessments.answer"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage"})
    family: str = ""
    asked: str = ""
    children: tuple[AnswerPart, ...] = Field(default=(), max_length=20)
    family_reads: Literal["yes", "no", ""] = ""
    withheld_why: MaybeWords = None
