"""The family of the record's tests."""

from tests.record.conftest import alone, home, many, plug_in

__all__ = ["alone", "home", "many", "plug_in"]
