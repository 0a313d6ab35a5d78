"""Everything that somebody can ask for: every page, file and search there is, generated from the routes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.cli.installation import every_permission

from .conftest import METHODS, Borough
from .said import said

LEFT_ALONE = frozenset({"accounts.sign_out", "record.shared_view", "drafts.save"})
"""Routes that end a session or the shared view, and one that is asked by scripts for what its own user typed."""
EVERY_OPTION = re.compile(r"<option(?![^>]*\bselected)[^>]*>[^<]*</option>")
"""A list to choose from holds every school there is: only what is chosen tells of somebody."""


def everything(
    borough: Borough, browser: Any, meetings: Sequence[str] = (), forms: bool = False, **typed: str
) -> Iterator[tuple[str, Any]]:
    """(address, answer) of every page there is, and of every search for what is `typed`; with `forms`, of every form
    sent with nonsense. Those of a meeting for each of `meetings`, else for the example."""
    example = borough.examples[borough.family.ref]
    for number, meeting in enumerate(meetings or [example["/meetings/"]]):
        example["/meetings/"] = meeting
        for rule in borough.rules():
            again = number > 0 and not rule.rule.startswith("/meetings/<")
            if rule.rule.startswith("/api/") or rule.endpoint in LEFT_ALONE or again:
                continue
            for method in METHODS if forms or not rule.arguments else ("GET",):
                if method in rule.methods:
                    path = borough.path(rule)
                    asked = {"query_string": typed} if method == "GET" else {"data": typed or None}
                    yield f"{method} {path}", browser.open(path, method=method, **asked)


def of_the_api(borough: Borough, email: str, **more: Any) -> Iterator[tuple[Any, Any]]:
    """(rule, answer) of every resource; what is posted is `more`."""
    for rule in borough.rules():
        for method in METHODS if rule.rule.startswith("/api/") else ():
            if method in rule.methods:
                sent = more if method == "POST" else {}
                yield rule, borough.call(email, borough.app.test_client(), method, borough.path(rule), **sent)


def exported(borough: Borough, folder: Path) -> Mapping[str, str]:
    """Name -> what each file says that `tafcore export` can write."""
    found, actor = {}, Actor("importer", None, "Export", permissions=every_permission(borough.app))
    for one in hooks.exports():
        one.write(folder / one.name, {"actor": actor})
        found[one.name] = (folder / one.name).read_text("utf-8", "replace")
    return found


def told_to(answers: Any, secrets: Sequence[str]) -> list[tuple[str, str]]:
    """(path, secret) of everything that an answer says and must not."""
    texts = ((path, EVERY_OPTION.sub("", said(answer))) for path, answer in answers)
    return [(path, word) for path, text in texts for word in secrets if word in text]
