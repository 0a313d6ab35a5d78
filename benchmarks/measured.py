"""One borough behind one server: each page beside its limit and its peer, round by round."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from benchmarks import inside, visits
from benchmarks.boroughs import say
from benchmarks.load import Order, Took, carried_out
from benchmarks.served import Running, serving
from benchmarks.table import Row
from benchmarks.visits import Ask, Borough, Visit

ROUNDS = 3
WARM = 8
CONNECTIONS = 4
"""As many as keep one process busy; times are taken over one."""
SECONDS = 6
"""Of one page in one round: what takes longer is asked less often, at least FEWEST times."""
FEWEST = 4


@dataclass
class Runner:
    """One page of one program: asked over one connection for its times, over several for its throughput."""

    running: Running
    asks: Iterator[Ask]
    status: int = 200

    def send(self, number: int, connections: int = 1) -> Took:
        messages = [ask.message for ask in itertools.islice(self.asks, number)]
        return carried_out(Order(self.running.port, messages, self.status, connections))


@dataclass
class Series:
    """What a page took in each round."""

    runner: Runner
    alone: list[float]
    a_second: list[float]
    size: int = 0
    used: float = 0
    number: int = 0

    def warm(self, requests: int) -> None:
        """Ask until the program has made what it makes once, and see how often a round can ask."""
        self.runner.send(FEWEST)
        seconds = self.runner.send(WARM - FEWEST).seconds / (WARM - FEWEST)
        self.number = max(FEWEST, min(requests, int(SECONDS / seconds)))

    def round(self) -> None:
        before = self.runner.running.processor_seconds()
        took = self.runner.send(self.number)
        self.alone += took.each
        self.size = took.size
        self.a_second.append(self.runner.send(self.number, CONNECTIONS).a_second)
        self.used += self.runner.running.processor_seconds() - before

    @property
    def processor_ms(self) -> float:
        """Of one request."""
        return round(self.used * 1000 / (2 * len(self.alone)), 2)


def needed(requests: int) -> int:
    """How many asks a run takes of a visit whose asks are made once each."""
    return inside.USED + WARM + 2 * ROUNDS * requests


def measure(
    app: Flask, server: str, url: str, folder: Path, families: int, requests: int
) -> tuple[list[Row], list[dict[str, object]]]:
    """Every page of the borough at `url`: its row, and the memory of each program afterwards."""
    borough = visits.look_around(app)
    pages = visits.visits(app, borough, needed(requests))
    seen = {visit.key: inside.look(app, visit) for visit in pages}
    name = app.extensions["tafcore.database"].engine.dialect.name
    app.extensions["tafcore.database"].dispose()
    with ExitStack() as stack:
        programs = {
            program: stack.enter_context(serving(program, server, url, folder, borough.hub.team_id))
            for program in ("tafcore", "bare", "admin")
        }
        rows = []
        for visit in pages:
            say(f"{server}, {name}, {families:,} families: {visit.title}")
            rows.append(_row(visit, seen[visit.key], programs, borough, (server, name, families), requests))
        memory: list[dict[str, object]] = [
            {"server": server, "database": name, "families": families, "program": program, "megabytes": one.megabytes()}
            for program, one in programs.items()
        ]
    return rows, memory


def _row(
    visit: Visit,
    look: inside.Inside,
    programs: dict[str, Running],
    borough: Borough,
    where: tuple[str, str, int],
    requests: int,
) -> Row:
    asks = iter(visit.asks[inside.USED :]) if visit.once else itertools.cycle(visit.asks)
    ours = Series(Runner(programs["tafcore"], asks, visit.status), [], [])
    limit = Series(Runner(programs["bare"], itertools.cycle(_limit(visit, borough, look.fields))), [], [])
    series = [ours, limit]
    if visit.peer:
        series.append(Series(Runner(programs["admin"], itertools.cycle(_peer(visit, borough))), [], []))
    for one in series:
        one.warm(requests)
    for _ in range(ROUNDS):
        for one in series:
            one.round()
    times = statistics.quantiles(ours.alone, n=20)
    return Row(
        *where,
        visit.key,
        visit.title,
        a_second=round(statistics.median(ours.a_second), 1),
        p50=round(statistics.median(ours.alone) * 1000, 2),
        p95=round(times[-1] * 1000, 2),
        processor_ms=ours.processor_ms,
        statements=look.statements,
        render_ms=look.render_ms,
        kilobytes=round(ours.size / 1024, 1),
        limit=visit.limit,
        limit_a_second=round(statistics.median(limit.a_second), 1),
        limit_processor_ms=limit.processor_ms,
        to_limit=_ratio(ours, limit),
        admin_processor_ms=series[2].processor_ms if visit.peer else None,
        to_admin=_ratio(ours, series[2]) if visit.peer else None,
    )


def _ratio(one: Series, other: Series) -> float:
    """Of throughputs, as they were side by side in each round."""
    return round(statistics.median(a / b for a, b in zip(one.a_second, other.a_second, strict=True)), 3)


def _limit(visit: Visit, borough: Borough, fields: int) -> list[Ask]:
    """The bare application's page of the same kind and about the same size."""
    if visit.limit == "list":
        return [Ask("GET", f"/list?team={borough.hub.team_id}")]
    if visit.limit == "family":
        return [Ask("GET", f"/family?ref={ref}") for ref in borough.families]
    if visit.limit == "form":
        return [Ask("GET", f"/form?fields={fields}")]
    if visit.limit == "sheet":
        return [Ask("GET", "/sheet")]
    return [Ask("POST", "/insert", (("Content-Type", "text/plain"),), visit.asks[0].body)]


def _peer(visit: Visit, borough: Borough) -> list[Ask]:
    """The page of Django's admin."""
    if visit.peer == "list":
        return [Ask("GET", "/admin/benchmarks/contact/")]
    return [Ask("GET", f"/admin/benchmarks/contact/?{urlencode({'q': name})}") for name in borough.surnames]
