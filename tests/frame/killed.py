"""Writes until it is killed, again and again, and says which acknowledged writes are gone. Run by test_kill.py.

`python killed.py URL KILLS` prints how many writes were acknowledged, then the names of those that were lost.
"""

import os
import random
import signal
import sys

from sqlalchemy import select

from tafcore import create_app
from tafcore.accounts.models import Neighbourhood
from tafcore.db import database, session, writing


def main(url: str, kills: int) -> int:
    settings = {"SECRET_KEY": "for this test", "DATABASE_URL": url, "MODE": "demo"}
    app = create_app(settings, [])
    chance = random.Random(7)
    acknowledged: list[str] = []
    for number in range(kills):
        acknowledged += _one_life(app, number, chance.randint(1, 25))
    with app.app_context():
        there = set(session.scalars(select(Neighbourhood.name)))
    print(len(acknowledged), *(name for name in acknowledged if name not in there))
    return 0


def _one_life(app, number: int, enough: int) -> list[str]:
    """The writes acknowledged by a process that is killed, in the midst of its work, after `enough` of them."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        _write_for_ever(app, number, write_end)
    os.close(write_end)
    names: list[str] = []
    with os.fdopen(read_end) as lines:
        for line in lines:
            names.append(line.strip())
            if len(names) == enough:
                os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return [name for name in names if name.endswith(".")]


def _write_for_ever(app, number: int, acknowledge: int) -> None:
    turn = 0
    with app.app_context():
        database().engine.dispose(close=False)
        while True:
            name = f"life {number} write {turn}."
            with writing():
                session.add(Neighbourhood(name=name))
            os.write(acknowledge, f"{name}\n".encode())
            turn += 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
