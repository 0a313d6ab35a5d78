"""The mail of a one-off link may fail"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("front_door_link") as link:
        link.add_column(sa.Column("failed_at", tafcore.db.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("front_door_link") as link:
        link.drop_column("failed_at")
