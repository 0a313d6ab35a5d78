"""The chain of seals shows every change, loss and reordering, and lets what retention demands be erased."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, update

from tafcore.actor import Actor
from tafcore.db import session, writing
from tafcore.trail import service
from tafcore.trail.models import Opening, TrailEntry, TrailPayload, TrailSeal
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
        one = session.scalars(select(TrailPayload)).first()
        one.payload = '{"words": "Other"}'
    assert any("is not what it said at first" in sentence for sentence in breaks(sealed))


def test_an_erased_payload_breaks_nothing(sealed):
    with sealed.app_context(), writing():
        session.execute(delete(TrailPayload))
    assert breaks(sealed) == []


@pytest.fixture
def opened(sealed):
    """Two openings sealed beside nothing, two beside an entry, one waiting."""
    with sealed.app_context():
        service.opened(ANN, 1, "record.family", "Lead professional")
        service.opened(ANN, 2, "record.family", "refused", allowed=False)
    assert seal(sealed) == 2
    with sealed.app_context():
        service.opened(ANN, 3, "record.family", "Lead professional")
        service.opened(ANN, 4, "record.family", "Lead professional")
    note(sealed, 6)
    assert seal(sealed) == 3
    with sealed.app_context():
        service.opened(ANN, 5, "record.family", "Lead professional")
        assert service.unsealed() == (0, 1)
    assert breaks(sealed) == []
    return sealed


@pytest.mark.parametrize("family", [1, 3])
@pytest.mark.parametrize(
    "values",
    [
        {"actor_label": "Bob"},
        {"actor_key": "user:2"},
        {"family_id": 7},
        {"purpose": "plans.plan"},
        {"reason": "Other"},
        {"allowed": False},
        {"seal_id": None},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_opening_shows(opened, values, family):
    with opened.app_context(), writing():
        session.execute(update(Opening).where(Opening.family_id == family).values(values))
    [sentence] = breaks(opened)
    assert "openings" in sentence.lower() and "not as they were sealed" in sentence


@pytest.mark.parametrize("family", [1, 2, 4])
def test_a_removed_opening_shows(opened, family):
    with opened.app_context(), writing():
        session.execute(delete(Opening).where(Opening.family_id == family))
    assert len(breaks(opened)) == 1


def test_an_opening_moved_into_another_seal_shows(opened):
    with opened.app_context(), writing():
        last = session.scalars(select(TrailSeal.id).order_by(TrailSeal.id.desc())).first()
        session.execute(update(Opening).where(Opening.family_id == 1).values(seal_id=last))
    assert len(breaks(opened)) == 2


def test_a_refused_opening_made_an_allowed_one_shows(opened):
    with opened.app_context(), writing():
        session.execute(update(Opening).where(Opening.family_id == 2).values(allowed=True))
    assert breaks(opened)


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
