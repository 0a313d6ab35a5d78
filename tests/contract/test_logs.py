"""What a record says never reaches the logs, whatever goes wrong."""

import io
import json
import logging
import sys

import pytest
import structlog

from tafcore import logs

PLANTED = {
    "forename": "Zebulonia",
    "surname": "Quigglesworth",
    "postcode": "ZZ99 7QX",
    "nhs_number": "999 000 0018",
    "phone": "07700 900987",
    "email": "zebulonia@demo.example",
    "words": "She hid the blue kettle",
}
TRACES = (*PLANTED.values(), "9990000018", "+447700900987", "ZZ997QX", "blue kettle")


@pytest.fixture
def logged(borough_to_change, capsys, caplog, monkeypatch):
    """Everything that was written to a log or a standard stream, as in a live process."""
    app = borough_to_change.app
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure()
    caplog.set_level(logging.DEBUG)
    app.testing = app.config["TESTING"] = app.config["PROPAGATE_EXCEPTIONS"] = False

    def everything():
        return stream.getvalue() + capsys.readouterr().out + caplog.text

    yield everything
    structlog.reset_defaults()


def test_a_journey_leaves_no_trace_of_anybody(borough_to_change, logged, monkeypatch):
    borough = borough_to_change
    hub = borough.browser("hub@demo.example")
    person = {"role": "child", "born": "2018-05-04"} | {key: PLANTED[key] for key in PLANTED if key != "words"}
    body = {
        "channel": "phone",
        "source": "2A",
        "people": [person],
        "worries": PLANTED["words"],
        "safe_how": PLANTED["phone"],
    }
    system = borough.app.test_client()
    key = borough.system("hub@demo.example")
    ref = system.post("/api/v1/contacts", json=body, headers=key).json["ref"]
    assert (
        system.post("/api/v1/contacts", json={**body, "level": 9}, headers={**key, "Idempotency-Key": "b"}).status_code
        == 422
    )
    assert hub.get(f"/contacts/{ref}").status_code == 200
    for path in ("/families", "/contacts"):
        hub.post(path, data={"q": PLANTED["surname"]})
    assert hub.get(f"/{PLANTED['surname']}").status_code == 404
    hub.post("/sign-in", data={"email": PLANTED["email"], "password": PLANTED["words"]})
    monkeypatch.setattr("tafcore.contacts.reading.contact_of", _fail)
    assert hub.get(f"/contacts/{ref}").status_code == 500
    assert system.get(f"/api/v1/contacts/{ref}", headers=key).status_code == 500
    written = logged()
    assert [trace for trace in TRACES if trace in written] == []
    assert ref not in written
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    assert {"contacts.contact", "web_api.register", "record.families"} <= {line.get("endpoint") for line in lines}
    failed = [line for line in lines if line["event"] == "request_failed"]
    assert failed and all(line["fault"] == "RuntimeError" and line["where"] for line in failed)


def _fail(*_):
    raise RuntimeError(f"{PLANTED['forename']} {PLANTED['surname']}: {PLANTED['words']}")


def test_error_pages_repeat_nothing(borough_to_change, logged, monkeypatch):
    hub = borough_to_change.browser("hub@demo.example")
    missing = hub.get(f"/contacts/{PLANTED['surname']}?q={PLANTED['forename']}")
    assert missing.status_code == 404 and not [trace for trace in TRACES if trace in missing.text]
    monkeypatch.setattr("tafcore.contacts.lists.listing", _fail)
    broken = hub.get("/contacts")
    assert broken.status_code == 500 and not [trace for trace in TRACES if trace in broken.text]
    assert "Traceback" not in broken.text
