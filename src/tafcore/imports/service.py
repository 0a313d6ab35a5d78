"""Bringing the rows of a file in: all at once where few belong together, else staged and a few at a time.

Staged rows go in by short transactions with pauses between them, so that whoever registers something meanwhile waits a
moment at most. A row and the record made of it are committed together: whenever the process ends, the same file goes on
where it was, and no row is ever two records.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError
from sqlalchemy import bindparam, delete, func, insert, select, update

from tafcore.actor import Actor
from tafcore.contributions import Import, Problem
from tafcore.db import session, table_of, utcnow, writing
from tafcore.imports.events import FileImported
from tafcore.imports.headings import Row
from tafcore.imports.models import ImportFile, ImportRow
from tafcore.vocabulary import Subject, problems_of
from tafcore.work import NotAllowed, NotFound, Refused, publish

HELD = 0.1
"""For how many seconds at a time the database is kept from others; a row more may be added to that."""
PAUSE = 0.03
AT_A_TIME = 50
REFUSALS = (ValidationError, Refused, NotFound, NotAllowed)
ABANDONED = timedelta(days=30)
"""After which the cells of a file that was never finished are forgotten."""

T = TypeVar("T")


class Progress(Protocol):
    """Shows how far a step of the work is: entered, it gives what is called with how many more are done."""

    def __call__(self, label: str, length: int) -> AbstractContextManager[Callable[[int], None]]: ...


@dataclass(frozen=True)
class Known:
    """A row that is in already: as which record, and since when."""

    line: int
    ref: str | None
    kept_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What became of a file's rows; `left_out` are those beside `rows` that do not concern us."""

    rows: int
    kept: int
    problems: tuple[tuple[int, Problem], ...]
    known: tuple[Known, ...] = ()
    resumed: bool = False
    left_out: int = 0


class DryRun(Exception):
    """Ends a write transaction of which nothing shall stay."""


def bring_in(
    chosen: Import,
    rows: Sequence[Row],
    actor: Actor,
    progress: Progress,
    dry_run: bool = False,
    accept_good: bool = False,
) -> Outcome:
    """Check every row that concerns us, then keep all, the good ones, or nothing."""
    if chosen.concerns is not None:
        ours = chosen.concerns()
        mine = [row for row in rows if ours(row.values)]
        done = bring_in(replace(chosen, concerns=None), mine, actor, progress, dry_run, accept_good)
        return replace(done, left_out=len(rows) - len(mine))
    if chosen.check is None:
        return _at_once(chosen, rows, actor, progress, dry_run, accept_good)
    keys = _keys(chosen.name, rows)
    digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()
    same_file = ImportFile.name == chosen.name, ImportFile.digest == digest
    begun = session.scalar(select(ImportFile.id).where(*same_file, ImportFile.ended_at.is_(None)))
    if begun is not None and not dry_run:
        return _go_on(chosen, begun, len(rows), actor, progress, resumed=True)
    kept = _kept(keys)
    known = tuple(Known(row.line, *kept[key]) for row, key in zip(rows, keys, strict=True) if key in kept)
    fresh = [(row, key) for row, key in zip(rows, keys, strict=True) if key not in kept]
    with progress("Checking", len(fresh)) as advance:
        for row, _ in fresh:
            if not row.problems:
                _try(row, _check, chosen, row, actor)
            advance(1)
    problems = _problems([row for row, _ in fresh])
    good = [row for row, _ in fresh if not row.problems]
    if dry_run or not good or (problems and not accept_good):
        return Outcome(len(rows), 0, problems, known)
    done = _go_on(chosen, _stage(chosen.name, digest, fresh), len(rows), actor, progress)
    return Outcome(len(rows), done.kept, done.problems, known)


def _problems(rows: Iterable[Row]) -> tuple[tuple[int, Problem], ...]:
    return tuple((row.line, problem) for row in rows for problem in row.problems)


def _try(row: Row, step: Callable[..., T], *given: Any) -> T | None:
    """What the step gives; what it refuses is added to the row's problems."""
    try:
        return step(*given)
    except ValidationError as fault:
        row.problems += problems_of(fault)
    except Refused as refusal:
        row.problems += refusal.problems
    except NotFound:
        row.problems.append(Problem("There is no such record"))
    except NotAllowed:
        row.problems.append(Problem("An import may not do this"))
    return None


