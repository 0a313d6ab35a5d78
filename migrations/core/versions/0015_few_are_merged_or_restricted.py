"""The indexes of merged and restricted people hold those alone, so that planners use them"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_person_canonical_id", table_name="person")
    op.drop_index("ix_person_restricted", table_name="person")
    merged = sa.text("canonical_id IS NOT NULL")
    op.create_index("ix_person_canonical_id", "person", ["canonical_id"], sqlite_where=merged, postgresql_where=merged)
    kept = {"sqlite_where": sa.text("restricted = 1"), "postgresql_where": sa.text("restricted")}
    op.create_index("ix_person_restricted", "person", ["id"], **kept)


def downgrade() -> None:
    op.drop_index("ix_person_restricted", table_name="person")
    op.drop_index("ix_person_canonical_id", table_name="person")
    op.create_index("ix_person_restricted", "person", ["restricted"])
    op.create_index("ix_person_canonical_id", "person", ["canonical_id"])
