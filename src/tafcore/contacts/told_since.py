"""The page that puts to a contact what was told since: a form over a draft of its author's own, as registering is."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from flask import request

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import find_to_add
from tafcore.contacts.commands import AddToContact
from tafcore.contacts.entry import as_told
from tafcore.contacts.forms import AddForm
from tafcore.contacts.prompts import Prompt, prompts
from tafcore.contacts.reading import ContactView
from tafcore.contacts.unfinished import as_posted, begin_adding, keep
from tafcore.db import utcnow, writing
from tafcore.formpage import FormPage
from tafcore.people.rules import CHILD_ROLES
from tafcore.standards.clock import london_day

WHO = ("safe_how", "safe_when", "safe_never")


class AddPage:
    """One request of that page; `live` only looks at what is typed so far, keeping nothing."""

    def __init__(self, contact: ContactView, who: Actor, live: bool = False) -> None:
        self.contact = contact
        find_to_add(contact.ref, who)
        self.key = "" if live else begin_adding(contact.id, who)
        self.page = FormPage(AddForm, AddToContact)
        self.form: AddForm = self.page.form
        self.clashes: dict[str, dict[str, Any]] = {}
        rows = self.form.people
        if request.method == "POST" and not live:
            ticks = ["not_about_worker", *(f"{one.name}-lives_there" for one in rows.entries)]
            self.clashes = keep(self.subject, request.form, ticks, who)
            self._press(who)
        elif not live and (typed := as_posted(self.draft.values, ["people"], ())):
            self.form.process(typed)
        if not rows.entries:
            rows.append_entry({"row_key": drafts.new_row_key()})

    @property
    def subject(self) -> str:
        return f"contact:{self.key}"

    @cached_property
    def draft(self) -> drafts.Draft:
        """As it is once the form that was posted is kept."""
        return drafts.read(self.subject)

    @property
    def asks_who(self) -> bool:
        """Whether people and ways to ring are asked for: not once it is settled which family this is. What was typed
        of them before then stays on the page until it is taken out."""
        typed = any(self.form[name].data for name in WHO) or any(not one.form.blank for one in self.form.people.entries)
        return not self.contact.linked or typed

    def _press(self, who: Actor) -> None:
        pressed, rows = self.page.pressed, self.form.people
        gone = next((one for one in rows.entries if f"_remove-{one.name}" == pressed), None)
        if gone is not None:
            rows.entries.remove(gone)
            prefix = f"people-{gone.form.row_key.data}-"
            with writing():
                drafts.put(self.subject, {one: "" for one in self.draft.values if one.startswith(prefix)}, who)
            del self.draft
        elif pressed == "_add-people" and len(rows.entries) < rules.MOST_PEOPLE:
            rows.append_entry({"row_key": drafts.new_row_key()})

    def prompts(self) -> tuple[Prompt, ...]:
        """Whom to ring about what is typed so far, of all whom the contact is about."""
        rows = [one.form for one in self.form.people.entries]
        words = [self.form.wants.data, self.form.worries.data, *(one.voice_words.data for one in rows)]
        told: list[tuple[str, date | None]] = [(one.details.role, one.details.born) for one in self.contact.people]
        told += [(str(one.role.data), one.read_day) for one in rows]
        births = [born for role, born in told if born and role in CHILD_ROLES - {"unborn"}]
        return prompts("\n".join(one or "" for one in words), births, None, london_day(utcnow()))

    def command(self) -> AddToContact:
        """What was typed; who lives with the others has their address."""
        rows = [(number, one.form) for number, one in enumerate(self.form.people.entries) if not one.form.blank]
        self.page.row_numbers["people"] = [number for number, _ in rows]
        people = []
        for _, row in rows:
            told = as_told(row)
            if row.lives_there.data:
                told["address"], told["postcode"] = self.contact.home
            people.append(told)
        voices = [
            {"person": place, "how": row.voice_how.data, "words": row.voice_words.data}
            for place, (_, row) in enumerate(rows)
            if (row.voice_words.data or "").strip()
        ]
        made: AddToContact = self.page.command(contact=self.contact.ref, people=people, voices=voices)
        return made
