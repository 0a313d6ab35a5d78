"""Pages of administrators: accounts, sectors' scopes, plugins."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from tafcore import hooks
from tafcore.accounts import admin
from tafcore.accounts.commands import DisableUser, SwitchSector
from tafcore.accounts.forms import DisableForm
from tafcore.accounts.views import pages
from tafcore.db import writing
from tafcore.formpage import FormPage
from tafcore.permissions import actor, requires


@pages.route("/admin", methods=["GET", "POST"])
@requires("admin.users")
def users() -> Any:
    """Searches are posted: names belong in no address."""
    asked = request.form if request.method == "POST" else {"after": request.args.get("after", "")}
    q = asked.get("q", "").strip()[:100]
    found, further = admin.users(q, asked.get("after", ""))
    return render_template("accounts/users.html", users=found, further=further, q=q)


@pages.route("/admin/users/<int:user>/disable", methods=["GET", "POST"])
@requires("admin.users")
def disable(user: int) -> Any:
    shown = admin.user(user)
    page = FormPage(DisableForm, DisableUser)
    if page.submitted:
        with page.saving():
            admin.disable(page.command(user=user), actor())
    if page.saved:
        flash(f"{shown.name} can no longer sign in", "success")
        return redirect(url_for("accounts.users"))
    return page.render("accounts/disable.html", user=shown)


@pages.get("/admin/sectors")
@requires("admin.sectors")
def sectors() -> Any:
    return render_template("accounts/sectors.html", sectors=admin.sectors())


@pages.post("/admin/sectors/<sector>")
@requires("admin.sectors")
def switch(sector: str) -> Any:
    with writing():
        admin.switch(SwitchSector(sector=sector, on=request.form.get("on") == "yes"), actor())
    return redirect(url_for("accounts.sectors"))


@pages.get("/plugins")
@requires("admin.plugins")
def plugins() -> Any:
    manager = hooks.plugin_manager()
    installed = [
        (hooks.title(name), sorted(caller.name for caller in manager.get_hookcallers(manager.get_plugin(name)) or ()))
        for name in hooks.plugin_names(manager)
    ]
    return render_template("accounts/plugins.html", plugins=installed, disabled=current_app.config["DISABLED_PLUGINS"])
