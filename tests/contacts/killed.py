"""Registers contacts, or brings a file of them in, and is killed again and again. Run by test_contacts_killed.py.

`python killed.py WAY URL KILLS` prints how many contacts were acknowledged, then what was lost or is there twice.
"""

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager

from sqlalchemy import select

from tafcore import create_app, hooks
from tafcore.accounts import service as accounts
from tafcore.actor import Actor
from tafcore.contacts.models import Contact
from tafcore.db import database, session, writing
from tafcore.imports import service as imports
from tafcore.imports.headings import Row
from tafcore.permissions import known

ROWS = 40


def in_lives(app, kills: int, work: Callable[[int], None]) -> list[str]:
    """What processes that do `work` acknowledged before each was killed, at a moment nobody chose."""
    chance = random.Random(7)
    acknowledged: list[str] = []
    for _ in range(kills):
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read_end)
            with app.app_context():
                database().engine.dispose(close=False)
            work(write_end)
            os._exit(0)
        os.close(write_end)
        with os.fdopen(read_end) as lines:
            first = lines.readline()  # nothing is proven by killing what has not begun
            time.sleep(chance.uniform(0, 0.3))
            os.kill(child, signal.SIGKILL)
            found = [first, *lines]
        os.waitpid(child, 0)
        acknowledged += [line.strip() for line in found if line.endswith("\n") and line.strip()]
    return acknowledged


def registering(app, kills: int) -> list[str]:
    """What was answered 201 and is not there."""
    with app.app_context(), writing():
        home = accounts.add_organisation("Elm Row Primary", "school")
        token = accounts.add_token("Partner", home, {"contacts.register", "contacts.read"}, None)

    def work(acknowledge: int) -> None:
        client, number = app.test_client(), 0
        while True:
            key = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{os.getpid()}-{number}"}
            body = {"people": [{"role": "child", "forename": "Jack"}], "wants": "Help", "safe_how": "Ring"}
            answer = client.post("/api/v1/contacts", headers=key, json=body)
            os.write(acknowledge, f"{answer.json['ref']}\n".encode())
            number += 1

    acknowledged = in_lives(app, kills, work)
    with app.app_context():
        there = set(session.scalars(select(Contact.ref)))
    return [str(len(acknowledged)), *(ref for ref in acknowledged if ref not in there)]


def importing(app, kills: int) -> list[str]:
    """Rows of files that are not one contact each, after the last command could end."""
    imports.HELD = imports.PAUSE = 0.005
    wrong, lives = [], 0
    with app.app_context():
        chosen = next(one for one in hooks.imports() if one.name == "contacts")
        who = Actor("importer", None, "Import", permissions=frozenset(known(app)))

    def bring_in(file: int, acknowledge: int | None) -> None:
        told = {"child_forename": "Jack", "safe_how": "Ring"}
        rows = [Row(line, told | {"wants": f"file {file} line {line}"}) for line in range(ROWS)]

        @contextmanager
        def progress(_label: str, _length: int):
            yield lambda _done: None if acknowledge is None else os.write(acknowledge, b"\n")

        with app.app_context():
            imports.bring_in(chosen, rows, who, progress)

    while lives < kills:
        file = lives
        for _ in range(min(3, kills - lives)):
            in_lives(app, 1, lambda acknowledge, file=file: bring_in(file, acknowledge))
            lives += 1
        bring_in(file, None)
        with app.app_context():
            there = Counter(session.scalars(select(Contact.wants).where(Contact.wants.like(f"file {file} line %"))))
        wrong += [f"{file}/{line}" for line in range(ROWS) if there[f"file {file} line {line}"] != 1]
    return [str(lives), *wrong]


if __name__ == "__main__":
    settings = {"SECRET_KEY": "for this test", "DATABASE_URL": sys.argv[2], "MODE": "demo", "TESTING": True}
    print(*{"register": registering, "import": importing}[sys.argv[1]](create_app(settings), int(sys.argv[3])))
