"""Notices are told by mail as their readers choose, and what waits may be put off"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mails", sa.String(length=10), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_mail_choice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_choice")),
        sa.UniqueConstraint("user_id", name=op.f("uq_mail_choice_user_id")),
        info={"owner": "core"},
    )
    op.create_table(
        "unreached_address",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unreached_address")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_unreached_address_address"), "unreached_address", ["address"])
    op.create_table(
        "snoozed_task",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("until", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_snoozed_task_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snoozed_task")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_snoozed_task_user_id_key")),
        info={"owner": "core"},
    )
    op.create_index("ix_snoozed_task_until", "snoozed_task", ["until"])
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("done_at", tafcore.db.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("unseen", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        batch_op.add_column(sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        batch_op.add_column(sa.Column("mail_due_at", tafcore.db.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("ring", sa.String(length=40), server_default="", nullable=False))
    told = ("You are asked to be a lead professional", "Your access to a record has ended")
    op.execute(
        sa.text("UPDATE message SET unseen = :yes WHERE subject IN :told OR subject LIKE '%questions%'").bindparams(
            sa.bindparam("told", told, expanding=True), sa.bindparam("yes", True, type_=sa.Boolean())
        )
    )
    due = sa.text("mail_due_at IS NOT NULL")
    op.create_index("ix_message_mail_due", "message", ["mail_due_at"], sqlite_where=due, postgresql_where=due)
    op.create_index("ix_message_user_order", "message", ["to_user_id", "created_at", "id"])
    op.create_index("ix_message_team_order", "message", ["to_team_id", "created_at", "id"])


def downgrade() -> None:
    for name in ("ix_message_team_order", "ix_message_user_order", "ix_message_mail_due"):
        op.drop_index(name, table_name="message")
    with op.batch_alter_table("message", schema=None) as batch_op:
        for name in ("ring", "mail_due_at", "urgent", "unseen", "done_at"):
            batch_op.drop_column(name)
    for table in ("snoozed_task", "unreached_address", "mail_choice"):
        op.drop_table(table)
