"""What the plan said before stays"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "part_change",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("goal_id", sa.Integer(), nullable=True),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("owner_user_id", sa.Integer(), nullable=True),
        sa.Column("owner_person_id", sa.Integer(), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=True),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_part_change_action_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_part_change_goal_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["plan_measure.id"], name=op.f("fk_part_change_measure_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_part_change_need_id")),
        sa.ForeignKeyConstraint(["owner_person_id"], ["person.id"], name=op.f("fk_part_change_owner_person_id")),
        sa.ForeignKeyConstraint(["owner_user_id"], ["user_account.id"], name=op.f("fk_part_change_owner_user_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_part_change_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_change")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("part_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_part_change_owner_person_id"), ["owner_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_change_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "action_link",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("sector", sa.String(length=30), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("made_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("opened_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("answered_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("reminded_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("failed_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("recalled_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_link_action_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["user_account.id"], name=op.f("fk_action_link_maker_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_action_link_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_link")),
        sa.UniqueConstraint("action_id", name=op.f("uq_action_link_action_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_action_link_token_hash")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withheld_why", sa.Text(), nullable=True))

    with op.batch_alter_table("action_update", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withheld", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.drop_column("withheld_why")

    with op.batch_alter_table("action_update", schema=None) as batch_op:
        batch_op.drop_column("withheld")

    op.drop_table("action_link")
    with op.batch_alter_table("part_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_part_change_plan_id"))
        batch_op.drop_index(batch_op.f("ix_part_change_owner_person_id"))

    op.drop_table("part_change")
