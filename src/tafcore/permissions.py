"""Every page declares who may open it; what declares nothing is refused, at start and at the door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from flask_login import current_user

from tafcore import hooks
from tafcore.actor import VISITOR, Actor
from tafcore.contributions import Permission
from tafcore.work import NotAllowed

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed-in"


class SignInNeeded(Exception):
    """Nobody is signed in; pages go to the sign-in page, autosave and the API answer 401."""


def requires(permission: str) -> Callable[[View], View]:
    """Declare the permission a view needs; `public` and `signed_in` are the two other declarations."""

    def declare(view: View) -> View:
        cast(Any, view).permission = permission
        return view

    return declare


def public(why: str) -> Callable[[View], View]:
    """A page open to anybody, with the reason it is."""

    def declare(view: View) -> View:
        cast(Any, view).permission = PUBLIC
        cast(Any, view).public_because = why
        return view

    return declare


def signed_in(view: View) -> View:
    """A page open to everybody signed in, about nobody but themselves."""
    cast(Any, view).permission = SIGNED_IN
    return view


def unattended(view: View) -> View:
    """A page that a browser asks for by itself: asking for it keeps nobody signed in."""
    cast(Any, view).unattended = True
    return view


def asked_by_nobody() -> bool:
    """Whether the page asked for is one that a browser asks for by itself."""
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), "unattended", False))


def declared(view: Callable[..., Any]) -> str | None:
    """The declaration of a view function, or None."""
    return getattr(view, "permission", None)


def actor() -> Actor:
    """Who acts in this request."""
    if "actor" in g:
        return cast(Actor, g.actor)
    if current_user and current_user.is_authenticated:
        g.actor = current_user.actor()
        return cast(Actor, g.actor)
    return VISITOR


def guard() -> None:
    """Before every request and before its body is read: no declared permission, no page."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or str(request.endpoint).split(".")[-1] == "static":  # the program's files and plugins' own
        return
    needed = declared(view)
    if needed == PUBLIC:
        return
    if needed is None:
        raise NotAllowed("undeclared")
    who = actor()
    if who is VISITOR:
        raise SignInNeeded
    if needed != SIGNED_IN and not who.may(needed):
        raise NotAllowed(needed)


def known(app: Flask) -> dict[str, Permission]:
    """All permissions by name."""
    return cast(dict[str, Permission], app.extensions["tafcore.permissions"])


def held(roles: frozenset[str]) -> frozenset[str]:
    """The names of the permissions that these roles hold."""
    cache = current_app.extensions.setdefault("tafcore.held", {})
    if roles not in cache:
        cache[roles] = frozenset(one.name for one in known(current_app).values() if one.roles & roles)
    return cast("frozenset[str]", cache[roles])


def collect(app: Flask) -> None:
    """Keep what the features and plugins declare."""
    manager = app.extensions["tafcore.plugins"]
    app.extensions["tafcore.permissions"] = {one.name: one for _, one in hooks.permissions(manager)}


def before(check: Callable[..., dict[str, Any]]) -> Callable[[View], View]:
    """Run `check(**url values)` before the view and hand it what that returns instead of those values."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            return view(**check(**values))

        return cast(View, guarded)

    return wrap