# --- all at once -----------------------------------------------------------------------------------------------------


def _at_once(
    chosen: Import, rows: Sequence[Row], actor: Actor, progress: Progress, dry_run: bool, accept_good: bool
) -> Outcome:
    """Run every row's command in one transaction that keeps all, the good ones, or nothing."""
    with progress("Reading", len(rows)) as advance:
        for row in rows:
            if not row.problems:
                row.command = _try(row, chosen.command, row.values)
            advance(1)
    if not accept_good and not dry_run and any(row.problems for row in rows):
        return Outcome(len(rows), 0, _problems(rows))
    good = [row for row in rows if not row.problems]
    kept = 0
    with suppress(DryRun), writing(), progress("Trying" if dry_run else "Keeping", len(good)) as advance:
        for row in good:
            _try(row, _apply, chosen, row.command, actor)
            advance(1)
        kept = sum(not row.problems for row in good)
        if dry_run or (not accept_good and any(row.problems for row in rows)):
            kept = 0
            raise DryRun
    return Outcome(len(rows), kept, _problems(rows))


def _apply(chosen: Import, command: Any, actor: Actor) -> Any:
    with session.begin_nested():  # a row that is refused half-way leaves nothing behind
        return chosen.apply(command, actor)


# --- a few at a time -------------------------------------------------------------------------------------------------


def _keys(name: str, rows: Iterable[Row]) -> list[str]:
    """What each row is known by again. Rows that say the same in one file are two, and the same two next time."""
    seen: Counter[str] = Counter()
    keys = []
    for row in rows:
        said = json.dumps([name, sorted((column, cell) for column, cell in row.values.items() if cell)])
        seen[said] += 1
        keys.append(hashlib.sha256(f"{said}\n{seen[said]}".encode()).hexdigest())
    return keys


def _kept(keys: Sequence[str]) -> Mapping[str, tuple[str | None, datetime]]:
    """key -> (ref, when) of the rows that are in already."""
    found: dict[str, tuple[str | None, datetime]] = {}
    for some in _in_parts(keys, 500):
        rows = select(ImportRow.key, ImportRow.ref, ImportRow.kept_at)
        for key, ref, kept_at in session.execute(rows.where(ImportRow.key.in_(some), ImportRow.state == "kept")):
            found[key] = (ref, kept_at or utcnow())
    return found


