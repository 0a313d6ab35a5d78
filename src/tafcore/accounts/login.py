"""Flask-Login over server-side sessions: the cookie holds a token, the database says whom it stands for."""

from __future__ import annotations

from flask_login import LoginManager, UserMixin

from tafcore.accounts import service
from tafcore.accounts.models import User
from tafcore.actor import Actor

manager = LoginManager()


class SignedIn(UserMixin):
    """A user in one browser; its id for Flask-Login is the session token."""

    def __init__(self, user: User, token: str) -> None:
        self.name = user.name
        self.token = token
        self._actor = user.actor()

    def get_id(self) -> str:
        return self.token

    def actor(self) -> Actor:
        return self._actor


@manager.user_loader
def load(token: str) -> SignedIn | None:
    user = service.user_of_session(token)
    return SignedIn(user, token) if user is not None else None
