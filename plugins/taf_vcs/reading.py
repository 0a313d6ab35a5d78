"""Requests as those may read them who work with the family, and those who were asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from taf_vcs import rules
from taf_vcs.access import SECTOR
from taf_vcs.models import Offer, Request
from tafcore.api import (
    CHILD_ROLES,
    CLOSED_SINCE,
    Actor,
    BadReference,
    Family,
    FamilyMember,
    FamilyView,
    NotFound,
    Organisation,
    Person,
    SafetyRule,
    User,
    fold,
    is_same,
    kept_from,
    like,
    lives,
    london_day,
    read_ref,
    rows_of,
    same,
    session,
    times,
    utcnow,
    visible,
    visible_family_by_id,
    visible_people,
    words,
)

PAGE = 25
THE_FAMILY = "The family"


@dataclass(frozen=True)
class RequestView:
    """A request as one actor may read it. `about` is a name, or before it is accepted `A child, 7`.

    `family_ref` is empty for who may not open the family; `state`, `declined` and `outcome` are keys of `rules`.
    """

    ref: str
    offer: str
    offer_id: int
    organisation: str
    about: str
    family_ref: str
    family: str
    state: str
    discreet: bool
    wants: str
    why: str
    needed_by: date | None
    interim: str
    asked_at: datetime
    asked_by: str
    asker_phone: str
    answer_due: datetime
    answered_at: datetime | None
    declined: str
    answer_words: str
    worker: str
    worker_id: int | None
    phone: str
    starts_on: date | None
    started_on: date | None
    outcome: str
    over_words: str
    over_at: datetime | None

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]

    @property
    def declined_words(self) -> str:
        return rules.DECLINED.get(self.declined, "")

    @property
    def outcome_words(self) -> str:
        return rules.OUTCOMES.get(self.outcome, "")

    @property
    def late(self) -> str:
        """`2 working days late` for an answer that is, else nothing."""
        return rules.late(self, utcnow())

    @property
    def waits(self) -> str:
        """How long they have waited, while they do: `9 days`."""
        if self.state not in rules.WAITING:
            return ""
        return rules.waited(london_day(self.asked_at), london_day(utcnow()))


_ABOUT, _ASKER, _WORKER = aliased(Person), aliased(User), aliased(User)
_PERSON_ID = func.coalesce(_ABOUT.canonical_id, _ABOUT.id)


def _rows() -> Any:
    member = aliased(Person)
    role = (
        select(FamilyMember.role)
        .join(member, member.id == FamilyMember.person_id)
        .where(FamilyMember.family_id == Request.family_id, same(member) == _PERSON_ID)
        .order_by(FamilyMember.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    child = aliased(Person)
    children = (
        select(func.count(same(child).distinct()))
        .select_from(FamilyMember)
        .join(child, child.id == FamilyMember.person_id)
        .where(
            FamilyMember.family_id == Request.family_id,
            FamilyMember.left.is_(None),
            FamilyMember.role.in_(sorted(CHILD_ROLES)),
            lives(child),
        )
        .scalar_subquery()
    )
    return (
        select(
            Request,
            Offer.title,
            Offer.phone.label("offer_phone"),
            Offer.discreet,
            Organisation.name.label("organisation"),
            Family.ref.label("family_ref"),
            Family.name.label("family"),
            _PERSON_ID.label("about_id"),
            func.coalesce(func.nullif(_ABOUT.called, ""), _ABOUT.forename).label("forename"),
            _ABOUT.surname,
            _ABOUT.born,
            _ABOUT.born_precision,
            role.label("role"),
            children.label("children"),
            _ASKER.phone.label("asker_phone"),
            _WORKER.name.label("worker"),
            _WORKER.phone.label("worker_phone"),
        )
        .join(Offer, Offer.id == Request.offer_id)
        .join(Organisation, Organisation.id == Request.organisation_id)
        .join(Family, Family.id == Request.family_id)
        .outerjoin(_ABOUT, _ABOUT.id == Request.person_id)
        .outerjoin(_ASKER, _ASKER.id == Request.asked_by_id)
        .outerjoin(_WORKER, _WORKER.id == Request.worker_id)
    )


def _view(row: Any) -> RequestView:
    name = " ".join(part for part in (row.forename, row.surname) if part)
    return RequestView(
        ref=row.ref,
        offer=row.title,
        offer_id=row.offer_id,
        organisation=row.organisation,
        about=THE_FAMILY if row.person_id is None else name or "A person",
        family_ref=row.family_ref,
        family=row.family,
        state=row.state,
        discreet=row.discreet,
        wants=row.wants,
        why=row.why,
        needed_by=row.needed_by,
        interim=row.interim or "",
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        asker_phone=row.asker_phone or "",
        answer_due=row.answer_due,
        answered_at=row.answered_at,
        declined=row.declined or "",
        answer_words=row.answer_words or "",
        worker=row.worker or "",
        worker_id=row.worker_id,
        phone=row.worker_phone or row.offer_phone or "",
        starts_on=row.starts_on,
        started_on=row.started_on,
        outcome=row.outcome or "",
        over_words=row.over_words or "",
        over_at=row.over_at,
    )


def _without_names(row: Any) -> RequestView:
    """The request as the organisation reads it: what is wanted and for how old a person, and nothing that names."""
    about = f"A family with {row.children} child{'' if row.children == 1 else 'ren'}"
    if row.about_id is not None:
        who = "A child" if row.role in CHILD_ROLES else "A parent or carer"
        age = words.age(row.born, row.born_precision, london_day(utcnow())) if row.born and who == "A child" else ""
        about = f"{who}, {age}" if age else who
    return replace(_view(row), about=about, family_ref="", family="")


# --- on the family's page -------------------------------------------------------------------------------------------


def may_show(view: FamilyView, row: Any, actor: Actor) -> bool:
    """Whether a request may stand on a screen with this view: nothing that a safety rule keeps from who may look."""
    if row.discreet and (view.shared or not (view.scopes & {"lead", "manage"} or row.asked_by_id == actor.user_id)):
        return False
    if row.about_id is None:
        return not any(person.hidden & rules.KEPT for person in view.people)
    return view.may_see(row.about_id) and all(view.may_see_fact(row.about_id, fact) for fact in rules.KEPT)


_REST = case({state: place for place, state in enumerate(("started", "accepted", "asked"))}, value=Request.state)
_OF_FAMILY = _rows().where(Request.family_id == bindparam("family"))
_OF_FAMILY = _OF_FAMILY.order_by(func.coalesce(_REST, 9), Request.asked_at, Request.id)


def of_family(view: FamilyView, actor: Actor) -> tuple[RequestView, ...]:
    """Requests for this family that `view` lets be shown, those that wait or help first. One statement."""
    if not view.may("helpers"):
        return ()
    rows = rows_of(_OF_FAMILY, family=view.id)
    return tuple(_view(row) for row in rows if may_show(view, row, actor))


# --- one request ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """One request as this actor may open it. `view` is the family for who works with it; None for the organisation."""

    id: int
    request: RequestView
    view: FamilyView | None

    @property
    def for_organisation(self) -> bool:
        return self.view is None


class Covered(Exception):
    """A request that this actor may read, but not while the family may be looking; its words are the family's ref."""


