"""The family of the record's tests."""

import pytest

from tafcore.contributions import TaskSource
from tafcore.hookspecs import hookimpl
from tests.record.conftest import alone, home, many, plug_in

__all__ = ["alone", "home", "many", "plug_in"]


@pytest.fixture
def tasks(home, plug_in):
    """A plugin's tasks for the lead; what the core says waits for them is not what is asked after."""
    found = []

    class Waits:
        @hookimpl
        def tasks(self):
            return [TaskSource("waits", lambda actor, now: found if actor.user_id == home.lead.id else [])]

    plug_in(Waits(), "waits")
    return found
