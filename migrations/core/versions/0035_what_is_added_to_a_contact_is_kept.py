"""What somebody types to be added to a contact is kept as they type"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact_draft") as table:
        table.add_column(sa.Column("contact_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_contact_draft_contact_id"), "contact", ["contact_id"], ["id"])
        table.create_unique_constraint(op.f("uq_contact_draft_user_id_contact_id"), ["user_id", "contact_id"])


def downgrade() -> None:
    # What was being added would come back as a new contact.
    op.execute(
        "DELETE FROM draft_field WHERE subject IN"
        " (SELECT 'contact:' || key FROM contact_draft WHERE contact_id IS NOT NULL)"
    )
    op.execute("DELETE FROM contact_draft WHERE contact_id IS NOT NULL")
    with op.batch_alter_table("contact_draft") as table:
        table.drop_constraint(op.f("uq_contact_draft_user_id_contact_id"), type_="unique")
        table.drop_constraint(op.f("fk_contact_draft_contact_id"), type_="foreignkey")
        table.drop_column("contact_id")
