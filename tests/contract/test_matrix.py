"""Every route, every role, every relation: generated from the routes themselves, so that no new one is forgotten."""

from __future__ import annotations

import re

import pytest

from tafcore import db
from tafcore.contributions import EVERYONE
from tafcore.families.access import visible_family
from tafcore.permissions import PUBLIC, SIGNED_IN, declared, known
from tafcore.sharing import glass
from tafcore.sharing.commands import BreakGlass

from .conftest import METHODS, stranger

GARBAGE = {"data": b'\xff{"broken', "content_type": "application/json"}
FAMILY_PARTS = {"family_ref", "ref"}


def about_a_family(rule):
    return bool(FAMILY_PARTS & rule.arguments)


def unrelated(role):
    """Routes about a record to which that role alone is no relation: steps are MASH's own work."""
    return lambda rule: about_a_family(rule) and not (role == "mash" and rule.rule.startswith("/steps/"))


def calls(borough, wanted=lambda rule: True):
    """(rule, method, path, permission) of every guarded route."""
    for rule in borough.rules():
        needed = declared(borough.app.view_functions[rule.endpoint])
        if needed == PUBLIC or not wanted(rule):
            continue
        for method in METHODS:
            if method in rule.methods:
                yield rule, method, borough.path(rule), needed


def test_nobody_signed_in_is_sent_to_sign_in_or_told_401(borough):
    wrong = []
    for rule, method, path, _ in calls(borough):
        answer = borough.app.test_client().open(path, method=method, **(GARBAGE if method == "POST" else {}))
        sent = answer.status_code == 302 and answer.location.startswith("/sign-in")
        if not sent and answer.status_code != 401:
            wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_without_a_relation_there_is_no_family_whatever_the_role(borough, role):
    """403 where the role may never do such a thing, else 404: decided before the body is read."""
    email = stranger(role)
    browser = borough.browser(email)
    wrong = []
    for rule, method, path, needed in calls(borough, unrelated(role)):
        may = role in known(borough.app)[needed].roles
        for body in (GARBAGE, {"data": {"nonsense": "x"}}) if method == "POST" else ({},):
            answer = borough.call(email, browser, method, path, **body)
            if answer.status_code != (404 if may else 403):
                wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_pages_about_no_family_open_to_the_roles_they_declare(borough, role):
    email = stranger(role)
    browser = borough.browser(email)
    wrong = []
    for rule, method, path, needed in calls(borough, lambda rule: not about_a_family(rule)):
        if needed == SIGNED_IN or method == "POST":
            continue
        may = role in known(borough.app)[needed].roles
        answer = borough.call(email, browser, method, path)
        if (answer.status_code == 403) == may or answer.status_code >= 500:
            wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


RELATED = (
    "hub",
    "manager",
    "lead",
    "member",
    "healthvisitor",
    "vcs",
    "school",
    "mash",
    "board",
    "auditor",
    "ig",
    "admin",
)


@pytest.mark.parametrize("name", RELATED)
def test_those_related_get_in_as_far_as_each_route_declares(borough, name):
    """The guard's answer is worked out anew from permission, reason and scope, and compared with what happens."""
    email = f"{name}@demo.example"
    browser = borough.browser(email)
    actor = _actor(borough, email)
    wrong = []
    for rule, method, path, needed in calls(borough, lambda rule: "family_ref" in rule.arguments):
        wanted = getattr(borough.app.view_functions[rule.endpoint], "scopes", frozenset())
        scopes = _scopes(borough, actor)
        body = {"data": {"nonsense": "x"}} if method == "POST" else {}
        status = borough.call(email, browser, method, path, **body).status_code
        if not actor.may(needed):
            right = status == 403
        elif scopes is None:
            right = status == 404
        elif wanted and not wanted & scopes:
            right = status == 403
        else:
            right = status < 500
        if not right:
            wrong.append((method, rule.rule, status, sorted(wanted), sorted(scopes or ())))
    assert wrong == []


def _actor(borough, email):
    with borough.app.app_context():
        return db.session.merge(borough.user(email), load=True).actor()


def _scopes(borough, actor):
    """What the actor is to the family, or None where they may not know of it."""
    with borough.app.app_context():
        try:
            return visible_family(borough.family.ref, actor, "matrix").scopes
        except Exception as fault:
            assert type(fault).__name__ == "NotFound", fault
            return None


