"""Letting somebody in on record: what is asked is checked, and nobody does it without the permission."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tafcore.accounts import adding
from tafcore.accounts.commands import AddOrganisation, AddTeam, AddToken, AddUser, RevokeToken
from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.db import session, writing
from tafcore.trail.models import TrailEntry
from tafcore.work import NotAllowed, NotFound, Refused

OPERATOR = Actor("importer", None, "Command line", permissions=frozenset({"admin.users"}))
NOBODY = Actor("importer", None, "Command line")


def user(**more) -> AddUser:
    return AddUser(**{"email": "R.Shah@elm.example", "name": "R. Shah", "organisation": 1, **more})


def test_without_a_password_there_is_an_account_that_nobody_signs_in_with(app, make):
    home = make.organisation("school")
    with app.app_context(), writing():
        made = adding.add_user(user(organisation=home.id, roles=("practitioner",)), OPERATOR, None)
        assert (made.email, made.password_hash) == ("r.shah@elm.example", None)
        entry = session.scalars(select(TrailEntry)).one()
        assert (entry.kind, entry.subject_kind, entry.subject_id) == ("accounts.user_added", "user", made.id)


def test_a_team_is_of_the_same_organisation(app, make):
    home, elsewhere = make.organisation("school"), make.team()
    with app.app_context(), pytest.raises(Refused), writing():
        adding.add_user(user(organisation=home.id, team=elsewhere.id), OPERATOR, None)
    with app.app_context():
        assert session.scalar(select(User.id)) is None


@pytest.mark.parametrize(
    ("do", "command"),
    [
        (adding.add_organisation, AddOrganisation(name="Elm Row", sector="school")),
        (adding.add_team, AddTeam(organisation=1, name="Office")),
        (lambda command, actor: adding.add_user(command, actor, None), user()),
        (adding.add_token, AddToken(name="Register", organisation=1, permissions=("contacts.register",))),
        (adding.revoke_token, RevokeToken(name="Register")),
    ],
)
def test_nobody_does_it_without_the_permission_nor_for_an_organisation_there_is_not(app, do, command):
    with app.app_context(), pytest.raises(NotAllowed), writing():
        do(command, NOBODY)
    if hasattr(command, "organisation"):
        with app.app_context(), pytest.raises(NotFound), writing():
            do(command, OPERATOR)
    with app.app_context():
        assert session.scalar(select(TrailEntry.id)) is None


def test_names_are_taken_once(app, make):
    home = make.organisation("school", "Elm Row")
    token = AddToken(name="Register", organisation=home.id, permissions=("contacts.register",))
    with app.app_context(), writing():
        adding.add_token(token, OPERATOR)
    for do, command in (
        (adding.add_token, token),
        (adding.add_organisation, AddOrganisation(name="Elm Row", sector="gp")),
    ):
        with app.app_context(), pytest.raises(Refused), writing():
            do(command, OPERATOR)
