"""The list of all that waits for somebody, to search and to page: my work shows what comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tafcore.actor import Actor
from tafcore.home import reading
from tafcore.home.rules import WAITS, Waiting, answers

PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What somebody asked of the list. `show` is a key of rules.WAITS; `after` how many came before."""

    q: str = ""
    show: str = ""
    after: int = 0


@dataclass(frozen=True)
class Page:
    """A page of what waits, how much answers in all, the names of the families it is about, and after how many the next
    page begins; `after` is 0 where this is the last."""

    rows: tuple[Waiting, ...]
    total: int
    names: Mapping[str, str]
    after: int


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, after = values.get("show", ""), values.get("after", "")
    place = int(after) if after.isascii() and after.isdecimal() and len(after) < 7 else 0
    return Asked(values.get("q", "").strip()[:100], show if show in WAITS else "", place)


def waiting(asked: Asked, actor: Actor, now: datetime) -> Page:
    """What waits for this actor and answers to what was asked, in the order to do it."""
    found = [one for one in reading.waiting_for(actor, now) if asked.show in ("", one.kind)]
    if asked.q:
        named = reading.names((one.ref for one in found), actor)
        found = [one for one in found if answers(asked.q, one.ref, one.words, named.get(one.ref, ""))]
    rows, end = tuple(found[asked.after : asked.after + PAGE]), asked.after + PAGE
    names = reading.names((one.ref for one in rows), actor)
    return Page(rows, len(found), names, end if len(found) > end else 0)
