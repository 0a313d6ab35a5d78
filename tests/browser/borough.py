"""A demo borough to walk through: made, copied, served on this machine, and entered without the sign-in form."""

from __future__ import annotations

import logging
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import select
from werkzeug.serving import make_server

from tafcore import migrate
from tafcore.accounts import service as accounts
from tafcore.accounts.models import LoginSession, User
from tafcore.app import create_app, owners
from tafcore.db import database, session, writing
from tafcore.demo.build import build
from tafcore.demo.places import DOMAIN, SIGN_INS
from tafcore.notices import worker
from tafcore.standards import service as standards
from tafcore.testing import in_one_file

PASSWORD = "a password for tests"
SEED = 1
NOBODY = "nobody signed in"
EVERYBODY = (*SIGN_INS, NOBODY)
FILE = "tafcore.sqlite"
TIMEOUT = 30_000
"""Milliseconds until a browser gives up: a loaded machine is slow, and a test that passes waits for nothing."""


def make(folder: Path, told: str | None = None) -> Path:
    """Write the demo with one family at each stage into `folder`, or what was `told` (a file); gives its database, in
    one file, after a round of the worker."""
    app = opened(folder)
    if told:
        shutil.copyfile(told, folder / FILE)
    else:
        with app.app_context():
            migrate.upgrade(database().engine, owners(app))
            with writing():
                standards.load_defaults()
        build(app, SEED, PASSWORD, lambda _: None)
    worker.once(app)
    app.extensions["tafcore.database"].dispose()
    in_one_file(folder / FILE)
    return folder / FILE


def copied(made: Path, folder: Path) -> Flask:
    """A borough of its own in `folder`, as it was made."""
    shutil.copyfile(made, folder / FILE)
    return opened(folder)


def opened(folder: Path) -> Flask:
    """The application over the database in `folder`, with its real security switched on."""
    app = create_app(
        {
            "DATABASE_URL": f"sqlite:///{folder / FILE}",
            "INSTANCE": str(folder / "instance"),
            "SECRET_KEY": "for tests",
            "MODE": "demo",
        }
    )
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600  # a browser asks once for each script and style, not on every page
    return app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address where the borough is served."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def entered(
    browser: Browser, app: Flask, address: str, name: str, alone: bool = False, **options: object
) -> BrowserContext:
    """A browser signed in as `name`@demo.example by its cookie alone; further options go to Playwright's context.

    `alone` with the screen they see all they may; otherwise what the family may see too.
    """
    context = browser.new_context(base_url=address, **{"viewport": {"width": 1280, "height": 900}, **options})
    context.set_default_timeout(TIMEOUT)
    if name != NOBODY:
        value = cookie(app, name, alone)
        context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": address}])
    return context


def cookie(app: Flask, name: str, alone: bool = False) -> str:
    """What the browser of somebody who has just signed in holds."""
    token = uuid.uuid4().hex
    with app.app_context(), writing():
        user = session.scalars(select(User).where(User.email == f"{name}@{DOMAIN}")).one()
        session.add(LoginSession(token_hash=accounts.hash_token(token), user_id=user.id))
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update({"_user_id": token, "_fresh": True, "alone": alone})
    return client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
