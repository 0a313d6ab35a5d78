"""Each household of a family that lives apart has its own contact; who lives and stays there is said by somebody"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_household_family_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["taf_member.id"], name=op.f("fk_household_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_index("ux_household_name", "household", ["family_id", "name"], unique=True)
    op.create_table(
        "household_stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("lives", sa.Boolean(), nullable=False),
        sa.Column("when", sa.String(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_household_stay_household_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_household_stay_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_stay")),
    )
    op.create_index(op.f("ix_household_stay_household_id"), "household_stay", ["household_id"])
    op.create_index(op.f("ix_household_stay_person_id"), "household_stay", ["person_id"])
    op.execute(
        "INSERT INTO household (family_id, name) SELECT DISTINCT family_id, household FROM family_member"
        " WHERE household != 'main' AND \"left\" IS NULL"
    )


def downgrade() -> None:
    op.drop_table("household_stay")
    op.drop_table("household")
