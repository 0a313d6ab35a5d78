"""Addresses of pages: for notices and tasks, which are made outside any request too, and for what is sent away."""

from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any

from flask import current_app, has_request_context, request, url_for

MOST = 5000
"""Addresses that are kept: making one takes as long as asking the database, and a page has dozens."""
PLAIN = frozenset({str, int, NoneType})
SECRET = frozenset({"token", "key", "code"})
"""What opens a page by itself is in no address that is kept."""


def path(endpoint: str, **values: Any) -> str:
    """`/families/F-...`: the path of a page of this program."""
    return _kept("path", endpoint, values, lambda: current_app.url_map.bind("").build(endpoint, values))


def address(endpoint: str, **values: Any) -> str:
    """Flask's `url_for`, as templates use it."""
    if endpoint.startswith(".") or not has_request_context():
        return url_for(endpoint, **values)
    return _kept(request.script_root, endpoint, values, lambda: url_for(endpoint, **values))


def _kept(root: str, endpoint: str, values: Mapping[str, Any], make: Callable[[], str]) -> str:
    for name, value in values.items():
        if type(value) not in PLAIN or name[0] == "_" or name in SECRET:
            return make()
    made: dict[Any, str] = current_app.extensions.setdefault("tafcore.addresses", {})
    key = (root, endpoint, *values.items())
    found = made.get(key)
    if found is None:
        if len(made) >= MOST:
            made.clear()
        found = made[key] = make()
    return found


def public(endpoint: str, **values: Any) -> str:
    """The whole address of a page, for mails and for passing on: under PUBLIC_URL.

    Without that setting it is as this request was addressed; outside any request it is empty, and left out of mails.
    """
    here = current_app.config["PUBLIC_URL"]
    if here:
        return f"{here}{path(endpoint, **values)}"
    return url_for(endpoint, _external=True, **values) if has_request_context() else ""
