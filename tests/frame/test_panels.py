"""A panel that fails spoils neither the page nor what the next panel reads."""

from types import ModuleType

import pytest
import sqlalchemy as sa
from jinja2 import DictLoader

from tafcore import panels
from tafcore.actor import WORKER
from tafcore.app import create_app
from tafcore.contributions import Panel
from tafcore.db import session
from tafcore.hookspecs import hookimpl
from tafcore.testing import SETTINGS, db_of


def plugin(name, answer):
    module = ModuleType(f"taf_{name}")
    module.home_panels = hookimpl(specname="home_panels")(lambda actor: answer())  # type: ignore[attr-defined]
    return module


def good():
    return [Panel("Good", "good.html", {"words": session.scalar(sa.text("SELECT 'read'"))}, order=10)]


def broken():
    raise KeyError("a family's name")


def spoilt():
    session.execute(sa.text("SELECT nothing FROM nowhere"))


def unrenderable():
    return [Panel("Bad", "bad.html", {})]


@pytest.fixture
def three(database_url, tmp_path):
    app = create_app(
        {**SETTINGS, "DATABASE_URL": database_url, "INSTANCE": str(tmp_path)},
        [
            plugin("broken", broken),
            plugin("spoilt", spoilt),
            plugin("unrenderable", unrenderable),
            plugin("good", good),
        ],
    )
    app.jinja_env.loader = DictLoader({"good.html": "{{ words }} <b>", "bad.html": "{{ missing.attribute }}"})
    yield app
    db_of(app).dispose()


def test_the_good_panel_comes_and_the_others_say_they_are_missing(three, capsys):
    with three.test_request_context("/"):
        found = panels.home_panels(WORKER)
    assert [(panel.title, bool(panel.context.get("missing"))) for panel in found] == [
        ("Good", False),
        ("Broken", True),
        ("Spoilt", True),
        ("Unrenderable", True),
    ]
    assert found[0].context["html"] == "read <b>"
    assert "a family's name" not in "".join(capsys.readouterr())
