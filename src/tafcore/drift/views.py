"""The page of families whose help has stopped moving."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from tafcore.db import utcnow
from tafcore.drift import reading
from tafcore.permissions import actor, requires

pages = Blueprint("drift", __name__)


@pages.route("/drift", methods=["GET", "POST"])
@requires("drift.read")
def drift() -> Any:
    """Searches are posted: names belong in no address."""
    q, after = request.form.get("q", ""), request.args.get("after", "")
    found = reading.listed(actor(), utcnow(), q, after)
    return render_template("drift/list.html", found=found, q=q, after=after)
