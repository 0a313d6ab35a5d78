"""What waits because of agreement and safety rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tafcore import db
from tafcore.people import service as people
from tafcore.record import tasks
from tafcore.sharing import service as sharing


@pytest.fixture
def waits(home):
    def ask(user, days: int = 0) -> list[str]:
        moment = db.utcnow() + timedelta(days=days)
        with time_machine.travel(moment, tick=False), home.app.app_context():
            return [task.title for task in tasks.find(home.make.actor(user), db.utcnow())]

    return ask


def test_an_agreement_is_reviewed_by_the_lead(home, waits) -> None:
    with home.app.app_context(), db.writing():
        who = home.make.actor(home.lead)
        sharing.agree(home.family.id, home.mother.id, "agreed", {"school"}, "All of it", None, who)
    assert waits(home.lead) == []
    assert waits(home.lead, 175) == ["Review what Ada agreed to"]
    assert waits(home.helper, 175) == [] and waits(home.stranger, 175) == []


def test_a_family_that_said_not_now_is_asked_again_by_the_manager(home, waits) -> None:
    later = (db.utcnow() + timedelta(days=30)).date()
    with home.app.app_context(), db.writing():
        who = home.make.actor(home.lead)
        sharing.agree(home.family.id, home.mother.id, "not_now", set(), None, "Busy", who, "Nurse calls", later)
    assert waits(home.manager) == []
    assert waits(home.manager, 20) == ["Ask again whether they want help"]
    assert waits(home.lead, 20) == []


def test_a_safety_rule_is_looked_at_again_and_its_title_tells_nothing(home, waits) -> None:
    review = (db.utcnow() + timedelta(days=30)).date()
    with home.app.app_context(), db.writing():
        who = home.make.actor(home.lead)
        people.protect(home.mother.id, home.father.id, {"address"}, "A court order", review, who)
    assert waits(home.lead) == []
    assert waits(home.lead, 25) == ["Look at this family's people again"]
