from datetime import date

import pytest
import time_machine
from sqlalchemy import delete, func, select, text

from taf_optivita import contact, figures, listing, reading, service, where
from taf_optivita.models import Asked, EligibleArea, Step, Touchpoint
from tafcore.api import (
    Address,
    ContactPerson,
    Count,
    LinkFamily,
    NotAllowed,
    NotFound,
    Period,
    Person,
    Refused,
    RegisterContact,
    link_family,
    register_contact,
    session,
    utcnow,
    writing,
)

AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 19))


def fields(refused):
    return [each.field for each in refused.value.problems]


def states(place, user=None, shared=False):
    with place.app.app_context():
        view = place.view(user or place.lead)
        found = reading.children(view.shown_to_family() if shared else view)
        return {one.name.split()[0]: one.stand.words for one in found}


# --- who may have it -------------------------------------------------------------------------------------------------


def test_eligible_by_area_and_age_from_before_birth(place):
    assert states(place) == {}
    place.area()
    assert states(place) == {"Baby": "Eligible, not offered yet", "Bump": "Eligible, not offered yet"}


def test_a_child_lives_at_its_own_address_before_its_mothers(place):
    place.area()
    with place.app.app_context(), writing():
        session.add(Address(person_id=place.ids["baby"], text="2 Elm Row", postcode="ZZ99 4VZ"))
    assert states(place) == {"Bump": "Eligible, not offered yet"}


def test_a_neighbourhood_can_be_eligible_and_an_area_can_end(place):
    place.area(postcode=None, neighbourhood="North", until_day=date(2026, 11, 21))
    assert len(states(place)) == 2
    place.area(postcode=None, neighbourhood="North", until_day=date(2026, 11, 20))
    assert states(place) == {}
    with place.app.app_context():
        assert session.scalar(select(func.count()).select_from(EligibleArea)) == 1
    with pytest.raises(Refused) as refused:
        place.area(postcode=None, neighbourhood="Nowhere")
    assert fields(refused) == ["neighbourhood"]


# --- steps -----------------------------------------------------------------------------------------------------------


def test_offered_enrolled_and_left_and_nothing_is_lost(place):
    place.area()
    place.step("offered", date(2026, 10, 5))
    place.step("enrolled", date(2026, 10, 20))
    place.step("left", date(2026, 11, 10), reason="Moved away")
    with place.app.app_context():
        rows = [(row.state, row.from_day, row.until_day) for row in service.steps_of(place.ids["baby"])]
        assert rows == [
            ("offered", date(2026, 10, 5), date(2026, 10, 20)),
            ("enrolled", date(2026, 10, 20), date(2026, 11, 10)),
            ("left", date(2026, 11, 10), None),
        ]
    assert states(place)["Baby"] == "Left"


def test_the_same_again_corrects_and_erases_nothing(place):
    place.area()
    place.step("offered", date(2026, 10, 5))
    place.step("enrolled", date(2026, 10, 20))
    place.step("enrolled", date(2026, 10, 15), keyworker=None)
    with place.app.app_context():
        rows = [(row.state, row.from_day, row.until_day) for row in service.steps_of(place.ids["baby"])]
        assert rows == [
            ("offered", date(2026, 10, 5), date(2026, 10, 15)),
            ("enrolled", date(2026, 10, 15), None),
        ]
        assert session.scalar(select(func.count()).select_from(Step)) == 3


def test_a_keyworker_is_of_the_team_and_a_child_from_elsewhere_needs_a_reason(place):
    with pytest.raises(Refused) as refused:
        place.step(keyworker=place.lead.id)
    assert fields(refused) == ["reason", "keyworker"]
    with pytest.raises(Refused) as refused:
        place.step(team=999_999, keyworker=None, reason="Moves in May")
    assert fields(refused) == ["team"]
    place.step(reason="Moves in May")


