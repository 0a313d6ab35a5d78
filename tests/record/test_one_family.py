"""One family on two records: the one leads to the other, nobody sees more than before, and it is undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from tafcore import db
from tafcore.contributions import AccessRule, Count, Period
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import ChildLevelPart, OpenEpisode
from tafcore.episodes.models import Episode
from tafcore.families import service as families
from tafcore.families.access import EVERYTHING, times, visible, visible_family_by_id
from tafcore.families.models import Bar, Family
from tafcore.hookspecs import hookimpl
from tafcore.meetings.models import Meeting
from tafcore.outcomes import measures
from tafcore.people.models import Person, SafetyRule
from tafcore.record import listing, one_family, search
from tafcore.record.commands import OneFamily, TwoFamilies
from tafcore.record.models import ChronologyEntry
from tafcore.references import new_ref
from tafcore.standards.clock import london_day
from tafcore.work import NotAllowed, NotFound, Refused


@pytest.fixture
def twice(app, make, home):
    """Jack's family is on record again; his two records were put together."""
    again = make.family(home.team, name="Okoro again", children=1)
    with app.app_context(), db.writing():
        child = visible_family_by_id(again.id, make.actor(home.manager)).children[0]
        db.session.get_one(Person, child.id).canonical_id = home.jack.id
    return again


@pytest.fixture
def join(app, make, home, twice):
    def do(goes_on=home.family, leads=twice, user=home.manager):
        with app.app_context(), db.writing():
            asked = OneFamily(family=goes_on.ref, other=leads.ref, reason="The same flat")
            return one_family.put_together(asked, make.actor(user)).id

    return do


@pytest.fixture
def part(app, make, home, twice):
    def do(user=home.manager):
        with app.app_context(), db.writing():
            one_family.take_apart(TwoFamilies(family=twice.ref, reason="Two households"), make.actor(user))

    return do


def test_both_pages_say_so_and_lead_to_the_other(sign_in, home, twice, join):
    browser = sign_in(home.manager)
    assert twice.ref in browser.get(f"/families/{home.family.ref}/same").text
    told = {"other": twice.ref, "goes_on": "this", "reason": "The same flat"}
    assert browser.post(f"/families/{home.family.ref}/same", data=told).status_code == 302
    page = browser.get(f"/families/{twice.ref}").text
    assert "goes on as" in page and f'href="/families/{home.family.ref}"' in page
    page = browser.get(f"/families/{home.family.ref}").text
    assert "The same family has another record" in page and f'href="/families/{twice.ref}"' in page
    assert "goes on as" in sign_in(home.manager).get(f"/families/{twice.ref}").text


def test_who_sees_one_sees_no_more_than_before(app, sign_in, make, home, twice, join):
    with app.app_context():
        before = set(db.session.scalars(select(Family.id).where(visible(make.actor(home.lead))), times()))
    join()
    page = sign_in(home.lead).get(f"/families/{home.family.ref}").text
    assert "which is not open to you" in page and f'href="/families/{twice.ref}"' not in page
    assert sign_in(home.lead).get(f"/families/{twice.ref}").status_code == 404
    with app.app_context():
        assert set(db.session.scalars(select(Family.id).where(visible(make.actor(home.lead))), times())) == before


def test_a_bar_on_either_counts_for_both_until_it_is_undone(app, make, home, twice, join, part):
    with app.app_context(), db.writing():
        families.bar(twice.id, "Her sister", user_id=home.lead.id)
    join()
    with app.app_context(), pytest.raises(NotFound):
        visible_family_by_id(home.family.id, make.actor(home.lead))
    with app.app_context(), db.writing():
        families.bar(home.family.id, "His cousin", user_id=home.helper.id)
        assert set(db.session.scalars(select(Bar.family_id).where(Bar.user_id == home.helper.id))) == {
            home.family.id,
            twice.id,
        }
    part()
    with app.app_context():
        visible_family_by_id(home.family.id, make.actor(home.lead))
        with pytest.raises(NotFound):
            visible_family_by_id(home.family.id, make.actor(home.helper))


def test_lists_search_and_the_board_show_one(app, make, home, twice, join):
    join()
    with app.app_context():
        who = make.actor(home.manager)
        asked = listing.Asked(show="all")
        assert [one.ref for one in listing.families(who, asked).rows] == [home.family.ref]
        assert [one.ref for one in listing.families(who, listing.Asked(q=twice.ref, show="all")).rows] == [
            home.family.ref
        ]
        assert [one.ref for one in search.search(who, twice.ref).families] == [home.family.ref]
        assert families.families_of(home.jack.id) == [home.family.id]


