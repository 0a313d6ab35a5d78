"""Professionals' referrals are graded"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_grade",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("needs", sa.String(length=6), nullable=False),
        sa.Column("tried", sa.String(length=6), nullable=False),
        sa.Column("agreement", sa.String(length=6), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_grade_contact_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contact_grade_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_grade")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_contact_grade_contact_id")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("contact_grade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_grade_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_grade_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("contact_grade", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_grade_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_contact_grade_at"))
    op.drop_table("contact_grade")
