"""A family in which a mother and her children are kept safe from the father in all but that there is help, and all that
must not reach him, planted so that it is found wherever it turns up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from taf_family_hubs.models import Attendance as HubAttendance
from taf_family_hubs.models import Session
from taf_schools.models import Attendance, Enrolment
from tafcore import db
from tafcore.accounts import service as accounts
from tafcore.episodes.models import Episode, TafMember
from tafcore.families import service as families
from tafcore.families.access import visible_family
from tafcore.families.models import Family
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.meetings.models import Meeting, MeetingPerson, MeetingShare
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.people.rules import FACTS
from tafcore.record import own_links, specialists
from tafcore.record.commands import MakeOwnLink, RecordSpecialist
from tafcore.record.own_links import Made
from tafcore.sharing import service as sharing

from .conftest import Borough
from .everything import exported

HOME, POSTCODE, PHONE = "14 Hidden Lane", "ZZ99 7HL", "020 7946 0777"
PLACE, SCHOOL = "Hawthorn Hall", "Sycamore Hidden Academy"
SPECIALIST = ("Harrier House Advocacy", "020 7946 0666", "Heard on the third Tuesday")
"""Who is involved with the mother, how they are reached and what is known of it: the lead alone is named."""
NEW_SCHOOL, OLD_SCHOOL = "new-school@test.example", "old-school@test.example"


@dataclass(frozen=True)
class Apart:
    """`shared` is the meeting he was at, `hers` one that only she is asked to, `made` the link to his own page.
    `children` are references; `exported` what each file said before there was a rule."""

    borough: Borough
    secrets: tuple[str, ...]
    father: str
    mother: str
    lead: str
    children: tuple[str, ...]
    shared: str
    hers: str
    made: Made
    exported: Mapping[str, str]


def part(borough: Borough, folder: Path) -> Apart:
    """The borough with its family apart. The father and somebody of the children's old school join after the rule."""
    with borough.app.app_context(), db.writing():
        lead = borough.user(borough.lead).actor()
        view = visible_family(borough.family.ref, lead)
        mother = view.adults[0]
        for one in (mother, *view.children):
            known = PersonDetails(role=one.role, address=HOME, postcode=POSTCODE, phone=PHONE)
            people.learn(db.session.get_one(Person, one.id), known, "The mother", lead)
        _moved_school(view.id, [one.id for one in view.children])
        _came(borough, [one.id for one in view.children])
        before = exported(borough, folder)
        told = PersonDetails(
            role="father", forename="Ben", surname="Apartham", born=date(1988, 2, 2), email="ben@x.example"
        )
        father = people.make_person(told, "The father", lead)
        for one in (mother, *view.children):
            people.protect(one.id, father.id, set(FACTS) - {"help"}, "A court order", date(2099, 1, 1), lead)
        who, number, note = SPECIALIST
        known = {"kind": "marac", "organisation": who, "contact": number, "note": note}
        specialists.record(RecordSpecialist(family=view.ref, person=mother.ref, **known), lead)
        families.add_member(db.session.get_one(Family, borough.family.id), father, "father", "His own flat")
        sharing.agree(borough.family.id, father.id, "agreed", set(), "What we write down", None, lead)
        meeting = db.session.scalars(
            select(Meeting).where(Meeting.family_id == borough.family.id, Meeting.state == "shared").limit(1)
        ).one()
        db.session.add(MeetingPerson(meeting_id=meeting.id, person_id=father.id, attended="present"))
        db.session.add(MeetingShare(meeting_id=meeting.id, person_id=father.id, how="given", by="A lead"))
        asked = {"family": borough.family.ref, "at": db.utcnow() + timedelta(days=3), "place": PLACE, "members": ()}
        hers = meetings.schedule(ScheduleMeeting(**asked, people=(mother.ref,)), lead)
        link = MakeOwnLink(family=borough.family.ref, person=father.ref, how="pin")
        made = own_links.make(link, lead, 13, lambda token: f"/f/{token}")
        return Apart(
            borough,
            (HOME, POSTCODE, PHONE, PLACE, SCHOOL, *SPECIALIST, hers.ref),
            father.ref,
            mother.name,
            lead.label,
            tuple(one.ref for one in view.children),
            meeting.ref,
            hers.ref,
            made,
            before,
        )


def _moved_school(family_id: int, children: Sequence[int]) -> None:
    """From one school to another, with somebody in each; the one of the old school joins the team."""
    day, at = db.utcnow().date(), {"recorded_by": "A lead", "happened_at": db.utcnow(), "said_by": "The mother"}
    old, new = (accounts.add_organisation(name, "school") for name in ("Old Oak Primary", SCHOOL))
    staff = accounts.add_user(OLD_SCHOOL, "S. Former", old, {"practitioner"})
    accounts.add_user(NEW_SCHOOL, "S. Present", new, {"practitioner"})
    now = select(Enrolment).where(Enrolment.person_id.in_(children), Enrolment.until_day.is_(None))
    for row in db.session.scalars(now.where(Enrolment.superseded_at.is_(None))):
        row.until_day = day - timedelta(days=60)
    for child in children:
        since = {"from_day": day - timedelta(days=60), "until_day": day - timedelta(days=30)}
        db.session.add(Enrolment(person_id=child, organisation_id=old.id, **since, **at))
    db.session.flush()
    for child in children:
        db.session.add(Enrolment(person_id=child, organisation_id=new.id, from_day=day - timedelta(days=30), **at))
        period = {"first_day": day - timedelta(days=9), "last_day": day - timedelta(days=1)}
        db.session.add(Attendance(person_id=child, possible=40, missed=3, **period, **at))
    here = select(Episode).where(Episode.family_id == family_id, Episode.state == "open")
    episode = db.session.scalars(here).one()
    joined = {"name": staff.name, "organisation_id": old.id, "organisation": old.name, "role": "Knows the children"}
    db.session.add(TafMember(episode_id=episode.id, user_id=staff.id, **joined))


def _came(borough: Borough, children: Sequence[int]) -> None:
    session = db.session.scalars(select(Session.id).limit(1)).one()
    for child in children:
        at = {"happened_at": db.utcnow(), "recorded_by": "A hub"}
        db.session.add(HubAttendance(session_id=session, person_id=child, family_id=borough.family.id, **at))
    db.session.flush()
