"""Who is invited to a meeting changes, and whoever arranged it is told; guests of a team have accounts"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting") as table:
        table.add_column(sa.Column("scheduled_by_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_meeting_scheduled_by_id"), "user_account", ["scheduled_by_id"], ["id"])
    op.create_table(
        "account_offer",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("offered_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("offered_by", sa.String(), nullable=False),
        sa.Column("expires_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("used_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["taf_member.id"], name=op.f("fk_account_offer_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_offer")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_offer_token_hash")),
    )
    op.create_index(op.f("ix_account_offer_member_id"), "account_offer", ["member_id"])
    with op.batch_alter_table("team_invitation") as table:
        table.add_column(sa.Column("account", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("user_account") as table:
        table.add_column(sa.Column("lead_training_told", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("user_account") as table:
        table.drop_column("lead_training_told")
    with op.batch_alter_table("team_invitation") as table:
        table.drop_column("account")
    op.drop_table("account_offer")
    with op.batch_alter_table("meeting") as table:
        table.drop_constraint(op.f("fk_meeting_scheduled_by_id"), type_="foreignkey")
        table.drop_column("scheduled_by_id")
