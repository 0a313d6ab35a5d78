"""Whoever was missing from a meeting has a reason; a child may say how things are before it"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting_person") as table:
        table.add_column(sa.Column("absent_why", sa.String(length=10), nullable=True))
    with op.batch_alter_table("meeting_scale") as table:
        table.add_column(sa.Column("before_at", tafcore.db.UTCDateTime(), nullable=True))
        table.add_column(sa.Column("before_by", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("meeting_scale") as table:
        table.drop_column("before_by")
        table.drop_column("before_at")
    with op.batch_alter_table("meeting_person") as table:
        table.drop_column("absent_why")
