"""Adding services to the directory."""

from __future__ import annotations

from tafcore.db import session
from tafcore.directory.models import Service
from tafcore.folding import fold


def add_service(
    name: str,
    organisation_id: int,
    what: str,
    phone: str | None = None,
    hours: str | None = None,
    ages: tuple[int | None, int | None] = (None, None),
) -> Service:
    """A service of an organisation; `ages` are the youngest and oldest it is for, in years. Call inside `writing()`."""
    made = Service(name=name, sort_name=fold(name), organisation_id=organisation_id, what=what, phone=phone)
    made.hours, (made.min_age, made.max_age) = hours, ages
    session.add(made)
    session.flush()
    return made
