"""What a page does, seen from inside: statements, milliseconds in templates, fields; and where its time goes.

`python -m benchmarks.inside family register` prints the profile of these pages at the first of SIZES.
"""

from __future__ import annotations

import cProfile
import itertools
import pstats
import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, before_render_template, template_rendered

from benchmarks.visits import Ask, Visit
from tafcore.testing import counted

FIELD = re.compile(rb"<(?:input|select|textarea)\b")
RENDERED = 15
SECONDS = 5
"""Asked that often for the clock, or for so long: each visit renders a template."""
PROFILED = 30


@dataclass(frozen=True)
class Inside:
    """Of one answer: SQL statements, fields on the page, and the median milliseconds its templates take."""

    statements: int
    fields: int
    render_ms: float


def asked(app: Flask, visit: Visit, ask: Ask) -> bytes:
    """The body of the answer. Raises RuntimeError where its status is not what the visit expects."""
    browser = app.test_client(use_cookies=False)
    answer = browser.open(
        ask.path,
        method=ask.method,
        data=ask.body,
        headers=[*ask.headers, ("User-Agent", "tafcore-bench")],
        environ_base={"REMOTE_ADDR": "127.0.0.1"},
    )
    if answer.status_code != visit.status:
        raise RuntimeError(f"{visit.title} answered {answer.status_code}: {answer.text[:2000]}")
    return answer.data


def look(app: Flask, visit: Visit) -> Inside:
    """Ask twice, the second time counting: the first opening of a record is put on record. Once more for the clock."""
    asks = iter(visit.asks) if visit.once else itertools.cycle(visit.asks)
    first = next(asks)
    asked(app, visit, first)
    with counted(app) as sent:
        body = asked(app, visit, next(asks) if visit.once else first)
    fields = len(FIELD.findall(body))
    if visit.once:
        return Inside(len(sent), fields, 0)
    with _rendering(app) as took:
        begun = time.perf_counter()
        while len(took) < RENDERED and time.perf_counter() - begun < SECONDS:
            asked(app, visit, first)
    return Inside(len(sent), fields, round(statistics.median(took or [0]) * 1000, 2))


USED = 2
"""Asks of a visit made only once each that `look` uses up."""


@contextmanager
def _rendering(app: Flask) -> Iterator[list[float]]:
    """Seconds of each page's outermost template."""
    took: list[float] = []
    begun: list[float] = []

    def begin(_app: Flask, **_: object) -> None:
        begun.append(time.perf_counter())

    def end(_app: Flask, **_: object) -> None:
        seconds = time.perf_counter() - begun.pop()
        if not begun:
            took.append(seconds)

    with before_render_template.connected_to(begin, app), template_rendered.connected_to(end, app):
        yield took


def profiled(app: Flask, visit: Visit, most: int = 45) -> None:
    """Print where the time of a page goes, the dearest first, by the function and all that it calls."""
    asks = iter(visit.asks) if visit.once else itertools.cycle(visit.asks)
    for _ in range(USED):
        asked(app, visit, next(asks))
    profile = cProfile.Profile()
    for ask in itertools.islice(asks, PROFILED):
        profile.enable()
        asked(app, visit, ask)
        profile.disable()
    print(f"\n== {visit.title}: {PROFILED} requests")
    for order in ("cumulative", "tottime"):
        pstats.Stats(profile, stream=sys.stdout).sort_stats(order).print_stats(most)


def main(keys: list[str]) -> None:
    from benchmarks import boroughs, visits
    from benchmarks.__main__ import sizes

    families = sizes()[0]
    url = boroughs.url_of("sqlite", families, boroughs.KEPT)
    with boroughs.opened(url, families, boroughs.KEPT) as app:
        for visit in visits.visits(app, visits.look_around(app), USED + PROFILED):
            if visit.key in keys:
                profiled(app, visit)


if __name__ == "__main__":
    main(sys.argv[1:])
