"""What is typed is kept, field by field, before anybody presses a button.

A draft is a set of fields under a subject (`contact:UUID`, `meeting:M-...`). Each keystroke batch is an operation
(client_op_id, field, base revision, value): sent twice it counts once; on a revision that has moved it is a conflict
that keeps both. Features say who may touch a subject by `app.extensions["tafcore.draft_subjects"][prefix]`.

A page that is open hears what others write by asking what is new since it last heard: how often anything was written
under the subject is one number, which only grows.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, current_app, jsonify, request
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, Signer
from pydantic import Field, ValidationError
from sqlalchemy import String, UniqueConstraint, bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict

from tafcore.actor import Actor
from tafcore.db import Row, rows_of, session, table_of, utcnow, writing
from tafcore.permissions import actor, signed_in, unattended
from tafcore.security import problem
from tafcore.vocabulary import Line, Part, Words, problems_of
from tafcore.work import NotFound

pages = Blueprint("drafts", __name__)
Answer = TypeVar("Answer")


def new_row_key() -> str:
    """What a new row of a list is called: in order of making, as those made in a browser are; so they come back."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


@dataclass(frozen=True)
class Opened:
    """What a gate adds for those it lets through.

    `still` is asked again under the lock, and raises Refused where nothing may be written any more. `hidden` says of
    which fields the value is kept from whoever looks at the screen now. `say` has something to say beside rows to which
    fields that were saved belong: row -> words, empty where nothing is to be said any more.
    """

    still: Callable[[], None] = lambda: None
    hidden: Callable[[str], bool] = lambda _field: False
    say: Callable[[Iterable[str]], Mapping[str, str]] = lambda _fields: {}


Gate = Callable[[str, Actor], Opened | None]
"""Given the part of the subject behind its prefix: raises NotFound or NotAllowed."""
HIDDEN = "Something is kept here already, and not shown on this screen"


class DraftField(Row):
    """The value of one field now."""

    __tablename__ = "draft_field"
    subject: Mapped[str] = mapped_column(String(80))
    field: Mapped[str] = mapped_column(String(200))
    rev: Mapped[int]
    value: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow)
    __table_args__ = (UniqueConstraint("subject", "field"),)


class DraftOp(Row):
    """An operation already taken, with what was answered: the same one again changes nothing."""

    __tablename__ = "draft_op"
    subject: Mapped[str] = mapped_column(String(80))
    client_op_id: Mapped[str] = mapped_column(String(60))
    answer: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    __table_args__ = (UniqueConstraint("subject", "client_op_id"),)


class Op(Part):
    """One field as somebody left it. `base` is the revision they saw, 0 for a field nobody has filled."""

    op: str = Field(max_length=60)
    field: Line
    base: int = Field(ge=0)
    value: Words


class Ops(Part):
    """`seen`: as far as the page has heard, signed (`marked`); empty where it does not listen."""

    ops: tuple[Op, ...] = Field(max_length=200)
    seen: str = Field(default="", max_length=100)


@dataclass(frozen=True)
class Draft:
    """What has been kept under a subject: field -> value, field -> revision."""

    subject: str
    values: Mapping[str, str]
    revs: Mapping[str, int]
    at: datetime | None = None

    @property
    def url(self) -> str:
        return f"/drafts/{self.subject}"

    @property
    def heard(self) -> int:
        """How often anything was written under the subject."""
        return sum(self.revs.values())


_DRAFT = select(DraftField.field, DraftField.value, DraftField.rev, DraftField.at).where(
    DraftField.subject == bindparam("subject")
)


def read(subject: str) -> Draft:
    """The draft of `subject`; empty if nobody has typed anything."""
    rows = rows_of(_DRAFT, subject=subject)
    values = {row.field: row.value for row in rows}
    return Draft(subject, values, {row.field: row.rev for row in rows}, max((row.at for row in rows), default=None))


def together(write: Callable[[], Answer]) -> Answer:
    """`write` again, where somebody filled the same empty field, or held the same rows, at the very moment."""
    try:
        return write()
    except (IntegrityError, OperationalError):
        return write()


def apply(subject: str, ops: Iterable[Op], who: Actor) -> list[dict[str, Any]]:
    """Take operations in order; one answer each. Call inside `writing()`."""
    return [_apply(subject, op, who)[0] for op in ops]


_HEARD = select(func.coalesce(func.sum(DraftField.rev), 0)).where(DraftField.subject == bindparam("subject"))


def heard(subject: str) -> int:
    """How often anything was written under `subject`. One statement."""
    return int(session.scalar(_HEARD, {"subject": subject}) or 0)


def take(subject: str, ops: Iterable[Op], who: Actor, seen: int) -> tuple[list[dict[str, Any]], int]:
    """`apply`, and as far as a page has heard then that had heard as far as `seen`: its own writing is no news to it,
    unless others wrote before."""
    before = heard(subject)
    taken = [_apply(subject, op, who) for op in ops]
    own = sum(new for _, new in taken)
    return [answer for answer, _ in taken], seen + own if seen == before else seen


