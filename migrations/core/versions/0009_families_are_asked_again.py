"""Families that did not want help are asked again"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_asked_again",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=15), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_asked_again_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_asked_again")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("contact_asked_again", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_asked_again_contact_id"), ["contact_id"], unique=False)
    waits = sa.text("follow_up_on IS NOT NULL")
    columns = ["team_id", "follow_up_on"]
    op.create_index("ix_contact_ask_again", "contact", columns, sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_index("ix_contact_ask_again", table_name="contact")
    with op.batch_alter_table("contact_asked_again", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_asked_again_contact_id"))
    op.drop_table("contact_asked_again")