def test_who_is_not_asked_to_record_may_not(place):
    place.area()
    with pytest.raises(NotFound):
        place.step(by=place.make.user())
    with pytest.raises(NotFound):
        place.step(by=place.worker)
    with pytest.raises(NotAllowed):
        place.step(by=place.make.user("board_member"))
    place.refs["mother"] = "P-2222-22"
    with pytest.raises(NotFound):
        place.step(child="mother")


def test_touchpoints_belong_to_an_enrolment_and_are_corrected(place):
    place.area()
    with pytest.raises(Refused) as refused:
        place.touch()
    assert fields(refused) == ["day"]
    place.step()
    first = place.touch(note="Tired")
    assert place.touch().id == first.id
    assert place.touch(what="Sleep").note == "Tired"
    with place.app.app_context():
        assert session.scalar(select(func.count()).select_from(Touchpoint)) == 2


# --- the sector's scope ----------------------------------------------------------------------------------------------


def test_the_team_sees_enrolled_families_only_where_the_borough_switched_it_on(place):
    place.area()
    place.step()
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.worker)
    place.switch_on()
    with place.app.app_context():
        view = place.view(place.worker)
        assert (view.scopes, view.areas) == ({"optivita"}, {"people", "helpers", "optivita"})
        assert len(view.people) == 4
    place.touch(by=place.worker)
    place.step("left", date(2026, 11, 20))
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.worker)


def test_the_scope_ends_with_the_fifth_birthday(place):
    place.area()
    place.switch_on()
    place.step()
    with time_machine.travel("2031-09-09T12:00:00Z", tick=False), place.app.app_context():
        place.view(place.worker)
    with time_machine.travel("2031-09-10T12:00:00Z", tick=False):
        with place.app.app_context(), pytest.raises(NotFound):
            place.view(place.worker)
        assert states(place)["Baby"] == "Finished at five"


def test_an_offer_that_nobody_took_up_lapses_with_the_fifth_birthday(place):
    place.area()
    place.step("offered", date(2026, 10, 5))
    with time_machine.travel("2031-09-09T12:00:00Z", tick=False):
        assert states(place)["Baby"] == "Offered"
    with time_machine.travel("2031-09-10T12:00:00Z", tick=False), place.app.app_context():
        (baby,) = (one for one in reading.children(place.view(place.lead)) if one.name.startswith("Baby"))
        assert (baby.stand.words, baby.stand.since) == ("Offered, not taken up before five", date(2031, 9, 10))
        offered, gone = (listing.page(place.actor(place.lead), show=show) for show in ("offered", "left"))
        assert states(place, shared=True)["Baby"] == "Ended"
        assert [row.name for row in offered.rows] == []
        assert [row.stand.state for row in gone.rows] == ["lapsed"]


def test_an_offer_opens_nothing_and_a_restricted_person_is_left_out(place):
    place.area()
    place.switch_on()
    place.step("offered", date(2026, 10, 5))
    with place.app.app_context(), pytest.raises(NotFound):
        place.view(place.worker)
    place.step()
    with place.app.app_context(), writing():
        session.get_one(Person, place.ids["big"]).restricted = True
    with place.app.app_context():
        assert place.refs["big"] not in [person.ref for person in place.view(place.worker).people]
    with place.app.app_context(), writing():
        session.get_one(Person, place.ids["baby"]).restricted = True
    with place.app.app_context():
        with pytest.raises(NotFound):
            place.view(place.worker)
        assert listing.children(place.actor(place.worker))[0] == []


# --- lists -----------------------------------------------------------------------------------------------------------


def names(page):
    return [row.name for row in page.rows]


def test_children_are_listed_filtered_sorted_searched_and_paged(place, monkeypatch):
    place.area()
    place.step()
    with place.app.app_context():
        me = place.actor(place.lead)
        assert names(listing.page(me)) == ["Baby Okoro", "Bump Okoro"]
        assert names(listing.page(me, sort="age")) == ["Bump Okoro", "Baby Okoro"]
        assert names(listing.page(me, show="eligible")) == ["Bump Okoro"]
        assert names(listing.page(me, show="enrolled")) == ["Baby Okoro"]
        assert names(listing.page(me, show="left")) == []
        assert names(listing.page(me, q="bump")) == ["Bump Okoro"]
        assert names(listing.page(me, q="%")) == []
        monkeypatch.setattr(listing, "PAGE", 1)
        for sort in listing.SORTS:
            first = listing.page(me, sort=sort)
            second = listing.page(me, sort=sort, after=first.after)
            assert (first.total, second.total, second.after) == (2, 2, None)
            assert {first.rows[0].ref, second.rows[0].ref} == {place.refs["baby"], place.refs["bump"]}


