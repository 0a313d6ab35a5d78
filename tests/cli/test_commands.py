"""What holds for every command."""

from collections.abc import Iterator

import click
import pytest

from tafcore import hooks
from tafcore.cli import main


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command and command.name == name
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = dict(commands())


def test_every_command_of_the_contract_is_there():
    wanted = "demo serve work bounces check db user token plugins match import export trail backup restore"
    assert set(wanted.split()) <= {path[0] for path in ALL}
    below = {
        "db": "upgrade check revision remove",
        "user": "add disable list",
        "token": "add revoke",
        "plugins": "check",
    }
    for group, names in below.items():
        assert {(group, name) for name in names.split()} <= set(ALL)


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_has_an_example_that_names_the_command(path, run):
    shown = run(*path, "--help")
    assert shown.exit_code == 0
    assert f"Example: tafcore {' '.join(path)}" in " ".join(shown.output.split())


def test_a_fault_is_one_plain_sentence_and_debug_shows_where(run, monkeypatch):
    def broken() -> list[object]:
        raise KeyError("something inside")

    monkeypatch.setattr(hooks, "imports", broken)
    plain = run("import", "contacts", "--columns")
    assert plain.exit_code == 1
    assert plain.output.startswith("Error: Something went wrong (KeyError)") and "Traceback" not in plain.output
    shown = run("--debug", "import", "contacts", "--columns")
    assert isinstance(shown.exception, KeyError)


def test_an_unknown_command_or_option_is_exit_2(run):
    assert run("frobnicate").exit_code == 2
    assert run("user", "list", "--nobody").exit_code == 2
