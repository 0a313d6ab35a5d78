"""A household that lives apart has meetings of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting") as table:
        table.add_column(sa.Column("household_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_meeting_household_id"), "household", ["household_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("meeting") as table:
        table.drop_constraint(op.f("fk_meeting_household_id"), type_="foreignkey")
        table.drop_column("household_id")
