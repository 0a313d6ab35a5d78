"""A Jinja environment and a tiny Flask app that know nothing of the rest of the program."""

from pathlib import Path

import jinja2
import pytest

TEMPLATES = Path(__file__).parents[2] / "src" / "tafcore" / "templates"


@pytest.fixture(scope="session")
def jinja() -> jinja2.Environment:
    """Autoescaping, and strict about names, so that a macro that reads an option nobody gave fails here."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
