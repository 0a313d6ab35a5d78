"""Families, plans and meetings over the API: what the person behind the key sees, cut by the same rules."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.accounts import service as accounts
from tafcore.accounts.models import User
from tafcore.families.access import visible_family
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddGoal, AddNeed
from tafcore.trail.models import Opening


@pytest.fixture
def action(app, make, helped):
    """The reference of an action of the lead's under a goal."""
    due = (db.utcnow() + timedelta(days=20)).date()
    with app.app_context(), db.writing():
        lead = make.actor(helped.lead)
        need = plans.add_need(AddNeed(family=helped.ref, outcome=1, words="A bed of his own"), lead)
        goal = plans.add_goal(AddGoal(family=helped.ref, need=need.ref, words="He sleeps", due=due), lead)
        asked = AddAction(family=helped.ref, goal=goal.ref, words="Ask housing", owner_user=helped.lead.id, due=due)
        return plans.add_action(asked, lead).ref


def test_a_family_comes_with_people_helpers_and_why_it_is_seen(helped, caller):
    shown = caller(helped.lead).get(f"/families/{helped.ref}", audience="worker").json
    assert shown["ref"] == helped.ref and shown["reason"] and shown["state"] == "open"
    assert [person["role"] for person in shown["people"]] == ["mother", "child", "child"]
    assert [person["level"] for person in shown["people"]] == [None, 2, 2]
    assert shown["helpers"][0]["role"] == "Lead professional"


def test_who_has_no_reason_gets_404_everywhere(helped, caller):
    system = caller(helped.stranger)
    for path in ("", "/plan", "/chronology"):
        assert system.get(f"/families/{helped.ref}{path}").status_code == 404
        assert system.get(f"/families/F-2222-22{path}").status_code == 404
    assert system.get("/families").json == {"items": [], "after": None}


def test_access_ends_at_once_with_the_account(app, helped, caller):
    system = caller(helped.lead)
    assert system.get(f"/families/{helped.ref}").status_code == 200
    with app.app_context(), db.writing():
        accounts.disable_user(db.session.get_one(User, helped.lead.id))
    assert system.get(f"/families/{helped.ref}").status_code == 401


def test_a_safety_rule_hides_in_json_what_it_hides_on_the_page(app, make, helped, caller):
    with app.app_context():
        view = visible_family(helped.ref, make.actor(helped.lead))
    child, mother = view.children[0], view.adults[0]
    make.protect(child.id, mother.id, {"help", "worker", "school"})
    shown = caller(helped.lead).get(f"/families/{helped.ref}").json
    assert shown["helpers"] == []
    alone = caller(helped.lead).get(f"/families/{helped.ref}", audience="worker").json
    assert alone["helpers"]
    assert caller(helped.lead).get(f"/families/{helped.ref}", audience="world").status_code == 422
    (listed,) = caller(helped.lead).get("/families").json["items"]
    (seen,) = caller(helped.lead).get("/families", audience="worker").json["items"]
    assert (listed["lead_professional"], bool(seen["lead_professional"])) == (None, True)
    assert caller(helped.lead).get("/families", audience="world").status_code == 422


def test_the_list_is_paged_by_reference(make, helped, caller):
    for number in range(4):
        family = make.family(helped.team, name=f"Family{number}")
        make.episode(family, helped.manager, helped.lead)
    system = caller(helped.lead)
    whole = [row["ref"] for row in system.get("/families", limit=100).json["items"]]
    assert len(whole) == 5
    paged, after = [], ""
    while after is not None:
        page = system.get("/families", limit=2, after=after).json
        paged += [row["ref"] for row in page["items"]]
        after = page["after"]
    assert paged == whole


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "", "1e3", "９"])
def test_a_limit_out_of_bounds_is_refused(helped, caller, limit):
    refused = caller(helped.lead).get("/families", limit=limit)
    assert refused.status_code == 422 and refused.json["errors"][0]["path"] == "$.limit"


def test_a_plan_and_an_update_of_an_action(helped, caller, action):
    system = caller(helped.lead)
    plan = system.get(f"/families/{helped.ref}/plan").json
    assert plan["needs"][0]["goals"][0]["actions"][0]["ref"] == action
    path = f"/families/{helped.ref}/actions/{action}/updates"
    assert system.post(path, {"state": "stuck"}).status_code == 422
    done = system.post(path, {"state": "done", "words": "Housing rang back"})
    assert done.status_code == 201, done.text
    assert (done.json["state"], done.json["last_said"]) == ("done", "Housing rang back")
    assert system.get(f"/families/{helped.ref}/plan").json["needs"][0]["goals"][0]["actions"][0]["state"] == "done"
    before = str((db.utcnow() - timedelta(days=1)).date())
    assert system.get(f"/families/{helped.ref}/plan", as_at=before).json["needs"] == []
    assert system.get(f"/families/{helped.ref}/plan", as_at="yesterday").status_code == 422


def test_an_action_of_another_family_is_not_found(make, helped, caller, action):
    other = make.family(helped.team, name="Other")
    make.episode(other, helped.manager, helped.lead)
    answer = caller(helped.lead).post(f"/families/{other.ref}/actions/{action}/updates", {"state": "done"})
    assert answer.status_code == 404


def test_a_meeting_is_arranged_once(helped, caller):
    system = caller(helped.lead)
    body = {"at": "2027-01-11T10:00:00Z", "place": "Larch hub"}
    made = system.post(f"/families/{helped.ref}/meetings", body, key="taf-1")
    assert made.status_code == 201, made.text
    assert made.json["ref"].startswith("M-") and made.json["state"] == "scheduled"
    assert system.post(f"/families/{helped.ref}/meetings", body, key="taf-1").json == made.json
    shown = system.get(f"/families/{helped.ref}").json
    assert shown["next_meeting_at"] == made.json["starts_at"]


def test_the_chronology_is_paged_and_shown_as_to_the_family_first(helped, caller, action):
    system = caller(helped.lead)
    alone = system.get(f"/families/{helped.ref}/chronology", audience="worker", limit=100).json["items"]
    shared = system.get(f"/families/{helped.ref}/chronology", limit=100).json["items"]
    assert len(alone) >= len(shared) > 0
    first = system.get(f"/families/{helped.ref}/chronology", audience="worker", limit=1).json
    second = system.get(f"/families/{helped.ref}/chronology", audience="worker", limit=1, after=first["after"]).json
    assert [*first["items"], *second["items"]] == alone[:2]


def test_openings_over_the_api_are_on_record(app, helped, caller):
    caller(helped.lead).get(f"/families/{helped.ref}/plan")
    with app.app_context():
        rows = db.session.execute(select(Opening.actor_key, Opening.purpose).where(Opening.actor_key.like("partner:%")))
        assert [purpose for _, purpose in rows] == ["web_api.plan"]


def test_the_boards_figures_come_after_disclosure_control(make, helped, caller):
    found = caller(make.user("board_member"), {"outcomes.read"}).get("/measures").json
    assert found["items"] and {"first", "last", "as_at"} <= set(found)
    for one in found["items"]:
        assert one["total"]["suppressed"] or one["total"]["part"] not in range(1, 5), one["key"]
    assert caller(helped.lead, {"outcomes.read"}).get("/measures").status_code == 403
