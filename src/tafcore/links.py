"""Addresses of pages: for notices and tasks, which are made outside any request too, and for what is sent away."""

from typing import Any

from flask import current_app, has_request_context, url_for


def path(endpoint: str, **values: Any) -> str:
    """`/families/F-...`: the path of a page of this program."""
    return current_app.url_map.bind("").build(endpoint, values)


def public(endpoint: str, **values: Any) -> str:
    """The whole address of a page, for mails and for passing on: under PUBLIC_URL.

    Without that setting it is as this request was addressed; outside any request it is empty, and left out of mails.
    """
    here = current_app.config["PUBLIC_URL"]
    if here:
        return f"{here}{path(endpoint, **values)}"
    return url_for(endpoint, _external=True, **values) if has_request_context() else ""
