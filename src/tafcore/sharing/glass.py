"""Break-glass: seeing a family at once without any other reason, for a short time, alerted and reviewed.

A bar, a seal and a restricted person are stronger: what they keep, and what does not exist, answer in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal, null, or_, select, true

from tafcore.accounts.models import Team, User, UserRole
from tafcore.actor import Actor
from tafcore.contributions import AccessRule, Problem
from tafcore.db import find_by_ref, session, utcnow
from tafcore.families import grants
from tafcore.families.access import EVERYTHING, NOW, managed, shut, times, visible
from tafcore.families.models import Family, FamilyMember
from tafcore.families.whom import duty_line
from tafcore.people.models import Person
from tafcore.people.same import is_restricted
from tafcore.people.service import fresh_ref
from tafcore.references import BadReference, read_ref
from tafcore.sharing import rules
from tafcore.sharing.commands import BreakGlass, EndGlass, ReviewGlass
from tafcore.sharing.events import GlassBroken, GlassEnded, GlassHeld, GlassReviewed
from tafcore.sharing.models import BrokenGlass
from tafcore.standards import service as standards
from tafcore.standards import words
from tafcore.standards.clock import london_day
from tafcore.trail.reading import happened
from tafcore.vocabulary import Subject
from tafcore.work import NotAllowed, NotFound, Refused, check, publish

ENDED = "It has ended already"
REVIEWED = "Somebody has reviewed it meanwhile"


def access_rule() -> AccessRule:
    """Whoever broke the glass sees the whole record, changes nothing by that, and no longer than its time."""
    granted: Any = select(
        BrokenGlass.user_id, BrokenGlass.family_id, null().label("person_id"), BrokenGlass.until_at
    ).where(BrokenGlass.until_at > NOW, ~restricted(BrokenGlass.family_id))
    return AccessRule("glass", "In an emergency, by break-glass", "glass", EVERYTHING, granted, without_agreement=True)


def nothing_opened() -> str:
    """What is said of a family that is kept from somebody, and of one that there is not."""
    return f"Nothing was opened. Check each letter with whoever gave you the reference, or ring {duty_line()}"


def break_glass(command: BreakGlass, actor: Actor) -> Sequence[BrokenGlass]:
    """Open these families to the actor until the standard's time is over; empty where nothing opens, which is on record
    too."""
    check(command, actor, lambda: actor.key, rules.said_why, _not_guessing)
    asked = [_read(ref) for ref in command.families]
    # Whoever sees even a manager's decisions sees the whole record.
    rows = select(Family, visible(actor, "oversight")).where(Family.ref.in_(asked), ~shut(actor))
    rows = rows.where(or_(visible(actor, "oversight"), ~restricted(Family.id)))
    found = session.execute(rows.order_by(Family.open_since.is_(None), Family.id), times()).all()
    made = [_opened(family, command, actor) for family, seen in found if not seen]
    if found and not made:
        raise Refused([Problem(f"You see {found[0][0].ref} already", "family")])
    if not made:
        _held(asked, command, actor)
    return made


def _read(ref: str) -> str:
    """A reference as we write it; what is none stays as it was typed, and is nobody's."""
    try:
        return read_ref(ref, "F")
    except BadReference:
        return ref.strip()[:20]


def _not_guessing(actor_key: str, command: BreakGlass) -> list[Problem]:
    if happened(actor_key, GlassHeld.kind, utcnow() - rules.TRIED_WITHIN) < rules.TRIES:
        return []
    return [Problem(f"You have tried several references that open nothing. Ring {duty_line()}", "family")]


def restricted(family_id: Any) -> ColumnElement[bool]:
    """Whether somebody of the family `family_id` is restricted."""
    members = select(FamilyMember.id).join(Person, Person.id == FamilyMember.person_id)
    return exists(members.where(FamilyMember.family_id == family_id, FamilyMember.left.is_(None), is_restricted()))


def _opened(family: Family, command: BreakGlass, actor: Actor) -> BrokenGlass:
    now = utcnow()
    made = BrokenGlass(ref=fresh_ref(BrokenGlass, "X"), family_id=family.id, user_id=actor.user_id, by=actor.byline)
    made.why, made.reason, made.at = command.why, command.reason, now
    made.until_at, made.review_due = standards.due("glass_ends", now), standards.due("glass_review", now)
    session.add(made)
    session.flush()
    publish(
        GlassBroken(
            actor=actor,
            subject=Subject("broken_glass", made.id, made.ref),
            family_id=family.id,
            family_ref=family.ref,
            user_id=made.user_id,
            why=made.why,
            reason=made.reason,
            until=made.until_at,
            review_due=made.review_due,
            line=f"Opened by break-glass until {words.day_time(made.until_at, london_day(now))}",
            audience="workers",
        )
    )
    return made


