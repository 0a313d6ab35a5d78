"""What contacts give to my work, the Board, the family page and the import."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tafcore import db, hooks
from tafcore.contacts import files, measures, service
from tafcore.contacts.commands import NoteConversation, OriginPart, RecordedInError
from tafcore.contacts.models import Contact
from tafcore.contributions import Count, Period
from tafcore.families.access import visible_family
from tafcore.families.models import Family
from tafcore.panels import family_panels
from tafcore.people.models import Person
from tafcore.standards.clock import london_day
from tafcore.work import Refused
from tests.contacts.conftest import ADA, JACK

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


def test_figures_say_who_waits_how_long_where_and_when(app, make, contacts, worker, area):
    with time_machine.travel(FRIDAY, tick=False):  # a quarter past ten in London
        soon, slow, never = (contacts.register(worker, source=source) for source in ("2A", "2A", "6"))
    for ref, hours in ((soon, 3), (slow, 30)):
        with time_machine.travel(FRIDAY + timedelta(hours=hours), tick=False):
            talk(app, make, worker, ref)
    with time_machine.travel(FRIDAY + timedelta(days=10), tick=False), app.app_context():
        assert measures.within_a_day(MONTH, None) == {"": Count(1, 3)}
        assert measures.within_a_day(MONTH, "source") == {"School": Count(1, 2), "Police": Count(0, 1)}
        waits = {"0 to 4 hours": Count(1, 3), "24 to 72 hours": Count(1, 3), "Not spoken with yet": Count(1, 3)}
        assert measures.within_a_day(MONTH, "waited") == waits
        assert measures.received(MONTH, "neighbourhood") == {area.name: Count(3)}
        assert measures.received(MONTH, "hour") == {"10 to 12 o'clock": Count(3)}
        assert measures.received(MONTH, "ethnicity") == {"Not known": Count(3)}
        known = Period(MONTH.first, MONTH.last, as_at=FRIDAY + timedelta(hours=2))
        assert measures.within_a_day(known, None) == {"": Count(0, 0)}
    assert never


@pytest.mark.parametrize(
    ("received", "hours"),
    [
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "0 to 8 o'clock"),
        (datetime(2026, 7, 1, 16, 59, tzinfo=UTC), "16 to 18 o'clock"),
        (datetime(2026, 12, 1, 17, 59, tzinfo=UTC), "16 to 18 o'clock"),
        (datetime(2026, 12, 1, 18, 0, tzinfo=UTC), "18 to 24 o'clock"),
    ],
)
def test_hours_are_those_of_the_clock_on_the_wall(app, contacts, worker, received, hours):
    with time_machine.travel(received, tick=False):
        contacts.register(worker)
        with app.app_context():
            day = london_day(received)
            assert measures.received(Period(day, day), "hour") == {hours: Count(1)}


def test_each_contact_counts_once_by_the_first_childs_ethnic_group(app, contacts, worker):
    sibling = {"role": "sibling", "forename": "Sofia", "surname": "Okoro", "born": "2020-01-01"}
    with time_machine.travel(FRIDAY, tick=False):
        linked = contacts.register(worker, people=[ADA, JACK, sibling])
        contacts.link(worker, linked, None, None, None)
        with app.app_context(), db.writing():
            codes = {"Ada": "WBRI", "Jack": "BAFR", "Sofia": "MWBA"}
            for person in db.session.scalars(select(Person)):
                person.ethnicity = codes[person.forename]
    with app.app_context():
        assert measures.received(MONTH, "ethnicity") == {"Black": Count(1)}


def test_a_family_in_contact_again_within_a_year_is_counted(app, make, contacts, worker):
    begun = FRIDAY - timedelta(days=400)
    for days in (0, 399, 400):
        with time_machine.travel(begun + timedelta(days=days), tick=False):
            ref = contacts.register(worker)
            if days == 0:
                family = contacts.link(worker, ref)
            else:
                with app.app_context(), db.writing():
                    id_ = db.session.scalar(select(Family.id).where(Family.ref == family))
                    db.find_by_ref(Contact, ref).family_id = id_
    contacts.register(worker, received_at=FRIDAY.isoformat())  # of a family not known yet
    with app.app_context():
        assert measures.repeated(MONTH, None) == {"": Count(1, 2)}
        assert measures.repeated(MONTH, "door") == {"Phone": Count(1, 2)}
        with db.writing():
            db.session.scalars(select(Contact).order_by(Contact.id).offset(1)).first().answer = "duplicate"
        assert measures.repeated(MONTH, None) == {"": Count(0, 1)}


def test_another_familys_contact_makes_none_a_repeat(app, contacts, worker):
    for days, people in ((30, [ADA, JACK]), (0, [{**JACK, "forename": "Sam", "surname": "Rahman"}])):
        with time_machine.travel(FRIDAY - timedelta(days=days), tick=False):
            contacts.link(worker, contacts.register(worker, people=people))
    with app.app_context():
        assert measures.repeated(MONTH, None) == {"": Count(0, 1)}


def test_a_figure_is_one_statement_however_it_is_broken_down(app, contacts, worker, counting):
    contacts.register(worker)
    with app.app_context():
        for measure in measures.measures():
            for breakdown in (None, *measure.breakdowns):
                with counting() as sent:
                    measure.compute(MONTH, breakdown)
                assert len(sent) == 1, (measure.key, breakdown)


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
    assert (row.agreement, row.received_at.date()) == ("agreed", date(2026, 11, 20))
    assert contacts.answers(ref)[0][:2] == (2, "agreed")


POLICE = {
    "channel": "police",
    "source": "6",
    "tried": "A warning in May",
    "origin_reference": "01/2345/26",
    "origin_officer": "PC 1234",
    "origin_written_on": "19/11/2026",
    "origin_witnessed": "On the stairs; heard shouting",
    "agreement_told": "That the hub will ring",
    "agreement_scope": "school, health_visiting",
}


def test_a_file_keeps_what_comes_with_a_police_notification_or_a_step_down(app, make, worker, contacts):
    stepped = {"channel": "step_down", "origin_ends_on": "18/12/2026", "origin_outstanding": "A bed for Jack"}
    refs = []
    for more in (POLICE, stepped):
        with time_machine.travel(FRIDAY + timedelta(days=1), tick=False), app.app_context(), db.writing():
            refs.append(files.apply(files.command({**ROW, **more}), make.actor(worker)).ref)
    police, step_down = (contacts.get(ref) for ref in refs)
    assert json.loads(police.origin) == {
        "reference": "01/2345/26",
        "officer": "PC 1234",
        "written_on": "2026-11-19",
        "witnessed": "On the stairs; heard shouting",
    }
    assert (police.tried, police.channel) == ("A warning in May", "police")
    assert contacts.answers(refs[0]) == [(2, "agreed", "health_visiting school", None, "That the hub will ring")]
    assert json.loads(step_down.origin) == {"ends_on": "2026-12-18", "outstanding": "A bed for Jack"}


def test_every_question_about_what_came_with_it_has_its_column():
    assert set(files.ORIGIN) == set(OriginPart.model_fields)
    assert all(f"origin_{name}" in files.imports()[0].columns for name in files.ORIGIN)


def test_all_faults_of_a_row_are_said_at_once():
    wrong = {"received": "soon", "child_born": "31/2/2018", "origin_ends_on": "x", "level": "9", "source": "ZZ"}
    with pytest.raises(Refused) as refused:
        files.command({**ROW, **wrong})
    assert {one.field for one in refused.value.problems} == set(wrong)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"origin_written_on": "19/19/2026"}, "origin_written_on"),
        ({"origin_officer": "x" * 300}, "origin_officer"),
        ({"agreement_told": "x" * 30_000}, "agreement_told"),
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
