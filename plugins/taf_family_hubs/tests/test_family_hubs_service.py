"""Registers, whose neighbourhood an address is, and who sees what."""

import csv
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from taf_family_hubs import figures, reading, service, waiting
from taf_family_hubs.files import command_of, write
from taf_family_hubs.models import CameIn, PostcodeArea
from tafcore.api import (
    Actor,
    Contact,
    Count,
    Family,
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

IMPORTER = Actor("importer", None, "A file", permissions=frozenset({"family_hubs.import"}))
AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 30))


def fields(refused):
    return [problem.field for problem in refused.value.problems]


# --- the register ---------------------------------------------------------------------------------------------------


def test_who_is_ticked_came_and_who_is_unticked_did_not(place):
    place.switch_on()
    ref = place.arrange()
    mother, child = place.mother.ref, place.children[0].ref
    place.keep(ref, came=[mother, child, child])
    assert [came for _, came in place.names(ref)] == [True, True]
    place.keep(ref, came=[child], shown=[mother, child])
    assert {row.person_id for row in place.rows()} == {place.children[0].id}
    place.keep(ref, headcount=4)
    assert len(place.rows()) == 1, "who was not shown stays as recorded"


def test_only_families_that_the_actor_sees_are_found_and_ticked(place):
    ref = place.arrange()
    assert place.names(ref, q="okoro") == []
    with pytest.raises(Refused) as refused:
        place.keep(ref, came=[place.mother.ref])
    assert fields(refused) == ["came"]
    place.switch_on()
    assert [name for name, _ in place.names(ref, q="OKORO")] == ["Ada Okoro", "Child0 Okoro", "Child1 Okoro"]
    assert place.names(ref, q="%") == []
    with place.app.app_context(), writing():
        session.get_one(Person, place.children[1].id).restricted = True
    assert place.names(ref, q="okoro") == [], "a family with somebody restricted is left to the duty line"


def test_a_child_on_two_records_stands_on_the_register_once(place):
    place.switch_on()
    ref = place.arrange()
    place.keep(ref, came=[place.children[1].ref])
    with place.app.app_context(), writing():
        session.get_one(Person, place.children[1].id).canonical_id = place.children[0].id
    assert place.names(ref, q="okoro") == [("Ada Okoro", False), ("Child0 Okoro", True)]
    place.keep(ref, came=[place.children[0].ref], shown=[place.children[0].ref])
    assert len(place.rows()) == 1, "they are on it already"
    place.keep(ref, shown=[place.children[0].ref], headcount=0)
    assert place.rows() == []


def test_who_came_to_the_same_lately_is_offered_again(place):
    place.switch_on()
    place.keep(place.arrange(day=(2026, 11, 5)), came=[place.children[0].ref])
    assert place.names(place.arrange()) == [("Child0 Okoro", False)]
    assert place.names(place.arrange("Baby clinic")) == []


def test_a_register_is_kept_by_the_people_of_its_hub_when_it_has_begun(place):
    ref = place.arrange()
    for other in (place.far_worker, place.make.user("front_door")):
        with pytest.raises(NotFound):
            place.keep(ref, headcount=1, by=other)
    with pytest.raises(NotAllowed):
        place.keep(ref, headcount=1, by=place.lead)
    place.keep(ref, headcount=1, by=place.manager)
    with pytest.raises(Refused) as refused:
        place.keep(place.arrange(day=(2026, 11, 27)), headcount=1)
    assert fields(refused) == ["headcount"]
    with pytest.raises(Refused) as refused:
        place.arrange(site=place.far_site)
    assert fields(refused) == ["site"]


@pytest.mark.parametrize("fact", ["hub", "attendance", "help"])
def test_whom_a_safety_rule_keeps_is_on_no_shared_register_and_in_no_file(place, fact, tmp_path):
    place.switch_on()
    ref = place.arrange()
    place.keep(ref, came=[place.mother.ref, *(child.ref for child in place.children)])
    place.make.protect(place.children[0].id, place.mother.id, {fact})
    everybody = ["Ada Okoro", "Child0 Okoro", "Child1 Okoro"]
    assert [name for name, _ in place.names(ref, q="okoro")] == everybody
    assert [name for name, _ in place.names(ref, q="okoro", shared=True)] == ["Ada Okoro", "Child1 Okoro"]
    place.keep(ref, came=[place.mother.ref], shown=[one.ref for one in (place.mother, *place.children)], shared=True)
    assert {row.person_id for row in place.rows()} == {place.mother.id, place.children[0].id}, "nor taken off unseen"
    with pytest.raises(Refused):
        place.keep(ref, came=[place.children[0].ref], shared=True)
    with place.app.app_context():
        assert write(tmp_path / "out.csv", {}) == 1
    with (tmp_path / "out.csv").open(newline="") as file:
        assert [row["person"] for row in csv.DictReader(file)] == [place.mother.ref]


