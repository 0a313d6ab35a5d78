"""Who may call, what is taken, and how a refusal is said."""

import json

import pytest

PLANTED = "Zebulon Quigglesworth"


def test_without_a_valid_key_nothing_opens(app, client, caller):
    assert client.get("/api/v1/families").status_code == 401
    refused = client.get("/api/v1/families", headers={"Authorization": "Bearer nonsense"})
    assert refused.status_code == 401 and refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.content_type == "application/problem+json"
    assert client.post("/api/v1/contacts", data="not even json").status_code == 401


def test_a_browser_s_session_opens_no_api(make, sign_in):
    browser = sign_in(make.user("front_door", "early_help_manager"))
    assert browser.get("/api/v1/families").status_code == 401
    assert browser.post("/api/v1/contacts", json={}).status_code == 401


def test_a_key_opens_no_page(app, caller, make):
    system = caller(make.user())
    assert app.test_client().get("/", headers=system.headers()).status_code == 302


def test_a_key_may_only_what_it_was_given(caller, told, make):
    assert caller(permissions={"contacts.read"}).post("/contacts", told).status_code == 403
    assert caller(make.user("board_member")).get("/families").status_code == 403


def test_visibility_is_decided_before_the_body_is_read(helped, caller):
    system = caller(helped.stranger)
    for path in ("meetings", "actions/A-2222-22/updates"):
        answer = system.client.post(f"/api/v1/families/{helped.ref}/{path}", headers=system.headers(), data="{broken")
        assert answer.status_code == 404


def test_every_post_needs_a_key_of_its_own(caller, told):
    system = caller()
    headers = {"Authorization": system.headers()["Authorization"]}
    for path in ("contacts", "matches"):
        refused = system.client.post(f"/api/v1/{path}", headers=headers, json=told)
        assert refused.status_code == 400 and "Give an Idempotency-Key" in refused.json["title"]
    for key in ("", " ", "x" * 201, "ünique"):
        assert (
            system.client.post("/api/v1/contacts", headers={**headers, "Idempotency-Key": key}, json=told).status_code
            == 400
        )


@pytest.mark.parametrize("mimetype", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type_is_415(caller, mimetype):
    system = caller()
    answer = system.client.post("/api/v1/contacts", headers=system.headers(), data="{}", content_type=mimetype)
    assert (answer.status_code, answer.json["title"]) == (415, "Send application/json")


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'{"level": NaN}', b"[" * 100_000])
def test_what_is_not_json_is_400(caller, data):
    system = caller()
    answer = system.client.post(
        "/api/v1/contacts", headers=system.headers(), data=data, content_type="application/json"
    )
    assert (answer.status_code, answer.json["title"]) == (400, "This is not JSON")
    assert answer.content_type == "application/problem+json"


def faults(answer):
    assert answer.status_code == 422, answer.text
    return {fault["path"]: fault["message"] for fault in answer.json["errors"]}


def test_every_fault_has_its_path_and_nothing_is_repeated(caller, told):
    body = {
        **told,
        "channel": PLANTED,
        "people": [{**told["people"][0], "born": PLANTED, "nhs_number": "1234567890", PLANTED: 1}],
        "voices": [{"person": 7, "how": "spoken", "words": ""}],
        "level": 12,
        "shoe_size": 4,
    }
    answer = caller().post("/contacts", body)
    found = faults(answer)
    assert {"$.channel", "$.people[0].born", "$.people[0].nhs_number", "$.level", "$.shoe_size"} <= set(found)
    assert "$.voices[0].words" in found
    assert "1234567890" not in answer.text
    assert PLANTED not in answer.text.replace(f"$.people[0].{PLANTED}", "")


@pytest.mark.parametrize("body", [[], "words", 7, True])
def test_what_is_no_object_is_said_at_the_root(caller, body):
    assert faults(caller().post("/contacts", body)) == {"$": "Give this as an object"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"wants": "a\x00b"}, "$.wants"),
        ({"wants": "\ud800"}, "$.wants"),
        ({"agreement": {"scope": ["school\x00"]}}, "$.agreement.scope"),
        ({"agreement": [{"status": "agreed"}, {"scope": ["school\x00"]}]}, "$.agreement[1].scope"),
        ({"answers": {"schools": {"deep": ["a\x00b"]}}}, "$.answers.schools.deep"),
    ],
)
def test_what_no_database_can_hold_is_a_fault_of_its_field(caller, told, change, path):
    system = caller()
    text = json.dumps({**told, **change})
    answer = system.client.post(
        "/api/v1/contacts", headers=system.headers(), data=text, content_type="application/json"
    )
    assert path in faults(answer)


def test_what_the_address_says_the_body_may_not(helped, caller):
    body = {"family": helped.ref, "at": "2027-01-11T10:00:00Z", "place": "Larch hub"}
    answer = caller(helped.lead).post(f"/families/{helped.ref}/meetings", body)
    assert faults(answer) == {"$.family": "This is not a field we know"}


def test_an_unknown_route_or_method_is_said_in_json(caller):
    system = caller()
    assert system.get("/elephants").content_type == "application/problem+json"
    assert system.post("/families", {}).status_code == 405
