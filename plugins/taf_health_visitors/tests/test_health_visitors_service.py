import csv
from datetime import date

import pytest
import time_machine
from sqlalchemy import delete, func, select, text

from taf_health_visitors import caseload, commands, figures, files, listing, reading, service, tasks
from taf_health_visitors.models import Caseload, CutOff, HandOver, Review, ReviewWindow
from tafcore.api import (
    Actor,
    Count,
    Episode,
    EpisodeChild,
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

IMPORTER = Actor("importer", None, "A file", permissions=frozenset({"health_visitors.import"}))
AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 19))
IMPORTS = {one.name: one for one in files.imports()}


def records(place, child="baby"):
    with place.app.app_context():
        mine = reading.records_of(reading.merged([place.ids[child]])).get(place.ids[child], [])
        return [(row.review, row.outcome, row.day) for row in mine]


def fields(refused):
    return [each.field for each in refused.value.problems]


def close(place):
    with place.app.app_context(), writing():
        episode = session.scalar(select(Episode).where(Episode.family_id == place.family.id))
        episode.state, episode.closed_at = "closed", utcnow()
        for child in session.scalars(select(EpisodeChild).where(EpisodeChild.episode_id == episode.id)):
            child.ended_at = utcnow()


def bring(place, name, **row):
    one = IMPORTS[name]
    with place.app.app_context(), writing():
        return one.apply(one.command(row), IMPORTER)


# --- reviews ---------------------------------------------------------------------------------------------------------


def test_the_default_windows_are_rows(place):
    with place.app.app_context():
        rows = {row.review: row for row in session.scalars(select(ReviewWindow))}
        assert len(rows) == 5
        assert (rows["antenatal"].counts_from, rows["antenatal"].first) == ("gestation", 28)
        assert (rows["new_birth"].first, rows["new_birth"].last, rows["new_birth"].unit) == (10, 14, "days")


def test_a_missed_review_stays_on_record_beside_the_one_that_was_done(place):
    place.record(outcome="missed", day=date(2026, 9, 21))
    place.record(day=date(2026, 9, 23))
    assert records(place) == [("new_birth", "missed", date(2026, 9, 21)), ("new_birth", "done", date(2026, 9, 23))]


def test_the_same_again_changes_nothing_and_a_correction_erases_nothing(place):
    first = place.record(note="Feeding well")
    assert place.record().id == first.id, "what is not said again is not taken back"
    corrected = place.record(day=date(2026, 9, 23))
    assert corrected.note == "Feeding well"
    assert records(place) == [("new_birth", "done", date(2026, 9, 23))]
    with place.app.app_context():
        assert session.scalar(select(func.count()).select_from(Review)) == 2


def test_a_review_recorded_by_mistake_is_taken_back_with_the_reason(place):
    place.record()
    place.record(outcome="in_error", reason="It was the twin")
    assert records(place) == []
    with place.app.app_context():
        assert session.scalar(select(Review.reason).where(Review.outcome == "in_error")) == "It was the twin"
    place.record(day=date(2026, 9, 24))
    assert records(place) == [("new_birth", "done", date(2026, 9, 24))]


def test_a_grown_up_has_no_reviews_and_a_stranger_is_not_found(place):
    with place.app.app_context():
        (mother,) = place.view(place.lead).adults
    place.refs["mother"] = mother.ref
    with pytest.raises(Refused) as refused:
        place.record(child="mother")
    assert fields(refused) == ["person"]
    elsewhere = place.make.family(children=1)
    place.refs["else"] = elsewhere.ref
    with pytest.raises(NotFound):
        place.record(child="else")


def test_who_is_not_asked_to_record_may_not(place):
    with pytest.raises(NotFound):
        place.record(by=place.make.user())
    with pytest.raises(NotAllowed):
        place.record(by=place.make.user("board_member"))
    place.switch_on()
    place.name()
    place.hand_over(child="baby")
    with pytest.raises(NotAllowed):
        place.record(by=place.nurse)
    place.record(by=place.visitor)


# --- the list, the scope and the hand-over ---------------------------------------------------------------------------


