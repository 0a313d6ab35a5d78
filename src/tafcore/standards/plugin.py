"""What standards contribute: the page that shows them."""

from collections.abc import Sequence

from flask import Blueprint

from tafcore.hookspecs import hookimpl
from tafcore.standards.views import pages


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]
