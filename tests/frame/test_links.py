"""Addresses are made once and are Flask's own; what opens a page by itself is kept nowhere."""

import pytest
from flask import render_template_string, url_for

from tafcore import links


@pytest.mark.parametrize(
    "endpoint,values",
    [
        ("static", {"filename": "css/a b.css"}),
        ("record.family", {"family_ref": "F-7KQ2-MX"}),
        ("contacts.listing", {"show": "all", "team": None, "after": "2026-11-30~7", "x": 1}),
        ("contacts.listing", {"x": True}),
        ("contacts.listing", {"x": ["a", "b"]}),
        ("record.family", {"family_ref": "F-7KQ2-MX", "_anchor": "plan"}),
        ("record.family", {"family_ref": "F-7KQ2-MX", "_external": True}),
    ],
)
@pytest.mark.parametrize("root", ["", "/taf"])
def test_an_address_is_the_one_that_flask_makes(app, root, endpoint, values):
    with app.test_request_context(base_url=f"https://taf.example{root}"):
        for _ in range(2):
            assert links.address(endpoint, **values) == url_for(endpoint, **values)


def test_one_address_under_two_roots_is_two(app):
    told = set()
    for root in ("", "/taf", ""):
        with app.test_request_context(base_url=f"https://taf.example{root}"):
            told.add((root, links.address("contacts.listing"), links.path("contacts.listing")))
    assert told == {("", "/contacts", "/contacts"), ("/taf", "/taf/contacts", "/contacts")}


def test_templates_use_it_and_an_address_that_opens_a_page_is_not_kept(app):
    kept = app.extensions.setdefault("tafcore.addresses", {})
    with app.test_request_context():
        made = render_template_string('{{ url_for("episodes.make_account", token="a-secret") }} {{ url_for("theme") }}')
        assert "a-secret" in made and made.endswith("/theme.css")
        assert "a-secret" in links.path("episodes.make_account", token="a-secret")
    assert "/theme.css" in kept.values()
    assert not [one for one in kept.values() if "a-secret" in one]


def test_it_is_no_place_that_grows_without_end(app, monkeypatch):
    monkeypatch.setattr(links, "MOST", 10)
    with app.test_request_context():
        for number in range(50):
            links.address("contacts.listing", x=number)
        assert len(app.extensions["tafcore.addresses"]) <= 10
