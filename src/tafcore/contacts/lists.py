"""Lists of contacts: the queue, those about a family, what waits for somebody, and forms not finished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
)

from tafcore import hooks
from tafcore.accounts.models import Team, User
from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import kept_to_the_line, listed, open_to, reasons, told_of, told_to, worked_by
from tafcore.contacts.models import Contact, ContactDraft, ContactPerson
from tafcore.contacts.unfinished import TYPED
from tafcore.contacts.untold import late
from tafcore.db import UTCDateTime, beginning, begins_with, rows_of, session
from tafcore.drafts import DraftField
from tafcore.families.access import NOW, FamilyView, times
from tafcore.families.asking import ids_of, made_once, rows_for
from tafcore.folding import fold
from tafcore.people.rules import told_names

PAGE = 50
SHOWN = {
    "waiting": "Waiting for somebody",
    "received": "Not looked at yet",
    "in_triage": "Being looked at",
    "answered": "Answered, reply outstanding",
    "untold": "Reply is late",
    "closed": "Closed",
    "all": "All",
}
SORTS = {"due": "What is due first", "received": "Newest first"}


@dataclass(frozen=True)
class Named:
    """A team or a user to choose."""

    id: int
    name: str


@dataclass(frozen=True)
class ContactLine:
    """A contact in a list. `waits_for` is what is due next, at `due`."""

    ref: str
    names: str
    state: str
    source: str
    urgency: str | None
    danger: bool
    received_at: datetime
    due: datetime | None
    waits_for: str
    reply_state: str | None
    team: str
    taken_by: str

    @property
    def state_words(self) -> str:
        return rules.STATES[self.state]


@dataclass(frozen=True)
class ContactPage:
    """A page of a list; `after` continues it, None at its end."""

    lines: tuple[ContactLine, ...]
    after: str | None


def listing(
    actor: Actor, show: str = "waiting", sort: str = "due", team: int | None = None, after: str = "", search: str = ""
) -> ContactPage:
    """Contacts this actor registered or works, PAGE at a time. Names are matched from their beginning, as told."""
    show = "all" if search else show
    by_due = sort == "due" and show in ("waiting", "received", "in_triage", "answered", "untold")
    place = _place(after)

    def make(one: Actor) -> Select[Any]:
        return _listed(one, show, by_due, team is not None, place is not None, bool(search))

    asked = made_once("contacts.listing", actor, make, show, by_due, team is None, place is None, not search)
    moment, number = place or (None, None)
    values = {**ids_of(actor), "place_at": moment, "place_id": number, "chosen_team": team}
    found = rows_of(asked, **values, **beginning("name", fold(search)))
    last = found[PAGE - 1] if len(found) > PAGE else None
    key = (last.next_due if by_due else last.received_at) if last else None
    return ContactPage(_told(found[:PAGE], actor), f"{key.isoformat()}~{last.id}" if last and key else None)


def _listed(actor: Actor, show: str, by_due: bool, one_team: bool, further: bool, named: bool) -> Select[Any]:
    """Each reason to see a contact gives its first PAGE by an index of its own, and the first of those are the page."""
    key = Contact.next_due if by_due else Contact.received_at
    conditions: list[ColumnElement[bool]] = [open_to(actor)]
    if show == "waiting" or by_due:
        conditions.append(Contact.next_due.is_not(None))
    if show == "untold":
        conditions += late(NOW)
    elif show not in ("waiting", "all"):
        conditions.append(Contact.state == show)
    if one_team:
        conditions.append(Contact.team_id == bindparam("chosen_team", type_=Integer()))
    if named:
        anybody, firsthand = (
            union(
                *(
                    select(ContactPerson.contact_id).where(begins_with(column, "name"), *but)
                    for column in (ContactPerson.sort_name, ContactPerson.said_name)
                )
            ).cte()
            for but in ((), (told_of(actor),))
        )
        works = and_(worked_by(actor), Contact.id.in_(select(anybody)))
        conditions += [or_(Contact.id.in_(select(firsthand)), works), ~kept_to_the_line()]
    if further:
        place = tuple_(bindparam("place_at", type_=UTCDateTime()), bindparam("place_id", type_=Integer()))
        here = tuple_(key, Contact.id)
        conditions.append(here > place if by_due else here < place)
    order = (key, Contact.id) if by_due else (key.desc(), Contact.id.desc())
    arms = (
        select(Contact.id).where(reason, *conditions).order_by(*order).limit(PAGE + 1).subquery()
        for reason in reasons(actor)
    )
    page = union(*(select(arm.c.id) for arm in arms)).subquery()
    return _lines().join(page, page.c.id == Contact.id).order_by(*order).limit(PAGE + 1)


def lines(ids: Sequence[int], actor: Actor) -> tuple[ContactLine, ...]:
    """Contacts already known to be listed for the actor, in the order of `ids`."""
    if not ids:
        return ()
    asked = hooks.kept("contacts.lines", lambda: _lines().where(Contact.id.in_(bindparam("ids", expanding=True))))
    rows = {row.id: row for row in rows_of(asked, ids=ids)}
    return _told([rows[each] for each in ids], actor)


def contacts_of(view: FamilyView) -> tuple[ContactLine, ...]:
    """The contacts about a family, newest first; none unless the view opens them."""
    if not view.may("contacts"):
        return ()
    newest = (Contact.received_at.desc(), Contact.id.desc())
    asked = hooks.kept(
        "contacts.of_family", lambda: _lines().where(Contact.family_id == bindparam("family")).order_by(*newest)
    )
    return _told(rows_of(asked, family=view.id))


def _lines() -> Any:
    """The columns a line shows; what it waits for is the first clock that runs and is due when the contact is."""
    clocks = {
        "First look": and_(Contact.first_look_at.is_(None), Contact.first_look_due == Contact.next_due),
        "First conversation": and_(
            Contact.conversation_at.is_(None), ~Contact.anonymous, Contact.conversation_due == Contact.next_due
        ),
        "Answer": and_(Contact.answered_at.is_(None), Contact.answer_due == Contact.next_due),
        "Referrer told": and_(Contact.referrer_told_at.is_(None), Contact.reply_due == Contact.next_due),
    }
    waits_for = case(*((running, literal(name)) for name, running in clocks.items()), else_="")
    shown = ("id", "ref", "state", "source", "urgency", "danger", "received_at", "next_due", "reply_state")
    rows = select(
        *(Contact.__table__.c[name] for name in shown),
        waits_for.label("waits_for"),
        Team.name.label("team"),
        User.name.label("taken_by"),
    )
    return rows.outerjoin(Team, Team.id == Contact.team_id).outerjoin(User, User.id == Contact.taken_by_id)


def _named(actor: Actor | None) -> Any:
    rows = select(ContactPerson.contact_id, ContactPerson.forename, ContactPerson.surname, ContactPerson.role)
    rows = rows.where(ContactPerson.contact_id.in_(bindparam("ids", expanding=True)))
    if actor is not None:
        rows = rows.join(Contact, Contact.id == ContactPerson.contact_id).where(told_to(actor))
    return rows.order_by(ContactPerson.contact_id, ContactPerson.position)


def _told(rows: Sequence[Any], reader: Actor | None = None) -> tuple[ContactLine, ...]:
    """The lines; for a `reader` who may only have registered them, without those whom others added."""
    if not rows:
        return ()
    if reader is None:
        asked, values = hooks.kept("contacts.named", lambda: _named(None)), {}
    else:
        asked, values = made_once("contacts.named_to", reader, _named), ids_of(reader)
    people: dict[int, list[tuple[str | None, str | None, str]]] = {}
    for contact_id, *told in rows_of(asked, ids=[row.id for row in rows], **values):
        people.setdefault(contact_id, []).append(tuple(told))
    return tuple(
        ContactLine(
            ref=ref,
            names=told_names(people.get(contact_id, ())) or "Nobody named",
            state=state,
            source=rules.SOURCES[source],
            urgency=urgency,
            danger=danger and state in rules.OPEN,
            received_at=received_at,
            due=due,
            waits_for=waits_for,
            reply_state=reply_state,
            team=team or "",
            taken_by=taken_by or "",
        )
        for (
            contact_id,
            ref,
            state,
            source,
            urgency,
            danger,
            received_at,
            due,
            reply_state,
            waits_for,
            team,
            taken_by,
        ) in rows
    )


def _place(after: str) -> tuple[datetime, int] | None:
    moment, _, number = after.rpartition("~")
    try:
        found = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return found if found[0].tzinfo else None


def teams_of(actor: Actor) -> Sequence[Named]:
    """The teams whose contacts this actor works, to filter by; none where they are of one team alone."""
    if "early_help_manager" not in actor.roles:
        return ()

    def make(one: Actor) -> Any:
        has_any = exists(select(Contact.id).where(Contact.team_id == Team.id))
        mine = or_(Team.id == one.team_id, Team.neighbourhood_id == one.neighbourhood_id)
        return select(Team.id, Team.name).where(mine, has_any).order_by(Team.name, Team.id)

    return [Named(*row) for row in rows_for(actor, "contacts.teams", make)]


def colleagues(team_id: int | None) -> Sequence[Named]:
    """Who may take a contact of this team on."""
    rows = select(User.id, User.name).where(User.team_id == team_id, User.active).order_by(User.sort_name, User.id)
    return [Named(*row) for row in session.execute(rows)]


def waiting_for(actor: Actor, limit: int = 100) -> Sequence[ContactLine]:
    """Contacts in this actor's own team that somebody must do something about: theirs, and those nobody has taken."""
    if actor.team_id is None or "front_door" not in actor.roles:
        return []

    def make(one: Actor) -> Select[Any]:
        free = or_(Contact.taken_by_id.is_(None), Contact.taken_by_id == one.user_id)
        rows = _lines().where(Contact.team_id == one.team_id, Contact.next_due.is_not(None), free, open_to(one))
        return rows.order_by(Contact.next_due, Contact.id).limit(bindparam("most", type_=Integer()))

    return _told(rows_for(actor, "contacts.waiting_for", make, most=limit))


