"""Who opened their copy of a record is known"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting_share", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opened_at", tafcore.db.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("meeting_share", schema=None) as batch_op:
        batch_op.drop_column("opened_at")
