"""Thousands of families: one of each kind is told through the services in a scratch database, then set down again for
invented others until the borough is full. tests/demo proves a copy equal, table by table, to the services' own."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from flask import Flask
from sqlalchemy import Connection, Dialect, func, select, text

from tafcore import hooks
from tafcore.contacts.models import Contact
from tafcore.db import Model, clock_at, database, session, utcnow, writing
from tafcore.demo import crowd, invented, places, stages
from tafcore.demo.crowd import Area
from tafcore.demo.stencil import Filling, Sheet, Stencil, captured
from tafcore.demo.story import Story
from tafcore.families.models import Family
from tafcore.matching.index import stored_keys
from tafcore.matching.service import traits_told
from tafcore.notices import worker
from tafcore.people.commands import PersonDetails
from tafcore.references import drawn_from, new_ref

BATCH = 250
"""Families a transaction."""
VARIANTS = 5
"""Households of each kind that the copies are made after, begun on different days of the week."""
CONTACTS_A_YEAR = 4000
"""Early-help contacts of a full borough: the design's assumption."""
ADVISED = 1.35
"""Contacts answered with advice for each that becomes early help: 4,000 contacts, 1,702 assessments a year."""
HISTORY = (timedelta(days=730), timedelta(days=3650))
"""The least and the most that families go back; more of them than a borough has in ten years are a region's."""
PREFIXES = {
    "contact": "C", "family": "F", "person": "P", "meeting": "M", "step": "S", "need": "N", "note": "N", "goal": "G",
    "action": "A", "plan_measure": "R", "visit": "V", "voice_entry": "W",
}  # fmt: skip

STORIES = VARIANTS * len(stages.STAGES)
"""How many `kinds` tells."""

Progress = Callable[[int], None]
Reach = Literal["phone", "email"]


@dataclass
class Kind:
    """One household at one stage, `days` old, as captured."""

    days: int
    told: tuple[PersonDetails, ...]
    sheet: Sheet


@dataclass
class Kinds:
    """Stage -> its kinds; and every word for staff and places in them -> which of crowd.PARTS it is of."""

    stages: dict[str, list[Kind]]
    names: dict[str, crowd.Word]
    staff: dict[tuple[str, int], crowd.Word]


def kinds(scratch: Flask, seed: int, reach: Reach, progress: Progress, variants: int | None = None) -> Kinds:
    """Tell `variants` families to each stage in an empty, migrated scratch database, and capture them.

    There are 1,000 drama telephone numbers: more families than that are better reached by e-mail.
    """
    now = utcnow().replace(second=0, microsecond=0)
    with scratch.app_context(), clock_at(now), drawn_from(random.Random(seed)):
        with writing():
            borough = places.settle(seed, "")
        stories: dict[str, list[Story]] = defaultdict(list)
        for number in range(variants or VARIANTS):
            for stage, days in stages.STAGES.items():
                with writing():
                    story = Story(borough, "larch", now - timedelta(days=days + number), number)
                    story.told = _reached(borough.invention.household(now.date(), 1 + number % 3), reach)
                    stages.tell(story, stage)
                    stories[stage].append(story)
                progress(sum(map(len, stories.values())))
        with writing():
            hooks.demo(borough)
        worker.once(scratch)
        made = {
            stage: [Kind(stages.STAGES[stage] + at, one.told, _sheet(one)) for at, one in enumerate(told)]
            for stage, told in stories.items()
        }
        return Kinds(made, *crowd.words_of(borough))


def _reached(told: tuple[PersonDetails, ...], reach: Reach) -> tuple[PersonDetails, ...]:
    if reach == "phone":
        return told
    return tuple(
        one.model_copy(update={"phone": None, "email": f"{one.forename}.{one.surname}@families.example".lower()})
        if one.phone
        else one
        for one in told
    )


def _sheet(story: Story) -> Sheet:
    contact = session.scalars(select(Contact.id).where(Contact.ref == story.contact)).one()
    families = list(session.scalars(select(Family.id).where(Family.ref == story.family)))
    return captured(families, [contact])


def fill(app: Flask, made: Kinds, families: int, seed: int, progress: Progress) -> None:
    """Copy until the borough has `families` families. What was interrupted goes on where it ended; each batch is one
    transaction. Call with an installation that has its demo staff (`crowd.gather` makes them)."""
    with app.app_context():
        a_year = CONTACTS_A_YEAR / (1 + ADVISED)
        history = min(max(HISTORY[0], timedelta(days=365 * families / a_year)), HISTORY[1])
        open_at_once = int(families * stages.STAGES["closed"] / history.days) + 1
        with writing():
            areas = crowd.gather(seed, open_at_once)
        engine = database().engine
        stencils = {
            id(kind): Stencil(kind.sheet, kind.told, made.names, engine.dialect)
            for each in made.stages.values()
            for kind in each
        }
        done = session.scalar(select(func.count()).select_from(Family)) or 0
        progress(done)
        while done < families:
            size = min(BATCH, families - done)
            with writing():
                batch = Batch(session.connection(), engine.dialect, stencils, made)
                for number in range(done, done + size):
                    _family(batch, areas, number, seed, history)
                batch.write()
            done += size
            progress(done)


