"""The application, put together from settings, the core's features and the plugins."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Flask, Response, g, jsonify, request, url_for
from flask import session as cookie
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from tafcore import (
    config,
    db,
    drafts,
    fields,
    hooks,
    links,
    logs,
    migrate,
    permissions,
    plugin_checks,
    references,
    security,
    written,
)
from tafcore.accounts import login
from tafcore.accounts.rules import IDLE
from tafcore.actor import VISITOR, Actor
from tafcore.home import help
from tafcore.notices import worker
from tafcore.people import identifiers
from tafcore.permissions import actor, public
from tafcore.standards import words
from tafcore.standards.clock import LONDON, london_day
from tafcore.standards.rules import END_OF_DAY

FEATURES = (
    "trail",
    "standards",
    "accounts",
    "notices",
    "people",
    "matching",
    "families",
    "sharing",
    "directory",
    "episodes",
    "contacts",
    "assessments",
    "plans",
    "meetings",
    "steps",
    "drift",
    "outcomes",
    "record",
    "home",
    "imports",
    "web_api",
    "demo",
)
"""In the order in which each may import only those before it."""
REPLICA_LAG_SECONDS = 30


def create_app(settings: dict[str, Any] | None = None, plugins: Sequence[Any] | None = None) -> Flask:
    """The application.

    `settings` override environment and file (names with or without TAFCORE_); `plugins` are plugin modules to use
    instead of those installed. Raises SettingFault or PluginFault with a sentence an operator can act on.
    """
    found = config.load(settings)
    app = Flask("tafcore", instance_path=str(found["INSTANCE"]), instance_relative_config=True)
    app.config.update(
        found,
        SESSION_COOKIE_NAME="tafcore",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=found["MODE"] == "live" and not found.get("TESTING"),
        MAX_CONTENT_LENGTH=(found["LARGEST_FILE_MB"] + 2) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=4000,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["tafcore.database"] = db.Database(found["DATABASE_URL"], found["REPLICA_URL"])
    app.teardown_appcontext(db.close_sessions)
    if found["REPLICA_URL"]:
        own_writes_first(app)
    logs.init(app)
    app.extensions["tafcore.plugins"] = hooks.load(features(), plugins, found["DISABLED_PLUGINS"])
    permissions.collect(app)
    security.init(app)
    login.manager.init_app(app)
    app.register_blueprint(drafts.pages)
    for owner, blueprint in hooks.blueprints(app.extensions["tafcore.plugins"]):
        if not owner.startswith("core.") and blueprint.name != owner:
            raise hooks.PluginFault(f"The pages of the plugin {owner} must be called {owner}, not {blueprint.name}")
        app.register_blueprint(blueprint)
    frame_pages(app)
    page_words(app)
    plugin_checks.check_app(app)
    return app


def own_writes_first(app: Flask) -> None:
    """For 30 seconds after somebody wrote, they read the primary: a replica may not have it yet."""

    @app.before_request
    def wrote() -> None:
        g.wrote_lately = time.time() - float(cookie.get("wrote_at", 0)) < REPLICA_LAG_SECONDS

    @app.after_request
    def remember(response: Response) -> Response:
        if g.get("wrote_lately") and request.method == "POST":
            cookie["wrote_at"] = time.time()
        return response


def features() -> list[tuple[str, Any]]:
    """The core's features that contribute, in order; the tables of all of them are known afterwards."""
    for name in FEATURES:
        if find_spec(f"tafcore.{name}.models"):
            import_module(f"tafcore.{name}.models")
    named = [(name, f"tafcore.{name}.plugin") for name in FEATURES]
    return [(name, import_module(module)) for name, module in named if find_spec(module)]


def owners(app: Flask) -> list[migrate.Owner]:
    """Whose migrations this application runs."""
    manager = app.extensions["tafcore.plugins"]
    return migrate.owners([(name, manager.get_plugin(name)) for name in hooks.plugin_names(manager)])


def frame_pages(app: Flask) -> None:
    """Pages of no feature: health and the borough's colours."""

    @public("for load balancers; says only that the process is up")
    def healthz() -> Any:
        return jsonify(status="up")

    @public("for load balancers; says which part is not ready, no data")
    def readyz() -> Any:
        late: list[str] = []
        try:
            late = [f"migrations of {owner}" for owner in migrate.behind(db.database().engine, owners(app))]
            if not late:
                late = worker.waiting()
        except SQLAlchemyError:
            late = ["database"]
        return jsonify(status="not ready" if late else "ready", waiting_for=late), 503 if late else 200

    @public("colours are no secret")
    def theme() -> Any:
        borough = app.config["BOROUGH"]
        colours = {"colour": borough.colour, "text": borough.text_on_colour, "link": borough.link}
        body = ":root {" + " ".join(f"--borough-{name}: {value};" for name, value in colours.items()) + "}\n"
        return Response(body, mimetype="text/css", headers={"Cache-Control": "max-age=300"})

    app.add_url_rule("/healthz", "frame.healthz", healthz)
    app.add_url_rule("/readyz", "frame.readyz", readyz)
    app.add_url_rule("/theme.css", "theme", theme)


