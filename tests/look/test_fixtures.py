"""Our macros write what GOV.UK Frontend's own templates write, for every fixture the package ships."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
from markupsafe import Markup

from tests.look.markup import tokens

FIXTURES = Path(__file__).parents[1] / "vendor" / "fixtures"
COMPONENTS = (
    *("back-link", "breadcrumbs", "button", "checkboxes", "date-input", "details", "error-message", "error-summary"),
    *("fieldset", "hint", "input", "inset-text", "label", "notification-banner", "pagination", "panel", "radios"),
    *("select", "skip-link", "summary-list", "table", "tag", "textarea", "warning-text"),
)


def as_markup(value: Any, key: str = "") -> Any:
    """The package trusts `html` and string `attributes`; our macros trust only Markup, so say so for the fixtures."""
    if isinstance(value, dict):
        return {name: as_markup(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_markup(inner) for inner in value]
    if isinstance(value, str) and (key.lower().endswith("html") or key == "attributes"):
        return Markup(value)
    return value


def fixtures() -> Iterator[Any]:
    for component in COMPONENTS:
        path = FIXTURES / f"{component}.json"
        if not path.exists():
            yield pytest.param(component, {}, id=component, marks=pytest.mark.skip("vendor fixtures not fetched yet"))
            continue
        for fixture in json.loads(path.read_text("utf-8"))["fixtures"]:
            yield pytest.param(component, fixture, id=f"{component}: {fixture['name']}")


@pytest.mark.parametrize(("component", "fixture"), list(fixtures()))
def test_same_markup_as_the_package(jinja: jinja2.Environment, component: str, fixture: dict[str, Any]) -> None:
    macros = jinja.get_template("macros/govuk.html").make_module()
    macro = getattr(macros, component.replace("-", "_"))
    assert tokens(macro(as_markup(fixture["options"]))) == tokens(fixture["html"])


def test_a_plain_html_option_is_escaped(jinja: jinja2.Environment) -> None:
    macros = jinja.get_template("macros/govuk.html").make_module()
    assert "&lt;b&gt;" in macros.inset_text({"html": "<b>x</b>"})
