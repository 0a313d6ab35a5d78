"""Whoever told us of a contact hears by the way they asked for"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("referrer_address", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("reply_how", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("reply_state", sa.String(length=10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_column("reply_state")
        batch_op.drop_column("reply_how")
        batch_op.drop_column("referrer_address")
