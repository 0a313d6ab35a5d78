"""Specialist involvement is known to the workers named for it; nobody else learns that there is any."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.episodes import leading
from tafcore.episodes.commands import NominateLead
from tafcore.notices.models import Message
from tafcore.people.models import Person
from tafcore.record import specialists
from tafcore.record.commands import ChangeSpecialist, RecordSpecialist
from tafcore.record.models import ChronologyEntry, Specialist, SpecialistReader
from tafcore.sharing import conflicts
from tafcore.sharing.commands import RecordConflict
from tafcore.standards.clock import london_day
from tafcore.trail.models import Opening, TrailEntry, TrailPayload
from tafcore.trail.reading import changed_by
from tafcore.work import NotAllowed, NotFound, Refused

SECRETS = ("Harrier House", "020 7946 0999", "Heard on the third Tuesday")
FORM = "/people/safety/named"


def at(home, tab: str = "/people") -> str:
    return f"/families/{home.family.ref}{tab}"


def recorded(home, *readers, by=None, person=None) -> str:
    asked = RecordSpecialist(
        family=home.family.ref,
        person=(person or home.mother).ref,
        kind="marac",
        organisation=SECRETS[0],
        contact=SECRETS[1],
        note=SECRETS[2],
        readers=tuple(one.id for one in readers),
    )
    with home.app.app_context(), db.writing():
        return specialists.record(asked, home.make.actor(by or home.lead)).key


def changed(home, key, by=None, **more) -> None:
    with home.app.app_context(), db.writing():
        asked = ChangeSpecialist(family=home.family.ref, specialist=key, **more)
        specialists.change(asked, home.make.actor(by or home.lead))


def named(home) -> dict[int, bool]:
    """user id -> whether they are named now."""
    with home.app.app_context():
        rows = db.session.scalars(select(SpecialistReader).order_by(SpecialistReader.id))
        return {row.user_id: row.ended_at is None for row in rows}


def main(page: str) -> str:
    """What a page says, without what is drawn anew each time and without how long ago something was."""
    inside = page.split("<main")[1].split("</main>")[0]
    return re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"|just now|\d+ minutes? ago', "", inside)


def test_whoever_records_it_and_those_they_name_see_it_and_nobody_else(home, make, alone, sign_in) -> None:
    browser = alone(home.lead)
    assert "You are named for none." in browser.get(at(home)).text
    form = browser.get(at(home, FORM)).text
    assert "Vic Adviser, Money Matters" in form and "Moira Manager" in form and "Sam Stranger" not in form
    told = {
        "person": home.mother.ref,
        "kind": "idva",
        "organisation": SECRETS[0],
        "contact": SECRETS[1],
        "note": SECRETS[2],
        "since": "3 11 2025",
        "readers": [str(home.helper.id)],
    }
    assert browser.post(at(home, FORM), data=told).status_code == 302
    for user in (home.lead, home.helper):
        page = alone(user).get(at(home)).text
        assert all(secret in page for secret in SECRETS)
        assert "Ada Okoro: Independent domestic violence adviser (IDVA)" in page and "Since Mon 3 Nov 2025" in page
        assert "Named: Ann Patel, Elm Row Primary, who recorded it" in page and "; Vic Adviser, Money Matters." in page
        shared = sign_in(user).get(at(home)).text
        assert not [secret for secret in SECRETS if secret in shared] and "Specialist involvement" not in shared
    page = alone(home.manager).get(at(home)).text
    assert "You are named for none." in page and not [secret for secret in SECRETS if secret in page]


def test_faults_stand_beside_their_fields_and_nothing_is_half_saved(home, alone) -> None:
    browser = alone(home.lead)
    whole = {"person": home.mother.ref, "kind": "marac"}
    for wrong, field in (
        ({"person": ""}, "person"),
        ({"kind": "the vicar"}, "kind"),
        ({"since": "1 1 2999"}, "since"),
        ({"readers": [str(home.stranger.id)]}, "readers"),
        ({"organisation": "x" * 201}, "organisation"),
    ):
        answer = browser.post(at(home, FORM), data={**whole, **wrong})
        assert answer.status_code == 422 and f'href="#{field}"' in answer.text, field
    with home.app.app_context():
        assert db.session.scalar(select(Specialist.id)) is None
    assert browser.post(at(home, FORM), data=whole).status_code == 302, "nobody else need be named"
    assert named(home) == {home.lead.id: True}


def test_not_even_that_it_exists_is_told_to_those_not_named(home, make, alone, sign_in) -> None:
    """Their pages are the same, word for word, as before it was recorded."""
    others = (home.manager, make.user("information_governance"), make.user("auditor"), make.user("mash"), home.stranger)
    tabs = ("", "/people", "/chronology", "/genogram", "/sharing", "/steps", FORM)
    paths = (
        *(at(home, tab) for tab in tabs),
        "/",
        "/families",
        "/notices",
        f"/trail?ref={home.family.ref}",
        f"/trail?ref={home.mother.ref}",
    )

    def read() -> dict:
        alone(home.lead).get(at(home, FORM))
        everything = {}
        for user in others:
            browser = alone(user)
            for path in paths:
                answer = browser.get(path)
                everything[user.id, path] = (answer.status_code, main(answer.text))
            found = browser.post("/search", data={"q": SECRETS[0]})
            everything[user.id, "search"] = (found.status_code, main(found.text))
        return everything

    with db.clock_at(db.utcnow()):  # pages say when they were opened, to the minute
        read()  # each page once: from now on its opening is no news
        before = read()
        recorded(home, home.helper)
        after = read()
    assert {key: (before[key], after[key]) for key in before if before[key] != after[key]} == {}
    assert sum(status == 200 for status, _ in after.values()) > 12
    key = "0" * 32
    unknown = alone(home.manager).get(at(home, f"{FORM}/{key}"))
    with home.app.app_context():
        real = db.session.scalars(select(Specialist.key)).one()
    hidden = alone(home.manager).get(at(home, f"{FORM}/{real}"))
    assert unknown.status_code == hidden.status_code == 404 and main(unknown.text) == main(hidden.text)


def test_the_trail_keeps_it_for_whoever_did_it_alone(home, make, alone) -> None:
    ig = make.user("information_governance", "early_help_manager", team=home.team, name="Idris Green")
    key = recorded(home, ig)
    changed(home, key, by=ig, readers=(ig.id, home.helper.id))
    with home.app.app_context():
        kinds = select(TrailEntry).where(TrailEntry.kind == "record.specialist_changed").order_by(TrailEntry.id)
        first, second = db.session.scalars(kinds).all()
        assert (first.actor_key, second.actor_key) == (f"user:{home.lead.id}", f"user:{ig.id}")
        payloads = [one.payload for one in db.session.scalars(select(TrailPayload))]
        assert not [one for one in payloads for secret in (*SECRETS, home.mother.ref) if secret in one]
        assert not [line for line in db.session.scalars(select(ChronologyEntry.line)) if "MARAC" in line]
        assert not [one.body for one in db.session.scalars(select(Message)) for word in SECRETS if word in one.body]
        since = db.utcnow() - timedelta(hours=1)
        done = changed_by([f"user:{home.lead.id}"], home.family.id, since, db.utcnow())
        assert not [one for one in done if "pecialist" in one.what]
    page = alone(ig).get(f"/trail?ref={home.family.ref}").text
    assert page.count("specialist changed") == 1, "their own change, and not the lead's"
    assert alone(home.lead).get(at(home, f"{FORM}/{key}")).status_code == 200
    with home.app.app_context():
        opened = select(Opening.purpose).where(Opening.actor_key == f"user:{home.lead.id}")
        assert set(db.session.scalars(opened)) == {"change", "record.people"}


def test_those_named_say_who_else_is_and_whoever_is_taken_off_loses_sight_of_it(home, alone) -> None:
    key = recorded(home, home.helper)
    form, helper, manager = at(home, f"{FORM}/{key}"), alone(home.helper), alone(home.manager)
    page = helper.get(form).text
    assert re.search(rf'value="{home.helper.id}"[^>]*checked', page) and "who stays named" in page
    title = page.split("<title>")[1].split("</title>")[0]
    assert "Safety" in title and not [word for word in ("MARAC", "pecialist", "Ada") if word in title + form]
    assert helper.post(form, data={"readers": [str(home.manager.id)], "state": "goes_on"}).status_code == 302
    assert named(home) == {home.lead.id: True, home.helper.id: False, home.manager.id: True}
    assert SECRETS[0] in manager.get(at(home)).text and SECRETS[0] not in helper.get(at(home)).text
    assert helper.get(form).status_code == 404
    assert manager.post(form, data={"readers": [str(home.helper.id)], "state": "goes_on"}).status_code == 302
    assert SECRETS[0] in helper.get(at(home)).text and SECRETS[0] not in manager.get(at(home)).text
    with home.app.app_context():
        rows = list(db.session.scalars(select(SpecialistReader)))
        assert len(rows) == 4 and all(row.ended_by for row in rows if row.ended_at)
    assert SECRETS[0] in alone(home.lead).get(at(home)).text, "whoever recorded it stays named"


def test_it_ends_on_a_day_or_was_a_mistake_and_stays_readable(home, alone) -> None:
    key, browser = recorded(home), alone(home.lead)
    form = at(home, f"{FORM}/{key}")
    for wrong, field in (
        ({"state": "ended", "until": "1 11 2025"}, "why"),
        ({"state": "ended", "why": "Case closed"}, "until"),
        ({"state": "ended", "why": "Case closed", "until": "1 1 2999"}, "until"),
        ({"state": "mistake"}, "why"),
    ):
        answer = browser.post(form, data=wrong)
        assert answer.status_code == 422 and f'href="#{field}"' in answer.text, wrong
    assert browser.post(form, data={"state": "ended", "why": "Case closed", "until": "1 11 2025"}).status_code == 302
    page = browser.get(at(home)).text
    assert all(words in page for words in (*SECRETS, "Case closed", "Until Sat 1 Nov 2025"))
    with pytest.raises(Refused, match="meanwhile"):
        changed(home, key, state="ended", why="Again", until=london_day(db.utcnow()))
    other = recorded(home)
    changed(home, other, state="mistake", why="Another Ada")
    assert "Recorded by mistake" in browser.get(at(home)).text and "Another Ada" in browser.get(at(home)).text
    assert browser.post(at(home, f"{FORM}/{other}"), data={"readers": [str(home.helper.id)]}).status_code == 302
    assert "Another Ada" in alone(home.helper).get(at(home)).text


def test_nothing_is_shown_or_taken_while_others_may_see_the_screen(home, sign_in) -> None:
    key, browser = recorded(home), sign_in(home.lead)
    form = browser.get(at(home, FORM))
    assert form.status_code == 200 and "Only when you are alone" in form.text and "Vic Adviser" not in main(form.text)
    for path in (FORM, f"{FORM}/{key}", f"{FORM}/{'0' * 32}"):
        assert browser.get(at(home, path)).status_code == (200 if path == FORM else 404)
        browser.post(at(home, path), data={"person": home.mother.ref, "kind": "idva", "state": "mistake", "why": "No"})
    with home.app.app_context():
        (row,) = db.session.scalars(select(Specialist))
        assert (row.kind, row.ended_at) == ("marac", None)


def test_being_named_lets_nobody_in_who_may_not_see_the_family(home, make, alone) -> None:
    key = recorded(home, home.helper)
    ig = make.user("information_governance")
    with home.app.app_context(), db.writing():
        asked = {"family": home.family.ref, "user": home.helper.id, "connection": "friend", "words": "A neighbour"}
        conflicts.record(RecordConflict(**asked), make.actor(ig))
    assert alone(home.helper).get(at(home)).status_code == 404
    with pytest.raises(NotFound):
        changed(home, key, by=home.helper)


def test_it_is_recorded_by_those_who_work_with_the_family(home, make, knows_jack) -> None:
    for by, fault in ((home.stranger, NotFound), (make.user("auditor"), NotAllowed), (knows_jack, NotAllowed)):
        with pytest.raises(fault):
            recorded(home, by=by, person=home.jack)
    key = recorded(home, by=home.helper)
    with pytest.raises(NotFound):
        changed(home, key, by=home.lead)
    other = make.family(home.team, "Other")
    with home.app.app_context():
        theirs = db.session.scalars(select(Person.ref).where(Person.surname == "Other")).first()
    with pytest.raises(NotFound), home.app.app_context(), db.writing():
        asked = RecordSpecialist(family=home.family.ref, person=theirs, kind="marac")
        specialists.record(asked, make.actor(home.lead))
    with pytest.raises(NotFound), home.app.app_context(), db.writing():
        asked = ChangeSpecialist(family=other.ref, specialist=key, state="mistake", why="Not theirs")
        specialists.change(asked, make.actor(home.manager))


def test_before_the_lead_changes_those_named_are_told_to_name_whoever_comes(home, make, alone) -> None:
    next_lead, other = make.user(name="Next Lead"), make.user(name="Other Lead")
    key = recorded(home, home.manager)

    def heard_when_asked(user) -> list[Message]:
        command = NominateLead(family=home.family.ref, user=user.id, cover=home.manager.id, reason="Knows them")
        before = select(Message).where(Message.subject == "Somebody is asked to lead a family you help")
        with home.app.app_context():
            known = {one.id for one in db.session.scalars(before)}
        with home.app.app_context(), db.writing():
            leading.nominate_lead(command, make.actor(home.manager))
        with home.app.app_context():
            return [one for one in db.session.scalars(before) if one.id not in known]

    heard = heard_when_asked(next_lead)
    assert {one.to_user_id for one in heard} == {home.lead.id, home.manager.id}
    told = " ".join(f"{one.subject} {one.body}" for one in heard)
    assert not [word for word in (*SECRETS, "MARAC", "pecialist") if word in told]
    changed(home, key, readers=(home.manager.id, next_lead.id))
    assert named(home)[next_lead.id], "whoever is asked can be named before whoever leads loses sight of it"
    assert heard_when_asked(other) and not heard_when_asked(next_lead)
