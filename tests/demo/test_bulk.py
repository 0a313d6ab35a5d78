"""A family copied in bulk is, table by table, the family that the services would have written."""

from __future__ import annotations

import os
import random
import re
import signal
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from select import select as select_of_pipe

import pytest
from sqlalchemy import func, inspect, select, text

from tafcore import db
from tafcore.accounts.models import User
from tafcore.contacts.models import Contact
from tafcore.db import Model, clock_at, writing
from tafcore.demo import bulk, crowd, invented, places, stages
from tafcore.demo.capture import captured
from tafcore.demo.copies import Kind
from tafcore.demo.loading import Loader
from tafcore.demo.stencil import Filling, Stencil
from tafcore.demo.story import AREAS, Story
from tafcore.families.models import Family
from tafcore.matching.service import matches, traits_told
from tafcore.notices import worker
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person, PersonIdentifier
from tafcore.standards import clock
from tafcore.testing import copy_of
from tafcore.trail import service as trail

pytestmark = pytest.mark.usefixtures("one_half_year")
NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
REF = re.compile(r"\b[A-Z]-[2-9A-Z]{4}-[2-9A-Z]{2}\b")
RANDOM = {"salt", "digest", "message_id", "seal_id"}
KEYS = {"person_key", "match_key", "contact_person_key"}
BY_MONTHS = {("follow_up", "opens_at"), ("follow_up", "due"), ("agreement", "review_on")}
"""Six months after a day three weeks earlier is not quite three weeks earlier: months differ in length."""


@pytest.fixture
def another(application, migrated_database, tmp_path_factory):
    """`another()` is an application over one more empty database."""
    with ExitStack() as made:

        def make():
            folder = tmp_path_factory.mktemp("another")
            return made.enter_context(application(made.enter_context(copy_of(migrated_database, folder)), folder))

        yield make


def told(app, stage, household, now):
    """One story told through the services, the worker's round included."""
    with app.app_context(), clock_at(now):
        with writing():
            borough = places.settle(1, "")
        with writing():
            story = Story(borough, "larch", now - timedelta(days=stages.STAGES[stage]), 4, told=household)
            stages.tell(story, stage)
    with clock_at(now):
        worker.once(app)
    return borough, story


def dumped(app, but=()):
    """Table -> what is in it, with references by their order."""
    found = {}
    order = {}
    with app.app_context():
        for table in Model.metadata.sorted_tables:
            if table.name in ("trail_seal", "worker_beat", "worker_job", "board_count", "user_account", "api_token"):
                continue
            columns = [one for one in table.columns if one.name not in RANDOM and (table.name, one.name) not in but]
            if table.name in KEYS:
                columns = [one for one in columns if one.name != "id"]
            rows = db.session.execute(select(*columns).order_by(*([] if table.name in KEYS else table.primary_key)))
            found[table.name] = [
                tuple(REF.sub(lambda ref: f"#{order.setdefault(ref[0], len(order))}", str(cell)) for cell in row)
                for row in rows
            ]
            if table.name in KEYS:
                found[table.name].sort()
    return found


def household():
    return invented.Invention(random.Random(7)).household(NOW.date(), 2)


@pytest.mark.parametrize(("stage", "weeks"), [("closed", 0), ("closed", 3), ("stepped_up", 31), ("advised", 2)])
def test_a_copy_is_what_the_services_would_have_written(another, monkeypatch, stage, weeks):
    monkeypatch.setattr(clock, "_bank_holidays", lambda year: {})
    first, copies, services = another(), another(), another()
    others = invented.another(random.Random(3), household(), weeks, 5)
    borough, story = told(first, stage, household(), NOW)
    with first.app_context():
        contact = db.session.scalars(select(Contact.id).where(Contact.ref == story.contact)).one()
        sheet = captured(db.session.scalars(select(Family.id)), [contact])
        names, staff = crowd.words_of(borough)
    with copies.app_context():
        with clock_at(NOW - timedelta(weeks=weeks)), writing():
            places.settle(1, "")
        engine = db.database().engine
        kind = Kind(0, story.told, sheet)
        same = {key: key[1] for key in staff}, {name: name for name in names}
        with Loader(engine) as loader:
            fresh, base = loader.fresh(), loader.last()
            refs = {name: iter(fresh(name, number)) for name, number in kind.refs.items()}
            filling = Filling(base, weeks, others, *same, refs, random.Random(1))
            loader.write(Stencil(sheet, story.told, names, engine.dialect).set_down(filling), base)
        if engine.dialect.name == "sqlite":
            assert list(db.session.execute(text("PRAGMA foreign_key_check"))) == []
    told(services, stage, others, NOW - timedelta(weeks=weeks))
    but = BY_MONTHS if weeks else ()
    copied, meant = dumped(copies, but), dumped(services, but)
    assert {name for name in meant if copied[name] != meant[name]} == set()
    assert sum(map(len, meant.values())) > 100
    worker.once(copies)
    with copies.app_context():
        assert list(trail.verify()) == []