def test_a_new_team_ends_the_one_before_and_an_earlier_day_corrects(place):
    other = place.make.team("Other", organisation=place.visiting.organisation)
    place.name(day=date(2026, 9, 12))
    place.name(team=other, day=date(2026, 10, 1))
    with place.app.app_context():
        rows = session.scalars(select(Caseload).order_by(Caseload.id)).all()
        assert [(row.team_id, row.until_day) for row in rows] == [
            (place.visiting.id, date(2026, 10, 1)),
            (other.id, None),
        ]
    place.name(day=date(2026, 9, 12), user=place.visitor)
    with place.app.app_context():
        here = caseload.current(place.ids["baby"])
        assert (here.team_id, here.user_id) == (place.visiting.id, place.visitor.id)


def test_only_a_health_visiting_team_and_somebody_of_it_can_be_named(place):
    with pytest.raises(Refused) as refused:
        place.name(team=place.make.team())
    assert fields(refused) == ["team"]
    with pytest.raises(Refused) as refused:
        place.name(user=place.nurse, day=date(2026, 11, 21))
    assert fields(refused) == ["user", "from_day"]


def test_a_team_sees_the_family_of_a_child_on_its_list_only_where_the_borough_switched_it_on(place):
    place.name()
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.visitor)
    place.switch_on()
    with place.app.app_context():
        view = place.view(place.visitor)
        assert view.scopes == {"health_visiting"}
        assert view.areas == {"people", "helpers", "health_visitors"}
        assert len(view.people) == 4
        with pytest.raises(NotFound):
            place.view(place.nurse)
    close(place)
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.visitor)


def test_a_restricted_person_is_left_to_the_duty_line(place):
    place.switch_on()
    place.name()
    with place.app.app_context(), writing():
        session.get_one(Person, place.ids["big"]).restricted = True
    with place.app.app_context():
        assert place.refs["big"] not in [person.ref for person in place.view(place.visitor).people]
    with place.app.app_context(), writing():
        session.get_one(Person, place.ids["baby"]).restricted = True
    with place.app.app_context():
        with pytest.raises(NotFound):
            place.view(place.visitor)
        assert listing.children(place.actor(place.visitor))[0] == []


def test_a_hand_over_is_recorded_and_accepted_and_ends_the_list(place):
    place.switch_on()
    place.name("toddler", place.visitor, day=date(2023, 6, 1))
    place.hand_over(note="Hearing test in May")
    byline = place.make.actor(place.lead).byline
    with place.app.app_context():
        view, child = place.child(place.nurse, "toddler")
        assert [one.ref for one in view.people] == [place.refs["toddler"]], "brothers and sisters stay unseen"
        (shown,) = reading.sheet(view, child).hand_overs
        assert (shown.team, shown.by, shown.waits) == ("Nursing, 0-19 service", byline, True)
    place.answer(True)
    with place.app.app_context():
        (shown,) = reading.sheet(*place.child(place.lead, "toddler")).hand_overs
        assert shown.accepted_by == "S. Nurse, 0-19 service" and not shown.waits
        assert caseload.current(place.ids["toddler"]) is None
        with pytest.raises(NotFound):
            place.view(place.visitor)
        assert place.view(place.nurse).scopes == {"school_nursing"}
    with pytest.raises(Refused):
        place.answer(True)
    with pytest.raises(Refused):
        place.hand_over()


def test_a_hand_over_can_be_given_back_with_a_reason_and_made_again(place):
    place.switch_on()
    place.name("toddler", place.visitor, day=date(2023, 6, 1))
    place.hand_over()
    with pytest.raises(Refused) as refused:
        place.answer(False)
    assert fields(refused) == ["why"]
    place.answer(False, why="Goes to school elsewhere")
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.nurse)
    place.hand_over()
    place.hand_over(note="Twice pressed")
    with place.app.app_context():
        view, child = place.child(place.lead, "toddler")
        assert reading.sheet(view, child).visitor.name == "H. Visitor"
        assert [one.returned_why for one in reading.sheet(view, child).hand_overs] == [None, "Goes to school elsewhere"]
        assert session.scalar(select(func.count()).select_from(HandOver)) == 3
        place.view(place.visitor)


def test_only_the_team_that_is_asked_answers(place):
    place.switch_on()
    place.hand_over()
    with pytest.raises((NotFound, NotAllowed)):
        place.answer(True, by=place.lead)
    other = place.make.user(team=place.make.team("Else", organisation=place.visiting.organisation))
    with pytest.raises(NotFound):
        place.answer(True, by=other)


