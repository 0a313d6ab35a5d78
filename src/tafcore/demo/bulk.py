"""Thousands of families: one of each kind is told through the services in a scratch database, then set down again for
invented others until the borough is full. tests/demo proves a copy equal, table by table, to the services' own."""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Literal

from flask import Flask
from sqlalchemy import select

from tafcore import hooks
from tafcore.contacts.models import Contact
from tafcore.db import clock_at, database, session, settle, utcnow, writing
from tafcore.demo import crowd, places, stages
from tafcore.demo.capture import Sheet, captured
from tafcore.demo.copies import ADVISED, Chunk, Copier, Kind, Kinds, Plan, made_of
from tafcore.demo.loading import Loader, Moved
from tafcore.demo.story import Story
from tafcore.families.models import Family
from tafcore.people.commands import PersonDetails
from tafcore.references import drawn_from

BATCH = 500
"""Families a transaction."""
VARIANTS = 5
"""Households of each kind that the copies are made after, begun on different days of the week."""
CONTACTS_A_YEAR = 4000
"""Early-help contacts of a full borough: the design's assumption."""
HEAVY = 5000
"""Families from which on it pays to make the indexes anew afterwards."""
HISTORY = (timedelta(days=730), timedelta(days=3650))
"""The least and the most that families go back; more of them than a borough has in ten years are a region's."""
STORIES = VARIANTS * len(stages.STAGES)
"""How many `kinds` tells."""

Progress = Callable[[int], None]
Reach = Literal["phone", "email"]


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
    transaction. Rows are made by processes of their own where there are many, and written by this one. Afterwards
    `index` makes the indexes, which many families are written without."""
    with app.app_context():
        a_year = CONTACTS_A_YEAR / (1 + ADVISED)
        history = min(max(HISTORY[0], timedelta(days=365 * families / a_year)), HISTORY[1])
        open_at_once = int(families * stages.STAGES["closed"] / history.days) + 1
        with writing():
            areas = crowd.gather(seed, open_at_once)
        engine = database().engine
        session.close()
        engine.dispose()  # no connection may be shared with the processes that are begun below
        copier = Copier(Plan(made, areas, seed, history), engine.dialect)
        with Loader(engine) as loader:
            done = loader.families()
            progress(done)
            if families - done > max(done, HEAVY):
                loader.drop_indexes()
            while done < families:
                processes = min(os.cpu_count() or 1, (families - done) // BATCH)
                try:
                    for chunk, rows in made_of(copier, _chunks(copier.plan, loader, done, families), processes):
                        loader.write(rows, chunk.base)
                        done += chunk.families
                        progress(done)
                except Moved:
                    done = loader.families()


def index(app: Flask, progress: Progress) -> None:
    """Make the indexes that are missing, and let the planner know; `progress` is told of each, up to as many as
    `plain_indexes`."""
    with app.app_context():
        with Loader(database().engine) as loader:
            loader.make_indexes(progress)
        settle(database().engine)


def _chunks(plan: Plan, loader: Loader, done: int, families: int) -> Iterator[Chunk]:
    """The batches still to write, each with ids and references that nobody has."""
    base, fresh = loader.last(), loader.fresh()
    while done < families:
        size = min(BATCH, families - done)
        needed = [copy.kind for number in range(done, done + size) for copy in plan.of(number)]
        rows: Counter[str] = Counter()
        refs: Counter[str] = Counter()
        for kind in needed:
            rows.update(kind.rows)
            refs.update(kind.refs)
        yield Chunk(done, size, dict(base), {name: fresh(name, count) for name, count in refs.items()})
        base.update(rows)
        done += size