def _in_parts(many: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (many[start : start + size] for start in range(0, len(many), size))


def _check(chosen: Import, row: Row, actor: Actor) -> None:
    row.command = chosen.command(row.values)
    if chosen.check is not None:
        chosen.check(row.command, actor)


def _stage(name: str, digest: str, rows: Sequence[tuple[Row, str]]) -> int:
    """Write down what waits, whole or not at all; gives the file's id."""
    with writing():
        _forget_abandoned()
        file = session.scalar(select(ImportFile).where(ImportFile.name == name, ImportFile.digest == digest))
        if file is not None and file.ended_at is None:
            return file.id  # somebody brings in the same file at this moment
        if file is None:
            file = ImportFile(name=name, digest=digest)
            session.add(file)
        file.ended_at = None
        session.flush()
        in_already = set(session.scalars(select(ImportRow.line).where(ImportRow.file_id == file.id)))
        fresh = [_staged(file.id, row, key) for row, key in rows if row.line not in in_already]
        if fresh:
            session.execute(insert(ImportRow), fresh)
        return file.id


def _staged(file_id: int, row: Row, key: str) -> dict[str, Any]:
    return {
        "file_id": file_id,
        "line": row.line,
        "key": key,
        "state": "refused" if row.problems else "waiting",
        "cells": "" if row.problems else json.dumps(row.values),
        "problems": _written(row.problems) if row.problems else "",
    }


def _written(problems: Iterable[Problem]) -> str:
    return json.dumps([[one.message, one.field] for one in problems])


def _forget_abandoned() -> None:
    old = ImportFile.ended_at.is_(None), ImportFile.begun_at < utcnow() - ABANDONED
    files = select(ImportFile.id).where(*old)
    session.execute(delete(ImportRow).where(ImportRow.file_id.in_(files), ImportRow.state != "kept"))
    session.execute(update(ImportFile).where(*old).values(ended_at=utcnow()))


def _go_on(chosen: Import, file_id: int, rows: int, actor: Actor, progress: Progress, resumed: bool = False) -> Outcome:
    """Bring in what waits of a staged file, and end it."""
    waiting = select(func.count()).where(ImportRow.file_id == file_id, ImportRow.state == "waiting")
    kept = 0
    with progress("Keeping", session.scalar(waiting) or 0) as advance:
        while ready := _next(chosen, file_id):
            while ready:
                states = _step(chosen, ready, actor)
                kept += states.count("kept")
                advance(len(states))
                time.sleep(PAUSE)
    refused = select(ImportRow.line, ImportRow.problems).where(ImportRow.file_id == file_id)
    refused = refused.where(ImportRow.state == "refused").order_by(ImportRow.line)
    problems = tuple(
        (line, Problem(message, field))
        for line, text in session.execute(refused).all()
        for message, field in json.loads(text)
    )
    with writing():
        session.execute(delete(ImportRow).where(ImportRow.file_id == file_id, ImportRow.state == "refused"))
        session.execute(update(ImportFile).where(ImportFile.id == file_id).values(ended_at=utcnow()))
        bad = len({line for line, _ in problems})
        subject = Subject("import", file_id, chosen.name[:20])
        publish(FileImported(actor=actor, subject=subject, name=chosen.name, rows=rows, refused=bad))
    return Outcome(rows, kept, problems, resumed=resumed)


def _next(chosen: Import, file_id: int) -> dict[int, Any]:
    """The commands of the next few rows, by their ids: made before the database is kept from anybody."""
    waiting = select(ImportRow.id, ImportRow.cells).where(ImportRow.file_id == file_id, ImportRow.state == "waiting")
    rows = session.execute(waiting.order_by(ImportRow.line).limit(AT_A_TIME)).all()
    return {row_id: chosen.command(json.loads(cells)) for row_id, cells in rows}


def _step(chosen: Import, ready: dict[int, Any], actor: Actor) -> list[str]:
    """Bring in as many of the rows as there is time for, and take them away; gives what became of each."""
    try:
        done, states = _bring(chosen, ready, actor)
    except REFUSALS:  # of checked rows hardly any is: only now is each made safe by itself
        done, states = _bring(chosen, ready, actor, one_by_one=True)
    for row_id in done:
        del ready[row_id]
    return states


def _bring(
    chosen: Import, ready: Mapping[int, Any], actor: Actor, one_by_one: bool = False
) -> tuple[set[int], list[str]]:
    """In one transaction: the rows that wait no more, and what became of those brought in."""
    with writing():
        until = time.monotonic() + HELD
        # Somebody may be bringing in the same file: what they hold or have done is left to them.
        rows = session.execute(_OURS, {"ids": list(ready)}).all()
        done = set(ready) - {row.id for row in rows}
        became: list[dict[str, Any]] = []
        for row in rows:
            became.append(_keep(chosen, row, ready[row.id], actor, one_by_one))
            done.add(row.id)
            if time.monotonic() > until:
                break
        if became:
            session.connection().execute(_BECAME, became)
    return done, [row["now"] for row in became]


_OURS = (
    select(ImportRow.id, ImportRow.line)
    .where(ImportRow.id.in_(bindparam("ids", expanding=True)), ImportRow.state == "waiting")
    .order_by(ImportRow.line)
    .with_for_update(skip_locked=True)
)
_ROW = table_of(ImportRow)
_BECAME = update(_ROW).where(_ROW.c.id == bindparam("row"))
_BECAME = _BECAME.values(state=bindparam("now"), problems=bindparam("said"), cells="")
_BECAME = _BECAME.values(ref=bindparam("made"), kept_at=bindparam("at"))


def _keep(chosen: Import, row: Any, command: Any, actor: Actor, one_by_one: bool) -> dict[str, Any]:
    """What becomes of a row, as _BECAME writes it."""
    tried = Row(row.line, {})
    made = _try(tried, _apply, chosen, command, actor) if one_by_one else chosen.apply(command, actor)
    if tried.problems:
        return {"row": row.id, "now": "refused", "said": _written(tried.problems), "made": None, "at": None}
    return {"row": row.id, "now": "kept", "said": "", "made": getattr(made, "ref", None), "at": utcnow()}
