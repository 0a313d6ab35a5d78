"""What somebody reads on their own page: the plan, the next meeting, whom to ring, each as it may be before them alone.

Whoever somebody here must be kept safe from has less: what they do themselves, and nothing that was written of others.
Free text cannot be searched for an address, so it is left out with what it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tafcore.assessments.reading import VoiceView, said_by, voices
from tafcore.episodes.households import contact_of
from tafcore.episodes.reading import EpisodeView, episode_of
from tafcore.episodes.shares import Share, share_of
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.whom import duty_line
from tafcore.meetings.reading import next_with
from tafcore.plans.reading import SOMEBODY, ActionView, PlanView, plan_of
from tafcore.plans.shares import of_share
from tafcore.record.own_rules import plain
from tafcore.record.own_words import WordLine, words_by
from tafcore.work import NotFound


@dataclass(frozen=True)
class OwnAction:
    """An action in short. `owner` is empty for one's own; None where the owner may not be named."""

    ref: str
    words: str
    owner: str | None
    due: date
    state: str


@dataclass(frozen=True)
class OwnGoal:
    """What is to be different, for whom (empty: everybody), and what others do for it."""

    words: str
    about: str
    due: date
    actions: tuple[OwnAction, ...]


@dataclass(frozen=True)
class OwnMeeting:
    """When they meet next, and who comes; no names where somebody here is kept safe from them. What they said to it
    themselves is `reply` and whom they want there."""

    ref: str
    at: datetime
    place: str | None
    link: str | None
    interpreter: bool
    names: tuple[str, ...]
    reply: str
    wants: str


@dataclass(frozen=True)
class Said:
    """A child's words and what was done about them; `houses` where they filled some (a phrase of each, its words).

    `kept`: nobody of the family sees them but that child.
    """

    child: str
    words: str
    day: date
    done: tuple[str, ...]
    kept: bool = False
    houses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Ring:
    """Somebody to ring; without a name it is the team."""

    name: str
    phone: str
    cover: str = ""
    cover_phone: str = ""


@dataclass(frozen=True)
class OwnPage:
    """`there`: there is a plan; `live`: it can be ticked; `withheld`: how many lines wait to be put more clearly."""

    name: str
    young: bool
    there: bool
    live: bool
    mine: tuple[OwnAction, ...]
    goals: tuple[OwnGoal, ...]
    meeting: OwnMeeting | None
    said: tuple[Said, ...]
    said_you: tuple[Said, ...]
    ring: Ring
    told: tuple[WordLine, ...]
    withheld: int


def page_of(view: FamilyView, person_id: int) -> OwnPage:
    """The page of one person. `view` is before them: from their link, or as a worker looks beforehand."""
    person = view.seen(person_id)
    if person is None:
        raise NotFound
    apart = bool(view.covered)
    plan, share = plan_of(view), share_of(view, person)
    actions = _actions(plan, person, apart)
    goals = tuple(_goals(plan, person, share)) if plan and not apart else ()
    written = [*(one.words for one in actions), *(goal.words for goal in goals)]
    written += [one.words for goal in goals for one in goal.actions]
    return OwnPage(
        name=person.forename,
        young=person.is_child,
        there=plan is not None,
        live=plan is not None and plan.live,
        mine=tuple(one for one in actions if plain(one.words)),
        goals=tuple(_plainly(goals)),
        meeting=_meeting(view, person, apart),
        said=tuple(_heard(view, person, share)),
        said_you=tuple(_said(one, one.audience != "parents") for one in said_by(view, person.id))
        if person.is_child
        else (),
        ring=_ring(episode_of(view), view, person),
        told=words_by(view, person.id),
        withheld=sum(not plain(words) for words in written),
    )


def not_plain(plan: PlanView | None) -> tuple[str, ...]:
    """The lines of a plan that no family reads until they are put in other words."""
    if plan is None:
        return ()
    written = [*(goal.words for goal in plan.goals), *(one.words for one in plan.actions)]
    return tuple(words for words in written if not plain(words))


