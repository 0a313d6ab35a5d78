"""Recording and reading pets. The page commits; nothing here does."""

from sqlalchemy import select

from taf_specimen.commands import AddPet, PetAdded
from taf_specimen.models import Pet
from tafcore.api import Actor, FamilyView, Subject, check, publish, session, visible_family


def add(command: AddPet, actor: Actor) -> Pet:
    """Record a pet of a family that the actor works with."""
    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes))
    pet = Pet(family_id=view.id, kind=command.kind, name=command.name)
    session.add(pet)
    session.flush()
    publish(
        PetAdded(
            actor=actor,
            subject=Subject("specimen.pet", pet.id),
            family_id=view.id,
            line=f"The family has a {command.kind}",
            animal=command.kind,
        )
    )
    return pet


def pets(view: FamilyView) -> list[tuple[str, str]]:
    """(kind, name) of the pets of a family, for those who may know its people."""
    if not view.may("people"):
        return []
    mine = select(Pet.kind, Pet.name).where(Pet.family_id == view.id).order_by(Pet.name)
    return [(row.kind, row.name) for row in session.execute(mine)]
