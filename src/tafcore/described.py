"""Writes docs/vocabulary.md and docs/data-dictionary.md from the program itself: `python -m tafcore.described`.

A test fails while the files differ from what is written here.
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from flask import Flask
from sqlalchemy import Table

from tafcore import config, permissions
from tafcore.accounts.rules import ROLES
from tafcore.app import create_app
from tafcore.db import Model
from tafcore.vocabulary import Command, Event, Part

T = TypeVar("T")

CHECKOUT = Path(__file__).parents[2]
DOCS = CHECKOUT / "docs"
HEAD = "<!-- Written by `python -m tafcore.described`; change the program, not this file. -->\n\n"


def pages(app: Flask) -> dict[str, str]:
    """File name -> its text."""
    for only_commands in ("tafcore.cli.events", "tafcore.imports.events"):  # read by the commands that need them
        import_module(only_commands)
    return {"vocabulary.md": "".join(_vocabulary(app)), "data-dictionary.md": "".join(_tables())}


def below(base: type[T]) -> list[type[T]]:
    """Every class of the program and the bundled plugins that builds on `base`, in order of its place; no bases."""
    found: set[type[T]] = set()
    waiting = [base]
    while waiting:
        children = waiting.pop().__subclasses__()
        waiting += children
        found |= {each for each in children if _bundled(each) and not each.__name__.startswith("_")}
    return sorted(found, key=lambda each: (each.__module__, each.__name__))


def _bundled(thing: type) -> bool:
    """Whether a class comes with the program: the tests' own commands, others' plugins and what is made while it runs,
    such as the bodies of the API's description, are left out."""
    module = sys.modules.get(thing.__module__)
    file = getattr(module, "__file__", None)
    written = getattr(module, thing.__name__, None) is thing
    return (
        written and file is not None and any(Path(file).is_relative_to(CHECKOUT / part) for part in ("src", "plugins"))
    )


def _vocabulary(app: Flask) -> Iterator[str]:
    yield HEAD + "# What can be asked, and what can have happened\n\n"
    yield "A form, an API body, a CSV row and the demo make the same **commands**; a change publishes an **event**.\n"
    yield "\n## Commands\n"
    known = permissions.known(app)
    for command in below(Command):
        if any(_bundled(each) for each in command.__subclasses__()):
            continue
        needs = known.get(command.permission)
        may = f"May {needs.title} (`{needs.name}`)" if needs else ""
        scopes = f", as {', '.join(sorted(command.scopes))} of the family" if command.scopes else ""
        yield f"\n### {command.__name__}\n\n`{command.__module__}`. {_about(command)}\n\n{may}{scopes}.\n\n"
        yield from _fields(command)
    yield "\n## Parts of commands\n"
    for part in below(Part):
        if not issubclass(part, Command):
            yield f"\n### {part.__name__}\n\n`{part.__module__}`. {_about(part)}\n\n"
            yield from _fields(part)
    yield "\n## Events\n\n| Kind | What has happened | Carries |\n|---|---|---|\n"
    own = {each.name for each in fields(Event)}
    for event in sorted(below(Event), key=lambda each: each.kind):
        if event.kind:
            more = ", ".join(f"`{each.name}`" for each in fields(event) if each.name not in own)
            yield f"| `{event.kind}` | {_about(event)} | {more} |\n"
    yield "\n## Permissions\n\n| Permission | May | Roles |\n|---|---|---|\n"
    for permission in sorted(known.values(), key=lambda each: each.name):
        roles = ", ".join(title for role, title in ROLES.items() if role in permission.roles)
        yield f"| `{permission.name}` | {permission.title} | {roles} |\n"


def _about(thing: type) -> str:
    words = " ".join((inspect.getdoc(thing) or "").split())
    # What a dataclass says of itself where nobody wrote anything.
    return "" if words.startswith(f"{thing.__name__}(") else words.replace("|", "\\|")


def _fields(part: type[Part]) -> Iterator[str]:
    if not part.model_fields:
        return
    yield "| Field | Takes | |\n|---|---|---|\n"
    for name, info in part.model_fields.items():
        needed = "needed" if info.is_required() else ""
        yield f"| `{name}` | {_words(info.annotation)} | {needed} |\n"


PLAIN = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    date: "day",
    datetime: "moment",
    Any: "anything",
}


def _words(annotation: Any) -> str:
    """A type as a reader of the page would say it."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(inside[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inside)
    if origin in (Union, types.UnionType):
        return " or ".join(_words(each) for each in inside if each is not type(None))
    if origin in (tuple, list, frozenset, set):
        return f"list of {_words(inside[0])}"
    if origin is dict:
        return f"{_words(inside[1])} by {_words(inside[0])}"
    if annotation in PLAIN:
        return PLAIN[annotation]
    return "moment" if "Datetime" in str(annotation) else str(getattr(annotation, "__name__", annotation))


def _tables() -> Iterator[str]:
    yield HEAD + "# Tables\n\nEach belongs to the core or to a plugin, whose history makes and changes it.\n"
    documented = {mapper.local_table: mapper.class_ for mapper in Model.registry.mappers}
    for table in sorted(_ours(), key=lambda each: (each.info.get("owner", ""), each.name)):
        about = _about(documented[table]) if table in documented else ""
        yield f"\n## {table.name}\n\nOf {table.info.get('owner')}. {about}\n\n| Column | Holds | |\n|---|---|---|\n"
        for column in table.columns:
            target = ", ".join(key.target_fullname for key in column.foreign_keys)
            notes = ", ".join(
                filter(None, [f"points at {target}" if target else "", "" if column.nullable else "needed"])
            )
            yield f"| `{column.name}` | {_kind(column.type)} | {notes} |\n"


def _ours() -> Iterable[Table]:
    classes = [mapper.class_ for mapper in Model.registry.mappers]
    return [each.__table__ for each in classes if _bundled(each)]


def _kind(kind: Any) -> str:
    length = getattr(kind, "length", None)
    words = {
        "UTCDateTime": "moment",
        "DATE": "day",
        "INTEGER": "whole number",
        "FLOAT": "number",
        "BOOLEAN": "yes or no",
    }
    name = type(kind).__name__
    return words.get(name) or words.get(name.upper()) or (f"text, at most {length}" if length else "text")


def main() -> None:
    """Write the files of a checkout."""
    app = create_app({"SECRET_KEY": "not used", "INSTANCE": str(config.instance_folder())})
    for name, text in pages(app).items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
