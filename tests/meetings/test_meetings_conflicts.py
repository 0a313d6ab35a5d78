"""What stands against a day and those invited: said to whoever arranges, and never what they may not know."""

from datetime import date, datetime, time

import pytest

from tafcore.db import session, writing
from tafcore.episodes.models import TafMember
from tafcore.episodes.reading import episode_of
from tafcore.episodes.service import require_episode
from tafcore.meetings import conflicts, service
from tafcore.meetings.commands import CancelMeeting, MoveMeeting
from tafcore.meetings.models import Meeting, MeetingPerson
from tafcore.standards import school
from tafcore.standards.clock import LONDON
from tafcore.standards.terms import Holiday
from tafcore.work import Refused

CLOSED = Holiday(1, "Half term", date(2030, 10, 28), date(2030, 11, 1), "")


@pytest.fixture
def stands(borough, monkeypatch):
    """`stands(day, hour=15, shared=False, place=..)`: the sentences about inviting everybody then."""
    monkeypatch.setattr(school, "known", lambda: (CLOSED,))

    def say(on, hour=15, shared=False, place="Larch hub", people=None, ref=""):
        with borough.app.app_context():
            view = borough.view()
            view = view.shown_to_family() if shared else view
            everybody = frozenset(one.id for one in (borough.mother, borough.jack, borough.sofia))
            users = frozenset({borough.lead.id, borough.nurse.id, borough.adviser.id})
            at = datetime.combine(on, time(hour, 30), LONDON)
            plan = conflicts.Plan(at, place, frozenset(people) if people else everybody, users, ref)
            return list(conflicts.found(view, plan, episode_of(view)))

    return say


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2030, 10, 29), ["Schools are closed: Half term, Mon 28 Oct to Fri 1 Nov"]),
        (date(2030, 12, 25), ["Wed 25 Dec is a bank holiday: Christmas Day"]),
        (date(2030, 11, 16), ["Sat 16 Nov is at a weekend"]),
        (date(2030, 11, 13), []),
    ],
)
def test_days_on_which_people_are_away(stands, on, said):
    assert stands(on) == said


def test_who_is_busy_is_named_and_never_with_whom(borough, stands, make):
    team = make.team()
    other = make.family(team, name="Rahman")
    make.episode(other, make.user("early_help_manager", team=team), borough.nurse)
    on = date(2030, 11, 13)
    with borough.app.app_context(), writing():
        meeting = Meeting(ref="M-2222-22", family_id=other.id, scheduled_by="x", place="Elm Row")
        meeting.episode_id = require_episode(other.id).id
        meeting.starts_at = datetime.combine(on, time(15, 0), LONDON)
        session.add(meeting)
        session.flush()
        session.add(MeetingPerson(meeting_id=meeting.id, user_id=borough.nurse.id, name="M. Lewis"))
    assert stands(on) == ["M. Lewis has another meeting at 15:00"]
    assert stands(on, hour=16) == [] and stands(on, hour=13) == []


def test_what_somebody_said_of_being_away_is_shown(borough, stands):
    with borough.app.app_context(), writing():
        row = session.get_one(TafMember, _member(borough, "M. Lewis"))
        row.away = "20 to 30 November"
    assert stands(date(2030, 11, 13)) == ["M. Lewis said when they are away: 20 to 30 November"]


def _member(borough, name):
    return next(one.id for one in episode_of(borough.view()).team if one.name == name)


def test_those_kept_apart_do_not_meet_in_the_waiting_room(borough, stands, make):
    make.protect(borough.mother.id, borough.sofia.id, {"hub"})
    hers = borough.schedule(at=borough.at(days=9), people=[borough.mother.ref])
    same = {"at": borough.at(hour=17, days=9), "people": [borough.sofia.ref]}
    with pytest.raises(Refused) as refusal:
        borough.schedule(**same, place=" larch HUB ")
    assert [(one.field, one.message) for one in refusal.value.problems] == [
        ("place", "Choose another place or another day")
    ]
    borough.schedule(**same, place="Elm Row")
    theirs = borough.schedule(**{**same, "at": borough.at(days=10)})
    with pytest.raises(Refused):
        borough.do(service.move, MoveMeeting(meeting=theirs.ref, at=same["at"], place="Larch hub"))
    borough.do(service.cancel, CancelMeeting(meeting=hers.ref, reason="x"))
    borough.do(service.move, MoveMeeting(meeting=theirs.ref, at=same["at"], place="Larch hub"))


def test_a_rule_made_since_is_said_to_the_worker_alone(borough, stands, make, sign_in):
    meeting = borough.schedule(at=borough.at(days=9))
    make.protect(borough.mother.id, borough.sofia.id, {"address"})
    on = borough.at(days=9).date()
    assert "Somebody is invited with a person they must be kept safe from" in stands(on, ref=meeting.ref)
    assert not [one for one in stands(on, shared=True, ref=meeting.ref) if "safe" in one or "apart" in one]
    assert "kept safe" not in sign_in(borough.lead).get(f"/meetings/{meeting.ref}").text


def test_the_page_says_it_for_what_is_typed_and_saves_nothing(borough, sign_in, monkeypatch):
    monkeypatch.setattr(school, "known", lambda: (CLOSED,))
    browser = sign_in(borough.lead)
    at = f"/families/{borough.family.ref}/meetings"
    typed = {"at": "30 Oct 2030", "time": "15:30", "place": "Larch hub", "people": [borough.mother.ref], "_find": "1"}
    page = browser.post(f"{at}/new", data=typed)
    assert page.status_code == 200 and "Schools are closed: Half term" in page.text
    assert 'value="30 Oct 2030"' in page.text and "No meeting has been arranged" in browser.get(at).text
    assert browser.post(f"{at}/new", data={**typed, "at": "nonsense"}).status_code == 200
