"""A relationship ends and is told from both sides; a specialist's involvement is known to the workers named alone"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

THEN = {"sqlite": "from_day || ' 00:00:00.000000'", "postgresql": "from_day::timestamp AT TIME ZONE 'UTC'"}
DAY = {"sqlite": "date(recorded_at)", "postgresql": "(recorded_at AT TIME ZONE 'UTC')::date"}

LIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.add_column(sa.Column("family_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_relationship_family_id"), "family", ["family_id"], ["id"])
        batch_op.add_column(sa.Column("recorded_by", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", tafcore.db.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("mistake", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("ended_said_by", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("ended_by", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True))
    # The day was that of the recording: since when it holds nobody had been asked.
    then = f"coalesce({THEN[dialect]}, CURRENT_TIMESTAMP)"
    op.execute(f"UPDATE relationship SET recorded_at = {then}, from_day = NULL")
    op.execute("UPDATE relationship SET ended_at = recorded_at WHERE until_day IS NOT NULL")
    op.execute(
        "UPDATE relationship SET family_id = (SELECT min(one.family_id) FROM family_member one"
        " JOIN family_member other ON other.family_id = one.family_id"
        " WHERE one.person_id = relationship.person_id AND other.person_id = relationship.other_id)"
    )
    op.create_table(
        "parental_responsibility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relationship_id", sa.Integer(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("said_by", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("recorded_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["relationship_id"], ["relationship.id"], name=op.f("fk_parental_responsibility_relationship_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parental_responsibility")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_parental_responsibility_relationship_id"), "parental_responsibility", ["relationship_id"])
    op.execute(
        "INSERT INTO parental_responsibility (relationship_id, held, said_by, recorded_at)"
        " SELECT id, parental_responsibility, said_by, recorded_at FROM relationship"
        " WHERE parental_responsibility IS NOT NULL ORDER BY id"
    )
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.alter_column("recorded_at", existing_type=tafcore.db.UTCDateTime(), nullable=False)
        batch_op.alter_column("mistake", server_default=None)
        batch_op.drop_column("parental_responsibility")
    op.create_table(
        "specialist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorder_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("mistake", sa.Boolean(), nullable=False),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_specialist_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_specialist_person_id")),
        sa.ForeignKeyConstraint(["recorder_id"], ["user_account.id"], name=op.f("fk_specialist_recorder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specialist")),
        sa.UniqueConstraint("key", name=op.f("uq_specialist_key")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_specialist_person_id"), "specialist", ["person_id"])
    op.create_table(
        "specialist_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("specialist_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("named_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.Column("ended_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["specialist_id"], ["specialist.id"], name=op.f("fk_specialist_reader_specialist_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_specialist_reader_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specialist_reader")),
        info={"owner": "core"},
    )
    op.create_index(
        "uq_specialist_reader_live",
        "specialist_reader",
        ["specialist_id", "user_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    op.drop_table("specialist_reader")
    op.drop_table("specialist")
    dialect = op.get_bind().dialect.name
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parental_responsibility", sa.Boolean(), nullable=True))
    op.execute(
        "UPDATE relationship SET parental_responsibility = (SELECT held FROM parental_responsibility said"
        " WHERE said.relationship_id = relationship.id ORDER BY said.id DESC LIMIT 1)"
    )
    op.execute(f"UPDATE relationship SET from_day = {DAY[dialect]}")
    op.drop_table("parental_responsibility")
    with op.batch_alter_table("relationship", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_relationship_family_id"), type_="foreignkey")
        for name in ("family_id", "recorded_by", "recorded_at", "mistake", "ended_said_by", "ended_by", "ended_at"):
            batch_op.drop_column(name)
