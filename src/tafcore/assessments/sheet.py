"""A part of an assessment as a form: its sections beside what was said last time, and what clashed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request

from tafcore.assessments import sections
from tafcore.assessments.assessing import Clash
from tafcore.assessments.known import Known
from tafcore.assessments.shapes import AssessmentView, SectionView
from tafcore.assessments.whole import assessment_of, readable
from tafcore.contributions import Problem
from tafcore.families.access import FamilyView
from tafcore.formpage import FormPage
from tafcore.work import NotFound


class PartSheet:
    """The sections of `part` that may be written on this screen; NotFound where the part is not open."""

    def __init__(self, view: FamilyView, found: AssessmentView, part: str) -> None:
        here = found.part(part)
        if here is None:
            raise NotFound
        self.view, self.found, self.part = view, found, here
        self.writable = tuple(one for one in here.sections if one.text is None or one.text.shown)
        self.covered = not readable(view, None)
        self.clashes: Mapping[str, Clash] = {}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the form begins with."""
        return [] if self.covered else [_row(one) for one in self.writable]

    def section(self, key: str) -> SectionView | None:
        return next((one for one in self.part.sections if one.key == key), None)

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
            if key in self.clashes:
                words = "Somebody else saved this meanwhile. Yours is in the box and not saved: put both together"
                page.refuse([Problem(f"{sections.title(key)}: {words}", f"sections.{number}.words")])

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
