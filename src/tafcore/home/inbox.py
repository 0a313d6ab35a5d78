"""The inbox: notices to somebody or their team, as far as they may still read them. A fixed number of statements.

A notice about a record that is shut to its reader is not there for them, nor is one to their team about a family whom
they do not see. One to themselves about a family whom they no longer see stands there and says nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal, or_, select, tuple_, union_all

from tafcore import hooks
from tafcore.accounts.models import User
from tafcore.actor import Actor
from tafcore.contacts.access import not_shut
from tafcore.contacts.models import Contact
from tafcore.db import UTCDateTime, like, session, utcnow
from tafcore.families.access import shut, times, visible
from tafcore.families.asking import rows_for
from tafcore.families.models import Family
from tafcore.home import rules
from tafcore.notices import reaching
from tafcore.notices.models import MailChoice, Message
from tafcore.references import BadReference, read_ref
from tafcore.work import NotFound

PAGE, ON_MY_WORK, MOST = 30, 20, 100
COUNTED_FOR, ZERO = timedelta(minutes=1), timedelta()
"""How long the menu may be behind when a family was shut to somebody, or opened: by a number, no more."""


@dataclass(frozen=True)
class Letter:
    """A notice to me or my team; `lost` ones are about a family that I no longer see, and say nothing."""

    id: int
    at: datetime
    subject: str
    body: str
    about: str
    to_team: bool
    read_at: datetime | None
    done_at: datetime | None
    lost: bool


@dataclass(frozen=True)
class Asked:
    """What somebody asked of their inbox. `after` is the number of the last notice they have."""

    q: str = ""
    show: str = "open"
    sort: str = "new"
    after: str = ""


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, sort = values.get("show", ""), values.get("sort", "")
    return Asked(
        q=values.get("q", "").strip()[:100],
        show=show if show in rules.SHOW else "open",
        sort=sort if sort in rules.SORTS else "new",
        after=values.get("after", ""),
    )


def page(asked: Asked, actor: Actor) -> tuple[tuple[Letter, ...], str]:
    """A page of one's notices, and where to go on."""
    found: list[ColumnElement[bool]] = [_kept(actor), *_shown(asked.show)]
    if asked.q:
        found += [~lost(actor), _speaks_of(asked.q)]
    last = session.get(Message, int(asked.after)) if asked.after.isdecimal() and len(asked.after) < 10 else None
    key, newest = tuple_(Message.created_at, Message.id), asked.sort == "new"
    if last is not None:
        place = tuple_(literal(last.created_at, UTCDateTime()), literal(last.id))
        found.append(key < place if newest else key > place)
    order = (Message.created_at.desc(), Message.id.desc()) if newest else (Message.created_at, Message.id)
    # Whoever it is to stands alone in each half: together they would be in no index's order.
    halves = [
        select(select(Message.id).where(to, *found).order_by(*order).limit(PAGE + 1).subquery().c.id)
        for to in _to(actor)
    ]
    rows = select(Message, lost(actor)).where(Message.id.in_(union_all(*halves))).order_by(*order)
    letters = [_letter(row, gone) for row, gone in session.execute(rows.limit(PAGE + 1), times())]
    shown = tuple(letters[:PAGE])
    return shown, str(shown[-1].id) if len(letters) > PAGE else ""


def _shown(show: str) -> list[ColumnElement[bool]]:
    if show == "new":
        return [Message.read_at.is_(None)]
    if show == "done":
        return [Message.done_at.is_not(None)]
    return [Message.done_at.is_(None)] if show == "open" else []


def _speaks_of(words: str) -> ColumnElement[bool]:
    try:
        return Message.about == read_ref(words)
    except BadReference:
        return Message.subject.ilike(like(words), escape="\\")


def newest(actor: Actor) -> tuple[Letter, ...]:
    """What nobody has opened yet, newest first: what my work shows of it."""
    rows = rows_for(actor, "home.newest", _newest, most=MOST, shown=ON_MY_WORK)
    return tuple(_letter(row, row.gone) for row in rows)


def _newest(actor: Actor) -> Any:
    here = select(Message, lost(actor).label("gone")).where(Message.id.in_(_unopened(actor)), mine(actor))
    return here.order_by(Message.created_at.desc(), Message.id.desc()).limit(bindparam("shown"))


