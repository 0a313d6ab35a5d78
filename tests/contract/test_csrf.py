"""No token, no write: whoever somebody is signed in as, and whatever a page elsewhere makes their browser send."""

import pytest

from tafcore.permissions import PUBLIC, declared


@pytest.fixture
def guarded(borough):
    before = borough.app.config["WTF_CSRF_ENABLED"]
    borough.app.config["WTF_CSRF_ENABLED"] = True
    yield borough
    borough.app.config["WTF_CSRF_ENABLED"] = before


def posts(borough):
    for rule in borough.rules():
        if "POST" in rule.methods and not rule.rule.startswith("/api/"):
            yield rule.rule, borough.path(rule)


@pytest.mark.parametrize("more", [{"data": {"words": "x"}}, {"json": {"ops": []}}], ids=["form", "json"])
def test_every_post_without_a_token_is_refused(guarded, more):
    browser = guarded.browser("everything@test.example")
    paths = list(posts(guarded))
    assert len(paths) > 50
    answers = {rule: browser.post(path, **more).status_code for rule, path in paths}
    assert {rule: status for rule, status in answers.items() if status != 400} == {}


def test_public_forms_need_a_token_too(guarded):
    public = [rule for rule in guarded.rules() if declared(guarded.app.view_functions[rule.endpoint]) == PUBLIC]
    for rule in public:
        if "POST" in rule.methods:
            assert guarded.app.test_client().post(guarded.path(rule), data={}).status_code == 400, rule


def test_a_token_of_another_session_does_not_do(guarded):
    theirs = guarded.browser("lead@demo.example").get("/drafts/contact:x")
    browser = guarded.browser("hub@demo.example")
    token = (
        guarded.browser("lead@demo.example")
        .get("/sign-in")
        .text.partition('name="csrf_token" value="')[2]
        .partition('"')[0]
    )
    assert theirs.status_code in (403, 404) and token
    assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 400


def test_a_key_and_a_cookie_together_are_a_browser(guarded):
    """A request a page elsewhere could forge carries cookies: then a key in it changes nothing."""
    browser = guarded.browser("hub@demo.example")
    headers = guarded.system("hub@demo.example")
    assert browser.post("/api/v1/matches", headers=headers, json={}).status_code == 400
    alone = guarded.app.test_client().post("/api/v1/matches", headers=headers, json={})
    assert alone.status_code == 422
