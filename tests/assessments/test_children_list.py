"""The list of children to see and to hear: whom it holds, for whom, in which order and in how many statements."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from tafcore import db
from tafcore.assessments import children as listing
from tafcore.assessments.children import Asked
from tafcore.assessments.models import Visit, VisitPerson, VoiceEntry
from tafcore.db import database
from tafcore.episodes.models import EpisodeChild
from tafcore.people.models import Person
from tafcore.standards.clock import in_london
from tafcore.testing import on_postgresql

BEGUN = timedelta(days=90)


@pytest.fixture
def long_open(app, borough):
    """Early help that began three months ago, so that whoever was not seen is late."""
    with app.app_context(), db.writing():
        db.session.execute(update(EpisodeChild).values(joined_at=db.utcnow() - BEGUN))
    return borough


def listed(app, make, user, **asked):
    with app.app_context():
        return [row.name.split()[0] for row in listing.children(make.actor(user), Asked(**asked)).rows]


def seen_ago(app, days):
    """At this hour of that day in London, whatever the clocks have done since."""
    at = in_london(db.utcnow()) - timedelta(days=days)
    with app.app_context(), db.writing():
        db.session.execute(update(Visit).values(happened_at=at))


def test_whoever_leads_or_manages_finds_whom_nobody_saw(app, make, long_open) -> None:
    long_open.visit((long_open.jack, "alone", {}))
    for user in (long_open.lead, long_open.manager):
        assert listed(app, make, user) == [long_open.sofia.forename]
    for user in (long_open.member, long_open.nobody, make.user("early_help_manager", team=make.team("Rowan hub"))):
        assert listed(app, make, user, show="all") == []


def test_a_child_is_late_again_six_weeks_after_they_were_seen(app, make, long_open) -> None:
    long_open.visit((long_open.jack, "alone", {}), (long_open.sofia, "others", {"why_not": "Asleep"}))
    seen_ago(app, 42)
    assert listed(app, make, long_open.lead) == [], "the last day is still in time"
    seen_ago(app, 43)
    assert set(listed(app, make, long_open.lead)) == {long_open.jack.forename, long_open.sofia.forename}


def test_by_video_or_by_mistake_nobody_was_seen(app, make, long_open) -> None:
    long_open.visit((long_open.jack, "alone", {}), venue="virtual")
    assert listed(app, make, long_open.lead, show="never_seen").count(long_open.jack.forename) == 1
    made = long_open.visit((long_open.jack, "alone", {}))
    assert long_open.jack.forename not in listed(app, make, long_open.lead, show="never_seen")
    with app.app_context(), db.writing():
        db.session.execute(update(Visit).where(Visit.id == made.id).values(in_error="Another family"))
    assert long_open.jack.forename in listed(app, make, long_open.lead, show="never_seen")


def test_who_was_never_heard_is_listed_until_they_are(app, make, borough) -> None:
    assert len(listed(app, make, borough.lead, show="never_heard")) == 2
    borough.say("It's cold")
    assert listed(app, make, borough.lead, show="never_heard") == [borough.sofia.forename]


def test_that_something_was_said_in_confidence_only_those_learn_who_may_hear_it(app, make, borough) -> None:
    borough.say("A secret of mine", user=borough.member, audience="recorder")
    assert borough.jack.forename in listed(app, make, borough.lead, show="never_heard")
    assert borough.jack.forename not in listed(app, make, borough.manager, show="never_heard")
    with app.app_context(), db.writing():
        db.session.execute(update(VoiceEntry).values(recorder_id=borough.lead.id))
    assert borough.jack.forename not in listed(app, make, borough.lead, show="never_heard")


def test_a_child_on_two_records_is_listed_once_and_seen_on_either(app, make, long_open) -> None:
    with app.app_context(), db.writing():
        db.session.get_one(Person, long_open.sofia.id).canonical_id = long_open.jack.id
    assert listed(app, make, long_open.lead, show="all") == [long_open.jack.forename]
    long_open.visit((long_open.jack, "alone", {}))
    with app.app_context(), db.writing():
        db.session.execute(update(VisitPerson).values(person_id=long_open.sofia.id))
    assert listed(app, make, long_open.lead) == []


def test_searching_finds_child_family_and_reference_but_no_restricted_name(app, make, borough) -> None:
    who, name = borough.lead, borough.jack.forename
    assert listed(app, make, who, show="all", q=name.upper()) == [name]
    assert len(listed(app, make, who, show="all", q=borough.family.ref.lower())) == 2
    assert listed(app, make, who, show="all", q="%") == []
    with app.app_context(), db.writing():
        db.session.get_one(Person, borough.jack.id).restricted = True
    assert listed(app, make, who, show="all", q=name) == []
    assert name in listed(app, make, who, show="all"), "whoever leads must still see to them"


def test_who_has_families_of_several_teams_chooses_one(app, make, borough, sign_in) -> None:
    other = make.team("Maple hub")
    theirs = make.family(other, "Rahman")
    make.episode(theirs, make.user("early_help_manager", team=other), borough.lead)
    page = sign_in(borough.lead).get("/children?show=all").text
    assert "Rahman" in page and borough.family.ref in page and "Larch hub" in page
    page = sign_in(borough.lead).get(f"/children?show=all&team={other.id}").text
    assert theirs.ref in page and borough.family.ref not in page


@pytest.mark.parametrize("sort", ["seen", "heard", "name"])
def test_paging_shows_every_child_once_in_every_order(app, make, borough, sort) -> None:
    for number in range(6):
        make.episode(make.family(borough.team, f"Rahman {number % 2}"), borough.manager, borough.lead)
    borough.visit((borough.jack, "alone", {"words": "Hello"}))
    with app.app_context():
        found, after = [], ""
        for _ in range(20):
            page = listing.children(make.actor(borough.lead), Asked(show="all", sort=sort, after=after), limit=3)
            found += [row.ref for row in page.rows]
            after = page.after
            if not after:
                break
    assert len(found) == len(set(found)) == 14


def test_it_costs_the_same_for_more_families(app, make, borough, sign_in, counting) -> None:
    browser = sign_in(borough.manager)
    browser.get("/children?show=all")
    with counting() as few:
        browser.get("/children?show=all")
    for _ in range(5):
        make.episode(make.family(borough.team, "Rahman"), borough.manager)
    with counting() as lots:
        browser.get("/children?show=all")
    assert len(few) == len(lots)


BIG = ("family", "family_member", "episode", "episode_child", "person", "visit", "visit_person", "voice_entry")
"""Tables that grow with the borough."""
SHOWN = [*((show, sort, "") for show in listing.SHOW for sort in listing.SORTS), ("all", "seen", "jack")]


@pytest.mark.parametrize(("show", "sort", "q"), SHOWN)
@pytest.mark.parametrize("who", ["lead", "manager"])
def test_it_begins_with_open_help_and_reads_no_table_whole(app, make, borough, who, show, sort, q) -> None:
    """As either database would go about it that takes any index there is."""
    with app.app_context():
        sent: list = []
        note = lambda *row: sent.append(row[2:4])  # noqa: E731
        event.listen(database().engine, "before_cursor_execute", note)
        listing.children(make.actor(getattr(borough, who)), Asked(q=q, show=show, sort=sort))
        event.remove(database().engine, "before_cursor_execute", note)
        (asked,) = [each for each in sent if "helped" in each[0]]
        whole = re.compile(rf"({SEQ}) ({'|'.join(BIG)})(_\d+)?( [a-z]+_\d+)?($|  \(|\s+LEFT-JOIN)")
        steps = explained(*asked)
    assert [step for step in steps if whole.search(step)] == []


SEQ = "Seq Scan on" if on_postgresql() else "SCAN"


def explained(statement, values) -> list[str]:
    connection = db.session.connection()
    if on_postgresql():
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [row[0].strip() for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]
    return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]


def test_the_page_says_how_long_ago_and_leads_to_the_visit(long_open, sign_in) -> None:
    browser = sign_in(long_open.lead)
    page = browser.get("/children").text
    assert re.search(r"<strong>Never</strong>, help began 12 weeks ago", page) and "days late" in page
    assert f"{long_open.at}/visits/new" in page and f"{long_open.at}/voices/new?child={long_open.jack.ref}" in page
    form = browser.get(f"{long_open.at}/voices/new?child={long_open.jack.ref}").text
    assert f'name="person" value="{long_open.jack.ref}"' in form
    long_open.visit((long_open.jack, "alone", {}), (long_open.sofia, "alone", {}))
    assert "Every child was seen in time" in browser.get("/children").text


def test_what_is_searched_for_stands_in_no_address_and_others_are_told_nothing(borough, sign_in) -> None:
    browser = sign_in(borough.lead)
    assert borough.family.ref in browser.get("/children?show=all&q=nobody").text, (
        "what stands in the address is not searched"
    )
    assert "No child of yours answers to that" in browser.post("/children", data={"q": "nobody", "show": "all"}).text
    for user in (borough.member, borough.nobody):
        page = sign_in(user).get("/children?show=all").text
        assert "You lead or manage no open family" in page and borough.family.ref not in page


def test_words_recorded_on_a_visit_count_as_heard(app, make, borough) -> None:
    borough.visit((borough.jack, "alone", {"words": "It's cold"}))
    assert borough.jack.forename not in listed(app, make, borough.lead, show="never_heard")
