"""One family may have two records: that they are one is on record, and each is found from the other"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _family(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["family.id"], name=op.f(f"fk_family_merge_{column}"), ondelete="CASCADE")


def upgrade() -> None:
    same, live = sa.text("same_as_id IS NOT NULL"), sa.text("undone_at IS NULL")
    op.create_index("ix_family_same_as_id", "family", ["same_as_id"], sqlite_where=same, postgresql_where=same)
    op.create_table(
        "family_merge",
        sa.Column("survivor_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("bars", sa.JSON(), nullable=False),
        sa.Column("undone_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_why", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        _family("survivor_id"),
        _family("merged_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_merge")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_family_merge_survivor_id"), "family_merge", ["survivor_id"])
    op.create_index(
        "uq_family_merge_live", "family_merge", ["merged_id"], unique=True, sqlite_where=live, postgresql_where=live
    )


def downgrade() -> None:
    op.drop_table("family_merge")
    op.drop_index("ix_family_same_as_id", "family")
