"""How fast a file of contacts comes in, and how long others wait meanwhile: `python -m benchmarks.importing`.

ROWS=20000 FAMILIES=300 DATABASES=sqlite,postgresql, all optional. The borough is that of `make bench`; each run brings
in contacts that no run before invented. On SQLite, which has one writer at a time, somebody else asks ten times a
second for the right to write, and how long they waited is part of the figure.
"""

from __future__ import annotations

import csv
import itertools
import os
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread

from flask import Flask

from benchmarks.boroughs import KEPT, opened, url_of
from benchmarks.people import TODAY, town
from tafcore import hooks
from tafcore.actor import Actor
from tafcore.imports import headings, service, sheets
from tafcore.permissions import known

REFERRERS = ("the school nurse", "a class teacher", "the welfare officer", "a nursery")
WORRIES = ("Missed much school since September", "The flat is cold and damp", "Does not sleep", "Rent is behind")


def rows(number: int, seed: int) -> Iterator[dict[str, str]]:
    """So many contacts, each about a child and most about a parent, as a school office writes them."""
    rng, adult = random.Random(seed), None
    for one in town(number * 4, seed):
        if one.born is None or TODAY.year - one.born.year >= 18:
            adult = one
            continue
        row = {
            "source": "2A",
            "referrer_name": f"{rng.choice(REFERRERS)} {rng.randrange(500)}",
            "referrer_organisation": f"School {rng.randrange(90)}",
            "received": f"{rng.randint(1, 28)}/{rng.randint(1, 10)}/2026",
            "child_forename": one.forename,
            "child_surname": one.surname,
            "child_born": f"{one.born:%d/%m/%Y}",
            "child_sex": one.sex,
            "address": one.address,
            "postcode": one.postcode.replace("QX", "ZX", 1),  # nobody's either, and shaped like one
            "worries": rng.choice(WORRIES),
            "wants": "Somebody to talk to",
            "safe_how": "Ring after three",
        }
        if adult is not None and adult.address == one.address:
            row |= {"adult_forename": adult.forename, "adult_surname": adult.surname, "adult_role": "carer"}
            row["adult_phone"] = f"020 7946 0{rng.randrange(1000):03}"
        yield row


def write(file: Path, number: int, seed: int) -> None:
    made = list(itertools.islice(rows(number, seed), number))
    with file.open("w", newline="", encoding="utf-8") as out:
        lines = csv.DictWriter(out, list(dict.fromkeys(name for row in made for name in row)))
        lines.writeheader()
        lines.writerows(made)


@contextmanager
def quiet(label: str, length: int) -> Iterator[Callable[[int], None]]:
    begun = time.perf_counter()
    yield lambda _done: None
    print(f"  {label} {length:,}: {time.perf_counter() - begun:.1f} s", file=sys.stderr, flush=True)


@contextmanager
def somebody_else(path: str, waited: list[float]) -> Iterator[None]:
    """Meanwhile asks for SQLite's right to write, ten times a second; `waited` is told how long that took."""
    done = Event()

    def ask() -> None:
        other = sqlite3.connect(path, timeout=30, isolation_level=None)
        while not done.wait(0.1):
            begun = time.perf_counter()
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            waited.append(time.perf_counter() - begun)
        other.close()

    asking = Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        done.set()
        asking.join()


def bring_in(app: Flask, file: Path) -> tuple[int, float, float]:
    """Rows kept, seconds, and seconds of CPU."""
    with app.app_context():
        chosen = next(one for one in hooks.imports() if one.name == "contacts")
        who = Actor("importer", None, "Benchmark", permissions=frozenset(known(app)))
        begun, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
        table = headings.table(sheets.sheets(file), chosen, {})
        done = service.bring_in(chosen, table.rows, who, quiet)
        if done.problems:
            raise RuntimeError(f"Refused: {done.problems[:3]}")
        took = time.perf_counter() - begun
        return done.kept, took, resource.getrusage(resource.RUSAGE_SELF).ru_utime - cpu


def main() -> None:
    number, families = int(os.environ.get("ROWS") or 20_000), int(os.environ.get("FAMILIES") or 300)
    for database in (os.environ.get("DATABASES") or "sqlite").split(","):
        url = url_of(database, families, KEPT)
        with opened(url, families, KEPT) as app, tempfile.TemporaryDirectory() as folder:
            file, waited = Path(folder) / "contacts.csv", list[float]()
            write(file, number, seed=time.time_ns() % 1_000_000_007)
            path = app.extensions["tafcore.database"].engine.url.database or ""
            with somebody_else(path, waited) if database == "sqlite" else nullcontext():
                kept, took, cpu = bring_in(app, file)
        print(
            f"{database}, {families:,} families: {kept:,} contacts in {took:.0f} s, {cpu / kept * 1000:.1f} ms CPU each"
        )
        if len(waited) > 20:
            centiles = quantiles(waited, n=100)
            most = max(waited)
            print(
                f"  others waited to write: half {centiles[49] * 1000:.0f} ms, p95 {centiles[94] * 1000:.0f} ms,",
                end=" ",
            )
            print(f"longest {most * 1000:.0f} ms")


if __name__ == "__main__":
    main()
