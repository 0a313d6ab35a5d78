"""Whatever is sent to the API, it answers, never with a fault of its own. What is sent is made of its description."""

import uuid

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

MADE = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
"""A slow moment of the machine and a request that is hard to make are no faults of the API."""


def wanted(operation):
    return operation.method == "get" or operation.path in ("/contacts", "/matches")


def send(app, system, real, told, answered, case, near):
    """One request. Nought is as made up; else it is about a record that is there, or a good contact with one change."""
    if near and real and case.path_parameters:
        case.path_parameters["ref"] = real
    if near and case.operation.path == "/contacts" and isinstance(case.body, dict):
        changed = sorted(case.body)[near - 1 : near]
        case.body = {**told, **{name: case.body[name] for name in changed}}
    case.headers = {**(case.headers or {}), **system.headers(uuid.uuid4().hex)}
    answer = case.call(app=app)
    assert answer.status_code < 500, case.as_curl_command()
    answered.add(answer.status_code)


@pytest.mark.parametrize("examples", [8, pytest.param(300, marks=pytest.mark.soak)])
def test_nothing_that_is_sent_breaks_it(app, caller, told, helped, examples):
    system = caller(helped.lead)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    known = {"/families": helped.ref, "/contacts": system.post("/contacts", told).json["ref"]}
    sent, answered = set(), set()
    for found in schema.get_all_operations():
        operation = found.ok()
        if not wanted(operation):
            continue
        real = next((ref for path, ref in known.items() if operation.path.startswith(f"{path}/{{ref}}")), None)
        sent.add((operation.method, operation.path))
        for made in MADE:
            about = app, system, real, told, answered

            @settings(max_examples=examples, phases=[Phase.generate], **QUIET)
            @given(st.just(about), operation.as_strategy(generation_mode=made), st.integers(0, 25))
            def every(about, case, near):
                send(*about, case, near)

            every()
    assert {("post", "/contacts"), ("post", "/matches"), ("get", "/families/{ref}/plan")} <= sent
    assert {200, 404, 422} <= answered
