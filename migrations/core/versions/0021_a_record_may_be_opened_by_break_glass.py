"""A record may be opened by break-glass: who, why, until when, and what a reviewer found"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = sa.text("reviewed_at IS NULL")
    op.create_table(
        "broken_glass",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("until_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("review_due", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("reviewed_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("done", sa.Text(), nullable=True),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_broken_glass_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_broken_glass_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_glass")),
        sa.UniqueConstraint("ref", name=op.f("uq_broken_glass_ref")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_broken_glass_family_id"), "broken_glass", ["family_id"])
    op.create_index("ix_broken_glass_user", "broken_glass", ["user_id", "until_at"])
    op.create_index(
        "ix_broken_glass_waiting",
        "broken_glass",
        ["review_due", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_table("broken_glass")
