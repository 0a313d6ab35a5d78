"""Loading the borough: places, practitioners, a family at each stage, Jack's story, and what plugins add."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from tafcore import hooks
from tafcore.db import clock_at, utcnow, writing
from tafcore.demo import apart, door, emergencies, jack, own_pages, places, stages, twice
from tafcore.demo.story import AREAS, Story
from tafcore.matching import pairs
from tafcore.references import drawn_from

Progress = Callable[[int], None]

FIRST = len(stages.STAGES) + 1
"""Stories told through the services: one at each stage, and Jack's. demo.bulk makes all others after them."""


def build(app: Flask, seed: int, password: str, progress: Progress) -> list[str]:
    """Fill an empty, migrated database; gives the addresses one can sign in with. `progress` is told 1 to FIRST.

    The same seed makes the same borough on the same day. Each story is one transaction, made through the services.
    """
    now = utcnow().replace(second=0, microsecond=0)
    with app.app_context(), clock_at(now), drawn_from(random.Random(seed)):
        with writing():
            borough = places.settle(seed, password)
        told: dict[str, Story] = {}
        for number, (stage, days) in enumerate(stages.STAGES.items()):
            with writing():
                story = Story(borough, AREAS[0], now - timedelta(days=days), number)
                story.guarded = stage == "planned"
                stages.tell(story, stage)
            told[stage] = story
            progress(number + 1)
        with writing():
            jack.concern(borough)
        with writing():
            door.told(borough, now)
        with writing():
            hooks.demo(borough)
        with writing():
            twice.told_again(told["after_second_taf"], told["asked_at_12_months"])
            twice.with_both(told["after_first_taf"], told["asked_at_6_months"])
        with writing():
            emergencies.told(told["after_second_taf"], told["planned"], now)
        with writing():
            own_pages.told(told["after_second_taf"], now)
        with writing():
            apart.told(told["after_second_taf"], now)
        pairs.look()
        progress(FIRST)
    return [f"{name}@{places.DOMAIN}" for name in places.SIGN_INS]
