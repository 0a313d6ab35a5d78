"""Codes are reckoned from the reference and kept nowhere"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("front_door_link", schema=None) as batch_op:
        batch_op.drop_column("code_hash")


def downgrade() -> None:
    with op.batch_alter_table("front_door_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code_hash", sa.String(length=64), nullable=True))
