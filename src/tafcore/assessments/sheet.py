"""A part of an assessment as a form: its sections beside what was said last time, what was typed and not saved yet, and
what clashed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request

from tafcore import drafts
from tafcore.assessments import drafted, sections
from tafcore.assessments.assessing import Clash
from tafcore.assessments.known import Known
from tafcore.assessments.shapes import AssessmentView, SectionView
from tafcore.assessments.whole import assessment_of, readable
from tafcore.contributions import Problem
from tafcore.db import writing
from tafcore.families.access import FamilyView
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.work import NotFound


class PartSheet:
    """The sections of `part` that may be written on this screen; NotFound where the part is not open.

    `unsaved`: something was typed that is not in the assessment yet. On a shared screen it is not shown where it is to
    be kept from the family.
    """

    def __init__(self, view: FamilyView, found: AssessmentView, part: str) -> None:
        here = found.part(part)
        if here is None:
            raise NotFound
        self.view, self.found, self.part = view, found, here
        self.subject = drafted.subject_of(found.ref, here.key, actor().user_id)
        self.covered = not readable(view, None)
        self.clashes: dict[str, Clash] = {}
        self.elsewhere: dict[str, str] = {}
        self.unsaved = False
        self._read()
        kept = {key for key, (_, values) in self._typed.items() if view.shared and values.get("withheld_why")}
        shown = (one for one in here.sections if one.text is None or one.text.shown)
        self.writable = tuple(one for one in shown if one.key not in kept)

    def _read(self) -> None:
        self.draft = drafts.read(self.subject)
        self._typed = drafted.typed(self.draft)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the form begins with."""
        return [] if self.covered else [self._row(one) for one in self.writable]

    def _row(self, one: SectionView) -> dict[str, Any]:
        row = _row(one)
        version, values = self._typed.get(one.key, (0, {}))
        changed = {name: value for name, value in values.items() if value != row.get(name, "")}
        if changed:
            self.unsaved = True
            row |= values
            if one.text is not None and one.text.version > version:
                text = one.text
                self.clashes[one.key] = Clash(one.key, text.words, text.scale, text.by, text.at)
        return row | {"row_key": drafted.key_of(one.key, row["base"])}

    def section(self, key: str) -> SectionView | None:
        return next((one for one in self.part.sections if one.key == key), None)

    def posted(self, page: FormPage) -> list[dict[str, Any]]:
        """The sections as the command takes them."""
        return [{name: value for name, value in row.items() if name != "row_key"} for row in page.form.sections.data]

    def show(self, page: FormPage, clashes: Iterable[Clash]) -> None:
        """After saving: the rest is saved, and what clashed stands beside what somebody else saved."""
        self.clashes = {one.section: one for one in clashes}
        if not page.saved:
            return
        fresh = assessment_of(self.view)
        now = fresh.part(self.part.key) if fresh else None
        versions = {one.key: one.text.version for one in now.sections if one.text} if now else {}
        for number, row in enumerate(page.form.sections):
            key = row.form.section.data
            row.form.base.data = str(versions.get(key, 0))
            row.form.row_key.data = drafted.key_of(key, row.form.base.data)
            if key in self.clashes:
                words = "Somebody else saved this meanwhile. Yours is in the box and not saved: put both together"
                page.refuse([Problem(f"{sections.title(key)}: {words}", f"sections.{number}.words")])

    def keep(self, page: FormPage) -> None:
        """What was posted and is not in the assessment, as autosave would have kept it."""
        values: dict[str, str] = {}
        for row in page.form.sections:
            one = self.section(row.form.section.data or "")
            if one is None or one not in self.writable or (self.clashes and page.saved and one.key not in self.clashes):
                continue
            before = _row(one)
            for name in drafted.FIELDS:
                value = (row.form[name].data or "").replace("\r\n", "\n")
                field = f"sections-{drafted.key_of(one.key, row.form.base.data)}-{name}"
                if value != before.get(name, "") or field in self.draft.values:
                    values[field] = value
        with writing():
            conflicts = drafts.compare_form(self.subject, {**values, "_revs": request.form.get("_revs", "")}, actor())
        self._read()
        for field, answer in conflicts.items():
            if field.endswith("-words"):
                self.elsewhere[field.split("-")[1].rpartition(".")[0]] = str(answer["value"])

    def use(self, page: FormPage, known: Iterable[Known]) -> None:
        """`Use these words`: what is known already, with its source, is added below what is typed."""
        kind, _, which = page.pressed.removeprefix("_use-").partition("-")
        for row in page.form.sections:
            key = row.form.section.data
            words = ""
            if kind == "last" and key == which:
                before = (found := self.section(key)) and found.before
                words = f"{before.words} ({before.by}, last assessment)" if before and before.words else ""
            elif kind == "known" and key == request.form.get(f"to-{which}"):
                words = next((one.quoted for one in known if one.key == which), "")
            if words:
                row.form.words.data = "\n\n".join(filter(None, ((row.form.words.data or "").strip(), words)))


def _row(one: SectionView) -> dict[str, Any]:
    if one.text is None:
        return {"section": one.key, "base": "0"}
    scale = "" if one.text.scale is None else str(one.text.scale)
    withheld = one.text.withheld_why or ""
    return {
        "section": one.key,
        "base": str(one.text.version),
        "words": one.text.words,
        "scale": scale,
        "withheld_why": withheld,
    }
