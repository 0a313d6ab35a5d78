"""Ways out: a mail server by SMTP and GOV.UK Notify, each spoken to over the wire, and what each makes of a fault."""

import logging
import smtplib
import ssl
import subprocess
import sys

import pytest

from tafcore.config import SettingFault, load
from tafcore.notices.notify import Notify
from tafcore.notices.senders import NotSent, Outgoing, Smtp, senders, served
from tests.frame.mail_server import MailServer, NotifyServer, running

TEMPLATES = {
    name: f"{number}0000000-0000-4000-8000-000000000000" for number, name in enumerate(("email", "text", "letter"))
}
KEY = "test-00000000-0000-4000-8000-000000000001-00000000-0000-4000-8000-000000000002"
TO = {"email": "head@elm.example", "text": "+447700900123", "letter": "The Head\nElm Row\nHarrow\nHA1 2XY"}


def outgoing(channel="email", again=False, **more):
    told = {"to": TO[channel], "subject": "What became of it", "body": "Ring us.\n"} | more
    return Outgoing("<1@tafcore>", channel, again=again, **told)


@pytest.fixture
def mail():
    with running(MailServer()) as server:
        yield server


@pytest.fixture
def notify():
    with running(NotifyServer()) as server:
        yield server


# --- a mail server ---------------------------------------------------------------------------------------------------


def test_a_mail_arrives_as_it_was_written(mail):
    Smtp(mail.url, "earlyhelp@borough.example").send(outgoing(body="Ring us – soon.\n"))
    [got] = mail.got
    assert (got["To"], got["From"]) == (TO["email"], "earlyhelp@borough.example")
    assert (got["Subject"], got["Message-ID"]) == ("What became of it", "<1@tafcore>")
    assert got["Auto-Submitted"] == "auto-generated" and got["Date"]
    assert got.get_content().splitlines() == ["Ring us – soon."]


@pytest.mark.parametrize(("code", "final"), [(550, True), (451, False)])
def test_an_address_that_there_is_not_is_not_tried_again(mail, code, final):
    mail.refused = {TO["email"]: code}
    with pytest.raises(NotSent) as no:
        Smtp(mail.url).send(outgoing())
    assert no.value.final is final and no.value.fault == f"AddressRefused {code}"
    assert TO["email"] not in str(no.value)


def test_a_server_that_hangs_up_may_have_taken_it(mail):
    mail.drops = True
    with pytest.raises(NotSent) as no:
        Smtp(mail.url).send(outgoing())
    assert not no.value.final and len(mail.got) == 1


def test_a_server_that_is_not_there_is_tried_again():
    with pytest.raises(NotSent) as no:
        Smtp("smtp://127.0.0.1:9").send(outgoing())
    assert not no.value.final


@pytest.mark.parametrize("to", ["", "a@b.example\nBcc: c@d.example"])
def test_an_address_cannot_bring_headers_along(mail, to):
    with pytest.raises(NotSent) as no:
        Smtp(mail.url).send(outgoing(to=to))
    assert no.value.final and mail.got == []


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_must_prove_who_it_is(monkeypatch, scheme):
    seen = []

    class Server:
        def __init__(self, *_, timeout, context=None):
            assert timeout
            seen.append(context)

        def starttls(self, context):
            seen.append(context)

        def login(self, *who):
            assert who == ("us", "p@ss")
            raise smtplib.SMTPAuthenticationError(535, b"no")

        def close(self):
            seen.append("closed")

    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setattr(smtplib, "SMTP_SSL", Server)
    with pytest.raises(NotSent) as no:
        Smtp(f"{scheme}://us:p%40ss@mail.example").send(outgoing())
    assert not no.value.final and seen[-1] == "closed"
    contexts = [one for one in seen if isinstance(one, ssl.SSLContext)]
    assert contexts and all(one.check_hostname and one.verify_mode == ssl.CERT_REQUIRED for one in contexts)


# --- GOV.UK Notify ---------------------------------------------------------------------------------------------------