# --- lists, tasks and notices ----------------------------------------------------------------------------------------


def names(page):
    return [row.name for row in page.rows]


def test_children_under_five_are_listed_sorted_searched_and_paged(place, monkeypatch):
    place.name("baby", place.visitor)
    with place.app.app_context():
        me = place.actor(place.lead)
        assert names(listing.page(me)) == ["Toddler Okoro", "Baby Okoro"], "the review that was due first comes first"
        assert names(listing.page(me, sort="name")) == ["Baby Okoro", "Toddler Okoro"]
        assert names(listing.page(me, sort="age")) == ["Baby Okoro", "Toddler Okoro"]
        assert names(listing.page(me, q="BABY")) == ["Baby Okoro"]
        assert names(listing.page(me, q="%")) == []
        assert names(listing.page(me, show="late")) == ["Toddler Okoro", "Baby Okoro"]
        assert names(listing.page(place.actor(place.visitor), show="mine")) == []
        monkeypatch.setattr(listing, "PAGE", 1)
        for sort in listing.SORTS:
            first = listing.page(me, sort=sort)
            second = listing.page(me, sort=sort, after=first.after)
            assert (first.total, second.total, second.after) == (2, 2, None)
            assert {first.rows[0].ref, second.rows[0].ref} == {place.refs["baby"], place.refs["toddler"]}


def test_the_list_is_the_same_number_of_statements_however_many_children(place, counting):
    def sent():
        with place.app.app_context():
            me = place.actor(place.manager)
            with counting() as statements:
                listing.page(me)
            return len(statements)

    before = sent()
    for number in range(3):
        family = place.make.family(place.make.team(f"T{number}"), children=9)
        with place.app.app_context(), writing():
            session.get_one(type(family), family.id).team_id = place.family.team_id
        place.make.episode(family, place.manager)
    assert sent() == before


def test_a_list_shows_nobody_whom_the_actor_may_not_see(place):
    place.switch_on()
    place.hand_over()
    strangers = [place.make.user(), place.make.user("board_member")]
    with place.app.app_context():
        assert names(listing.page(place.actor(place.nurse))) == ["Toddler Okoro"], "not the baby of the same family"
        assert [names(listing.page(place.actor(one))) for one in strangers] == [[], []]


def test_a_child_who_died_is_spoken_of_nowhere(place):
    with place.app.app_context(), writing():
        session.get_one(Person, place.ids["baby"]).died = date(2026, 11, 1)
    with place.app.app_context():
        assert [row.name for row in listing.children(place.actor(place.lead))[0]] == ["Toddler Okoro"]
        assert [child.name for child in reading.children(place.view(place.lead))] == ["Toddler Okoro"]
        assert [place.ids["baby"]] not in figures.find_late(utcnow(), [place.family.id])
        assert len(figures.find_late(utcnow(), [place.family.id])) == 1


def test_my_work_holds_the_reviews_of_the_children_in_my_name_and_no_name(place):
    place.switch_on()
    place.name("baby", place.visitor)
    place.name("toddler", day=date(2023, 6, 1))
    with place.app.app_context():
        (task,) = tasks.find(place.actor(place.visitor), utcnow())
        assert (task.title, task.verb, task.ref) == ("6 to 8 week review of a child", "Record", place.family.ref)
        assert task.due.isoformat() == "2026-11-05T23:59:00+00:00"
        assert tasks.find(place.actor(place.lead), utcnow()) == []
    place.record("6_8_weeks", by=place.visitor, day=date(2026, 11, 5))
    with place.app.app_context():
        assert tasks.find(place.actor(place.visitor), utcnow()) == []


def test_the_hand_over_waits_first_for_the_visitor_and_then_for_the_nurse(place):
    place.switch_on()
    place.name("toddler", place.visitor, day=date(2023, 6, 1))
    place.record("2_years", child="toddler", day=date(2025, 8, 1))
    with time_machine.travel("2027-06-01T12:00:00Z", tick=False):
        with place.app.app_context():
            (task,) = tasks.find(place.actor(place.visitor), utcnow())
            assert (task.verb, task.due.date()) == ("Hand over", date(2027, 9, 1))
        place.hand_over()
        with place.app.app_context():
            assert tasks.find(place.actor(place.visitor), utcnow()) == []
            (task,) = tasks.find(place.actor(place.nurse), utcnow())
            assert task.title == "A child is handed over to your team"


