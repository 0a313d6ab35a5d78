"""Somebody who helps a family and knows one child of it better: the areas of each reason stay with their own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tafcore import db
from tafcore.assessments import assessing
from tafcore.assessments import service as assessments
from tafcore.assessments.commands import (
    AddAssessedNeed,
    ChildPart,
    RecordVisit,
    RecordVoice,
    SectionPart,
    StartAssessment,
    WriteSections,
)
from tafcore.contributions import AccessRule
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import Oversee, WriteNote
from tafcore.episodes.models import Episode
from tafcore.families.access import EVERYTHING, visible_family
from tafcore.families.models import FamilyMember
from tafcore.hookspecs import hookimpl
from tafcore.meetings.models import Meeting, MeetingLine, MeetingScale
from tafcore.plans import service as plans
from tafcore.plans.commands import AddNeed
from tafcore.references import new_ref
from tafcore.sharing import service as sharing
from tafcore.steps.models import Step, StepChild

PAGES = (
    "",
    "/assessment",
    "/assessment/print",
    "/plan",
    "/visits",
    "/voices",
    "/chronology",
    "/sharing",
    "/steps",
    "/meetings",
    "/people",
    "/genogram",
)
HER = "Her own business"
HIS = "Nothing but his"


@pytest.fixture
def told(home):
    """In every part of the record something of each child; gives Sofia's voice, the meeting, her step and his."""
    lead, manager = home.make.actor(home.lead), home.make.actor(home.manager)
    with home.app.app_context(), db.writing():
        assessing.start(StartAssessment(family=home.family.ref), lead)
        for child, words in ((home.sofia, HER), (home.jack, HIS)):
            family = {"family": home.family.ref}
            section = SectionPart(section="health", words=f"{words}: section")
            assessing.write(WriteSections(**family, part=child.ref, sections=(section,)), lead)
            found = AddAssessedNeed(**family, person=child.ref, words=f"{words}: found", outcome=9)
            assessing.add_need(found, lead)
            voice = assessments.record_voice(RecordVoice(**family, person=child.ref, words=f"{words}: voice"), lead)
            seen = ChildPart(person=child.ref, seen="alone", observation=f"{words}: seen", words=None)
            assessments.record_visit(
                RecordVisit(**family, venue="school", children=(seen,), observation=f"{words}: visit"), lead
            )
            episodes.write_note(WriteNote(**family, words=f"{words}: note", about=(child.ref,)), lead)
            plans.add_need(AddNeed(**family, person=child.ref, words=f"{words}: need", outcome=1), lead)
            episodes.oversee(Oversee(**family, person=child.ref, decision=f"{words}: decision", why="Because"), manager)
            sharing.agree(home.family.id, child.id, "agreed", set(), f"{words}: told", None, lead)
            if child is home.sofia:
                hers = voice.ref
        now = db.utcnow()
        episode = db.session.scalars(sa.select(Episode)).one()
        meeting = Meeting(ref=new_ref("M"), family_id=home.family.id, episode_id=episode.id, state="held", place="Hub")
        meeting.starts_at, meeting.kind, meeting.scheduled_by = now - timedelta(days=1), "taf", "Ann"
        db.session.add(meeting)
        db.session.flush()
        steps = []
        for child, words in ((home.sofia, HER), (home.jack, HIS)):
            line = MeetingLine(meeting_id=meeting.id, column="worried", words=f"{words}: line", person_id=child.id)
            step = Step(ref=new_ref("S"), family_id=home.family.id, direction="up", state="sent")
            step.made_by, step.reasons = "Ann", f"{words}: reasons"
            db.session.add_all([line, step])
            db.session.flush()
            db.session.add(StepChild(step_id=step.id, person_id=child.id))
            scale = MeetingScale(meeting_id=meeting.id, name="", person_id=child.id, value=3)
            db.session.add(scale)
            steps.append(step.ref)
        return hers, meeting.ref, steps


