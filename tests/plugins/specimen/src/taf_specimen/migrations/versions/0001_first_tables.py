"""First tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "specimen_pet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name="fk_specimen_pet_family_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_specimen_pet"),
    )
    op.create_index("ix_specimen_pet_family_id", "specimen_pet", ["family_id"])


def downgrade() -> None:
    op.drop_index("ix_specimen_pet_family_id", "specimen_pet")
    op.drop_table("specimen_pet")
