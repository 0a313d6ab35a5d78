"""Adding services to the directory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tafcore.db import session
from tafcore.directory.models import Service, ServiceOpening
from tafcore.folding import fold


def add_service(
    name: str,
    organisation_id: int,
    what: str,
    phone: str | None = None,
    hours: str | None = None,
    ages: tuple[int | None, int | None] = (None, None),
    openings: Iterable[tuple[int, str, str]] = (),
    **more: Any,
) -> Service:
    """A service of an organisation; `ages` are the youngest and oldest it is for, in years, `openings` (weekday, from,
    until). Call inside `writing()`."""
    made = Service(name=name, sort_name=fold(name), organisation_id=organisation_id, what=what, phone=phone, **more)
    made.hours, (made.min_age, made.max_age) = hours, ages
    session.add(made)
    session.flush()
    session.add_all(
        ServiceOpening(service_id=made.id, weekday=day, opens=opens, closes=closes) for day, opens, closes in openings
    )
    session.flush()
    return made
