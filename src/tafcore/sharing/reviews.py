"""Lists of what somebody else must review, break-glass and MASH checks alike: what is asked of them, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import and_, or_

from tafcore.db import find_by_ref, utcnow
from tafcore.sharing.models import BrokenGlass, MashCheck

T = TypeVar("T")

PAGE = 25
TASKS = 20
SHOW = {"waiting": "Waiting for a review", "late": "Late", "not_justified": "Not justified", "all": "All"}
SORTS = {"due": "Longest waiting first", "newest": "Newest first"}


@dataclass(frozen=True)
class Asked:
    """What somebody asked of the list. `after` is the reference of the last row they have."""

    q: str = ""
    show: str = "waiting"
    sort: str = "due"
    after: str = ""


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of the list; `after` continues it, empty at the end."""

    rows: tuple[T, ...] = ()
    after: str = ""
    asked: Asked = field(default_factory=Asked)


def read(values: Mapping[str, str]) -> Asked:
    """What a request asks; whatever is not known is left at its default."""
    show, sort = values.get("show", ""), values.get("sort", "")
    return Asked(
        q=values.get("q", "").strip()[:100],
        show=show if show in SHOW else "waiting",
        sort=sort if sort in SORTS else "due",
        after=values.get("after", "")[:12],
    )


def answering(rows: Any, model: type[BrokenGlass | MashCheck], asked: Asked) -> Any:
    """The rows that are to be shown, in order, behind those they have: one more than a page, for `page_of`."""
    newest = asked.sort == "newest"
    key: Any = model.at if newest else model.review_due
    if asked.show == "not_justified":
        rows = rows.where(model.outcome == "not_justified")
    elif asked.show != "all":
        rows = rows.where(model.reviewed_at.is_(None))
        rows = rows.where(model.review_due < utcnow()) if asked.show == "late" else rows
    last = find_by_ref(model, asked.after) if asked.after else None
    if last is not None:
        at = last.at if newest else last.review_due
        further, tie = (key < at, model.id < last.id) if newest else (key > at, model.id > last.id)
        rows = rows.where(or_(further, and_(key == at, tie)))
    order = (key.desc(), model.id.desc()) if newest else (key, model.id)
    return rows.order_by(*order).limit(PAGE + 1)


def page_of(found: tuple[T, ...], asked: Asked) -> Page[T]:
    """The page that was asked for; each has a `ref`."""
    last: Any = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], last.ref if last else "", asked)
