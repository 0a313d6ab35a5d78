"""Choosing somebody of any organisation on a form: found by name, organisation or job, also without JavaScript."""

from __future__ import annotations

from typing import Any

from flask import request

from tafcore.episodes import reading
from tafcore.fields import number


def asked_for() -> str:
    """What was typed into the form's own search box."""
    return request.form.get("q", "").strip()[:100]


def chosen(*names: str) -> list[int | None]:
    """The ids of those chosen in fields of these names already."""
    typed = (request.form.get(name, "") for name in names)
    return [number(one) for one in typed if one.isdecimal()]


def people(*names: str, as_lead: bool = False) -> tuple[dict[str, Any], bool]:
    """The choices of fields of these names, and whether there are more than are shown: then the form asks for words."""
    found = reading.to_choose(asked_for(), *chosen(*names), as_lead=as_lead)
    return dict.fromkeys(names, found.pairs), found.more or bool(asked_for())
