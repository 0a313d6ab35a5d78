"""All that is told at the door: each person's answer, words of danger, what is told later"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ANSWER = ("agreement_by", "agreement_scope", "agreement_reason", "told")


def upgrade() -> None:
    op.create_table(
        "contact_agreement",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_agreement_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_agreement")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("contact_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_agreement_contact_id"), ["contact_id"], unique=False)
    op.execute(
        """INSERT INTO contact_agreement (contact_id, position, by, status, scope, reason, told)
        SELECT id, 0, agreement_by, agreement, agreement_scope, agreement_reason, told FROM contact
        WHERE agreement <> 'not_asked' OR agreement_by IS NOT NULL OR agreement_scope <> ''
        OR agreement_reason IS NOT NULL OR told IS NOT NULL"""
    )
    # A contact that is being typed just now keeps its answer, as the first of the rows.
    for name in ("status", "scope", "told", "reason"):
        op.execute(
            f"""UPDATE draft_field SET field = 'agreement-000000000000-{name}'
            WHERE subject LIKE 'contact:%' AND field = 'agreement-{name}'"""
        )
    op.execute(
        """UPDATE draft_field SET value = substr(field, 8, length(field) - 13), field = 'agreement-000000000000-by'
        WHERE subject LIKE 'contact:%' AND field LIKE 'people-%-asked' AND value <> '' AND id IN (
        SELECT min(id) FROM draft_field WHERE field LIKE 'people-%-asked' AND value <> '' GROUP BY subject)"""
    )
    for name in ANSWER:
        op.drop_column("contact", name)
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("danger", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.alter_column("danger", server_default=None, existing_type=sa.Boolean(), existing_nullable=False)
    op.create_table(
        "contact_addition",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=True),
        sa.Column("happened_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("added_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_key", sa.String(length=40), nullable=False),
        sa.Column("safe_how", sa.Text(), nullable=True),
        sa.Column("safe_when", sa.Text(), nullable=True),
        sa.Column("safe_never", sa.Text(), nullable=True),
        sa.Column("wants", sa.Text(), nullable=True),
        sa.Column("worries", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_addition_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_addition")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("contact_addition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_addition_contact_id"), ["contact_id"], unique=False)
    with op.batch_alter_table("contact_person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("addition_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_contact_person_addition_id"), "contact_addition", ["addition_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("contact_person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_contact_person_addition_id"), type_="foreignkey")
        batch_op.drop_column("addition_id")
    with op.batch_alter_table("contact_addition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_addition_contact_id"))

    op.drop_table("contact_addition")
    op.drop_column("contact", "danger")
    op.add_column("contact", sa.Column("agreement_by", sa.Integer(), nullable=True))
    op.add_column("contact", sa.Column("agreement_scope", sa.Text(), nullable=False, server_default=""))
    op.add_column("contact", sa.Column("agreement_reason", sa.Text(), nullable=True))
    op.add_column("contact", sa.Column("told", sa.Text(), nullable=True))
    for column, kept in zip(ANSWER, ("by", "scope", "reason", "told"), strict=True):
        empty = "''" if kept == "scope" else "NULL"
        op.execute(
            f"""UPDATE contact SET {column} = coalesce((SELECT one.{kept} FROM contact_agreement AS one
            WHERE one.contact_id = contact.id AND one.position = 0), {empty})"""
        )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.alter_column("agreement_scope", server_default=None, existing_type=sa.Text(), existing_nullable=False)
    with op.batch_alter_table("contact_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_agreement_contact_id"))

    op.drop_table("contact_agreement")
