"""What did not arrive is learned, at once or by a later report: whoever must ring hears, and no more goes there."""

from __future__ import annotations

import mailbox
from dataclasses import replace

import pytest
from sqlalchemy import select

from tafcore import db, hooks
from tafcore.accounts.events import TourSwitched
from tafcore.contributions import Notice
from tafcore.hookspecs import hookimpl
from tafcore.notices import reaching, reports, rules, service, worker
from tafcore.notices.models import Message, UnreachedAddress
from tafcore.notices.senders import Smtp, no_such_address
from tafcore.vocabulary import Subject
from tafcore.work import publish
from tests.frame.mail_server import MailServer, running

TO = "Head@Elm.example"


@pytest.fixture
def mail():
    with running(MailServer()) as server:
        yield server


@pytest.fixture
def asker(make):
    return make.user()


@pytest.fixture
def sent(app, asker, mail):
    """Stores a mail, rung for by `asker`, and sends it; gives it."""

    def send(to=TO, **more):
        with app.app_context():
            with db.writing():
                notice = Notice(f"mailto:{to}", "Three questions", "", {}, "C-1", ring=f"user:{asker.id}", **more)
                made = service.store(notice, "Please answer").id
            service.send_waiting([Smtp(mail.url)])
            db.session.expire_all()
            return db.session.get_one(Message, made)

    return send


def rung(app, asker):
    with app.app_context():
        mine = select(Message).where(Message.to_user_id == asker.id, Message.subject == rules.RING)
        return list(db.session.scalars(mine.order_by(Message.id)))


REPORT = """\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: us@borough.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="9B095B5ADSN"

--9B095B5ADSN
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--9B095B5ADSN
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Fri, 20 Nov 2026 12:00:00 +0000 (GMT)

Final-Recipient: rfc822; head@elm.example
Original-Recipient: rfc822;head@elm.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--9B095B5ADSN
Content-Description: Undelivered Message
Content-Type: {returned}

From: us@borough.example
Subject: Three questions
Message-ID: {number}

--9B095B5ADSN--
"""


def report(number, status="5.1.1", action="failed", whole=False):
    """What a mail server sends back (RFC 3464), with the mail's headers or the whole of it."""
    returned = "message/rfc822" if whole else "text/rfc822-headers"
    return REPORT.format(number=number, status=status, action=action, returned=returned).encode()


# --- said at once ----------------------------------------------------------------------------------------------------


def test_an_address_that_there_is_not_is_marked_and_whoever_must_ring_hears(app, asker, mail, sent):
    mail.refused = {TO: 550}
    assert sent().state == "failed"
    [told] = rung(app, asker)
    assert told.about == "C-1" and "Ring whoever it was for" in told.body
    assert "...@Elm.example" in told.body and "Head" not in told.body
    mail.refused = {}
    again = sent(to=TO.lower())
    assert (again.state, again.fault) == ("failed", "NotReachable") and mail.got == []
    assert len(rung(app, asker)) == 2


def test_a_server_that_will_not_have_one_mail_marks_no_address(app, mail, sent):
    mail.refused = {TO: 451}
    assert sent().state == "waiting"
    mail.refused = {TO: 554}
    assert sent().state == "failed"
    with app.app_context():
        assert not reaching.holds(TO)


@pytest.mark.parametrize(
    ("said", "code", "gone"),
    [
        ("5.1.1 no such user", 550, True),
        ("5.2.1 mailbox closed", 550, True),
        ("5.7.1 blocked by policy", 550, False),
        ("5.2.2 mailbox full", 552, False),
        ("no such user", 550, True),
        ("not now", 554, False),
    ],
)
def test_that_there_is_no_such_address_is_told_from_a_refusal(said, code, gone):
    assert no_such_address(said, code) is gone


def test_an_address_is_tried_again_after_three_months_or_when_somebody_says_it_is_right(app, mail, sent, make, sign_in):
    mail.refused = {TO: 550}
    sent()
    mail.refused = {}
    with app.app_context():
        (one,) = reaching.unreached()
        assert (one.address, one.name) == ("...@elm.example", "")
        with db.clock_at(db.utcnow() + rules.HOLDS):
            assert not reaching.holds(TO)
    admin = sign_in(make.user("administrator"))
    assert "...@elm.example" in admin.get("/admin/unreached").text
    assert admin.post(f"/admin/unreached/{one.id}/again").status_code == 302
    assert admin.post(f"/admin/unreached/{one.id}/again").status_code == 404
    assert sent().state == "sent" and "Everybody is reached" in admin.get("/admin/unreached").text


