"""Links to somebody's own page, as those who work with the family make and end them; and what was written there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from tafcore import phrases
from tafcore.db import writing
from tafcore.families.access import FamilyView, PersonView
from tafcore.families.pages import family_page
from tafcore.families.ways import safe_ways
from tafcore.formpage import FormPage
from tafcore.links import public as public_url
from tafcore.notices.rules import masked
from tafcore.permissions import actor
from tafcore.plans.reading import plan_of
from tafcore.record import own_links, own_rules, own_words
from tafcore.record.commands import AnswerOwnWord, EndOwnLink, MakeOwnLink
from tafcore.record.own_copies import own_age
from tafcore.record.own_forms import OwnAnswerForm, OwnLinkForm
from tafcore.record.own_page import not_plain

pages = Blueprint("own", __name__)
AT = "/families/<family_ref>/own-pages"
MAY = ("record.own_links", "lead", "manage")
BOTH = ("GET", "POST")
CHANNELS = {"phone": "text", "email": "email"}


def _list(view: FamilyView) -> Any:
    return redirect(url_for("own.links", family_ref=view.ref))


def _ask(page: FormPage, view: FamilyView, template: str, **context: Any) -> Any:
    return page.render(f"own/{template}.html", view=view, family_page=True, shared_view=view.shared, **context)


@pages.get(AT, endpoint="links")
@family_page(*MAY)
def show(view: FamilyView) -> Any:
    found = own_links.links_of(view)
    roles = own_rules.PARENTS | own_rules.CHILDREN
    return render_template(
        "own/links.html",
        view=view,
        people=[(one, found.get(one.id, ())) for one in view.people if one.role in roles and one.died is None],
        told=[(one, view.name_of(one.person_id)) for one in own_words.words_of(view)],
        not_plain=() if view.shared else not_plain(plan_of(view)),
        languages=phrases.languages(),
        family_page=True,
        shared_view=view.shared,
    )


@pages.route(f"{AT}/<person>/new", methods=BOTH)
@family_page(*MAY)
def make(view: FamilyView, person: str) -> Any:
    who = view.person(person)
    page = FormPage(OwnLinkForm, MakeOwnLink, view, {"language": phrases.spoken(who.language)}, choices=_choices(who))
    made: own_links.Made | None = None
    if page.submitted:
        with page.saving():
            command = page.command(family=view.ref, person=who.ref)
            made = own_links.make(command, actor(), own_age(), lambda token: public_url("own_page.page", token=token))
    if page.saved:
        assert made is not None
        shown = {"view": view, "person": who, "made": made, "sent": page.form.send.data}
        return render_template("own/made.html", **shown, family_page=True, shared_view=view.shared)
    own = who.is_child and (who.born is None or _too_young(who))
    return _ask(page, view, "make", person=who, ask_why=own, own_age=own_age())


def _too_young(person: PersonView) -> bool:
    return bool(list(own_rules.may_have(person.role, own_links.age_of(person), own_age(), None)))


def _choices(person: PersonView) -> dict[str, Any]:
    """Where a number may go, in words that tell nobody who looks where that is; without any, the PIN alone."""
    ways = safe_ways(person)
    told = [
        (row.id, f"{'Text' if row.kind == 'phone' else 'E-mail'} to {masked(CHANNELS[row.kind], row.value)}")
        for row in ways
    ]
    checks = own_rules.CHECKS if ways else {"pin": own_rules.CHECKS["pin"]}
    return {"how": checks, "way": [("", "Choose"), *told]}


@pages.post(f"{AT}/<key>/end")
@family_page(*MAY)
def end(view: FamilyView, key: str) -> Any:
    with writing():
        own_links.end(EndOwnLink(family=view.ref, link=key), actor())
    flash("The link opens nothing any more", "success")
    return _list(view)


@pages.route(f"{AT}/words/<key>/answer", methods=BOTH)
@family_page(*MAY)
def answer(view: FamilyView, key: str) -> Any:
    asked = own_words.word_of(view, key)
    if view.shared and request.method == "GET":
        return _list(view)
    page = FormPage(OwnAnswerForm, AnswerOwnWord, view, {"answer": asked.answer})
    if page.submitted:
        with page.saving():
            own_words.answer(page.command(family=view.ref, word=key), actor())
    if page.saved or view.shared:
        return _list(view)
    return _ask(page, view, "answer", word=asked, name=view.name_of(asked.person_id))
