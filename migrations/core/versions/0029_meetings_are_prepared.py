"""Meetings are prepared"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar", sa.Text(), nullable=True))

    with op.batch_alter_table("meeting_person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("token_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("opened_at", tafcore.db.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("failed_at", tafcore.db.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("remind", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", tafcore.db.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("told_how", sa.String(length=5), nullable=True))
        batch_op.add_column(sa.Column("told_at", tafcore.db.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("way_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=5), nullable=True))
        batch_op.add_column(sa.Column("wants", sa.Text(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_meeting_person_way_id"), "contact_way", ["way_id"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_meeting_person_token_hash"), ["token_hash"])

    with op.batch_alter_table("meeting_contribution", schema=None) as batch_op:
        batch_op.add_column(sa.Column("harm", sa.Boolean(), server_default=sa.false(), nullable=False))

    op.create_table(
        "interpreter_booking",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("dialect", sa.Text(), nullable=True),
        sa.Column("gender", sa.String(length=5), nullable=True),
        sa.Column("not_from_community", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wanted_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("wanted_by", sa.Text(), nullable=False),
        sa.Column("asked_of", sa.Text(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("asked_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("interpreter", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("settled_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("read_back", sa.Boolean(), nullable=True),
        sa.Column("read_back_why", sa.Text(), nullable=True),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_interpreter_booking_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreter_booking")),
        sa.UniqueConstraint("ref", name=op.f("uq_interpreter_booking_ref")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("interpreter_booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interpreter_booking_meeting_id"), ["meeting_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("interpreter_booking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interpreter_booking_meeting_id"))

    op.drop_table("interpreter_booking")
    with op.batch_alter_table("meeting_contribution", schema=None) as batch_op:
        batch_op.drop_column("harm")

    with op.batch_alter_table("meeting_person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_meeting_person_token_hash"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_meeting_person_way_id"), type_="foreignkey")
        for name in ("wants", "language", "way_id", "told_at", "told_how", "reminded_at"):
            batch_op.drop_column(name)
        for name in ("remind", "failed_at", "opened_at", "token_hash"):
            batch_op.drop_column(name)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("calendar")