def inbox(place, team):
    with place.app.app_context():
        rows = session.execute(text("SELECT subject, body FROM message WHERE to_team_id = :id"), {"id": team.id})
        return [tuple(row) for row in rows]


def test_the_team_is_told_when_early_help_opens_and_told_no_name(place):
    place.switch_on()
    place.name()
    close(place)
    place.make.episode(place.family, place.manager)
    ((subject, body),) = inbox(place, place.visiting)
    assert subject == "Early help has opened for a child on your list"
    assert "Okoro" not in body and "Baby" not in body and place.family.ref not in body


def test_who_may_not_see_the_family_is_told_nothing(place):
    place.name()
    close(place)
    place.make.episode(place.family, place.manager)
    assert inbox(place, place.visiting) == []


def test_both_sides_of_a_hand_over_are_told(place):
    place.switch_on()
    place.name("toddler", place.visitor, day=date(2023, 6, 1))
    place.hand_over()
    place.answer(True)
    assert [subject for subject, _ in inbox(place, place.nursing)] == ["A child is handed over to your team"]
    assert [subject for subject, _ in inbox(place, place.visiting)] == ["A hand-over was accepted"]


# --- safety ----------------------------------------------------------------------------------------------------------


def protect(place, who, *facts):
    with place.app.app_context():
        (mother,) = place.view(place.lead).adults
    place.make.protect(place.ids[who], mother.id, set(facts))


def test_what_a_safety_rule_hides_is_gone_and_does_not_say_so(place):
    place.name("baby", place.visitor)
    place.record(venue="hub", seen_by="H. Visitor", note="Bruise looked at")
    protect(place, "baby", "hub", "worker")
    with place.app.app_context():
        alone, shared = place.view(place.lead), place.view(place.lead).shown_to_family()
        (record,) = reading.sheet(alone, alone.person(place.refs["baby"])).records
        assert (record.venue, record.seen_by, record.note) == ("Family hub", "H. Visitor", "Bruise looked at")
        before = reading.sheet(shared, shared.person(place.refs["baby"]))
        assert [(one.venue, one.seen_by, one.note, one.told_by) for one in before.records] == [("", "", "", "")]
        assert before.visitor is None
        baby, toddler = reading.children(shared)
        assert baby.visitor is None and toddler.visitor is None
        assert "late" not in baby.next.words


@pytest.mark.parametrize("fact", ["attendance", "help"])
@pytest.mark.parametrize("who", ["baby", "big"])
def test_before_somebody_who_must_not_know_when_a_child_is_seen_nothing_is_shown(place, who, fact):
    place.record()
    protect(place, who, fact)
    with place.app.app_context():
        view = place.view(place.lead)
        assert [child.name for child in reading.children(view)] == ["Baby Okoro", "Toddler Okoro"]
        shared = view.shown_to_family()
        assert reading.children(shared) == ()
        assert reading.sheet(shared, shared.person(place.refs["baby"])) == reading.Sheet((), (), None, (), None)


# --- merged records --------------------------------------------------------------------------------------------------


def test_what_was_recorded_of_a_merged_record_is_read_with_the_one_that_stayed(place):
    place.switch_on()
    place.name("toddler", place.visitor)
    place.record("new_birth", child="toddler", day=date(2023, 6, 12))
    with place.app.app_context(), writing():
        session.get_one(Person, place.ids["toddler"]).canonical_id = place.ids["baby"]
    with place.app.app_context():
        people = reading.merged([place.ids["baby"]])
        assert [row.review for row in reading.records_of(people)[place.ids["baby"]]] == ["new_birth"]
        assert reading.visitors_of(people)[place.ids["baby"]].name == "H. Visitor"
        assert place.ids["baby"] in [person.id for person in place.view(place.visitor).people]


def merge(place, kept, other):
    with place.app.app_context(), writing():
        session.get_one(Person, place.ids[other]).canonical_id = place.ids[kept]


