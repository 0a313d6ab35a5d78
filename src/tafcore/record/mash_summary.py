"""What MASH is told of a family for an enquiry: whether early help is open, who leads and helps, each child's level and
when they were last seen. Nothing else of the record is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tafcore.actor import Actor
from tafcore.assessments import reading as assessments
from tafcore.episodes import reading as episodes
from tafcore.episodes import rules as episode_rules
from tafcore.episodes.helping import HELP_FACTS, PLACE_FACTS
from tafcore.families.access import FamilyView, summary_view
from tafcore.families.pages import as_shown
from tafcore.record.reading import Helper, helpers_of
from tafcore.sharing.mash_reading import CheckView
from tafcore.sharing.reading import covered_facts
from tafcore.standards.clock import london_day

AREAS = frozenset({"helpers", "visits"})
PURPOSE = "record.mash_check"


@dataclass(frozen=True)
class ChildLine:
    """One child: level in words, and the day on which they were last seen face to face."""

    name_age: str
    level: str
    seen: date | None
    seen_known: bool


@dataclass(frozen=True)
class Summary:
    """All that the summary shows. `covered`: who helps stays unsaid on this screen, to keep somebody safe."""

    view: FamilyView
    open_since: datetime | None
    closing: bool
    closed_at: datetime | None
    gap_since: datetime | None
    helpers: tuple[Helper, ...]
    covered: bool
    children: tuple[ChildLine, ...]


def summary_of(check: CheckView, actor: Actor) -> Summary:
    """The summary of the family of a check that is open to the actor; its opening is put on record."""
    view = as_shown(summary_view(check.family_id, actor, PURPOSE, "MASH check", AREAS))
    episode, covered = episodes.episode_of(view), covered_facts(view)
    goes_on = episode is not None and episode.state != "closed"
    seen = assessments.children_seen(view)
    children = []
    for child in view.children:
        level = episode.levels.get(child.id) if episode and goes_on else None
        words = (episode_rules.LEVELS[level.level] if view.shared else level.words.capitalize()) if level else ""
        last = seen.get(child.id)
        at = last.last_seen if last else None
        hidden = bool(child.hidden & PLACE_FACTS)
        children.append(ChildLine(child.name_age, words, london_day(at) if at and not hidden else None, not hidden))
    kept = bool(covered & HELP_FACTS)
    return Summary(
        view=view,
        open_since=episode.opened_at if episode and goes_on else None,
        closing=bool(episode and episode.state == "closing"),
        closed_at=episode.closed_at if episode and not goes_on else None,
        gap_since=episode.gap_since if episode and goes_on else None,
        helpers=() if kept else tuple(helpers_of(episode, view, covered)),
        covered=kept,
        children=tuple(children),
    )
