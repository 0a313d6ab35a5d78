"""Who is invited to a meeting changes, and whoever arranged it is told"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting") as table:
        table.add_column(sa.Column("scheduled_by_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_meeting_scheduled_by_id"), "user_account", ["scheduled_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("meeting") as table:
        table.drop_constraint(op.f("fk_meeting_scheduled_by_id"), type_="foreignkey")
        table.drop_column("scheduled_by_id")
