"""Figures as a table to read and as JSON to keep; and which aims they meet."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

KEPT = Path(__file__).resolve().parent / "results"


@dataclass
class Row:
    """One page at one size. Ratios are requests a second to those of the bare page and of Django's, of the same round;
    `growth` is the median time to that at the smallest size of the run. Times in milliseconds; those of the processor
    are what one request costs the process that answers, whoever else is busy on the machine."""

    server: str
    database: str
    families: int
    key: str
    title: str
    a_second: float
    p50: float
    p95: float
    processor_ms: float
    statements: int
    render_ms: float
    kilobytes: float
    limit: str
    limit_a_second: float
    limit_processor_ms: float
    to_limit: float
    admin_processor_ms: float | None = None
    to_admin: float | None = None
    growth: float | None = None


@dataclass(frozen=True)
class Aim:
    """That `figure` of the page `key` is at least, or with `most` at most, `than`."""

    key: str
    figure: str
    than: float
    words: str
    most: bool = False

    def met(self, row: Row) -> bool | None:
        """None where it was not measured."""
        found = getattr(row, self.figure)
        if found is None:
            return None
        return bool(found <= self.than if self.most else found >= self.than)


AIMS = (
    Aim("contacts", "to_limit", 0.5, "Contact list at half the limit's throughput"),
    Aim("family", "to_limit", 0.5, "Family page at half the limit's throughput"),
    Aim("contacts", "to_admin", 8, "Contact list at 8 times Django admin's"),
    Aim("search", "to_admin", 20, "Search at 20 times Django admin's"),
    Aim("form", "render_ms", 2, "Contact form rendered in 2 ms", most=True),
    Aim("copy", "p50", 100, "A family's copy as a PDF in 100 ms", most=True),
    Aim("register", "to_limit", 1 / 3, "Register at a third of a bare insert and commit"),
    *(
        Aim(key, "growth", 1.3, f"{key.capitalize()}: growth at most 1.3", most=True)
        for key in (
            "contacts",
            "search",
            "form",
            "register",
            "families",
            "family",
            "plan",
            "hold",
            "copy",
            "autosave",
            "board",
        )
    ),
)


def grow(rows: list[Row]) -> None:
    """Set each row's growth from the smallest size to its own, where there is more than one size."""
    smallest = min(row.families for row in rows)
    first = {(row.server, row.database, row.key): row.p50 for row in rows if row.families == smallest}
    for row in rows:
        if row.families > smallest:
            row.growth = round(row.p50 / first[row.server, row.database, row.key], 2)


def verdicts(rows: list[Row]) -> list[tuple[str, str, bool]]:
    """(aim, where, whether it is met) for whatever was measured."""
    found = []
    for row in rows:
        for aim in AIMS:
            met = aim.met(row) if aim.key == row.key else None
            if met is not None:
                where = f"{row.server}, {row.database}, {row.families:,}: {getattr(row, aim.figure):.2f}"
                found.append((aim.words, where, met))
    return found


HEAD = (
    "Page", "req/s", "p50 ms", "p95 ms", "CPU ms", "SQL", "render", "KB", "limit", "to limit", "to Django", "growth",
)  # fmt: skip


def as_text(rows: Iterable[Row]) -> str:
    """A table in plain text."""
    lines = [HEAD]
    for row in rows:
        lines.append(
            (
                row.title,
                f"{row.a_second:.0f}",
                f"{row.p50:.1f}",
                f"{row.p95:.1f}",
                f"{row.processor_ms:.1f}",
                str(row.statements),
                f"{row.render_ms:.1f}" if row.render_ms else "",
                f"{row.kilobytes:.0f}",
                row.limit,
                f"{row.to_limit:.2f}",
                f"{row.to_admin:.1f}" if row.to_admin else "",
                f"{row.growth:.2f}" if row.growth else "",
            )
        )
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at in (0, 8) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def new_file(folder: Path = KEPT) -> Path:
    """Where a run is kept: under today's date; a second one of a day gets a number."""
    folder.mkdir(parents=True, exist_ok=True)
    names = (f"{date.today()}{f'-{number}' if number > 1 else ''}.json" for number in range(1, 1000))
    return next(path for name in names if not (path := folder / name).exists())


def keep(file: Path, rows: list[Row], memory: list[dict[str, object]], run: dict[str, object]) -> None:
    """Write what a run has measured so far as JSON."""
    grow(rows)
    machine = {"python": platform.python_version(), "system": platform.system(), "processors": os.cpu_count()}
    aims = [{"aim": words, "where": where, "met": met} for words, where, met in verdicts(rows)]
    told = {"run": {**run, **machine}, "rows": [asdict(row) for row in rows], "memory": memory, "aims": aims}
    file.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
