"""What each invented family is a copy of, and the rows of many of them, made by as many processes as there are."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Dialect

from tafcore.demo import crowd, invented, stages
from tafcore.demo.capture import Sheet
from tafcore.demo.stencil import Filling, Stencil
from tafcore.people.commands import PersonDetails

ADVISED = 1.35
"""Contacts answered with advice for each that becomes early help: 4,000 contacts, 1,702 assessments a year."""
AHEAD = 2
"""Chunks a process that are under way or wait to be written: what is held in memory."""
HELPED = tuple(stage for stage in stages.STAGES if stage not in stages.NO_FAMILY)

Rows = Mapping[str, Sequence[tuple[Any, ...]]]
"""Table -> rows, values as the driver takes them."""


@dataclass
class Kind:
    """One household at one stage, `days` old, as captured."""

    days: int
    told: tuple[PersonDetails, ...]
    sheet: Sheet

    @cached_property
    def rows(self) -> Counter[str]:
        """How many rows of each table a copy has."""
        return Counter({name: len(rows) for name, rows in self.sheet.items()})

    @cached_property
    def refs(self) -> Counter[str]:
        """How many of them have a reference."""
        return Counter({name: len(rows) for name, rows in self.sheet.items() if rows and "ref" in rows[0]})


@dataclass
class Kinds:
    """Stage -> its kinds; and every word for staff and places in them -> which of crowd.PARTS it is of."""

    stages: dict[str, list[Kind]]
    names: dict[str, crowd.Word]
    staff: dict[tuple[str, int], crowd.Word]


@dataclass(frozen=True)
class Copy:
    """One copy, `weeks` earlier than what it is copied from; `number` makes its people's numbers."""

    kind: Kind
    rng: random.Random
    area: int
    weeks: int
    number: int


@dataclass
class Plan:
    """Which copies a borough is made of, the same ones whenever and wherever it is asked."""

    kinds: Kinds
    areas: Sequence[crowd.Area]
    seed: int
    history: timedelta

    def of(self, number: int) -> Sequence[Copy]:
        """The copies for family `number`: its own, and those of contacts that were answered with advice."""
        rng = random.Random(f"{self.seed}:{number}")
        advised = int(ADVISED) + (rng.random() < ADVISED % 1)
        found = []
        for again, stage_of in enumerate((HELPED, *[stages.NO_FAMILY] * advised)):
            days = rng.randint(min(stages.STAGES[stage] for stage in stage_of), self.history.days)
            stage = max((stage for stage in stage_of if stages.STAGES[stage] <= days), key=stages.STAGES.__getitem__)
            kind = rng.choice(self.kinds.stages[stage])
            weeks = max(0, days - kind.days) // 7
            found.append(Copy(kind, rng, rng.randrange(len(self.areas)), weeks, number * 3 + again))
        return found


@dataclass(frozen=True)
class Chunk:
    """Families that are written together. `base`: table -> id before their first row; `refs`: as many as they need."""

    first: int
    families: int
    base: Mapping[str, int]
    refs: Mapping[str, Sequence[str]]


class Copier:
    """Makes rows; asks no database."""

    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        self.plan = plan
        kinds = plan.kinds
        self._stencils: dict[int, Stencil] = {}
        self._dialect = dialect
        self._cast = lru_cache(None)(lambda area, lead: plan.areas[area].cast(lead, kinds.names, kinds.staff))

    def make(self, chunk: Chunk) -> Rows:
        """Table -> the rows of a chunk's families."""
        made: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        base, refs = dict(chunk.base), {name: iter(many) for name, many in chunk.refs.items()}
        for number in range(chunk.first, chunk.first + chunk.families):
            for copy in self.plan.of(number):
                rng, kind = copy.rng, copy.kind
                people = invented.another(rng, kind.told, copy.weeks, copy.number)
                cast = self._cast(copy.area, rng.randrange(len(self.plan.areas[copy.area].leads)))
                filling = Filling(base, copy.weeks, people, *cast, refs, rng)
                for name, rows in self._stencil_of(kind).set_down(filling).items():
                    made[name] += rows
                for name, count in kind.rows.items():
                    base[name] += count
        return made

    def _stencil_of(self, kind: Kind) -> Stencil:
        if id(kind) not in self._stencils:
            self._stencils[id(kind)] = Stencil(kind.sheet, kind.told, self.plan.kinds.names, self._dialect)
        return self._stencils[id(kind)]


def made_of(copier: Copier, chunks: Iterable[Chunk], processes: int) -> Iterator[tuple[Chunk, Rows]]:
    """Each chunk with its rows, in order; with `processes` made there while earlier ones are written."""
    if not processes:
        yield from ((chunk, copier.make(chunk)) for chunk in chunks)
        return
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), _begin, (copier,))
    waiting: deque[tuple[Chunk, Future[Rows]]] = deque()
    try:
        for chunk in chunks:
            waiting.append((chunk, pool.submit(_make, chunk)))
            if len(waiting) > AHEAD * processes:
                first, rows = waiting.popleft()
                yield first, rows.result()
        for first, rows in waiting:
            yield first, rows.result()
    finally:
        pool.shutdown(cancel_futures=True)


_copier: Copier
"""That of a process which makes rows."""


def _begin(copier: Copier) -> None:
    global _copier
    _copier = copier
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that writes
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """However the parent ends: nobody else tells those it was killed away from."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _make(chunk: Chunk) -> Rows:
    return _copier.make(chunk)
