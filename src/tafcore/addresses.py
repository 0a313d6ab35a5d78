"""Settings that say where things are sent, read and checked. Each raises ValueError, finishing "TAFCORE_... "."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

SMTP = ("smtp", "smtp+starttls", "smtps")
CHANNELS = ("email", "text", "letter")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def public_url(value: Any) -> str:
    """The address that people type to get here, without a slash at its end."""
    text = str(value).strip().rstrip("/")
    url = urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment or url.username:
        raise ValueError("must be an address such as https://earlyhelp.example.gov.uk")
    return text


def smtp_url(value: Any) -> str:
    """Where mail is handed over."""
    url = urlsplit(str(value).strip())
    try:
        known = url.scheme in SMTP and bool(url.hostname) and (url.port or 1) > 0
    except ValueError:
        known = False
    if not known:
        raise ValueError("must look like smtp+starttls://user:password@host:587; smtp:// and smtps:// are known too")
    return str(value).strip()


def mail_from(value: Any) -> str:
    """The address mails come from."""
    text = str(value).strip()
    if not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", text):
        raise ValueError("must be one e-mail address, such as earlyhelp@example.gov.uk")
    return text


def templates(value: Any) -> Mapping[str, str]:
    """GOV.UK Notify's template for each channel, from a mapping or `email=ID,text=ID,letter=ID`."""
    if isinstance(value, Mapping):
        found = {str(name): str(template) for name, template in value.items()}
    else:
        parts = (part.partition("=") for part in str(value).split(",") if part.strip())
        found = {name.strip(): template.strip() for name, _, template in parts}
    if not set(found) <= set(CHANNELS) or not all(_UUID.fullmatch(template) for template in found.values()):
        raise ValueError("must look like email=ID,text=ID,letter=ID, with the ids of templates in GOV.UK Notify")
    return found
