"""The slip about a service that a family takes away: it knows of no family, so it can tell nothing of one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from tafcore.directory import reading
from tafcore.permissions import requires
from tafcore.work import NotFound

pages = Blueprint("directory", __name__)


@pages.get("/services/<int:service>/slip")
@requires("directory.read")
def slip(service: int) -> Any:
    found = reading.service_of(service)
    if found is None:
        raise NotFound
    return render_template("directory/slip.html", offer=found, service_name=found.name)
