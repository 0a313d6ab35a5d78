"""What the doctor says of the ways out: by whom messages leave, and with whose address in their links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tafcore.notices.senders import served

HERE = ("localhost", "127.0.0.1", "::1")


def ways_out(settings: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(level, what, words) for everything that can be said of them without the network."""
    live = settings["MODE"] == "live"
    key, templates = settings["NOTIFY_KEY"], settings["NOTIFY_TEMPLATES"]
    if bool(key) != bool(templates):
        lacks = "NOTIFY_TEMPLATES" if key else "NOTIFY_KEY"
        yield "fault", "messages", f"GOV.UK Notify needs {lacks} too; docs/operations.md shows how to set it up"
    elif key and find_spec("notifications_python_client") is None:
        yield "fault", "messages", "GOV.UK Notify needs its library: run pip install 'tafcore[notify]'"
    channels = sorted(served(settings))
    if channels:
        yield "ok", "messages", f"leave by {', '.join(channels)}"
    elif live:
        yield "note", "messages", "without SMTP_URL or NOTIFY_KEY nothing is sent; messages wait in the outbox"
    if live and settings["SMTP_URL"]:
        yield from _mail(urlsplit(settings["SMTP_URL"]), settings["MAIL_FROM"])
        if not settings["BOUNCES"]:
            words = "without BOUNCES nobody learns of mails that were taken and did not arrive"
            yield "note", "messages", f"{words}; docs/operations.md shows how"
    if settings["BOUNCES"] and not (Path(settings["BOUNCES"]) / "new").is_dir():
        yield "fault", "messages", "BOUNCES is no Maildir: a folder with new, cur and tmp in it"
    if live:
        yield from _links(settings["PUBLIC_URL"])


def _mail(url: Any, mail_from: str | None) -> Iterator[tuple[str, str, str]]:
    if not mail_from:
        yield "note", "messages", f"without MAIL_FROM mails come from no-reply@{url.hostname}"
    if url.scheme == "smtp" and url.hostname not in HERE:
        words = "smtp:// sends mail that anybody on its way can read; use smtp+starttls:// or smtps://"
        yield "note", "messages", words


def _links(public_url: str | None) -> Iterator[tuple[str, str, str]]:
    if not public_url:
        words = "without PUBLIC_URL a link that leaves begins with whatever address its page was asked under"
        yield "note", "links", f"{words}; set it to the address people type"
    elif not public_url.startswith("https://"):
        yield "fault", "links", "PUBLIC_URL must begin with https:// in a live installation"
