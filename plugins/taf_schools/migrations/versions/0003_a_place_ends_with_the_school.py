"""A place at a school ends with the years it is for

Nobody says so of most children, and their former school went on seeing them. The year group becomes that of the first
day: what was told is of the day it was told.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from taf_schools import rules
from tafcore.api import UTCDateTime, london_day

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_schools_enrolment_school", "schools_enrolment"
LOT = 1000


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("leaves_on", sa.Date()))
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ["organisation_id", "superseded_at", "leaves_on"])
    days = [sa.column(name, sa.Date()) for name in ("from_day", "leaves_on")]
    days.append(sa.column("recorded_at", UTCDateTime()))
    here = sa.table(TABLE, sa.column("id"), sa.column("person_id"), sa.column("year_group"), *days)
    person = sa.table("person", sa.column("id"), sa.column("born", sa.Date()))
    connection = op.get_bind()
    rows = sa.select(here.c.id, here.c.year_group, person.c.born, here.c.from_day, here.c.recorded_at)
    rows = rows.join_from(here, person, person.c.id == here.c.person_id).order_by(here.c.id).limit(LOT)
    keep = sa.update(here).where(here.c.id == sa.bindparam("row"))
    keep = keep.values(year_group=sa.bindparam("year"), leaves_on=sa.bindparam("day"))
    last = 0
    while found := connection.execute(rows.where(here.c.id > last)).all():
        last = found[-1].id
        connection.execute(keep, [_reckoned(row) for row in found])


def _reckoned(row: Any) -> dict[str, Any]:
    told = london_day(row.recorded_at)
    year = rules.first_year(row.year_group, told, row.from_day)
    return {"row": row.id, "year": year, "day": rules.leaves_on(row.year_group, row.born, told, row.from_day)}


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ["organisation_id", "superseded_at"])
    op.drop_column(TABLE, "leaves_on")
