"""Partner systems with keys, and a family with help open."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from tafcore import db
from tafcore.accounts import service as accounts
from tafcore.accounts.models import Organisation, User
from tafcore.testing import settled

EVERYTHING = {
    "contacts.register",
    "contacts.read",
    "record.read",
    "plans.read",
    "plans.change",
    "plans.update_action",
    "meetings.read",
    "meetings.schedule",
}


@dataclass
class Caller:
    """A partner system that speaks JSON with its key."""

    client: FlaskClient
    token: str
    numbers: Any = None

    def headers(self, key: str | None = None) -> dict[str, str]:
        self.numbers = self.numbers or itertools.count(1)
        return {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key or f"{self.token[:8]}-{next(self.numbers)}",
        }

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers(), query_string=query)

    def post(self, path: str, body: Any, key: str | None = None) -> Any:
        return self.client.post(f"/api/v1{path}", headers=self.headers(key), json=body)


@pytest.fixture
def caller(app, make):
    """`caller(user)` acts for that user; `caller(permissions={...})` only hands in."""

    numbers = itertools.count(1)

    def made(user: User | None = None, permissions: set[str] = EVERYTHING) -> Caller:
        home = user.organisation if user else make.organisation()
        with app.app_context(), db.writing():
            organisation = db.session.get_one(Organisation, home.id)
            behind = db.session.get_one(User, user.id) if user else None
            token = accounts.add_token(f"System {next(numbers)}", organisation, permissions, behind)
        return Caller(app.test_client(), token)

    return made


@pytest.fixture
def told() -> dict[str, Any]:
    """The body that docs and design give as the example."""
    return {
        "channel": "walk_in",
        "received_at": "2026-11-20T10:15:00Z",
        "source": "2A",
        "referrer": {
            "name": "S. Whitfield",
            "organisation": "Elm Row Primary",
            "email": "office@elm.example",
            "phone": "020 7946 0123",
            "wants_reply": True,
        },
        "people": [
            {
                "role": "child",
                "forename": "Jack",
                "surname": "Okoro",
                "born": "2018-05-04",
                "due": None,
                "sex": "M",
                "nhs_number": "999 000 0018",
                "upn": "B801200005001",
                "address": "Flat 2, 12 Larch Road",
                "postcode": "ZZ99 3VZ",
                "phone": "07700 900123",
                "email": "ada@demo.example",
                "safe_contact": "After 3, by text",
                "language": "Igbo",
                "interpreter": False,
                "school_urn": "100000",
            },
            {"role": "mother", "forename": "Ada", "surname": "Okoro"},
        ],
        "wants": "A warm home",
        "worries": "Jack is tired",
        "strengths": "He reads well",
        "voices": [{"person": 0, "how": "spoken", "words": "I want my own bed"}],
        "agreement": {"status": "agreed", "by": 1, "scope": ["school", "health_visiting"], "reason": None},
        "sharing_basis": "public_task",
        "urgency": "routine",
        "level": 2,
        "answers": {},
    }


@settled
def helped(app, make):
    """A family with help open: its team, manager, lead, a stranger, and the family's reference."""
    team = make.team("Larch team")
    manager, lead, stranger = make.user("early_help_manager", team=team), make.user(team=team), make.user()
    family = make.family(team)
    make.episode(family, manager, lead)
    return SimpleNamespace(team=team, manager=manager, lead=lead, stranger=stranger, family=family, ref=family.ref)
