"""People have a page of their own"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_try",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_try")),
        info={"reference_data": True, "owner": "core"},
    )
    with op.batch_alter_table("own_try", schema=None) as batch_op:
        batch_op.create_index("ix_own_try", ["address_hash", "at"], unique=False)

    op.create_table(
        "own_link",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=4), nullable=False),
        sa.Column("way_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("competent_why", sa.Text(), nullable=True),
        sa.Column("made_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("opened_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("number_hash", sa.String(length=64), nullable=True),
        sa.Column("number_until", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("code_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("locked_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("session_hash", sa.String(length=64), nullable=True),
        sa.Column("session_until", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_own_link_family_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_own_link_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_own_link_person_id")),
        sa.ForeignKeyConstraint(["way_id"], ["contact_way.id"], name=op.f("fk_own_link_way_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_link")),
        sa.UniqueConstraint("key", name=op.f("uq_own_link_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_own_link_token_hash")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("own_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_link_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_own_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "own_word",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("sent_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("due_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("answered_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("put_right", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_own_word_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_own_word_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_word")),
        sa.UniqueConstraint("key", name=op.f("uq_own_word_key")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("own_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_word_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_own_word_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_own_word_waiting",
            ["family_id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("own_word", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_own_word_waiting",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_own_word_person_id"))
        batch_op.drop_index(batch_op.f("ix_own_word_family_id"))

    op.drop_table("own_word")
    with op.batch_alter_table("own_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_own_link_person_id"))
        batch_op.drop_index(batch_op.f("ix_own_link_family_id"))

    op.drop_table("own_link")
    with op.batch_alter_table("own_try", schema=None) as batch_op:
        batch_op.drop_index("ix_own_try")

    op.drop_table("own_try")
