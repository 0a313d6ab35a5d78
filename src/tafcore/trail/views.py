"""The page of the trail, for information governance and auditors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from tafcore.permissions import actor, requires
from tafcore.references import BadReference, read_ref
from tafcore.trail import reading, service

pages = Blueprint("trail", __name__)


@pages.get("/trail")
@requires("trail.read")
def show() -> Any:
    """Changes or openings, of one record or of all. Looking up a family is itself an opening of it."""
    typed = request.args.get("ref", "").strip()
    ref, fault = _read(typed)
    openings = request.args.get("what") == "openings"
    after = request.args.get("after", "")
    who = actor()
    family_id = reading.family_of(ref, who)
    if family_id is not None:
        service.opened(who, family_id, "trail.show", "Reads the trail")
    if fault:
        rows: tuple[Any, ...] = ()
        further = ""
    elif openings:
        rows, further = reading.openings(who, ref, after)
    else:
        rows, further = reading.changes(who, ref, after, who.may("trail.payload"))
    return render_template(
        "trail/show.html",
        rows=rows,
        further=further,
        ref=ref or typed,
        fault=fault,
        openings=openings,
        has_errors=bool(fault),
    )


def _read(typed: str) -> tuple[str, str]:
    """(the reference as we write it, what is wrong with what was typed)."""
    if not typed:
        return "", ""
    try:
        return read_ref(typed), ""
    except BadReference as bad:
        return "", str(bad)