@pytest.mark.parametrize("fact", ["hub", "attendance", "help"])
def test_the_family_page_hides_it_as_if_it_had_never_been(place, fact):
    place.switch_on()
    for day in ((2026, 10, 8), (2026, 11, 5), (2026, 11, 12)):
        place.keep(place.arrange(day=day), came=[place.children[0].ref])
    place.make.protect(place.children[0].id, place.mother.id, {fact})
    with place.app.app_context():
        alone = reading.of_family(place.view(place.lead))
        shared = reading.of_family(place.view(place.lead).shown_to_family())
    assert [(one.name, one.sentences) for one in alone.came] == [
        ("Child0 Okoro", ("Stay and play: 3 times since Thu 8 Oct, last Thu 12 Nov",))
    ]
    assert alone.hub == "North hub"
    assert shared == reading.FamilyHub("", "", "", ())


def test_what_was_recorded_of_a_merged_record_is_read_with_the_one_that_stayed(place):
    place.switch_on()
    place.keep(place.arrange(), came=[place.children[1].ref])
    with place.app.app_context(), writing():
        session.get_one(Person, place.children[1].id).canonical_id = place.children[0].id
    with place.app.app_context():
        assert [one.name for one in reading.of_family(place.view(place.lead)).came] == ["Child0 Okoro"]


# --- the scope ------------------------------------------------------------------------------------------------------


def test_a_hub_sees_its_neighbourhood_only_where_the_borough_switched_it_on(place):
    def seen(user):
        with place.app.app_context():
            try:
                return place.view(user).scopes
            except NotFound:
                return None

    assert seen(place.worker) is None
    place.switch_on()
    assert seen(place.worker) == {"family_hubs"}
    assert seen(place.far_worker) is None
    assert seen(place.make.user(team=place.worker.team)) is None, "a colleague who is no front door"
    with place.app.app_context():
        assert place.view(place.worker).areas == {"people", "helpers", "family_hubs"}
    with place.app.app_context(), writing():
        family = session.get_one(Family, place.family.id)
        family.open_since, family.closed_at = None, utcnow()
    assert seen(place.worker) is None


# --- contacts and neighbourhoods ------------------------------------------------------------------------------------


def areas(place, *rows):
    with place.app.app_context(), writing():
        for postcode, neighbourhood, day in rows:
            row = {"postcode": postcode, "neighbourhood": neighbourhood, "from": day}
            service.import_postcode(command_of(row), IMPORTER)


def registered(place, by, postcode=None, hub=None):
    told = {"role": "mother", "forename": "Dana", "surname": "Marlowe", "postcode": postcode}
    more = {"answers": {"family_hubs": {"hub": hub}}} if hub is not None else {}
    command = RegisterContact.model_validate(
        {"people": [told], "wants": "Help", "safe_how": "Ring", "source": "2A"} | more
    )
    with place.app.app_context(), writing():
        return register_contact(command, place.actor(by))


def test_a_contact_joins_the_queue_of_the_hub_where_the_family_lives(place):
    areas(place, ("ZZ99 3", "South", "2026-01-01"), ("ZZ99 3V", "North", "1/3/2026"))
    assert registered(place, place.worker, "ZZ99 3AA").team_id == place.far_hub.team_id
    assert registered(place, place.far_worker, "ZZ99 3VZ").team_id == place.hub.team_id
    assert registered(place, place.worker, "ZZ99 1AA").team_id == place.hub.team_id, "unknown: the registrar's own"
    assert registered(place, place.worker).team_id == place.hub.team_id


@pytest.mark.parametrize("told", ["id", "site", "hub"])
def test_where_the_family_came_in_is_kept_and_decides_where_no_address_does(place, told):
    value = {"id": place.far_site, "site": "south hub CENTRE", "hub": "South hub"}[told]
    made = registered(place, place.worker, hub=value)
    assert made.team_id == place.far_hub.team_id
    with place.app.app_context():
        assert session.scalar(select(CameIn.site_id).where(CameIn.contact_id == made.id)) == place.far_site


@pytest.mark.parametrize("told", ["nowhere", "999999", "9" * 40, ["x"], {"a": 1}, True])
def test_nonsense_is_a_fault_beside_its_field(place, told):
    with pytest.raises(Refused) as refused:
        registered(place, place.worker, hub=told)
    assert fields(refused) == ["answers.family_hubs.hub"]


