"""The specimen's own tests, with the fixtures every plugin author has. Run where the specimen is installed."""

import pytest


@pytest.fixture
def family(make):
    team = make.team()
    manager, lead = make.user("early_help_manager", team=team), make.user(name="A. Lead")
    made = make.family(team=team)
    make.episode(made, manager, lead=lead)
    return made, lead


def test_a_pet_is_recorded_and_shown(sign_in, family):
    made, lead = family
    browser = sign_in(lead)
    page = f"/specimen/families/{made.ref}"
    assert browser.post(page, data={"kind": "dog", "name": "Biscuit"}).status_code == 302
    assert "Biscuit, dog" in browser.get(page).text
    assert "Biscuit" in browser.get(f"/families/{made.ref}").text
    faulty = browser.post(page, data={"kind": "", "name": "Biscuit"})
    assert faulty.status_code == 422


def test_nobody_else_sees_it(sign_in, client, make, family):
    made, _ = family
    page = f"/specimen/families/{made.ref}"
    assert client.get(page).status_code == 302
    assert sign_in(make.user()).get(page).status_code == 404
    assert sign_in(make.user("board_member")).get(page).status_code == 403
