"""Services may be closed, and of two who change one neither overwrites the other"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("service") as service:
        service.add_column(sa.Column("rev", sa.Integer(), server_default="1", nullable=False))
        service.add_column(sa.Column("closed_at", tafcore.db.UTCDateTime(), nullable=True))
        service.add_column(sa.Column("closed_by", sa.Text(), nullable=True))
        service.add_column(sa.Column("closed_reason", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("service") as service:
        for name in ("closed_reason", "closed_by", "closed_at", "rev"):
            service.drop_column(name)