@pytest.mark.parametrize("role", ["front_door", "early_help_manager", "mash"])
def test_whoever_broke_the_glass_reads_every_page_that_says_so_and_changes_nothing(borough_to_change, role):
    borough, email = borough_to_change, stranger(role)
    actor = _actor(borough, email)
    reason = "The ward rings about a bruise on the baby and asks who is at home tonight"
    asked = BreakGlass(families=(borough.family.ref,), why="harm", reason=reason, known=True)
    with borough.app.app_context(), db.writing():
        assert glass.break_glass(asked, actor)
    browser = borough.browser(email)
    opened, wrong = 0, []
    for rule, method, path, needed in calls(borough, lambda rule: "family_ref" in rule.arguments):
        if rule.rule.startswith("/api/"):
            continue
        wanted = getattr(borough.app.view_functions[rule.endpoint], "scopes", frozenset())
        answer = browser.open(path, method=method, **({"data": {"nonsense": "x"}} if method == "POST" else {}))
        kept_out = not actor.may(needed) or (wanted and "glass" not in wanted)
        if kept_out and answer.status_code != 403:
            wrong.append((method, rule.rule, answer.status_code))
        if not kept_out and answer.status_code == 200 and answer.mimetype == "text/html":
            opened += 1
            if "You are here by break-glass until" not in answer.text:
                wrong.append((method, rule.rule, "does not say so"))
    assert wrong == []
    assert opened > 8


def test_the_lead_opens_every_page_of_the_family_that_a_lead_may(borough):
    email = borough.lead
    browser = borough.browser(email)
    actor = _actor(borough, email)
    opened = 0
    for rule, method, path, needed in calls(borough, lambda rule: "family_ref" in rule.arguments):
        wanted = getattr(borough.app.view_functions[rule.endpoint], "scopes", frozenset())
        if method == "GET" and actor.may(needed) and (not wanted or "lead" in wanted):
            answer = borough.call(email, browser, method, path)
            opened += answer.status_code == 200
            assert answer.status_code in (200, 302, 404), (rule.rule, answer.status_code)
    assert opened > 25


def test_the_board_opens_no_family_and_finds_none(borough):
    for email in ("board@demo.example", stranger("board_member")):
        browser = borough.browser(email)
        for rule, method, path, _ in calls(borough, about_a_family):
            assert borough.call(email, browser, method, path).status_code in (403, 404), rule.rule
        home = browser.get("/").text + browser.get("/outcomes").text
        # A whole reference: nonces and tokens are drawn anew, and one may happen to hold "F-".
        assert not re.search(r"\bF-[0-9A-Z]{4}-[0-9A-Z]{2}\b", home) and borough.family.name not in home


def test_a_record_of_another_family_is_not_found_under_this_one(borough):
    """The lead may see both families; a part of the one is no part of the other."""
    email = borough.lead
    browser = borough.browser(email)
    wrong = []
    mine, theirs = borough.examples[borough.family.ref], borough.examples[borough.other.ref]
    for rule, method, _, needed in calls(
        borough, lambda rule: "family_ref" in rule.arguments and len(rule.arguments) > 1
    ):
        parts = rule.arguments - {"family_ref", "months"}
        if not parts or not _actor(borough, email).may(needed):
            continue
        mixed = borough.path(rule, borough.other).replace(theirs["family_ref"], mine["family_ref"])
        status = borough.call(
            email, browser, method, mixed, **({"data": {"words": "x"}} if method == "POST" else {})
        ).status_code
        if status not in (403, 404):
            wrong.append((method, rule.rule, status))
    assert wrong == []


def test_what_there_is_not_and_what_may_not_be_known_look_the_same(borough):
    email = stranger("practitioner")
    browser = borough.browser(email)
    for path, none in (
        (f"/families/{borough.family.ref}", "/families/F-7KQ2-M9"),
        (f"/families/{borough.family.ref}/plan", "/families/F-7KQ2-M9/plan"),
    ):
        hidden, missing = browser.get(path), browser.get(none)
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert _without_nonce(hidden) == _without_nonce(missing)


def _without_nonce(answer):
    policy = answer.headers["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    return answer.text.replace(nonce, "") if nonce else answer.text


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_lists_and_searches_of_a_stranger_find_nobody(borough, role):
    email = stranger(role)
    browser = borough.browser(email)
    names = {borough.family.name, borough.other.name}
    for path in (
        "/",
        "/families",
        "/families?show=all",
        "/contacts?show=all",
        "/meetings",
        "/steps",
        "/drift",
        "/children?show=all",
        "/schools",
        "/optivita",
        "/health-visitors",
        "/vcs",
        "/family-hubs",
    ):
        answer = browser.get(path, follow_redirects=True)
        assert answer.status_code in (200, 403)
        assert not [name for name in names if name in answer.text], path
        assert borough.family.ref not in answer.text, path
    for path in (
        "/families",
        "/children",
        "/contacts",
        "/meetings",
        "/steps",
        "/schools",
        "/optivita",
        "/health-visitors",
        "/vcs",
    ):
        answer = browser.post(path, data={"q": borough.family.name, "show": "all"}, follow_redirects=True)
        assert answer.status_code in (200, 403, 422)
        assert borough.family.ref not in answer.text, path
