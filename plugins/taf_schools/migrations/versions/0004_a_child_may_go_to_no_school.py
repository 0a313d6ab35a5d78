"""A child may go to no school, and do something instead"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLE = "schools_enrolment"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("instead", sa.String(length=4)))
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.alter_column("organisation_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute(f"DELETE FROM {TABLE} WHERE organisation_id IS NULL")
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.alter_column("organisation_id", existing_type=sa.Integer(), nullable=False)
    op.drop_column(TABLE, "instead")
