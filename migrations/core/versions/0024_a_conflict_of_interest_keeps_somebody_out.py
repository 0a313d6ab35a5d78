"""A conflict of interest keeps somebody out: who, why, with whom else; and who manages in a manager's place;
MASH asks for a summary, which is reviewed"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conflict_of_interest",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("connection", sa.String(length=15), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reach", sa.String(length=15), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("bars", sa.JSON(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("lifted_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lifted_why", sa.Text(), nullable=True),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_conflict_of_interest_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_conflict_of_interest_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_of_interest")),
        sa.UniqueConstraint("ref", name=op.f("uq_conflict_of_interest_ref")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_conflict_of_interest_family_id"), "conflict_of_interest", ["family_id"])
    op.create_index(op.f("ix_conflict_of_interest_user_id"), "conflict_of_interest", ["user_id"])
    op.create_table(
        "acting_manager",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_acting_manager_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_acting_manager_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acting_manager")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_acting_manager_family_id"), "acting_manager", ["family_id"])
    op.create_index(op.f("ix_acting_manager_user_id"), "acting_manager", ["user_id"])
    op.create_table(
        "contact_bar",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("connection", sa.String(length=15), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_bar_contact_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_contact_bar_user_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_contact_bar_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_bar")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_contact_bar_contact_id"), "contact_bar", ["contact_id"])
    waiting = sa.text("reviewed_at IS NULL")
    op.create_table(
        "mash_check",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("enquiry", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("until_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("review_due", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("reviewed_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_mash_check_family_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_mash_check_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mash_check")),
        sa.UniqueConstraint("ref", name=op.f("uq_mash_check_ref")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_mash_check_family_id"), "mash_check", ["family_id"])
    op.create_index("ix_mash_check_user", "mash_check", ["user_id", "until_at"])
    op.create_index(
        "ix_mash_check_waiting",
        "mash_check",
        ["review_due", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    with op.batch_alter_table("family_bar") as bars:
        bars.add_column(sa.Column("copy_of_id", sa.Integer(), nullable=True))
        bars.create_foreign_key(op.f("fk_family_bar_copy_of_id"), "family_bar", ["copy_of_id"], ["id"])
        bars.create_index(op.f("ix_family_bar_copy_of_id"), ["copy_of_id"])
    op.add_column("message", sa.Column("family_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "family_id")
    with op.batch_alter_table("family_bar") as bars:
        bars.drop_index(op.f("ix_family_bar_copy_of_id"))
        bars.drop_constraint(op.f("fk_family_bar_copy_of_id"), type_="foreignkey")
        bars.drop_column("copy_of_id")
    op.drop_table("mash_check")
    op.drop_table("contact_bar")
    op.drop_table("acting_manager")
    op.drop_table("conflict_of_interest")
