"""What matching contributes: a key table that keeps itself, and in the night the pairs that may be one person."""

from __future__ import annotations

from collections.abc import Sequence

from tafcore.contributions import Job
from tafcore.hookspecs import hookimpl
from tafcore.matching import index, pairs

__all__ = ["index"]


@hookimpl
def jobs() -> Sequence[Job]:
    return [Job("matching.pairs", pairs.look, 60)]
