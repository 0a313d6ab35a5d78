"""Who is on a list is read from the index"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_health_visitors_caseload_team", "health_visitors_caseload"


def upgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["team_id", "superseded_at", "from_day", "until_day", "person_id"])


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["team_id", "superseded_at"])