def test_a_list_shows_nobody_whom_the_actor_may_not_see(place):
    place.area()
    strangers = [place.make.user(), place.worker, place.make.user("board_member")]
    with place.app.app_context():
        assert [names(listing.page(place.actor(one))) for one in strangers] == [[], [], []]


def test_the_list_is_the_same_number_of_statements_however_many_children(place, counting):
    place.area()

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
    assert sent() == before


def test_a_child_who_died_is_spoken_of_nowhere(place):
    place.area()
    place.step()
    with place.app.app_context(), writing():
        session.get_one(Person, place.ids["baby"]).died = date(2026, 11, 1)
    assert "Baby" not in states(place)
    with place.app.app_context():
        assert names(listing.page(place.actor(place.lead))) == ["Bump Okoro"]
        assert figures.count_enrolled(AUTUMN, None) == {"": Count(0, 1)}


# --- the timeline and safety -----------------------------------------------------------------------------------------


def timeline(place, user=None, child="baby", shared=False):
    with place.app.app_context():
        view = place.view(user or place.lead)
        view = view.shown_to_family() if shared else view
        return reading.sheet(view, view.person(place.refs[child]))


def test_the_timeline_runs_from_birth_to_five(place):
    place.area()
    place.step("offered", date(2026, 10, 5))
    place.step()
    place.touch(note="Tired")
    found = timeline(place).timeline
    assert [(point.when, point.title) for point in found] == [
        (date(2031, 9, 10), "Fifth birthday: OptiVita ends"),
        (date(2026, 11, 2), "Feeding and sleep"),
        (date(2026, 10, 20), "Enrolled, keyworker O. Worker"),
        (date(2026, 10, 5), "Offered"),
        (date(2026, 9, 10), "Born"),
    ]
    assert [point.words for point in found if point.kind == "Home visit"] == ["Tired"]
    assert [point.title for point in timeline(place, child="bump").timeline] == ["Fifth birthday: OptiVita ends", "Due"]


def test_a_sectors_worker_reads_no_more_of_the_record_than_the_scope_opens(place):
    place.area()
    place.switch_on()
    place.step()
    kinds = {point.kind for point in timeline(place, place.worker).timeline}
    assert kinds == {"To come", "OptiVita", "Birth"}


def test_before_the_family_reasons_and_notes_are_gone_and_nobody_is_said_to_have_declined(place):
    place.area()
    place.step("declined", date(2026, 10, 5), reason="He does not want it")
    assert states(place)["Baby"] == "Declined"
    assert states(place, shared=True)["Baby"] == "Not wanted for now"
    shown = timeline(place, shared=True)
    assert shown.stand.reason is None
    assert "He does not want it" not in str(shown)
    assert "Declined" not in str(shown)


def protect(place, who, *facts):
    place.make.protect(place.ids[who], place.ids["mother"], set(facts))


def test_what_a_safety_rule_hides_is_gone_and_does_not_say_so(place):
    place.area()
    place.step()
    place.touch()
    place.touch("session", date(2026, 11, 9), "Baby massage")
    protect(place, "big", "worker", "hub", "address")
    assert states(place, shared=True) == {"Baby": "Enrolled"}, "who may have it tells where they live"
    shown = timeline(place, shared=True)
    assert (shown.stand.keyworker, shown.stand.team, shown.stand.phone) == ("", "", None)
    for hidden in ("O. Worker", "A. Lead", "Baby massage", "Feeding"):
        assert hidden not in str(shown), hidden


