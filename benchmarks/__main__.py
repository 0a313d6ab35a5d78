"""`make bench`: SIZES=6000,60000 DATABASES=sqlite,postgresql SERVERS=gunicorn,granian REQUESTS=50, all optional."""

from __future__ import annotations

import os
import signal
import sys
from datetime import date

from benchmarks import boroughs, measured, table
from benchmarks.served import SERVERS

SMALLEST = 6000


def sizes() -> list[int]:
    """How many families each borough has, the smallest first."""
    return sorted(int(word) for word in _asked("SIZES", str(SMALLEST)))


def _asked(name: str, default: str, known: tuple[str, ...] = ()) -> list[str]:
    words = [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]
    if unknown := [word for word in words if known and word not in known]:
        sys.exit(f"{name}: {', '.join(unknown)} is none of {', '.join(known)}")
    return words


def main() -> None:
    # Being told to stop must end the servers too, which only an orderly exit does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    databases = _asked("DATABASES", "sqlite,postgresql", ("sqlite", "postgresql"))
    servers = _asked("SERVERS", "gunicorn", tuple(SERVERS))
    requests = int(os.environ.get("REQUESTS") or 50)
    rows: list[table.Row] = []
    memory: list[dict[str, object]] = []
    file = table.new_file()
    run: dict[str, object] = {"on": str(date.today()), "requests": requests}
    for database in databases:
        for families in sizes():
            url = boroughs.url_of(database, families, boroughs.KEPT)
            with boroughs.opened(url, families, boroughs.KEPT) as app:
                run[database] = boroughs.version(app)
                for server in servers:
                    more, used = measured.measure(app, server, url, boroughs.KEPT, families, requests)
                    rows, memory = rows + more, memory + used
                    table.keep(file, rows, memory, run)
    _show(rows, memory)
    print(f"\nKept in {file.relative_to(boroughs.ROOT)}")


def _show(rows: list[table.Row], memory: list[dict[str, object]]) -> None:
    for where in dict.fromkeys((row.server, row.database, row.families) for row in rows):
        server, database, families = where
        print(f"\n{server}, {database}, {families:,} families")
        print(table.as_text(row for row in rows if (row.server, row.database, row.families) == where))
        here = [one for one in memory if (one["server"], one["database"], one["families"]) == where]
        print("Memory of a worker: " + ", ".join(f"{one['program']} {one['megabytes']} MB" for one in here))
    print()
    for words, place, met in table.verdicts(rows):
        print(f"{'met   ' if met else 'MISSED'}  {words}  ({place})")


if __name__ == "__main__":
    main()
