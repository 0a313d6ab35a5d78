"""Tables about people. `person` holds current values; `person_statement` is who said each of them, and when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tafcore.db import Addressed, Fact, Row, SortText, utcnow

_MERGED = text("canonical_id IS NOT NULL")
_IN_FORCE = text("ended_at IS NULL")


class Person(Addressed):
    """Somebody helped, or somebody around them.

    `born` has a precision (`day`, `month`, `year`); an unborn child has `due` instead. `restricted` people yield only
    the duty line. `canonical_id` points at the survivor of a merge, which has none itself: people.same reads it.
    """

    __tablename__ = "person"
    forename: Mapped[str]
    surname: Mapped[str]
    called: Mapped[str | None]
    sort_name: Mapped[str] = mapped_column(SortText(), index=True)
    born: Mapped[date | None] = mapped_column(index=True)
    born_precision: Mapped[Literal["day", "month", "year"]] = mapped_column(String(5), default="day")
    due: Mapped[date | None]
    died: Mapped[date | None]
    sex: Mapped[str | None] = mapped_column(String(1))
    gender: Mapped[str | None]
    ethnicity: Mapped[str | None] = mapped_column(String(4))
    language: Mapped[str | None]
    interpreter: Mapped[bool | None]
    disability: Mapped[str | None]
    sen: Mapped[str | None] = mapped_column(String(1))
    restricted: Mapped[bool] = mapped_column(default=False)
    canonical_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    __table_args__ = (
        Index("ix_person_same", text("coalesce(canonical_id, id)")),  # people.same.same
        # Few are merged or restricted. An index of all would tell the planner that it finds everybody.
        Index("ix_person_canonical_id", "canonical_id", sqlite_where=_MERGED, postgresql_where=_MERGED),
        Index("ix_person_restricted", "id", sqlite_where=text("restricted = 1"), postgresql_where=text("restricted")),
    )


class PersonMerge(Row):
    """That two records are one person, why and who decided. Undone, it stays on record.

    `before` is what the survivor's own row and current addresses were, and which rows it had: for taking them apart.
    """

    __tablename__ = "person_merge"
    survivor_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    undone_why: Mapped[str | None]
    __table_args__ = (
        Index(
            "uq_person_merge_live",
            "merged_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )


class PersonStatement(Fact, Row):
    """That somebody said something about a person: `field` is a column of person, an address, a phone ..."""

    __tablename__ = "person_statement"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    field: Mapped[str] = mapped_column(String(30))
    value: Mapped[str]
    source: Mapped[str] = mapped_column(String(20), default="")
    __table_args__ = (Index("ix_person_statement_current", "person_id", "field", "superseded_at"),)


class PersonIdentifier(Row):
    """A number in a scheme: `nhs`, `upn`, `former_upn`, `uln`."""

    __tablename__ = "person_identifier"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    scheme: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("scheme", "value", "person_id"),)


class Address(Row):
    """Where a person lives or lived. `kind`: permanent, temporary, refuge, none."""

    __tablename__ = "address"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="permanent")
    text: Mapped[str]
    postcode: Mapped[str | None] = mapped_column(String(8), index=True)
    uprn: Mapped[str | None] = mapped_column(String(12))
    from_day: Mapped[date | None]
    until_day: Mapped[date | None]


class ContactWay(Row):
    """A phone or e-mail of a person: `safe` yes, no or not known, and when to use it."""

    __tablename__ = "contact_way"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(6))
    value: Mapped[str] = mapped_column(index=True)
    safe: Mapped[bool | None]
    when: Mapped[str | None]
    until_day: Mapped[date | None]


class Relationship(Row):
    """`person` is the `kind` of `other` (mother, step-father, sibling ...), since `from_day` if that was said.

    It holds until it is ended (`ended_at`): on `until_day`, or as a `mistake` that never held. Nothing of it is erased.
    `family_id` is whose record it was told in; who recorded the first of them is not known.
    """

    __tablename__ = "relationship"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    kind: Mapped[str] = mapped_column(String(30))
    from_day: Mapped[date | None]
    said_by: Mapped[str | None]
    recorded_by: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(default=utcnow)
    until_day: Mapped[date | None]
    mistake: Mapped[bool] = mapped_column(default=False)
    ended_said_by: Mapped[str | None]
    ended_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class Responsibility(Row):
    """That `person` of a relationship has parental responsibility for its `other`, has none, or that nobody knows
    (`held` empty), since a day if that was said. What was recorded last holds."""

    __tablename__ = "parental_responsibility"
    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationship.id"), index=True)
    held: Mapped[bool | None]
    from_day: Mapped[date | None]
    said_by: Mapped[str | None]
    recorded_by: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(default=utcnow)


class SafetyRule(Row):
    """`protected` is kept safe from `from_person`: the hidden facts (space-separated words of people.rules.FACTS)."""

    __tablename__ = "safety_rule"
    protected_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    facts: Mapped[str]
    safe_ways: Mapped[str | None]
    reason: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime] = mapped_column(default=utcnow)
    review_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_safety_rule_in_force", "protected_id", sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
    )
