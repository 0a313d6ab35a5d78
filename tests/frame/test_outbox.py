"""Messages are sent at least once: under a lease, tried again later, and given up in the open."""

import smtplib
import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tafcore.contributions import Notice
from tafcore.db import session, utcnow, writing
from tafcore.notices import service, worker
from tafcore.notices.models import Message

SMTP = "smtp://mail.example"


class Post:
    """A mail server that keeps what it gets, or fails."""

    def __init__(self) -> None:
        self.got: list = []
        self.fault: Exception | None = None

    def __call__(self, _url, mail):
        if self.fault:
            raise self.fault
        self.got.append(mail)


@pytest.fixture
def post(monkeypatch):
    made = Post()
    monkeypatch.setattr(service, "_send", made)
    return made


def store(app, to="mailto:school@demo.example"):
    with app.app_context(), writing():
        return service.store(Notice(to, "Your contact was looked at", "", {}, about="C-1"), "Thank you").id


def message(app, message_id):
    with app.app_context():
        return session.get_one(Message, message_id)


def send(app):
    with app.app_context():
        return service.send_waiting(SMTP)


def test_a_message_is_sent_once_with_its_own_number(app, post):
    kept = store(app)
    assert send(app) == 1 and send(app) == 0
    assert [mail["Message-ID"] for mail in post.got] == [message(app, kept).message_id]
    assert message(app, kept).state == "sent"


def test_the_inbox_is_the_delivery_of_a_message_to_a_user(app, post, make):
    kept = store(app, f"user:{make.user().id}")
    assert message(app, kept).state == "sent" and send(app) == 0


def test_a_failed_message_is_tried_again_later_under_the_same_number(app, post):
    kept = store(app)
    post.fault = smtplib.SMTPServerDisconnected("school@demo.example")
    assert send(app) == 1 and send(app) == 0
    waiting = message(app, kept)
    assert (waiting.state, waiting.attempts, waiting.fault) == ("waiting", 1, "SMTPServerDisconnected")
    post.fault = None
    with time_machine.travel(utcnow() + timedelta(minutes=3)):
        assert send(app) == 1
    assert [mail["Message-ID"] for mail in post.got] == [waiting.message_id]


def test_after_the_last_try_it_is_given_up_in_the_open(app, post):
    kept = store(app)
    post.fault = OSError()
    with time_machine.travel(utcnow(), tick=False) as clock:
        for _ in range(service.TRIES):
            assert send(app) == 1
            clock.shift(timedelta(days=1))
        assert send(app) == 0
    assert message(app, kept).state == "failed"


def test_what_one_worker_holds_another_leaves_until_the_lease_ends(app):
    kept = store(app)
    with app.app_context():
        assert service.lease() == [kept]
        assert service.lease() == []
        with time_machine.travel(utcnow() + service.LEASE + timedelta(seconds=1)):
            assert service.lease() == [kept]


def test_without_a_mail_server_messages_wait(app, post):
    kept = store(app)
    with app.app_context():
        assert service.send_waiting(None) == 0
    assert message(app, kept).state == "waiting"


def test_a_round_of_the_worker_says_that_it_is_alive(app, client):
    assert client.get("/readyz").json == {"status": "not ready", "waiting_for": ["worker"]}
    worker.once(app)
    assert client.get("/readyz").json == {"status": "ready", "waiting_for": []}
    with app.app_context():
        assert session.scalars(select(worker.WorkerBeat.name)).all() == ["worker"]


def test_the_worker_outlives_a_round_that_fails(app, monkeypatch):
    stop, rounds = threading.Event(), []
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0)

    def failing(_app):
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()
        raise RuntimeError

    worker.run(app, stop, failing)
    assert len(rounds) == 3
