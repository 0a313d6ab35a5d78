"""The records of one person are found from each other by an index, however many people there are."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from tafcore.db import session
from tafcore.people.models import Person
from tafcore.people.same import is_same
from tafcore.testing import on_postgresql


@pytest.mark.parametrize("asked_first", [True, False])
def test_the_other_records_are_found_by_an_index(app, asked_first):
    if on_postgresql():  # which goes through small tables whatever their indexes
        return
    one, other = aliased(Person, name="one"), aliased(Person, name="other")
    known, sought = (one, other) if asked_first else (other, one)
    statement = select(sought.id).join(known, is_same(one, other)).where(known.id == 1)
    with app.app_context():
        compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
        steps = [row[-1] for row in plan]
    assert [step for step in steps if "ix_person_same" in step and step.startswith("SEARCH")], steps
    assert not [step for step in steps if step.startswith("SCAN")], steps