_OF_REF = _rows().where(Request.ref == bindparam("ref"))


def _row(ref: str) -> Any:
    try:
        canonical = read_ref(ref, "Q")
    except BadReference as bad:
        raise NotFound from bad
    for row in rows_of(_OF_REF, ref=canonical):
        return row
    raise NotFound


def asked_of(actor: Actor) -> ColumnElement[bool]:
    """The predicate on Request (with Family) for what this actor's organisation was asked. Run with `times()`."""
    ours = Request.organisation_id == (actor.organisation_id if actor.sector == SECTOR else None)
    return and_(ours, or_(Request.over_at.is_(None), Request.over_at > CLOSED_SINCE), ~kept_from(actor))


def _alone(view: FamilyView) -> FamilyView:
    return view


def opened(ref: str, actor: Actor, purpose: str, shown: Callable[[FamilyView], FamilyView] = _alone) -> Opened:
    """The request `ref` for this actor; NotFound for whoever neither was asked nor works with the family."""
    row = _row(ref)
    told = select(Request.id).join(Family, Family.id == Request.family_id).where(Request.id == row.id, asked_of(actor))
    if session.scalar(told, times()) is not None:
        plain = _without_names(row)
        return Opened(row.id, _with_families([plain], [row], actor)[0], None)
    whole = visible_family_by_id(row.family_id, actor, purpose)
    if not whole.may("helpers") or not may_show(whole, row, actor):
        raise NotFound
    view = shown(whole)
    if not may_show(view, row, actor):
        raise Covered(whole.ref)
    return Opened(row.id, _view(row), view)


def _with_families(plain: list[RequestView], rows: list[Any], actor: Actor) -> list[RequestView]:
    """The same, with the family's reference for who may open it by now."""
    refs = {row.family_ref for row in rows}
    seen = set(session.scalars(select(Family.ref).where(Family.ref.in_(refs), visible(actor)), times()))
    pairs = zip(plain, rows, strict=True)
    return [replace(one, family_ref=row.family_ref) if row.family_ref in seen else one for one, row in pairs]


# --- lists ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What a list is asked for: keys of rules.SHOWN and REQUEST_SORTS, words or a reference, where to go on."""

    show: str = "open"
    q: str = ""
    sort: str = "due"
    after: str = ""


