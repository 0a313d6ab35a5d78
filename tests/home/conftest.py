"""The family of the record's tests, and counting of statements."""

from tests.record.conftest import alone, counting, home, many, plug_in

__all__ = ["alone", "counting", "home", "many", "plug_in"]
