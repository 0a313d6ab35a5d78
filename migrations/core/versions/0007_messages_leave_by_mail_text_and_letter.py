"""Messages leave by mail, text and letter, and are asked after"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(length=10), server_default="inbox", nullable=False))
        batch_op.add_column(sa.Column("purpose", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sent_id", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("check_at", tafcore.db.UTCDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_message_check_at"), ["check_at"], unique=False)
    op.execute("UPDATE message SET channel = 'email' WHERE to_address IS NOT NULL")
    op.execute("UPDATE message SET state = 'aside' WHERE state = 'held'")


def downgrade() -> None:
    op.execute("UPDATE message SET state = 'held' WHERE state = 'aside'")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_check_at"))
        batch_op.drop_column("check_at")
        batch_op.drop_column("sent_id")
        batch_op.drop_column("purpose")
        batch_op.drop_column("channel")
