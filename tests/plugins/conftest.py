"""Applications with plugins made on the spot."""

import types
from contextlib import ExitStack

import pytest

from tafcore.api import hookimpl


@pytest.fixture
def app_with(application, database_url, tmp_path):
    """`app_with(*plugins)` gives an application with exactly these plugins over a fresh database."""
    with ExitStack() as made:
        yield lambda *plugins, **settings: made.enter_context(
            application(database_url, tmp_path / "instance", list(plugins), **settings)
        )


@pytest.fixture
def fake():
    """`fake("name", navigation=lambda: [...])` gives a plugin module whose hooks are these functions."""

    def build(name, **hooks):
        module = types.ModuleType(f"taf_{name}")
        for hook, function in hooks.items():
            setattr(module, hook, hookimpl(function))
        return module

    return build
