"""Builders of contacts."""

from __future__ import annotations

from typing import Any

import pytest

from tafcore import db
from tafcore.contacts import service
from tafcore.contacts.commands import GradePart, LinkFamily, LinkPart, RegisterContact
from tafcore.contacts.models import Contact

JACK = {
    "role": "child",
    "forename": "Jack",
    "surname": "Okoro",
    "born": "2018-05-04",
    "address": "Flat 2, 12 Larch Road",
    "postcode": "HA1 2XY",
}
ADA = {"role": "mother", "forename": "Ada", "surname": "Okoro", "phone": "07700 900123"}
GOOD = GradePart(needs="yes", tried="yes", agreement="yes")
"""The grade of a professional's referral that says everything."""


class Contacts:
    """Registers and links contacts for tests."""

    def __init__(self, make: Any) -> None:
        self.make, self.app = make, make.app

    def told(self, **more: Any) -> dict[str, Any]:
        """What a school says of Jack."""
        return {
            "channel": "phone",
            "source": "2A",
            "people": [JACK, ADA],
            "wants": "A warm home",
            "safe_how": "Ring the school",
            "urgency": "routine",
            **more,
        }

    def register(self, user: Any, **more: Any) -> str:
        """The reference of a contact this user registers."""
        actor = self.make.actor(user)
        with self.app.app_context(), db.writing():
            return service.register(RegisterContact.model_validate(self.told(**more)), actor).ref

    def link(
        self, user: Any, ref: str, *refs: str | None, seen: tuple[str, ...] = (), family: str | None = None
    ) -> str:
        """Link each of the contact's people to `refs` (None: somebody new); gives the family's reference."""
        actor = self.make.actor(user)
        parts = tuple(LinkPart(person=place, ref=one, seen=seen) for place, one in enumerate(refs or (None, None)))
        with self.app.app_context(), db.writing():
            return service.link(LinkFamily(contact=ref, people=parts, family=family), actor).ref

    def get(self, ref: str) -> Contact:
        """The row, for looking at."""
        with self.app.app_context():
            found = db.find_by_ref(Contact, ref)
            assert found is not None
            return found

    def answers(self, ref: str) -> list[tuple[int | None, str, str, str | None, str | None]]:
        """Who answered the offer of help, and what: by, status, scope, reason, told."""
        with self.app.app_context():
            found = db.find_by_ref(Contact, ref)
            assert found is not None
            return [(one.by, one.status, one.scope, one.reason, one.told) for one in found.answers]


@pytest.fixture
def contacts(make: Any) -> Contacts:
    return Contacts(make)


@pytest.fixture
def area(make: Any) -> Any:
    """A neighbourhood."""
    return make.neighbourhood()


@pytest.fixture
def hub(make: Any, area: Any) -> Any:
    """A team that takes contacts."""
    return make.team("Larch hub", phone="020 7946 0111", neighbourhood=area)


@pytest.fixture
def worker(make: Any, hub: Any) -> Any:
    """Somebody at its front door."""
    return make.user("front_door", team=hub, name="Sam Lowe")


@pytest.fixture
def teacher(make: Any) -> Any:
    """A practitioner in a school, with no queue."""
    return make.user("practitioner", team=make.team(organisation=make.organisation("school"), takes_contacts=False))
