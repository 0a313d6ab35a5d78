"""Every plugin can be left out: the program works with any of them and with none."""

from importlib import import_module
from importlib.metadata import entry_points
from itertools import chain, combinations

import pytest

from tafcore import hooks, migrate
from tafcore.api import writing
from tafcore.app import owners
from tafcore.testing import Make, db_of

NAMES = sorted(entry.name for entry in entry_points(group="tafcore") if entry.value.startswith("taf_"))
QUICK = {0, 1, len(NAMES) - 1, len(NAMES)}
"""Sizes tried every time: none, each, all but each and all. make soak tries every subset."""
SUBSETS = [
    pytest.param(chosen, id="+".join(chosen) or "none", marks=[] if len(chosen) in QUICK else pytest.mark.soak)
    for chosen in chain.from_iterable(combinations(NAMES, size) for size in range(len(NAMES) + 1))
]
PAGES = (
    "/",
    "/contacts",
    "/contacts/new",
    "/families",
    "/outcomes",
    "/front-door",
    "/schools",
    "/vcs",
    "/health-visitors",
    "/family-hubs",
    "/optivita",
)
OF = {
    "/front-door": "front_door",
    "/schools": "schools",
    "/vcs": "vcs",
    "/health-visitors": "health_visitors",
    "/family-hubs": "family_hubs",
    "/optivita": "optivita",
}


def module(name):
    return import_module(f"taf_{name}.plugin")


def test_the_bundled_plugins_are_known_by_entry_point():
    assert {"family_hubs", "front_door", "health_visitors", "optivita", "schools", "vcs"} <= set(NAMES)


@pytest.mark.parametrize("chosen", SUBSETS)
def test_pages_open_with_these_plugins(app_with, chosen):
    app = app_with(*(module(name) for name in chosen))
    assert hooks.plugin_names(app.extensions["tafcore.plugins"]) == sorted(chosen)
    assert [owner.name for owner in owners(app)] == ["core", *chosen]
    assert migrate.behind(db_of(app).engine, owners(app)) == []  # the tables of all the others are left alone
    make = Make(app)
    team = make.team()
    manager = make.user("early_help_manager", "practitioner", "board_member", team=team)
    family = make.family(team=team)
    make.episode(family, manager, lead=make.user())
    browser = as_user(app, manager)
    for page in (*PAGES, f"/families/{family.ref}"):
        wanted = 200 if OF.get(page) in (None, *chosen) else 404
        assert browser.get(page, follow_redirects=True).status_code == wanted, page


def as_user(app, user):
    from tafcore.accounts.models import LoginSession
    from tafcore.accounts.service import hash_token
    from tafcore.api import session

    with app.app_context(), writing():
        session.add(LoginSession(token_hash=hash_token("a token of this test"), user_id=user.id))
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = "a token of this test", True
    return browser


@pytest.mark.parametrize("name", NAMES)
def test_a_plugin_is_disabled_by_its_name(app_with, name):
    app = app_with(*(module(each) for each in NAMES), DISABLED_PLUGINS=name)
    assert name not in hooks.plugin_names(app.extensions["tafcore.plugins"])
