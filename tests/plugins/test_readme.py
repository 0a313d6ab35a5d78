"""plugins/README.md says what is: every hook with its signature, and code that is the specimen's own."""

import inspect
import re
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tafcore import hookspecs
from tafcore.app import features

ROOT = Path(__file__).parents[2]
README = (ROOT / "plugins/README.md").read_text("utf-8")
SPECIMEN = ROOT / "tests/plugins/specimen"
HOOKS = {
    name: f"{name}({', '.join(inspect.signature(function).parameters)})"
    for name, function in vars(hookspecs).items()
    if hasattr(function, "tafcore_spec")
}


def told(readme):
    """The signatures in the hook table."""
    return re.findall(r"^\| `([a-z_]+\([a-z_, ]*\))` \|", readme, flags=re.MULTILINE)


def test_the_table_lists_every_hook_with_its_signature_in_the_order_of_the_source():
    assert told(README) == list(HOOKS.values())


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_a_docstring(hook):
    assert (getattr(hookspecs, hook).__doc__ or "").strip().endswith(".")


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_answered_by_a_bundled_plugin_or_a_feature(hook):
    bundled = [entry for entry in entry_points(group="tafcore") if entry.value.startswith("taf_")]
    modules = [module for _, module in features()] + [import_module(entry.value) for entry in bundled]
    assert [module.__name__ for module in modules if hasattr(getattr(module, hook, None), "tafcore_impl")]


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_tested(hook):
    source = (Path(__file__).parent / "test_hooks.py").read_text("utf-8")
    tests = re.findall(r"^def (test_\w+)", source, flags=re.MULTILINE)
    assert [name for name in tests if re.search(rf"(^|_){hook}(_|$)", name)], f"no test of test_hooks.py names {hook}"


def test_the_code_of_the_walk_through_is_that_of_the_specimen():
    files = "\n".join(path.read_text("utf-8") for path in SPECIMEN.rglob("*") if path.suffix in (".py", ".toml"))
    blocks = re.findall(r"```(?:python|toml)\n(.*?)```", README, flags=re.DOTALL)
    assert len(blocks) >= 6
    for block in blocks:
        assert block.strip() in files, f"not in the specimen:\n{block}"


def test_every_bundled_plugin_is_named():
    bundled = {path.name for path in (ROOT / "plugins").glob("taf_*") if (path / "plugin.py").exists()}
    assert bundled == set(re.findall(r"^\| `(taf_\w+)` \|", README, flags=re.MULTILINE))


def test_every_bundled_plugin_has_an_entry_point():
    known = {entry.value.split(".")[0] for entry in entry_points(group="tafcore")}
    assert {path.name for path in (ROOT / "plugins").glob("taf_*") if (path / "plugin.py").exists()} <= known
