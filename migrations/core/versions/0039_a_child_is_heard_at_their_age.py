"""What a small child says stands in three houses; a face is a scale of its own, beside the number from 0 to 10"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

COLUMNS = {"worries": sa.String(), "good": sa.String(), "dreams": sa.String(), "face": sa.Integer()}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("voice_entry", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("voice_entry", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.drop_column(name)
