"""Nothing is open by accident: every page and every command names who may, in words that exist."""

import ast
import re
from collections import Counter
from pathlib import Path

from tafcore import hooks
from tafcore.accounts.rules import ROLES
from tafcore.contributions import EVERYONE
from tafcore.permissions import PUBLIC, SIGNED_IN, declared, known
from tafcore.plugin_checks import check_app
from tafcore.vocabulary import Command, Event

ROOT = Path(__file__).parents[2]
RENDERS = ("render", "render_template")


def ours(base: type) -> list[type]:
    """Every subclass of `base` in the program and its plugins that is not a base itself."""
    found, waiting = [], [base]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found += [each for each in below if each.__module__.startswith(("tafcore.", "taf_"))]
    found = [each for each in found if not each.__name__.startswith("_")]
    return sorted(set(found), key=lambda each: (each.__module__, each.__name__))


def test_every_route_declares_a_permission_that_exists(app):
    check_app(app)
    for rule in app.url_map.iter_rules():
        needed = declared(app.view_functions[rule.endpoint])
        assert "static" in rule.endpoint or needed in {PUBLIC, SIGNED_IN} | set(known(app)), rule


def test_public_pages_are_the_few_that_have_a_reason(app):
    views = {rule.rule: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    public = {path: view for path, view in views.items() if declared(view) == PUBLIC}
    assert all(getattr(view, "public_because", "") for view in public.values())
    assert not [path for path in public if "ref" in path]
    assert len(public) < 22


def test_every_command_asks_for_a_permission_that_exists(app):
    commands = ours(Command)
    assert len(commands) > 30
    for command in commands:
        assert command.permission in known(app), f"{command.__module__}.{command.__name__}: {command.permission!r}"
        assert command.__doc__, command


def test_every_permission_has_roles_that_exist_and_reads_as_a_sentence(app):
    for permission in known(app).values():
        assert permission.roles <= EVERYONE == set(ROLES), permission
        assert permission.title[:1].islower() and not permission.title.endswith("."), permission


def test_every_event_has_a_kind_of_its_own(app):
    events = ours(Event)
    kinds = Counter(event.kind for event in events if not event.__subclasses__())
    assert "" not in kinds
    assert [kind for kind, count in kinds.items() if count > 1] == []
    assert all("." in kind for kind in kinds)


def test_no_route_carries_what_names_somebody(app):
    for rule in app.url_map.iter_rules():
        assert not {"name", "forename", "surname", "email", "nhs_number", "postcode"} & rule.arguments, rule


def test_files_and_sector_resources_ask_for_permissions_that_exist(app):
    with app.app_context():
        for export in hooks.exports():
            assert export.permission in known(app), export
        for plugin, resource in hooks.api_resources():
            assert resource.permission in known(app) and resource.response is not None, (plugin, resource)
        for names in ([one.name for one in hooks.imports()], [one.name for one in hooks.exports()]):
            assert len(names) == len(set(names))


def test_no_page_is_given_a_word_that_the_frame_sets_itself():
    """base.html hides what a view gives by the same name: once, that somebody may not hear the answer."""
    frame = (ROOT / "src/tafcore/templates/base.html").read_text("utf-8")
    sets = re.findall(r"^\{%-? set (\w+) = ([^%]*)", frame, re.MULTILINE)
    own = {name for name, value in sets if not value.startswith(f"{name}|default")}
    assert "private" in own
    given = []
    for file in (*ROOT.glob("src/tafcore/**/*.py"), *ROOT.glob("plugins/taf_*/*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in RENDERS:
                given += [f"{file.name}: {one.arg}" for one in node.keywords if one.arg in own]
    assert given == []
