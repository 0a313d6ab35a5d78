"""No template is ever handed a row of the database about people or families: only what a view lets through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from flask import template_rendered

from tafcore.db import Model

TABS = ("", "/people", "/chronology", "/genogram", "/sharing", "/shared-view", "/people/new", "/sharing/basis")


def rows_in(value: Any, path: str, depth: int = 0) -> Iterator[str]:
    """Where, in what a template was given, a row of the database is."""
    if isinstance(value, Model):
        yield f"{path}: {type(value).__name__}"
    elif depth > 6:
        return
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from rows_in(one, f"{path}.{key}", depth + 1)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for number, one in enumerate(value):
            yield from rows_in(one, f"{path}[{number}]", depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from rows_in(getattr(value, each.name), f"{path}.{each.name}", depth + 1)


@pytest.fixture
def given(app) -> Iterator[list[tuple[str, Mapping[str, Any]]]]:
    found: list[tuple[str, Mapping[str, Any]]] = []

    def note(_app: object, template: Any, context: Mapping[str, Any], **_: object) -> None:
        found.append(
            (template.name, {key: one for key, one in context.items() if key not in ("g", "request", "session")})
        )

    with template_rendered.connected_to(note, app):
        yield found


def test_templates_get_views_never_rows(home, alone, sign_in, given) -> None:
    for browser in (alone(home.manager), sign_in(home.lead)):
        for path in ("/", "/families", *(f"/families/{home.family.ref}{tab}" for tab in TABS)):
            assert browser.get(path).status_code == 200, path
    assert len(given) >= 2 * (len(TABS) + 2)
    faults = [fault for name, context in given for fault in rows_in(context, name)]
    assert not faults, faults
