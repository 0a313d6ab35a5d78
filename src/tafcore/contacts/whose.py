"""The page that says who the people of a contact are: a choice for each, of those who may be meant or somebody new."""

from __future__ import annotations

from typing import Any

from tafcore.actor import Actor
from tafcore.contacts.commands import LinkFamily, LinkPart
from tafcore.contacts.door import Shown, look
from tafcore.contacts.forms import LinkForm
from tafcore.contacts.likely import OtherContact
from tafcore.contacts.reading import ContactView
from tafcore.fields import options
from tafcore.formpage import FormPage

NEW = "new"


class LinkPage:
    """One request of that page."""

    def __init__(self, contact: ContactView, actor: Actor) -> None:
        self.contact = contact
        rows = [{"position": str(one.position)} for one in contact.people]
        self.page = FormPage(LinkForm, LinkFamily, initial={"people": rows})
        said_known = {str(one.position) for one in contact.people if "yes" in one.said}
        people = [(str(one.position), one.details) for one in contact.people]
        self.found = {one.key: one for one in look(contact.ref, people, actor, contact.id)}
        for row in self.rows:
            offered = self.offered(row)
            named = {one.token: one.candidate.label or "Somebody on record" for one in offered}
            row.ref.choices = options({**named, NEW: "None of these: somebody new" if offered else "Somebody new"})
            # Where nobody may be meant there is nothing to choose, unless whoever registered it said they are known.
            if not (offered or self.page.submitted or row.ref.data or row.position.data in said_known):
                row.ref.data = NEW

    @property
    def rows(self) -> list[Any]:
        """The rows of the form whose person the contact has."""
        known = {str(one.position) for one in self.contact.people}
        return [one.form for one in self.page.form.people.entries if one.form.position.data in known]

    def offered(self, row: Any) -> tuple[Shown, ...]:
        """Who may be meant in a row."""
        found = self.found.get(row.position.data)
        return found.people if found else ()

    def others(self, row: Any) -> tuple[OtherContact, ...]:
        """Other contacts that may be about the same person."""
        found = self.found.get(row.position.data)
        return found.contacts if found else ()

    def command(self) -> LinkFamily:
        """What was chosen. A choice that is no longer offered is left to the service, which says so."""
        parts = []
        for row in self.rows:
            refs = {one.token: one.ref for one in self.offered(row)}
            ref = None if row.ref.data == NEW else refs.get(row.ref.data, "gone")
            parts.append(LinkPart(person=int(row.position.data), ref=ref, seen=tuple(refs.values())))
        return LinkFamily(contact=self.contact.ref, people=tuple(parts), family=self.page.form.family.data or None)
