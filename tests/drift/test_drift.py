"""What drift says of real families, to whom, and in how many statements."""

import re
from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import update

from tafcore import hooks
from tafcore.assessments import service as assessments
from tafcore.assessments.commands import RecordVisit
from tafcore.assessments.models import VisitPerson
from tafcore.contributions import DriftRule
from tafcore.db import clock_at, session, utcnow, writing
from tafcore.drift import reading
from tafcore.families.access import visible_family
from tafcore.families.models import Family
from tafcore.people.models import Person
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddGoal, AddNeed
from tafcore.standards.clock import london_day
from tafcore.testing import settled


@settled
def borough(app, make):
    team = make.team("Larch hub")
    found = SimpleNamespace(
        manager=make.user("early_help_manager", team=team),
        lead=make.user(name="A. Patel", organisation=make.organisation("school", "Elm Row Primary")),
        member=make.user(organisation=make.organisation("vcs")),
        board=make.user("board_member"),
        elsewhere=make.user("early_help_manager", team=make.team("Rowan hub")),
        family=make.family(team),
        without=make.family(team, name="Marlow", children=1),
    )
    make.episode(found.family, found.manager, found.lead)
    make.member(found.family, found.lead, found.member)
    make.episode(found.without, found.manager)
    return found


def do(app, make, user, function, command):
    who = make.actor(user)
    with app.app_context(), writing():
        return function(command, who)


def test_facts_become_sentences_as_time_passes(app, make, borough):
    ref = borough.family.ref
    need = do(app, make, borough.lead, plans.add_need, AddNeed(family=ref, words="Cold flat", outcome=9))
    day = london_day(utcnow()) + timedelta(days=30)
    goal = do(app, make, borough.lead, plans.add_goal, AddGoal(family=ref, need=need.ref, words="Warm", due=day))
    action = AddAction(family=ref, goal=goal.ref, words="Ask", due=day, owner_user=borough.lead.id)
    do(app, make, borough.lead, plans.add_action, action)
    with app.app_context():
        child = visible_family(ref, make.actor(borough.lead)).children[0]
    seen = RecordVisit(family=ref, venue="school", children=({"person": child.ref, "seen": "alone"},))
    do(app, make, borough.lead, assessments.record_visit, seen)
    both = [borough.family.id, borough.without.id]
    with app.app_context():
        assert reading.sentences(both, utcnow()) == {}
        later = reading.sentences(both, utcnow() + timedelta(days=71))
    said = later[borough.family.id]
    assert "Child0 was last seen 71 days ago" in said
    assert "Child1 has not been seen in the 71 days since early help opened" in said
    assert "No TAF is planned; none was held yet" in said
    assert any(sentence.startswith("No action has moved since ") for sentence in said)
    assert not any("lead professional" in sentence for sentence in said)
    assert any(sentence.startswith("No lead professional since ") for sentence in later[borough.without.id])


def test_a_child_on_two_records_is_spoken_of_once(app, make, borough):
    with app.app_context(), writing():
        kept, other = visible_family(borough.family.ref, make.actor(borough.lead)).children
        session.get_one(Person, other.id).canonical_id = kept.id
    seen = RecordVisit(family=borough.family.ref, venue="school", children=({"person": kept.ref, "seen": "alone"},))
    do(app, make, borough.lead, assessments.record_visit, seen)
    with app.app_context(), writing():
        session.execute(update(VisitPerson).values(person_id=other.id))
    with app.app_context():
        said = reading.sentences([borough.family.id], utcnow() + timedelta(days=71))[borough.family.id]
    assert [one for one in said if one.startswith("Child")] == ["Child0 was last seen 71 days ago"]


def test_every_rule_can_be_asked(app, borough):
    with app.app_context():
        for rule in hooks.drift_rules():
            assert all(isinstance(sentence, str) for _, sentence in rule.find(utcnow(), [borough.family.id]))


def test_only_lead_and_manager_hear_and_never_on_a_shared_screen(app, make, borough):
    later = utcnow() + timedelta(days=71)
    with app.app_context():
        for user, hears in ((borough.lead, True), (borough.manager, True), (borough.member, False)):
            view = visible_family(borough.family.ref, make.actor(user))
            assert bool(reading.of_view(view, later)) is hears
            assert reading.of_view(view.shown_to_family(), later) == ()


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_the_page_lists_one_s_own_families(sign_in, borough):
    with clock_at(utcnow() + timedelta(days=71)):
        manager = text(sign_in(borough.manager).get("/drift"))
        assert borough.family.ref in manager and borough.without.ref in manager and "A. Patel" in manager
        lead = text(sign_in(borough.lead).get("/drift"))
        assert borough.family.ref in lead and borough.without.ref not in lead
        assert "You lead or manage no open family" in text(sign_in(borough.member).get("/drift"))
        assert "You lead or manage no open family" in text(sign_in(borough.elsewhere).get("/drift"))
        assert sign_in(borough.board).get("/drift").status_code == 403
        found = text(sign_in(borough.manager).post("/drift", data={"q": "marl"}))
        assert borough.without.ref in found and borough.family.ref not in found
    assert "Help is moving for all 2 open families" in text(sign_in(borough.manager).get("/drift"))


def test_a_rule_that_fails_silences_no_other(app, borough, monkeypatch):
    def broken(now, family_ids):
        raise RuntimeError("a sector's fault")

    with app.app_context():
        rules = [DriftRule("broken", "Broken", broken), *hooks.drift_rules()]
        monkeypatch.setattr(hooks, "drift_rules", lambda: rules)
        assert reading.sentences([borough.family.id], utcnow() + timedelta(days=71))


def test_statements_do_not_grow_with_families(app, make, borough, counting):
    def statements():
        with app.app_context():
            ids = [row.id for row in session.query(Family)]
            with counting() as sent:
                reading.sentences(ids, utcnow() + timedelta(days=71))
            return len(sent)

    few = statements()
    for name in ("Ash", "Birch", "Cedar"):
        make.episode(make.family(borough.manager.team, name=name), borough.manager)
    assert statements() == few
