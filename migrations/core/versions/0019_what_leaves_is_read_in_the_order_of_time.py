"""What leaves is read in the order of time, from an index of those messages alone"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    leaves = sa.text("to_address IS NOT NULL")
    op.create_index("ix_message_leaving", "message", ["created_at", "id"], sqlite_where=leaves, postgresql_where=leaves)


def downgrade() -> None:
    op.drop_index("ix_message_leaving", table_name="message")
