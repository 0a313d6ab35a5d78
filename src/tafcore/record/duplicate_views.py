"""Records that may be one person: the worklist, both side by side, and taking apart what was put together."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from tafcore.families.pages import as_shown
from tafcore.fields import options
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires
from tafcore.record import duplicates, merging, rules
from tafcore.record.added import Apart, apart
from tafcore.record.commands import AddedPart, NotTheSame, PutTogether, TakeApart
from tafcore.record.forms import ApartForm, NotSameForm, TogetherForm
from tafcore.record.sides import Both, both, families_not_seen
from tafcore.record.views import pages
from tafcore.sharing import glass_views
from tafcore.sharing.commands import BreakGlass
from tafcore.sharing.forms import NeedForm
from tafcore.work import allow

MAY = "record.duplicates"
BOTH = ("GET", "POST")


def _list(show: str = "mine") -> Any:
    return redirect(url_for("record.duplicates", show=show))


@pages.route("/duplicates", methods=BOTH, endpoint="duplicates")
@requires(MAY)
def worklist() -> Any:
    """Searches are posted: names belong in no address."""
    asked = duplicates.read(request.form if request.method == "POST" else {**request.args, "q": ""})
    page = duplicates.worklist(actor(), asked)
    return render_template(
        "record/duplicates.html", page=page, asked=asked, show=duplicates.SHOW, sorts=duplicates.SORTS
    )


def _compare(found: Both, page: FormPage, together: Any, not_same: Any) -> Any:
    """Both side by side with both questions; `page` is the one that was asked, if one was."""
    rows = rules.said_of_both(*(rules.by_heading(side.facts) for side in (found.low, found.high)))
    why = rules.apart_because(found.low.standing, found.high.standing, found.kept_apart)
    shown = {"pair": found.view, "low": found.low, "high": found.high, "rows": list(rows), "in_the_way": why}
    forms = {"together": together, "not_same": not_same}
    return page.render("record/duplicate.html", **shown, **forms, family_page=True)


def _sides(found: Both) -> list[tuple[str, str]]:
    return [(side.ref, f"{side.name}, {side.ref}") for side in (found.low, found.high)]


def _unasked(found: Both) -> TogetherForm:
    form = TogetherForm(formdata=None, data={"seen": found.revision})
    form.survivor.choices = options(_sides(found))
    return form


@pages.route("/duplicates/<ref>", methods=BOTH)
@requires(MAY)
def duplicate(ref: str) -> Any:
    """Both records side by side; posted, they are put together."""
    found = both(ref, actor(), "duplicate", as_shown)
    if found.pair.state == "merged":
        return redirect(url_for("record.take_apart", ref=ref))
    page = FormPage(TogetherForm, PutTogether, initial={"seen": found.revision}, choices={"survivor": _sides(found)})
    if page.submitted:
        with page.saving():
            merging.put_together(page.command(pair=ref), actor())
    if page.saved:
        flash("Put together. If it was wrong, it can be taken apart again", "success")
        return _list("merged")
    return _compare(both(ref, actor(), "duplicate", as_shown), page, page.form, NotSameForm(formdata=None))


@pages.post("/duplicates/<ref>/two-people")
@requires(MAY)
def not_same(ref: str) -> Any:
    found = both(ref, actor(), "duplicate", as_shown)
    page = FormPage(NotSameForm, NotTheSame)
    if page.submitted:
        with page.saving():
            merging.not_the_same(page.command(pair=ref, reason=page.form.two_reason.data), actor())
    if page.saved:
        flash("Kept as two people. They come back here only when something new is said of either", "success")
        return _list()
    return _compare(found, page, _unasked(found), page.form)


@pages.route("/duplicates/<ref>/apart", methods=BOTH)
@requires(MAY)
def take_apart(ref: str) -> Any:
    found = apart(ref, actor(), "duplicate", as_shown)
    rows = [{"item": one.key} for one in found.view.added]
    page = FormPage(ApartForm, TakeApart, initial={"parts": rows})
    if page.submitted:
        with page.saving():
            parts = tuple(AddedPart(item=row.item.data, to=row.to.data) for row in page.form.parts)
            merging.take_apart(TakeApart(pair=ref, reason=page.form.reason.data, parts=parts), actor())
    if page.saved:
        flash("Taken apart: both records are as they were, with what you gave to each", "success")
        return _list("not_same")
    return _apart(page, apart(ref, actor(), "duplicate", as_shown))


def _apart(page: FormPage, found: Apart) -> Any:
    """With what was added while somebody looked at the page."""
    asked = {row.item.data for row in page.form.parts}
    for one in found.view.added:
        if one.key not in asked:
            page.form.parts.append_entry({"item": one.key})
    return page.render(
        "record/apart.html", found=found.view, added={one.key: one for one in found.view.added}, family_page=True
    )


@pages.route("/duplicates/<ref>/break-glass", methods=BOTH)
@requires(MAY)
def open_pair(ref: str) -> Any:
    """What of a pair one does not see, opened by break-glass: only the program knows whose records these are."""
    hidden = families_not_seen(ref, actor())
    allow(actor(), BreakGlass.permission)
    page = FormPage(NeedForm, BreakGlass, initial={"why": "two_records"})
    to = url_for("record.duplicate", ref=ref)
    return glass_views.ask(page, hidden, "record/open_pair.html", to, pair=ref)
