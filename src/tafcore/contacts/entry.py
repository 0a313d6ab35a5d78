"""The register page at work: a form over a draft that is kept field by field, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from flask import request
from pydantic import ValidationError
from wtforms import BooleanField, SelectMultipleField

from tafcore import drafts
from tafcore.contacts import enclosures, pressing
from tafcore.contacts.commands import RegisterContact
from tafcore.contacts.door import Found, as_far_as_typed, look
from tafcore.contacts.forms import AgreementForm, PersonRow, RegisterForm, choices, is_yes
from tafcore.contacts.line import Line, look_for
from tafcore.contacts.on_record import OnRecord, on_record
from tafcore.contacts.prompts import Prompt, prompts
from tafcore.contacts.registering import admit
from tafcore.contacts.unfinished import as_posted, clashing, gate, keep
from tafcore.contributions import Problem
from tafcore.db import utcnow, writing
from tafcore.formpage import FormPage
from tafcore.people.commands import PersonDetails
from tafcore.people.rules import CHILD_ROLES
from tafcore.permissions import actor
from tafcore.sharing.rules import bases
from tafcore.sharing.service import duty_holds
from tafcore.standards.clock import london_day
from tafcore.vocabulary import problems_of
from tafcore.work import Refused

LISTS = ("people", "agreement")
PERSON = frozenset(PersonDetails.model_fields) - {"due", "born", "interpreter"}


def _key(row: Any) -> str:
    """What a row is called: its lasting key, or its number where none was sent."""
    return row.form.row_key.data or str(row.name).rpartition("-")[2]


def as_told(row: PersonRow) -> dict[str, Any]:
    """One person as commands take them."""
    told = {name: value for name, value in row.data.items() if name in PERSON and value not in ("", None)}
    told["interpreter"] = is_yes(row.interpreter.data)
    told["due" if row.role.data == "unborn" else "born"] = row.day()
    return told


class Entry:
    """One request of the register page."""

    def __init__(self, key: str, live: bool = False) -> None:
        """`live` only looks at what is typed so far, keeping nothing."""
        gate(key, actor(), new=True)
        self.key = key
        self.duty = not live and duty_holds()
        self.page = FormPage(RegisterForm, RegisterContact, choices={"sharing_basis": bases(self.duty)})
        self.form: RegisterForm = self.page.form
        self.clashes: dict[str, dict[str, Any]] = {}
        self.fresh = ""
        """The key of the row just added, or `home` where an address was: the focus goes there."""
        self._typed: dict[str, str] = {}
        if request.method == "POST" and not live:
            self._enclose()
            if self.page.submitted:
                self.clashes = clashing(self.subject, request.form, self._ticks(), actor())
            if not self.page.submitted or self.clashes:
                self._keep()
            pressing.press(self)
        elif not live:
            self._restore(self.draft.values)
        if not self.form.people.entries:
            pressing.add(self)
        if not self.form.agreement.entries:
            pressing.add_answer(self)
        if not self.page.pressed:
            self.fresh = ""
        self._name_people()

    @property
    def subject(self) -> str:
        return f"contact:{self.key}"

    @cached_property
    def draft(self) -> drafts.Draft:
        """As it is once the form that was posted is kept."""
        return drafts.read(self.subject)

    def command(self) -> RegisterContact:
        """What was typed, as a command. Raises ValidationError; and Refused while somebody typed is not added yet, with
        all else that is wrong."""
        if not (self.form.line.data or "").strip():
            return self._command()
        problems = [Problem("Add who you typed here, or empty the line", "line")]
        try:
            admit(self._command(), actor())
        except ValidationError as fault:
            problems += problems_of(fault)
        except Refused as refusal:
            problems += refusal.problems
        raise Refused(problems)

    def _command(self) -> RegisterContact:
        answers = [(number, one.form) for number, one in enumerate(self.form.agreement.entries) if not one.form.blank]
        answering = {row.by.data for _, row in answers}
        rows = [
            (number, one.form)
            for number, one in enumerate(self.form.people.entries)
            if not one.form.blank or _key(one) in answering
        ]
        self.page.row_numbers["people"] = [number for number, _ in rows]
        self.page.row_numbers["agreement"] = [number for number, _ in answers]
        places = {_key(self.form.people.entries[number]): place for place, (number, _) in enumerate(rows)}
        referrer = {name: value or None for name, value in self.form.referrer.data.items()}
        referrer["wants_reply"] = is_yes(referrer["wants_reply"])
        people = [self.told(row) for _, row in rows]
        return self.page.command(
            people=people,
            voices=[
                {"person": place, "how": row.voice_how.data, "words": row.voice_words.data}
                for place, (_, row) in enumerate(rows)
                if (row.voice_words.data or "").strip()
            ],
            agreement=[self._answer(row, places) for _, row in answers],
            referrer=referrer,
            known=self._known([row for _, row in rows], people),
        )

    @staticmethod
    def _answer(row: AgreementForm, places: Mapping[str, int]) -> dict[str, Any]:
        told = {name: value for name, value in row.data.items() if value and name not in ("row_key", "by")}
        # Of somebody who was taken out since, a place where nobody is: the rules say so beside the field.
        return told | {"by": places.get(row.by.data, len(places)) if row.by.data else None}

    def _name_people(self) -> None:
        """Let each answer be of one of the people in the form."""
        rows = enumerate(self.form.people.entries, 1)
        people = {_key(one): one.form.called or f"Person {number}" for number, one in rows}
        for answer in self.form.agreement.entries:
            answer.form.by.choices = choices(people)

    @cached_property
    def line(self) -> Line:
        """What was typed into the search line, and who may be meant."""
        return look_for(self.key, (self.form.line.data or "").strip(), actor())

    def told(self, row: PersonRow) -> dict[str, Any]:
        """One person as the command takes them; who has no address of their own lives with the others, unless it is on
        record where they live: what was typed for the others is not said of them."""
        told = as_told(row)
        if not told.get("address") and not told.get("postcode"):
            known = self.known.get(str(row.row_key.data))
            home = known if known and known.settled else None
            address, postcode = (
                (home.address, home.postcode) if home else (self.form.address.data, self.form.postcode.data)
            )
            told |= {"address": address or None, "postcode": postcode or None}
        return told

    @cached_property
    def known(self) -> Mapping[str, OnRecord]:
        """Row key -> what is on record of those of whom it was said that it is them."""
        return on_record(self.key, self.found, self.said) if "yes" in self.said.values() else {}

    @cached_property
    def found(self) -> list[Found]:
        """Who may be meant by those typed so far."""
        return self._look([one.form for one in self.form.people.entries if not one.form.blank])

    def prompts(self) -> tuple[Prompt, ...]:
        """What the words typed so far make the program ask."""
        rows = [one.form for one in self.form.people.entries]
        form, witnessed = self.form, self.form.origin.form.witnessed
        fields = (form.wants, form.worries, form.strengths, form.tried, form.family_knows, witnessed)
        words = [one.data or "" for one in (*fields, *(row.voice_words for row in rows))]
        births = [day for row in rows if row.role.data in CHILD_ROLES - {"unborn"} and (day := row.read_day)]
        return prompts("\n".join(words), births, self.form.urgency.data, london_day(utcnow()))

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
            told["born"] = row.read_day
            told = {name: value for name, value in told.items() if name in PERSON | {"born"} and value}
            if not told.get("address") and not told.get("postcode"):
                told |= {"address": self.form.address.data, "postcode": self.form.postcode.data}
            people.append((str(row.row_key.data), as_far_as_typed(told)))
        return look(self.key, people, actor())

    def _known(self, rows: list[PersonRow], people: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What was said of those whom all that is told of each still finds."""
        said = self.said
        if not said:
            return []
        places = {str(row.row_key.data): place for place, row in enumerate(rows)}
        told = [(str(row.row_key.data), as_far_as_typed(one)) for row, one in zip(rows, people, strict=True)]
        return [
            {"person": places[found.key], "ref": one.ref, "answer": said[one.token]}
            for found in look(self.key, told, actor())
            for one in found.people
            if one.token in said
        ]

    @property
    def row_keys(self) -> list[str]:
        """What the rows are called."""
        return [str(one.form.row_key.data) for one in self.form.people.entries]

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

    @contextmanager
    def saving(self) -> Iterator[None]:
        """`FormPage.saving`. What is registered is no draft any more; whatever comes instead, the form is kept."""
        try:
            with self.page.saving():
                yield
        finally:
            if not self.page.saved:
                self._keep()

    def _keep(self) -> None:
        """The whole form as autosave would have kept it; what no draft can hold waits until it is mended."""
        more = {**self._typed, "paper_what": self.form.paper_what.data or ""}
        self.clashes = keep(self.subject, request.form, self._ticks(), actor(), more)
        self.__dict__.pop("draft", None)

    def _ticks(self) -> list[str]:
        rows = [one.name for one in self.form.agreement.entries]
        return ["anonymous", "not_about_worker", *(f"{row}-scope" for row in rows), *self._boxes()]

    def _boxes(self) -> set[str]:
        """The tick boxes of the sectors' sections, by name."""
        kinds = (BooleanField, SelectMultipleField)
        return {field.name for one in self.page.sections for field in one.form if isinstance(field, kinds)}

    def look_anew(self) -> None:
        """Forget who was found: the rows have changed."""
        for name in ("line", "found", "known"):
            self.__dict__.pop(name, None)

    def _restore(self, values: Mapping[str, str]) -> None:
        """Fill the form with what was kept."""
        typed = as_posted(values, LISTS, self._boxes() | {"scope"})
        if typed:
            self.form.process(typed)
            for section in self.page.sections:
                section.form.process(typed)
