"""The command line: `tafcore COMMAND --help` shows an example of each."""

from __future__ import annotations

from importlib import import_module

import click

from tafcore import logs
from tafcore.cli.installation import Plain, make_app, opened, upgrade

__all__ = ["main", "make_app", "opened", "upgrade"]

COMMANDS = {
    "demo": "inventing",
    "populate": "inventing",
    "serve": "running",
    "work": "running",
    "bounces": "running",
    "check": "doctor",
    "db": "schema",
    "user": "accounts",
    "token": "accounts",
    "plugins": "doctor",
    "import": "bringing",
    "export": "files",
    "match": "pairs",
    "trail": "keeping",
    "backup": "keeping",
    "restore": "keeping",
}
"""The module of each: read when it is asked for, since what makes the demo is of no use to who starts the worker."""


class Tafcore(Plain):
    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        commands = vars(import_module(f"tafcore.cli.{COMMANDS[name]}"))
        command: click.Command = commands[f"{name}_" if name == "import" else name]
        return command


@click.group(cls=Tafcore, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of a fault.")
@click.version_option(package_name="tafcore")
def main(debug: bool) -> None:
    """tafcore: an Early Help Team Around the Family case system."""
    logs.configure()
