"""Lists of contacts: the queue, those about a family, what waits for somebody, and forms not finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_

from tafcore.accounts.models import Team, User
from tafcore.actor import Actor
from tafcore.contacts import rules
from tafcore.contacts.access import listed, worked_by
from tafcore.contacts.models import Contact, ContactDraft, ContactPerson
from tafcore.contacts.reading import clocks_of
from tafcore.db import begins, session
from tafcore.drafts import DraftField
from tafcore.families.access import FamilyView
from tafcore.folding import fold
from tafcore.people.rules import told_name

PAGE = 50
SHOWN = {
    "waiting": "Waiting for somebody",
    "received": "Not looked at yet",
    "in_triage": "Being looked at",
    "answered": "Answered, reply outstanding",
    "closed": "Closed",
    "all": "All",
}
SORTS = {"due": "What is due first", "received": "Newest first"}


@dataclass(frozen=True)
class TeamMember:
    """A user of the contact's team."""

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
    received_at: datetime
    due: datetime | None
    waits_for: str
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
    rows = _lines().where(listed(actor))
    if search:
        rows = rows.where(_named(search))
    elif show == "waiting":
        rows = rows.where(Contact.next_due.is_not(None))
    elif show != "all":
        rows = rows.where(Contact.state == show)
    if team is not None:
        rows = rows.where(Contact.team_id == team)
    by_due = sort == "due" and show in ("waiting", "received", "in_triage", "answered") and not search
    place = _place(after)
    if by_due:
        rows = rows.where(Contact.next_due.is_not(None)).order_by(Contact.next_due, Contact.id)
        rows = rows.where(tuple_(Contact.next_due, Contact.id) > place) if place else rows
    else:
        rows = rows.order_by(Contact.received_at.desc(), Contact.id.desc())
        rows = rows.where(tuple_(Contact.received_at, Contact.id) < place) if place else rows
    found = session.execute(rows.limit(PAGE + 1)).all()
    last = found[PAGE - 1][0] if len(found) > PAGE else None
    key = (last.next_due if by_due else last.received_at) if last else None
    return ContactPage(
        tuple(_line(*row) for row in found[:PAGE]), f"{key.isoformat()}~{last.id}" if last and key else None
    )


def lines(ids: Sequence[int]) -> tuple[ContactLine, ...]:
    """Contacts already known to be listed for the actor, in the order of `ids`."""
    found = {row[0].id: _line(*row) for row in session.execute(_lines().where(Contact.id.in_(ids)))}
    return tuple(found[each] for each in ids)


def contacts_of(view: FamilyView) -> tuple[ContactLine, ...]:
    """The contacts about a family, newest first; none unless the view opens them."""
    if not view.may("contacts"):
        return ()
    rows = _lines().where(Contact.family_id == view.id).order_by(Contact.received_at.desc(), Contact.id.desc())
    return tuple(_line(*row) for row in session.execute(rows))


def _lines() -> Select[Contact, str | None, str | None]:
    rows: Select[Contact, str | None, str | None]
    rows = select(Contact, Team.name, User.name).outerjoin(Team, Team.id == Contact.team_id)
    return rows.outerjoin(User, User.id == Contact.taken_by_id)


def _named(search: str) -> ColumnElement[bool]:
    text = fold(search)
    named = or_(begins(ContactPerson.sort_name, text), begins(ContactPerson.said_name, text))
    return exists(select(ContactPerson.id).where(ContactPerson.contact_id == Contact.id, named))


def _place(after: str) -> tuple[datetime, int] | None:
    moment, _, number = after.rpartition("~")
    try:
        found = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return found if found[0].tzinfo else None


def _line(contact: Contact, team: str | None, taken_by: str | None) -> ContactLine:
    running = [clock for clock in clocks_of(contact) if clock.done is None and clock.due == contact.next_due]
    names = [told_name(one.forename, one.surname, one.role) for one in contact.people]
    return ContactLine(
        ref=contact.ref,
        names=", ".join(names) or "Nobody named",
        state=contact.state,
        source=rules.SOURCES[contact.source],
        urgency=contact.urgency,
        received_at=contact.received_at,
        due=contact.next_due,
        waits_for=running[0].name if running else "",
        team=team or "",
        taken_by=taken_by or "",
    )


def teams_of(actor: Actor) -> Sequence[Team]:
    """The teams whose contacts this actor works, to filter by."""
    here = select(Contact.team_id).where(worked_by(actor)).distinct()
    return list(session.scalars(select(Team).where(Team.id.in_(here)).order_by(Team.name, Team.id)))


def colleagues(team_id: int | None) -> Sequence[TeamMember]:
    """Who may take a contact of this team on."""
    rows = select(User.id, User.name).where(User.team_id == team_id, User.active).order_by(User.sort_name, User.id)
    return [TeamMember(*row) for row in session.execute(rows)]


def waiting_for(actor: Actor, limit: int = 100) -> Sequence[ContactLine]:
    """Contacts in this actor's own team that somebody must do something about: theirs, and those nobody has taken."""
    if actor.team_id is None or "front_door" not in actor.roles:
        return []
    free = or_(Contact.taken_by_id.is_(None), Contact.taken_by_id == actor.user_id)
    rows = _lines().where(Contact.team_id == actor.team_id, Contact.next_due.is_not(None), free, worked_by(actor))
    return [_line(*row) for row in session.execute(rows.order_by(Contact.next_due, Contact.id).limit(limit))]


@dataclass(frozen=True)
class Unfinished:
    """A form somebody began: its key, when it was last typed into, and the first names typed."""

    key: str
    at: datetime
    names: str


def unfinished(actor: Actor) -> Sequence[Unfinished]:
    """This user's forms with something typed into them, latest first."""
    subject = "contact:" + ContactDraft.key
    filled = (
        select(ContactDraft.key, func.max(DraftField.at))
        .join(DraftField, DraftField.subject == subject)
        .where(ContactDraft.user_id == actor.user_id, DraftField.value != "")
        .group_by(ContactDraft.key)
        .order_by(func.max(DraftField.at).desc())
    )
    found = [(key, at) for key, at in session.execute(filled)]
    names: dict[str, list[str]] = {}
    typed = select(DraftField.subject, DraftField.value).where(
        DraftField.subject.in_([f"contact:{key}" for key, _ in found]),
        DraftField.field.like("people-%-forename"),
        DraftField.value != "",
    )
    for about, value in session.execute(typed.order_by(DraftField.field)):
        names.setdefault(about.removeprefix("contact:"), []).append(value)
    return [Unfinished(key, at, ", ".join(names.get(key, []))) for key, at in found]