def test_whoever_helps_is_there_in_proportion_to_families(app):
    def people(families):
        with writing():
            areas = crowd.gather(1, families)
        return {
            part: {
                area.cast(lead, {}, {("user_account", 0): (part, "user")})[0]["user_account", 0]
                for area in areas
                for lead in range(len(area.leads))
            }
            for part in ("lead", "school", *crowd.HELPERS)
        }

    with app.app_context():
        with writing():
            places.settle(1, "")
        few, many = people(0), people(crowd.FAMILIES_A_LEAD * 3 * 3 * crowd.LEADS_A_SCHOOL)
        assert {part: len(ids) for part, ids in few.items()} == {"lead": 3, "school": 3} | dict.fromkeys(
            crowd.HELPERS, 1
        )
        assert {part: len(ids) for part, ids in many.items()} == {
            "lead": 3 + 9 * crowd.LEADS_A_SCHOOL,
            "school": 3 + 6,
        } | dict.fromkeys(crowd.HELPERS, 1 + 6)
        for part in crowd.HELPERS:  # each of the same agency and team as the one they stand beside
            users = db.session.scalars(select(User).where(User.id.in_(many[part]))).unique().all()
            assert len({(user.organisation_id, user.team_id, user.job) for user in users}) == 1


def count(app, model=Family):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def test_what_was_interrupted_goes_on_where_it_ended(app, kinds, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 20)

    def cut(done):
        if done == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk.fill(app, kinds, 60, 1, cut)
    assert count(app) == 40
    seen = []
    bulk.fill(app, kinds, 60, 1, seen.append)
    assert seen == [40, 60] and count(app) == 60
    people = count(app, Person)
    bulk.fill(app, kinds, 60, 1, seen.append)
    assert count(app, Person) == people


def killed_at(done, app, kinds, families):
    """A process of its own fills, with others that make rows, and is killed once it has told of `done` families."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        bulk.fill(app, kinds, families, 1, lambda now: os.kill(os.getpid(), signal.SIGKILL) if now >= done else None)
    os.close(write)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert select_of_pipe([read], [], [], 20)[0] and os.read(read, 1) == b"", "those that made rows are still there"
    os.close(read)


def indexes(app):
    with app.app_context():
        found = inspect(db.database().engine)
        return {(name, one["name"]) for name in found.get_table_names() for one in found.get_indexes(name)}


def test_what_was_killed_goes_on_where_it_ended(another, kinds, monkeypatch):
    app = another()
    monkeypatch.setattr(bulk, "BATCH", 10)
    monkeypatch.setattr(bulk, "HEAVY", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    whole = indexes(app)
    with app.app_context():
        db.session.close()
        db.database().dispose()
    killed_at(30, app, kinds, 80)
    assert count(app) == 30 and indexes(app) < whole
    bulk.fill(app, kinds, 60, 1, lambda _: None)
    bulk.index(app, lambda _: None)
    assert count(app) == 60 and indexes(app) == whole
    worker.once(app)
    with app.app_context():
        assert list(trail.verify()) == []
        if db.database().engine.dialect.name == "sqlite":
            assert list(db.session.execute(text("PRAGMA foreign_key_check"))) == []


def test_what_others_write_meanwhile_is_kept(app, kinds, make, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 5)

    def visited(done):
        if done == 10:
            with app.app_context():
                make.family()

    bulk.fill(app, kinds, 21, 1, visited)
    assert count(app) == 21


def test_copies_are_found_at_the_door_and_differ(app, kinds):
    bulk.fill(app, kinds, 30, 1, lambda _: None)
    with app.app_context():
        numbers = list(db.session.scalars(select(PersonIdentifier.value)))
        assert len(set(numbers)) == len(numbers) >= 30
        person = db.session.scalars(select(Person).where(Person.surname != "").limit(1)).one()
        asked = PersonDetails(role="child", forename=person.forename, surname=person.surname, born=person.born)
        assert person.id in matches(traits_told(asked))
        assert not db.session.scalar(select(func.count()).select_from(Person).where(Person.created_at > db.utcnow()))


def test_a_borough_has_families_at_every_stage_and_in_every_area(app, kinds):
    bulk.fill(app, kinds, 200, 1, lambda _: None)
    with app.app_context():
        teams = set(db.session.scalars(select(Family.team_id)))
        assert len(teams) == len(AREAS)
        states = set(db.session.scalars(select(Model.metadata.tables["episode"].c.state)))
        assert states == {"open", "closed"}
        share = db.session.scalar(select(func.count()).select_from(Family).where(Family.closed_at.is_not(None))) / 200
        assert 0.6 < share < 0.95
