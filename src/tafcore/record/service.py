"""The people of a family: who belongs to it, what is known of them, and who must be kept safe from whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import find_by_ref, session, utcnow
from tafcore.episodes import households
from tafcore.families import service as families
from tafcore.families.access import FamilyView, PersonView, visible_family
from tafcore.families.likely import candidates
from tafcore.families.models import Family, FamilyMember
from tafcore.matching.rules import PROBABLY
from tafcore.meetings import guest_list
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import ContactWay, Person, SafetyRule
from tafcore.people.rules import FACTS
from tafcore.record import rules
from tafcore.record.commands import AddPerson, EndSafety, KeepSafe, LearnFacts, PersonLeaves
from tafcore.record.events import FactsLearned, PersonJoined, PersonLeft, SafetyChanged
from tafcore.standards.clock import london_day
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish

STATES = ("called", "born_precision", "gender", "ethnicity", "sen", "disability")


def _view(command: Any, actor: Actor) -> FamilyView:
    return visible_family(command.family, actor, "change", command.scopes)


def _about(person: Person) -> Subject:
    return Subject("person", person.id, person.ref)


def add_person(command: AddPerson, actor: Actor) -> Person:
    """Somebody joins the family. Whoever is probably on record already is not made a second time."""
    view = check(command, actor, lambda: _view(command, actor))
    person = _known(command, actor) if command.known else _new(command, actor)
    details = command.details
    if command.known:
        people.learn(person, details, command.said_by, actor)
    family = session.get_one(Family, view.id)
    member = families.add_member(family, person, details.role, told=command.told)
    if command.household:
        households.place(view.id, member.person_id, [member.person_id], command.household, command.said_by, actor)
    if command.lives_with:
        _live_with(person, view.person(command.lives_with), command.said_by, actor)
    publish(
        PersonJoined(
            actor=actor,
            subject=_about(person),
            family_id=view.id,
            people=(person.id,),
            known=bool(command.known),
            role=details.role,
            line=f"{_name(person, details)} was added to the family",
        )
    )
    return person


def _known(command: AddPerson, actor: Actor) -> Person:
    """A person on record whom the actor was offered and may see: joining a family opens their record to its workers."""
    offered = {one.person_id for one in candidates(command.details, actor) if one.entitled and not one.restricted}
    person = find_by_ref(Person, str(command.known))
    if person is None or person.id not in offered:
        raise Refused([Problem("Choose one of the people offered", "known")])
    return person


def _new(command: AddPerson, actor: Actor) -> Person:
    details = command.details
    if not (details.forename or details.surname) and details.role != "unborn":
        raise Refused([Problem("Enter a name", "forename")])
    if not command.none_of_them and any(one.score >= PROBABLY for one in candidates(details, actor)):
        raise Refused([Problem("Somebody on record is probably this person: say whether it is them", "known")])
    return people.make_person(details, command.said_by, actor)


def _live_with(person: Person, other: PersonView, said_by: str, actor: Actor) -> None:
    if other.address or other.postcode:
        kind = other.address_kind or "permanent"
        people.live_at(person, other.address, other.postcode or None, kind, None, said_by, actor)


def learn(command: LearnFacts, actor: Actor) -> Person:
    """What is known of somebody now; each fact with who said it. Nothing that was said before is lost."""
    view = check(command, actor, lambda: _view(command, actor), _known_codes)
    person = session.get_one(Person, view.person(command.person).id)
    changed = _state(person, command, actor)
    details = command.details
    people.learn(person, details.model_copy(update={"address": None, "postcode": None}), command.said_by, actor)
    changed += [name for name in details.model_fields_set - {"role"} if getattr(details, name) is not None]
    if details.address or details.postcode or command.address_kind == "none":
        place = (details.address or "", details.postcode, command.address_kind, command.address_since)
        people.live_at(person, *place, command.said_by, actor)
        changed.append("address")
    changed += _stop_using(view.person(command.person), command.stop_using)
    changed += _membership(view, view.person(command.person), command, actor)
    publish(
        FactsLearned(
            actor=actor,
            subject=_about(person),
            family_id=view.id,
            people=(person.id,),
            facts=tuple(sorted(set(changed))),
            line=f"What is known of {view.name_of(person.id)} was brought up to date",
        )
    )
    return person


def _known_codes(_view: FamilyView, command: LearnFacts) -> list[Problem]:
    if command.ethnicity and command.ethnicity not in rules.ETHNICITIES:
        return [Problem("Choose an ethnic group from the list", "ethnicity")]
    return []


def _state(person: Person, command: LearnFacts, actor: Actor) -> list[str]:
    """The facts that PersonDetails does not carry."""
    found = {name: getattr(command, name) for name in STATES}
    told = [name for name, value in found.items() if value]
    for name in told:
        people.state(person, name, found[name], command.said_by, actor)
    if command.former_name:
        people.add_former_name(person, command.former_name, command.said_by, actor)
        told.append("former_name")
    if command.gp:
        people.tell(person, "gp", command.gp, command.said_by, actor)
        told.append("gp")
    return told


def _stop_using(person: PersonView, values: Iterable[str]) -> list[str]:
    """Numbers and addresses of mail nobody may use any more; they stay on record with the day they ended."""
    ended = update(ContactWay).where(ContactWay.person_id.in_(person.records), ContactWay.value.in_(list(values)))
    session.execute(ended.values(until_day=london_day(utcnow())))
    return ["contact"] if values else []


def _membership(view: FamilyView, person: PersonView, command: LearnFacts, actor: Actor) -> list[str]:
    if command.household:
        households.place(view.id, person.id, person.records, command.household, command.said_by, actor)
    if command.told:
        mine = (
            FamilyMember.family_id == view.id,
            FamilyMember.person_id.in_(person.records),
            FamilyMember.left.is_(None),
        )
        session.execute(update(FamilyMember).where(*mine).values(told=command.told))
    return [name for name in ("household", "told") if getattr(command, name)]


def leaves(command: PersonLeaves, actor: Actor) -> None:
    """Somebody no longer belongs to the family; what was recorded stays."""
    view = check(command, actor, lambda: _view(command, actor))
    person = view.person(command.person)
    if len(view.people) == 1:
        raise Refused([Problem("A family has at least one person", "person")])
    mine = (FamilyMember.family_id == view.id, FamilyMember.person_id.in_(person.records), FamilyMember.left.is_(None))
    session.execute(update(FamilyMember).where(*mine).values(left=london_day(utcnow())))
    households.gone(view.id, person.records)
    guest_list.left_family(view.id, person.records, actor)
    publish(
        PersonLeft(
            actor=actor,
            subject=Subject("person", person.id, person.ref),
            family_id=view.id,
            people=(person.id,),
            reason=command.reason,
            line=f"{person.name} no longer belongs to the family",
        )
    )


def keep_safe(command: KeepSafe, actor: Actor) -> SafetyRule:
    """Facts about one person are kept from another from now on, in every output."""
    today = london_day(utcnow())

    def whole(_view: FamilyView, asked: KeepSafe) -> list[Problem]:
        return rules.safe_rule(asked.protected, asked.danger, asked.facts, asked.review_on, today)

    view = check(command, actor, lambda: _view(command, actor), whole)
    protected, danger = view.person(command.protected), view.person(command.danger)
    made = people.protect(
        protected.id, danger.id, set(command.facts), command.reason, command.review_on, actor, command.safe_ways
    )
    guest_list.keep_apart(protected.id, danger.id, actor)
    _safety(
        view, made, False, actor, "A safety rule was set: " + ", ".join(FACTS[one].lower() for one in command.facts)
    )
    return made


def end_safety(command: EndSafety, actor: Actor) -> SafetyRule:
    """A safety rule ends; it stays on record."""
    view = check(command, actor, lambda: _view(command, actor))
    mine = select(SafetyRule).where(
        SafetyRule.id == command.rule, SafetyRule.protected_id.in_(view.ids), SafetyRule.ended_at.is_(None)
    )
    rule = session.scalar(mine)
    if rule is None:
        raise NotFound
    rule.ended_at = utcnow()
    _safety(view, rule, True, actor, f"A safety rule was ended: {command.reason}")
    return rule


def _safety(view: FamilyView, rule: SafetyRule, ended: bool, actor: Actor, line: str) -> None:
    publish(
        SafetyChanged(
            actor=actor,
            subject=Subject("safety_rule", rule.id, view.ref),
            family_id=view.id,
            people=tuple(one for one in (rule.protected_id, rule.from_id) if view.may_see(one)),
            rule_id=rule.id,
            facts=rule.facts,
            ended=ended,
            line=line,
            audience="workers",
        )
    )


def _name(person: Person, details: PersonDetails) -> str:
    return " ".join(part for part in (person.called or person.forename, person.surname) if part) or details.label
