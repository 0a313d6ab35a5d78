"""Who may see a family and what of it: reasons, scopes, bars, seals, safety rules."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from tafcore.actor import Actor
from tafcore.db import clock_at, database, session, utcnow, writing
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import NominateLead
from tafcore.families import service as families
from tafcore.families.access import AFTER_CLOSING, times, visible, visible_family, who_can_see
from tafcore.families.models import Family
from tafcore.people import service as people
from tafcore.people.models import Person
from tafcore.testing import on_postgresql
from tafcore.trail.models import Opening
from tafcore.work import NotAllowed, NotFound


def listed(actor):
    return list(session.scalars(select(Family.ref).where(visible(actor)), times()))


@pytest.mark.parametrize(
    ("who", "scopes"), [("manager", {"manage", "team"}), ("lead", {"lead"}), ("helper", {"team"}), ("elsewhere", None)]
)
def test_a_page_and_a_list_agree_on_who_sees_the_family(app, make, borough, who, scopes):
    with app.app_context():
        actor = make.actor(getattr(borough, who))
        assert listed(actor) == ([borough.family.ref] if scopes else [])
        if scopes is None:
            with pytest.raises(NotFound):
                visible_family(borough.family.ref, actor)
        else:
            assert visible_family(borough.family.ref, actor).scopes == scopes


def test_a_list_of_one_part_of_the_record_leaves_out_who_may_not_open_that_part(app, make, borough):
    asked = make.user()
    with app.app_context(), writing():
        wanted = NominateLead(family=borough.family.ref, user=asked.id, cover=borough.manager.id, reason="Knows them")
        episodes.nominate_lead(wanted, make.actor(borough.manager))
    with app.app_context():
        actor = make.actor(asked)
        assert visible_family(borough.family.ref, actor).scopes == {"nominated"}
        for area, seen in ((None, True), ("helpers", True), ("meetings", False)):
            found = session.scalars(select(Family.ref).where(visible(actor, area)), times()).all()
            assert found == [borough.family.ref] * seen, area


@pytest.mark.parametrize("who", ["manager", "lead"])
def test_a_list_begins_with_what_was_granted_and_goes_through_no_table_of_families(app, make, borough, who):
    if on_postgresql():  # which goes through small tables whatever their indexes
        return
    with app.app_context():
        actor, sent = make.actor(getattr(borough, who)), []

        def note(*row):
            sent.append(row[2:4])

        event.listen(database().engine, "before_cursor_execute", note)
        listed(actor)
        event.remove(database().engine, "before_cursor_execute", note)
        statement, values = sent[-1]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row[-1] for row in plan]
    assert not any(step.startswith(("SCAN family", "SCAN family_bar")) for step in steps)


def test_what_does_not_exist_and_what_is_hidden_answer_the_same(app, make, borough):
    with app.app_context():
        actor = make.actor(borough.elsewhere)
        for ref in (borough.family.ref, "F-2222-22", "not a reference", ""):
            with pytest.raises(NotFound):
                visible_family(ref, actor)


def test_a_reference_is_read_as_people_type_it(app, make, borough):
    with app.app_context():
        typed = borough.family.ref.lower().replace("-", " ")
        assert visible_family(typed, make.actor(borough.lead)).ref == borough.family.ref


def test_being_visible_is_not_enough_for_a_command_of_another_scope(app, make, borough):
    with app.app_context(), pytest.raises(NotAllowed):
        visible_family(borough.family.ref, make.actor(borough.helper), scopes=frozenset({"lead", "manage"}))


@pytest.mark.parametrize("by", ["user_id", "team_id", "organisation_id"])
def test_a_bar_wins_over_every_reason_and_ends_by_itself(app, make, borough, by):
    with app.app_context():
        actor = make.actor(borough.manager)
        with writing():
            until = utcnow() + timedelta(days=2)
            families.bar(borough.family.id, "Own family", **{by: getattr(actor, by)}, until=until)
        assert listed(actor) == []
        with pytest.raises(NotFound):
            visible_family(borough.family.ref, actor)
        lead = visible_family(borough.family.ref, make.actor(borough.lead))
        assert borough.manager.id not in {grant.user_id for grant in who_can_see(lead)}
        with clock_at(utcnow() + timedelta(days=3)):
            assert visible_family(borough.family.ref, actor).reason == "Manager of the team or area"


def test_a_sealed_family_is_seen_by_nobody(app, make, borough):
    with app.app_context():
        with writing():
            session.get_one(Family, borough.family.id).sealed = True
        for user in (borough.manager, borough.lead, borough.helper):
            assert listed(make.actor(user)) == []
            with pytest.raises(NotFound):
                visible_family(borough.family.ref, make.actor(user))


def test_after_closing_the_lead_keeps_sight_for_a_set_time(app, make, borough):
    with app.app_context():
        lead = make.actor(borough.lead)
        with writing():
            episodes.close(episodes.require_episode(borough.family.id), "needs_met", None, lead)
        assert visible_family(borough.family.ref, lead).reason == "Lead professional"
        with clock_at(utcnow() + AFTER_CLOSING + timedelta(minutes=1)), pytest.raises(NotFound):
            visible_family(borough.family.ref, lead)


def test_openings_are_kept_once_a_quarter_of_an_hour(app, make, borough):
    with app.app_context():
        lead = make.actor(borough.lead)
        mine = select(Opening).where(Opening.actor_key == lead.key, Opening.purpose == "page")
        visible_family(borough.family.ref, lead)
        visible_family(borough.family.ref, lead)
        assert [row.reason for row in session.scalars(mine)] == ["Lead professional"]
        with clock_at(utcnow() + timedelta(minutes=16)):
            visible_family(borough.family.ref, lead)
        assert len(session.scalars(mine).all()) == 2


def test_a_safety_rule_hides_from_any_room_that_holds_the_other(app, make, borough):
    with app.app_context(), writing():
        lead = make.actor(borough.lead)
        view = visible_family(borough.family.ref, lead)
        child, mother = view.children[0], view.adults[0]
        people.live_at(session.get_one(Person, child.id), "Safe house", "ZZ99 3VZ", "refuge", None, "Ada", lead)
        people.protect(child.id, mother.id, {"address", "contact"}, "Told in confidence", utcnow().date(), lead)
        alone = visible_family(borough.family.ref, lead)
        assert (alone.children[0].address, alone.has_safety_rule) == ("Safe house", True)
        shared = alone.shown_to_family()
        assert shared.children[0].address == shared.children[0].postcode == ""
        assert not shared.may_see_fact(child.id, "address") and shared.may_see_fact(child.id, "school")
        assert alone.before([child.id]).children[0].address == "Safe house"


def test_a_partner_system_without_a_user_sees_no_family(app, make, borough):
    with app.app_context():
        partner = Actor("partner", 1, "A system", permissions=frozenset({"record.read"}))
        assert listed(partner) == []
        with pytest.raises(NotFound):
            visible_family(borough.family.ref, partner)
