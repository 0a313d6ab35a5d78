"""What a plugin may import, held by reading the source."""

import ast
from pathlib import Path

import pytest

from tafcore import api

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path for path in (ROOT / "plugins").glob("taf_*") if path.is_dir())
SPECIMEN = ROOT / "tests/plugins/specimen/src/taf_specimen"
MAY = {"tafcore.api"}
MAY_IN_TESTS = MAY | {"tafcore.testing"}


def imported(path):
    """Every module a file imports, `from x import y` as both `x` and, for packages of ours, `x.y`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            if node.module == "tafcore":
                yield from (f"tafcore.{alias.name}" for alias in node.names)


def strangers(plugin):
    for path in sorted(plugin.rglob("*.py")):
        may = MAY_IN_TESTS if "tests" in path.relative_to(plugin).parts else MAY
        if "migrations" in path.parts:
            may = may | {"tafcore.db"}  # column types of generated migrations
        for name in imported(path):
            top = name.split(".")[0]
            ours = top == "tafcore" and name != "tafcore" and name not in may
            other = top.startswith("taf_") and top != plugin.name
            if ours or other:
                yield f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("plugin", [*PLUGINS, SPECIMEN], ids=lambda path: path.name)
def test_a_plugin_imports_nothing_of_ours_but_the_api(plugin):
    assert list(strangers(plugin)) == []


def test_a_stranger_would_be_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    plugin = tmp_path / "taf_bad"
    plugin.mkdir()
    lines = ["from tafcore import db", "import taf_schools.models", "from tafcore.api import session"]
    (plugin / "plugin.py").write_text("\n".join(lines))
    assert list(strangers(plugin)) == [
        "taf_bad/plugin.py imports tafcore.db",
        "taf_bad/plugin.py imports taf_schools.models",
    ]


def test_the_api_only_hands_on():
    tree = ast.parse(Path(api.__file__).read_text("utf-8"))
    kinds = {type(node) for node in tree.body[1:-1]}
    assert kinds == {ast.ImportFrom}
    assert isinstance(tree.body[-1], ast.Assign)


def test_the_api_lists_all_it_hands_on_in_order():
    tree = ast.parse(Path(api.__file__).read_text("utf-8"))
    handed = [alias for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    names = [alias.asname or alias.name for alias in handed]
    assert sorted(api.__all__) == sorted(names)
    assert api.__all__ == sorted(api.__all__, key=lambda name: (_kind(name), name))


def _kind(name):
    """Constants, then classes, then the rest, each from A to Z."""
    return 0 if name.isupper() else 1 if name[0].isupper() else 2
