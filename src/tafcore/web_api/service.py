"""A request done once, however often it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from tafcore.contributions import Problem
from tafcore.db import session, utcnow, writing
from tafcore.web_api.models import ApiIdempotency
from tafcore.work import Refused

KEPT = timedelta(days=7)
"""How long an answer is kept to be given again; after that the key may be used anew."""


class Taken(Exception):
    """Another request got the key first, at the same moment."""


def digest(method: str, path: str, body: Any) -> str:
    """What makes two requests the same: method, path and the body's content, however it was spaced."""
    words = json.dumps([method, path, body], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()


def once(token_id: int, key: str, asked: str, act: Callable[[], tuple[int, str]]) -> tuple[int, str]:
    """`act()`, or what it answered (status, body) when this token sent the same request under this key before.

    The key is kept in the transaction of the change itself: both are there or neither. Raises Refused when the key
    came with another request.
    """
    before = _before(token_id, key, asked)
    if before is not None:
        return before
    try:
        with writing():
            row = _reserve(token_id, key, asked)
            row.status, row.body = act()
            return row.status, row.body
    except Taken:
        return _before(token_id, key, asked) or once(token_id, key, asked, act)


def _before(token_id: int, key: str, asked: str) -> tuple[int, str] | None:
    session.rollback()  # what this request read so far may be older than the other one's answer
    mine = ApiIdempotency.token_id == token_id, ApiIdempotency.key == key
    row = session.scalar(select(ApiIdempotency).where(*mine, ApiIdempotency.created_at > utcnow() - KEPT))
    if row is None:
        return None
    if row.digest != asked:
        raise Refused([Problem("This Idempotency-Key came with another request before; make a new one")])
    return row.status, row.body


def _reserve(token_id: int, key: str, asked: str) -> ApiIdempotency:
    """The key's row, before anything is done under it: of two at once the second waits here for the first."""
    session.execute(delete(ApiIdempotency).where(ApiIdempotency.created_at <= utcnow() - KEPT))
    row = ApiIdempotency(token_id=token_id, key=key, digest=asked)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as fault:
        raise Taken from fault
    return row
