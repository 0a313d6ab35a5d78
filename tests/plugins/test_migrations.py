"""One history per owner: each goes up, down and up again, and ends at what the models say."""

import re
from datetime import UTC, datetime
from importlib.metadata import entry_points

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from tafcore import migrate
from tafcore.app import owners
from tafcore.db import session
from tafcore.people.models import Relationship, Responsibility
from tafcore.testing import db_of

OWNERS = ["core", *sorted(entry.name for entry in entry_points(group="tafcore") if entry.value.startswith("taf_"))]


def tables(engine):
    return {name for name in sa.inspect(engine).get_table_names() if not name.startswith("alembic_version")}


def of(app, name):
    return next(owner for owner in owners(app) if owner.name == name)


def differing(app):
    return {owner.name: found for owner in owners(app) if (found := migrate.differences(db_of(app).engine, owner))}


def test_the_models_are_what_the_migrations_made(app):
    assert differing(app) == {}
    assert migrate.behind(db_of(app).engine, owners(app)) == []


@pytest.mark.parametrize("name", OWNERS[1:])
def test_a_plugins_history_goes_down_and_up_and_touches_nobody_elses(app, name):
    engine, owner = db_of(app).engine, of(app, name)
    before = tables(engine)
    migrate.downgrade(engine, owner)
    left = tables(engine)
    assert before - left == {table for table in before if table.startswith(f"{name}_")}
    assert migrate.behind(engine, owners(app)) == [name]
    migrate.upgrade(engine, [owner])
    assert tables(engine) == before
    assert differing(app) == {}


def test_the_core_goes_down_to_nothing_and_up(app):
    engine = db_of(app).engine
    before = tables(engine)
    for owner in reversed(owners(app)):
        migrate.downgrade(engine, owner)
    assert tables(engine) == set()
    migrate.upgrade(engine, owners(app))
    assert tables(engine) == before
    assert differing(app) == {}


@pytest.mark.parametrize("name", OWNERS[1:])
def test_removing_a_plugin_leaves_no_trace_of_it(app, name):
    engine = db_of(app).engine
    migrate.remove(engine, of(app, name))
    left = sa.inspect(engine).get_table_names()
    assert [table for table in left if table.startswith(f"{name}_") or table == f"alembic_version_{name}"] == []
    migrate.upgrade(engine, owners(app))
    assert differing(app) == {}


@pytest.mark.parametrize("name", OWNERS)
def test_a_history_is_one_line_with_names_that_sort(app, name):
    owner = of(app, name)
    script = ScriptDirectory.from_config(migrate.config(owner))
    assert len(script.get_heads()) == 1
    files = sorted(path.name for path in owner.versions.glob("*.py"))
    assert all(re.fullmatch(r"[0-9]{4}_[a-z0-9_]+\.py", file) for file in files), files
    assert [revision.revision for revision in reversed(list(script.walk_revisions()))] == [file[:4] for file in files]


@pytest.mark.parametrize("name", OWNERS)
def test_every_migration_can_be_undone(app, name):
    for path in of(app, name).versions.glob("*.py"):
        downgrade = path.read_text("utf-8").split("def downgrade()")[1]
        assert "pass" not in downgrade.split(), path.name


def test_rows_that_refer_to_nothing_are_looked_for_once_at_the_end(app):
    engine = db_of(app).engine
    if engine.dialect.name == "postgresql":
        return  # which never makes a table anew
    with pytest.raises(RuntimeError), migrate._changing(engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO team (name, organisation_id, takes_contacts) VALUES ('Lost', 999999, 0)"
        )
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM team WHERE name = 'Lost'").scalar_one() == 0
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_what_was_known_of_relationships_stays_with_the_day_it_was_recorded(app, make):
    """That day stood as if it were since when it holds."""
    family = make.family(make.team(), "Okoro")
    engine, core = db_of(app).engine, of(app, "core")
    migrate.downgrade(engine, core, "0037")
    with migrate._changing(engine) as connection:
        two = sa.text("SELECT person_id FROM family_member WHERE family_id = :family ORDER BY id")
        parent, child = connection.scalars(two, {"family": family.id}).all()[:2]
        told = "INSERT INTO relationship (person_id, other_id, kind, parental_responsibility, from_day, said_by) VALUES"
        hers = f"({parent}, {child}, 'mother', true, '2026-03-04', 'Ada')"
        connection.exec_driver_sql(f"{told} {hers}, ({parent}, {child}, 'other', null, null, null)")
    migrate.upgrade(engine, [core])
    with app.app_context():
        mother, other = session.scalars(sa.select(Relationship).order_by(Relationship.id))
        (held,) = session.scalars(sa.select(Responsibility))
        assert (mother.recorded_at, mother.from_day, mother.said_by) == (datetime(2026, 3, 4, tzinfo=UTC), None, "Ada")
        assert mother.family_id == other.family_id == family.id
        assert (mother.ended_at, mother.mistake, mother.recorded_by, other.said_by) == (None, False, None, None)
        assert (held.relationship_id, held.held, held.said_by) == (mother.id, True, "Ada")
    migrate.downgrade(engine, core, "0037")
    with engine.connect() as connection:
        before = "SELECT parental_responsibility, from_day FROM relationship ORDER BY id"
        held, day = connection.exec_driver_sql(before).first()
        assert (bool(held), str(day)) == (True, "2026-03-04")
    migrate.upgrade(engine, [core])