def test_a_child_on_two_records_is_listed_counted_and_late_once(place):
    place.switch_on()
    place.name("toddler", place.visitor)
    with place.app.app_context(), writing():  # the day of birth is known of the other record alone
        kept, other = (session.get_one(Person, place.ids[one]) for one in ("baby", "toddler"))
        other.born, kept.born = kept.born, None
    merge(place, "baby", "toddler")
    place.record("new_birth", child="toddler", day=date(2026, 9, 24))
    with place.app.app_context():
        rows = [row for row in listing.children(place.actor(place.visitor))[0] if row.id != place.ids["big"]]
        assert [(row.ref, row.born, row.visitor.name) for row in rows] == [
            (place.refs["baby"], date(2026, 9, 10), "H. Visitor")
        ]
        assert figures.count_in_window(AUTUMN, "review") == {
            "New birth review": Count(1, 1),
            "6 to 8 week review": Count(0, 1),
        }
        said = [sentence for _, sentence in figures.find_late(utcnow(), [place.family.id])]
        assert len(said) == len(set(said)) and not any("new birth" in sentence for sentence in said)


def test_a_child_on_two_records_is_on_one_list(place):
    place.name("toddler", place.visitor)
    merge(place, "baby", "toddler")
    place.name("baby", day=date(2026, 10, 1))
    with place.app.app_context():
        here = select(Caseload.person_id).where(Caseload.superseded_at.is_(None), Caseload.until_day.is_(None))
        assert list(session.scalars(here)) == [place.ids["baby"]]


# --- figures ---------------------------------------------------------------------------------------------------------


def test_reviews_done_in_their_window_are_counted_of_those_whose_window_ended(place):
    place.record(day=date(2026, 9, 24))
    place.record("6_8_weeks", day=date(2026, 11, 6))
    with place.app.app_context():
        assert figures.count_in_window(AUTUMN, None) == {"": Count(1, 2)}
        assert figures.count_in_window(AUTUMN, "neighbourhood") == {"North": Count(1, 2)}
        assert figures.count_in_window(AUTUMN, "review") == {
            "New birth review": Count(1, 1),
            "6 to 8 week review": Count(0, 1),
        }
        before = Period(date(2026, 1, 1), date(2026, 7, 1))
        assert figures.count_in_window(before, None) == {"": Count(0, 0)}
        assert figures.count_in_window(before, "neighbourhood") == {}


def test_a_published_figure_stays_as_it_was_known(place):
    with time_machine.travel("2026-11-18T12:00:00Z", tick=False):
        place.record(day=date(2026, 9, 24))
        known = utcnow()
    place.record(outcome="in_error", reason="It was the twin")
    with place.app.app_context():
        assert figures.count_in_window(Period(AUTUMN.first, AUTUMN.last, as_at=known), None) == {"": Count(1, 2)}
        assert figures.count_in_window(AUTUMN, None) == {"": Count(0, 2)}


def test_a_late_review_becomes_a_sentence_without_a_name(place):
    with place.app.app_context():
        found = figures.find_late(utcnow(), [place.family.id])
    assert found == [
        (place.family.id, "A child's 6 to 8 week review was due by Thu 5 Nov and is not on record"),
        (place.family.id, "A child's 2 to 2½ year review was due by Mon 1 Dec 2025 and is not on record"),
    ]
    place.record("6_8_weeks", outcome="declined", day=date(2026, 11, 2))
    place.record("2_years", child="toddler", day=date(2025, 8, 1))
    with place.app.app_context():
        assert figures.find_late(utcnow(), [place.family.id]) == []


def test_readings_for_a_plan_are_in_order(place):
    scores = {"asq_months": 24, "communication": 35}
    place.record("2_years", child="toddler", day=date(2025, 8, 1), **scores)
    place.record("12_months", child="toddler", day=date(2024, 5, 1), asq_months=12, communication=20)
    with place.app.app_context():
        found = reading.readings("communication", place.ids["toddler"])
        assert found == [(date(2024, 5, 1), 20.0), (date(2025, 8, 1), 35.0)]
        assert reading.readings("fine_motor", place.ids["toddler"]) == []


# --- files -----------------------------------------------------------------------------------------------------------

ROW = {"review": "new_birth", "date": "2026-09-22", "venue": "home", "result": "done"}


