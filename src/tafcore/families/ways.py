"""Phones and mailboxes by which a message may reach somebody of a family: recorded as safe, and as theirs alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from tafcore.db import rows_of
from tafcore.families.shapes import PersonView
from tafcore.people.models import ContactWay, Person

KINDS = {"phone": "text", "email": "mailto"}
MOBILE = "+447"

_OTHERS, _OTHER, _GONE = aliased(ContactWay), aliased(Person), aliased(Person)
_SAFE_WAYS = (
    select(ContactWay.id, ContactWay.kind, ContactWay.value, ContactWay.when)
    .where(
        ContactWay.person_id.in_(bindparam("people", expanding=True)),
        ~exists(select(_GONE.id).where(_GONE.id.in_(bindparam("people", expanding=True)), _GONE.died.is_not(None))),
        ContactWay.until_day.is_(None),
        ContactWay.safe.is_(True),
        ~exists(
            select(_OTHERS.id)
            .join(_OTHER, _OTHER.id == _OTHERS.person_id)
            .where(
                _OTHERS.value == ContactWay.value,
                _OTHERS.until_day.is_(None),
                _OTHERS.person_id.not_in(bindparam("people", expanding=True)) | _OTHERS.safe.is_(False),
            )
        ),
    )
    .order_by(ContactWay.id)
)
"""Ways recorded as safe, which no record says are unsafe or somebody else's too."""


def safe_ways(person: PersonView) -> Sequence[Any]:
    """(id, kind, value, when) of the mobiles and mailboxes that are this person's own, and safe to use; to somebody who
    died nobody writes."""
    return safe_ways_of(person.records)


def safe_ways_of(records: Collection[int]) -> Sequence[Any]:
    """The same of somebody with these records."""
    rows = rows_of(_SAFE_WAYS, people=list(records))
    return [row for row in rows if row.kind == "email" or row.value.startswith(MOBILE)]


def address_of(way: Any) -> str:
    """A notice's address: `text:+44...` or `mailto:...`."""
    return f"{KINDS[way.kind]}:{way.value}"
