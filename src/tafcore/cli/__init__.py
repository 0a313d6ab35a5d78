"""The command line: `tafcore COMMAND --help` shows an example of each."""

from __future__ import annotations

import click

from tafcore import logs
from tafcore.cli.accounts import token, user
from tafcore.cli.bringing import import_
from tafcore.cli.doctor import check, plugins
from tafcore.cli.files import export
from tafcore.cli.installation import Plain, make_app, opened, upgrade
from tafcore.cli.keeping import backup, restore, trail
from tafcore.cli.pairs import match
from tafcore.cli.running import demo, populate, serve, work
from tafcore.cli.schema import db

__all__ = ["main", "make_app", "opened", "upgrade"]


@click.group(cls=Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of a fault.")
@click.version_option(package_name="tafcore")
def main(debug: bool) -> None:
    """tafcore: an Early Help Team Around the Family case system."""
    logs.configure()


for command in (
    demo,
    populate,
    serve,
    work,
    check,
    db,
    user,
    token,
    plugins,
    import_,
    export,
    match,
    trail,
    backup,
    restore,
):
    main.add_command(command)
