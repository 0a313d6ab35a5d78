"""Services say where they are, when they are open and how long one waits; slips given are kept"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_opening",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.String(length=5), nullable=False),
        sa.Column("closes", sa.String(length=5), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_opening_service_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_opening")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("service_opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_opening_service_id"), ["service_id"], unique=False)
    op.create_table(
        "contact_slip",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_slip_contact_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_contact_slip_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_slip")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("contact_slip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_slip_contact_id"), ["contact_id"], unique=False)
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("postcode", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("neighbourhood_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("wait_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("wait_told_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_service_neighbourhood_id"), "neighbourhood", ["neighbourhood_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_service_neighbourhood_id"), type_="foreignkey")
        for name in ("wait_told_on", "wait_days", "neighbourhood_id", "postcode", "address"):
            batch_op.drop_column(name)
    with op.batch_alter_table("contact_slip", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_slip_contact_id"))
    op.drop_table("contact_slip")
    with op.batch_alter_table("service_opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_opening_service_id"))
    op.drop_table("service_opening")
