import csv
from datetime import date

import pytest
import time_machine
from sqlalchemy import delete, func, select, text

from taf_schools import figures, reading, service
from taf_schools.commands import ImportAttendance, RecordAttendance, RecordSchool
from taf_schools.files import command_of, write
from taf_schools.models import Attendance, Enrolment
from tafcore.api import (
    Actor,
    Count,
    Episode,
    NotAllowed,
    NotFound,
    Period,
    Person,
    PersonIdentifier,
    Refused,
    session,
    utcnow,
    writing,
)

IMPORTER = Actor("importer", None, "A file", permissions=frozenset({"schools.import"}))
AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 19))


def now(place, child=0):
    with place.app.app_context():
        people = reading.merged([place.children[child].id])
        return reading.schools_of(people)[place.children[child].id]


def test_a_new_school_ends_the_one_before(place):
    place.enrol(day=date(2025, 9, 1), year="2")
    place.enrol(school=place.other_school, day=date(2026, 9, 1), year="3", said_by="Mother")
    found = now(place)
    assert [(one.school, one.from_day, one.until_day) for one in found] == [
        ("Oak Tree Primary", date(2026, 9, 1), None),
        ("Elm Row Primary", date(2025, 9, 1), date(2026, 9, 1)),
    ]
    assert found[0].said_by == "Mother"


def test_an_earlier_day_corrects_and_nothing_is_lost(place):
    place.enrol(day=date(2026, 9, 1), year="3")
    place.enrol(day=date(2025, 9, 1), year="4")
    assert [(one.year, one.from_day) for one in now(place)] == [("Year 4", date(2025, 9, 1))]
    with place.app.app_context():
        assert session.scalar(select(func.count()).select_from(Enrolment)) == 2


def test_the_year_is_the_one_they_are_in_now_and_moves_on_in_september(place):
    place.enrol(day=date(2024, 9, 1), year="3")
    (found,) = now(place)
    assert (found.year, found.here, found.until_day) == ("Year 3", True, None)
    with time_machine.travel("2027-09-01T12:00:00Z", tick=False):
        (later,) = now(place)
    assert (later.year, later.year_group) == ("Year 4", "4")


def test_a_place_ends_with_the_school_unless_somebody_says_that_they_stay(place):
    place.enrol(day=date(2026, 9, 1), year="6")
    with time_machine.travel("2027-08-31T12:00:00Z", tick=False):
        assert [(one.here, one.reckoned) for one in now(place)] == [(True, False)]
    with time_machine.travel("2027-09-01T12:00:00Z", tick=False):
        (left,) = now(place)
        assert (left.here, left.reckoned, left.until_day, left.year) == (False, True, date(2027, 9, 1), "Year 6")
        place.enrol(day=date(2027, 9, 1), year="7")
        stays, before = now(place)
    assert (stays.here, stays.year, stays.leaves_on) == (True, "Year 7", date(2032, 9, 1))
    assert (before.until_day, before.reckoned) == (date(2027, 9, 1), False)


def test_what_is_told_late_leaves_the_end_where_it_was(place):
    place.enrol(day=date(2026, 9, 1), year="6")
    with time_machine.travel("2027-11-20T12:00:00Z", tick=False):
        place.enrol(school=place.other_school, day=date(2027, 11, 1), year="7")
        assert [one.until_day for one in now(place)] == [None, date(2027, 9, 1)]


def test_the_next_school_is_told_before_it_begins(place):
    place.enrol(day=date(2026, 9, 1), year="6")
    place.enrol(school=place.other_school, day=date(2027, 9, 1), year="7")
    with place.app.app_context():
        (child,) = [one for one in reading.children(place.view(place.lead)) if one.ref == place.children[0].ref]
    assert (child.school.school, child.school.year) == ("Elm Row Primary", "Year 6")
    assert (child.coming.school, child.coming.year) == ("Oak Tree Primary", "Year 7")
    with time_machine.travel("2027-09-01T12:00:00Z", tick=False), place.app.app_context():
        (child,) = [one for one in reading.children(place.view(place.lead)) if one.ref == place.children[0].ref]
    assert (child.school.school, child.coming, child.left) == ("Oak Tree Primary", None, None)


def test_a_year_that_cannot_be_is_refused_beside_the_day(place):
    with pytest.raises(Refused) as refused:
        place.enrol(day=date(2020, 9, 1), year="R")
    assert [each.field for each in refused.value.problems] == ["from_day"]


