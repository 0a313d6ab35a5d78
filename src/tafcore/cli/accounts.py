"""`tafcore user` and `tafcore token`: who may sign in, and which partner systems may call."""

from __future__ import annotations

import sys
from datetime import UTC

import click
from sqlalchemy import select

from tafcore.accounts import rules, service
from tafcore.accounts.models import ApiToken, Organisation, Team, User
from tafcore.cli.installation import opened
from tafcore.contributions import Problem
from tafcore.db import session, utcnow, writing
from tafcore.permissions import known
from tafcore.work import Refused


@click.group()
def user() -> None:
    """People who sign in. Example: tafcore user list"""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As the record shows it.")
@click.option(
    "--organisation", required=True, help="Name of the agency; made if --sector is given and it is not there."
)
@click.option("--sector", type=click.Choice(sorted(rules.SECTORS)), help="Sector of an agency that is not there yet.")
@click.option("--team", "team_name", help="A team of that agency; made if it is not there.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice(sorted(rules.ROLES)), help="May be given more than once."
)
@click.option("--job", help="What they are there, as the family would say it.")
@click.option("--phone")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def user_add(
    email: str,
    name: str,
    organisation: str,
    sector: str | None,
    team_name: str | None,
    roles: tuple[str, ...],
    job: str | None,
    phone: str | None,
    password_stdin: bool,
) -> None:
    """Add somebody who signs in.

    Example: tafcore user add r.shah@elmrow.example --name "R. Shah" --organisation "Elm Row Primary" --sector school
    """
    with opened():
        password = sys.stdin.readline().rstrip("\n") if password_stdin else _ask_password()
        with writing():
            home = _organisation(organisation, sector)
            team = _team(home, team_name) if team_name else None
            service.add_user(email, name, home, set(roles) or {"practitioner"}, team, phone, job, password)
    click.echo(f"{email.strip().lower()} can sign in.")


def _ask_password() -> str:
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _organisation(name: str, sector: str | None = None) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.name == name))
    if found is not None:
        return found
    if sector is None:
        raise Refused([Problem(f"There is no organisation called {name}; give --sector to add it")])
    return service.add_organisation(name, sector)


def _team(home: Organisation, name: str) -> Team:
    found = session.scalar(select(Team).where(Team.organisation_id == home.id, Team.name == name))
    return found if found is not None else service.add_team(home, name)


def _user(email: str) -> User:
    found = session.scalar(select(User).where(User.email == email.strip().lower()))
    if found is None:
        raise Refused([Problem("Nobody has that address")])
    return found


@user.command("disable")
@click.argument("email")
def user_disable(email: str) -> None:
    """End an account and every session it has, at once. Example: tafcore user disable r.shah@elmrow.example"""
    with opened(), writing():
        service.disable_user(_user(email))
    click.echo("That account is closed and signed out everywhere.")


@user.command("list")
@click.option("--all", "everybody", is_flag=True, help="Closed accounts too.")
def user_list(everybody: bool) -> None:
    """Say who can sign in. Example: tafcore user list --all"""
    with opened():
        wanted = select(User).order_by(User.email)
        for row in session.scalars(wanted if everybody else wanted.where(User.active)):
            roles = ", ".join(sorted(rules.ROLES[each.role] for each in row.roles))
            closed = "" if row.active else "  (closed)"
            click.echo(f"{row.email}  {row.name}  {row.organisation.name}  {roles}{closed}")


@click.group()
def token() -> None:
    """Keys of partner systems for the JSON API. Example: tafcore token list"""


@token.command("add")
@click.argument("name")
@click.option("--organisation", required=True, help="The agency whose system it is.")
@click.option("--permission", "permissions", multiple=True, required=True, help="May be given more than once.")
@click.option(
    "--user", "email", help="The person it acts for: it then sees what they see. Without one it only hands in."
)
def token_add(name: str, organisation: str, permissions: tuple[str, ...], email: str | None) -> None:
    """Make a key, shown this once.

    Example: tafcore token add "Elm Row's register" --organisation "Elm Row Primary" --permission contacts.register
    """
    with opened() as app:
        unknown = sorted(set(permissions) - set(known(app)))
        if unknown:
            raise click.UsageError(
                f"There is no permission {', '.join(unknown)}; there are {', '.join(sorted(known(app)))}"
            )
        with writing():
            if session.scalar(select(ApiToken.id).where(ApiToken.name == name)) is not None:
                raise Refused([Problem("There is already a key of that name")])
            made = service.add_token(
                name, _organisation(organisation), set(permissions), _user(email) if email else None
            )
    click.echo(made)


@token.command("revoke")
@click.argument("name")
def token_revoke(name: str) -> None:
    """End a key at once. Example: tafcore token revoke "Elm Row's register" """
    with opened(), writing():
        row = session.scalar(select(ApiToken).where(ApiToken.name == name))
        if row is None:
            raise Refused([Problem("There is no key of that name")])
        row.revoked_at = row.revoked_at or utcnow()
    click.echo("That key opens nothing any more.")


@token.command("list")
def token_list() -> None:
    """Say which keys there are. Example: tafcore token list"""
    with opened():
        for row in session.scalars(select(ApiToken).order_by(ApiToken.name)):
            ended = f"  (revoked {row.revoked_at.astimezone(UTC):%Y-%m-%d})" if row.revoked_at else ""
            click.echo(f"{row.name}  {row.organisation.name}  {row.permissions}{ended}")
