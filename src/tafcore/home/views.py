"""My work."""

from typing import Any

from flask import Blueprint, render_template

from tafcore.permissions import signed_in

pages = Blueprint("home", __name__)


@pages.get("/")
@signed_in
def my_work() -> Any:
    return render_template("home/my_work.html")
