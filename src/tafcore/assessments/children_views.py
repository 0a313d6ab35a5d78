"""The list of children to see and to hear."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from tafcore.assessments import children as listing
from tafcore.assessments.views import BOTH, pages
from tafcore.permissions import actor, requires


@pages.route("/children", methods=BOTH)
@requires("visits.list")
def children() -> Any:
    """Searches are posted: names belong in no address."""
    asked = listing.read(request.form if request.method == "POST" else {**request.args, "q": ""})
    page = listing.children(actor(), asked)
    # A page that can be blanked: it is of children, and somebody may be looking over a shoulder.
    return render_template(
        "assessments/children.html",
        page=page,
        asked=asked,
        show=listing.SHOW,
        sorts=listing.SORTS,
        family_page=True,
        recording=actor().may("visits.record"),
    )
