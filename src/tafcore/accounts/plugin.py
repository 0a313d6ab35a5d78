"""What accounts contribute."""

from collections.abc import Sequence

from flask import Blueprint

from tafcore.accounts.views import pages
from tafcore.hookspecs import hookimpl


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]
