"""A step-up that begins at the door: the form is filled in with what was typed into the contact."""

from __future__ import annotations

from typing import Any

from tafcore.actor import Actor
from tafcore.contacts.stepping_up import at_the_door
from tafcore.families.access import FamilyView
from tafcore.formpage import FormPage
from tafcore.steps.forms import StepUpForm, StepUpFromDoorForm


class FromDoor:
    """One request of that page; `door` is None where it began elsewhere, or the actor may not read the contact.

    While the family may be looking nothing of the contact is shown, and all of it is sent none the less.
    """

    def __init__(self, view: FamilyView, contact: str, actor: Actor) -> None:
        self.view, self.contact = view, contact or None
        self.door = at_the_door(contact, view, actor) if contact else None

    @property
    def form(self) -> type[StepUpForm]:
        return StepUpFromDoorForm if self.door and self.door.reasons else StepUpForm

    @property
    def initial(self) -> dict[str, Any]:
        if self.door is None:
            return {}
        children = [child.ref for child in self.view.children if child.id in self.door.children]
        return {"children": children, "reasons": "" if self.view.shared else self.door.reasons}

    def more(self, page: FormPage) -> dict[str, Any]:
        """What the command has beside the form."""
        told = self.door.reasons if self.door else ""
        typed = (page.form.reasons.data or "").strip()
        return {"contact": self.contact, **({"reasons": told} if told and not typed else {})}
