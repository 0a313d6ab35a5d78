"""Default windows of the five reviews"""

import datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FROM = datetime.date(2000, 1, 1)
SOURCE = "Healthy child programme; the borough may set its own"
WINDOWS = (
    ("antenatal", "gestation", 28, 40, "weeks"),
    ("new_birth", "birth", 10, 14, "days"),
    ("6_8_weeks", "birth", 6, 8, "weeks"),
    ("12_months", "birth", 9, 12, "months"),
    ("2_years", "birth", 24, 30, "months"),
)


def upgrade() -> None:
    table = sa.table(
        "health_visitors_window",
        sa.column("review", sa.String),
        sa.column("counts_from", sa.String),
        sa.column("first", sa.Integer),
        sa.column("last", sa.Integer),
        sa.column("unit", sa.String),
        sa.column("from_date", sa.Date),
        sa.column("source", sa.Text),
    )
    names = ("review", "counts_from", "first", "last", "unit")
    rows = [{**dict(zip(names, one, strict=True)), "from_date": FROM, "source": SOURCE} for one in WINDOWS]
    op.bulk_insert(table, rows)


def downgrade() -> None:
    op.execute("DELETE FROM health_visitors_window")
