"""Whether calendars say where a meeting is

So that it can be taken out of them again, once, when it must be kept quiet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("place_kept", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("meeting") as batch_op:
        batch_op.alter_column("place_kept", server_default=None)


def downgrade() -> None:
    op.drop_column("meeting", "place_kept")
