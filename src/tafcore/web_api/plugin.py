"""What the API contributes."""

from collections.abc import Sequence

from flask import Blueprint

from tafcore.hookspecs import hookimpl
from tafcore.web_api import sectors
from tafcore.web_api.views import pages

pages.record(sectors.add_routes)


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]
