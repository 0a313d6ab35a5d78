"""What the buttons of the register page do to its rows, with and without JavaScript; all of it is kept in the draft."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tafcore import drafts
from tafcore.contacts import enclosures
from tafcore.contacts.door import Shown, token
from tafcore.contacts.on_record import names_of, told_of
from tafcore.contacts.rules import MOST_PEOPLE as MOST
from tafcore.contacts.unfinished import holdable
from tafcore.contributions import Problem
from tafcore.db import writing
from tafcore.families.access import PersonView
from tafcore.folding import fold
from tafcore.people.heard import Heard
from tafcore.permissions import actor

if TYPE_CHECKING:
    from tafcore.contacts.entry import Entry


def press(entry: Entry) -> None:
    """Do what the pressed button says. One whose choice is gone, because what was typed has changed, does nothing."""
    pressed = entry.page.pressed
    name, _, which = pressed.rpartition("-")
    if pressed == "_add-people":
        add(entry)
    elif pressed == "_add-agreement":
        add_answer(entry)
    elif name in ("_remove-people", "_remove-agreement"):
        rows = entry.form[name.removeprefix("_remove-")]
        gone = next((one for one in rows.entries if one.name == f"{rows.name}-{which}"), None)
        if gone is not None:
            _remove(entry, rows, gone)
    elif name == "_take-out" and which.isdecimal():
        with writing():
            enclosures.take_out(entry.key, int(which))
    elif entry.clashes:  # the same form again, such as a page that was reloaded: nobody is added twice
        return
    elif pressed == "_add-line":
        _add_line(entry, entry.line.heard)
    elif name == "_it-is" and (chosen := entry.line.chosen(which)):
        _add_line(entry, chosen[1], chosen[0])
    elif name == "_other":
        _add_other(entry, which)
    elif name == "_home":
        _live_at(entry, which)
    entry.look_anew()


def add(entry: Entry, told: Mapping[str, str] | None = None) -> str:
    """One more row; with what is told of somebody, in the place of the first blank one. Gives its key, or nothing where
    there is no room."""
    rows = entry.form.people
    blank = next((one for one in rows.entries if one.form.blank), None) if told is not None else None
    if len(rows.entries) >= MOST and blank is None:
        if told is not None:
            entry.page.refuse([Problem(f"{MOST} people are here already: no more can be added", "line")])
        return ""
    key = drafts.new_row_key()
    row = {"row_key": key, "role": blank.form.role.data or "" if blank else "", **(told or {})}
    if blank:
        _remove(entry, rows, blank)
    rows.append_entry(row)
    if told is not None:
        _keep(entry, {f"people-{key}-{name}": value for name, value in row.items()})
    entry.fresh = key
    return key


def add_answer(entry: Entry) -> None:
    """One more row for what somebody says to the offer of help, where there is room."""
    rows = entry.form.agreement
    if len(rows.entries) < MOST:
        entry.fresh = drafts.new_row_key()
        rows.append_entry({"row_key": entry.fresh})


def _remove(entry: Entry, rows: Any, row: Any) -> None:
    rows.entries.remove(row)
    prefix = f"{rows.name}-{row.form.row_key.data}-"
    _keep(entry, {name: "" for name, value in entry.draft.values.items() if name.startswith(prefix) and value})


def _add_line(entry: Entry, heard: Heard, shown: Shown | None = None) -> None:
    """Who was typed into the search line, as a row; with `shown`, as the one on record."""
    if not heard:
        return
    known = _seen(shown)
    told = dict((heard.named_as(**names_of(known)) if known else heard).parts)
    if known or heard.due:
        told["role"] = known.role if known else "unborn"
    if known and heard.only_named:  # which finds nobody again
        told = told_of(known)
    if known and not told.keys() & {"forename", "surname"}:
        told |= names_of(known)
    shared = {"address": entry.form.address.data or "", "postcode": entry.form.postcode.data or ""}
    home = {name: told.get(name, "") for name in shared}
    # Where the first of them lives all do, until somebody says otherwise; of those on record it is known.
    first = not known and not any(shared.values())
    if first or _plain(home) == _plain(shared):
        told = {name: value for name, value in told.items() if name not in home}
    key = add(entry, told)
    if not key:
        return
    if first:
        _set_home(entry, home)
    entry.form.line.data = ""
    said = {f"known-{token(entry.key, key, shown.candidate.person_id)}": "yes"} if shown else {}
    _keep(entry, {"line": "", **said})


def _plain(home: Mapping[str, str]) -> Mapping[str, str]:
    return {name: "".join(fold(words).split()) for name, words in home.items()}


def _seen(shown: Shown | None) -> PersonView | None:
    view = shown.candidate.view if shown else None
    return view.seen(shown.candidate.person_id) if shown and view else None


def _add_other(entry: Entry, which: str) -> None:
    """Somebody else of a family that is known."""
    other = next((one for each in entry.known.values() for one in each.others if one.token == which), None)
    if other and (key := add(entry, told_of(other.person))):
        _keep(entry, {f"known-{token(entry.key, key, other.person.records[0])}": "yes"})


def _live_at(entry: Entry, which: str) -> None:
    """They live where one of them is known to."""
    known = next((one for one in entry.known.values() if which and one.home == which), None)
    if known:
        _set_home(entry, {"address": known.address, "postcode": known.postcode})
        entry.fresh = "home"


def _set_home(entry: Entry, home: Mapping[str, str]) -> None:
    entry.form.address.data, entry.form.postcode.data = home["address"], home["postcode"]
    _keep(entry, home)


def _keep(entry: Entry, values: Mapping[str, str]) -> None:
    """Change what the draft has, whatever autosave put there meanwhile."""
    if not values:
        return
    kept = holdable(values) | {"_revs": json.dumps(dict(entry.draft.revs))}
    with writing():
        drafts.compare_form(entry.subject, kept, actor())
    del entry.draft
