"""A child who died: what was known of them stays on record, and nothing asks anybody to see them, hear them, write to
them or count how old they would be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from tafcore import db
from tafcore.assessments import children as children_list
from tafcore.assessments import figures
from tafcore.assessments import plugin as assessments
from tafcore.assessments.children import Asked
from tafcore.assessments.signing import lacking
from tafcore.contributions import Period
from tafcore.drift import finding
from tafcore.episodes.models import Episode, EpisodeChild
from tafcore.episodes.reading import episode_of
from tafcore.families.access import visible_family
from tafcore.families.ways import safe_ways
from tafcore.home import reading as home_page
from tafcore.meetings import copies, holding, reading, reminding
from tafcore.meetings.models import Meeting, MeetingPerson
from tafcore.notices.models import Message
from tafcore.people.models import ContactWay, Person
from tafcore.plans import reading as plans
from tafcore.record import listing, tasks
from tafcore.record.reading import family_page
from tafcore.sharing.models import Agreement

from .conftest import opened

DAY = date(2025, 6, 3)


@pytest.fixture
def late(own):
    """Early help that began three months ago: nobody saw any child, and all that can wait does."""
    with own.app.app_context(), db.writing():
        begun = db.utcnow() - timedelta(days=90)
        db.session.execute(update(EpisodeChild).values(joined_at=begun))
        db.session.execute(update(Episode).values(opened_at=begun))
        db.session.execute(update(Agreement).values(review_on=db.utcnow().date()))
    return own


def dies(home, person) -> None:
    with home.app.app_context(), db.writing():
        db.session.get_one(Person, person.id).died = DAY


def listed(show):
    return lambda view, lead: [row.name for row in children_list.children(lead, Asked(show=show)).rows]


ASKS = {
    "not seen in time": listed("late"),
    "never seen": listed("never_seen"),
    "with help open": listed("all"),
    "to see, on my work": lambda view, lead: assessments._to_see(lead, db.utcnow()),
    "drift": lambda view, lead: finding.children(db.utcnow(), [view.id]),
    "agreements to review": lambda view, lead: tasks.find(lead, db.utcnow()),
    "due, on the family page": lambda view, lead: [one.name for one in family_page(view, lead).clocks],
    "the list of families": lambda view, lead: listing.families(lead, listing.Asked(show="all")).rows,
    "voices that a meeting needs": lambda view, lead: holding.voices_needed(view, episode_of(view)),
    "what the plan lacks": lambda view, lead: [
        one.name for one in plans.cover(view, plans.plan_of(view)) if one.missing
    ],
}


@pytest.mark.parametrize("what", ASKS)
def test_no_list_asks_after_a_child_who_died(late, what) -> None:
    def named() -> bool:
        with late.app.app_context():
            lead = late.make.actor(late.lead)
            return "Jack" in str(ASKS[what](visible_family(late.family.ref, lead), lead))

    assert named()
    dies(late, late.jack)
    assert not named()


def test_a_manager_decides_nothing_more_for_them(late) -> None:
    def due() -> list[str]:
        with late.app.app_context():
            manager = late.make.actor(late.manager)
            clocks = family_page(visible_family(late.family.ref, manager), manager).clocks
            return [one.name for one in clocks if one.name.startswith("Manager's decision")]

    assert "Jack" in str(due())
    dies(late, late.jack)
    assert "Jack" not in str(due()) and "Sofia" in str(due())


def test_they_are_asked_after_no_more_whichever_record_says_that_they_died(late) -> None:
    with late.app.app_context(), db.writing():
        other = Person(ref="P-2222-24", forename="Jacky", surname="O", sort_name="o jacky", died=DAY)
        other.canonical_id = late.jack.id
        db.session.add(other)
    with late.app.app_context():
        lead = late.make.actor(late.lead)
        view = visible_family(late.family.ref, lead)
        for what in ("not seen in time", "to see, on my work", "drift", "due, on the family page"):
            assert "Jack" not in str(ASKS[what](view, lead)), what


def test_the_last_that_was_said_and_seen_stays_on_the_card_and_no_age_grows(late, alone) -> None:
    dies(late, late.jack)
    page = alone(late.lead).get(f"/families/{late.family.ref}").text
    card = page.split('<h3 class="app-card__title">Jack', 1)[1].split("</li>", 1)[0]
    assert "died aged 7" in card and "Do not tell them" in card
    assert all(words not in card for words in ("Not seen yet", "Not heard yet", "No need recorded", "next by"))


def test_my_families_and_the_board_count_those_who_can_be_seen(late) -> None:
    def counted():
        with late.app.app_context():
            (mine,) = home_page.my_families(late.make.actor(late.lead))
            today = db.utcnow().date()
            return mine.children, figures.seen_at_home(Period(today, today), None)[""].whole

    children, whole = counted()
    dies(late, late.jack)
    assert counted() == (children - 1, whole - 1)


def test_an_assessment_is_whole_without_their_part_and_a_visit_asks_nobody_to_say_why(late, alone) -> None:
    browser, at = alone(late.lead), f"/families/{late.family.ref}"
    dies(late, late.jack)
    unheard = browser.get(f"{at}/voices").text.split("Not heard yet", 1)[1]
    assert "Sofia" in unheard and "Jack" not in unheard
    with late.app.app_context():
        view = visible_family(late.family.ref, late.make.actor(late.lead))
        missing = lacking(view, 0, db.session.scalars(select(Episode.id).where(Episode.family_id == view.id)).one())
        assert {one.person for one in missing} == {late.sofia.ref, late.mia.ref, ""}
    typed = {"venue": "home", "day": "3 6 2026", "observation": "Warm", "adults": late.mother.ref}
    form = browser.get(f"{at}/visits/new").text
    for number in range(3):
        ref = form.split(f'name="children-{number}-person"', 1)[1].split('value="', 1)[1][:9]
        seen = "" if ref == late.jack.ref else "alone"
        typed |= {f"children-{number}-person": ref, f"children-{number}-seen": seen}
    assert browser.post(f"{at}/visits/new", data=typed).status_code == 302


def test_nobody_writes_to_them_nor_invites_them(late, alone) -> None:
    with late.app.app_context(), db.writing():
        db.session.add(ContactWay(person_id=late.mia.id, kind="phone", value="+447700900456", safe=True))
        meeting = db.session.scalars(select(Meeting).where(Meeting.state == "scheduled")).one()
        invited = MeetingPerson(meeting_id=meeting.id, person_id=late.mia.id, remind=True, told_how="text")
        db.session.add(invited)
        db.session.flush()
        invited.way_id = db.session.scalar(select(ContactWay.id).where(ContactWay.person_id == late.mia.id))
        meeting.scheduled_at = db.utcnow() - timedelta(days=3)
        meeting.starts_at = db.utcnow() + timedelta(hours=20)
        ref = meeting.ref
    dies(late, late.mia)
    with late.app.app_context():
        view = visible_family(late.family.ref, late.make.actor(late.lead))
        row = db.session.scalars(select(Meeting).where(Meeting.ref == ref)).one()
        mia = view.person(late.mia.ref)
        assert safe_ways(mia) == [] and mia.name not in [one.name for one in reading.attendees(view, row)]
        row.state = "held"
        assert mia not in copies.whom(view, row)
        db.session.rollback()
        reminding.remind_all()
        sent = db.session.scalars(select(Message.to_address).where(Message.to_address.is_not(None)))
        assert [one for one in sent if "456" in one] == []
    browser = alone(late.lead)
    assert "Mia" not in browser.get(f"/meetings/{ref}/family").text
    new = browser.get(f"/families/{late.family.ref}/meetings/new").text
    assert f'value="{late.mia.ref}"' not in new and f'value="{late.jack.ref}"' in new
    assert "missing-p" + late.mia.ref not in browser.get(f"/meetings/{ref}/hold").text


def test_their_own_page_opens_no_more(own) -> None:
    browser, url = opened(own, own.mia)
    assert browser.get(url).status_code == 200 and "A warm home" in browser.get(url).text
    dies(own, own.mia)
    assert "A warm home" not in browser.get(url).text
