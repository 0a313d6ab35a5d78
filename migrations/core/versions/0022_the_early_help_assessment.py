"""The early help assessment"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("sent_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("sent_by", sa.Text(), nullable=True),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_assessment_episode_id")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_assessment_family_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["user_account.id"], name=op.f("fk_assessment_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("ref", name=op.f("uq_assessment_ref")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_episode_id"), ["episode_id"], unique=False)
        batch_op.create_index("ix_assessment_family", ["family_id", "started_at"], unique=False)
        batch_op.create_index(
            "uq_assessment_one_at_a_time",
            ["family_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "assessed_need",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=True),
        sa.Column("created_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_assessed_need_assessment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessed_need_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessed_need")),
        sa.UniqueConstraint("ref", name=op.f("uq_assessed_need_ref")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("assessed_need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessed_need_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessed_need_person_id"), ["person_id"], unique=False)

    op.create_table(
        "assessment_gap",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_gap_assessment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_gap_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_gap")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("assessment_gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_gap_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_gap_person_id"), ["person_id"], unique=False)

    op.create_table(
        "assessment_opinion",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("happened_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("recorded_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=True),
        sa.Column("superseded_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_opinion_assessment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_opinion_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_opinion")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("assessment_opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_opinion_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_opinion_person_id"), ["person_id"], unique=False)

    op.create_table(
        "assessment_text",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("section", sa.String(length=15), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=True),
        sa.Column("withheld_why", sa.Text(), nullable=True),
        sa.Column("happened_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("recorded_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=True),
        sa.Column("superseded_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_text_assessment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_text_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_text")),
        info={"owner": "core"},
    )
    with op.batch_alter_table("assessment_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_text_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_assessment_text_version",
            ["assessment_id", sa.text("coalesce(person_id, 0)"), "section", "version"],
            unique=True,
        )

    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assessed_need_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            "uq_need_assessed",
            ["assessed_need_id"],
            unique=True,
            sqlite_where=sa.text("assessed_need_id IS NOT NULL"),
            postgresql_where=sa.text("assessed_need_id IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_need_assessed_need_id"), "assessed_need", ["assessed_need_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_need_assessed_need_id"), type_="foreignkey")
        batch_op.drop_index(
            "uq_need_assessed",
            sqlite_where=sa.text("assessed_need_id IS NOT NULL"),
            postgresql_where=sa.text("assessed_need_id IS NOT NULL"),
        )
        batch_op.drop_column("assessed_need_id")

    with op.batch_alter_table("assessment_text", schema=None) as batch_op:
        batch_op.drop_index("uq_assessment_text_version")
        batch_op.drop_index(batch_op.f("ix_assessment_text_person_id"))

    op.drop_table("assessment_text")
    with op.batch_alter_table("assessment_opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_opinion_person_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_opinion_assessment_id"))

    op.drop_table("assessment_opinion")
    with op.batch_alter_table("assessment_gap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_gap_person_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_gap_assessment_id"))

    op.drop_table("assessment_gap")
    with op.batch_alter_table("assessed_need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessed_need_person_id"))
        batch_op.drop_index(batch_op.f("ix_assessed_need_assessment_id"))

    op.drop_table("assessed_need")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assessment_one_at_a_time",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_assessment_family")
        batch_op.drop_index(batch_op.f("ix_assessment_episode_id"))

    op.drop_table("assessment")
