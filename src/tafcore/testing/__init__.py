"""A pytest plugin for the core and for plugin authors: fixtures `app`, `client`, `sign_in` and `make`.

The schema comes from the migrations. Each test has a fresh copy of an empty, migrated database: SQLite, or PostgreSQL
when TAFCORE_TEST_DATABASE=postgresql and TEST_DATABASE_URL names a server.
"""

from tafcore.testing.builders import Make
from tafcore.testing.databases import (
    SETTINGS,
    copy_of,
    database_url,
    db_of,
    migrated_database,
    movable,
    on_postgresql,
    worn,
)
from tafcore.testing.fixtures import app, client, counted, counting, make, one_application, sign_in

__all__ = [
    "SETTINGS",
    "Make",
    "app",
    "client",
    "copy_of",
    "counted",
    "counting",
    "database_url",
    "db_of",
    "make",
    "migrated_database",
    "movable",
    "on_postgresql",
    "one_application",
    "sign_in",
    "worn",
]
