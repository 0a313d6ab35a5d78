"""People and partner systems, made and ended from the command line."""

from tafcore.accounts import service

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