@pytest.mark.parametrize("fact", ["help", "attendance"])
def test_before_somebody_who_must_not_know_nothing_is_shown(place, fact):
    place.area()
    place.step()
    protect(place, "big", fact)
    assert states(place, shared=True) == {}
    assert timeline(place, shared=True) == reading.Sheet(None, ())
    assert len(states(place)) == 2


def test_what_was_recorded_of_a_merged_record_is_read_with_the_one_that_stayed(place):
    place.area()
    place.switch_on()
    place.step()
    with place.app.app_context(), writing():
        session.get_one(Person, place.ids["baby"]).canonical_id = place.ids["big"]
    with place.app.app_context():
        people = reading.merged([place.ids["big"]])
        assert [one.state for one in reading.steps_of(people)[place.ids["big"]]] == ["enrolled"]
        assert place.ids["big"] in [person.id for person in place.view(place.worker).people]


def test_a_child_on_two_records_is_listed_and_counted_once(place):
    place.area()
    place.switch_on()
    place.step()
    with place.app.app_context(), writing():  # stands: a record without a day of birth
        kept = session.get_one(Person, place.ids["big"])
        kept.born = None
        session.get_one(Person, place.ids["baby"]).canonical_id = kept.id
    with place.app.app_context():
        rows = listing.children(place.actor(place.worker))[0]
        here = [(row.ref, row.stand.state) for row in rows if row.id in (place.ids["big"], place.ids["baby"])]
        assert here == [(place.refs["big"], "enrolled")]
        assert figures.count_enrolled(AUTUMN, None) == {"": Count(1, 2)}, "with the unborn child"


# --- figures ---------------------------------------------------------------------------------------------------------


def test_enrolled_children_are_counted_of_those_eligible(place):
    with place.app.app_context():
        assert figures.count_enrolled(AUTUMN, None) == {"": Count(0, 0)}
        assert figures.count_enrolled(AUTUMN, "neighbourhood") == {}
    place.area()
    place.step()
    place.step("enrolled", child="bump", keyworker=None)
    place.step("left", date(2026, 11, 20), child="bump")
    with place.app.app_context():
        assert figures.count_enrolled(AUTUMN, None) == {"": Count(2, 2)}
        assert figures.count_enrolled(AUTUMN, "neighbourhood") == {"North": Count(2, 2)}
        today = Period(date(2026, 9, 1), date(2026, 11, 20))
        assert figures.count_enrolled(today, None) == {"": Count(1, 2)}
        before = Period(date(2026, 9, 1), date(2026, 9, 5))
        assert figures.count_enrolled(before, None) == {"": Count(0, 1)}, "one was not born yet, and nobody knew of it"


def test_a_published_figure_stays_as_it_was_known(place):
    place.area()
    with time_machine.travel("2026-11-19T12:00:00Z", tick=False):
        place.step()
        known = utcnow()
    place.step("enrolled", date(2026, 11, 20))
    with place.app.app_context():
        assert figures.count_enrolled(Period(AUTUMN.first, AUTUMN.last, as_at=known), None) == {"": Count(1, 2)}
        assert figures.count_enrolled(AUTUMN, None) == {"": Count(0, 2)}


# --- the contact form ------------------------------------------------------------------------------------------------


@pytest.fixture
def door(place):
    return place.make.user("front_door", team=place.make.team("Hub"))


def told(wanted=None, born="2025-05-04", **answers):
    people = [
        {"role": "child", "forename": "Jo", "surname": "Marlowe", "born": born},
        {"role": "mother", "forename": "Dana", "surname": "Marlowe"},
    ]
    more = {"answers": {"optivita": {"wanted": wanted} | answers}} if wanted is not None else {}
    return RegisterContact.model_validate(
        {"people": people, "wants": "Help", "safe_how": "Ring", "source": "2A", **more}
    )


def register(place, door, command):
    with place.app.app_context(), writing():
        return register_contact(command, place.actor(door))


