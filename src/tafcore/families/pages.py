"""The door of every family page: visibility is decided before the view runs and before the body is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request
from flask import session as cookie

from tafcore.families.access import FamilyView, visible_family, visible_family_by_id
from tafcore.families.seen import families_to_see
from tafcore.permissions import actor, requires
from tafcore.references import BadReference, read_ref
from tafcore.work import NotFound

Page = TypeVar("Page", bound=Callable[..., Any])


def family_page(permission: str, *scopes: str, purpose: str = "") -> Callable[[Page], Page]:
    """A view at `<family_ref>`: needs `permission`, a reason to see the family, and to be one of `scopes` to it.

    The view receives `view`, a FamilyView, instead of the reference; the shared view unless the worker switched it off.
    The trail names the page as what was opened; as `purpose`, where that it was opened would tell too much.
    """

    def wrap(page: Page) -> Page:
        @requires(permission)
        @wraps(page)
        def guarded(family_ref: str, **values: Any) -> Any:
            opened = purpose or str(request.endpoint)
            view = visible_family(family_ref, actor(), opened, frozenset(scopes))
            return page(view=as_shown(view), **values)

        return _declaring(guarded, scopes)

    return wrap


def _declaring(guarded: Any, scopes: tuple[str, ...]) -> Any:
    """The view with what it asks for written on it, for the contract tests."""
    guarded.scopes = frozenset(scopes)
    return guarded


def record_page(permission: str, family_of: Callable[[str], tuple[Any, int]], *scopes: str) -> Callable[[Page], Page]:
    """A view at `<ref>` of a record that belongs to a family; `family_of(ref)` gives (record, family id) or NotFound.

    The view receives `record` and `view`.
    """

    def wrap(page: Page) -> Page:
        @requires(permission)
        @wraps(page)
        def guarded(ref: str, **values: Any) -> Any:
            record, family_id = family_of(ref)
            view = visible_family_by_id(family_id, actor(), str(request.endpoint), frozenset(scopes))
            return page(record=record, view=as_shown(view), **values)

        return _declaring(guarded, scopes)

    return wrap


def person_page(permission: str, *scopes: str) -> Callable[[Page], Page]:
    """A view at `<ref>` of somebody in a family: in that of `?family=`, from where the worker came, else in the first
    of theirs in which the worker sees them and is one of `scopes`, open ones first.

    The view receives `person`, a PersonView, and `view`.
    """

    def wrap(page: Page) -> Page:
        @requires(permission)
        @wraps(page)
        def guarded(ref: str, **values: Any) -> Any:
            try:
                canonical = read_ref(ref, "P")
            except BadReference as bad:
                raise NotFound from bad
            view = as_shown(_with(canonical, request.args.get("family", ""), frozenset(scopes)))
            return page(person=view.person(canonical), view=view, **values)

        return _declaring(guarded, scopes)

    return wrap


def _with(person: str, family: str, scopes: frozenset[str]) -> FamilyView:
    """The family to see a person in."""
    who, purpose = actor(), str(request.endpoint)
    if family:
        return visible_family(family, who, purpose, scopes)
    seen: FamilyView | None = None
    for one in families_to_see(who, person):
        view = visible_family_by_id(one, who, purpose)
        if not scopes or view.scopes & scopes:
            return view
        seen = seen or view
    if seen is None:
        raise NotFound
    return seen.require(scopes)


def as_shown(view: FamilyView) -> FamilyView:
    """The shared view, unless this browser was switched to the worker's own."""
    return view if cookie.get("alone") else view.shown_to_family()
