"""What holds for every test of the core and of the plugins."""

import os

from hypothesis import settings

pytest_plugins = ["tests.no_skips"]

# A slow moment of a shared machine is no fault, and continuous integration must give the same answer twice.
settings.register_profile("tafcore", deadline=None, derandomize=os.environ.get("CI", "").lower() == "true")
settings.load_profile("tafcore")
