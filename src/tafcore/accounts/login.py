"""Flask-Login over server-side sessions: the cookie holds a token, the database says whom it stands for."""

from __future__ import annotations

from flask_login import LoginManager, UserMixin

from tafcore.accounts import service
from tafcore.actor import Actor
from tafcore.permissions import asked_by_nobody

manager = LoginManager()


class SignedIn(UserMixin):
    """A user in one browser; its id for Flask-Login is the session token."""

    def __init__(self, actor: Actor, token: str) -> None:
        self.name = actor.label
        self.token = token
        self._actor = actor

    def get_id(self) -> str:
        return self.token

    def actor(self) -> Actor:
        return self._actor


@manager.user_loader
def load(token: str) -> SignedIn | None:
    found = service.actor_of_session(token, alive=not asked_by_nobody())
    return SignedIn(found, token) if found is not None else None
