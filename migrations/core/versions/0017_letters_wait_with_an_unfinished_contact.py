"""Letters and photos wait with an unfinished contact"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_draft_paper",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["contact_draft.id"],
            name=op.f("fk_contact_draft_paper_draft_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_draft_paper")),
    )
    op.create_index(op.f("ix_contact_draft_paper_draft_id"), "contact_draft_paper", ["draft_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_contact_draft_paper_draft_id"), table_name="contact_draft_paper")
    op.drop_table("contact_draft_paper")
