"""Pages of the specimen."""

from flask import Blueprint, redirect, url_for
from flask_wtf import FlaskForm
from wtforms import StringField

from taf_specimen import service
from taf_specimen.commands import AddPet
from tafcore.api import FormPage, actor, family_page

pages = Blueprint("specimen", __name__, template_folder="templates")


class PetForm(FlaskForm):
    """A pet."""

    kind = StringField("What kind of animal is it?")
    name = StringField("What is it called?")


@pages.route("/specimen/families/<family_ref>", methods=["GET", "POST"])
@family_page("specimen.add", "lead", "team", "manage")
def add(view):
    page = FormPage(PetForm, AddPet, view)
    if page.submitted:
        with page.saving():
            service.add(page.command(family=view.ref), actor())
    if page.saved:
        return redirect(url_for("specimen.add", family_ref=view.ref))
    return page.render("specimen/add.html", view=view, pets=service.pets(view), family_page=True)
