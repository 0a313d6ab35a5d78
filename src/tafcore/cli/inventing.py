"""`tafcore demo` and `populate`: a borough in which nobody is real."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select

from tafcore import config, serving
from tafcore.accounts import rules
from tafcore.accounts.models import User
from tafcore.cli.installation import make_app, upgrade
from tafcore.db import session
from tafcore.demo import bulk
from tafcore.demo.build import FIRST, build
from tafcore.demo.copies import Kinds
from tafcore.demo.loading import plain_indexes
from tafcore.outcomes import counting

DEMO_DOMAIN = "demo.example"
FAMILIES = 400
MOST = 1_000_000
"""References of one kind are for some 6 million; a family has up to four of a kind."""


@click.command()
@click.option(
    "--families",
    default=FAMILIES,
    show_default=True,
    type=click.IntRange(1),
    help="How many families; at least one at each stage.",
)
@click.option("--seed", default=1, show_default=True, help="Another number makes another borough.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-serve", is_flag=True, help="Load and print the sign-ins, then end.")
@click.option("--reset", is_flag=True, help="Throw the demo's records away and load it anew.")
def demo(families: int, seed: int, port: int, no_serve: bool, reset: bool) -> None:
    """Load a synthetic borough, print its sign-ins and serve it; nobody in it is real.

    Example: tafcore demo --families 200 --port 8001
    """
    begun = time.monotonic()
    password = _settle_on_demo()
    app = make_app()
    try:
        if reset or _half_loaded(app).exists():
            _throw_away(app)
        upgrade(app)
        _load_if_empty(app, families, seed, password)
        _print_sign_ins(app, password)
    finally:
        app.extensions["tafcore.database"].dispose()
    click.echo(f"Ready in {time.monotonic() - begun:.1f} seconds.")
    if not no_serve:
        click.echo(f"Open http://127.0.0.1:{port}  (Ctrl-C ends it)")
        sys.stdout.flush()
        serving.serve("127.0.0.1", port, workers=2)


def _settle_on_demo() -> str:
    """Write mode and password of the demo into the instance's settings once; gives the password."""
    config.ensure_instance(config.instance_folder())
    settings = config.load({"MODE": "demo"})
    file: Path = settings["INSTANCE"] / "config.py"
    written = config.written(file)
    mode = os.environ.get("TAFCORE_MODE") or written.get("MODE", "demo")
    if mode != "demo" or ("MODE" not in written and _holds_records(settings["DATABASE_URL"])):
        raise click.ClickException(
            "This installation is live and takes no invented families; set TAFCORE_INSTANCE to a new folder"
        )
    password: str = settings["DEMO_PASSWORD"] or secrets.token_urlsafe(9)
    lines = {"MODE": "demo", "DEMO_PASSWORD": password}
    with file.open("a", encoding="utf-8") as settings_file:
        settings_file.writelines(f"{name} = {value!r}\n" for name, value in lines.items() if name not in written)
    return password


def _holds_records(url: str) -> bool:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return (
                sa.inspect(connection).has_table(User.__tablename__)
                and connection.scalar(select(User.id).limit(1)) is not None
            )
    finally:
        engine.dispose()


def _throw_away(app: Flask) -> None:
    """Drop every table of every owner; only the demo may."""
    if app.config["MODE"] != "demo":
        raise click.ClickException("Only a demo can be reset; TAFCORE_MODE says this is none")
    engine = app.extensions["tafcore.database"].engine
    metadata = sa.MetaData()
    metadata.reflect(engine)
    plain = sa.create_engine(engine.url)
    metadata.drop_all(plain)
    plain.dispose()
    app.extensions["tafcore.database"].dispose()


def _half_loaded(app: Flask) -> Path:
    """The file that is there while the demo is being loaded; what was interrupted is loaded anew."""
    return Path(app.instance_path) / "loading"


def _load_if_empty(app: Flask, families: int, seed: int, password: str) -> None:
    with app.app_context():
        loaded = session.scalar(select(User.id).limit(1)) is not None
    if loaded:
        return
    _half_loaded(app).touch()
    stories = FIRST + bulk.STORIES
    with click.progressbar(length=stories, label="Telling families' stories", file=sys.stderr) as bar:
        build(app, seed, password, lambda done: bar.update(done - bar.pos))
        made = _kinds(seed, "phone", lambda done: bar.update(FIRST + done - bar.pos))
    _fill(app, made, families, seed)
    with app.app_context():
        counting.keep()  # as the worker does each night: the one at the end of the stories counted those alone
    _half_loaded(app).unlink()


def _kinds(seed: int, reach: bulk.Reach, progress: Callable[[int], None]) -> Kinds:
    """Stories to copy, told in a database of their own that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = make_app(DATABASE_URL=f"sqlite:///{folder}/stories.sqlite", MODE="demo", SMTP_URL=None)
        try:
            upgrade(scratch)
            return bulk.kinds(scratch, seed, reach, progress)
        finally:
            scratch.extensions["tafcore.database"].dispose()


def _fill(app: Flask, made: Kinds, families: int, seed: int) -> None:
    with click.progressbar(length=families, label="Families of the borough", file=sys.stderr) as bar:
        bulk.fill(app, made, families, seed, lambda done: bar.update(min(done, families) - bar.pos))
    with click.progressbar(length=len(plain_indexes()), label="Their indexes", file=sys.stderr) as bar:
        bulk.index(app, lambda done: bar.update(done - bar.pos))


@click.command()
@click.option(
    "--families", required=True, type=click.IntRange(1, MOST), help="How many families there shall be in all."
)
@click.option("--seed", default=1, show_default=True, help="Another number makes other families.")
def populate(families: int, seed: int) -> None:
    """Invent families until there are that many, with years of history; run again, it goes on where it ended.

    For trying the program out at size: only a demo takes invented families.

    Example: tafcore populate --families 60000
    """
    _settle_on_demo()
    app = make_app()
    try:
        upgrade(app)
        with click.progressbar(length=bulk.STORIES, label="Telling families' stories", file=sys.stderr) as bar:
            made = _kinds(seed, "email", lambda done: bar.update(done - bar.pos))
        _fill(app, made, families, seed)
    finally:
        app.extensions["tafcore.database"].dispose()


def _print_sign_ins(app: Flask, password: str) -> None:
    with app.app_context():
        named = select(User).where(User.email.endswith(f"@{DEMO_DOMAIN}"), User.password_hash.is_not(None))
        rows = list(session.scalars(named.order_by(User.id)))
    click.echo(f"Sign in as any of these; the password is {password}")
    for row in rows:
        roles = ", ".join(sorted(rules.ROLES[each.role] for each in row.roles))
        click.echo(f"  {row.email:<32} {row.name}, {row.organisation.name} ({roles})")
