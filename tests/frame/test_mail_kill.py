"""Mail through a real server, by workers that are killed: none is lost, and one comes twice only if its worker was
killed between the server's acceptance and our commit."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import create_engine, text

from tafcore.notices.senders import Outgoing, Smtp

ROOT = Path(__file__).parents[2]


class Taker:
    """Takes mail for aiosmtpd and kills whoever sends it, once in each life, at a moment by chance: before the server
    has it, when it has it and has not said so, or some time after it said so."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.taken: list[tuple[int, str]] = []
        self.life, self.victim, self.spared = 0, 0, 0

    def meet(self, pid: int, spare: bool) -> None:
        self.life, self.victim = self.life + 1, 0 if spare else pid
        self.spared = self.chance.randint(0, 3)

    async def handle_DATA(self, server, session, envelope) -> str:
        moment = self.chance.choice(("before", "having", "after")) if self._turn() else ""
        if moment == "before":
            self._kill()
            return "451 not now"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append((self.life, mail["Message-ID"]))
        if moment == "having":
            self._kill()
        elif moment == "after":
            threading.Timer(self.chance.random() / 200, os.kill, (self.victim, signal.SIGKILL)).start()
            self.victim = 0
        return "250 taken"

    def _turn(self) -> bool:
        self.spared -= 1
        return bool(self.victim) and self.spared < 0

    def _kill(self) -> None:
        os.kill(self.victim, signal.SIGKILL)
        self.victim = 0


@pytest.fixture
def taker():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Taker(7)
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.soak)])
def test_workers_that_are_killed_lose_no_mail_and_repeat_only_the_last(
    database_url, taker, kills, tmp_path, monkeypatch
):
    monkeypatch.setenv("TAFCORE_INSTANCE", str(tmp_path))
    handler, url = taker
    words = [sys.executable, "-m", "tests.frame.mail_killed", database_url, url, kills + 1, 6 * kills]
    program = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    stored = []
    with program:
        for line in program.stdout:
            if line.startswith(b"stored "):
                stored.append(line.split()[1].decode())
                continue
            handler.meet(int(line), spare=handler.life == kills)
            program.stdin.write(b"\n")
            program.stdin.flush()
    assert program.returncode == 0 and handler.life == kills + 1 and handler.victim == 0
    lives = {number: life for life, number in handler.taken}  # the one that each was last taken from
    assert set(lives) == set(stored) and len(stored) == 6 * kills  # at least once, under the number it was stored with
    last = dict(handler.taken)
    before = [(life, number) for life, number in handler.taken if lives[number] != life]
    assert before and [(life, number) for life, number in before if last[life] != number] == []
    assert max(Counter(handler.taken).values()) == 1  # and never twice from one that was not killed between
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT DISTINCT state FROM message")).scalars().all() == ["sent"]
    engine.dispose()


def test_a_mail_is_what_a_real_server_takes_it_for(taker):
    handler, url = taker
    Smtp(url, "us@borough.example").send(
        Outgoing("<1@tafcore>", "email", "head@elm.example", "Hello", "Ring us – soon.\n")
    )
    assert handler.taken == [(0, "<1@tafcore>")]
