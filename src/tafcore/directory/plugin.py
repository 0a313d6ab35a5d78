"""What the directory contributes: the slip about a service."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import Permission
from tafcore.directory.views import pages
from tafcore.hookspecs import hookimpl

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager", "mash"})


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [Permission("directory.read", "print slips about services", WORKERS)]
