"""The page that grades a professional's referral after it was answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for

from tafcore.contacts import grading
from tafcore.contacts.commands import GradeReferral
from tafcore.contacts.forms import GradeReferralForm
from tafcore.contacts.reading import ContactView
from tafcore.contacts.views import contact_page
from tafcore.formpage import FormPage
from tafcore.permissions import actor

pages = Blueprint("contact_grading", __name__)


@pages.route("/contacts/<ref>/grade", methods=["GET", "POST"])
@contact_page("contacts.answer", works=True)
def grade(contact: ContactView) -> Any:
    page = FormPage(GradeReferralForm, GradeReferral)
    if page.submitted:
        with page.saving():
            given = {name: value for name, value in page.form.grade.data.items() if value}
            grading.grade(page.command(contact=contact.ref, grade=given), actor())
    if page.saved:
        flash("Graded. Whoever sent it is told", "success")
        return redirect(url_for("contacts.contact", ref=contact.ref))
    return page.render("contacts/grade.html", contact=contact, family_page=True)
