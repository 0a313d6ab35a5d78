"""Contacts of a registrar that wait, and steps that a lead is asked about, are found by index"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_contact_registrar_waiting", "contact", ["registered_key", "next_due", "id"])
    op.drop_index("ix_step_lead", table_name="step")
    named = sa.text("lead_id IS NOT NULL")
    columns = ["lead_id", "direction", "state", "family_id"]
    op.create_index("ix_step_lead", "step", columns, sqlite_where=named, postgresql_where=named)


def downgrade() -> None:
    op.drop_index("ix_step_lead", table_name="step")
    op.create_index("ix_step_lead", "step", ["lead_id", "state"])
    op.drop_index("ix_contact_registrar_waiting", table_name="contact")
