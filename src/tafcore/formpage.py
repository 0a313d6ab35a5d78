"""A form that becomes a command: the feature's own WTForms form plus plugins' sections, faults beside their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import render_template, request
from flask_wtf import FlaskForm
from pydantic import ValidationError
from wtforms import Field, Form, FormField
from wtforms.fields import FieldList

from tafcore import hooks
from tafcore.contributions import FormSection, Problem
from tafcore.db import session, writing
from tafcore.fields import options
from tafcore.vocabulary import Command, problems_of
from tafcore.work import Refused


class BoundSection:
    """A plugin's section with its form filled in.

    `answered` is whether any of it was sent: whoever posts the core's fields alone says nothing about a sector.
    """

    def __init__(self, section: FormSection, submitted: bool) -> None:
        self.key, self.title = section.key, section.title
        prefix = f"{section.key}-"
        self.answered = submitted and any(name.startswith(prefix) for name in request.form)
        self.form: Form = section.form(
            request.form if self.answered else None, prefix=prefix, data=dict(section.initial)
        )


class FormPage:
    """One form on one page.

    `submitted` is whether it was posted whole (buttons named `_add-...`, `_remove-...`, `_save` and `_find` only
    rearrange it). `choices` are those of fields that depend on the page: {"person": [("P-...", "Sofia (4)")]}. Use:

        page = FormPage(NoteForm, WriteNote, view)
        if page.submitted:
            with page.saving():
                episodes.write_note(page.command(family=view.ref), actor())
        if page.saved:
            return redirect(...)
        return page.render("episodes/note.html")
    """

    def __init__(
        self,
        form_type: type[FlaskForm],
        command_type: type[Command],
        view: Any = None,
        initial: Mapping[str, Any] | None = None,
        sections: bool = True,
        choices: Mapping[str, Any] | None = None,
    ) -> None:
        posted = request.method == "POST"
        self.command_type = command_type
        self.form = form_type(request.form if posted else None, data=dict(initial or {}))
        for name, pairs in (choices or {}).items():
            self.form[name].choices = options(pairs)
        found = hooks.form_sections(command_type, view) if sections else []
        self.sections = [BoundSection(section, posted) for section in found]
        self.problems: list[Problem] = []
        self.row_numbers: dict[str, list[int]] = {}
        """List name -> the row each entry of the command came from, where blank rows were left out."""
        self.saved = False
        self._refused = False
        self.pressed = (
            next((name for name in request.form if name.startswith("_") and name != "_revs"), "") if posted else ""
        )
        self.submitted = posted and not self.pressed and self._valid()

    def _answered(self) -> list[BoundSection]:
        return [section for section in self.sections if section.answered]

    def _valid(self) -> bool:
        faults = [self.form.validate(), *(section.form.validate() for section in self._answered())]
        return all(faults)

    def command(self, **more: Any) -> Any:
        """The command of what was typed; blanks are left to its defaults. Call inside `saving()`."""
        return self.command_type.model_validate({**self._typed(), **more})

    def _typed(self) -> dict[str, Any]:
        fields = self.command_type.model_fields
        data = {name: value for name, value in self.form.data.items() if name in fields and value not in ("", None)}
        if self.sections:
            data["answers"] = {section.key: section.form.data for section in self._answered()}
        return data

    def tell_all(
        self,
        rules: Callable[[Any], Iterable[Problem]],
        stand_ins: Mapping[str, Any],
        rows: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """Where the form or the command finds faults: those of the other, and of `rules`, too, so that nobody mends one
        to be told the next. Of a field that is wrong nothing more is said; `stand_ins` are in place of what the command
        cannot do without; `rows` are lists without the fields in them that are wrong."""
        if request.method != "POST" or self.pressed:
            return
        data = {name: value for name, value in {**self._typed(), **more}.items() if name not in self.form.errors}
        data |= rows or {}
        faults: list[Problem] = []
        for _ in self.command_type.model_fields:
            try:
                command = self.command_type.model_validate({**stand_ins, **data})
            except ValidationError as fault:
                faults += problems_of(fault)
                data = {name: data[name] for name in data.keys() - {one.field.split(".")[0] for one in faults}}
                continue
            faults += rules(command) if faults or self.form.errors else ()
            break
        for problem in faults:
            found = self._find(problem.field)
            if found is None or not found.errors:
                self.refuse([problem])

    @contextmanager
    def saving(self) -> Iterator[None]:
        """A write transaction that commits, or puts every broken rule beside its field; anything else rolls back."""
        try:
            with writing():
                yield
            self.saved = True
        except ValidationError as fault:
            self.refuse(problems_of(fault))
        except Refused as refusal:
            self.refuse(refusal.problems)

    def refuse(self, problems: list[Problem]) -> None:
        """Show faults beside their fields; what was sent is not saved."""
        session.rollback()
        self.submitted = False
        self._refused = True  # WTForms does not see what is added to a field inside a list
        for problem in problems:
            found = self._find(problem.field)
            if found is None:
                self.problems.append(problem)
            else:
                found.errors = [*found.errors, problem.message]

    def _find(self, path: str) -> Field | None:
        """The field at a dotted path such as `people.0.born` or `answers.schools.urn`."""
        steps = path.split(".") if path else []
        form: Any = self.form
        if steps[:1] == ["answers"] and len(steps) > 2:
            form = next((section.form for section in self.sections if section.key == steps[1]), None)
            steps = steps[2:]
        found: Any = None
        for step in steps:
            if isinstance(found, FieldList):
                rows = self.row_numbers.get(found.short_name, range(len(found.entries)))
                found = found.entries[rows[int(step)]] if step.isdigit() and int(step) < len(rows) else None
            else:
                inside = found.form if isinstance(found, FormField) else (form if found is None else None)
                found = inside[step] if inside is not None and step in inside else None
            if found is None:
                return None
        return None if isinstance(found, FormField | FieldList) else found

    @property
    def has_errors(self) -> bool:
        return bool(self._refused or self.form.errors or any(section.form.errors for section in self.sections))

    def render(self, template: str, **context: Any) -> Any:
        """The page: 200 as opened, 422 with faults."""
        context.setdefault("has_errors", self.has_errors)
        html = render_template(template, page=self, form=self.form, sections=self.sections, **context)
        return html, 422 if self.has_errors else 200