def test_only_a_school_can_be_recorded(place):
    with pytest.raises(Refused) as refused:
        place.enrol(school=place.make.organisation("police"))
    assert [each.field for each in refused.value.problems] == ["school"]


def test_a_child_of_another_family_is_not_found(place):
    elsewhere = place.make.family(children=1)
    command = RecordSchool(
        family=place.family.ref, person=elsewhere.ref, school=place.school.id, from_day=date(2026, 9, 1)
    )
    with place.app.app_context(), pytest.raises(NotFound), writing():
        service.record_school(command, place.actor(place.lead))


def test_attendance_of_the_same_days_corrects_and_the_same_figures_change_nothing(place):
    first = place.attend(70, 3)
    assert place.attend(70, 3).id == first.id
    corrected = place.attend(70, 9)
    with place.app.app_context():
        assert session.get_one(Attendance, first.id).superseded_at is not None
        people = reading.merged([place.children[0].id])
        (found,) = reading.attendance_of(people)[place.children[0].id]
    assert (found.missed, found.absence, corrected.missed) == (9, "Persistent absence", 9)


def test_overlapping_days_are_refused(place):
    place.attend(70, 3)
    with pytest.raises(Refused) as refused:
        place.attend(10, 0, first=date(2026, 10, 20), last=date(2026, 11, 1))
    assert [each.field for each in refused.value.problems] == ["first_day"]


def test_who_is_not_asked_to_record_may_not(place):
    nominated = place.make.user()
    command = RecordAttendance(
        family=place.family.ref,
        person=place.children[0].ref,
        first_day=date(2026, 9, 1),
        last_day=date(2026, 9, 2),
        possible=4,
        missed=0,
    )
    with place.app.app_context(), pytest.raises(NotFound), writing():
        service.record_attendance(command, place.actor(nominated))
    board = place.make.user("board_member")
    with place.app.app_context(), pytest.raises(NotAllowed), writing():
        service.record_attendance(command, place.actor(board))


# --- the sector's scope ---------------------------------------------------------------------------------------------


def test_a_school_sees_its_own_pupils_only_where_the_borough_switched_it_on(place):
    place.enrol(child=0)
    place.enrol(child=1, school=place.other_school)
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.dsl)
    place.switch_on()
    with place.app.app_context():
        view = place.view(place.dsl)
    assert [child.ref for child in view.people] == [place.children[0].ref], "brothers and sisters elsewhere stay unseen"
    assert view.scopes == {"school"}
    assert view.areas == {"people", "helpers", "schools"}
    assert view.reason == "A pupil of the school has early help"


def test_the_scope_ends_with_the_pupil_and_with_the_episode(place):
    place.switch_on()
    place.enrol(child=0, day=date(2025, 9, 1))
    place.enrol(child=0, school=place.other_school, day=date(2026, 11, 20))
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.dsl)
    elsewhere = place.make.user(organisation=place.other_school)
    with place.app.app_context():
        assert place.view(elsewhere).scopes == {"school"}
    close(place)
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(elsewhere)


def test_the_scope_ends_with_the_years_of_the_school(place):
    """Nobody says of most children that they left: their primary school must not go on seeing them."""
    place.switch_on()
    place.enrol(child=0, day=date(2026, 9, 1), year="6")
    with time_machine.travel("2027-08-31T12:00:00Z", tick=False), place.app.app_context():
        assert place.view(place.dsl).scopes == {"school"}
        assert reading.pupils(place.actor(place.dsl)).total == 1
    with time_machine.travel("2027-09-01T12:00:00Z", tick=False), place.app.app_context():
        assert reading.pupils(place.actor(place.dsl)).total == 0
        with pytest.raises(NotFound):
            place.view(place.dsl)


def close(place):
    with place.app.app_context(), writing():
        episode = session.scalar(select(Episode).where(Episode.family_id == place.family.id))
        episode.state, episode.closed_at = "closed", utcnow()


def test_a_restricted_pupil_is_left_to_the_duty_line(place):
    place.switch_on()
    place.enrol(child=0)
    with place.app.app_context(), writing():
        session.get_one(Person, place.children[0].id).restricted = True
    with place.app.app_context():
        with pytest.raises(NotFound):
            place.view(place.dsl)
        assert reading.pupils(place.actor(place.dsl)).rows == ()