def page_words(app: Flask) -> None:
    """What every template may use."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=lambda value: words.day(_day(value), london_day(db.utcnow())) if value else "",
        day_time=lambda value: words.day_time(value, london_day(db.utcnow())) if value else "",
        due=lambda value, unit="days": words.due_words(_moment(value), db.utcnow(), unit) if value else "",
        telephone=_telephone,
        inside=words.inside,
        ago=lambda value: words.ago(value, db.utcnow()) if value else "",
    )

    app.jinja_env.globals.update(
        url_for=links.address,
        written_once=written.written_once,
        template_once=written.template_once,
        faults_of=written.faults_of,
        example_ref=_example_ref,
        day_hint=fields.day_hint,
    )

    @app.context_processor
    def context() -> dict[str, Any]:
        try:
            who = actor()
        except SQLAlchemyError:  # the page that says so must still come
            who = VISITOR
        # A page with panels renders a template for each of them.
        made = db.once_a_request("page_words", dict[Any, dict[str, Any]])
        here = (who, request.endpoint if request else None)
        if here not in made:
            made[here] = _page_words(app, who)
        return made[here]


def _page_words(app: Flask, who: Actor) -> dict[str, Any]:
    shown = _menu(who)
    here = _current({url: endpoint for endpoint, _, url, _ in shown})
    items = [
        {"title": title, "url": url, "current": endpoint == here, "count": partial(count, who) if count else None}
        for endpoint, title, url, count in shown
    ]
    return {
        "borough": app.config["BOROUGH"],
        "service_name": app.config["BOROUGH"].service_name,
        "demo_mode": app.config["MODE"] == "demo",
        "navigation": items,
        "help_here": help.of_endpoint(request.endpoint, who) if who.kind == "user" and request else None,
        "searching": who.may("record.search"),
        "actor": who,
        "signed_in_name": who.label if who.kind == "user" else "",
        "session_seconds": int(IDLE.total_seconds()) if who.kind == "user" else None,
        "csrf_token": generate_csrf,
        "opened_at": db.utcnow(),
        "alone_with_screen": bool(request and cookie.get("alone")),
    }


def _menu(who: Actor) -> list[tuple[str, str, str, Callable[[Actor], int] | None]]:
    """(endpoint, title, address, what counts there) of what an actor's menu leads to; made once, as addresses cost
    more than a query."""
    made = hooks.kept("tafcore.menu", dict[Any, list[tuple[str, str, str, Callable[[Actor], int] | None]]])
    key = (request.script_root if request else None, who.kind, who.permissions)
    if key not in made:
        made[key] = [
            (item.endpoint, item.title, url_for(item.endpoint), item.count)
            for item in hooks.navigation()
            if who.may(item.permission) or (item.permission == permissions.SIGNED_IN and who.kind == "user")
        ]
    return made[key]


def _day(value: date) -> date:
    """The London day of a moment; a day itself."""
    return london_day(value) if isinstance(value, datetime) else value


def _moment(value: date) -> datetime:
    """The last moment of a London day; a moment itself."""
    return value if isinstance(value, datetime) else datetime.combine(value, END_OF_DAY, LONDON)


@lru_cache(1024)
def _telephone(number: str) -> str:
    """A stored number as it is read out; anything else as it is. The same few numbers stand on every page, and reading
    them was a tenth of a family page."""
    try:
        return identifiers.service_phone(number).display
    except identifiers.BadIdentifier:
        return number


def _example_ref(prefix: str) -> Markup:
    """A reference as hints show it, which no line breaks."""
    return Markup('<span class="app-ref">{}</span>').format(references.example(prefix))


def _current(items: dict[str, str]) -> str | None:
    """The endpoint of the menu item that this page lies under: by its address, or else by whose page it is."""
    path, feature = (request.path, str(request.endpoint).split(".")[0]) if request else ("", "")
    under = [url for url in items if path == url or (url != "/" and path.startswith(f"{url}/"))]
    if under:
        return items[max(under, key=len)]
    whose = (endpoint for endpoint in items.values() if endpoint.split(".")[0] == feature != "home")
    return next(whose, None)
