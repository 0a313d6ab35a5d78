"""How PostgreSQL is told to plan: pages go from index to index, sums as pays; and words written into a statement."""

import pytest
import sqlalchemy as sa

from tafcore import db
from tafcore.planning import BY_INDEX, fixed, plan_each
from tafcore.testing import on_postgresql


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


def test_fixed_words_stand_in_the_statement_itself():
    state = sa.column("state", sa.String)
    assert str(state.in_(fixed("sent", "lead_accepted"))) == "state IN ('lead_accepted', 'sent')"


@pytest.mark.parametrize("word", ["it's", "", "a b", "%s", "\\"])
def test_nothing_else_is_written_into_a_statement(word):
    with pytest.raises(ValueError, match="not for a statement"):
        fixed("sent", word)
