"""Plugin panels, rendered so that one that fails spoils neither the page nor the transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from flask import render_template

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.contributions import Panel
from tafcore.db import session

log = structlog.get_logger()


def family_panels(view: Any, actor: Actor) -> list[Panel]:
    """What plugins show on a family's page, from what `view` lets this actor see."""
    return _safely("family_panels", {"view": view, "actor": actor})


def home_panels(actor: Actor) -> list[Panel]:
    """What plugins show on my work."""
    return _safely("home_panels", {"actor": actor})


def _safely(hook: str, arguments: Mapping[str, Any]) -> list[Panel]:
    """The panels of `hook`, rendered to `context["html"]`; a failing plugin's says "not available".

    An SQL fault spoils the whole read transaction on PostgreSQL, so it is rolled back before the next panel is asked.
    """
    found: list[tuple[int, str, Panel]] = []
    manager = hooks.plugin_manager()
    for implementation in getattr(manager.hook, hook).get_hookimpls():
        name = implementation.plugin_name
        try:
            panels = implementation.function(*(arguments[each] for each in implementation.argnames)) or ()
            found += [(panel.order, name, _rendered(panel)) for panel in panels]
        except Exception as fault:  # a plugin may raise anything; the page must still come
            log.error("panel_failed", plugin=name, hook=hook, fault=type(fault).__name__)
            session.rollback()
            found.append((90, name, _missing(name)))
    return [panel for _, _, panel in sorted(found, key=lambda row: row[:2])]


def _rendered(panel: Panel) -> Panel:
    html = render_template(panel.template, **panel.context)
    return Panel(panel.title, panel.template, {**panel.context, "html": html}, panel.order)


def _missing(name: str) -> Panel:
    return Panel(hooks.title(name), "", {"html": "", "missing": True}, 90)