def test_a_school_may_record_for_its_pupil_and_for_nobody_else(place):
    place.switch_on()
    place.enrol(child=0)
    asked = {
        "family": place.family.ref,
        "first_day": date(2026, 9, 1),
        "last_day": date(2026, 10, 23),
        "possible": 70,
        "missed": 7,
    }
    with place.app.app_context(), writing():
        service.record_attendance(RecordAttendance(person=place.children[0].ref, **asked), place.actor(place.dsl))
    with place.app.app_context(), pytest.raises(NotFound), writing():
        service.record_attendance(RecordAttendance(person=place.children[1].ref, **asked), place.actor(place.dsl))


# --- lists -----------------------------------------------------------------------------------------------------------


def test_pupils_are_listed_sorted_searched_and_paged(place, monkeypatch):
    place.switch_on()
    place.enrol(child=0, year="5")
    place.enrol(child=1, year="R")
    place.attend(100, 50, child=1)
    with place.app.app_context():
        me = place.actor(place.dsl)
        by_name = reading.pupils(me)
        assert [row.name for row in by_name.rows] == ["Child0 Okoro", "Child1 Okoro"]
        assert by_name.total == 2
        assert by_name.after is None
        assert [row.name for row in reading.pupils(me, sort="year").rows] == ["Child1 Okoro", "Child0 Okoro"]
        assert [row.name for row in reading.pupils(me, sort="attendance").rows] == ["Child1 Okoro", "Child0 Okoro"]
        assert [row.name for row in reading.pupils(me, q="child0").rows] == ["Child0 Okoro"]
        assert reading.pupils(me, q="%").rows == ()
        monkeypatch.setattr(reading, "PAGE", 1)
        for sort in reading.SORTS:
            first = reading.pupils(me, sort=sort)
            second = reading.pupils(me, sort=sort, after=first.after)
            assert first.total == second.total == 2
            assert second.after is None
            assert {first.rows[0].ref, second.rows[0].ref} == {child.ref for child in place.children}


def test_pupils_are_sorted_by_the_year_they_are_in_now(place):
    place.switch_on()
    place.enrol(child=0, day=date(2026, 9, 1), year="4")
    with time_machine.travel("2028-10-02T12:00:00Z", tick=False):
        place.enrol(child=1, day=date(2028, 10, 2), year="5")
        with place.app.app_context():
            found = reading.pupils(place.actor(place.dsl), sort="year")
    assert [(row.name, row.year) for row in found.rows] == [("Child1 Okoro", "Year 5"), ("Child0 Okoro", "Year 6")]


def test_pupils_of_another_school_are_not_listed(place):
    place.switch_on()
    place.enrol(child=0)
    with place.app.app_context():
        assert reading.pupils(place.actor(place.make.user(organisation=place.other_school))).rows == ()
        assert reading.pupils(place.actor(place.lead)).rows == ()


def test_nothing_is_listed_while_the_scope_is_off(place):
    place.enrol(child=0)
    with place.app.app_context():
        assert reading.pupils(place.actor(place.dsl)).rows == ()
        assert not reading.is_switched_on()


# --- merged records --------------------------------------------------------------------------------------------------


def test_what_was_recorded_of_a_merged_record_is_read_with_the_one_that_stayed(place):
    place.switch_on()
    place.enrol(child=1)
    twin, kept = place.children[1].id, place.children[0].id
    with place.app.app_context(), writing():
        session.get_one(Person, twin).canonical_id = kept
    with place.app.app_context():
        assert reading.merged([kept]) == {kept: kept, twin: kept}
        assert reading.schools_of(reading.merged([kept]))[kept][0].school == "Elm Row Primary"
        assert kept in [person.id for person in place.view(place.dsl).people]


def test_a_pupil_on_two_records_is_listed_once_with_what_either_says(place):
    place.switch_on()
    place.enrol(child=1)
    place.attend(100, 50, child=0)
    kept, other = (one.id for one in place.children[:2])
    with place.app.app_context(), writing():
        session.get_one(Person, other).canonical_id = kept
    with place.app.app_context():
        found = reading.pupils(place.actor(place.dsl))
        assert [(row.ref, row.period.missed) for row in found.rows] == [(place.children[0].ref, 50)]
        assert found.total == 1
        assert reading.pupils(place.actor(place.dsl), q="child1").total == 1, "by the name on either record"
        assert figures.count_absent(AUTUMN, None) == {"": Count(1, 1)}


