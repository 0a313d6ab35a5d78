"""tafcore: an Early Help Team Around the Family case system for an English borough."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.1.0"


def create_app(config: "dict[str, Any] | None" = None, plugins: "list[Any] | None" = None) -> "Flask":
    """Make the application; see `tafcore.app.create_app`."""
    from tafcore.app import create_app as make

    return make(config, plugins)