@pytest.fixture
def knows_both_ways(make, home, plug_in):
    """`knows_both_ways(areas)`: somebody who has these areas for the whole family, and every area for Jack."""

    def grant(areas: frozenset[str]) -> object:
        user = make.user(name="Kim Both")

        class Plugin:
            @hookimpl
            def access_rules(self) -> list[AccessRule]:
                mine = sa.literal(user.id).label("user_id")
                whole = sa.select(mine, FamilyMember.family_id, sa.null().label("person_id"))
                jack = sa.select(mine, FamilyMember.family_id, FamilyMember.person_id)
                return [
                    AccessRule("helps", "Helps the family", "team", areas, whole.distinct()),
                    AccessRule(
                        "knows", "Knows him", "proposed", EVERYTHING, jack.where(FamilyMember.person_id == home.jack.id)
                    ),
                ]

        plug_in(Plugin(), "both_ways")
        return user

    return grant


FEW = frozenset({"people", "helpers", "chronology"})


@pytest.mark.parametrize("shared", [True, False])
def test_what_one_child_opens_shows_no_other(home, told, knows_both_ways, alone, sign_in, shared):
    user = knows_both_ways(FEW)
    browser = sign_in(user) if shared else alone(user)
    voice, meeting, (her_step, his_step) = told
    seen = ""
    for page in PAGES:
        answer = browser.get(f"/families/{home.family.ref}{page}")
        assert answer.status_code == 200, page
        assert HER not in answer.text, page
        seen += answer.text
    assert "Sofia" in seen, "she is of the family that they help"
    for page in (f"/meetings/{meeting}", f"/meetings/{meeting}/calendar.ics", f"/steps/{his_step}"):
        text = browser.get(page).text
        assert HER not in text
        seen += text
    for page in (f"/families/{home.family.ref}/voices/{voice}/hearing", f"/steps/{her_step}"):
        assert browser.get(page).status_code in (403, 404), page
    kinds = ("voice", "visit", "note", "need", "decision", "told", "line", "reasons", "seen", "section", "found")
    found = {kind for kind in kinds if f"{HIS}: {kind}" in seen}
    assert found == ({"need", "told", "line", "section", "found"} if shared else set(kinds))


@pytest.mark.parametrize("area", sorted(EVERYTHING - FEW))
def test_each_area_is_open_to_them_about_him_alone_unless_they_have_it_for_all(home, told, knows_both_ways, area):
    user = knows_both_ways(FEW | {area})
    with home.app.app_context():
        view = visible_family(home.family.ref, home.make.actor(user))
        assert view.whole and view.only(area) is view
        for other in EVERYTHING - FEW - {area}:
            assert view.may(other) and [person.id for person in view.only(other).people] == [home.jack.id]


def test_who_has_an_area_for_all_reads_it_of_all(home, told, knows_both_ways, alone):
    browser = alone(knows_both_ways(FEW | {"voices"}))
    text = browser.get(f"/families/{home.family.ref}/voices").text
    assert f"{HER}: voice" in text and f"{HIS}: voice" in text
    assert HER not in browser.get(f"/families/{home.family.ref}/visits").text


def test_the_list_of_who_can_see_it_names_each_once_with_every_reason(home, knows_both_ways, alone):
    knows_both_ways(FEW)
    page = alone(home.manager).get(f"/families/{home.family.ref}/sharing").text
    (row,) = re.findall(r"<tr[^>]*><th[^>]*>Kim Both</th>.*?</tr>", page, re.S)
    assert "Helps the family<br>Knows him, some of the family only" in row


def test_an_adult_whom_the_worker_may_not_see_may_still_be_looking(home, make, knows_jack):
    """Words for his mother alone are not shown on a screen before which his father may sit."""
    lead = make.actor(home.lead)
    with home.app.app_context(), db.writing():
        hers = {"audience": "parents", "hearers": (home.mother.ref,), "asked": "yes"}
        told = RecordVoice(family=home.family.ref, person=home.jack.ref, words="I miss him", **hers)
        assessments.record_voice(told, lead)
    make.protect(home.jack.id, home.father.id, {"school"})
    with home.app.app_context():
        from tafcore.assessments import reading

        view = visible_family(home.family.ref, make.actor(knows_jack))
        assert [one.words for one in reading.voices(view)] == ["I miss him"]
        assert reading.voices(view.shown_to_family()) == ()
        assert [one.words for one in reading.voices(view.before([home.mother.id]))] == ["I miss him"]
        assert not view.shown_to_family().may_see_fact(home.jack.id, "school")
