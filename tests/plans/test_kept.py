"""What somebody keeps between themselves and the workers: no plan, old or new, shows it to the rest of the family."""

import html
from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore.db import session, utcnow, writing
from tafcore.families.access import visible_family
from tafcore.meetings import reading as meetings
from tafcore.meetings.models import Meeting
from tafcore.plans import reading, service
from tafcore.plans.commands import AddNeed, OpenNeed, RateGoal, UpdateAction, WithholdNeed
from tafcore.plans.models import Plan
from tafcore.plans.outline import outline_of
from tafcore.record.models import ChronologyEntry
from tafcore.standards.clock import london_day
from tafcore.trail.models import TrailEntry
from tafcore.work import NotAllowed, Refused


@pytest.fixture
def kept(app, borough, make):
    """A need of Jack's that he keeps from his mother, with a goal and an action; what each may see of the plan."""
    command = AddNeed(
        family=borough.family.ref,
        person=borough.jack.ref,
        outcome=3,
        words="He cuts himself",
        withheld_why="Jack asked us not to tell Mum yet",
    )
    borough.need = borough.do(service.add_need, command)
    borough.goal = borough.add_goal(borough.need, "He talks with somebody")
    borough.action = borough.add_action(borough.goal, "See the school counsellor")
    borough.add_need("The flat is cold")

    def plan(before=None, as_at=None):
        with app.app_context():
            view = visible_family(borough.family.ref, make.actor(borough.lead))
            view = view if before is None else view.before(before) if before else view.shown_to_family()
            return reading.plan_of(view, as_at), outline_of(view), reading.cover(view, reading.plan_of(view))

    borough.plan = plan
    return borough


def words(plan):
    return [one.words for one in plan[0].needs]


def test_only_whose_it_is_and_workers_read_it(kept):
    assert words(kept.plan()) == ["He cuts himself", "The flat is cold"]
    assert words(kept.plan({kept.jack.id})) == ["He cuts himself", "The flat is cold"]
    for audience in ({kept.mother.id}, {kept.jack.id, kept.mother.id}, {kept.sofia.id}, ()):
        shown = kept.plan(audience)
        assert words(shown) == ["The flat is cold"]
        assert not [one for one in ("cuts", "counsellor", "talks", "tell Mum") if one in repr(shown)]
        assert len(shown[1].needs) == 1
    assert words(kept.plan((), london_day(utcnow()))) == ["The flat is cold"], "nor in an older one"


def test_its_lines_in_the_chronology_are_not_for_the_family(app, kept):
    rated = RateGoal(family=kept.family.ref, goal=kept.goal.ref, rating="better", evidence="He went")
    kept.do(service.rate_goal, rated)
    kept.do(service.update_action, UpdateAction(family=kept.family.ref, action=kept.action.ref, state="done"))
    with app.app_context():
        rows = session.execute(select(ChronologyEntry.line, ChronologyEntry.audience)).all()
    mine = {line: audience for line, audience in rows if "cold" not in line}
    plan = [audience for line, audience in mine.items() if line.split(":")[0].startswith(("Need", "Goal", "Action"))]
    assert plan == ["team"] * 5
    assert ("Need added to the plan: The flat is cold", "family") in [(row.line, row.audience) for row in rows]


def test_at_a_meeting_it_is_in_no_record_that_a_parent_reads(app, kept, make):
    with app.app_context(), writing():
        episode = session.scalars(select(Plan.episode_id)).one()
        row = Meeting(ref="M-1", family_id=kept.family.id, episode_id=episode, state="held", starts_at=utcnow())
        row.scheduled_by = "A. Patel"
        session.add(row)
        session.flush()
        held = row.id
    rated = RateGoal(family=kept.family.ref, goal=kept.goal.ref, rating="better", evidence="He went")
    kept.do(service.rate_goal, rated, meeting_id=held)
    kept.add_action(kept.goal, "Not at the meeting")
    moved = UpdateAction(family=kept.family.ref, action=kept.action.ref, state="done")
    kept.do(service.update_action, moved, meeting_id=held)
    with app.app_context():
        meeting = session.get_one(Meeting, held)
        view = visible_family(kept.family.ref, make.actor(kept.lead))
        assert len(meetings.meeting_of(view, meeting).changes) == 2
        assert meetings.meeting_of(view.before({kept.mother.id}), meeting).changes == ()


def test_who_helps_is_not_told_at_a_meeting_where_it_is_hidden(app, kept, make):
    with app.app_context(), writing():
        episode = session.scalars(select(Plan.episode_id)).one()
        row = Meeting(ref="M-1", family_id=kept.family.id, episode_id=episode, state="held", starts_at=utcnow())
        row.scheduled_by = "A. Patel"
        session.add(row)
        session.flush()
        held = row.id
    goal = kept.add_goal(kept.add_need("Damp"), "Dry")
    action = kept.add_action(goal, "Place a bid", owner_name="T. Smith, Larch Homes")
    moved = UpdateAction(family=kept.family.ref, action=action.ref, state="done")
    kept.do(service.update_action, moved, meeting_id=held)
    make.protect(kept.jack.id, kept.mother.id, {"worker"})
    with app.app_context():
        view = visible_family(kept.family.ref, make.actor(kept.lead)).shown_to_family()
        (change,) = meetings.meeting_of(view, session.get_one(Meeting, held)).changes
    assert change.owner == "Somebody of the team" and "Smith" not in repr(change)


