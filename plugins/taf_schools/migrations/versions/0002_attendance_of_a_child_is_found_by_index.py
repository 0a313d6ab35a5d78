"""The attendance of a child is found by index, whatever was put right since

The Board's half-year at 60,000 families read every child's period for every other child: minutes instead of 0.1 s.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_schools_attendance_person", "schools_attendance", ["person_id", "last_day"])


def downgrade() -> None:
    op.drop_index("ix_schools_attendance_person", "schools_attendance")
