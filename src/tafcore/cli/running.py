"""`tafcore serve`, `work` and `bounces`: what runs, and what is handed to it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from tafcore import migrate, serving
from tafcore.app import owners
from tafcore.cli.installation import make_app, opened
from tafcore.db import database
from tafcore.notices import reports, worker


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that answer.")
@click.option("--worker/--no-worker", default=True, show_default=True, help="Run the background worker beside them.")
def serve(host: str, port: int, workers: int, worker: bool) -> None:
    """Serve pages over HTTP, behind a proxy that speaks HTTPS. Example: tafcore serve --port 8000"""
    with opened() as app:  # a fault of settings or schema is said here, not by every process
        late = migrate.behind(database().engine, owners(app))
    if late:
        raise click.ClickException(f"{', '.join(late)} behind: run `tafcore db upgrade` first")
    serving.serve(host, port, workers, worker)


@click.command()
@click.option("--once", is_flag=True, help="One round of everything that waits, then end.")
@click.option("--while-parent", is_flag=True, hidden=True, help="End when standard input ends.")
def work(once: bool, while_parent: bool) -> None:
    """Run the background worker: sends mail, seals the trail. Example: tafcore work --once"""
    app = make_app()
    try:
        if once:
            worker.once(app)
        else:
            serving.work(app, while_parent)
    finally:
        app.extensions["tafcore.database"].dispose()


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
def bounces(files: tuple[Any, ...]) -> None:
    """Read mail servers' reports of what did not arrive, from mails or mboxes; - is standard input.

    Example: tafcore bounces - < mail.eml
    """
    found: Counter[str] = Counter()
    with opened():
        for file in files:
            found.update(reports.take(raw) for raw in reports.mails_in(file.read()))
    read, failed = found.total(), found["failed"]
    click.echo(f"{read} {'mail' if read == 1 else 'mails'} read, {failed} new {'report' if failed == 1 else 'reports'}")
