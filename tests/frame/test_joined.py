"""The watch over every statement that the tests send."""

from __future__ import annotations

import pytest
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from tafcore.db import session
from tafcore.people.models import Person
from tests.joined import side_by_side


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT a.id FROM a, b WHERE a.id = b.id",
        "SELECT a.id FROM a WHERE EXISTS (SELECT 1 FROM c WHERE c.x IN (SELECT b.id FROM b JOIN d ON d.b = b.id, a))",
    ],
)
def test_two_tables_side_by_side_are_found(statement):
    assert side_by_side(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT a.id, a.b FROM a JOIN b ON b.id = a.id WHERE a.id IN (1, 2) GROUP BY a.id, a.b ORDER BY a.id, a.b",
        "SELECT coalesce(a.x, a.y), 'FROM a, b' FROM (SELECT b.x, b.y FROM b UNION ALL SELECT c.x, c.y FROM c) AS a",
        "WITH a AS (SELECT 1, 2), b AS (SELECT x, y FROM a) SELECT x, y FROM b ORDER BY x, y LIMIT 1",
        'SELECT EXTRACT(epoch FROM a.b), a."left" FROM a',
        "INSERT INTO a (x, y) VALUES (?, ?) RETURNING x, y",
    ],
)
def test_a_statement_that_joins_passes(statement):
    assert not side_by_side(statement)


def test_no_such_statement_can_be_sent(app):
    other, third = aliased(Person), aliased(Person)
    within = select(third.id).where(third.id == Person.id)
    astray = exists(select(other.id).where(other.id.in_(within)))
    with app.app_context():
        session.execute(select(Person.id).where(exists(select(other.id).where(other.id.in_(within.correlate(Person))))))
        with pytest.raises(AssertionError, match="side by side"):
            session.execute(select(Person.id).where(astray))
