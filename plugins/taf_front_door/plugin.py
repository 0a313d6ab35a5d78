"""What the front door contributes."""

from __future__ import annotations

from collections.abc import Sequence

from taf_front_door import models
from tafcore.api import Permission, hookimpl

__all__ = ["models"]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [
        Permission(
            "front_door.queue", "work the front door's queue of contacts", frozenset({"front_door", "early_help_manager"})
        ),
    ]
