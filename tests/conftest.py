"""Fixtures come from tafcore.testing, as they do for plugin authors."""

import pickle

import pytest

from tafcore.demo import bulk
from tafcore.testing import copy_of


@pytest.fixture(scope="session")
def kinds(application, migrated_database, once):
    """One household at each stage, for bulk.fill to copy: telling them takes as long as fifty tests."""

    def tell(folder):
        with copy_of(migrated_database, folder) as url, application(url, folder) as app:
            told = bulk.kinds(app, 1, "email", lambda _: None, variants=1)
        (folder / "kinds").write_bytes(pickle.dumps(told))

    with once.made("kinds", tell) as folder:
        return pickle.loads((folder / "kinds").read_bytes())
