"""Partners are asked about children"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chronology_mark",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["chronology_entry.id"], name=op.f("fk_chronology_mark_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chronology_mark")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("chronology_mark", schema=None) as batch_op:
        batch_op.create_index(
            "uq_chronology_mark_live",
            ["entry_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "assessment_ask",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("sector", sa.String(length=30), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("asked_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=True),
        sa.Column("due_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("expires_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("opened_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("reminded_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("failed_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("recalled_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("answered_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["user_account.id"], name=op.f("fk_assessment_ask_asker_id")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_ask_assessment_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_assessment_ask_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_assessment_ask_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_ask")),
        sa.UniqueConstraint("ref", name=op.f("uq_assessment_ask_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_assessment_ask_token_hash")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("assessment_ask", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_ask_asker_id"), ["asker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_ask_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_ask_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "ix_assessment_ask_waiting",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL AND recalled_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND recalled_at IS NULL"),
        )

    op.create_table(
        "assessment_answer",
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reply", sa.String(length=10), nullable=False),
        sa.Column("question", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("withheld_why", sa.Text(), nullable=True),
        sa.Column("harm", sa.Boolean(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["assessment_ask.id"], name=op.f("fk_assessment_answer_ask_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_answer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_answer")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("assessment_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_answer_ask_id"), ["ask_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_answer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "assessment_ask_child",
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["assessment_ask.id"], name=op.f("fk_assessment_ask_child_ask_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_ask_child_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_ask_child")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("assessment_ask_child", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_ask_child_ask_id"), ["ask_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_ask_child_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("chronology_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation", sa.Text(), nullable=True))
    # Who wrote a line stands as "A. Patel, Elm Row Primary": where they work is what follows, if we know such a place.
    comma = "instr(\"by\", ', ')" if op.get_bind().dialect.name == "sqlite" else "strpos(\"by\", ', ')"
    place = f'substr("by", {comma} + 2)'
    op.execute(
        f"UPDATE chronology_entry SET organisation = {place} "
        f"WHERE {comma} > 0 AND {place} IN (SELECT name FROM organisation)"
    )


def downgrade() -> None:
    with op.batch_alter_table("chronology_entry", schema=None) as batch_op:
        batch_op.drop_column("organisation")

    with op.batch_alter_table("assessment_ask_child", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_ask_child_person_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_ask_child_ask_id"))

    op.drop_table("assessment_ask_child")
    with op.batch_alter_table("assessment_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_answer_person_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_answer_ask_id"))

    op.drop_table("assessment_answer")
    with op.batch_alter_table("assessment_ask", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_assessment_ask_waiting",
            sqlite_where=sa.text("answered_at IS NULL AND recalled_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND recalled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_assessment_ask_user_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_ask_assessment_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_ask_asker_id"))

    op.drop_table("assessment_ask")
    with op.batch_alter_table("chronology_mark", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_chronology_mark_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("chronology_mark")
