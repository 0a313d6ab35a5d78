"""Slowing down whoever tries codes or floods a public form: so many an hour from one connection."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import func, select

from tafcore.accounts.models import SignInAttempt
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.work import Refused

AN_HOUR = 10
"""How often one connection may try; a school or hub shares one among many people."""
HOUR = timedelta(hours=1)


def slow_down(what: str, address: str, secret: str, ring: str) -> None:
    """Count a try, and refuse it where there were too many. Call inside `writing()`.

    The address is kept as a keyed hash of its own for every day, so that it can be counted and not read.
    """
    now = utcnow()
    key = hmac.new(secret.encode(), f"{what} {now:%Y-%m-%d} {address}".encode(), hashlib.sha256).hexdigest()
    lately = select(func.count()).where(SignInAttempt.address_hash == key, SignInAttempt.at > now - HOUR)
    if (session.scalar(lately) or 0) >= AN_HOUR:
        message = f"This was tried too often from this connection. Wait an hour, or ring {ring}"
        raise Refused([Problem(message)])
    session.add(SignInAttempt(address_hash=key, at=now))