def _family(batch: Batch, areas: Sequence[Area], number: int, seed: int, history: timedelta) -> None:
    rng = random.Random(f"{seed}:{number}")
    helped = [stage for stage in stages.STAGES if stage not in stages.NO_FAMILY]
    for stage_of, times in ((helped, 1), (stages.NO_FAMILY, int(ADVISED) + (rng.random() < ADVISED % 1))):
        for again in range(times):
            days = rng.randint(min(stages.STAGES[stage] for stage in stage_of), history.days)
            stage = max((stage for stage in stage_of if stages.STAGES[stage] <= days), key=stages.STAGES.__getitem__)
            kind = rng.choice(batch.kinds.stages[stage])
            batch.add(kind, rng, rng.choice(areas), max(0, days - kind.days) // 7, number * 3 + again)


class Batch:
    """Copies that are written together."""

    def __init__(self, connection: Connection, dialect: Dialect, stencils: Mapping[int, Stencil], kinds: Kinds) -> None:
        self.kinds, self._connection, self._dialect, self._stencils = kinds, connection, dialect, stencils
        self._rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        self._base: dict[str, int] = {}
        self._columns: dict[str, list[str]] = {}
        self._refs = {name: self._fresh(name) for name in PREFIXES}
        self._used: dict[str, set[str]] = defaultdict(set)
        self._rng = random.Random()

    def add(self, kind: Kind, rng: random.Random, area: Area, weeks: int, number: int) -> None:
        """One copy, `weeks` earlier than what it is copied from. `number` makes its people's numbers."""
        self._rng = rng
        stencil = self._stencils[id(kind)]
        people = invented.another(rng, kind.told, weeks, number)
        self.copy(stencil, people, weeks, *area.cast(rng, self.kinds.names, self.kinds.staff))

    def copy(
        self,
        stencil: Stencil,
        people: Sequence[PersonDetails],
        weeks: int,
        staff: Mapping[tuple[str, int], int | None],
        said: Mapping[str, str],
    ) -> None:
        """One copy about exactly these people, with these staff."""
        for name in stencil.sizes:
            if name not in self._base:
                self._base[name] = self._last(name)
        filling = Filling(dict(self._base), weeks, people, staff, said, self._refs, self._hex)
        for name, rows in stencil.set_down(filling).items():
            self._rows[name] += rows
            self._columns[name] = stencil.columns[name]
        for table, owner in (("person_key", "person"), ("contact_person_key", "contact_person")):
            first = self._base.get(owner, 0)
            if stencil.sizes.get(owner):
                self._keys(table, owner, first, people)
        for name, size in stencil.sizes.items():
            self._base[name] += size

    def _keys(self, table: str, owner: str, first: int, people: Sequence[PersonDetails]) -> None:
        if table not in self._base:
            self._base[table] = self._last(table)
        self._columns[table] = ["id", f"{owner}_id", "key"]
        for at, one in enumerate(people, 1):
            for key in sorted(stored_keys(traits_told(one))):
                self._base[table] += 1
                self._rows[table].append((self._base[table], first + at, key))

    def write(self) -> None:
        """Everything added, in the order of the tables' foreign keys."""
        if self._dialect.name == "sqlite":  # a meeting names the next one, which is a later row
            self._connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in Model.metadata.sorted_tables:
            if rows := self._rows.get(table.name):
                self._insert(table.name, self._columns[table.name], rows)

    def _insert(self, table: str, columns: Sequence[str], rows: list[tuple[object, ...]]) -> None:
        quoted = ", ".join(self._dialect.identifier_preparer.quote(column) for column in columns)
        if self._dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            self._connection.exec_driver_sql(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows)
            return
        driver = self._connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as lines:
            for row in rows:
                lines.write_row(row)
        self._connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
            {"name": table, "last": self._base[table]},
        )

    def _last(self, table: str) -> int:
        column = Model.metadata.tables[table].c.id
        return self._connection.scalar(select(func.max(column))) or 0

    def _hex(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"

    def _fresh(self, table: str) -> Iterator[str]:
        """References that nobody has, drawn some dozens at a time."""
        column = Model.metadata.tables[table].c.ref
        while True:
            drawn = {new_ref(PREFIXES[table], self._rng) for _ in range(200)} - self._used[table]
            taken = set(self._connection.scalars(select(column).where(column.in_(drawn))))
            self._used[table] |= drawn
            yield from sorted(drawn - taken)
