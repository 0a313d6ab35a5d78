"""People and partner systems, made and ended from the command line."""

import json

from sqlalchemy import select

from tafcore import db
from tafcore.accounts import service
from tafcore.trail.models import TrailEntry, TrailPayload

ADD = ("user", "add", "R.Shah@elm.example", "--name", "R. Shah", "--organisation", "Elm Row Primary")
PASSWORD = "a password long enough\n"


def test_somebody_added_can_sign_in_and_once_disabled_cannot(run, app):
    added = run(*ADD, "--sector", "school", "--role", "practitioner", "--password-stdin", typed=PASSWORD)
    assert added.exit_code == 0 and "r.shah@elm.example can sign in" in added.output
    assert "R. Shah  Elm Row Primary  Practitioner" in run("user", "list").output
    with app.app_context():
        assert service.sign_in("r.shah@elm.example", PASSWORD.strip())
    assert run("user", "disable", "r.shah@elm.example").exit_code == 0
    with app.app_context():
        assert service.sign_in("r.shah@elm.example", PASSWORD.strip()) is None
    assert "R. Shah" not in run("user", "list").output
    assert "(closed)" in run("user", "list", "--all").output


def test_an_unknown_organisation_needs_its_sector(run):
    refused = run(*ADD, "--password-stdin", typed=PASSWORD)
    assert refused.exit_code == 1
    assert "give --sector" in refused.output and "Traceback" not in refused.output


def test_a_short_password_is_refused_in_words(run):
    refused = run(*ADD, "--sector", "school", "--password-stdin", typed="short\n")
    assert refused.exit_code == 1 and "at least 12 characters" in refused.output


def test_a_key_is_shown_once_and_opens_until_it_is_revoked(run, app, make):
    make.organisation(name="Elm Row Primary", sector="school")
    add = ("token", "add", "Register", "--organisation", "Elm Row Primary", "--permission", "contacts.register")
    made = run(*add)
    assert made.exit_code == 0
    key = made.output.strip()
    with app.app_context():
        who = service.partner(key)
        assert who is not None and who.may("contacts.register") and who.organisation == "Elm Row Primary"
    assert key not in run("token", "list").output
    assert run(*add).exit_code == 1
    assert run("token", "revoke", "Register").exit_code == 0
    with app.app_context():
        assert service.partner(key) is None


def test_a_key_for_an_unknown_permission_is_a_wrong_call(run, make):
    make.organisation(name="Elm Row Primary", sector="school")
    made = run("token", "add", "Register", "--organisation", "Elm Row Primary", "--permission", "contacts.eat")
    assert made.exit_code == 2 and "There is no permission contacts.eat" in made.output


def on_trail(app):
    """(who, what, what it said) of every entry."""
    with app.app_context():
        rows = select(TrailEntry.actor_label, TrailEntry.kind, TrailPayload.payload).join(TrailPayload)
        return [(who, kind, json.loads(said)) for who, kind, said in db.session.execute(rows.order_by(TrailEntry.id))]


def test_whoever_is_let_in_and_out_is_on_the_trail_without_a_secret(run, app):
    add = (*ADD, "--sector", "school", "--team", "Office", "--role", "practitioner", "--password-stdin")
    assert run(*add, typed=PASSWORD).exit_code == 0
    asked = ("token", "add", "Register", "--organisation", "Elm Row Primary", "--permission", "contacts.register")
    made = run(*asked, "--user", "r.shah@elm.example")
    assert made.exit_code == 0, made.output
    for _ in range(2):
        assert run("token", "revoke", "Register").exit_code == 0
    assert run("user", "disable", "r.shah@elm.example", "--reason", "Has left").exit_code == 0
    found = on_trail(app)
    assert [kind for _, kind, _ in found] == [
        "accounts.organisation_added",
        "accounts.team_added",
        "accounts.user_added",
        "accounts.token_added",
        "accounts.token_revoked",
        "accounts.user_disabled",
    ]
    assert {who for who, _, _ in found} == {"Command line"}
    said = {kind: payload for _, kind, payload in found}
    assert said["accounts.user_added"]["roles"] == ["practitioner"] and said["accounts.user_added"]["signs_in"]
    assert said["accounts.token_added"]["permissions"] == ["contacts.register"]
    assert said["accounts.user_disabled"]["reason"] == "Has left"
    everything = json.dumps(found)
    for secret in (PASSWORD.strip(), made.output.strip(), service.hash_token(made.output.strip()), "argon2"):
        assert secret not in everything


def test_what_is_refused_leaves_nothing_on_the_trail(run, app, make):
    make.organisation(name="Elm Row Primary", sector="school")
    assert run(*ADD, "--team", "Office", "--password-stdin", typed="short\n").exit_code == 1
    assert run("token", "revoke", "Nothing").exit_code == 1
    assert on_trail(app) == []


def test_a_key_acts_for_nobody_of_another_organisation(run, make):
    make.organisation(name="Elm Row Primary", sector="school")
    nurse = make.user(organisation=make.organisation("health_visiting"))
    asked = ("token", "add", "Register", "--organisation", "Elm Row Primary", "--permission", "contacts.register")
    refused = run(*asked, "--user", nurse.email)
    assert refused.exit_code == 1 and "work for another organisation" in refused.output


def test_the_last_administrator_is_not_ended_and_nobody_twice(run, make):
    boss, worker = make.user("administrator"), make.user()
    refused = run("user", "disable", boss.email)
    assert refused.exit_code == 1 and "no administrator left" in refused.output
    assert run("user", "disable", worker.email).exit_code == 0
    again = run("user", "disable", worker.email)
    assert again.exit_code == 1 and "closed already" in again.output
