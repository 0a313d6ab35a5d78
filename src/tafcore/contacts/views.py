"""Pages of contacts: the list, registering, one contact, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for

from tafcore.contacts import enclosures, grading, lists, not_now, reading, rules, service, slips, stepping_up, unreached
from tafcore.contacts.answering import AnswerPage
from tafcore.contacts.commands import (
    LookAtContact,
    NoteAttempt,
    NoteConversation,
    RecordedInError,
    TakeContact,
    TellReferrer,
    WithdrawContact,
)
from tafcore.contacts.entry import Entry
from tafcore.contacts.forms import EndForm, LookForm, ReplyForm, TalkForm
from tafcore.contacts.known import known_of
from tafcore.contacts.reading import ContactView
from tafcore.contacts.unfinished import adding_since, begin, discard, finish, gate, guard_drafts
from tafcore.contacts.whose import LinkPage
from tafcore.db import utcnow, writing
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires
from tafcore.references import BadReference, read_ref
from tafcore.standards.clock import in_office_hours
from tafcore.work import NotAllowed

pages = Blueprint("contacts", __name__)
pages.record_once(lambda state: guard_drafts(state.app))
Page = TypeVar("Page", bound=Callable[..., Any])


def contact_page(permission: str, works: bool = False) -> Callable[[Page], Page]:
    """A view at `<ref>`: needs `permission` and a reason to see the contact; with `works`, to answer it.

    The view receives `contact`, a ContactView, instead of the reference, before the body is read.
    """

    def wrap(page: Page) -> Page:
        @requires(permission)
        @wraps(page)
        def guarded(ref: str, **values: Any) -> Any:
            contact = reading.contact_of(ref, actor())
            if works and not contact.works:
                raise NotAllowed(permission)
            return page(contact=contact, **values)

        return cast(Page, guarded)

    return wrap


def _back(contact: ContactView, words: str) -> Any:
    flash(words, "success")
    return redirect(url_for("contacts.contact", ref=contact.ref))


def _known(contact: ContactView) -> dict[str, Any]:
    """Whom to ring where help is open already or somebody may be known; for those who work the contact."""
    return {"known": known_of([contact.id], actor()).get(contact.id) if contact.works else None}


def danger_lines() -> dict[str, Any]:
    """Whom to ring when somebody is in danger: out of office hours the Emergency Duty Team."""
    return {"office_open": in_office_hours(utcnow())}


@pages.route("/contacts", methods=["GET", "POST"])
@requires("contacts.read")
def listing() -> Any:
    """The list. A search is posted, so that no name ever stands in an address."""
    search = request.form.get("q", "").strip()[:200]
    try:
        return redirect(url_for("contacts.contact", ref=read_ref(search, "C")))
    except BadReference:
        pass
    show, sort = request.args.get("show", "waiting"), request.args.get("sort", "due")
    show, sort = show if show in lists.SHOWN else "waiting", sort if sort in lists.SORTS else "due"
    team = request.args.get("team", type=int)
    page = lists.listing(actor(), show, sort, team, request.args.get("after", ""), search)
    return render_template(
        "contacts/list.html",
        page=page,
        q=search,
        chosen={"show": show, "sort": sort, "team": team},
        shown=lists.SHOWN,
        sorts=lists.SORTS,
        teams=lists.teams_of(actor()),
        unfinished=lists.unfinished(actor()),
    )


@pages.route("/contacts/new", methods=["GET", "POST"])
@requires("contacts.register")
def new() -> Any:
    key = request.args.get("draft", "")
    if not key:
        keeping_the_body = 307 if request.method == "POST" else 302
        return redirect(url_for("contacts.new", draft=begin(actor())), keeping_the_body)
    entry = Entry(key)
    if entry.page.submitted and not entry.clashes:
        with entry.saving():
            made = service.register(entry.command(), actor())
            enclosures.hand_over(key, made.ref, actor())
            finish(key)
    if entry.page.saved:
        flash(f"Contact {made.ref} is registered", "success")
        return redirect(url_for("contacts.contact", ref=made.ref))
    return entry.page.render(
        "contacts/new.html",
        entry=entry,
        line=entry.line,
        found=entry.found,
        said=entry.said,
        known=entry.known,
        prompts=entry.prompts(),
        family_page=True,
        **danger_lines(),
    )


@pages.post("/contacts/prompts")
@requires("contacts.register")
def asks() -> Any:
    """Whom to ring about what is typed so far; asked for by the page while somebody types."""
    entry = Entry(request.args.get("draft", ""), live=True)
    return render_template("contacts/_prompts.html", form=entry.form, prompts=entry.prompts(), **danger_lines())


@pages.post("/contacts/line")
@requires("contacts.register")
def line() -> Any:
    """Who may be meant by the search line; asked for by the page while somebody types. Keeps nothing."""
    entry = Entry(request.args.get("draft", ""), live=True)
    return render_template("contacts/_line.html", line=entry.line)


@pages.post("/contacts/matches")
@requires("contacts.register")
def matches() -> Any:
    """Who may be meant by what is typed so far; asked for by the page while somebody types."""
    entry = Entry(request.args.get("draft", ""), live=True)
    return render_template(
        "contacts/_matches.html",
        found=entry.found,
        said=entry.said,
        known=entry.known,
        form=entry.form,
        live=entry.row_keys,
    )


@pages.post("/contacts/unfinished/<key>/discard")
@requires("contacts.register")
def throw_away(key: str) -> Any:
    gate(key, actor())
    with writing():
        discard(key)
    flash("What was unfinished is gone", "success")
    return redirect(url_for("contacts.listing"))


@pages.get("/contacts/<ref>")
@contact_page("contacts.read")
def contact(contact: ContactView) -> Any:
    return render_template(
        "contacts/contact.html",
        contact=contact,
        rules=rules,
        look=LookForm(urgency=contact.urgency, level=str(contact.level or "")),
        colleagues=lists.colleagues(contact.team_id) if contact.works and contact.open else (),
        may_work=contact.works and actor().may("contacts.answer"),
        may_register=actor().may("contacts.register"),
        adding_since=adding_since(contact.id, actor()) if contact.open and actor().may("contacts.register") else None,
        family_page=True,
        escalations=unreached.escalations_of(contact.id) if contact.inside else (),
        grade=grading.grade_of(contact.id) if contact.inside or contact.mine else None,
        may_grade=contact.works and rules.professional(contact.source) and contact.answered_at is not None,
        slips=slips.slips_of(contact.id, contact.ref) if contact.service_id is not None else (),
        asked_again=not_now.asked_of(contact.id) if contact.inside and contact.answer == "not_now" else (),
        may_decide=contact.works and actor().may("contacts.decide"),
        **_known(contact),
        **danger_lines(),
    )


@pages.post("/contacts/<ref>/look")
@contact_page("contacts.answer", works=True)
def look(contact: ContactView) -> Any:
    page = FormPage(LookForm, LookAtContact)
    if page.submitted:
        with page.saving():
            service.look(page.command(contact=contact.ref), actor())
    return (
        _back(contact, "Noted as looked at") if page.saved else page.render("errors/422.html", problems=page.problems)
    )


@pages.post("/contacts/<ref>/take")
@contact_page("contacts.answer", works=True)
def take(contact: ContactView) -> Any:
    user = request.form.get("user", type=int)
    with writing():
        service.take(TakeContact(contact=contact.ref, user=user), actor())
    return _back(contact, "It is settled who takes this contact on")


@pages.route("/contacts/<ref>/conversation", methods=["GET", "POST"])
@contact_page("contacts.register")
def talk(contact: ContactView) -> Any:
    one_way = request.form.get("how") in rules.ONE_WAY
    page = FormPage(TalkForm, NoteAttempt if one_way else NoteConversation)
    if page.submitted:
        with page.saving():
            done = (service.attempt if one_way else service.converse)(page.command(contact=contact.ref), actor())
    if page.saved:
        return _back(contact, "Conversation recorded" if done.conversation_at else "Recorded. The clock still runs")
    return page.render("contacts/talk.html", contact=contact, family_page=True)


@pages.route("/contacts/<ref>/people", methods=["GET", "POST"])
@contact_page("contacts.answer", works=True)
def link(contact: ContactView) -> Any:
    asked = LinkPage(contact, actor())
    if asked.page.submitted:
        with asked.page.saving():
            service.link(asked.command(), actor())
    if asked.page.saved:
        return _back(contact, "The contact is linked to a family")
    return asked.page.render("contacts/link.html", contact=contact, asked=asked, family_page=True)


@pages.route("/contacts/<ref>/answer", methods=["GET", "POST"])
@contact_page("contacts.answer", works=True)
def answer(contact: ContactView) -> Any:
    asked = AnswerPage(contact, actor())
    if asked.page.submitted:
        with asked.page.saving():
            (stepping_up.begin if asked.steps_up else service.answer)(asked.command(), actor())
    if asked.page.saved and asked.steps_up:
        flash("Kept. Go on here; the contact is answered when this is sent to MASH", "success")
        return redirect(url_for("steps.step_up", family_ref=contact.family_ref, contact=contact.ref))
    if asked.page.saved:
        return _back(contact, "The contact is answered")
    about = {**_known(contact), **danger_lines()}
    return asked.page.render("contacts/answer.html", contact=contact, asked=asked, family_page=True, **about)


@pages.route("/contacts/<ref>/reply", methods=["GET", "POST"])
@contact_page("contacts.answer", works=True)
def reply(contact: ContactView) -> Any:
    page = FormPage(ReplyForm, TellReferrer)
    if page.submitted:
        with page.saving():
            service.tell_referrer(page.command(contact=contact.ref), actor())
    if page.saved:
        return _back(contact, "Whoever told us has been told; the contact is closed")
    return page.render("contacts/reply.html", contact=contact, rules=rules, grade=grading.grade_of(contact.id))


@pages.route("/contacts/<ref>/end", methods=["GET", "POST"])
@contact_page("contacts.register")
def end(contact: ContactView) -> Any:
    in_error = request.form.get("what") == "in_error"
    page = FormPage(EndForm, RecordedInError if in_error else WithdrawContact)
    if page.submitted:
        with page.saving():
            done = service.record_in_error if in_error else service.withdraw
            done(page.command(contact=contact.ref), actor())
    if page.saved:
        return _back(contact, "The contact has ended. It stays on record")
    return page.render("contacts/end.html", contact=contact)