def test_each_channel_goes_by_its_template(notify):
    sender = Notify(KEY, TEMPLATES, notify.url)
    numbers = [sender.send(outgoing(channel)) for channel in TEMPLATES]
    assert numbers == ["number-0", "number-1", "number-2"]
    mail, text, letter = notify.got
    assert (mail["kind"], mail["email_address"], mail["template_id"]) == ("email", TO["email"], TEMPLATES["email"])
    assert (text["kind"], text["phone_number"]) == ("sms", TO["text"])
    assert letter["personalisation"] == {
        "subject": "What became of it",
        "body": "Ring us.\n",
        "address_line_1": "The Head",
        "address_line_2": "Elm Row",
        "address_line_3": "Harrow",
        "address_line_4": "HA1 2XY",
    }
    assert {one["reference"] for one in notify.got} == {"<1@tafcore>"}


def test_an_address_of_many_lines_keeps_its_postcode_last(notify):
    Notify(KEY, TEMPLATES, notify.url).send(outgoing("letter", to="\n".join("ABCDEFGHI")))
    words = notify.got[0]["personalisation"]
    assert (words["address_line_6"], words["address_line_7"]) == ("F, G, H", "I")


def test_what_an_earlier_try_sent_is_not_sent_twice(notify):
    sender = Notify(KEY, TEMPLATES, notify.url)
    notify.answers = [599]
    with pytest.raises(NotSent) as no:
        sender.send(outgoing("text"))
    assert not no.value.final
    assert sender.send(outgoing("text", again=True)) == "number-0" and len(notify.got) == 1


@pytest.mark.parametrize(("code", "final"), [(400, True), (403, False), (429, False), (500, False)])
def test_what_notify_refuses_is_given_up_and_the_rest_tried_again(notify, code, final, caplog):
    notify.answers = [code]
    with caplog.at_level(logging.DEBUG), pytest.raises(NotSent) as no:
        Notify(KEY, TEMPLATES, notify.url).send(outgoing("text"))
    assert (no.value.fault, no.value.final) == (f"Notify {code}", final)
    assert "notifications_python_client" not in {one.name.partition(".")[0] for one in caplog.records}


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        ("delivered", "arrived"),
        ("received", "arrived"),
        ("sending", "under_way"),
        ("permanent-failure", "gone"),
        ("technical-failure", "failed"),
    ],
)
def test_it_says_what_became_of_a_message(notify, status, fate):
    notify.status = status
    assert Notify(KEY, TEMPLATES, notify.url).became("number-0") == fate


# --- settings --------------------------------------------------------------------------------------------------------


def settings(tmp_path, **more):
    return load({"INSTANCE": str(tmp_path), "SECRET_KEY": "x" * 40, **more})


def test_only_what_is_set_up_carries_anything_out(tmp_path):
    nothing = settings(tmp_path)
    assert senders(nothing) == [] and served(nothing) == frozenset()
    mail = settings(tmp_path, SMTP_URL="smtp://mail.example")
    assert [type(one) for one in senders(mail)] == [Smtp] and served(mail) == {"email"}
    ids = ",".join(f"{name}={TEMPLATES[name]}" for name in ("text", "letter"))
    both = settings(tmp_path, SMTP_URL="smtp://mail.example", NOTIFY_KEY=KEY, NOTIFY_TEMPLATES=ids)
    assert [type(one) for one in senders(both)] == [Notify, Smtp] and served(both) == {"email", "text", "letter"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "http://mail.example"),
        ("SMTP_URL", "smtp://mail.example:post"),
        ("MAIL_FROM", "Early help"),
        ("NOTIFY_TEMPLATES", "email"),
        ("NOTIFY_TEMPLATES", "pigeon=00000000-0000-4000-8000-000000000000"),
        ("PUBLIC_URL", "earlyhelp.example"),
        ("PUBLIC_URL", "https://earlyhelp.example/?a=1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_said(tmp_path, name, value):
    with pytest.raises(SettingFault, match=f"TAFCORE_{name} must"):
        settings(tmp_path, **{name: value})


def test_the_library_of_notify_is_loaded_only_where_it_is_used():
    words = "import sys, tafcore.app, tafcore.notices.worker; print('notifications_python_client' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
