"""A law holds from a day that is set; a decision to share has its basis"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "law_commencement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("law", sa.String(length=30), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_commencement")),
    )
    op.create_index(op.f("ix_law_commencement_law"), "law_commencement", ["law"])
    op.add_column("sharing_decision", sa.Column("basis", sa.String(length=30), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sharing_decision", schema=None) as batch_op:
        batch_op.drop_column("basis")
    op.drop_table("law_commencement")
