"""Two records may be one person: pairs wait for a decision, merges are on record, and everybody is compared once"""

import sqlalchemy as sa
from alembic import op

import tafcore.db

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def upgrade() -> None:
    op.create_index(op.f("ix_person_restricted"), "person", ["restricted"])
    op.create_table(
        "person_merge",
        sa.Column("survivor_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.Column("undone_why", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        _person("person_merge", "survivor_id"),
        _person("person_merge", "merged_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_person_merge_survivor_id"), "person_merge", ["survivor_id"])
    live = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_person_merge_live", "person_merge", ["merged_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_table(
        "person_changed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        _person("person_changed", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_changed")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_person_changed_person_id"), "person_changed", ["person_id"])
    op.create_table(
        "person_pair",
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("found_at", tafcore.db.UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", tafcore.db.UTCDateTime(), nullable=True),
        sa.Column("merge_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        _person("person_pair", "low_id"),
        _person("person_pair", "high_id"),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["person_merge.id"], name=op.f("fk_person_pair_merge_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_pair")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_person_pair_low_id_high_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_person_pair_ref")),
        info={"owner": "core"},
    )
    op.create_index(op.f("ix_person_pair_high_id"), "person_pair", ["high_id"])
    op.create_index(op.f("ix_person_pair_merge_id"), "person_pair", ["merge_id"])
    op.create_index("ix_person_pair_likeliest", "person_pair", ["state", "score", "id"])
    op.create_index("ix_person_pair_waiting", "person_pair", ["state", "found_at", "id"])
    op.execute("INSERT INTO person_changed (person_id, at) SELECT id, created_at FROM person ORDER BY id")


def downgrade() -> None:
    for table in ("person_pair", "person_changed", "person_merge"):
        op.drop_table(table)
    op.drop_index(op.f("ix_person_restricted"), table_name="person")
