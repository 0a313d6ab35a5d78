"""What holds for every test of the core and of the plugins."""

pytest_plugins = ["tests.no_skips"]