# --- the family panel -------------------------------------------------------------------------------------------------


def test_the_panel_hides_what_a_safety_rule_hides_and_does_not_say_so(place):
    place.enrol(child=0)
    place.enrol(child=1)
    place.attend(100, 50, child=0)
    place.attend(100, 2, child=1)
    with place.app.app_context():
        (mother,) = place.view(place.lead).adults
    place.make.protect(place.children[0].id, mother.id, {"school", "attendance"})
    with place.app.app_context():
        alone = reading.children(place.view(place.lead))
        shared = reading.children(place.view(place.lead).shown_to_family())
    assert [child.name for child in alone] == ["Child0 Okoro", "Child1 Okoro"]
    assert [child.name for child in shared] == ["Child1 Okoro"], "left out, as a child of no school would be"


# --- figures ---------------------------------------------------------------------------------------------------------


def test_the_school_that_a_child_has_left_learns_nothing_that_is_kept_of_them(place):
    """Alone with the screen, in the team, and whenever they joined; who is there now, or never was, sees it all."""
    place.enrol(child=0, day=date(2025, 9, 1))
    with place.app.app_context():
        mother = place.view(place.lead).adults[0]
    place.make.protect(place.children[0].id, mother.id, {"school", "attendance"})
    place.make.member(place.family, place.lead, place.dsl)
    place.enrol(child=0, school=place.other_school, day=date(2026, 9, 1))
    place.attend(60, 3, child=0)

    def told(user):
        view = place.view(user)
        history = reading.child_history(view, view.children[0])
        return view.shared, len(history.schools), len(history.periods)

    with place.app.app_context():
        assert told(place.dsl) == (True, 0, 0)
        assert told(place.lead) == (False, 2, 1)
        before = place.view(place.dsl).before({place.children[0].id})
        assert not reading.child_history(before, before.children[0]).schools
    place.enrol(child=0, day=date(2026, 10, 1))
    with place.app.app_context():
        assert told(place.dsl) == (False, 3, 1), "back at school, they are told as everybody in the team is"


def test_a_school_whose_years_are_over_is_one_that_a_child_has_left(place):
    place.enrol(child=0, day=date(2026, 9, 1), year="6")
    with place.app.app_context():
        mother = place.view(place.lead).adults[0]
    place.make.protect(place.children[0].id, mother.id, {"school", "attendance"})
    place.make.member(place.family, place.lead, place.dsl)
    for day, shared in (("2027-08-31", False), ("2027-09-01", True)):
        with time_machine.travel(f"{day}T12:00:00Z", tick=False), place.app.app_context():
            assert place.view(place.dsl).shared is shared


def test_persistent_absence_is_counted_of_children_with_a_figure(place):
    place.attend(60, 3, child=0)
    place.attend(40, 7, first=date(2026, 10, 26), last=date(2026, 11, 13), child=0)
    place.attend(0, 0, child=1)
    with place.app.app_context():
        assert figures.count_absent(AUTUMN, None) == {"": Count(1, 1)}
        assert figures.count_absent(AUTUMN, "neighbourhood") == {"North": Count(1, 1)}
        first_half = Period(date(2026, 9, 1), date(2026, 10, 31))
        assert figures.count_absent(first_half, None) == {"": Count(0, 1)}
        before = Period(date(2026, 1, 1), date(2026, 7, 1))
        assert figures.count_absent(before, None) == {"": Count(0, 0)}
        assert figures.count_absent(before, "neighbourhood") == {}


def test_a_half_year_is_counted_child_by_child_by_index(place):
    """Not every child's periods for each child: that took minutes in a large borough."""
    with place.app.app_context():
        connection = session.connection()
        asked = figures._sums(AUTUMN).compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        if connection.dialect.name != "sqlite":
            return  # PostgreSQL joins as many by hashing
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]
    (line,) = [one for one in plan if "schools_attendance" in one]
    assert "person_id=?" in line, plan


def test_a_published_figure_stays_as_it_was_known(place):
    with time_machine.travel("2026-11-18T12:00:00Z", tick=False):
        place.attend(100, 5)
        known = utcnow()
    place.attend(100, 50)
    with place.app.app_context():
        as_known = Period(AUTUMN.first, AUTUMN.last, as_at=known)
        assert figures.count_absent(as_known, None) == {"": Count(0, 1)}
        assert figures.count_absent(AUTUMN, None) == {"": Count(1, 1)}


