"""Which tasks the help tells somebody about, and the first tour through them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.contributions import HelpPage
from tafcore.folding import fold
from tafcore.work import NotFound

LONGEST_TOUR = 7
LABEL = re.compile(r"\*([^*]+)\*")


@dataclass(frozen=True)
class Task:
    """A task as its help page shows it; `picture` is the address of its picture."""

    page: HelpPage
    picture: str


def tasks(actor: Actor, words: str = "") -> tuple[HelpPage, ...]:
    """What this actor may do, as far as it speaks of all of `words`."""
    asked = fold(words).split()
    mine = (page for _, page in hooks.help_pages() if actor.may(page.permission))
    return tuple(page for page in mine if all(word in _text(page) for word in asked))


def _text(page: HelpPage) -> str:
    return fold(" ".join((page.title, page.when, *page.steps, page.after, page.family)))


def task(key: str, actor: Actor) -> Task:
    """One page of the help. Raises NotFound where there is none, or none of this actor's tasks."""
    for owner, page in hooks.help_pages():
        if page.key == key and actor.may(page.permission):
            files = "static" if owner.startswith("core.") else f"{owner}.static"
            return Task(page, url_for(files, filename=f"help/{key}.png"))
    raise NotFound


def tour(actor: Actor) -> tuple[HelpPage, ...]:
    """The few tasks that those of this actor's roles begin with."""
    return tuple(page for page in tasks(actor) if page.tour & actor.roles)[:LONGEST_TOUR]


def of_endpoint(endpoint: str | None, actor: Actor) -> HelpPage | None:
    """The page that tells how to use the page of `endpoint`."""
    page = _by_endpoint().get(endpoint or "")
    return page if page is not None and actor.may(page.permission) else None


def _by_endpoint() -> Mapping[str, HelpPage]:
    return hooks.kept(
        "tafcore.help_of_endpoint",
        lambda: {endpoint: page for _, page in hooks.help_pages() for endpoint in page.endpoints},
    )


def pieces(text: str) -> Sequence[tuple[str, bool]]:
    """(words, whether they are a label on the screen): `Press *Save*` has two."""
    return [(words, at % 2 == 1) for at, words in enumerate(LABEL.split(text)) if words]