_ANSWERED = select(DraftOp.answer).where(
    DraftOp.subject == bindparam("subject"), DraftOp.client_op_id == bindparam("op")
)
_FIELD = (
    select(DraftField)
    .where(DraftField.subject == bindparam("subject"), DraftField.field == bindparam("field"))
    .with_for_update()
)


def _apply(subject: str, op: Op, who: Actor) -> tuple[dict[str, Any], int]:
    """The answer, and how far the field's revision moved."""
    before = rows_of(_ANSWERED, subject=subject, op=op.op)
    if before:
        return _again(subject, op, who, dict(json.loads(before[0].answer))), 0
    row = session.scalar(_FIELD, {"subject": subject, "field": op.field})
    if row is None:
        row = _blank(subject, op.field, who)
        session.add(row)
    was = row.rev
    answer = _take(row, op, who)
    session.add(DraftOp(subject=subject, client_op_id=op.op, answer=json.dumps(answer)))
    session.flush()
    return answer, row.rev - was


def _again(subject: str, op: Op, who: Actor, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer that was lost on its way; but where others have written over it since, what they wrote: while it was
    not answered the page heard of them and left the field alone."""
    if answer["status"] == "saved":
        for row in rows_of(_KEPT, subject=subject):
            if row.field == op.field and row.rev != answer["rev"] and row.value != op.value:
                return _conflict(row, op, who)
    return answer


def _blank(subject: str, field: str, who: Actor) -> DraftField:
    return DraftField(subject=subject, field=field, rev=0, value="", by=who.key, at=utcnow())


def _take(row: DraftField, op: Op, who: Actor) -> dict[str, Any]:
    """An operation not taken before, on the field's row as it is now."""
    if op.base != row.rev and row.value != op.value:
        return _conflict(row, op, who)
    if row.value != op.value or row.rev == 0:
        row.rev, row.value, row.by, row.at = row.rev + 1, op.value, who.key, utcnow()
    return {"op": op.op, "field": op.field, "status": "saved", "rev": row.rev}


def _conflict(row: Any, op: Op, who: Actor) -> dict[str, Any]:
    return {
        "op": op.op,
        "field": op.field,
        "status": "conflict",
        "rev": row.rev,
        "value": row.value,
        "by": who.label if row.by == who.key else "Somebody else",
        "message": "This was changed somewhere else meanwhile. Choose which to keep",
    }


def put(subject: str, values: Mapping[str, str], who: Actor) -> None:
    """Set fields to what counts whatever was there, such as what somebody says themselves. Call inside `writing()`."""
    for field, value in values.items():
        row = session.scalar(_FIELD, {"subject": subject, "field": field})
        if row is None:
            row = _blank(subject, field, who)
            session.add(row)
        _take(row, Op(op="", field=field, base=row.rev, value=value), who)
    session.flush()


_KEPT = select(DraftField.field, DraftField.value, DraftField.rev, DraftField.by).where(
    DraftField.subject == bindparam("subject")
)


def compare_form(subject: str, form: Mapping[str, str], who: Actor) -> dict[str, dict[str, Any]]:
    """A whole form posted without JavaScript, as operations against its hidden `_revs`; gives conflicts by field.

    Call inside `writing()`. Fields that begin with `_` and the CSRF token are no part of a draft.
    """
    revs = revs_of(form)
    # All fields at once: a form of forty, row by row, took longer than all else that is done with it.
    rows = {
        row.field: row
        for row in session.scalars(select(DraftField).where(DraftField.subject == subject).with_for_update())
    }
    fields = _fields_of(form)
    changed = {name: value for name, value in fields.items() if (rows[name].value if name in rows else "") != value}
    answers, fresh = {}, []
    for name, value in changed.items():
        row = rows.get(name)
        if row is None:
            row = _blank(subject, name, who)
            fresh.append(row)
        # Nobody sends this one again, as autosave does an operation: it needs no name to be known by.
        answers[name] = _take(row, Op(op="", field=name, base=revs.get(name, 0), value=value), who)
    if fresh:
        kept = ("subject", "field", "rev", "value", "by", "at")
        session.execute(insert(DraftField), [{name: getattr(row, name) for name in kept} for row in fresh])
    session.flush()
    return {name: answer for name, answer in answers.items() if answer["status"] == "conflict"}


def conflicts_of(subject: str, form: Mapping[str, str], who: Actor) -> dict[str, dict[str, Any]]:
    """What `compare_form` would give, and nothing is kept."""
    revs, rows = revs_of(form), {row.field: row for row in rows_of(_KEPT, subject=subject)}
    found = {}
    for name, value in _fields_of(form).items():
        base, row = revs.get(name, 0), rows.get(name)
        if row is None and base:  # it was finished or thrown away meanwhile
            row = _blank(subject, name, who)
        if row is not None and base != row.rev and row.value != value:
            found[name] = _conflict(row, Op(op="", field=name, base=base, value=value), who)
    return found


def _fields_of(form: Mapping[str, str]) -> dict[str, str]:
    return {
        # check boxes that share a name are one field
        _key(name, form): "\n".join(form.getlist(name)) if isinstance(form, MultiDict) else form[name]
        for name in form
        if not name.startswith("_") and name != "csrf_token"
    }


def revs_of(form: Mapping[str, str]) -> dict[str, int]:
    """The revisions that a posted page was shown with."""
    try:
        return {str(name): int(rev) for name, rev in json.loads(form.get("_revs") or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _key(name: str, form: Mapping[str, str]) -> str:
    """A field's key: its name, but for rows, whose numbers move, `<list>-<row_key>-<field>`."""
    rows, number, field = [*name.split("-", 2), "", ""][:3]
    row_key = form.get(f"{rows}-{number}-row_key")
    return f"{rows}-{row_key}-{field}" if row_key else name


_ALL = [delete(table_of(one)).where(one.subject == bindparam("subject")) for one in (DraftField, DraftOp)]


def discard(subject: str) -> None:
    """Forget a draft whose form was finished. Call inside `writing()`."""
    session.flush()
    for all_of in _ALL:
        session.connection().execute(all_of, {"subject": subject})


def settle(subject: str, revs: Mapping[str, int]) -> None:
    """Forget the fields as whoever sent `revs` knew them; what was typed elsewhere since stays. Call inside
    `writing()`."""
    for row in session.scalars(select(DraftField).where(DraftField.subject == subject)):
        if row.rev == revs.get(row.field):
            session.delete(row)
    session.execute(delete(DraftOp).where(DraftOp.subject == subject))


def discard_all(beginning: str) -> None:
    """Forget the drafts of every subject that begins with this. Call inside `writing()`."""
    for table in (DraftField, DraftOp):
        session.execute(delete(table).where(table.subject.startswith(beginning, autoescape=True)))


def register_subject(app: Any, prefix: str, gate: Gate) -> None:
    """Let drafts under `prefix:` be touched by whom `gate` lets through."""
    app.extensions.setdefault("tafcore.draft_subjects", {})[prefix] = gate


def _open(subject: str) -> Opened:
    prefix, _, rest = subject.partition(":")
    gate = current_app.extensions.get("tafcore.draft_subjects", {}).get(prefix)
    if gate is None or not rest:
        raise NotFound
    return gate(rest, actor()) or Opened()


@pages.get("/drafts/<subject>")
@signed_in
def show(subject: str) -> Any:
    """Values, revisions and a fresh CSRF token."""
    return jsonify(**_there(subject, _open(subject)), csrf=generate_csrf())


def _there(subject: str, opened: Opened) -> dict[str, Any]:
    """What this screen may have of a draft; `seen`: as far as it has heard then."""
    found = read(subject)
    here = [field for field in found.values if not opened.hidden(field)]
    values, revs = ({field: each[field] for field in here} for each in (found.values, found.revs))
    return {"values": values, "revs": revs, "seen": marked(subject, found.heard)}


@pages.get("/drafts/<subject>/news")
@signed_in
@unattended
def news(subject: str) -> Any:
    """What is there, where anything was written since this page last heard (`?seen=`); nothing at all where not, which
    is said before anybody is asked who may read it: whoever holds the mark was let in when it was made."""
    if _seen(subject, request.args.get("seen", "")) == heard(subject):
        return "", 204
    return jsonify(**_there(subject, _open(subject)))


def marked(subject: str, number: int) -> str:
    """As far as a page has heard, signed for whoever has it open."""
    return _signer(subject).sign(str(number)).decode()


def _seen(subject: str, mark: str) -> int | None:
    try:
        return int(_signer(subject).unsign(mark))
    except (BadSignature, ValueError):
        return None


def _signer(subject: str) -> Signer:
    return Signer(str(current_app.secret_key), salt=f"draft {actor().key} {subject}")


@pages.post("/drafts/<subject>")
@signed_in
def save(subject: str) -> Any:
    """Autosave: `{"ops": [{"op", "field", "base", "value"}]}`."""
    opened = _open(subject)
    try:
        asked = Ops.model_validate(request.get_json())
    except ValidationError as fault:
        return problem(422, "Some of this cannot be kept", problems_of(fault))

    seen = _seen(subject, asked.seen) if asked.seen else None

    def keep() -> tuple[list[dict[str, Any]], int | None]:
        with writing():
            opened.still()
            if seen is None:
                return apply(subject, asked.ops, actor()), None
            return take(subject, asked.ops, actor(), seen)

    answers, now = together(keep)
    results = [_shown(answer, opened) for answer in answers]
    said = opened.say([answer["field"] for answer in answers if answer["status"] == "saved"])
    heard_now = marked(subject, now) if now is not None else asked.seen
    return jsonify(results=results, csrf=generate_csrf(), seen=heard_now, said=said)


def _shown(answer: dict[str, Any], opened: Opened) -> dict[str, Any]:
    """An answer as this screen may have it: a conflict says what is there, but not what is kept from the screen."""
    if answer["status"] != "conflict" or not opened.hidden(answer["field"]):
        return answer
    return answer | {"value": "", "by": "", "message": HIDDEN}