def test_a_fall_becomes_a_sentence_without_a_name(place):
    place.attend(100, 5)
    place.attend(50, 10, first=date(2026, 10, 26), last=date(2026, 11, 13))
    with place.app.app_context():
        found = figures.find_falls(utcnow(), [place.family.id])
    assert found == [(place.family.id, "A child's school attendance fell from 95\u00a0% to 80\u00a0%")]


def test_readings_for_a_plan_are_in_order_and_leave_gaps_out(place):
    place.attend(50, 10, first=date(2026, 10, 26), last=date(2026, 11, 13))
    place.attend(0, 0, first=date(2026, 10, 24), last=date(2026, 10, 25))
    place.attend(100, 5)
    with place.app.app_context():
        found = reading.readings(place.children[0].id)
    assert found == [(date(2026, 10, 23), 95.0), (date(2026, 11, 13), 80.0)]


# --- files -----------------------------------------------------------------------------------------------------------


def test_attendance_comes_in_by_pupil_number(place):
    with place.app.app_context(), writing():
        session.add(PersonIdentifier(person_id=place.children[0].id, scheme="upn", value="B801200005001"))
    row = {"upn": "B801200005001", "from": "2026-09-01", "to": "2026-10-23", "possible": "70", "missed": "7"}
    with place.app.app_context(), writing():
        service.import_attendance(command_of(row), IMPORTER)
    with place.app.app_context():
        made = session.scalar(select(Attendance))
        assert (made.person_id, made.missed) == (place.children[0].id, 7)


def test_a_pupil_nobody_knows_is_refused(place):
    row = {"upn": "D310200026045", "from": "2026-09-01", "to": "2026-10-23", "possible": "70", "missed": "7"}
    with place.app.app_context(), pytest.raises(Refused) as refused, writing():
        service.import_attendance(command_of(row), IMPORTER)
    assert [each.field for each in refused.value.problems] == ["upn"]


def test_only_who_may_import_imports(place):
    command = ImportAttendance(
        person=place.children[0].ref, first_day="1/9/2026", last_day="23/10/2026", possible=70, missed=7
    )
    with place.app.app_context(), pytest.raises(NotAllowed), writing():
        service.import_attendance(command, place.actor(place.lead))


def test_what_is_written_can_be_read_again(place, tmp_path):
    place.attend(70, 3)
    place.attend(0, 0, child=1)
    with place.app.app_context():
        assert write(tmp_path / "out.csv", {}) == 2
        assert write(tmp_path / "later.csv", {"from": date(2026, 11, 1)}) == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = [command_of(row) for row in csv.DictReader(file)]
    assert {(row.person, row.possible, row.missed) for row in rows} == {
        (place.children[0].ref, 70, 3),
        (place.children[1].ref, 0, 0),
    }
    with place.app.app_context(), writing():
        for row in rows:
            service.import_attendance(row, IMPORTER)
        assert session.scalar(select(func.count()).select_from(Attendance)) == 2, "the same again changes nothing"


def test_a_file_leaves_out_whoever_is_kept_safe_or_restricted(place, tmp_path):
    place.attend(60, 3, child=0)
    place.attend(40, 7, child=1)

    def written():
        with place.app.app_context():
            write(tmp_path / "out.csv", {})
        with (tmp_path / "out.csv").open(newline="") as file:
            return {row["person"] for row in csv.DictReader(file)}

    first, second = (child.ref for child in place.children)
    assert written() == {first, second}
    place.make.protect(place.children[0].id, place.children[1].id, {"attendance"})
    assert written() == {second}
    with place.app.app_context(), writing():
        session.get_one(Person, place.children[1].id).restricted = True
    assert written() == set()


def test_rows_go_with_the_person(place):
    place.make.family(children=1)
    with place.app.app_context(), writing():
        person = session.scalar(select(Person).order_by(Person.id.desc()))
        session.add(
            Attendance(
                person_id=person.id,
                first_day=date(2026, 9, 1),
                last_day=date(2026, 9, 2),
                possible=4,
                missed=0,
                recorded_by="A test",
            )
        )
        session.flush()
        for table in ("family_member", "person_statement"):
            session.execute(text(f"DELETE FROM {table} WHERE person_id = :id"), {"id": person.id})
        session.execute(delete(Person).where(Person.id == person.id))
        assert session.scalar(select(func.count()).select_from(Attendance)) == 0