def test_who_sees_the_older_record_alone_finds_it_and_nobody_finds_more(app, make, home, twice, join, plug_in):
    """By its reference, a meeting's of it and its child's; who sees both is led to the one that goes on."""
    older = make.user(name="Olu Older")

    class Plugin:
        @hookimpl
        def access_rules(self):
            mine = sa.select(
                sa.literal(older.id).label("user_id"), Family.id.label("family_id"), sa.null().label("person_id")
            )
            mine = mine.where(Family.id == twice.id)
            return [AccessRule("older", "Knows the older record", "school", EVERYTHING, mine)]

    plug_in(Plugin(), "older")
    with app.app_context(), db.writing():
        episode = db.session.scalars(select(Episode)).first()
        held = Meeting(ref=new_ref("M"), family_id=twice.id, episode_id=episode.id, state="held", kind="taf")
        held.starts_at, held.scheduled_by, held.place = db.utcnow() - timedelta(days=1), "Ann", "Hub"
        db.session.add(held)
        child = visible_family_by_id(twice.id, make.actor(home.manager)).children[0].ref
        refs = twice.ref, held.ref, child, home.jack.ref
    join()
    with app.app_context():

        def found(user, ref):
            return [one.ref for one in search.search(make.actor(user), ref).families]

        for ref in refs:
            assert found(older, ref) == [twice.ref], ref
            assert found(home.manager, ref) == [home.family.ref], ref
            assert found(home.stranger, ref) == [], ref
        assert found(older, home.family.ref) == []
        asked = listing.Asked(q=twice.ref, show="all")
        assert [one.ref for one in listing.families(make.actor(older), asked).rows] == [twice.ref]
        assert listing.families(make.actor(older), listing.Asked(show="all")).rows == ()


def test_the_board_counts_one_family(app, make, home, twice, join):
    third = make.family(home.team, name="Okoro once more", children=1)
    make.episode(third, home.manager)
    with app.app_context(), db.writing():
        child = visible_family_by_id(third.id, make.actor(home.manager)).children[0]
        db.session.get_one(Person, child.id).canonical_id = home.jack.id
        db.session.get_one(Family, third.id).open_since = None  # that help is over
        over = select(Episode).where(Episode.family_id == third.id)
        db.session.scalars(over).one().state = "closed"
    join(leads=third)
    with app.app_context():
        today = london_day(db.utcnow())
        period = Period(today - timedelta(days=1), today)
        assert measures.families_helped(period, None) == {"": Count(1)}


def test_work_goes_on_in_one_record_alone(app, make, home, twice, join):
    join()
    with app.app_context(), db.writing():
        who = make.actor(home.manager)
        child = visible_family_by_id(twice.id, who).children[0]
        part = ChildLevelPart(person=child.ref, level=2, reason="Asked")
        with pytest.raises(Refused, match=f"goes on as {home.family.ref}"):
            episodes.open_episode(OpenEpisode(family=twice.ref, why="Asked", children=(part,)), who)


def test_refused_with_what_to_do(app, make, home, twice, join):
    with pytest.raises(Refused, match="Early help is open"):
        join(goes_on=twice, leads=home.family)
    stranger = make.family(home.team, name="Strangers")
    with pytest.raises(Refused, match="Nobody belongs to both"):
        join(leads=stranger)
    with pytest.raises(Refused, match="two different"):
        join(leads=home.family)
    with pytest.raises(NotAllowed):
        join(user=home.lead)
    far = make.user("early_help_manager", team=make.team(neighbourhood=make.neighbourhood()))
    with pytest.raises(NotFound):
        join(user=far)
    join()
    with pytest.raises(Refused, match="decided this meanwhile"):
        join()


@pytest.mark.parametrize("turned", [False, True])
def test_a_family_kept_safe_from_the_other_stays_another_family(app, make, home, twice, join, turned):
    with app.app_context():
        who = make.actor(home.manager)
        here, there = (visible_family_by_id(one.id, who) for one in (home.family, twice))
        only = [next(one.id for one in view.people if not one.is_child) for view in (here, there)]
        with db.writing():
            protected, kept_from = reversed(only) if turned else only
            rule = SafetyRule(
                protected_id=protected, from_id=kept_from, facts="address", reason="Told", set_by="A test"
            )
            rule.review_on = london_day(db.utcnow())
            db.session.add(rule)
    with pytest.raises(Refused, match="kept safe"):
        join()


def test_undone_both_are_as_they_were_and_it_is_on_record(app, sign_in, home, twice, join, part):
    join()
    browser = sign_in(home.manager)
    assert "The same flat" in browser.get(f"/families/{twice.ref}/same").text
    told = {"reason": "Two households"}
    assert browser.post(f"/families/{twice.ref}/same", data=told).status_code == 302
    assert "goes on as" not in browser.get(f"/families/{twice.ref}").text
    with app.app_context():
        assert db.session.get_one(Family, twice.id).same_as_id is None
        for kind in ("record.one_family", "record.two_families"):
            lines = select(ChronologyEntry.family_id).where(ChronologyEntry.kind == kind)
            assert set(db.session.scalars(lines)) == {home.family.id, twice.id}
    join()  # and once more
