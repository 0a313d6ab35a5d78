"""The family page, put together from every feature as far as a FamilyView lets it.

Each part asks the feature that owns it, a fixed number of statements each, whatever the family's size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.assessments import reading as assessments
from tafcore.assessments.reading import SeenView, VoiceView
from tafcore.assessments.trends import in_short, readings_of
from tafcore.assessments.whole import clock_of
from tafcore.db import rows_of, utcnow
from tafcore.episodes import away
from tafcore.episodes import reading as episodes
from tafcore.episodes import rules as episode_rules
from tafcore.episodes.helping import HELP_FACTS, PLACE_FACTS
from tafcore.episodes.households import HouseholdView, households_of
from tafcore.episodes.models import Oversight
from tafcore.episodes.reading import EpisodeView, LevelView, MemberView, NoteView, OversightView
from tafcore.families.access import FamilyView, PersonView
from tafcore.links import path
from tafcore.meetings import agenda
from tafcore.meetings import reading as meetings
from tafcore.plans import reading as plans
from tafcore.plans.outline import PlanOutline, outline_of
from tafcore.plans.reading import CoverView
from tafcore.record.chronology import News, news
from tafcore.record.one_family import OtherRecord, other_records
from tafcore.sharing.reading import AgreementView, agreements_of, covered_facts
from tafcore.standards import service as standards
from tafcore.standards.clock import london_day
from tafcore.standards.words import day
from tafcore.trail import service as trail

NAMERS = frozenset({"manage", "triage"})
REVIEWS_AHEAD = timedelta(days=28)
"""How long before its review an agreement is spoken of."""
PAGE = "record.family"
"""How the trail calls an opening of this page."""
VISITORS = frozenset({"lead", "team", "manage"})
CLOSE = frozenset({"lead", "team", "manage", "mash"})
"""Who hears what a drift rule says; a sector that sees one child does not."""


@dataclass(frozen=True)
class Helper:
    """Somebody who helps: shown with a number to ring."""

    role: str
    name: str
    organisation: str = ""
    phone: str | None = None
    note: str = ""
    note_phone: str | None = None
    member_id: int | None = None
    knows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verb:
    """Something to do about it, and where."""

    text: str
    href: str


@dataclass(frozen=True)
class Clock:
    """A date to keep: said with how far away or how late it is."""

    name: str
    due: date
    note: str = ""
    verb: Verb | None = None


@dataclass(frozen=True)
class ChildCard:
    """What is known of one child at a glance."""

    person: PersonView
    level: LevelView | None
    in_episode: bool
    cover: CoverView | None
    seen: SeenView | None
    voice: VoiceView | None
    scales: str
    told: bool

    @property
    def seen_words(self) -> str:
        """`3 Nov, school, alone`."""
        if self.seen is None or self.seen.last_seen is None:
            return "Not seen yet"
        how = {True: "alone", False: "with others", None: ""}[self.seen.alone]
        said = (day(london_day(self.seen.last_seen), london_day(utcnow())), self.seen.where.lower(), how)
        return ", ".join(part for part in said if part)

    @property
    def level_words(self) -> str:
        """What help it is; with the number of the level only where no family member may be looking."""
        if self.level is None:
            return ""
        return self.level.words.capitalize() if self.told else episode_rules.LEVELS[self.level.level]


@dataclass(frozen=True)
class FamilyPage:
    """Everything the family page shows, in the order it shows it."""

    episode: EpisodeView | None
    homes: tuple[str, ...]
    agreed: tuple[str, ...]
    helpers: tuple[Helper, ...]
    helpers_covered: bool
    clocks: tuple[Clock, ...]
    children: tuple[ChildCard, ...]
    plan_words: str
    drift: tuple[str, ...]
    notes: tuple[NoteView, ...]
    oversight: tuple[OversightView, ...]
    others: Sequence[OtherRecord]
    news: News | None
    households: tuple[HouseholdView, ...]


def family_page(view: FamilyView, actor: Actor) -> FamilyPage:
    """The family page for `actor`, from a view of theirs."""
    episode = episodes.episode_of(view)
    agreements = agreements_of(view)
    covered = covered_facts(view)
    plan = outline_of(view)
    seen = assessments.children_seen(view)
    return FamilyPage(
        episode=episode,
        homes=tuple(_homes(view)),
        agreed=tuple(_agreed(agreements)),
        helpers=() if covered & HELP_FACTS or not view.may("helpers") else tuple(helpers_of(episode, view, covered)),
        helpers_covered=bool(covered & HELP_FACTS),
        clocks=tuple(sorted(_clocks(view, episode, agreements, seen, covered), key=lambda one: _day(one.due))),
        children=tuple(_children(view, actor, episode, plan, seen)),
        plan_words=plan_words(plan),
        drift=tuple(_drift(view)),
        notes=() if view.shared else episodes.notes_of(view, 5),
        oversight=episodes.oversight_of(view, 5),
        others=other_records(view, actor),
        news=_news(view, actor),
        households=_apart(view),
    )


def _news(view: FamilyView, actor: Actor) -> News | None:
    """What is new since this actor looked last; None where nothing is, or they never did."""
    since = trail.looked_before(actor, view.id, PAGE) if view.may("chronology") else None
    found = news(view, actor, since) if since else None
    return found if found and found.lines else None


def _apart(view: FamilyView) -> tuple[HouseholdView, ...]:
    """The households, where there is more than one that may be told."""
    found = households_of(view) if view.may("people") else ()
    return found if any(one.linked for one in found) else ()


def _homes(view: FamilyView) -> Iterable[str]:
    """`Temporary accommodation since Tue 11 Aug`: said once where the whole family shares it."""
    said = {"temporary": "Temporary accommodation", "none": "No fixed address", "refuge": "In a refuge"}
    kinds = dict.fromkeys((person.address_kind, person.address_since) for person in view.people)
    for kind, since in kinds:
        if kind in said:
            yield said[kind] + (f" since {since.day} {since:%b %Y}" if since else "")


def _agreed(agreements: Sequence[AgreementView] | None) -> Iterable[str]:
    """`Agreed: Mother, Jack` and so on, each state with those who are in it."""
    if agreements is None:
        return
    for status, words in (
        ("agreed", "Agreed"),
        ("withdrawn", "Withdrawn"),
        ("not_now", "Not now"),
        ("not_asked", "Not asked"),
    ):
        names = [one.person.forename for one in agreements if one.status == status and not one.covered]
        if names:
            yield f"{words}: {', '.join(names)}"
    if not any(one.status for one in agreements):
        yield "No agreement recorded yet"


def helpers_of(episode: EpisodeView | None, view: FamilyView, covered: frozenset[str]) -> Iterable[Helper]:
    """The lead professional first, then the team, each with the least that this screen must keep taken away."""
    if episode is None or episode.state == "closed":
        return
    lead = episode.lead
    everybody = []
    if lead is not None and lead.accepted:
        note = f"When away: {lead.cover}" if lead.cover else "Nobody covers when they are away"
        cover_phone = lead.cover_phone if lead.cover else None
        everybody.append(Helper("Lead professional", lead.name, lead.organisation, lead.phone, note, cover_phone))
    elif lead is not None:
        everybody.append(Helper("Asked to be the lead professional", lead.name, lead.organisation, lead.phone))
    for one in episode.team:
        if lead is None or one.user_id is None or one.user_id != lead.user_id:
            everybody.append(_member(one, view))
    told = not covered & PLACE_FACTS
    yield from everybody if told else (Helper("Helper", helper.name) for helper in everybody)


def _member(one: MemberView, view: FamilyView) -> Helper:
    when = ", ".join(part for part in (one.away, one.cover) if part)
    note = ". ".join(part for part in (one.sees, f"When away: {when}" if when else "") if part)
    knows = tuple(name for child in one.children if (name := _forename(view, child)))
    return Helper(one.role, one.name, one.organisation, one.phone, note, member_id=one.id, knows=knows)


def _forename(view: FamilyView, person_id: int) -> str:
    person = view.seen(person_id)
    return person.forename if person else ""


def _day(due: date) -> date:
    return london_day(due) if isinstance(due, datetime) else due


def _clocks(
    view: FamilyView,
    episode: EpisodeView | None,
    agreements: Sequence[AgreementView] | None,
    seen: Mapping[int, SeenView],
    covered: frozenset[str],
) -> Iterable[Clock]:
    if episode is None or episode.state == "closed":
        return
    if episode.gap_due is not None:
        naming = Verb("Name one", path("episodes.nominate", family_ref=view.ref))
        asked = f"{episode.lead.name} has been asked" if episode.lead and not covered & HELP_FACTS else ""
        yield Clock("Lead professional named", episode.gap_due, asked, naming if view.scopes & NAMERS else None)
    if not covered & PLACE_FACTS:
        yield from _schools_out(view, episode)
    if view.may("meetings") and not covered & PLACE_FACTS:
        yield from _meeting(view, episode)
    if view.may("assessment") and not covered & HELP_FACTS:
        yield from _assessment(view, episode)
    visit = Verb("Record a visit", path("assessments.record_visit", family_ref=view.ref))
    for child in view.children:
        one = seen.get(child.id)
        if one is not None and one.due is not None:
            yield Clock(f"{child.forename} seen", one.due, one.why_not, visit if view.scopes & VISITORS else None)
    if "manage" in view.scopes and not view.shared:
        yield from _oversight(view, episode)
    soon = london_day(utcnow() + REVIEWS_AHEAD)
    if agreements is not None and not view.shared:
        for answer in agreements:
            if answer.agreed and answer.person.died is None and answer.review_on and answer.review_on <= soon:
                look = Verb("Review", path("sharing.agreement", family_ref=view.ref, person=answer.person.ref))
                may = view.scopes & {"lead", "manage", "triage"}
                yield Clock(
                    f"{answer.person.forename}'s agreement reviewed", answer.review_on, "", look if may else None
                )


_LAST_DECISIONS = (
    select(Oversight.person_id, func.max(Oversight.at))
    .where(Oversight.family_id == bindparam("family"), Oversight.at >= bindparam("since"))
    .group_by(Oversight.person_id)
)


def _oversight(view: FamilyView, episode: EpisodeView) -> Iterable[Clock]:
    """When a manager's decision for each child is due again: monthly while early help is open."""
    last: dict[int, datetime] = {}
    for person_id, at in rows_of(_LAST_DECISIONS, family=view.id, since=episode.opened_at):
        child_id = view.own(person_id)
        last[child_id] = max(at, last.get(child_id, at))
    due: dict[datetime, list[str]] = {}
    for child in view.living_children:
        if child.id in episode.children:
            when = standards.due("oversight", last.get(child.id, episode.opened_at))
            due.setdefault(when, []).append(child.forename)
    decide = Verb("Decide", path("episodes.oversee", family_ref=view.ref))
    yield from (Clock(f"Manager's decision for {', '.join(names)}", when, "", decide) for when, names in due.items())


