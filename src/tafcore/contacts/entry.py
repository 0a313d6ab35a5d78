"""The register page at work: a form over a draft that is kept field by field, with and without JavaScript."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from flask import request
from sqlalchemy import bindparam, select
from werkzeug.datastructures import MultiDict

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.contacts import enclosures
from tafcore.contacts.commands import RegisterContact
from tafcore.contacts.door import Found, as_far_as_typed, look
from tafcore.contacts.forms import PersonRow, RegisterForm, is_yes
from tafcore.contacts.models import ContactDraft
from tafcore.contacts.prompts import Prompt, prompts
from tafcore.contributions import Problem
from tafcore.db import rows_of, session, utcnow, writing
from tafcore.formpage import FormPage
from tafcore.people.commands import PersonDetails
from tafcore.people.rules import CHILD_ROLES
from tafcore.permissions import actor
from tafcore.standards.clock import london_day
from tafcore.work import NotAllowed, NotFound, Refused

PERSON = frozenset(PersonDetails.model_fields) - {"due", "born", "interpreter"}
LONGEST = 20_000
LONGEST_NAME = 150


_MINE = select(ContactDraft.id).where(ContactDraft.key == bindparam("key"), ContactDraft.user_id == bindparam("user"))


def gate(key: str, who: Actor) -> None:
    """Only its author may touch an unfinished contact."""
    if who.user_id is None or not rows_of(_MINE, key=key, user=who.user_id):
        raise NotFound


def guard_drafts(app: Any) -> None:
    """Let drafts under `contact:` be touched by their authors."""
    drafts.register_subject(app, "contact", gate)


def begin(who: Actor) -> str:
    """The key of a form with nothing in it: one this user opened before and left empty, or a new one."""
    if who.user_id is None:
        raise NotAllowed("contacts.register")
    used = select(drafts.DraftField.id).where(drafts.DraftField.subject == "contact:" + ContactDraft.key)
    empty = select(ContactDraft.key).where(ContactDraft.user_id == who.user_id, ~used.exists())
    key = session.scalar(empty.limit(1))
    if key is None:
        key = secrets.token_hex(16)
        with writing():
            session.add(ContactDraft(key=key, user_id=who.user_id))
    return key


def discard(key: str) -> None:
    """Forget an unfinished contact. Call inside `writing()`."""
    drafts.discard(f"contact:{key}")
    enclosures.forget(key)
    for row in session.scalars(select(ContactDraft).where(ContactDraft.key == key)):
        session.delete(row)


class Entry:
    """One request of the register page."""

    def __init__(self, key: str, live: bool = False) -> None:
        """`live` only looks at what is typed so far, keeping nothing."""
        gate(key, actor())
        self.key = key
        self.page = FormPage(RegisterForm, RegisterContact)
        self.form: RegisterForm = self.page.form
        self.clashes: dict[str, dict[str, Any]] = {}
        self._typed: dict[str, str] = {}
        if request.method == "POST" and not live:
            self._enclose()
            self._keep(request.form)
            self._rearrange()
        elif not live:
            self._restore(self.draft.values)
        if not self.form.people.entries:
            self._add()

    @property
    def subject(self) -> str:
        return f"contact:{self.key}"

    @cached_property
    def draft(self) -> drafts.Draft:
        """As it is once the form that was posted is kept."""
        return drafts.read(self.subject)

    def command(self) -> RegisterContact:
        """What was typed, as a command. Raises ValidationError."""
        rows = [(number, one.form) for number, one in enumerate(self.form.people.entries) if not one.form.blank]
        self.page.row_numbers["people"] = [number for number, _ in rows]
        agreement = {name: value for name, value in self.form.agreement.data.items() if value}
        asked = next((place for place, (_, row) in enumerate(rows) if row.asked.data), None)
        referrer = {name: value or None for name, value in self.form.referrer.data.items()}
        referrer["wants_reply"] = is_yes(referrer["wants_reply"])
        return self.page.command(
            people=[self.told(row) for _, row in rows],
            voices=[
                {"person": place, "how": row.voice_how.data, "words": row.voice_words.data}
                for place, (_, row) in enumerate(rows)
                if (row.voice_words.data or "").strip()
            ],
            agreement={**agreement, "by": asked},
            referrer=referrer,
            known=self._known([row for _, row in rows]),
        )

    def told(self, row: PersonRow) -> dict[str, Any]:
        """One person as the command takes them; who has no address of their own lives with the others."""
        told = {name: value for name, value in row.data.items() if name in PERSON and value not in ("", None)}
        told["interpreter"] = is_yes(row.interpreter.data)
        told["due" if row.role.data == "unborn" else "born"] = row.day()
        if not told.get("address") and not told.get("postcode"):
            told |= {"address": self.form.address.data or None, "postcode": self.form.postcode.data or None}
        return told

    def found(self) -> list[Found]:
        """Who may be meant by those typed so far."""
        return self._look([one.form for one in self.form.people.entries if not one.form.blank])

    def prompts(self) -> tuple[Prompt, ...]:
        """What the words typed so far make the program ask."""
        rows = [one.form for one in self.form.people.entries]
        fields = (self.form.wants, self.form.worries, self.form.strengths, self.form.family_knows)
        words = [one.data or "" for one in (*fields, *(row.voice_words for row in rows))]
        births = [day for row in rows if row.role.data in CHILD_ROLES - {"unborn"} and (day := self._born(row))]
        return prompts("\n".join(words), births, self.form.urgency.data, london_day(utcnow()))

    @staticmethod
    def _born(row: PersonRow) -> date | None:
        try:
            return row.day()
        except ValueError:
            return None

    @property
    def said(self) -> Mapping[str, str]:
        """What was chosen of those found: token -> yes, no or unsure."""
        typed = dict(self.draft.values)
        typed.update({name: value for name, value in request.form.items() if name.startswith("known-")})
        return {
            name.removeprefix("known-"): value for name, value in typed.items() if name.startswith("known-") and value
        }

    def _look(self, rows: list[PersonRow]) -> list[Found]:
        people = []
        for row in rows:
            told = {**row.data, "role": row.role.data or "child"}
            told["born"] = self._born(row)
            told = {name: value for name, value in told.items() if name in PERSON | {"born"} and value}
            if not told.get("address") and not told.get("postcode"):
                told |= {"address": self.form.address.data, "postcode": self.form.postcode.data}
            people.append((str(row.row_key.data), as_far_as_typed(told)))
        return look(self.key, people, actor())

    def _known(self, rows: list[PersonRow]) -> list[dict[str, Any]]:
        said = self.said
        places = {str(row.row_key.data): place for place, row in enumerate(rows)}
        return [
            {"person": places[found.key], "ref": one.ref, "answer": said[one.token]}
            for found in self._look(rows)
            for one in found.people
            if one.token in said
        ]

    @property
    def enclosed(self) -> tuple[enclosures.Enclosed, ...]:
        """The letters and photos that are with it already."""
        return enclosures.enclosed(self.key)

    def _enclose(self) -> None:
        """Keep the file that came with the form, whatever else is wrong: no browser sends it again by itself."""
        sent, what = request.files.get("paper"), self.form.paper_what.data or ""
        content = sent.read() if sent else b""
        finishing = self.page.pressed in ("", "_enclose")
        if not content and not (finishing and (what.strip() or self.page.pressed)):
            return
        try:
            with writing():
                number = enclosures.enclose(self.key, what, content)
            self.form.paper_what.data = ""
            # A field of its own: with a file alone it is unfinished too, and never taken for an empty form.
            self._typed = {f"enclosed-{number}": "kept"}
        except Refused as refusal:
            self.page.refuse([Problem(one.message, "paper") for one in refusal.problems])

    def _keep(self, posted: MultiDict[str, str]) -> None:
        """The whole form as autosave would have kept it; what no draft can hold waits until it is mended."""
        typed = {name: "\n".join(posted.getlist(name)) for name in posted}
        typed |= {**self._typed, "paper_what": self.form.paper_what.data or ""}
        # A box that is not ticked is not posted: without this it would come back ticked.
        rows = [one.name for one in self.form.people.entries]
        unticked = dict.fromkeys(["anonymous", "agreement-scope", *(f"{row}-asked" for row in rows)], "")
        typed = {
            name: value
            for name, value in {**unticked, **typed}.items()
            if len(name) <= LONGEST_NAME and len(value) <= LONGEST and "\x00" not in value
        }
        with writing():
            self.clashes = drafts.compare_form(self.subject, typed, actor())

    def _rearrange(self) -> None:
        """The buttons that add and remove rows without JavaScript."""
        pressed = self.page.pressed
        if pressed == "_add-people":
            self._add()
        elif pressed.startswith("_remove-people-"):
            self._remove(pressed.removeprefix("_remove-people-"))
        elif (number := pressed.removeprefix("_take-out-")).isdecimal():
            with writing():
                enclosures.take_out(self.key, int(number))

    def _add(self) -> None:
        if len(self.form.people.entries) < 20:
            self.form.people.append_entry({"row_key": secrets.token_hex(16)})

    def _remove(self, index: str) -> None:
        gone = next((one for one in self.form.people.entries if one.name == f"people-{index}"), None)
        if gone is None:
            return
        self.form.people.entries.remove(gone)
        kept = self.draft
        prefix = f"people-{gone.form.row_key.data}-"
        fields = [name for name, value in kept.values.items() if name.startswith(prefix) and value]
        ops = [drafts.Op(op=secrets.token_hex(16), field=name, base=kept.revs[name], value="") for name in fields]
        with writing():
            drafts.apply(self.subject, ops, actor())
        del self.draft

    def _restore(self, values: Mapping[str, str]) -> None:
        """Fill the form with what was kept; rows in the order they were made."""
        typed: MultiDict[str, str] = MultiDict()
        keys = sorted({name.split("-")[1] for name, value in values.items() if name.startswith("people-") and value})
        numbers = {key: number for number, key in enumerate(keys)}
        for name, value in values.items():
            rows, _, rest = name.partition("-")
            if rows == "people":
                key, _, field = rest.partition("-")
                name = f"people-{numbers[key]}-{field}" if key in numbers else ""
            if name:
                typed.setlist(name, value.split("\n") if name == "agreement-scope" else [value])
        for key, number in numbers.items():
            typed[f"people-{number}-row_key"] = key
        if typed:
            self.form.process(typed)
            for section in self.page.sections:
                section.form.process(typed)
