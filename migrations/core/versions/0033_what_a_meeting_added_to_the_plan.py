"""It is known what a meeting added to a plan, and who said that a need stays between its person and workers"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("need") as table:
        table.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("withheld_said_by", sa.String(), nullable=True))
    with op.batch_alter_table("goal") as table:
        table.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("goal") as table:
        table.drop_column("meeting_id")
    with op.batch_alter_table("need") as table:
        table.drop_column("withheld_said_by")
        table.drop_column("meeting_id")
