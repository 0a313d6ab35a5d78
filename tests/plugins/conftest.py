"""Applications with plugins made on the spot."""

import types

import pytest

from tafcore.api import hookimpl
from tafcore.app import create_app
from tafcore.testing import SETTINGS, db_of


@pytest.fixture
def app_with(database_url, tmp_path):
    """`app_with(*plugins)` gives an application with exactly these plugins over a fresh database."""
    made = []

    def build(*plugins, **settings):
        base = {**SETTINGS, "DATABASE_URL": database_url, "INSTANCE": str(tmp_path / "instance")}
        app = create_app({**base, **settings}, list(plugins))
        made.append(app)
        return app

    yield build
    for app in made:
        db_of(app).dispose()


@pytest.fixture
def fake():
    """`fake("name", navigation=lambda: [...])` gives a plugin module whose hooks are these functions."""

    def build(name, **hooks):
        module = types.ModuleType(f"taf_{name}")
        for hook, function in hooks.items():
            setattr(module, hook, hookimpl(function))
        return module

    return build