def _assessment(view: FamilyView, episode: EpisodeView) -> Iterable[Clock]:
    clock = clock_of(view, episode.id, episode.opened_at)
    if clock is not None:
        due, standing = clock
        verb = Verb("Open", path("assessments.assessment", family_ref=view.ref))
        yield Clock("Early Help Assessment", due, standing, verb)


def _schools_out(view: FamilyView, episode: EpisodeView) -> Iterable[Clock]:
    """The school holidays of whoever leads: who is there meanwhile."""
    found, lead = away.near(episode.lead), episode.lead
    if found is None or lead is None:
        return
    one, today = found.holiday, london_day(utcnow())
    begun = one.first <= today
    who = f"{lead.cover} covers" if lead.cover else "nobody covers"
    if lead.cover and not found.covered:
        who += ", and is away too"
    until = f"{lead.name} is away{'' if begun else f' until {day(one.last, today)}'}: "
    change = Verb("Name a cover", path("episodes.name_cover", family_ref=view.ref))
    may = bool(view.scopes & {"lead", "manage"}) and not found.covered
    words = "School opens again" if begun else f"School closes, {one.name}"
    yield Clock(words, one.last if begun else one.first, f"{until}{who}", change if may else None)


def _in_holiday(episode: EpisodeView, due: date, note: str) -> str:
    """A note to a date that lies in the school holidays of whoever leads."""
    found = away.in_holiday(episode.lead, _day(due))
    where = f"in the {found.name}" if found else ""
    return ", ".join(part for part in (note, where) if part)


