"""What can be asked of the specimen, and what then has happened."""

from dataclasses import dataclass
from typing import ClassVar

from tafcore.api import Command, Event, NeededLine


class AddPet(Command):
    """That a family has a pet."""

    permission: ClassVar[str] = "specimen.add"
    scopes: ClassVar[frozenset[str]] = frozenset({"lead", "team", "manage"})
    family: str
    kind: NeededLine
    name: NeededLine


@dataclass(frozen=True, kw_only=True)
class PetAdded(Event):
    """A pet was recorded."""

    kind: ClassVar[str] = "specimen.pet_added"
    animal: str
