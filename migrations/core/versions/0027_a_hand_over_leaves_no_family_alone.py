"""A hand-over leaves no family alone; what each of the team does is said in words"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

LEADS = sa.text("ended_at IS NULL AND accepted_at IS NOT NULL")
ASKED = sa.text("ended_at IS NULL AND accepted_at IS NULL")
CURRENT = sa.text("ended_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("lead_appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("family_answer", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("agreed_why", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("stays", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("ended_why", sa.Text(), nullable=True))
        batch_op.drop_index("ux_lead_one_current", sqlite_where=CURRENT, postgresql_where=CURRENT)
    with op.batch_alter_table("lead_appointment", schema=None) as batch_op:
        batch_op.alter_column("stays", server_default=None)
        batch_op.create_index(
            "ux_lead_one_leads", ["episode_id"], unique=True, sqlite_where=LEADS, postgresql_where=LEADS
        )
        batch_op.create_index(
            "ux_lead_one_asked", ["episode_id"], unique=True, sqlite_where=ASKED, postgresql_where=ASKED
        )

    op.create_table(
        "school_holiday",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_holiday")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_school_holiday_first_day"), "school_holiday", ["first_day"])

    op.create_table(
        "team_invitation",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sector", sa.String(length=30), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("invited_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("inviter_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("opened_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("failed_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("answered_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("declined_why", sa.Text(), nullable=True),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inviter_id"], ["user_account.id"], name=op.f("fk_team_invitation_inviter_id")),
        sa.ForeignKeyConstraint(["member_id"], ["taf_member.id"], name=op.f("fk_team_invitation_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_team_invitation_token_hash")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_team_invitation_inviter_id"), "team_invitation", ["inviter_id"])
    op.create_index(op.f("ix_team_invitation_member_id"), "team_invitation", ["member_id"])

    with op.batch_alter_table("taf_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sees", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("cover", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_index(op.f("ix_team_invitation_member_id"), "team_invitation")
    op.drop_index(op.f("ix_team_invitation_inviter_id"), "team_invitation")
    op.drop_table("team_invitation")
    op.drop_index(op.f("ix_school_holiday_first_day"), "school_holiday")
    op.drop_table("school_holiday")

    with op.batch_alter_table("taf_member", schema=None) as batch_op:
        batch_op.drop_column("cover")
        batch_op.drop_column("sees")

    # One row may be current again: of whoever leads, else of whoever was asked.
    op.execute(
        "UPDATE lead_appointment SET ended_at = nominated_at WHERE ended_at IS NULL AND accepted_at IS NULL"
        " AND episode_id IN (SELECT episode_id FROM lead_appointment"
        " WHERE ended_at IS NULL AND accepted_at IS NOT NULL)"
    )
    with op.batch_alter_table("lead_appointment", schema=None) as batch_op:
        batch_op.drop_index("ux_lead_one_asked", sqlite_where=ASKED, postgresql_where=ASKED)
        batch_op.drop_index("ux_lead_one_leads", sqlite_where=LEADS, postgresql_where=LEADS)
        batch_op.drop_column("ended_why")
        batch_op.drop_column("stays")
        batch_op.drop_column("agreed_why")
        batch_op.drop_column("family_answer")
        batch_op.create_index(
            "ux_lead_one_current", ["episode_id"], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
        )
