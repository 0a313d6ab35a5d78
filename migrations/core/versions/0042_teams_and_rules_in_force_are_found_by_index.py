"""Teams of a neighbourhood and safety rules in force are found by index

Both tables are small. But where PostgreSQL is told to go by indexes and has none, it reckons everything else alike.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_index(op.f("ix_team_neighbourhood_id"), "team", ["neighbourhood_id"])
    op.create_index(
        "ix_safety_rule_in_force", "safety_rule", ["protected_id"], sqlite_where=IN_FORCE, postgresql_where=IN_FORCE
    )


def downgrade() -> None:
    op.drop_index("ix_safety_rule_in_force", table_name="safety_rule")
    op.drop_index(op.f("ix_team_neighbourhood_id"), table_name="team")
