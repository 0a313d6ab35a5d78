"""How PostgreSQL is told to plan: pages go from index to index, sums as pays; and words written into statements."""

import pytest
import sqlalchemy as sa

from tafcore import db, planning
from tafcore.families import grants
from tafcore.planning import BY_INDEX, plan_each
from tafcore.testing import counted, on_postgresql


def told() -> dict[str, str]:
    return {name: db.reading.scalar(sa.text(f"SHOW {name}")) for name in BY_INDEX}


def test_pages_go_by_index_and_sums_as_pays(app):
    if on_postgresql():  # SQLite has one way
        with app.app_context():
            assert told() == BY_INDEX
            plan_each(db.reading)
            assert told()["plan_cache_mode"] == "force_custom_plan"
            assert told()["enable_hashjoin"] == told()["enable_seqscan"] == "on"
            db.reading.rollback()
            assert told() == BY_INDEX


def test_a_page_reads_no_table_whole_that_has_an_index(app):
    if on_postgresql():
        with app.app_context():
            plan = db.reading.scalars(
                sa.text("EXPLAIN SELECT * FROM family JOIN family_member ON family_member.family_id = family.id")
            )
            assert not [line for line in plan if "Hash" in line or "Merge" in line]


STATES = ("open", "it's 50% ?", "%s", "a\\b", ":named")


@pytest.mark.parametrize("words", STATES)
def test_words_of_a_statement_made_once_are_written_into_it(app, words):
    made = planning.written_in(
        sa.select(sa.literal(words).label("one"), sa.bindparam("said", type_=sa.String()).label("said")).where(
            sa.literal(words).in_(STATES), sa.literal(words) == words
        )
    )
    with app.app_context():
        for _ in range(3):  # by SQLAlchemy, then as it is made ready for the driver
            with counted(app) as sent:
                assert db.rows_of(made, said=words) == [(words, words)]
            assert sent[0].count("'") >= 2 * (len(STATES) + 3), "what is asked is bound, what is known is written in"
            assert db.session.execute(made, {"said": "another"}).all() == [(words, "another")]


def test_nothing_but_words_is_written_in():
    at = sa.select(sa.literal(5), sa.literal(True), sa.bindparam("who", type_=sa.String()), sa.null())
    assert "POSTCOMPILE" not in str(planning.written_in(at))
    assert planning.written_in(None) is None and planning.written_in([at]) == [at]


def test_access_is_planned_once_for_everybody(app):
    """SQLite puts it together anew each time it is asked, where a word that an index is limited to is bound."""
    with app.app_context():
        binds = grants.of_one_family().compile().binds.values()
        assert {one.literal_execute for one in binds if isinstance(one.value, str)} == {True}
        assert {"access_user", "access_family"} <= {one.key for one in binds if not one.literal_execute}
