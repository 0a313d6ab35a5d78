"""MASH check: what early help is to a family, in a summary, for an enquiry that MASH has; for a short time, reviewed.

It opens no record: nothing but the summary is shown, and that by no AccessRule. A bar, a seal and a restricted person
are stronger: what they keep, and what there is not, answer in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, or_, select, true

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import find_by_ref, session, utcnow
from tafcore.families import service as families
from tafcore.families.access import managed, shut, times
from tafcore.families.models import Family
from tafcore.families.same import stands
from tafcore.families.whom import duty_line
from tafcore.matching import service as matching
from tafcore.matching.rules import PROBABLY
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person
from tafcore.people.service import fresh_ref
from tafcore.references import BadReference, read_ref
from tafcore.sharing import rules
from tafcore.sharing.commands import CheckByMash, ReviewMashCheck
from tafcore.sharing.events import MashAnswered, MashChecked, MashCheckReviewed
from tafcore.sharing.glass import restricted
from tafcore.sharing.models import MashCheck
from tafcore.standards import service as standards
from tafcore.vocabulary import Subject
from tafcore.work import NotAllowed, NotFound, Refused, check, publish

REVIEWED = "Somebody has reviewed it meanwhile"
SEVERAL = "Several people answer to that. Give a reference, or ring {line}"


def nothing_told() -> str:
    """What is said of a family that is kept from somebody, and of one that there is not."""
    return f"Nothing that can be told answers to that. Check each letter and the birth date, or ring {duty_line()}"


def ask(command: CheckByMash, actor: Actor) -> Sequence[MashCheck]:
    """Open the summary of the families meant until the standard's time is over; empty where nothing is told, which is
    on record too."""
    check(command, actor, lambda: actor, rules.whole_check)
    if actor.user_id is None:
        raise NotAllowed(command.permission)
    meant = _meant(command)
    rows = select(Family).where(Family.id.in_(meant), ~shut(actor), ~restricted(Family.id)).order_by(Family.id)
    found = session.scalars(rows, times()).all()
    made = [_opened(family, command, actor) for family in found]
    if not made:
        kept = meant[0] if meant else None
        told = MashAnswered(
            actor=actor,
            subject=Subject("family", kept or 0),
            family_id=kept,
            asked=command.reference or "by name and birth date",
            enquiry=command.enquiry,
            kept=kept is not None,
        )
        publish(told)
    return made


def _meant(command: CheckByMash) -> Sequence[int]:
    """Ids of the families, by which work goes on, of whoever is asked about."""
    if command.reference:
        try:
            ref = read_ref(command.reference)
        except BadReference as bad:
            raise Refused([Problem(str(bad), "reference")]) from bad
        if ref.startswith("F-"):
            return session.scalars(select(stands()).where(Family.ref == ref)).all()
        person = session.scalar(select(Person.id).where(Person.ref == ref))
        return families.families_of(person) if person is not None else []
    told = PersonDetails(role="child", forename=command.forename, surname=command.surname, born=command.born)
    likely = matching.matches(matching.traits_told(told), 5, PROBABLY)
    born = select(Person.id).where(Person.id.in_(likely), Person.born == command.born)
    people = session.scalars(born).all()
    if len(people) > 1 and len({frozenset(families.families_of(one)) for one in people}) > 1:
        raise Refused([Problem(SEVERAL.format(line=duty_line()), "surname")])
    return families.families_of(people[0]) if people else []


def _opened(family: Family, command: CheckByMash, actor: Actor) -> MashCheck:
    now = utcnow()
    made = MashCheck(ref=fresh_ref(MashCheck, "Y"), family_id=family.id, user_id=actor.user_id, by=actor.byline)
    made.enquiry, made.reason, made.at = command.enquiry, command.reason, now
    made.until_at, made.review_due = standards.due("mash_check_ends", now), standards.due("mash_check_review", now)
    session.add(made)
    session.flush()
    publish(
        MashChecked(
            actor=actor,
            subject=Subject("mash_check", made.id, made.ref),
            family_id=family.id,
            family_ref=family.ref,
            enquiry=made.enquiry,
            reason=made.reason,
            until=made.until_at,
            line="MASH asked whether early help is open, and saw the summary",
            audience="workers",
        )
    )
    return made


def find(ref: str, actor: Actor) -> MashCheck:
    """A check of the actor's own, or one that they review; NotFound for any other, and where it is kept from them."""
    try:
        made = find_by_ref(MashCheck, read_ref(ref, "Y"))
    except BadReference as bad:
        raise NotFound from bad
    if made is None or not (is_own(made, actor) or reviews(made, actor)):
        raise NotFound
    return made


def is_own(made: MashCheck, actor: Actor) -> bool:
    """Whether the actor asked, and nothing keeps the family from them since."""
    here = select(Family.id).where(Family.id == made.family_id, ~shut(actor), ~restricted(Family.id))
    mine = made.user_id == actor.user_id and actor.may("sharing.mash_check")
    return mine and session.scalar(here, times()) is not None


def is_open(made: MashCheck, actor: Actor) -> bool:
    """Whether the summary is open to the actor now."""
    return made.until_at > utcnow() and is_own(made, actor)


def reviewable(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family: checks of it are for this actor to review. Run with `times()`."""
    all_of_them = true() if actor.may("sharing.review_all_glass") else managed(actor)
    return and_(all_of_them, ~shut(actor))


def reviews(made: MashCheck, actor: Actor) -> bool:
    here = select(Family.id).where(Family.id == made.family_id, reviewable(actor))
    mine = actor.may("sharing.review_mash_check") and made.user_id != actor.user_id
    return mine and session.scalar(here, times()) is not None


def review(command: ReviewMashCheck, actor: Actor) -> MashCheck:
    """What a reviewer found; what was not justified is closed, too."""

    def load() -> MashCheck:
        made = find(command.mash_check, actor)
        if not reviews(made, actor):
            raise NotAllowed(command.permission)
        session.refresh(made, with_for_update=True)
        return made

    made = check(command, actor, load, _waits)
    made.reviewed_at, made.reviewed_by = utcnow(), actor.byline
    made.outcome, made.found = command.outcome, command.found
    if command.outcome == "not_justified":
        made.until_at = min(made.until_at, utcnow())
    session.flush()
    publish(
        MashCheckReviewed(
            actor=actor,
            subject=Subject("mash_check", made.id, made.ref),
            family_id=made.family_id,
            user_id=made.user_id,
            outcome=command.outcome,
            found=command.found,
        )
    )
    return made


def _waits(made: MashCheck, _command: ReviewMashCheck) -> Iterable[Problem]:
    if made.reviewed_at is not None:
        yield Problem(REVIEWED)


def answers(q: str) -> ColumnElement[bool]:
    """Whose enquiry or user's name holds what was typed, or that have the reference typed, of either kind."""
    try:
        ref = read_ref(q)
    except BadReference:
        return or_(MashCheck.enquiry.icontains(q, autoescape=True), MashCheck.by.icontains(q, autoescape=True))
    return or_(MashCheck.ref == ref, Family.ref == ref)
