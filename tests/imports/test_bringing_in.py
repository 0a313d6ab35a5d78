"""Rows staged, checked and brought in: each once, whatever happens meanwhile."""

from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import func, select

from tafcore import hooks
from tafcore.accounts import service as accounts
from tafcore.accounts.models import Organisation
from tafcore.actor import Actor
from tafcore.contacts.models import Contact
from tafcore.contacts.registering import register
from tafcore.contributions import Problem
from tafcore.db import session, writing
from tafcore.imports import service
from tafcore.imports.headings import Row
from tafcore.imports.models import ImportFile, ImportRow
from tafcore.permissions import known
from tafcore.trail.models import TrailEntry
from tafcore.work import Refused

GOOD = {"source": "2A", "child_forename": "Ada", "child_surname": "Okoro", "wants": "Help", "safe_how": "Ring"}
BAD = GOOD | {"child_born": "31/2/2018"}


@contextmanager
def quiet(_label, _length):
    yield lambda _done: None


@pytest.fixture(autouse=True)
def no_pause(monkeypatch, make):
    monkeypatch.setattr(service, "PAUSE", 0)
    monkeypatch.setattr(service, "HELD", 0)
    make.team()


@pytest.fixture
def bring(app):
    def bring_in(*values, progress=quiet, apply=register, **more):
        with app.app_context():
            chosen = next(one for one in hooks.imports() if one.name == "contacts")
            chosen = replace(chosen, apply=apply)
            rows = [Row(line, one) for line, one in enumerate(values, start=2)]
            who = Actor("importer", None, "Import", permissions=frozenset(known(app)))
            return service.bring_in(chosen, rows, who, progress, **more)

    return bring_in


def count(app, of=Contact):
    with app.app_context():
        return session.scalar(select(func.count()).select_from(of))


def test_rows_become_contacts_and_nothing_of_them_stays_behind(app, bring):
    done = bring(GOOD, GOOD | {"wants": "More"})
    assert (done.kept, done.problems) == (2, ())
    with app.app_context():
        refs = set(session.scalars(select(Contact.ref)))
        rows = session.scalars(select(ImportRow)).all()
        assert {row.ref for row in rows} == refs and {row.cells for row in rows} == {""}
        assert session.scalar(select(ImportFile.ended_at)) is not None
        assert "files.imported" in set(session.scalars(select(TrailEntry.kind)))


def test_the_same_file_and_the_same_row_of_another_file_are_in_already(app, bring):
    bring(GOOD, GOOD | {"wants": "More"})
    again = bring(GOOD, GOOD | {"wants": "More"})
    assert (again.kept, [one.line for one in again.known]) == (0, [2, 3])
    with app.app_context():
        assert {one.ref for one in again.known} == set(session.scalars(select(Contact.ref)))
    mended = bring(GOOD | {"wants": "New"}, GOOD)
    assert (mended.kept, [one.line for one in mended.known]) == (1, [3])
    assert count(app) == 3


def test_rows_that_say_the_same_are_two_contacts_once(app, bring):
    assert bring(GOOD, GOOD).kept == 2
    assert bring(GOOD, GOOD).kept == 0
    assert count(app) == 2


def test_every_fault_is_found_before_anything_is_kept(app, bring):
    no_way = {name: value for name, value in GOOD.items() if name != "safe_how"}
    done = bring(GOOD, BAD, no_way)
    assert [(line, problem.field) for line, problem in done.problems] == [(3, "child_born"), (4, "safe_how")]
    assert done.kept == count(app) == count(app, ImportRow) == 0


def test_the_good_are_kept_and_mended_rows_follow(app, bring):
    first = bring(GOOD, BAD, accept_good=True)
    assert (first.kept, len(first.problems)) == (1, 1)
    mended = bring(GOOD, GOOD | {"child_born": "3/2/2018"})
    assert (mended.kept, len(mended.known)) == (1, 1)
    assert count(app) == count(app, ImportRow) == 2


def test_others_register_while_a_file_comes_in(app, bring, make, client):
    school = make.organisation()
    with app.app_context(), writing():
        home = session.get_one(Organisation, school.id)
        token = accounts.add_token("Partner", home, {"contacts.register", "contacts.read"})
    answers = []

    def register():
        key = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(len(answers))}
        body = {"people": [{"role": "child", "forename": "Jack"}], "wants": "Help", "safe_how": "Ring"}
        answers.append(client.post("/api/v1/contacts", headers=key, json=body).status_code)

    def elsewhere(_done):
        somebody = Thread(target=register)
        somebody.start()
        somebody.join()

    @contextmanager
    def meanwhile(label, _length):
        yield elsewhere if label == "Keeping" else lambda _done: None

    done = bring(GOOD, GOOD | {"wants": "More"}, GOOD | {"wants": "Most"}, progress=meanwhile)
    assert (done.kept, answers) == (3, [201, 201, 201])


def test_a_dry_run_keeps_nothing(app, bring):
    done = bring(GOOD, BAD, dry_run=True)
    assert len(done.problems) == 1
    assert count(app) == count(app, ImportFile) == 0


def test_what_was_begun_is_gone_on_with(app, bring, monkeypatch):
    rows = [GOOD | {"wants": f"Thing {number}"} for number in range(6)]
    keep = service._keep

    def dies(chosen, row, *more):
        if row.line == 5:
            raise KeyboardInterrupt
        return keep(chosen, row, *more)

    monkeypatch.setattr(service, "_keep", dies)
    with pytest.raises(KeyboardInterrupt):
        bring(*rows, BAD, accept_good=True)
    assert count(app) == 3
    monkeypatch.setattr(service, "_keep", keep)
    done = bring(*rows, BAD, accept_good=True)
    assert (done.resumed, done.kept, [line for line, _ in done.problems]) == (True, 3, [8])
    assert count(app) == 6
    assert len(bring(*rows).known) == 6


def test_a_row_refused_when_its_turn_comes_is_said_and_the_others_go_in(app, bring):
    def late(command, actor):
        made = register(command, actor)
        if command.wants == "Too late":
            raise Refused([Problem("That hub has closed", "answers")])
        return made

    done = bring(GOOD, GOOD | {"wants": "Too late"}, GOOD | {"wants": "More"}, apply=late)
    assert done.kept == count(app) == 2
    assert [(line, problem.message) for line, problem in done.problems] == [(3, "That hub has closed")]


def test_days_as_spreadsheets_leave_them(app, bring):
    done = bring(GOOD | {"child_born": "43224", "received": "44000"}, GOOD | {"child_born": "2018-05-04"})
    assert done.kept == 2
    with app.app_context():
        born = {person.born.isoformat() for one in session.scalars(select(Contact)) for person in one.people}
    assert born == {"2018-05-04"}
