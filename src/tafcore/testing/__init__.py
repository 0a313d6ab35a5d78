"""A pytest plugin for the core and for plugin authors: fixtures `app`, `client`, `sign_in` and `make`.

The schema comes from the migrations. Each test has a fresh copy of an empty, migrated database: SQLite, or PostgreSQL
when TAFCORE_TEST_DATABASE=postgresql and TEST_DATABASE_URL names a server. What many tests begin with is made once by
a function with `@settled`.
"""

from tafcore.testing.builders import Make
from tafcore.testing.databases import (
    SETTINGS,
    copy_of,
    db_of,
    in_one_file,
    migrated_database,
    on_postgresql,
    template_of,
)
from tafcore.testing.fixtures import app, application, client, counted, counting, make, one_application, sign_in
from tafcore.testing.movable import engines
from tafcore.testing.once import Once, once
from tafcore.testing.settling import places, settled
from tafcore.testing.stores import database_url, reused

__all__ = [
    "SETTINGS",
    "Make",
    "Once",
    "app",
    "application",
    "client",
    "copy_of",
    "counted",
    "counting",
    "database_url",
    "db_of",
    "engines",
    "in_one_file",
    "make",
    "migrated_database",
    "on_postgresql",
    "once",
    "one_application",
    "places",
    "reused",
    "settled",
    "sign_in",
    "template_of",
]