def test_reviews_come_in_by_nhs_number(place):
    with place.app.app_context(), writing():
        session.add(PersonIdentifier(person_id=place.ids["baby"], scheme="nhs", value="9990000018"))
    bring(place, "health-reviews", nhs_number="999 000 0018", **ROW)
    assert records(place) == [("new_birth", "done", date(2026, 9, 22))]


def test_a_child_nobody_knows_and_nonsense_are_refused(place):
    with pytest.raises(Refused) as refused:
        bring(place, "health-reviews", nhs_number="9990000018", **ROW)
    assert fields(refused) == ["nhs_number"]
    with pytest.raises(Refused) as refused:
        bring(place, "health-reviews", person=place.refs["baby"], **ROW | {"date": "1/9/2026", "venue": ""})
    assert fields(refused) == ["day", "venue"]
    asked = commands.ImportReview(person=place.refs["baby"], review="new_birth", outcome="done", day="22/9/2026")
    with place.app.app_context(), pytest.raises(NotAllowed), writing():
        service.import_review(asked, place.actor(place.lead))


def test_what_is_written_can_be_read_again(place, tmp_path):
    place.record("2_years", child="toddler", day=date(2025, 8, 1), asq_months=24, communication=0, fine_motor=45)
    place.record()
    with place.app.app_context():
        assert files.write(tmp_path / "out.csv", {}) == 2
        assert files.write(tmp_path / "later.csv", {"from": date(2026, 11, 1)}) == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["communication"] for row in rows} == {"0", ""}
    for row in rows:
        bring(place, "health-reviews", **row)
    with place.app.app_context():
        assert session.scalar(select(func.count()).select_from(Review)) == 2, "the same again changes nothing"


def test_a_borough_sets_its_own_windows(place):
    row = {"review": "6_8_weeks", "first": "6", "last": "12", "unit": "weeks", "from": "1/9/2026", "source": "Board"}
    bring(place, "health-review-windows", **row)
    bring(place, "health-review-windows", **row | {"last": "10"})
    with place.app.app_context():
        baby, _ = reading.children(place.view(place.lead))
        assert (baby.next.words, baby.next.late) == ("Was due by Thu 19 Nov", "1 day late")
        assert session.scalar(select(func.count()).select_from(ReviewWindow)) == 6
    for change, field in (({"last": "5"}, "last"), ({"review": "antenatal", "unit": "days"}, "unit")):
        with pytest.raises(Refused) as refused:
            bring(place, "health-review-windows", **row | change)
        assert fields(refused) == [field]


def test_cut_offs_are_loaded_and_bands_follow(place):
    place.record("12_months", child="toddler", day=date(2024, 5, 1), asq_months=12, communication=15, fine_motor=40)
    bring(place, "asq-cut-offs", months="12", domain="communication", below="15.64", monitor="28")
    with place.app.app_context():
        (record,) = reading.sheet(*place.child(place.lead, "toddler")).records
        assert [(one.domain, one.score, one.band) for one in record.scores] == [
            ("Communication", 15, "Below the cut-off"),
            ("Fine motor", 40, ""),
        ]
    with pytest.raises(Refused) as refused:
        bring(place, "asq-cut-offs", months="12", domain="fine_motor", below="34.5", monitor="30")
    assert fields(refused) == ["monitor"]
    bring(place, "asq-cut-offs", months="12", domain="communication", below="14")
    with place.app.app_context():
        assert session.scalars(select(CutOff.below)).all() == [14.0]


def test_rows_go_with_the_person(place):
    place.make.family(children=1)
    with place.app.app_context(), writing():
        person = session.scalar(select(Person).order_by(Person.id.desc()))
        day = date(2026, 9, 1)
        session.add(Review(person_id=person.id, review="new_birth", outcome="done", day=day, recorded_by="A test"))
        session.add(Caseload(person_id=person.id, team_id=place.visiting.id, from_day=day, recorded_by="A test"))
        session.add(HandOver(person_id=person.id, to_team_id=place.nursing.id, recorded_by="A test"))
        session.flush()
        for table in ("family_member", "person_statement"):
            session.execute(text(f"DELETE FROM {table} WHERE person_id = :id"), {"id": person.id})
        session.execute(delete(Person).where(Person.id == person.id))
        for model in (Review, Caseload, HandOver):
            assert session.scalar(select(func.count()).select_from(model)) == 0
