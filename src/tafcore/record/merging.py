"""Deciding whether two records are one person: never by the program, undone whenever somebody finds it wrong."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, text

from tafcore.actor import Actor
from tafcore.contacts.models import ContactPerson
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.families import moving
from tafcore.families.models import FamilyMember
from tafcore.matching import service as matching
from tafcore.matching.models import PersonPair
from tafcore.people import merging
from tafcore.people.models import Person, PersonMerge, SafetyRule
from tafcore.record import rules
from tafcore.record.added import Apart, apart, members_since
from tafcore.record.commands import NotTheSame, PutTogether, TakeApart
from tafcore.record.events import NotOnePerson, RecordsPutTogether, RecordsTakenApart
from tafcore.record.sides import Both, Side, both, pair_of
from tafcore.vocabulary import Subject
from tafcore.work import check, publish

MEANWHILE = "Somebody has decided this meanwhile. Look again"
CHANGED = "Something was said of one of them, or decided, since you looked. Look again before you decide"
LOCK = 7_203_342


def lock() -> None:
    """Nobody else decides on any records meanwhile: one stands for others one step deep, never in a chain."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time as it is
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _lock(ref: str) -> PersonPair:
    """The pair as it is once nobody else decides."""
    lock()
    pair = pair_of(ref)
    session.refresh(pair, with_for_update=True)
    return pair


def _load(ref: str, actor: Actor) -> Both:
    _lock(ref)
    return both(ref, actor, "merge")


def _undecided(found: Both, _command: object) -> list[Problem]:
    return [] if found.pair.state == "open" else [Problem(MEANWHILE)]


def _still_two(found: Both, _command: object) -> list[Problem]:
    return [Problem(MEANWHILE)] if found.pair.state == "merged" else []


def not_the_same(command: NotTheSame, actor: Actor) -> PersonPair:
    """Two records are of two people; the reason stays with the pair."""
    pair = check(command, actor, lambda: _load(command.pair, actor), _undecided).pair
    _decide(pair, "not_same", command.reason, actor)
    publish(NotOnePerson(actor=actor, subject=Subject("person_pair", pair.id, pair.ref), reason=command.reason))
    return pair


def _decide(pair: PersonPair, state: str, reason: str, actor: Actor) -> None:
    pair.state = "merged" if state == "merged" else "not_same"
    pair.reason, pair.decided_by, pair.decided_at = reason, actor.byline, utcnow()
    session.flush()


def put_together(command: PutTogether, actor: Actor) -> PersonMerge:
    """Two records become one person's: a pointer, and nothing moves. The stricter protects both."""
    found = check(command, actor, lambda: _load(command.pair, actor), _still_two, _nothing_in_the_way)
    survivor, merged = _sides(found, command.survivor)
    links = select(ContactPerson.id).where(ContactPerson.person_id == survivor.id)
    kept = session.get_one(Person, survivor.id)
    belongs = select(FamilyMember.id).where(FamilyMember.person_id.in_([survivor.id, merged.id]))
    also = {"links": list(session.scalars(links)), "members": list(session.scalars(belongs))}
    made = merging.put_together(kept, session.get_one(Person, merged.id), command.reason, actor, also)
    found.pair.merge_id = made.id
    _decide(found.pair, "merged", command.reason, actor)
    for family_id in dict.fromkeys((*survivor.family_ids, *merged.family_ids)):
        publish(
            RecordsPutTogether(
                actor=actor,
                subject=Subject("person", survivor.id, survivor.ref),
                family_id=family_id,
                people=(survivor.id, merged.id),
                survivor=survivor.ref,
                merged=merged.ref,
                reason=command.reason,
                line=f"Records {merged.ref} and {survivor.ref} were put together: they are one person",
                audience="workers",
            )
        )
    return made


def _nothing_in_the_way(found: Both, command: PutTogether) -> list[Problem]:
    problems = rules.apart_because(found.low.standing, found.high.standing, found.kept_apart)
    chosen = found.side(command.survivor)
    if chosen is None:
        problems.append(Problem("Choose the record that stays", "survivor"))
    else:
        problems += rules.may_stand(chosen.standing, found.other(chosen).standing)
    if command.seen != found.revision:
        problems.append(Problem(CHANGED))
    return problems


def _sides(found: Both, survivor: str) -> tuple[Side, Side]:
    chosen = found.side(survivor) or found.low
    return chosen, found.other(chosen)


def take_apart(command: TakeApart, actor: Actor) -> PersonMerge:
    """They are two people after all: both records are as they were, with what was added since as somebody assigned it.

    Safety rules set meanwhile go on protecting both, until somebody ends the one that is not needed.
    """

    def load() -> Apart:
        _lock(command.pair)
        return apart(command.pair, actor, "merge")

    found = check(command, actor, load, _whose_each)
    merge, given = found.merge, {part.item: part.to for part in command.parts}
    theirs = {each.item for each in found.view.added if given[each.key] == "merged"}
    links = [number for kind, number in theirs if kind == "link"]
    for row in session.scalars(select(ContactPerson).where(ContactPerson.id.in_(links))):
        row.person_id = merge.merged_id
    for member in members_since(merge):
        whose = merge.merged_id if ("member", member.id) in theirs else merge.survivor_id
        if member.person_id != whose:
            moving.give(member, whose)
    _protect_both(merge)
    merging.take_apart(merge, theirs, command.reason, actor)
    _decide(found.pair, "not_same", command.reason, actor)
    matching.rekey(merge.survivor_id, merge.merged_id)
    for family_id in found.view.family_ids:
        publish(
            RecordsTakenApart(
                actor=actor,
                subject=Subject("person", merge.survivor_id, found.view.survivor),
                family_id=family_id,
                people=(merge.survivor_id, merge.merged_id),
                survivor=found.view.survivor,
                merged=found.view.merged,
                reason=command.reason,
                moved=len(theirs),
                kept=len(found.view.added) - len(theirs),
                line=f"Records {found.view.merged} and {found.view.survivor} were taken apart: they are two people",
                audience="workers",
            )
        )
    return merge


def _whose_each(found: Apart, command: TakeApart) -> Iterable[Problem]:
    given = {part.item for part in command.parts}
    known = {each.key for each in found.view.added}
    if found.view.stands_with:
        yield Problem(found.view.stands_with)
    if given != known or len(command.parts) != len(given):
        yield Problem(CHANGED)


def _protect_both(merge: PersonMerge) -> None:
    both_of = {merge.survivor_id: merge.merged_id, merge.merged_id: merge.survivor_id}
    set_since = select(SafetyRule).where(SafetyRule.ended_at.is_(None), SafetyRule.set_at >= merge.at)
    about = SafetyRule.protected_id.in_(both_of) | SafetyRule.from_id.in_(both_of)
    for row in session.scalars(set_since.where(about)).all():
        session.add(
            SafetyRule(
                protected_id=both_of.get(row.protected_id, row.protected_id),
                from_id=both_of.get(row.from_id, row.from_id),
                facts=row.facts,
                safe_ways=row.safe_ways,
                reason=row.reason,
                set_by=row.set_by,
                set_at=row.set_at,
                review_on=row.review_on,
            )
        )
