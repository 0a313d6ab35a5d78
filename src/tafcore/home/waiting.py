"""The list of all that waits for somebody, to search and to page: my work shows what comes first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tafcore.actor import Actor
from tafcore.home import reading
from tafcore.home.rules import Waiting, answers
from tafcore.lists import Asked, Listed, page


def waiting(asked: Asked, actor: Actor, now: datetime) -> tuple[Listed[Waiting], Mapping[str, str]]:
    """A page of what waits for this actor and answers to what was asked, in the order to do it; and the names of the
    families it is about. `show` is a key of rules.WAITS."""
    found = [one for one in reading.waiting_for(actor, now) if asked.show in ("", one.kind)]
    if asked.q:
        named = reading.names((one.ref for one in found), actor)
        found = [one for one in found if answers(asked.q, one.ref, one.words, named.get(one.ref, ""))]
    listed = page(found, asked.after)
    return listed, reading.names((one.ref for one in listed.rows), actor)