@dataclass(frozen=True)
class Requests:
    """A page of requests, how many match in all, and the reference behind which the next page begins."""

    rows: tuple[RequestView, ...]
    total: int
    after: str | None


def requests(actor: Actor, asked: Asked, shared: bool = False) -> Requests:
    """Requests made to the actor's organisation, or for families they see. Four statements at most.

    On a `shared` screen those are left out that a safety rule keeps from somebody in the family.
    """
    ours = actor.sector == SECTOR
    statement = _rows().where(asked_of(actor) if ours else _for_families_seen(actor))
    statement = statement.where(Request.state.in_(rules.STATES_SHOWN.get(asked.show, rules.OPEN)))
    if shared and not ours:
        statement = statement.where(~_kept_safe())
    if asked.q.strip():
        statement = statement.where(_named(asked.q, ours))
    counted = select(func.count()).select_from(statement.with_only_columns(Request.id).subquery())
    total = session.scalar(counted, times())
    key = Request.answer_due if asked.sort == "due" else Request.asked_at
    down = asked.sort == "newest"
    if asked.after:
        behind = select(key, Request.id).where(Request.ref == asked.after)
        place = session.execute(behind).first()
        if place is not None:
            beyond = key < place[0] if down else key > place[0]
            statement = statement.where(or_(beyond, and_(key == place[0], Request.id > place[1])))
    ordered = statement.order_by(key.desc() if down else key, Request.id).limit(PAGE + 1)
    rows = list(rows_of(ordered, **times()))
    page = rows[:PAGE]
    shown = _with_families([_without_names(row) for row in page], page, actor) if ours else [_view(row) for row in page]
    return Requests(tuple(shown), total or 0, shown[-1].ref if len(rows) > PAGE else None)


def _for_families_seen(actor: Actor) -> ColumnElement[bool]:
    """Of families, and people in them, that this actor may see; discreet ones for who asked alone."""
    member = aliased(Person)
    seen = exists(
        select(FamilyMember.id)
        .join(member, member.id == FamilyMember.person_id)
        .where(FamilyMember.family_id == Request.family_id, same(member) == _PERSON_ID, visible_people(actor))
    )
    return and_(
        visible(actor),
        or_(Request.person_id.is_(None), seen),
        or_(Offer.discreet.is_(False), Request.asked_by_id == actor.user_id),
    )


def _kept_safe() -> ColumnElement[bool]:
    """Whether a live safety rule within the family keeps helpers of whom it is about from another member."""
    helped, protected, near, danger = (aliased(Person) for _ in range(4))
    theirs, there = aliased(FamilyMember), aliased(FamilyMember)
    return exists(
        select(SafetyRule.id)
        .join(protected, protected.id == SafetyRule.protected_id)
        .join(helped, is_same(helped, protected))
        .join(theirs, theirs.person_id == helped.id)
        .join(danger, danger.id == SafetyRule.from_id)
        .join(near, is_same(near, danger))
        .join(there, there.person_id == near.id)
        .where(
            SafetyRule.ended_at.is_(None),
            or_(*(SafetyRule.facts.contains(fact) for fact in sorted(rules.KEPT))),
            theirs.family_id == Request.family_id,
            theirs.left.is_(None),
            there.family_id == Request.family_id,
            there.left.is_(None),
            or_(Request.person_id.is_(None), same(protected) == _PERSON_ID),
        )
    ).correlate(Request, _ABOUT)


def _named(q: str, ours: bool) -> ColumnElement[bool]:
    for kind, column in (("Q", Request.ref), ("F", Family.ref)):
        try:
            found = column == read_ref(q, kind)
        except BadReference:
            continue
        if kind == "Q" or not ours:
            return found
    pattern = like(fold(q))
    found = Offer.search_words.like(pattern, escape="\\")
    return found if ours else or_(found, Family.sort_name.like(pattern, escape="\\"))


def colleagues(organisation_id: int | None) -> list[tuple[int, str]]:
    """(id, name) of the practitioners of an organisation, by name."""
    here = select(User).where(User.organisation_id == organisation_id, User.active).order_by(User.sort_name, User.id)
    return [(one.id, one.name) for one in session.scalars(here) if any(r.role == "practitioner" for r in one.roles)]


def waiting(actor: Actor, *where: ColumnElement[bool]) -> Iterable[tuple[Request, str]]:
    """(request, title of its offer) for tasks."""
    rows = select(Request, Offer.title).join(Offer, Offer.id == Request.offer_id)
    rows = rows.join(Family, Family.id == Request.family_id).where(*where).order_by(Request.answer_due, Request.id)
    return [(row[0], row[1]) for row in session.execute(rows, times())]
