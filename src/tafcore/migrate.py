"""Migrations: one history and one version table per owner, core first.

Per-owner tables survive install, migrate and uninstall of an outside plugin; a departed plugin's tables are left alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tafcore.db import WRITE_OPTIONS, Model

HERE = Path(__file__).parent

# SQLite tells nothing about an index on an expression; whoever sets the program up cannot do anything about it.
warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index", sa.exc.SAWarning)


def root() -> Path:
    """The folder with env.py: in a checkout `migrations/`, in an installed wheel `tafcore/_migrations/`."""
    packed = HERE / "_migrations"
    return packed if packed.exists() else HERE.parents[1] / "migrations"


@dataclass(frozen=True)
class Owner:
    """Someone with tables: `core` or a plugin, and where the history lies."""

    name: str
    versions: Path

    @property
    def version_table(self) -> str:
        return f"alembic_version_{self.name}"


def owners(plugins: Sequence[tuple[str, Any]]) -> list[Owner]:
    """The core, then every plugin that has a `migrations` folder beside its module."""
    found = [Owner("core", root() / "core" / "versions")]
    for name, module in sorted(plugins, key=lambda row: row[0]):
        folder = _folder(module)
        if folder is not None:
            found.append(Owner(name, folder))
    return found


def _folder(module: Any) -> Path | None:
    spec = find_spec(str(getattr(module, "__package__", None) or module.__name__))
    if spec is None or not spec.origin:
        return None
    folder = Path(spec.origin).parent / "migrations" / "versions"
    return folder if folder.exists() else None


def config(owner: Owner, connection: sa.Connection | None = None) -> Config:
    """Alembic's settings for one owner."""
    made = Config()
    made.set_main_option("script_location", str(root()))
    made.set_main_option("path_separator", "os")
    made.set_main_option("version_locations", str(owner.versions))
    made.attributes.update(owner=owner.name, version_table=owner.version_table, connection=connection)
    return made


def owned(owner: str) -> dict[str, Any]:
    """Alembic's settings for comparing this owner's tables alone; nobody else's are even looked at."""

    def ours(name: str | None) -> bool:
        known = Model.metadata.tables.get(str(name))
        return known is not None and known.info.get("owner") == owner

    def include_name(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or ours(name)

    def include_object(item: Any, _name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        table = item if kind == "table" else getattr(item, "table", None)
        return table is None or ours(table.name)

    return {"include_name": include_name, "include_object": include_object}


def upgrade(engine: sa.Engine, everyone: Sequence[Owner], revision: str = "head") -> None:
    """Bring every history to `revision`, in one transaction each."""
    for owner in everyone:
        with _changing(engine) as connection:
            command.upgrade(config(owner, connection), revision)


def downgrade(engine: sa.Engine, owner: Owner, revision: str = "base") -> None:
    """Take one history down to `revision`."""
    with _changing(engine) as connection:
        command.downgrade(config(owner, connection), revision)


@contextmanager
def _changing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection whose transaction changes tables. SQLite often makes one anew and drops the old, and would then look
    for each of its rows in every table that refers to it: hours, where there are many. So it looks once, at the end."""
    with engine.connect() as connection:
        connection = connection.execution_options(**WRITE_OPTIONS)
        if connection.dialect.name != "sqlite":
            yield connection
            connection.commit()
            return
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")  # does nothing once a transaction has begun
        before = raw.total_changes
        try:
            yield connection
            if raw.total_changes != before and raw.execute("PRAGMA foreign_key_check").fetchone():
                raise RuntimeError("Rows would be left that refer to nothing")
            connection.commit()
        finally:
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")


def remove(engine: sa.Engine, owner: Owner) -> None:
    """Drop a plugin's tables and its version table; the only way its data ever goes."""
    downgrade(engine, owner)
    with engine.connect() as connection:
        connection = connection.execution_options(**WRITE_OPTIONS)
        connection.execute(sa.text(f"DROP TABLE IF EXISTS {owner.version_table}"))
        connection.commit()


def behind(engine: sa.Engine, everyone: Sequence[Owner]) -> list[str]:
    """Owners whose history has not been brought to its head."""
    late = []
    with engine.connect() as connection:
        for owner in everyone:
            heads = set(ScriptDirectory.from_config(config(owner)).get_heads())
            context = MigrationContext.configure(connection, opts={"version_table": owner.version_table})
            if set(context.get_current_heads()) != heads:
                late.append(owner.name)
    return late


def differences(engine: sa.Engine, owner: Owner) -> list[Any]:
    """What the models have and the migrated schema has not, or the other way round."""
    with engine.connect() as connection:
        options = {**owned(owner.name), "version_table": owner.version_table, "compare_type": False}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Model.metadata))


def revision(engine: sa.Engine, owner: Owner, message: str) -> None:
    """Write a new migration of this owner from the difference between models and schema."""
    owner.versions.mkdir(parents=True, exist_ok=True)
    with engine.connect() as connection:
        connection = connection.execution_options(**WRITE_OPTIONS)  # Alembic makes its version table first
        number = f"{len(list(owner.versions.glob('*.py'))) + 1:04}"  # so that files stand in their order
        command.revision(
            config(owner, connection), message, autogenerate=True, rev_id=number, version_path=str(owner.versions)
        )
