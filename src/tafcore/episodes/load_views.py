"""Pages of who leads how many families, and of their training."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from tafcore.accounts import training
from tafcore.accounts.commands import RecordTraining
from tafcore.directory import reading as directory
from tafcore.episodes import load
from tafcore.episodes.forms import TrainingForm
from tafcore.episodes.views import pages
from tafcore.fields import number
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires

__all__ = ["pages"]
BOTH = ["GET", "POST"]


@pages.route("/leads", methods=BOTH)
@requires("accounts.training")
def leads() -> Any:
    """Searches are posted: names belong in no address."""
    q = request.form.get("q", "").strip()[:100]
    area = _number(request.values.get("area", ""))
    shown = load.load(q, _number(request.args.get("agency", "")), area)
    areas: dict[Any, str] = {"": "The whole borough", **dict(directory.areas())}
    return render_template("episodes/leads.html", load=shown, q=q, area=area, areas=areas)


def _number(typed: str) -> int | None:
    return number(typed) if typed.isdecimal() and len(typed) < 10 else None


@pages.route("/leads/<int:user>/training", methods=BOTH)
@requires("accounts.training")
def train(user: int) -> Any:
    one = load.person(user)
    page = FormPage(TrainingForm, RecordTraining)
    if page.submitted:
        with page.saving():
            training.record_training(page.command(user=user), actor())
    if page.saved:
        flash(f"Recorded: {load.person(user).name}, {load.person(user).training.lower()}", "success")
        return redirect(url_for("episodes.leads"))
    return page.render("episodes/training.html", person=one)
