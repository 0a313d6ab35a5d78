"""Paths of pages for notices and tasks, which the worker, the importer and the demo make outside any request."""

from typing import Any

from flask import current_app


def path(endpoint: str, **values: Any) -> str:
    """`/families/F-...`: the path of a page of this program."""
    return current_app.url_map.bind("").build(endpoint, values)
