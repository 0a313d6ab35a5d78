"""The page on which two records are found to be of one family, and on which that is undone."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for

from tafcore.families.access import FamilyView
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.record import one_family
from tafcore.record.commands import OneFamily, TwoFamilies
from tafcore.record.forms import OneFamilyForm, TwoFamiliesForm
from tafcore.record.views import AT, pages


@pages.route(f"{AT}/same", methods=("GET", "POST"), endpoint="same_family")
@family_page("record.duplicates")
def same_family(view: FamilyView) -> Any:
    """What may be the same family, both side by side; of a record that leads to another, why it does."""
    joined = one_family.joined(view)
    return _join(view) if joined is None else _part(view, joined)


def _join(view: FamilyView) -> Any:
    found = one_family.candidates(view, actor())
    page = FormPage(OneFamilyForm, OneFamily, choices={"other": [(one.ref, one.name) for one in found]})
    if page.submitted:
        with page.saving():
            form = page.form
            pair = (view.ref, form.other.data) if form.goes_on.data == "this" else (form.other.data, view.ref)
            asked = OneFamily(family=pair[0], other=pair[1], reason=form.reason.data)
            one_family.put_together(asked, actor())
    if page.saved:
        flash("Found to be one family. If it was wrong, it can be taken apart again", "success")
        return _home(view)
    return _shown(page, "one_family", view, found=found)


def _part(view: FamilyView, joined: one_family.Joined) -> Any:
    page = FormPage(TwoFamiliesForm, TwoFamilies)
    if page.submitted:
        with page.saving():
            one_family.take_apart(page.command(family=view.ref), actor())
    if page.saved:
        flash("They are two families again", "success")
        return _home(view)
    return _shown(page, "two_families", view, joined=joined)


def _home(view: FamilyView) -> Any:
    return redirect(url_for("record.family", family_ref=view.ref))


def _shown(page: FormPage, template: str, view: FamilyView, **context: Any) -> Any:
    return page.render(f"record/{template}.html", view=view, family_page=True, shared_view=view.shared, **context)
