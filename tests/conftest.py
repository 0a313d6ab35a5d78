"""Fixtures come from tafcore.testing, as they do for plugin authors."""

import pickle
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tafcore.demo import bulk
from tafcore.demo.build import build
from tafcore.testing import copy_of, template_of

DEMO_PASSWORD = "a password for the demo"


@pytest.fixture(scope="session")
def told_demo(application, migrated_database, once):
    """The demo with one family at each stage, to be copied."""

    def tell(url):
        with TemporaryDirectory() as instance, application(url, Path(instance)) as app:
            build(app, 1, DEMO_PASSWORD, lambda _: None)

    with template_of(once, "told", tell, migrated_database) as template:
        yield template


@pytest.fixture(scope="session")
def kinds(application, migrated_database, once):
    """One household at each stage, for bulk.fill to copy: telling them takes as long as fifty tests."""

    def tell(folder):
        with copy_of(migrated_database, folder) as url, application(url, folder) as app:
            told = bulk.kinds(app, 1, "email", lambda _: None, variants=1)
        (folder / "kinds").write_bytes(pickle.dumps(told))

    with once.made("kinds", tell) as folder:
        return pickle.loads((folder / "kinds").read_bytes())
