"""What home contributes."""

from collections.abc import Sequence

from flask import Blueprint

from tafcore.home.views import pages
from tafcore.hookspecs import hookimpl


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]
