"""What contacts give to my work, the Board, the family page and the import."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tafcore import db, hooks
from tafcore.contacts import files, measures, service
from tafcore.contacts.commands import NoteConversation, RecordedInError
from tafcore.contacts.models import Contact
from tafcore.contributions import Count, Period
from tafcore.families.access import visible_family
from tafcore.panels import family_panels
from tafcore.work import Refused

FRIDAY = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
MONTH = Period(date(2026, 11, 1), date(2026, 11, 30))


def tasks(app, actor, now):
    [source] = [one for one in hooks_of(app, hooks.tasks) if one.key == "contacts"]
    with app.app_context(), time_machine.travel(now, tick=False):
        return source.find(actor, now)


def hooks_of(app, ask):
    with app.app_context():
        return ask()


def talk(app, make, user, ref):
    with app.app_context(), db.writing():
        said = NoteConversation(contact=ref, how="phone", with_whom="parent", safe=True, words="Talked")
        service.converse(said, make.actor(user))


def test_each_thing_that_waits_has_its_verb_and_says_how_late_it_is(app, make, contacts, worker, teacher):
    with time_machine.travel(FRIDAY, tick=False):
        ref = contacts.register(teacher)
    [task] = tasks(app, make.actor(worker), FRIDAY)
    assert (task.title, task.url, task.late) == (f"Look at {ref}", f"/contacts/{ref}", "")
    [task] = tasks(app, make.actor(worker), FRIDAY + timedelta(days=4))
    assert task.late == "1 working day late" and "Okoro" not in task.title
    with time_machine.travel(FRIDAY, tick=False):
        talk(app, make, worker, ref)
    [task] = tasks(app, make.actor(worker), FRIDAY)
    assert (task.title, task.verb) == (f"Answer {ref}", "Answer")


def test_what_a_colleague_took_on_waits_only_for_them(app, make, contacts, hub, worker, teacher):
    ref = contacts.register(teacher)
    colleague = make.user("front_door", team=hub)
    with app.app_context(), db.writing():
        db.find_by_ref(Contact, ref).taken_by_id = colleague.id
    assert tasks(app, make.actor(worker), db.utcnow()) == []
    assert len(tasks(app, make.actor(colleague), db.utcnow())) == 1
    assert tasks(app, make.actor(teacher), db.utcnow()) == []


def test_figures_count_contacts_and_conversations_in_time(app, make, contacts, worker):
    with time_machine.travel(FRIDAY, tick=False):
        good, late, wrong = (contacts.register(worker, channel=door) for door in ("phone", "walk_in", None))
        contacts.register(worker, anonymous=True)
        talk(app, make, worker, good)
        with app.app_context(), db.writing():
            service.record_in_error(RecordedInError(contact=wrong, reason="Twice"), make.actor(worker))
    with time_machine.travel(FRIDAY + timedelta(days=10), tick=False):
        talk(app, make, worker, late)
        with app.app_context():
            assert measures.received(MONTH, None) == {"": Count(3)}
            assert measures.received(MONTH, "door") == {"Phone": Count(2), "Walked in": Count(1)}
            assert measures.in_time(MONTH, None) == {"": Count(1, 2)}
            assert measures.in_time(MONTH, "door") == {"Phone": Count(1, 1), "Walked in": Count(0, 1)}
            assert measures.received(Period(date(2026, 10, 1), date(2026, 10, 31)), None) == {"": Count(0)}
            early = Period(MONTH.first, MONTH.last, as_at=FRIDAY + timedelta(hours=1))
            assert measures.in_time(early, None) == {"": Count(1, 1)}


def test_the_family_page_tells_of_contacts_only_to_the_worker_alone(app, make, contacts, worker):
    ref = contacts.register(worker)
    family = contacts.link(worker, ref)
    with app.test_request_context(), app.app_context():
        actor = make.actor(worker)
        view = visible_family(family, actor)
        shown = [panel for panel in family_panels(view, actor) if panel.title == "Contacts"]
        assert ref in shown[0].context["html"]
        hidden = [panel for panel in family_panels(view.shown_to_family(), actor) if panel.title == "Contacts"]
        assert hidden == []


ROW = {
    "received": "20/11/2026",
    "channel": "partner",
    "source": "2A",
    "referrer_name": "Head",
    "referrer_email": "head@elm.example",
    "wants": "Somewhere warm",
    "safe_how": "Ring the school",
    "agreement": "agreed",
    "postcode": "HA1 2XY",
    "child_forename": "Jack",
    "child_surname": "Okoro",
    "child_born": "4/5/2018",
    "child2_forename": "Baby",
    "child2_role": "unborn",
    "child2_born": "1/1/2027",
    "adult_forename": "Ada",
    "adult_role": "mother",
    "adult_phone": "07700 900123",
}


def test_a_row_of_a_spreadsheet_is_a_contact(app, make, worker, contacts):
    with time_machine.travel(FRIDAY + timedelta(days=1), tick=False), app.app_context(), db.writing():
        ref = files.apply(files.command(ROW), make.actor(worker)).ref
    row = contacts.get(ref)
    assert [one.role for one in row.people] == ["child", "unborn", "mother"]
    assert row.people[1].due == date(2027, 1, 1) and row.people[2].postcode == "HA1 2XY"
    assert (row.agreement, row.agreement_by, row.received_at.date()) == ("agreed", 2, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"child_born": "31/2/2018"}, "child_born"),
        ({"child2_nhs_number": "12"}, "child2_nhs_number"),
        ({"adult_phone": "x"}, "adult_phone"),
        ({"source": "ZZ"}, "source"),
        ({"postcode": "nowhere"}, "postcode"),
        ({"referrer_email": "x"}, "referrer_email"),
        ({"agreement": "perhaps"}, "agreement"),
        ({"received": "soon"}, "received"),
    ],
)
def test_a_fault_is_said_at_its_column(values, column):
    with pytest.raises(Refused) as refused:
        files.command({**ROW, **values})
    assert column in {problem.field for problem in refused.value.problems}


def test_every_column_is_explained_and_read(app, make, worker):
    [one] = [each for each in hooks_of(app, hooks.imports) if each.name == "contacts"]
    assert set(ROW) <= set(one.columns) and all(one.columns.values())
    blank = {**dict.fromkeys(one.columns, ""), "wants": "x", "safe_how": "x", "child_forename": "Jack"}
    with app.app_context(), db.writing():
        one.apply(one.command(blank), make.actor(worker))
    with app.app_context():
        assert db.session.scalar(select(func.count(Contact.id))) == 1