def test_trying_a_failed_message_again_tries_its_address_again(app, mail, sent, make, sign_in):
    mail.refused = {TO: 550}
    kept = sent().id
    mail.refused = {}
    sign_in(make.user("administrator")).post(f"/admin/outbox/{kept}/again")
    with app.app_context():
        service.send_waiting([Smtp(mail.url)])
    assert len(mail.got) == 1


def test_somebody_who_works_here_is_rung_by_whoever_looks_after_accounts(app, make, sign_in):
    user = make.user()
    with app.app_context(), db.writing():
        reaching.mark(user.email.upper(), "AddressRefused 550")
    assert user.email in sign_in(user).get("/inbox/mails").text
    admin = sign_in(make.user("administrator"))
    assert "Somebody is not reached by mail: ring them" in admin.get("/").text
    page = admin.get("/admin/unreached").text
    assert user.name in page and user.email in page
    assert "not reached" not in sign_in(make.user()).get("/").text


# --- reported later --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
def test_a_report_that_comes_later_is_the_same_as_a_refusal(app, asker, sent, whole):
    mail = sent()
    with app.app_context():
        assert reports.take(report(mail.message_id, whole=whole)) == "failed"
        assert reports.take(report(mail.message_id, whole=whole)) == "known"
        kept = db.session.get_one(Message, mail.id)
        assert (kept.state, kept.fault) == ("failed", "DidNotArrive 5.1.1") and reaching.holds(TO)
    assert len(rung(app, asker)) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"action": "delayed"},
        {"action": "delivered", "status": "2.0.0"},
        {"status": "4.4.1"},
    ],
)
def test_what_only_takes_longer_is_no_fault(app, asker, sent, given):
    mail = sent()
    with app.app_context():
        assert reports.take(report(mail.message_id, **given)) == "no_report"
    assert rung(app, asker) == []


def test_a_full_mailbox_is_a_fault_but_an_address(app, asker, sent):
    mail = sent()
    with app.app_context():
        assert reports.take(report(mail.message_id, "5.2.2")) == "failed" and not reaching.holds(TO)
    assert len(rung(app, asker)) == 1


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe\x00", b"Subject: Hello\n\nDear team", b"From: a\nContent-Type: multipart/report\n\n"]
)
def test_whatever_else_comes_is_left_alone(app, raw):
    with app.app_context():
        assert reports.take(raw) == "no_report"
        assert reports.take(report("<somebody@else>")) == "known"
        assert db.session.scalars(select(UnreachedAddress)).all() == []


def test_the_worker_reads_a_maildir_and_reads_each_mail_once(app, asker, sent, tmp_path, monkeypatch):
    box = mailbox.Maildir(tmp_path / "bounces")
    number = sent().message_id
    for raw in (report(number), b"Subject: Out of office\n\nBack on Monday"):
        box.add(raw)
    monkeypatch.setitem(app.config, "BOUNCES", str(tmp_path / "bounces"))
    with app.app_context():
        jobs = [job for job in hooks.jobs() if job.each_round]
    monkeypatch.setattr(hooks, "jobs", lambda: jobs)
    worker.once(app)
    assert len(rung(app, asker)) == 1
    assert sorted(one.get_subdir() for one in mailbox.Maildir(tmp_path / "bounces")) == ["cur", "cur"]
    with app.app_context():
        assert not reports.look(tmp_path / "bounces")


def test_mails_of_an_mbox_are_told_apart(tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    for words in ("First\n\nFrom here on", "Second"):
        box.add(f"Subject: one\n\n{words}\n".encode())
    box.close()
    found = [one.rstrip() for one in reports.mails_in((tmp_path / "box").read_bytes())]
    assert len(found) == 2 and found[0].endswith(b"From here on") and found[1].endswith(b"Second")
    assert reports.mails_in(b"Subject: one\n\nx") == [b"Subject: one\n\nx"]


# --- who rings -------------------------------------------------------------------------------------------------------


def test_it_is_whoever_did_it_where_no_feature_sees_to_it(app, asker):
    class Writes:
        @hookimpl
        def notices(self, event):
            mail = Notice("mailto:a@b.example", "Hello", "home/told.txt", {}, "C-1")
            return [mail, replace(mail, purpose="reply"), replace(mail, to=f"user:{asker.id}")]

    with app.app_context():
        manager = hooks.plugin_manager()
        writes = Writes()
        manager.register(writes, name="core.writes")
        try:
            with db.writing():
                actor = db.session.merge(asker).actor()
                publish(TourSwitched(actor=actor, subject=Subject("user", asker.id), shown=True))
        finally:
            manager.unregister(writes)
        made = db.session.scalars(select(Message).order_by(Message.id)).all()
    assert [one.ring for one in made] == [f"user:{asker.id}", "", ""]
