"""Whoever was missing from a meeting has a reason"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting_person") as table:
        table.add_column(sa.Column("absent_why", sa.String(length=10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("meeting_person") as table:
        table.drop_column("absent_why")
