"""The records of one person meet in an index, and those of one family"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_person_same", "person", [sa.text("coalesce(canonical_id, id)")])
    op.create_index("ix_family_stands", "family", [sa.text("coalesce(same_as_id, id)")])


def downgrade() -> None:
    op.drop_index("ix_family_stands", table_name="family")
    op.drop_index("ix_person_same", table_name="person")
