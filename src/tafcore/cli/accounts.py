"""`tafcore user` and `tafcore token`: who may sign in, and which partner systems may call."""

from __future__ import annotations

import sys
from datetime import UTC

import click
from sqlalchemy import select

from tafcore.accounts import adding, admin, rules
from tafcore.accounts.commands import AddOrganisation, AddTeam, AddToken, AddUser, DisableUser, RevokeToken
from tafcore.accounts.models import ApiToken, Organisation, Team, User
from tafcore.actor import Actor
from tafcore.cli.installation import opened, operator
from tafcore.contributions import Problem
from tafcore.db import session, writing
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
    with opened() as app:
        password = sys.stdin.readline().rstrip("\n") if password_stdin else _ask_password()
        who = operator(app)
        with writing():
            home = _organisation(organisation, who, sector)
            team = _team(home, team_name, who) if team_name else None
            asked = {"email": email, "name": name, "job": job, "phone": phone, "roles": roles or ("practitioner",)}
            command = AddUser(organisation=home.id, team=team.id if team else None, **asked)
            adding.add_user(command, who, password)
    click.echo(f"{email.strip().lower()} can sign in.")


def _ask_password() -> str:
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _organisation(name: str, who: Actor, sector: str | None = None) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.name == name))
    if found is not None:
        return found
    if sector is None:
        raise Refused([Problem(f"There is no organisation called {name}; give --sector to add it")])
    return adding.add_organisation(AddOrganisation(name=name, sector=sector), who)


def _team(home: Organisation, name: str, who: Actor) -> Team:
    found = session.scalar(select(Team).where(Team.organisation_id == home.id, Team.name == name))
    return found if found is not None else adding.add_team(AddTeam(organisation=home.id, name=name), who)


def _user(email: str) -> User:
    found = session.scalar(select(User).where(User.email == email.strip().lower()))
    if found is None:
        raise Refused([Problem("Nobody has that address")])
    return found


@user.command("disable")
@click.argument("email")
@click.option("--reason", default="Ended on the command line", show_default=True, help="As the trail says it.")
def user_disable(email: str, reason: str) -> None:
    """End an account and every session it has, at once. Example: tafcore user disable r.shah@elmrow.example"""
    with opened() as app, writing():
        row = _user(email)
        if not row.active:
            raise Refused([Problem("That account is closed already")])
        admin.disable(DisableUser(user=row.id, reason=reason), operator(app))
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
        who = operator(app)
        with writing():
            home, behind = _organisation(organisation, who), _user(email) if email else None
            asked = AddToken(
                name=name, organisation=home.id, permissions=permissions, user=behind.id if behind else None
            )
            made = adding.add_token(asked, who)
    click.echo(made)


@token.command("revoke")
@click.argument("name")
def token_revoke(name: str) -> None:
    """End a key at once. Example: tafcore token revoke "Elm Row's register" """
    with opened() as app, writing():
        adding.revoke_token(RevokeToken(name=name), operator(app))
    click.echo("That key opens nothing any more.")


@token.command("list")
def token_list() -> None:
    """Say which keys there are. Example: tafcore token list"""
    with opened():
        for row in session.scalars(select(ApiToken).order_by(ApiToken.name)):
            ended = f"  (revoked {row.revoked_at.astimezone(UTC):%Y-%m-%d})" if row.revoked_at else ""
            click.echo(f"{row.name}  {row.organisation.name}  {row.permissions}{ended}")
