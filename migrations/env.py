"""Alembic's environment: runs one owner's history over the connection it is given."""

from alembic import context

from tafcore.db import Model
from tafcore.migrate import owned

attributes = context.config.attributes

context.configure(
    connection=attributes["connection"],
    target_metadata=Model.metadata,
    version_table=attributes["version_table"],
    **owned(attributes["owner"]),
    render_as_batch=attributes["connection"].dialect.name == "sqlite",
    user_module_prefix="tafcore.db.",
    transactional_ddl=True,
    transaction_per_migration=False,
)

with context.begin_transaction():
    context.run_migrations()