def test_it_is_somebodys_own(kept):
    with pytest.raises(Refused, match="whose need"):
        kept.do(service.add_need, AddNeed(family=kept.family.ref, outcome=3, words="X", withheld_why="A wish"))


def test_once_they_say_so_the_family_reads_it(app, kept, sign_in):
    lead = sign_in(kept.lead)
    assert "cuts" not in lead.get(kept.at).text
    at = f"{kept.at}/needs/{kept.need.ref}/open"
    assert sign_in(kept.member).post(at).status_code == 403
    with lead.session_transaction() as cookie:
        cookie["alone"] = True
    page = html.unescape(lead.get(kept.at).text)
    assert "Not for the family" in page and "Jack asked us not to tell Mum yet" in page and at in page
    assert lead.post(at).status_code == 302
    assert words(kept.plan(())) == ["He cuts himself", "The flat is cold"]
    with pytest.raises(NotAllowed):
        kept.do(service.open_need, OpenNeed(family=kept.family.ref, need=kept.need.ref), kept.member)


def test_it_may_be_kept_later_with_who_said_so_and_what_was_said_before_goes_with_it(app, kept, sign_in):
    need = kept.add_need("She cannot sleep", person=kept.sofia.ref)
    action = kept.add_action(kept.add_goal(need, "She sleeps"), "See the nurse")
    kept.do(service.update_action, UpdateAction(family=kept.family.ref, action=action.ref, state="done"))
    assert "She cannot sleep" in words(kept.plan(()))
    lead, at = sign_in(kept.lead), f"{kept.at}/needs/{need.ref}/keep"
    assert at not in lead.get(kept.at).text, "whoever is looking is not told that it could be kept"
    with lead.session_transaction() as cookie:
        cookie["alone"] = True
    assert at in lead.get(kept.at).text and "Keep a need between" in lead.get(at).text
    wrong = lead.post(at, data={"why": "She wishes it", "said_by": ""})
    assert wrong.status_code == 422 and "Say who says so" in wrong.text
    told = {"why": "She wishes it", "said_by": "Sofia, to her nurse"}
    assert sign_in(kept.member).post(at, data=told).status_code == 403
    assert lead.post(at, data=told).status_code == 302
    page = html.unescape(lead.get(kept.at).text)
    assert "She wishes it" in page and "(Sofia, to her nurse says so)" in page and at not in page
    for audience in ({kept.mother.id}, {kept.jack.id}, ()):
        assert not [one for one in ("sleep", "nurse", "wishes") if one in repr(kept.plan(audience))]
    assert "She cannot sleep" in words(kept.plan({kept.sofia.id}))
    with app.app_context():
        rows = session.execute(select(ChronologyEntry.line, ChronologyEntry.audience)).all()
        about = {audience for line, audience in rows if "sleep" in line or "nurse" in line}
        assert about == {"team"}, "nor what was said of it before"
        said = session.scalars(select(TrailEntry.kind).where(TrailEntry.subject_ref == need.ref)).all()
    assert "plans.need_withheld" in said
    kept.do(service.open_need, OpenNeed(family=kept.family.ref, need=need.ref, said_by="Sofia, to A. Patel"))
    assert "She cannot sleep" in words(kept.plan(()))


def test_a_need_of_all_cannot_be_kept_from_anybody_and_a_line_for_managers_stays_theirs(app, kept):
    shared = kept.add_need("The flat is damp")
    asked = {"family": kept.family.ref, "why": "X", "said_by": "Y"}
    with pytest.raises(Refused, match="whole family"):
        kept.do(service.withhold_need, WithholdNeed(need=shared.ref, **asked))
    with app.app_context(), writing():
        entry = {"happened_at": utcnow(), "kind": "x", "category": "plans", "by": "A. Patel", "line": "For managers"}
        ref = kept.need.ref
        session.add(ChronologyEntry(family_id=kept.family.id, audience="workers", subject_ref=ref, **entry))
    kept.do(service.withhold_need, WithholdNeed(need=kept.need.ref, **asked))
    with app.app_context():
        line = select(ChronologyEntry.audience).where(ChronologyEntry.line == "For managers")
        assert session.scalar(line) == "workers"


def test_it_is_kept_by_the_form(app, borough, sign_in, make):
    lead = sign_in(borough.lead)
    typed = {"words": "He cuts himself", "person": "", "outcome": "3", "withheld_why": "His wish"}
    wrong = lead.post(f"{borough.at}/needs/new", data=typed)
    assert wrong.status_code == 422 and "Say whose need it is" in wrong.text
    saved = lead.post(f"{borough.at}/needs/new", data={**typed, "person": borough.jack.ref})
    assert saved.status_code == 302 and "cuts" not in lead.get(borough.at).text
    assert lead.get(f"{borough.at}?on={(london_day(utcnow()) + timedelta(days=1)).isoformat()}").status_code == 200
