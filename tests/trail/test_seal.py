"""The chain of seals shows every change, loss and reordering, and lets what retention demands be erased."""

from dataclasses import dataclass

import pytest
from sqlalchemy import delete, select, update

from tafcore.actor import Actor
from tafcore.db import session, writing
from tafcore.trail import service
from tafcore.trail.models import TrailEntry, TrailPayload, TrailSeal
from tafcore.vocabulary import Event, Subject
from tafcore.work import publish

ANN = Actor("user", 1, "Ann", organisation="Elm Row")


@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    kind = "tests.noted"
    words: str


def note(app, *numbers):
    with app.app_context(), writing():
        for number in numbers:
            publish(Noted(actor=ANN, subject=Subject("test", number, f"T-{number}"), words=f"Note {number}"))


def seal(app):
    with app.app_context(), writing():
        return service.seal()


def breaks(app):
    with app.app_context():
        return list(service.verify())


@pytest.fixture
def sealed(app):
    note(app, 1, 2, 3)
    assert seal(app) == 3
    note(app, 4, 5)
    assert seal(app) == 2
    assert seal(app) == 0
    assert breaks(app) == []
    return app


@pytest.mark.parametrize(
    "values",
    [
        {"actor_label": "Bob"},
        {"actor_key": "user:2"},
        {"kind": "tests.other"},
        {"subject_id": 9},
        {"subject_ref": "T-9"},
        {"family_id": 7},
        {"digest": "0" * 64},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_entry_shows(sealed, values):
    with sealed.app_context(), writing():
        session.execute(update(TrailEntry).where(TrailEntry.subject_id == 2).values(values))
    assert any("not as they were sealed" in sentence for sentence in breaks(sealed))


def test_words_moved_from_one_field_into_the_next_show(sealed):
    with sealed.app_context(), writing():
        entry = session.scalars(select(TrailEntry).where(TrailEntry.subject_id == 2)).one()
        entry.actor_label, entry.kind = entry.actor_label + ", " + entry.kind[:5], entry.kind[5:]
    assert breaks(sealed)


def test_a_missing_entry_shows(sealed):
    with sealed.app_context(), writing():
        gone = session.scalars(select(TrailEntry).where(TrailEntry.subject_id == 2)).one()
        session.execute(delete(TrailPayload).where(TrailPayload.entry_id == gone.id))
        session.execute(delete(TrailEntry).where(TrailEntry.id == gone.id))
    assert any("not as they were sealed" in sentence for sentence in breaks(sealed))


def test_a_missing_seal_shows(sealed):
    with sealed.app_context(), writing():
        first = session.scalars(select(TrailSeal).order_by(TrailSeal.id)).first()
        session.execute(update(TrailEntry).where(TrailEntry.seal_id == first.id).values(seal_id=None))
        session.execute(delete(TrailSeal).where(TrailSeal.id == first.id))
    assert any("does not follow" in sentence for sentence in breaks(sealed))


def test_a_changed_payload_shows(sealed):
    with sealed.app_context(), writing():
        session.execute(update(TrailPayload).where(TrailPayload.id == 1).values(payload='{"words": "Other"}'))
    assert any("is not what it said at first" in sentence for sentence in breaks(sealed))


def test_an_erased_payload_breaks_nothing(sealed):
    with sealed.app_context(), writing():
        session.execute(delete(TrailPayload))
    assert breaks(sealed) == []


def test_a_change_that_rolls_back_leaves_no_entry(app):
    with app.app_context(), pytest.raises(RuntimeError), writing():
        publish(Noted(actor=ANN, subject=Subject("test", 1), words="Never"))
        raise RuntimeError
    with app.app_context():
        assert session.scalars(select(TrailEntry)).all() == []


def test_an_opening_is_noted_once_in_a_quarter_of_an_hour(app):
    with app.app_context():
        service.opened(ANN, 1, "record.family", "Lead professional")
        service.opened(ANN, 1, "record.family", "Lead professional")
        service.opened(ANN, 1, "plans.plan", "Lead professional")
        service.opened(ANN, 1, "record.family", "refused", allowed=False)
        rows = session.execute(select(service.Opening.purpose, service.Opening.allowed)).all()
    assert sorted(rows) == [("plans.plan", True), ("record.family", False), ("record.family", True)]
