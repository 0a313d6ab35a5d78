"""What an author types into a part of an assessment, kept as they type; nobody else reads it before they save it.

A field's key holds the version of its section that was on the page: what was typed on one that has moved on meanwhile
comes back beside what somebody else saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask.blueprints import BlueprintSetupState

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.assessments import assessing
from tafcore.assessments.commands import WriteSections
from tafcore.assessments.models import Assessment
from tafcore.assessments.views import pages
from tafcore.contributions import Problem
from tafcore.db import find_by_ref
from tafcore.families.access import visible_family_by_id
from tafcore.work import NotFound, Refused, allow

PREFIX = "assessment"
FIELDS = ("words", "scale", "withheld_why")


def subject_of(assessment: str, part: str, user_id: int | None) -> str:
    return f"{PREFIX}:{assessment}.{part}.{user_id or 0}"


def gate(rest: str, who: Actor) -> None:
    """Its author alone, as long as they may write this part and it is not with the manager."""
    allow(who, WriteSections.permission)
    ref, part, user = [*rest.split(".", 2), "", ""][:3]
    found = find_by_ref(Assessment, ref)
    if found is None or who.user_id is None or user != str(who.user_id):
        raise NotFound
    view = visible_family_by_id(found.family_id, who, "assessments.write", WriteSections.scopes)
    if not view.may("assessment"):
        raise NotFound
    assessing.about(view.only("assessment"), part)
    if found.state != "open":
        raise Refused([Problem("The assessment is with the manager: copy this into a note")])


@pages.record_once
def keep_drafts(state: BlueprintSetupState) -> None:
    drafts.register_subject(state.app, PREFIX, gate)


def forget(assessment: str) -> None:
    """The assessment is ended: what was typed and never saved goes. Call inside `writing()`."""
    drafts.discard_all(f"{PREFIX}:{assessment}.")


def key_of(section: str, base: Any) -> str:
    """A row's lasting key: its section, as it stood when somebody began to type."""
    return f"{section}.{base}"


def typed(draft: drafts.Draft) -> Mapping[str, tuple[int, Mapping[str, str]]]:
    """section -> (the version it was typed on, field -> value), of what was typed on the newest version."""
    found: dict[str, tuple[int, dict[str, str]]] = {}
    for name, value in draft.values.items():
        rows, key, field = [*name.split("-", 2), "", ""][:3]
        section, _, base = key.rpartition(".")
        if rows != "sections" or field not in FIELDS or not base.isdecimal():
            continue
        version = int(base)
        if version > found.get(section, (-1, {}))[0]:
            found[section] = (version, {})
        if version == found[section][0]:
            found[section][1][field] = value
    return found
