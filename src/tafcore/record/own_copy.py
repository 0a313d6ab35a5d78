"""Somebody's own copy of what a meeting agreed, to print or to read: what their own page tells, and the decisions.

Paper lies about and files are kept: a copy holds no words that a child keeps from a parent, not even the child's own.
What a copy says is one list of sections, which the PDF and the page lay out alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tafcore import typeset
from tafcore.db import utcnow
from tafcore.episodes.shares import share_of
from tafcore.families.access import FamilyView, PersonView
from tafcore.meetings import copies
from tafcore.meetings.models import Meeting
from tafcore.phrases import Phrases
from tafcore.record.own_page import OwnAction, OwnPage, Said, page_of
from tafcore.record.own_rules import plain
from tafcore.standards import words as standard_words
from tafcore.standards.clock import in_london, london_day
from tafcore.work import NotFound

SHEET = Path(__file__).parent / "own_copy.typ"
FILE = "copy.pdf"
NORMAL, BIG = 12, 18
"""Points: what leaflets in plain words are set in, and what clear print asks for people who see badly."""

_GAP = re.compile(r"{\w+}")

Run = str | Mapping[str, str]
"""Fixed words; or, under `free`, what people wrote; or fixed words said with weight, under `strong`."""
Line = Sequence[Run]


@dataclass(frozen=True)
class OwnCopy:
    """What one person's copy of a meeting's record holds. `own` is what their page tells; `said` may be on paper.

    `meets`: when they meet next is told at all; before others who may not know of it, it is neither told nor denied.
    """

    own: OwnPage
    held: datetime
    today: date
    agreed: tuple[str, ...]
    said: tuple[Said, ...]
    withheld: int
    meets: bool = True


def copy_of(view: FamilyView, meeting: Meeting, person: PersonView) -> OwnCopy:
    """The copy of one person; NotFound where the record is not for them. On a screen that others see it is cut to what
    they may have too."""
    if person not in copies.whom(view, meeting):
        raise NotFound
    alone = view.audience <= frozenset(person.records)
    view = view.before(view.audience | frozenset(person.records))
    own = page_of(view, person.id)
    decided = () if view.covered else copies.agreed(view, meeting)
    share = share_of(view, person)
    whole = share.whole or (bool(decided) and copies.took_part(meeting, person))  # they agreed to it with the others
    decided = tuple(one for one in decided if (whole if one.person_id is None else share.has(one.person_id)))
    said = own.said if not person.is_child else own.said_you if alone else ()
    return OwnCopy(
        own=own,
        held=meeting.starts_at,
        today=london_day(utcnow()),
        agreed=tuple(one.words for one in decided if plain(one.words)),
        said=tuple(one for one in said if not one.kept),
        withheld=own.withheld + sum(not plain(one.words) for one in decided),
        meets=alone or not view.covered,
    )


def pdf_of(copy: OwnCopy, words: Phrases, big: bool) -> bytes:
    """The copy as a tagged PDF whose title and name say nothing of whose or what it is."""
    return typeset.pdf(SHEET, {**sheet_of(copy, words), "points": BIG if big else NORMAL})


def sheet_of(copy: OwnCopy, words: Phrases) -> dict[str, Any]:
    """The copy in the words of a language, laid out by `own_copy.typ` and `own/_copy.html`."""
    notes = [] if words.checked else [words("unchecked")]
    notes += [] if words.english else [words("untranslated")]
    notes += [words("withheld")] if copy.withheld else []
    return {
        "title": words("copy"),
        "heading": words("plan"),
        "lang": words.code,
        "dir": words.dir,
        "page": words("page_no", page="{page}", pages="{pages}"),
        "head": [told(words, "copy_for", copy.own.name), [words("as_of", day=_day(words, copy.today))]],
        "notes": notes,
        "boxes": {"open": words("to_do"), "done": words("done")},
        "sections": [one for one in _sections(copy, words) if one["parts"]],
    }


def say_day(words: Phrases, value: date) -> str:
    """A day as a table says it: English in words, every other language in figures."""
    return standard_words.day(value, london_day(utcnow())) if words.english else words.day(value)


def say_moment(words: Phrases, value: datetime) -> str:
    today = london_day(utcnow())
    return standard_words.day_time(value, today) if words.english else words.day_time(in_london(value))


def _day(words: Phrases, value: date) -> str:
    """The same in one piece: no line ends within a date."""
    return say_day(words, value).replace(" ", "\u00a0")


def free(text: str) -> Mapping[str, str]:
    return {"free": text}


def told(words: Phrases, phrase: str, value: str) -> Line:
    """A phrase with what people wrote in its one gap."""
    before, after = _GAP.split(words.phrases[phrase])
    return [part for part in (before, free(value), after) if part]


def _sections(copy: OwnCopy, words: Phrases) -> Iterator[dict[str, Any]]:
    own = copy.own
    agreed = [[free(one)] for one in copy.agreed]
    title = words("agreed", day=_day(words, in_london(copy.held).date()))
    yield _section(title, *([{"kind": "list", "lines": agreed}] if agreed else []))
    ticks = [{"done": one.state == "done", "line": _action(one, words)} for one in own.mine]
    mine = {"kind": "ticks", "lines": ticks} if ticks else _line(words("yours_none"))
    yield _section(words("yours"), mine)
    yield _section(words("all"), *([] if own.there else [_line(words("no_plan"))]), *_goals(own, words))
    young = own.young
    yield _section(words("said_you" if young else "said"), *(part for one in copy.said for part in _quote(one, words)))
    yield _section(words("next"), *(_next(own, words) if copy.meets else ()))
    yield _section(words("ring"), *_ring(own, words))
    yield _section(words("not_right"), _line(words("not_right_how")), {"kind": "space"})


def _section(title: str, *parts: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": title, "parts": parts}


def _line(*runs: Run) -> Mapping[str, Any]:
    return {"kind": "line", "line": runs}


def _action(one: OwnAction, words: Phrases) -> Line:
    """What, who (a name; the team; nobody where it is one's own), by when; whether it waits for something, or is done
    (of one's own the box says that)."""
    who: Line = [words("somebody"), ", "] if one.owner is None else [free(one.owner), ", "] if one.owner else []
    state = [f" ({words(one.state)})"] if one.state == "stuck" or (one.state == "done" and one.owner != "") else []
    return [free(one.words), " – ", *who, words("by", day=_day(words, one.due)), *state]


def _goals(own: OwnPage, words: Phrases) -> Iterator[Mapping[str, Any]]:
    for goal in own.goals:
        about = [" (", free(goal.about), ")"] if goal.about else []
        yield {"kind": "goal", "line": [free(goal.words), *about]}
        yield _line(words("goal_by", day=_day(words, goal.due)))
        if goal.actions:
            yield {"kind": "list", "lines": [_action(one, words) for one in goal.actions]}


def _quote(one: Said, words: Phrases) -> Iterator[Mapping[str, Any]]:
    yield _line(free(one.child), ", ", _day(words, one.day))
    if one.words:
        yield {"kind": "quote", "line": [free(one.words)]}
    for phrase, said in one.houses:
        yield {"kind": "quote", "line": [{"strong": words(phrase)}, ": ", free(said)]}
    for done in one.done:
        yield _line(*told(words, "did", done))


def _next(own: OwnPage, words: Phrases) -> Iterator[Mapping[str, Any]]:
    if own.meeting is None:
        yield _line(words("next_none"))
        return
    yield _line({"strong": say_moment(words, own.meeting.at).replace(" ", "\u00a0")})
    if own.meeting.place:
        yield _line(*told(words, "where", own.meeting.place))
    if own.meeting.link:
        yield _line(words("online"))
    if own.meeting.names:
        yield _line(*told(words, "who_comes", "; ".join(own.meeting.names)))
    if own.meeting.interpreter:
        yield _line(words("interpreter"))


def _ring(own: OwnPage, words: Phrases) -> Iterator[Mapping[str, Any]]:
    """The lead professional, who stands in for them by name, and 999."""
    ring = own.ring
    yield _line(free(ring.name) if ring.name else words("somebody"), ": ", free(ring.phone))
    if ring.cover:
        phone: Line = [", ", free(ring.cover_phone)] if ring.cover_phone else []
        yield _line(words("away"), ": ", free(ring.cover), *phone)
    yield _line({"strong": words("danger")})
