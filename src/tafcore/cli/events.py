"""What happens on the command line and belongs on record."""

from dataclasses import dataclass

from tafcore.vocabulary import Event


@dataclass(frozen=True, kw_only=True)
class FileExported(Event):
    """Somebody at the machine wrote records into a file: which, and how many rows."""

    kind = "files.exported"
    name: str
    rows: int