def _meeting(view: FamilyView, episode: EpisodeView) -> Iterable[Clock]:
    may = bool(view.scopes & {"lead", "manage"})
    one = agenda.waiting_for(view.id)
    coming = meetings.next_meeting(view) if one else None
    if coming is not None:
        where = _in_holiday(episode, coming.starts_at, coming.place or "")
        what = f"Meeting, {coming.household}" if coming.household else "TAF meeting"
        yield Clock(what, coming.starts_at, where, Verb("Open", path("meetings.page", ref=coming.ref)))
    elif one is not None and one.arranged is None:
        what = "First TAF meeting" if one.first else "TAF review"
        verb = Verb("Schedule", path("meetings.schedule_page", family_ref=view.ref)) if may else None
        yield Clock(what, one.due, _in_holiday(episode, one.due, "none is arranged"), verb)


def _children(
    view: FamilyView, actor: Actor, episode: EpisodeView | None, plan: PlanOutline | None, seen: Mapping[int, SeenView]
) -> Iterable[ChildCard]:
    covers = {one.ref: one for one in plans.cover(view, plan)} if view.may("plan") else {}
    said = assessments.voices(view, actor)
    last, scales = assessments.last_said(said), in_short(readings_of(view, said))
    for child in view.children:
        yield ChildCard(
            person=child,
            level=episode.levels.get(child.id) if episode else None,
            in_episode=bool(episode and child.id in episode.children),
            cover=covers.get(child.ref),
            seen=seen.get(child.id),
            voice=last.get(child.id),
            scales=scales.get(child.id, ""),
            told=not view.shared,
        )


def plan_words(plan: PlanOutline | None) -> str:
    """`4 goals: 1 met, 2 better, 1 same`; empty where there is no plan to show."""
    if plan is None:
        return ""
    rated = [goal.rating.lower() for goal in plan.goals if goal.rating]
    counts = [f"{rated.count(word)} {word}" for word in dict.fromkeys(sorted(rated))]
    goals = f"{len(plan.goals)} goal{'' if len(plan.goals) == 1 else 's'}"
    return f"{goals}: {', '.join(counts)}" if counts else goals


def _drift(view: FamilyView) -> Iterable[str]:
    """What drift rules say; never on a screen the family may see."""
    if view.shared or not view.scopes & CLOSE:
        return
    now = utcnow()
    said = (sentence for rule in hooks.drift_rules() for _, sentence in rule.find(now, [view.id]))
    yield from dict.fromkeys(said)
