"""The OpenAPI document says what the routes do, and is made of them."""

import re

import pytest
from openapi_spec_validator import validate

from tafcore.permissions import PUBLIC, declared, known
from tafcore.web_api.operations import described

DESIGNED = {
    "/contacts": {"post"},
    "/contacts/{ref}": {"get"},
    "/families": {"get"},
    "/families/{ref}": {"get"},
    "/families/{ref}/plan": {"get"},
    "/families/{ref}/chronology": {"get"},
    "/families/{ref}/actions/{action}/updates": {"post"},
    "/families/{ref}/meetings": {"post"},
    "/matches": {"post"},
    "/measures": {"get"},
}


@pytest.fixture
def document(client):
    return client.get("/api/v1/openapi.json").json


def test_it_is_a_valid_openapi_3_1_document(document):
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_route_of_the_design_is_there(document):
    for path, methods in DESIGNED.items():
        assert methods <= set(document["paths"][path]), path


def test_every_route_is_described_and_behind_a_permission(app, document):
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or rule.rule.endswith("openapi.json"):
            continue
        view = app.view_functions[rule.endpoint]
        assert described(view) is not None, rule
        assert declared(view) in known(app) and declared(view) != PUBLIC, rule
        path = re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")).replace("{family_ref}", "{ref}")
        assert path in document["paths"]


def test_sector_resources_lie_below_their_plugin(document):
    assert "get" in document["paths"]["/schools/attendance"]


def test_every_post_asks_for_a_key_and_every_body_refuses_what_it_does_not_know(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names = {parameter["name"] for parameter in operation["parameters"]}
            assert ("Idempotency-Key" in names) == (method == "post"), path
            assert {"401", "403"} <= set(operation["responses"])
    meeting = document["components"]["schemas"]["ScheduleMeetingBody"]
    assert "family" not in meeting["properties"] and meeting["additionalProperties"] is False
