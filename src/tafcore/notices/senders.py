"""Who carries messages out: a mail server, GOV.UK Notify, or nobody. The outbox knows no more of them than this."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Literal, Protocol
from urllib.parse import unquote, urlsplit

from icalendar import Calendar

from tafcore.db import utcnow

SECONDS = 20
"""How long one answer of a server is waited for."""

Fate = Literal["under_way", "arrived", "failed", "gone"]
"""`gone`: it failed because there is no such address."""
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
NO_SUCH_ADDRESS = frozenset({550, 551, 553})


@dataclass(frozen=True)
class Outgoing:
    """A message on its way out. `number` stays the same over all tries; `again`: it may have left before; `calendar`
    is an iCalendar file that goes with it where the way out can carry one."""

    number: str
    channel: str
    to: str
    subject: str
    body: str
    again: bool = False
    calendar: str = ""


class NotSent(Exception):
    """It was not taken. `final`: nor will it ever be; `gone`: because there is no such address."""

    def __init__(self, fault: str, final: bool = False, gone: bool = False) -> None:
        self.fault, self.final, self.gone = fault, final, gone
        super().__init__(fault)


class Sender(Protocol):
    """Carries messages of its `channels` out. Neither method is called inside a transaction."""

    @property
    def channels(self) -> frozenset[str]: ...

    def send(self, message: Outgoing) -> str | None:
        """Hand it over; gives the number under which `became` may ask for it, or None. Raises NotSent."""

    def became(self, number: str) -> Fate:
        """What became of a message it took. Raises NotSent when that cannot be learned now."""


class Smtp:
    """A mail server. It says nothing of what becomes of a mail; a server drops the second of one Message-ID."""

    channels = frozenset({"email"})

    def __init__(self, url: str, mail_from: str | None = None) -> None:
        self._url = urlsplit(url)
        self._from = mail_from or no_reply(url)

    def send(self, message: Outgoing) -> str | None:
        try:
            mail = self._mail(message)
        except (ValueError, IndexError) as fault:  # such as a line break in the address
            raise NotSent("BadAddress", final=True) from fault
        try:
            with self._server() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as fault:
            codes = [code for code, _ in fault.recipients.values()]
            words = b" ".join(said for _, said in fault.recipients.values()).decode("ascii", "replace")
            final = min(codes) >= 500
            gone = final and no_such_address(words, max(codes))
            raise NotSent(f"AddressRefused {max(codes)}", final, gone) from fault
        except smtplib.SMTPDataError as fault:
            raise NotSent(f"MailRefused {fault.smtp_code}", final=fault.smtp_code >= 500) from fault
        except (OSError, smtplib.SMTPException, UnicodeError) as fault:
            raise NotSent(type(fault).__name__) from fault
        return None

    def became(self, number: str) -> Fate:
        return "under_way"

    def _mail(self, message: Outgoing) -> EmailMessage:
        mail = EmailMessage()
        mail["To"], mail["From"], mail["Subject"] = message.to, self._from, message.subject
        if not mail["To"].addresses:
            raise ValueError  # some versions of smtplib would send it to nobody, and say nothing
        mail["Message-ID"], mail["Date"] = message.number, format_datetime(utcnow())
        mail["Auto-Submitted"] = "auto-generated"  # so that nobody's holiday note answers
        mail.set_content(message.body)
        if message.calendar:
            method = str(Calendar.from_ical(message.calendar)["method"])
            mail.add_alternative(message.calendar, subtype="calendar", params={"method": method}, cte="base64")
        return mail

    def _server(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port or 0
        safe = ssl.create_default_context()  # without it smtplib takes any certificate
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=safe)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            if self._url.scheme == "smtp+starttls":
                server.starttls(context=safe)
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def no_reply(smtp_url: str | None) -> str:
    """The address mails come from where none is set."""
    return f"no-reply@{(urlsplit(smtp_url).hostname if smtp_url else None) or 'localhost'}"


def organiser(config: Mapping[str, Any]) -> str:
    """The address in whose name calendar files are sent: the one the mails come from."""
    return str(config["MAIL_FROM"] or no_reply(config["SMTP_URL"]))


def no_such_address(words: str, code: int = 0) -> bool:
    """Whether a server means that there is no such address, rather than that it will not have this mail: by its status
    (5.1.1 and the like, 5.2.1 for a closed one; 5.7.1 is a policy), or else by the bare code."""
    found = STATUS.search(words)
    return found[1].startswith(("5.1.", "5.2.1")) if found else code in NO_SUCH_ADDRESS


def senders(config: Mapping[str, Any]) -> Sequence[Sender]:
    """Those this installation is set up for; none keeps everything in the outbox."""
    found: list[Sender] = []
    if config["NOTIFY_KEY"] and config["NOTIFY_TEMPLATES"]:
        from tafcore.notices.notify import Notify  # its library is an extra that few installations have

        found.append(Notify(config["NOTIFY_KEY"], config["NOTIFY_TEMPLATES"], config["NOTIFY_URL"]))
    if config["SMTP_URL"]:
        found.append(Smtp(config["SMTP_URL"], config["MAIL_FROM"]))
    return found


def served(config: Mapping[str, Any]) -> frozenset[str]:
    """The channels by which something leaves this installation."""
    notify = config["NOTIFY_TEMPLATES"] if config["NOTIFY_KEY"] else None
    return frozenset(notify or ()) | (Smtp.channels if config["SMTP_URL"] else frozenset())
