"""How well and how fast people are matched: `python -m benchmarks.matching [published] [door] [files]`.

published  the linkage set FEBRL 4 of ../shared/data, by `tafcore match`'s own way, beside Splink in the same run
door       one new person against a million on record: look-up and score (DATABASES=sqlite,postgresql)
files      two files of our own invention, of 5,000 and 100,000 people
"""

from __future__ import annotations

import csv
import os
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from typing import Any

from flask import Flask

from benchmarks import peers
from benchmarks.boroughs import KEPT, say, settings, url_of
from benchmarks.people import damaged, town, two_files
from tafcore import migrate
from tafcore.app import create_app, owners
from tafcore.cli.pairs import traits_of
from tafcore.db import database, settle
from tafcore.demo.loading import Loader
from tafcore.folding import fold
from tafcore.matching import files, index, service
from tafcore.matching.evened import evened
from tafcore.matching.rules import PROBABLY, Traits
from tafcore.people.models import Person
from tafcore.references import nth_ref

LINKAGE = Path(__file__).parents[2] / "shared/data/linkage"
COLUMNS = {
    "forename": "given_name", "surname": "surname", "born": "date_of_birth", "postcode": "postcode",
    "address": "address_1", "place": "suburb", "identifier": "soc_sec_id",
}  # fmt: skip
PEOPLE = 1_000_000
NEWCOMERS = 2_000
AT_ONCE = 20_000


def published() -> Iterator[tuple[str, str]]:
    """F1 at 0.5 without and with the identifier, by us and by Splink."""
    if not LINKAGE.exists():
        yield "FEBRL 4", "no ../shared/data/linkage beside the project"
        return
    for name, columns in (("without", _without_identifier()), ("with", COLUMNS)):
        ours, theirs = (_rows(LINKAGE / f"dataset4{which}.csv") for which in "ab")
        begun = time.perf_counter()
        one, other = ([evened(_traits(row, columns)) for row in rows] for rows in (ours, theirs))
        judge = files.learnt(one, other)
        judged = chain.from_iterable(files.pairs(one, other, judge, PROBABLY))
        found = [(ours[a]["rec_id"], theirs[b]["rec_id"]) for a, b, _ in judged]
        took = time.perf_counter() - begun
        yield f"FEBRL 4 {name} identifier", f"F1 {_f1(found, len(ours)):.4f} in {took:.1f} s"
        begun = time.perf_counter()
        splink = peers.splink_pairs(ours, theirs, columns)
        took = time.perf_counter() - begun
        yield f"  Splink, {name}", f"F1 {_f1(splink, len(ours)):.4f} in {took:.1f} s"


def door(people: int = PEOPLE) -> Iterator[tuple[str, str]]:
    """Time and recall of one newcomer against so many people on record, in each of DATABASES."""
    everybody = list(town(people))
    for kind in (os.environ.get("DATABASES") or "sqlite").split(","):
        yield from _newcomers(everybody, kind)


def _newcomers(everybody: Sequence[Traits], kind: str) -> Iterator[tuple[str, str]]:
    people = len(everybody)
    with _on_record(everybody, kind) as app, app.app_context():
        rng = random.Random(2)
        for errors in (0, 1, 2):
            chosen = rng.sample(range(people), NEWCOMERS)
            times, hits = [], 0
            for at in chosen:
                told = damaged(everybody[at], rng, errors)
                begun = time.perf_counter()
                found = service.matches(told, at_least=0)
                times.append(time.perf_counter() - begun)
                hits += at + 1 in found
            p50, p95 = quantiles(times, n=20)[9], quantiles(times, n=20)[18]
            size = f"{errors} errors against {people:,}, {kind}"
            recall = f"recall in the first five {hits / len(chosen):.4f}"
            yield size, f"p50 {p50 * 1000:.2f} ms, p95 {p95 * 1000:.2f} ms, {recall}"


def invented(people: int) -> Iterator[tuple[str, str]]:
    """Two files of so many people each."""
    both = two_files(people)
    begun = time.perf_counter()
    ours, theirs = [evened(one) for one in both.ours], [evened(one) for one in both.theirs]
    judge = files.learnt(ours, theirs)
    found = {(a, b) for some in files.pairs(ours, theirs, judge, PROBABLY) for a, b, _ in some}
    took = time.perf_counter() - begun
    right = sum(a == b for a, b in found)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    f1 = 2 * right / (len(found) + people)
    yield f"{people:,} x {people:,}, families", f"F1 {f1:.4f} in {took:.0f} s, {memory:.0f} MB at most"


def _f1(found: Iterable[tuple[str, str]], people: int) -> float:
    pairs = set(found)
    right = sum(one.split("-")[1] == other.split("-")[1] for one, other in pairs)
    return 2 * right / (len(pairs) + people)


def _without_identifier() -> dict[str, str]:
    return {name: column for name, column in COLUMNS.items() if name != "identifier"}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines, skipinitialspace=True)
        return [{name.strip(): (value or "").strip() for name, value in row.items()} for row in reader]


def _traits(row: dict[str, str], columns: dict[str, str]) -> Traits:
    return traits_of({name: row[column] for name, column in columns.items()})


@contextmanager
def _on_record(everybody: Sequence[Traits], kind: str) -> Iterator[Flask]:
    """An application whose database holds these people, numbered from 1 on; made once and kept."""
    KEPT.mkdir(parents=True, exist_ok=True)
    app = create_app(settings(url_of(kind, f"people-{len(everybody)}", KEPT), KEPT))
    try:
        with app.app_context():
            migrate.upgrade(database().engine, owners(app))
            with Loader(database().engine) as loader:
                done = loader.last()["person"]
                if done < len(everybody):
                    say(f"Putting {len(everybody):,} people on record, once")
                    _put_on_record(loader, everybody, done)
                    settle(database().engine)
        yield app
    finally:
        app.extensions["tafcore.database"].dispose()


def _put_on_record(loader: Loader, everybody: Sequence[Traits], done: int) -> None:
    loader.drop_indexes()
    starts = range(done, len(everybody), AT_ONCE)
    chunks = ((first, everybody[first : first + AT_ONCE]) for first in starts)
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        for rows in pool.map(_as_rows, chunks):
            loader.write(rows, loader.last())
    loader.make_indexes(lambda _done: None)


def _as_rows(chunk: tuple[int, Sequence[Traits]]) -> dict[str, list[tuple[Any, ...]]]:
    """Table -> rows of these people, as the driver takes them."""
    first, people = chunk
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for id_, one in enumerate(people, first + 1):
        values = {
            "id": id_, "ref": nth_ref("P", id_), "forename": one.forename, "surname": one.surname,
            "sort_name": fold(f"{one.surname} {one.forename}"), "born": one.born and one.born.isoformat(),
            "born_precision": "day", "due": one.due and one.due.isoformat(), "sex": one.sex or None, "restricted": 0,
            "created_at": "2026-11-01 00:00:00.000000",
        }  # fmt: skip
        rows["person"].append(tuple(values.get(column.name) for column in Person.__table__.columns))
        for table, many in index.rows_of(id_, [one]).items():
            rows[table] += many
    return rows


PARTS: dict[str, Callable[[], Iterator[tuple[str, str]]]] = {
    "published": published,
    "door": door,
    "files": lambda: chain(invented(5_000), invented(100_000)),
}


def main() -> None:
    """Print each figure as it comes."""
    for part in sys.argv[1:] or PARTS:
        for what, figure in PARTS[part]():
            print(f"{what:<40} {figure}", flush=True)


if __name__ == "__main__":
    main()
