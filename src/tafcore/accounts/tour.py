"""The first tour on my work: shown until its reader hides it."""

from __future__ import annotations

from tafcore.accounts.commands import ShowTour
from tafcore.accounts.events import TourSwitched
from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.db import session, utcnow
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, check, publish


def switch(command: ShowTour, actor: Actor) -> None:
    """Hide one's own tour, or bring it back. Call inside `writing()`."""
    user = check(command, actor, lambda: _me(actor))
    user.tour_hidden_at = None if command.show else utcnow()
    publish(TourSwitched(actor=actor, subject=Subject("user", user.id), shown=command.show))


def shown_to(actor: Actor) -> bool:
    """Whether this user has not hidden it; asks nothing that signing in has not read already."""
    return actor.user_id is not None and _me(actor).tour_hidden_at is None


def _me(actor: Actor) -> User:
    found = session.get(User, actor.user_id) if actor.user_id is not None else None
    if found is None:
        raise NotFound
    return found