def unread(actor: Actor) -> int:
    """How many nobody has opened yet, MOST at most: for the menu.

    It stands on every page, and whether each may be seen costs more than most pages do. So which there are is asked
    each time, and judged anew when these are others, or after COUNTED_FOR.
    """
    (there,) = rows_for(actor, "home.unopened", _which, most=MOST)
    if not there.number:
        return 0
    counts = hooks.kept("home.counts", dict[int | None, tuple[Actor, Any, datetime, int]])
    counted = counts.get(actor.user_id)
    if counted is None or counted[:2] != (actor, there) or not ZERO <= utcnow() - counted[2] < COUNTED_FOR:
        (row,) = rows_for(actor, "home.unread", _unread, most=MOST)
        counted = counts[actor.user_id] = actor, there, utcnow(), int(row[0])
    return counted[3]


def _which(actor: Actor) -> Any:
    """How many there are, and what tells them from others."""
    ids = _unopened(actor).subquery().c.id
    return select(func.count(ids).label("number"), func.max(ids), func.sum(ids))


def _unread(actor: Actor) -> Any:
    here = select(Message.id).where(Message.id.in_(_unopened(actor)), mine(actor)).limit(bindparam("most"))
    return select(func.count()).select_from(here.subquery())


def _unopened(actor: Actor) -> Any:
    """One's own that nobody has opened: the newest of each half. Only of these is asked whether they may be seen, since
    a big team has thousands."""
    halves = [Message.to_user_id == actor.user_id]
    halves += [] if actor.team_id is None else [Message.to_team_id == actor.team_id]
    newest = [
        select(
            select(Message.id)
            .where(to, Message.read_at.is_(None), Message.done_at.is_(None))
            .order_by(Message.created_at.desc())
            .limit(bindparam("most"))
            .subquery()
            .c.id
        )
        for to in halves
    ]
    return union_all(*newest)


def letter(message_id: int, actor: Actor) -> Letter:
    """One notice of one's own; NotFound for anybody else's."""
    found = session.execute(select(Message, lost(actor)).where(Message.id == message_id, mine(actor)), times()).first()
    if found is None:
        raise NotFound
    return _letter(*found)


def find_message(message_id: int, actor: Actor) -> Message:
    """The notice to be opened or dealt with; NotFound for anybody else's."""
    row = session.scalar(select(Message).where(Message.id == message_id, mine(actor)), times())
    if row is None:
        raise NotFound
    return row


def mails_of(actor: Actor) -> str:
    """How they hear by mail (notices.rules.CHOICES)."""
    return session.scalar(select(MailChoice.mails).where(MailChoice.user_id == actor.user_id)) or "at_once"


def not_reached(actor: Actor) -> str:
    """The address to which no mail gets to this user, or nothing."""
    address = session.scalar(select(User.email).where(User.id == actor.user_id)) or ""
    return address if reaching.holds(address) else ""


def mine(actor: Actor) -> ColumnElement[bool]:
    """To this actor or their team, but for what is about a family or a contact that is kept from them. Run with
    `times()`."""
    return and_(or_(*_to(actor)), _kept(actor))


def _to(actor: Actor) -> list[ColumnElement[bool]]:
    """To whom a notice goes: of those to a team, the ones whose family this member of it sees."""
    to: list[ColumnElement[bool]] = [Message.to_user_id == actor.user_id]
    return to if actor.team_id is None else [*to, and_(Message.to_team_id == actor.team_id, ~lost(actor))]


def _kept(actor: Actor) -> ColumnElement[bool]:
    about = or_(Family.id == Message.family_id, Family.ref == Message.about)
    kept = exists(select(Family.id).where(about, shut(actor)))
    contact = exists(select(Contact.id).where(Contact.ref == Message.about, ~not_shut(actor)))
    return and_(~kept, ~contact)


def lost(actor: Actor) -> ColumnElement[bool]:
    """That it is about a family, or its meeting, that this actor does not see any more, and was for somebody who did.
    Run with `times()`."""
    family, meeting = Message.about.like("F-%"), and_(Message.about.like("M-%"), Message.family_id.is_not(None))
    which = or_(Family.ref == Message.about, and_(meeting, Family.id == Message.family_id))
    seen = exists(select(Family.id).where(which, visible(actor)))
    return and_(or_(family, meeting), Message.unseen.is_(False), ~seen)


def _letter(row: Any, gone: bool) -> Letter:
    team = row.to_team_id is not None
    if gone:
        return Letter(row.id, row.created_at, rules.LOST, "", "", team, row.read_at, row.done_at, True)
    told = row.subject, row.body, row.about, team, row.read_at, row.done_at
    return Letter(row.id, row.created_at, *told, False)
