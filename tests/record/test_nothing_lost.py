"""Whatever is corrected, withdrawn or ended: what somebody said before stays on record as they said it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tafcore import db
from tafcore.episodes import households
from tafcore.episodes.commands import SetHousehold
from tafcore.episodes.models import HouseholdStay
from tafcore.families.access import visible_family
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Address, ContactWay, PersonStatement, Relationship, Responsibility, SafetyRule
from tafcore.record import people, relating, service
from tafcore.record.commands import (
    EndRelation,
    EndSafety,
    KeepSafe,
    LearnFacts,
    PersonLeaves,
    RecordResponsibility,
    Relate,
)
from tafcore.record.relations import relations_of
from tafcore.sharing import service as sharing
from tafcore.sharing.commands import RecordAgreement, WithdrawAgreement
from tafcore.sharing.models import Agreement
from tafcore.standards.clock import london_day

SAID = {
    PersonStatement: ("person_id", "field", "value", "said_by", "recorded_by"),
    Address: ("person_id", "text", "postcode"),
    ContactWay: ("person_id", "kind", "value"),
    Relationship: ("person_id", "other_id", "kind", "from_day", "said_by", "recorded_by"),
    Responsibility: ("relationship_id", "held", "from_day", "said_by", "recorded_by"),
    SafetyRule: ("protected_id", "from_id", "facts", "reason", "set_by"),
    Agreement: ("person_id", "status", "scope", "told", "reason", "recorded_by"),
    HouseholdStay: ("person_id", "lives", "when", "said_by", "recorded_by"),
}
"""What people said, in each table, as they said it; when it stopped being so may be added."""

facts = st.fixed_dictionaries(
    {},
    optional={
        "surname": st.sampled_from(["Okoro", "Cole"]),
        "born": st.sampled_from([date(2018, 5, 4), date(2018, 4, 5)]),
        "language": st.sampled_from(["Igbo", "Polish"]),
        "address": st.sampled_from(["1 High Street", "2 Low Street"]),
        "phone": st.sampled_from(["020 7946 0111", "020 7946 0222"]),
    },
)
who = st.sampled_from(["mother", "father", "jack"])
steps = st.one_of(
    st.tuples(st.just("learn"), who, facts),
    st.tuples(st.just("agree"), who, st.sampled_from(["agreed", "not_now"])),
    st.tuples(st.just("withdraw"), who, st.none()),
    st.tuples(st.just("stop"), who, st.none()),
    st.tuples(st.just("household"), st.just("father"), st.booleans()),
    st.tuples(st.just("safe"), st.just("mother"), st.booleans()),
    st.tuples(st.just("relate"), who, st.sampled_from(["guardian", "of_guardian", "partner"])),
    st.tuples(st.just("hold"), who, st.sampled_from(["yes", "no", "unknown"])),
    st.tuples(st.just("end"), who, st.booleans()),
)


def on_record() -> set[tuple]:
    """Every statement there is, by its table and row."""
    return {
        (table.__tablename__, *row)
        for table, columns in SAID.items()
        for row in db.session.execute(select(table.id, *(getattr(table, name) for name in columns)))
    }


def take(home, step, actor) -> None:
    verb, name, what = step
    person, at = getattr(home, name), {"family": home.family.ref}
    view = visible_family(home.family.ref, actor)
    role = {"jack": "child"}.get(name, name)
    if verb == "learn":
        details = PersonDetails(role=role, **what)
        service.learn(LearnFacts(**at, person=person.ref, details=details, said_by="Somebody"), actor)
    elif verb == "stop":
        ways = tuple(way[1] for way in view.person(person.ref).ways)
        nothing = PersonDetails(role=role)
        service.learn(LearnFacts(**at, person=person.ref, details=nothing, stop_using=ways, said_by="They"), actor)
    elif verb == "agree":
        reason = {"reason": "Too much", "plan_b": "Ring in May", "follow_up_on": london_day(db.utcnow())}
        more = reason if what == "not_now" else {"scope": ("school",), "told": "What we share"}
        sharing.record_agreement(RecordAgreement(**at, person=person.ref, status=what, **more), actor)
    elif verb == "withdraw":
        if any(row.status == "agreed" and row.person_id == person.id for row in in_force()):
            sharing.withdraw_agreement(WithdrawAgreement(**at, person=person.ref, reason="Changed my mind"), actor)
    elif verb == "household":
        there = {"lives": (person.ref,), "stays": (home.jack.ref,), "when": "Sundays"} if what else {}
        households.set_household(
            SetHousehold(**at, person=person.ref, name="Ben's flat", said_by="Ben", **there), actor
        )
    elif verb in ("relate", "hold", "end"):
        tie(home, verb, person, what, view, actor)
    elif what:
        day = london_day(db.utcnow()) + timedelta(days=9)
        rule = {"protected": person.ref, "danger": home.father.ref, "facts": ("address",), "review_on": day}
        service.keep_safe(KeepSafe(**at, reason="Told us", **rule), actor)
    else:
        for one in db.session.scalars(select(SafetyRule.id).where(SafetyRule.ended_at.is_(None))).all():
            service.end_safety(EndSafety(**at, rule=one, reason="A mistake"), actor)


def tie(home, verb, person, what, view, actor) -> None:
    """Somebody is related to Sofia, or one of their relationships ends, or who has parental responsibility changes."""
    known, asked = relations_of(view), {"family": home.family.ref, "said_by": "Ada"}
    theirs = [one for one in known.now if person.id in (one.who.id, one.whom.id)]
    if verb == "relate" and not [one for one in theirs if home.sofia.id in (one.who.id, one.whom.id)]:
        relating.relate(Relate(**asked, person=person.ref, other=home.sofia.ref, kind=what), actor)
    elif verb == "hold" and (children := [one for one in theirs if one.may_hold]):
        relating.hold(RecordResponsibility(**asked, relation=children[0].id, held=what), actor)
    elif verb == "end" and theirs:
        until = None if what else london_day(db.utcnow())
        relating.end(EndRelation(**asked, relation=theirs[0].id, until=until, mistake=what), actor)


def in_force() -> list[Agreement]:
    return list(db.session.scalars(select(Agreement).where(Agreement.ended_at.is_(None))))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taken=st.lists(steps, min_size=1, max_size=6), leaver=st.sampled_from(["mother", "jack"]))
def test_nothing_said_is_lost_by_correction_withdrawal_or_leaving(home, taken, leaver):
    with home.app.app_context(), db.writing():
        manager = home.make.actor(home.manager)
        for step in [*taken, ("agree", "mother", "agreed"), ("withdraw", "mother", None)]:
            before = on_record()
            take(home, step, manager)
            db.session.flush()
            assert before <= on_record(), step
        view = visible_family(home.family.ref, manager)
        told = [one for person in people.people_of(view).people for one in person.statements]
        kept = [row for row in on_record() if row[0] == "person_statement" and row[3] in people.STATED]
        assert len(told) == len(kept), "whoever works with the family still reads every one"
        read = relations_of(view).all
        rows = [row for row in on_record() if row[0] == "relationship"]
        assert {number for one in read for number in one.ids} == {row[1] for row in rows}
        held = [row for row in on_record() if row[0] == "parental_responsibility"]
        assert sum(len(one.held) for one in read) == len(held)
        before = on_record()
        gone = PersonLeaves(family=home.family.ref, person=getattr(home, leaver).ref, reason="Moved")
        service.leaves(gone, manager)
        db.session.flush()
        assert before <= on_record()
        view = visible_family(home.family.ref, manager)
        theirs = {row[1] for row in rows if {row[2], row[3]} & view.ids}
        assert theirs <= {number for one in relations_of(view).all for number in one.ids}
        db.session.rollback()
