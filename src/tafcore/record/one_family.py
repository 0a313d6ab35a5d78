"""One family on two records: what may be one, putting them together, and taking them apart again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from tafcore.actor import Actor
from tafcore.contacts import rules as contact_rules
from tafcore.contacts.models import Contact
from tafcore.contributions import Problem
from tafcore.db import rows_of, session
from tafcore.families import same
from tafcore.families.access import FamilyView, times, visible, visible_family, visible_family_by_id
from tafcore.families.models import Family, FamilyMember, FamilyMerge
from tafcore.families.same import stands
from tafcore.families.whom import duty_line
from tafcore.record.commands import OneFamily, TwoFamilies
from tafcore.record.events import FoundOneFamily, FoundTwoFamilies
from tafcore.record.merging import MEANWHILE, lock
from tafcore.steps.models import Step
from tafcore.steps.rules import IN_HAND
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, check, publish

MOST = 10
"""Other families with somebody in common that are offered."""


@dataclass(frozen=True)
class OtherRecord:
    """Another record of the same family. `goes_on`: work goes on there. Without `seen` the actor may not open it, and
    rings instead."""

    ref: str
    goes_on: bool
    seen: bool
    ring: str


_KEPT, _OTHER = aliased(Family), aliased(Family)
_OTHERS = (
    select(_OTHER.id, _OTHER.ref, _OTHER.same_as_id)
    .select_from(_KEPT)
    .join(_OTHER, or_(_OTHER.same_as_id == stands(_KEPT), _OTHER.id == _KEPT.same_as_id))
    .where(_KEPT.id == bindparam("family"), _OTHER.id != _KEPT.id)
    .order_by(_OTHER.same_as_id.is_not(None), _OTHER.id)
)


def other_records(view: FamilyView, actor: Actor) -> Sequence[OtherRecord]:
    """The other records of this family, the one that goes on first. No statement where there are none, else two."""
    if not view.twice:
        return ()
    rows = rows_of(_OTHERS, family=view.id)
    mine = select(Family.id).where(Family.id.in_([row.id for row in rows]), visible(actor))
    seen = set(session.scalars(mine, times()))
    return tuple(OtherRecord(row.ref, row.same_as_id is None, row.id in seen, duty_line()) for row in rows)


@dataclass(frozen=True)
class Candidate:
    """Another family with somebody in common, as whoever decides sees it; `both` are who belongs to both."""

    ref: str
    name: str
    people: tuple[str, ...]
    both: tuple[str, ...]
    open: bool


def candidates(view: FamilyView, actor: Actor) -> Sequence[Candidate]:
    """Other families, seen whole, to which somebody of this one belongs too, by whichever record."""
    here = (
        select(FamilyMember.family_id)
        .join(Family, Family.id == FamilyMember.family_id)
        .where(FamilyMember.person_id.in_(view.ids), FamilyMember.left.is_(None), Family.id != view.id)
        .where(Family.same_as_id.is_(None), Family.recorded_in_error.is_(None), visible(actor))
        .distinct()
        .limit(MOST)
    )
    ids = sorted(session.scalars(here, times()))
    others = (visible_family_by_id(one, actor, "merge").shown_to_family() for one in ids)
    return tuple(
        Candidate(
            other.ref,
            other.name,
            tuple(one.name_age for one in other.people),
            tuple(one.name for one in other.people if view.may_see(one.id)),
            other.open_since is not None,
        )
        for other in others
        if other.whole
    )


@dataclass(frozen=True)
class Joined:
    """That the record `merged` was found to be of the same family as `survivor`."""

    survivor: str
    merged: str
    by: str
    at: datetime
    reason: str


def joined(view: FamilyView) -> Joined | None:
    """Why this record leads to another, where it does."""
    merge = _live(view.id)
    if merge is None:
        return None
    survivor = session.get_one(Family, merge.survivor_id)
    return Joined(survivor.ref, view.ref, merge.by, merge.at, merge.reason)


def _live(merged_id: int) -> FamilyMerge | None:
    here = select(FamilyMerge).where(FamilyMerge.merged_id == merged_id, FamilyMerge.undone_at.is_(None))
    return session.scalar(here)


@dataclass(frozen=True)
class Two:
    """Both records, and both as whoever decides sees them."""

    goes_on: FamilyView
    leads: FamilyView
    survivor: Family
    merged: Family


def _both(survivor: str, merged: str, actor: Actor) -> Two:
    lock()
    goes_on, leads = (visible_family(ref, actor, "merge") for ref in (survivor, merged))
    return Two(goes_on, leads, _locked(goes_on.id), _locked(leads.id))


def _locked(family_id: int) -> Family:
    return session.get_one(Family, family_id, with_for_update=True, populate_existing=True)


def put_together(command: OneFamily, actor: Actor) -> FamilyMerge:
    """Two records become one family's: the one leads to the other, and nothing moves. Each goes on opening to its own
    reasons alone; what keeps somebody out of either keeps them out of both."""
    found = check(command, actor, lambda: _both(command.family, command.other, actor), _in_the_way)
    made = same.put_together(found.survivor, found.merged, command.reason, actor)
    line = f"{found.merged.ref} was found to be the same family, which goes on as {found.survivor.ref}"
    _tell(FoundOneFamily, found.survivor, found.merged, command.reason, line, actor)
    return made


def _in_the_way(found: Two, _command: OneFamily) -> Iterable[Problem]:
    goes_on, leads = found.survivor, found.merged
    if goes_on.id == leads.id:
        yield Problem("Choose two different records", "other")
        return
    for view in (found.goes_on, found.leads):
        if not view.whole:
            yield Problem(f"You do not see everybody of {view.ref}. Ring {duty_line()}: whoever decides sees them all")
    if goes_on.same_as_id is not None or leads.same_as_id is not None:
        yield Problem(MEANWHILE)
    if session.scalar(select(Family.id).where(Family.same_as_id == leads.id).limit(1)) is not None:
        yield Problem(f"Choose {leads.ref} as the one that goes on: another record leads to it", "other")
    if _kept_safe(found.goes_on, found.leads) or _kept_safe(found.leads, found.goes_on):
        yield Problem(
            "Somebody in one record is kept safe from somebody in the other. Leave them two families", "other"
        )
    if not found.goes_on.ids & found.leads.ids:
        yield Problem("Nobody belongs to both. Put the records of a person together first", "other")
    if leads.open_since is not None:
        yield Problem(f"Early help is open in {leads.ref}. Let that one go on, or close help there first", "other")
    contact = select(Contact.ref).where(Contact.family_id == leads.id, Contact.state.in_(sorted(contact_rules.OPEN)))
    for ref in session.scalars(contact):
        yield Problem(f"Contact {ref} about {leads.ref} still waits for an answer. Answer it first", "other")
    step = select(Step.ref).where(Step.family_id == leads.id, Step.state.in_(sorted(IN_HAND)))
    for ref in session.scalars(step):
        yield Problem(f"{ref}, a step of {leads.ref}, still waits for somebody. End it first", "other")


def _kept_safe(one: FamilyView, other: FamilyView) -> bool:
    """Whether a rule keeps somebody of `one` safe from somebody whom only `other` knows."""
    return any(protected in one.ids and kept_from in other.ids - one.ids for protected, kept_from, _ in one.safety)


def take_apart(command: TwoFamilies, actor: Actor) -> FamilyMerge:
    """They are two families after all. Nothing was moved, so nothing moves back."""

    def load() -> tuple[FamilyMerge, Family]:
        lock()
        view = visible_family(command.family, actor, "merge")
        merge = _live(view.id)
        if merge is None:
            raise NotFound
        return merge, visible_survivor(merge, actor)

    merge, survivor = check(command, actor, load)
    merged = session.get_one(Family, merge.merged_id)
    same.take_apart(merge, command.reason, actor)
    line = f"{merged.ref} and {survivor.ref} are two families after all"
    _tell(FoundTwoFamilies, survivor, merged, command.reason, line, actor)
    return merge


def _tell(
    event: type[FoundOneFamily | FoundTwoFamilies],
    survivor: Family,
    merged: Family,
    reason: str,
    line: str,
    actor: Actor,
) -> None:
    """The event of each record."""
    for family in (survivor, merged):
        publish(
            event(
                actor=actor,
                subject=Subject("family", family.id, family.ref),
                family_id=family.id,
                survivor=survivor.ref,
                merged=merged.ref,
                reason=reason,
                line=line,
                audience="workers",
            )
        )


def visible_survivor(merge: FamilyMerge, actor: Actor) -> Family:
    """The record that goes on, where the actor sees it; NotFound otherwise."""
    return session.get_one(Family, visible_family_by_id(merge.survivor_id, actor, "merge").id)


def leads_to(ref: str) -> str | None:
    """The reference of the record by which the family of `ref` goes on, where that is another."""
    here, on = aliased(Family), aliased(Family)
    found: str | None = session.scalar(
        select(on.ref).join(here, and_(here.same_as_id == on.id, here.ref == ref)).limit(1)
    )
    return found
