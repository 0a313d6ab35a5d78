"""What a safety rule keeps from somebody of the family is in nothing that reaches them: page, copy, PDF, calendar,
mail, error; nor on a screen that they may be looking at."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tafcore import db, phrases
from tafcore.families import service as families
from tafcore.families.access import visible_family
from tafcore.families.models import Family
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.meetings.models import Meeting, MeetingPerson, MeetingShare
from tafcore.notices.models import Message
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.people.rules import FACTS
from tafcore.record import own_links
from tafcore.record.commands import MakeOwnLink
from tafcore.sharing import service as sharing

from .said import said
from .test_pages import crawl

HOME, PHONE, PLACE = "14 Hidden Lane", "020 7946 0777", "Hawthorn Hall"


@pytest.fixture
def apart(borough_to_change):
    """A family whose mother is kept safe from the father in all but that there is help: he was at one meeting with her,
    and she is invited to another; both have the record of the first, and he a page of his own."""
    borough = borough_to_change
    with borough.app.app_context(), db.writing():
        lead = borough.user(borough.lead).actor()
        mother = visible_family(borough.family.ref, lead).adults[0]
        known = PersonDetails(role=mother.role, address=HOME, postcode="ZZ99 3VZ", phone=PHONE)
        people.learn(db.session.get_one(Person, mother.id), known, "The mother", lead)
        told = PersonDetails(
            role="father", forename="Ben", surname="Apartham", born=date(1988, 2, 2), email="ben@x.example"
        )
        father = people.make_person(told, "The father", lead)
        families.add_member(db.session.get_one(Family, borough.family.id), father, "father", "His own flat")
        sharing.agree(borough.family.id, father.id, "agreed", set(), "What we write down", None, lead)
        meeting = db.session.scalars(
            select(Meeting).where(Meeting.family_id == borough.family.id, Meeting.state == "shared").limit(1)
        ).one()
        db.session.add(MeetingPerson(meeting_id=meeting.id, person_id=father.id, attended="present"))
        db.session.add(MeetingShare(meeting_id=meeting.id, person_id=father.id, how="given", by="A lead"))
        asked = {"family": borough.family.ref, "at": db.utcnow() + timedelta(days=3), "place": PLACE, "members": ()}
        hers = meetings.schedule(ScheduleMeeting(**asked, people=(mother.ref,)), lead)
        people.protect(mother.id, father.id, set(FACTS) - {"help"}, "A court order", date(2099, 1, 1), lead)
        link = MakeOwnLink(family=borough.family.ref, person=father.ref, how="pin")
        made = own_links.make(link, lead, 13, lambda token: f"/f/{token}")
        return SimpleNamespace(
            borough=borough,
            secrets=(HOME, PHONE, PLACE, mother.name, mother.forename, lead.label, "ZZ99 3VZ", hers.ref),
            father=father.ref,
            shared=meeting.ref,
            hers=hers.ref,
            made=made,
        )


def told_to(apart, answers, secrets) -> list[tuple[str, str]]:
    return [(path, word) for path, answer in answers for word in secrets if word in said(answer)]


def test_nothing_that_reaches_him_tells_what_is_kept_from_him(apart) -> None:
    browser, at = apart.borough.app.test_client(), apart.made.url
    assert browser.post(at, data={"do": "number", "number": apart.made.pin}).status_code == 302
    copy = f"{at}?copy={apart.shared}"
    paths = [at, copy, f"{copy}&big=y", f"{at}?copy={apart.hers}", f"{at}x"]
    paths += [f"{copy}&file=y{big}&language={code}" for code in phrases.languages() for big in ("", "&big=y")]
    answers = [(path, browser.get(path)) for path in paths]
    assert sum(answer.mimetype == "application/pdf" for _, answer in answers) == 2 * len(phrases.languages())
    answers += [
        (at, browser.post(at, data=typed)) for typed in ({"do": "words"}, {"do": "tick", "ticked": "A-2222-22"})
    ]
    assert told_to(apart, answers, apart.secrets) == []
    with apart.borough.app.app_context():
        mails = db.session.scalars(select(Message).where(Message.to_address == "ben@x.example")).all()
        assert mails == []


def test_what_is_printed_for_him_tells_no_more_whoever_prints_it(apart) -> None:
    for name in (apart.borough.lead, "manager@demo.example"):
        browser = apart.borough.browser(name)
        with browser.session_transaction() as cookie:
            cookie["alone"] = True
        at = f"/meetings/{apart.shared}/copies/{apart.father}"
        answers = [
            (f"{at}/copy.pdf{asked}", browser.get(f"{at}/copy.pdf{asked}")) for asked in ("", "?language=ur&big=y")
        ]
        assert [answer.status_code for _, answer in answers] == [200, 200]
        assert told_to(apart, answers, apart.secrets) == []
        assert browser.get(f"/meetings/{apart.hers}/copies/{apart.father}").status_code == 404


def test_a_screen_that_he_may_be_looking_at_tells_nothing_of_it(apart) -> None:
    """The family's pages, files and calendars as the lead has them while the family may be looking."""
    browser, ref = apart.borough.browser(apart.borough.lead), apart.borough.family.ref
    mine = [f"/families/{ref}", f"/families/{ref}/meetings", f"/meetings/{apart.shared}", f"/meetings/{apart.hers}"]
    mine += [f"/meetings/{apart.shared}/calendar.ics", f"/meetings/{apart.hers}/calendar.ics"]
    mine += [f"/meetings/{apart.shared}/copies", f"/meetings/{apart.shared}/copies/{apart.father}/copy.pdf"]
    answers = [(path, browser.get(path)) for path in mine]
    answers += [
        (path, answer) for path, answer, _ in crawl(apart.borough, browser, 2) if answer is not None and ref in path
    ]
    assert len(answers) > 20
    assert told_to(apart, answers, (HOME, PHONE)) == []
    of_files = [(path, answer) for path, answer in answers if path.endswith((".ics", ".pdf"))]
    assert len(of_files) >= 3 and told_to(apart, of_files, (PLACE, "ZZ99 3VZ")) == []
