"""What happens with files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class FileImported(Event):
    """The rows of a file are in: which kind of file, how many rows, and how many of them were refused."""

    kind: ClassVar[str] = "files.imported"
    name: str
    rows: int
    refused: int