def _mine(one: ActionView, person: PersonView) -> bool:
    return one.owner_person is not None and one.owner_person in {person.ref, *person.refs}


def _actions(plan: PlanView | None, person: PersonView, apart: bool) -> list[OwnAction]:
    """What they said they would do, what is open first."""
    found = [one for one in plan.actions if _mine(one, person)] if plan else []
    found = [one for one in found if one.state != "not_needed"]
    return [_action(one, "") for one in sorted(found, key=lambda one: (not one.open, one.due))]


def _goals(plan: PlanView, person: PersonView, share: Share) -> Iterator[OwnGoal]:
    """What is this person's to read: not, for a young person, what a parent or another child needs; nor, for a parent,
    what is another household's alone, nor what its people do."""
    for need in of_share(plan, share).needs:
        for goal in need.goals:
            others = [one for one in goal.actions if not _mine(one, person) and one.state != "not_needed"]
            others = others if share.whole else [one for one in others if one.owner_person in {None, *share.refs}]
            about = need.about if need.person_id is not None else ""
            yield OwnGoal(goal.words, about, goal.due, tuple(_action(one, one.owner) for one in others))


def _action(one: ActionView, owner: str) -> OwnAction:
    return OwnAction(one.ref, one.words, None if owner == SOMEBODY else owner, one.due, one.state)


def _plainly(goals: Iterable[OwnGoal]) -> Iterator[OwnGoal]:
    """Without the lines that a family may not read as they are."""
    for goal in goals:
        if plain(goal.words):
            actions = tuple(one for one in goal.actions if plain(one.words))
            yield OwnGoal(goal.words, goal.about, goal.due, actions)


def _meeting(view: FamilyView, person: PersonView, apart: bool) -> OwnMeeting | None:
    found = next_with(view, person)
    if found is None:
        return None
    meeting, people = found
    names = () if apart else tuple(one.name for one in people if one.person_id not in person.records)
    link = meeting.link if (meeting.link or "").startswith("https://") else None
    mine = next(one for one in people if one.person_id in person.records)
    return OwnMeeting(
        ref=meeting.ref,
        at=meeting.starts_at,
        place=meeting.place,
        link=link,
        interpreter=bool(meeting.interpreter),
        names=names,
        reply=mine.reply or "",
        wants=mine.wants or "",
    )


def _heard(view: FamilyView, person: PersonView, share: Share) -> Iterator[Said]:
    """What children said, for a parent or carer who may hear it; of a child who is kept safe from them, or is of
    another household alone, nothing."""
    if person.is_child:
        return
    for one in voices(view):
        child = view.seen(one.person_id)
        if child is not None and not child.hidden and share.has(child.id):
            yield _said(one)


def _said(one: VoiceView, kept: bool = False) -> Said:
    done = tuple(each.words for each in one.responses if plain(each.words))
    houses = tuple((f"house_{house.key}", house.words) for house in one.houses)
    return Said(one.child, one.words, one.day, done, kept, houses)


def _ring(episode: EpisodeView | None, view: FamilyView, person: PersonView) -> Ring:
    """Whoever their household rings, else the lead professional, with who covers: for whom their household rings, the
    lead professional where nobody else is named. The team where who helps may not be told."""
    lead = episode.lead if episode is not None and episode.state != "closed" else None
    lead = lead if lead is not None and lead.accepted and "worker" not in view.covered else None
    theirs = contact_of(view, person) if episode is not None and episode.state != "closed" else None
    if theirs is not None:
        who, where, phone, cover = theirs
        named = f"{who}, {where}" if where else who
        if cover or lead is None:
            return Ring(named, phone or duty_line(), cover)
        return Ring(named, phone or duty_line(), lead.name, lead.phone or duty_line())
    if lead is None:
        return Ring("", duty_line())
    name = f"{lead.name}, {lead.organisation}"
    return Ring(name, lead.phone or duty_line(), lead.cover or "", lead.cover_phone or "")