def link(place, door, made):
    command = LinkFamily.model_validate({"contact": made.ref, "people": [{"person": number} for number in range(2)]})
    with place.app.app_context(), writing():
        link_family(command, place.actor(door))
        child = session.scalar(
            select(ContactPerson.person_id).where(ContactPerson.contact_id == made.id, ContactPerson.forename == "Jo")
        )
        return [(row.state, row.reason) for row in service.steps_of(child)]


def test_the_question_stands_in_the_form_only_where_there_is_an_area(place, door, sign_in):
    browser = sign_in(door)
    assert "Would they like OptiVita" not in browser.get("/contacts/new", follow_redirects=True).text
    place.area()
    page = browser.get("/contacts/new", follow_redirects=True).text
    assert "Would they like OptiVita" in page
    assert 'name="optivita-wanted"' in page


@pytest.mark.parametrize(("wanted", "state"), [("yes", "offered"), ("no", "declined")])
def test_the_answer_is_recorded_once_the_child_is_known(place, door, wanted, state):
    place.area()
    made = register(place, door, told(wanted))
    with place.app.app_context():
        assert session.scalar(select(Asked.answer)) == wanted
    assert link(place, door, made) == [(state, "Said so when the contact was made")]
    with place.app.app_context():
        assert session.scalar(select(Asked.id)) is None, "kept in one place only"


@pytest.mark.parametrize("wanted", ["", None])
def test_who_was_not_asked_has_no_step(place, door, wanted):
    place.area()
    assert link(place, door, register(place, door, told(wanted))) == []


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (told("perhaps"), "answers.optivita.wanted"),
        (told("yes", born="2015-05-04"), "answers.optivita.wanted"),
        (told("yes", town="Harrow"), "answers.optivita.town"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(place, door, command, field):
    with pytest.raises(Refused) as refused:
        register(place, door, command)
    assert fields(refused) == [field]


def test_nonsense_is_a_fault_and_not_a_crash(place):
    command = told("yes").model_copy(update={"answers": {"optivita": "x"}})
    with place.app.app_context():
        assert len(contact.problems(command)) == 1


def test_rows_go_with_the_person(place):
    place.make.family(children=1)
    with place.app.app_context(), writing():
        person = session.scalar(select(Person).order_by(Person.id.desc()))
        day = date(2026, 9, 1)
        session.add(Step(person_id=person.id, state="offered", from_day=day, ends_on=day, recorded_by="A test"))
        session.add(Touchpoint(person_id=person.id, kind="call", day=day, what="x", recorded_by="A test"))
        session.flush()
        for table in ("family_member", "person_statement"):
            session.execute(text(f"DELETE FROM {table} WHERE person_id = :id"), {"id": person.id})
        session.execute(delete(Person).where(Person.id == person.id))
        assert session.scalar(select(func.count()).select_from(Step)) == 0
        assert session.scalar(select(func.count()).select_from(Touchpoint)) == 0


def test_postcodes_of_a_day_are_those_of_that_day(place):
    with place.app.app_context(), writing():
        old = session.scalar(select(Address).where(Address.person_id == place.ids["mother"]))
        old.until_day = date(2026, 10, 1)
        new = Address(person_id=place.ids["mother"], text="2 Elm Row", postcode="ZZ99 4VZ", from_day=date(2026, 10, 1))
        session.add(new)
    with place.app.app_context():
        assert where.postcodes([place.ids["baby"]], date(2026, 9, 30)) == {place.ids["baby"]: "ZZ99 3VZ"}
        assert where.postcodes([place.ids["baby"]], date(2026, 10, 1)) == {place.ids["baby"]: "ZZ99 4VZ"}
        assert where.postcodes([place.ids["baby"]]) == {place.ids["baby"]: "ZZ99 4VZ"}


def test_postcodes_of_more_people_than_one_statement_takes(place):
    others = range(10**6, 10**6 + 70_000)
    with place.app.app_context():
        assert where.postcodes([*others, place.ids["baby"]]) == {place.ids["baby"]: "ZZ99 3VZ"}