def test_the_family_page_says_where_they_came_in_to_those_who_may_read_contacts(place):
    made = registered(place, place.worker, hub=place.site)
    with place.app.app_context(), writing():
        link_family(
            LinkFamily.model_validate({"contact": made.ref, "people": [{"person": 0}]}), place.actor(place.worker)
        )
        family = session.get_one(Family, session.get_one(Contact, made.id).family_id)
        place.family = family
    with place.app.app_context():
        assert reading.of_family(place.view(place.worker)).came_in == "North hub centre"
        assert reading.of_family(place.view(place.worker).shown_to_family()).came_in == ""


def test_areas_are_corrected_and_ended(place):
    areas(place, ("HA1", "North", "2026-01-01"), ("ha 1", "South", "2026-01-01"), ("HA1", "", "2026-10-01"))
    with place.app.app_context():
        south = place.far_hub.neighbourhood_id
        assert reading.neighbourhood_of("HA1 2XY", date(2026, 9, 30)) == south
        assert reading.neighbourhood_of("HA1 2XY", date(2026, 10, 1)) is None
        assert len(session.scalars(select(PostcodeArea)).all()) == 2
    with pytest.raises(Refused) as refused:
        areas(place, ("HA1", "Nowhere", "2026-01-01"))
    assert fields(refused) == ["neighbourhood"]
    with place.app.app_context(), pytest.raises(NotAllowed), writing():
        row = {"postcode": "HA1", "from": "2026-01-01"}
        service.import_postcode(command_of(row), place.actor(place.worker))


# --- lists, tasks, figures ------------------------------------------------------------------------------------------


def test_sessions_are_listed_searched_sorted_and_paged(place, monkeypatch):
    place.arrange("Talking group", (2026, 11, 24))
    place.arrange("Baby clinic", (2026, 11, 23), by=place.far_worker, site=place.far_site)
    place.arrange("Stay and play", (2026, 11, 10))

    def listed(**asked):
        with place.app.app_context():
            return reading.sessions(place.actor(place.worker), reading.Asked(**asked))

    def what(**asked):
        return [one.what for one in listed(**asked).rows]

    assert what() == ["Baby clinic", "Talking group"]
    assert what(sort="site") == ["Talking group", "Baby clinic"]
    assert what(show="past") == ["Stay and play"]
    assert what(show="all", q="PLAY") == ["Stay and play"]
    assert what(hub=place.far_hub.id) == ["Baby clinic"]
    assert what(q="%") == []
    assert [one.own for one in listed().rows] == [False, True]
    monkeypatch.setattr(reading, "PAGE", 1)
    for asked in ({"sort": "time"}, {"sort": "site"}, {"show": "past"}, {"show": "all", "sort": "time"}):
        seen, page = [], listed(**asked)
        while page.after:
            seen += [one.ref for one in page.rows]
            page = listed(**asked, after=page.after)
        seen += [one.ref for one in page.rows]
        assert len(set(seen)) == len(seen) == page.total, asked


def test_a_register_waits_for_the_people_of_its_hub(place):
    def tasks(user):
        with place.app.app_context():
            return [one.title for one in waiting.find(place.actor(user), utcnow())]

    ref = place.arrange()
    place.arrange(day=(2026, 11, 27))
    assert tasks(place.worker) == ["Keep the register: Stay and play, Thu 12 Nov"]
    assert tasks(place.far_worker) == tasks(place.lead) == []
    place.keep(ref, headcount=0)
    assert tasks(place.worker) == []


def test_families_reached(place):
    place.switch_on()
    place.keep(place.arrange(), came=[place.mother.ref, place.children[0].ref])
    known = utcnow()
    with time_machine.travel(utcnow() + timedelta(hours=1), tick=False):
        other = place.arrange(day=(2026, 11, 19))
        place.keep(other, came=[place.children[0].ref], headcount=7)
        with place.app.app_context():
            assert figures.count_reached(AUTUMN, None) == {"": Count(1)}
            assert figures.count_reached(AUTUMN, "neighbourhood") == {"North": Count(1)}
            assert figures.count_reached(Period(date(2026, 1, 1), date(2026, 3, 1)), None) == {"": Count(0)}
            week = Period(date(2026, 11, 16), date(2026, 11, 22))
            assert figures.count_reached(week, None) == {"": Count(1)}
            as_known = Period(week.first, week.last, as_at=known)
            assert figures.count_reached(as_known, None) == {"": Count(0)}, "as it was known then"
