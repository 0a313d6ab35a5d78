"""Loading the borough: places, practitioners, a family at each stage, Jack's story, and what plugins add."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from tafcore import hooks
from tafcore.db import clock_at, utcnow, writing
from tafcore.demo import jack, places, stages
from tafcore.references import drawn_from

Progress = Callable[[int, int, str], None]


def build(app: Flask, families: int, seed: int, password: str, progress: Progress) -> list[str]:
    """Fill an empty, migrated database; gives the addresses one can sign in with.

    The same seed makes the same borough on the same day. Each family is one transaction, made through the services.
    """
    now = utcnow().replace(second=0, microsecond=0)
    with app.app_context(), clock_at(now), drawn_from(random.Random(seed)):
        with writing():
            borough = places.settle(seed, password)
        for number in range(families - 1):
            with writing():
                _family(borough, number, len(stages.STAGES))
            progress(number + 1, families, "families")
        with writing():
            jack.concern(borough)
        with writing():
            hooks.demo(borough)
        progress(families, families, "families")
    return [f"{name}@{places.DOMAIN}" for name in places.SIGN_INS]


def _family(borough: places.Borough, number: int, rounds: int) -> None:
    """The first round shows every stage in the hub worker's own area; after it most families are closed ones."""
    names = list(stages.STAGES)
    stage = (
        names[number] if number < rounds else borough.rng.choice([*names, *["closed"] * 8, *["after_first_taf"] * 3])
    )
    area = stages.AREAS[0] if number < rounds else stages.AREAS[number % len(stages.AREAS)]
    ago = stages.STAGES[stage] + (borough.rng.randint(0, 120) if stage == "closed" and number >= rounds else 0)
    begun = utcnow() - timedelta(days=ago)
    guarded = stage == "planned" and number < rounds
    stages.tell(stages.Story(borough, area, begun, number, guarded=guarded), stage)