def _held(asked: Sequence[str], command: BreakGlass, actor: Actor) -> None:
    family = session.scalar(select(Family).where(Family.ref.in_(asked)).order_by(Family.id).limit(1))
    publish(
        GlassHeld(
            actor=actor,
            subject=Subject("family", family.id if family else 0, asked[0] if asked else ""),
            family_id=family.id if family else None,
            asked=tuple(asked),
            why=command.why,
            reason=command.reason,
            kept=family is not None,
        )
    )


# --- whom it is alerted to, and who reviews it ------------------------------------------------------------------------


def alerted(family_id: int, but: int) -> Sequence[tuple[int, str]]:
    """(id, address) of the managers of a family's team and area and of information governance; nobody who is barred
    from it, and not user `but`."""
    theirs = or_(Team.id == Family.team_id, Team.neighbourhood_id == Family.neighbourhood_id)
    return _told(family_id, but, or_(_GOVERNANCE, and_(UserRole.role == "early_help_manager", theirs)))


def governance(family_id: int, but: int) -> Sequence[tuple[int, str]]:
    """The same of information governance alone."""
    return _told(family_id, but, _GOVERNANCE)


_GOVERNANCE = UserRole.role == "information_governance"


def _told(family_id: int, but: int, who: ColumnElement[bool]) -> Sequence[tuple[int, str]]:
    rows = (
        select(User.id, User.email)
        .join(UserRole, UserRole.user_id == User.id)
        .outerjoin(Team, Team.id == User.team_id)
        .join(Family, Family.id == family_id)
        .where(who, User.active, User.id != but, not_barred(family_id))
        .order_by(User.id)
        .distinct()
    )
    return [(user, address) for user, address in session.execute(rows, times())]


def not_barred(family_id: int) -> ColumnElement[bool]:
    """The predicate on User that no bar keeps them from a family. Run with `times()`."""
    return ~grants.barred(literal(family_id), (User.id, User.team_id, User.organisation_id))


def reviewable(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Family: whoever opens it by break-glass is for this actor to review. Run with `times()`."""
    all_of_them = true() if actor.may("sharing.review_all_glass") else managed(actor)
    return and_(all_of_them, ~shut(actor))


def find(ref: str, actor: Actor) -> tuple[BrokenGlass, bool]:
    """A break-glass of the actor's own, or one that they review; and whether they do. NotFound for any other."""
    try:
        made = find_by_ref(BrokenGlass, read_ref(ref, "X"))
    except BadReference as bad:
        raise NotFound from bad
    if made is None:
        raise NotFound
    reviews = actor.may("sharing.review_glass") and made.user_id != actor.user_id
    here = select(Family.id).where(Family.id == made.family_id, reviewable(actor))
    reviews = reviews and session.scalar(here, times()) is not None
    if not reviews and made.user_id != actor.user_id:
        raise NotFound
    return made, reviews


def end(command: EndGlass, actor: Actor) -> BrokenGlass:
    """What was opened closes at this moment, in open sessions too."""
    made, _ = check(command, actor, lambda: find(command.glass, actor), _still_open)
    _close(made, actor)
    return made


def _still_open(found: tuple[BrokenGlass, bool], _command: EndGlass) -> list[Problem]:
    return [] if found[0].until_at > utcnow() else [Problem(ENDED)]


def _close(made: BrokenGlass, actor: Actor) -> None:
    made.until_at, made.ended_by = utcnow(), actor.byline
    session.flush()
    ref = session.get_one(Family, made.family_id).ref
    about = Subject("broken_glass", made.id, made.ref)
    publish(GlassEnded(actor=actor, subject=about, family_id=made.family_id, family_ref=ref))


def review(command: ReviewGlass, actor: Actor) -> BrokenGlass:
    """What a reviewer found; what was not justified is closed, too."""

    def load() -> BrokenGlass:
        made, reviews = find(command.glass, actor)
        if not reviews:
            raise NotAllowed("sharing.review_glass")
        session.refresh(made, with_for_update=True)
        return made

    made = check(command, actor, load, _waits, rules.whole_review)
    made.reviewed_at, made.reviewed_by = utcnow(), actor.byline
    made.outcome, made.found, made.done = command.outcome, command.found, command.done
    if command.outcome == "not_justified" and made.until_at > utcnow():
        _close(made, actor)
    session.flush()
    publish(
        GlassReviewed(
            actor=actor,
            subject=Subject("broken_glass", made.id, made.ref),
            family_id=made.family_id,
            family_ref=session.get_one(Family, made.family_id).ref,
            user_id=made.user_id,
            outcome=command.outcome,
            found=command.found,
            done=command.done,
            line=f"A break-glass was reviewed: {rules.GLASS_OUTCOMES[command.outcome].lower()}",
            audience="workers",
        )
    )
    return made


def _waits(made: BrokenGlass, _command: ReviewGlass) -> list[Problem]:
    return [Problem(REVIEWED)] if made.reviewed_at is not None else []
