"""Pages of the letters, forms and photos that belong to a contact."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from tafcore.contacts import papers as service
from tafcore.contacts.commands import AddPaper, PaperInError
from tafcore.contacts.forms import PaperForm, PaperInErrorForm
from tafcore.contacts.reading import ContactView
from tafcore.contacts.views import contact_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor
from tafcore.work import NotFound

pages = Blueprint("contact_papers", __name__)


@pages.route("/contacts/<ref>/papers", methods=["GET", "POST"])
@contact_page("contacts.register")
def papers(contact: ContactView) -> Any:
    page = FormPage(PaperForm, AddPaper)
    if page.submitted:
        sent = request.files.get("content")
        with page.saving():
            service.add(page.command(contact=contact.ref, content=sent.read() if sent else b""), actor())
    if page.saved:
        flash("It is kept with the contact", "success")
        return redirect(url_for("contacts.contact", ref=contact.ref, _anchor="papers"))
    return page.render("contacts/papers.html", contact=contact, family_page=True)


@pages.get("/contacts/<ref>/papers/<int:number>")
@contact_page("contacts.read")
def paper(contact: ContactView, number: int) -> Any:
    """Always a download, never shown inside a page of ours: whatever it holds runs nowhere."""
    name, kind, content = service.opened(contact.ref, number, actor())
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@pages.route("/contacts/<ref>/papers/<int:number>/error", methods=["GET", "POST"])
@contact_page("contacts.register")
def paper_in_error(contact: ContactView, number: int) -> Any:
    known = [one for one in contact.papers if one.number == number and not one.in_error_by]
    if not known:
        raise NotFound
    page = FormPage(PaperInErrorForm, PaperInError)
    if page.submitted:
        with page.saving():
            service.record_in_error(page.command(contact=contact.ref, number=number), actor())
    if page.saved:
        flash("It is recorded in error. It stays on record, and opens no more", "success")
        return redirect(url_for("contacts.contact", ref=contact.ref, _anchor="papers"))
    return page.render("contacts/paper_in_error.html", contact=contact, paper=known[0])