@dataclass(frozen=True)
class Unfinished:
    """A form somebody began: its key, when it was last typed into, and the first names typed."""

    key: str
    at: datetime
    names: str
    ref: str = ""
    """Of the contact it is to be added to; none of a new one."""


def unfinished(actor: Actor) -> Sequence[Unfinished]:
    """This user's forms with something typed into them, latest first; of what they add to contacts, to those they still
    see."""
    found = rows_of(hooks.kept("contacts.unfinished", _unfinished), user=actor.user_id)
    if not found:
        return ()
    names: dict[str, list[str]] = {}
    typed = select(DraftField.subject, DraftField.value).where(
        DraftField.subject.in_([f"contact:{row.key}" for row in found]),
        DraftField.field.like("people-%-forename"),
        DraftField.value != "",
    )
    for subject, value in session.execute(typed.order_by(DraftField.field)):
        names.setdefault(subject.removeprefix("contact:"), []).append(value)
    added = [row.contact_id for row in found if row.contact_id is not None]
    refs = _refs_of(added, actor) if added else {}
    return [
        Unfinished(row.key, row.at, ", ".join(names.get(row.key, [])), refs.get(row.contact_id, ""))
        for row in found
        if row.contact_id is None or row.contact_id in refs
    ]


def _refs_of(ids: Sequence[int], actor: Actor) -> Mapping[int, str]:
    asked = select(Contact.id, Contact.ref).where(Contact.id.in_(ids), listed(actor))
    return {row.id: row.ref for row in session.execute(asked, times())}


def _unfinished() -> Any:
    latest = func.max(DraftField.at).label("at")
    return (
        select(ContactDraft.key, ContactDraft.contact_id, latest)
        .join(DraftField, DraftField.subject == "contact:" + ContactDraft.key)
        .where(ContactDraft.user_id == bindparam("user"), *TYPED)
        .group_by(ContactDraft.key, ContactDraft.contact_id)
        .order_by(latest.desc())
    )
