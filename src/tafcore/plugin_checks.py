"""What a plugin (and a core feature) must keep to, checked at start and by `tafcore plugins check`, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from tafcore import hooks, permissions
from tafcore.db import Model
from tafcore.hooks import PluginFault

CORE_KEYS = ("person.id", "family.id", "contact.id", "contact_person.id")


def check_app(app: Flask) -> None:
    """Raise PluginFault with everything that is wrong."""
    faults = [*undeclared_routes(app), *unknown_permissions(app), *tables(app)]
    if faults:
        raise PluginFault("\n".join(faults))


def undeclared_routes(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint != "static" and not rule.endpoint.endswith(".static") and permissions.declared(view) is None:
            yield f"The page {rule.rule} ({rule.endpoint}) declares no permission"


def unknown_permissions(app: Flask) -> Iterator[str]:
    known = set(permissions.known(app)) | {permissions.PUBLIC, permissions.SIGNED_IN}
    for rule in app.url_map.iter_rules():
        needed = permissions.declared(app.view_functions[rule.endpoint])
        if needed is not None and needed not in known:
            yield f"The page {rule.rule} asks for the permission {needed}, which nothing declares"


def tables(app: Flask) -> Iterator[str]:
    """Names, foreign keys and what becomes of rows about people when those people go."""
    manager = app.extensions["tafcore.plugins"]
    names = set(hooks.plugin_names(manager))
    for table in Model.metadata.tables.values():
        owner = str(table.info.get("owner", ""))
        if owner == "core" or owner not in names:
            continue
        if not table.name.startswith(f"{owner}_"):
            yield f"The table {table.name} of the plugin {owner} must be called {owner}_..."
        for other in names - {owner}:
            if len(other) > len(owner) and table.name.startswith(f"{other}_"):
                yield f"The table {table.name} of the plugin {owner} has a name of the plugin {other}"
        reaches = False
        for key in table.foreign_keys:
            theirs = str(key.column.table.info.get("owner", ""))
            if theirs not in ("core", owner):
                yield f"The table {table.name} of {owner} points at {key.target_fullname}, a table of {theirs}"
            if theirs == "core" and key.column.name != "id":
                yield f"The table {table.name} of {owner} may point at a core id only, not at {key.target_fullname}"
            reaches |= key.target_fullname in CORE_KEYS and (key.ondelete or "").upper() == "CASCADE"
        if not reaches and not table.info.get("reference_data"):
            yield (
                f"The table {table.name} of {owner} must reach person, family or contact by a key with ON DELETE "
                'CASCADE, or declare itself reference data with info={"reference_data": True}'
            )
