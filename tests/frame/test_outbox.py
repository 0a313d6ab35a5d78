"""Messages are sent at least once: under a lease, tried again later, and given up in the open."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from tafcore import hooks
from tafcore.contributions import Notice
from tafcore.db import session, writing
from tafcore.notices import rules, service, worker
from tafcore.notices.models import Message
from tafcore.notices.senders import NotSent
from tafcore.trail.models import TrailEntry

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Post:
    """A sender that keeps what it gets, or fails."""

    channels = frozenset({"email", "text"})

    def __init__(self) -> None:
        self.got: list = []
        self.fault: Exception | None = None
        self.number: str | None = None
        self.fate = "under_way"

    def send(self, message):
        assert not session.in_transaction()  # nothing is locked while a server thinks
        if self.fault:
            raise self.fault
        self.got.append(message)
        return self.number

    def became(self, number):
        assert number == self.number and not session.in_transaction()
        return self.fate


@pytest.fixture
def post():
    return Post()


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def store(app, to="mailto:school@demo.example"):
    with app.app_context(), writing():
        return service.store(
            Notice(to, "Your contact was looked at", "", {}, about="C-1", purpose="reply"), "Thanks"
        ).id


def message(app, message_id):
    with app.app_context():
        return session.get_one(Message, message_id)


def send(app, *senders):
    with app.app_context():
        return service.send_waiting(senders)


def kinds(app):
    with app.app_context():
        return list(session.scalars(select(TrailEntry.kind).where(TrailEntry.kind.like("notices.%"))))


def test_a_message_is_sent_once_with_its_own_number(app, post):
    kept = store(app)
    assert send(app, post) == 1 and send(app, post) == 0
    assert [(one.number, one.again) for one in post.got] == [(message(app, kept).message_id, False)]
    assert message(app, kept).state == "sent" and kinds(app) == ["notices.sent"]


def test_the_inbox_is_the_delivery_of_a_message_to_a_user(app, post, make):
    kept = store(app, f"user:{make.user().id}")
    assert message(app, kept).state == "sent" and send(app, post) == 0


def test_a_failed_message_is_tried_again_later_under_the_same_number(app, post, noon):
    kept = store(app)
    post.fault = NotSent("SMTPServerDisconnected")
    assert send(app, post) == 1 and send(app, post) == 0
    waiting = message(app, kept)
    assert (waiting.state, waiting.attempts, waiting.fault) == ("waiting", 1, "SMTPServerDisconnected")
    post.fault = None
    noon.shift(timedelta(minutes=3))
    assert send(app, post) == 1
    assert [(one.number, one.again) for one in post.got] == [(waiting.message_id, True)]


def test_after_the_last_try_it_is_given_up_in_the_open(app, post, noon):
    kept = store(app)
    post.fault = NotSent("OSError")
    for _ in range(rules.TRIES):
        assert send(app, post) == 1
        noon.shift(timedelta(days=1))
    assert send(app, post) == 0
    assert message(app, kept).state == "failed" and kinds(app) == ["notices.failed"]


def test_what_can_never_be_taken_is_not_tried_again(app, post):
    kept = store(app)
    post.fault = NotSent("AddressRefused 550", final=True)
    send(app, post)
    assert message(app, kept).state == "failed" and kinds(app) == ["notices.failed"]


def test_what_one_worker_holds_another_leaves_until_the_lease_ends(app, post, noon):
    kept = store(app)
    with app.app_context():
        assert service.lease(post.channels).id == kept
        assert service.lease(post.channels) is None
        noon.shift(service.LEASE + timedelta(seconds=1))
        held = service.lease(post.channels)
    assert held.id == kept and held.message.again


def test_a_worker_that_dies_after_handing_over_has_it_sent_again_under_its_number(app, post, noon, monkeypatch):
    kept = store(app)
    with monkeypatch.context() as dying:
        dying.setattr(service, "_note", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            send(app, post)
    assert message(app, kept).state == "waiting" and send(app, post) == 0
    noon.shift(service.LEASE + timedelta(seconds=1))
    assert send(app, post) == 1
    assert len({one.number for one in post.got}) == 1 and [one.again for one in post.got] == [False, True]


def test_two_workers_send_each_message_once(app, post):
    for _ in range(12):
        store(app)
    start, faults = threading.Barrier(2), []

    def work():
        try:
            start.wait()
            while send(app, post):
                pass
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(post.got) == len({one.number for one in post.got}) == 12


def test_without_a_sender_messages_wait(app):
    kept = store(app)
    assert send(app) == 0
    assert message(app, kept).state == "waiting"


def test_a_letter_waits_while_only_mail_leaves(app, post):
    letter, mail = store(app, "letter:Head\nElm Row\nHA1 2XY"), store(app)
    assert send(app, post) == 1
    assert [message(app, one).state for one in (letter, mail)] == ["waiting", "sent"]


def test_a_text_wakes_nobody(app, post, noon):
    noon.move_to(datetime(2026, 11, 20, 22, 30, tzinfo=UTC))
    kept = store(app, "text:+447700900123")
    assert send(app, post) == 0
    assert message(app, kept).next_try_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    noon.move_to(datetime(2026, 11, 21, 8, 1, tzinfo=UTC))
    assert send(app, post) == 1


def test_what_waited_too_long_is_given_up_and_not_sent(app, post, noon):
    kept = store(app)
    noon.shift(rules.STALE + timedelta(hours=1))
    fresh = store(app)
    assert send(app, post) == 1
    assert [message(app, one).state for one in (kept, fresh)] == ["failed", "sent"]


def test_what_a_person_did_otherwise_leaves_no_more(app, post):
    kept = store(app)
    with app.app_context(), writing():
        service.put_aside("C-1", "reply")
    assert send(app, post) == 0 and message(app, kept).state == "aside"


def test_what_did_not_arrive_is_learned_from_the_sender(app, post, noon):
    post.number = "n-1"
    arrived, lost = store(app), store(app)
    send(app, post)
    noon.shift(rules.LOOK_FIRST)
    with app.app_context():
        post.fate = "under_way"
        assert service.ask_after([post]) == 2 and service.ask_after([post]) == 0
        noon.shift(timedelta(minutes=10))
        post.fate = "arrived"
        with writing():
            session.get_one(Message, lost).check_at += timedelta(hours=1)
        assert service.ask_after([post]) == 1
        noon.shift(timedelta(hours=1))
        post.fate = "failed"
        assert service.ask_after([post]) == 1 and service.ask_after([post]) == 0
    assert (message(app, arrived).state, message(app, arrived).check_at) == ("sent", None)
    assert (message(app, lost).state, message(app, lost).fault) == ("failed", "DidNotArrive")
    assert kinds(app).count("notices.failed") == 1


def test_whoever_looks_after_the_outbox_is_told_what_could_not_leave(app, post, make, sign_in):
    kept = store(app)
    post.fault = NotSent("OSError", final=True)
    send(app, post)
    admin = sign_in(make.user("administrator"))
    assert "A message could not be sent" in admin.get("/").text
    assert admin.post(f"/admin/outbox/{kept}/aside").status_code == 302
    assert "could not be sent" not in admin.get("/").text
    assert admin.post(f"/admin/outbox/{kept}/aside").status_code == 404


def test_a_round_of_the_worker_says_that_it_is_alive(app, client, monkeypatch):
    monkeypatch.setattr(hooks, "jobs", lambda: [])
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
