"""What home contributes: my work, and the pages open to everybody."""

from collections.abc import Sequence

from flask import Blueprint

from tafcore.contributions import NavigationItem
from tafcore.home.views import pages
from tafcore.hookspecs import hookimpl
from tafcore.permissions import SIGNED_IN


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("My work", "home.my_work", SIGNED_IN, 0)]
