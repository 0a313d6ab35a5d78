"""Whoever was missing from a meeting has a reason; it is known who of the team has opened its record"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting_person") as table:
        table.add_column(sa.Column("absent_why", sa.String(length=10), nullable=True))
    with op.batch_alter_table("meeting_share") as table:
        table.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_meeting_share_user_id"), "user_account", ["user_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("meeting_share") as table:
        table.drop_constraint(op.f("fk_meeting_share_user_id"), type_="foreignkey")
        table.drop_column("user_id")
    with op.batch_alter_table("meeting_person") as table:
        table.drop_column("absent_why")
