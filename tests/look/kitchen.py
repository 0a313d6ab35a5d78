"""A tiny application with every part on a page: the frame and the macros without the rest of the program."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, flash, g, jsonify, render_template, request, url_for
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import generate_csrf
from jinja2 import FileSystemLoader
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from tafcore.written import faults_of, template_once, written_once

SOURCE = Path(__file__).parents[2] / "src" / "tafcore"
TODAY = date(2026, 11, 20)


def choices(*pairs: tuple[str, str], group: str | None = None) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label, optgroup=group) for value, label in pairs]


AGREED = choices(("agreed", "Yes"), ("not_now", "Not now"), ("not_asked", "Not asked yet"))
SHARE = choices(
    ("school", "School"),
    ("health_visiting", "Health visitor"),
    ("vcs", "Voluntary services"),
    ("none", "None of these"),
)
HUBS = choices(("h1", "Elm Hub"), ("h2", "Larch Hub"), group="Hubs")


class PersonForm(Form):
    row_key = HiddenField()
    forename = StringField("First name", [InputRequired("Enter a first name")], render_kw={"autocomplete": "off"})
    role = SelectField("Who they are", choices=choices(("child", "Child"), ("mother", "Mother"), ("carer", "Carer")))
    living_here = RadioField(
        "Living here?",
        choices=choices(("yes", "Yes"), ("no", "No")),
        validators=[InputRequired("Say whether they live here")],
    )


class PlaceForm(Form):
    address = StringField("Address")
    postcode = StringField("Postcode", [InputRequired("Enter a postcode, or ZZ99 3VZ if there is none")])


class KitchenForm(FlaskForm):
    """Sixteen kinds of field and more."""

    token = HiddenField(default="t")
    name = StringField("Name", [InputRequired("Enter a name"), Length(max=40)], description="As they like to be called")
    email = EmailField("Email", render_kw={"autocomplete": "email", "spellcheck": "false"})
    phone = TelField("Phone", render_kw={"autocomplete": "tel"})
    find = SearchField("Find a service")
    password = PasswordField("Password", render_kw={"autocomplete": "current-password"})
    children = IntegerField("Children", [InputRequired("Enter how many children")])
    born = DateField(
        "Born",
        format="%d/%m/%Y",
        validators=[InputRequired("Enter a date of birth")],
        description="For example, 27 3 2018",
    )
    words = TextAreaField("What was said?", [InputRequired("Write what was said")], render_kw={"rows": 3})
    level = SelectField(
        "Level",
        choices=choices(("", "Choose"), ("2", "Early help"), ("3", "Targeted")),
        validators=[InputRequired("Choose a level")],
    )
    place = SelectField("Service", choices=HUBS + choices(("c1", "Money advice"), group="Charities"))
    agreed = RadioField("Agreed to help?", choices=AGREED, validators=[InputRequired("Say whether they agreed")])
    why = TextAreaField("Why not now?")
    share = SelectMultipleField(
        "Share with",
        choices=SHARE,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
        validators=[InputRequired("Choose who to share with")],
    )
    told = BooleanField("I told the family what is shared", [InputRequired("Tell the family first")])
    letter = FileField("Letter")
    home = FormField(PlaceForm, "Where they live")
    people = FieldList(FormField(PersonForm), "People", min_entries=1, max_entries=4)
    notes = FieldList(StringField("Note"), "Notes", min_entries=1)


class DraftBook:
    """What the draft endpoint keeps; tests reach in to play the colleague, the outage and the ended session."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.revs: dict[str, int] = {}
        self.seen: dict[str, dict[str, Any]] = {}
        self.signed_out = False
        self.posts = 0

    def write(self, field: str, value: str) -> int:
        self.values[field] = value
        self.revs[field] = self.revs.get(field, 0) + 1
        return self.revs[field]

    def take(self, op: dict[str, Any]) -> dict[str, Any]:
        if op["op"] in self.seen:
            return self.seen[op["op"]]
        field, value = op["field"], op["value"]
        answer: dict[str, Any] = {"op": op["op"], "field": field}
        if value == "refuse me":
            answer |= {"status": "refused", "message": "This cannot be kept"}
        elif op["base"] != self.revs.get(field, 0) and self.values.get(field) != value:
            answer |= {"status": "conflict", "rev": self.revs[field], "value": self.values[field], "by": "M. Lewis"}
        else:
            answer |= {"status": "saved", "rev": self.write(field, value)}
        self.seen[op["op"]] = answer
        return answer


def people() -> list[dict[str, Any]]:
    return [
        {
            "role": "Lead professional",
            "name": "A. Patel",
            "organisation": "Elm Row Primary",
            "phone": "020 7946 0101",
            "since": TODAY,
        },
        {
            "role": "Health visitor",
            "name": "M. Lewis",
            "organisation": "0-19 service",
            "away": "away until Monday",
            "cover": "J. Shah",
        },
    ]


def parts() -> dict[str, Any]:
    """Invented content for the kitchen pages."""
    late, soon = TODAY - timedelta(days=2), TODAY + timedelta(days=6)
    return {
        "people": people(),
        "late": late,
        "soon": soon,
        "todo": [
            {
                "kind": "Today",
                "time": "15:30",
                "words": "TAF meeting, Larch hub",
                "ref": "F-7KQ2-M9",
                "verb": "Hold",
                "url": "#h",
            },
            {
                "kind": "Late",
                "words": "Ring back the referrer",
                "far": "2 days late",
                "ref": "C-2MX8-41",
                "verb": "Ring",
                "url": "#r",
            },
            {"kind": "Soon", "words": "Review due, F-9TT3-K2", "ref": "F-9TT3-K2", "verb": "Schedule", "url": "#s"},
        ],
        "names": {"F-7KQ2-M9": "Okoro family"},
        "events": [
            {
                "title": "Visit at home",
                "when": datetime(2026, 11, 9, 15, 0),
                "by": "M. Lewis",
                "words": "Baby watched:\nsettles with mum.",
                "kind": "Visit",
            },
            {"title": "Contact registered", "when": datetime(2026, 11, 2, 9, 30), "by": "Larch hub", "href": "#c"},
        ],
        "points": [("Apr", 12), ("May", 15), ("Jun", None, "suppressed"), ("Jul", 18), ("Aug", 14), ("Sep", 21)],
        "families": [
            ["Okoro family", "today 15:30", {"text": "4 (1 late)", "numeric": True}],
            ["Rahman family", "none scheduled", {"text": "2", "numeric": True}],
        ],
    }


def due_words(value: date, unit: str = "days") -> str:
    days = (value - TODAY).days
    return "today" if days == 0 else f"in {days} days" if days > 0 else f"{-days} days late"


def create_app() -> Flask:
    """The kitchen; `app.extensions["drafts"]` is its DraftBook."""
    app = Flask(__name__, static_folder=str(SOURCE / "static"))
    app.config.update(SECRET_KEY="kitchen", WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_CHECK_DEFAULT=False)
    guard = CSRFProtect(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.loader = FileSystemLoader([Path(__file__).parent / "templates", SOURCE / "templates"])
    app.jinja_env.filters.update(
        day=lambda v: f"{v:%a} {v.day} {v:%b}",
        day_time=lambda v: f"{v:%a} {v.day} {v:%b, %H:%M}",
        due=due_words,
        telephone=str,
    )
    book = app.extensions["drafts"] = DraftBook()

    def csp_nonce() -> str:
        g.nonce = g.get("nonce") or secrets.token_urlsafe(12)
        return str(g.nonce)

    app.jinja_env.globals.update(
        csp_nonce=csp_nonce, written_once=written_once, template_once=template_once, faults_of=faults_of
    )

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'nonce-{g.get('nonce', 'none')}' 'self'; style-src 'self'; "
            "img-src 'self' data:; connect-src 'self'; font-src 'self'; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
        return response

    @app.context_processor
    def frame() -> dict[str, Any]:
        titles = ["My work", "Contacts", "Families", "Meetings", "Outcomes", "Directory"]
        return {
            "borough": SimpleNamespace(name="Larchwood"),
            "service_name": "Early Help: Team Around the Family",
            "navigation": [{"title": title, "url": f"#{title}", "current": title == "Families"} for title in titles],
            "signed_in_name": "A. Patel",
            "demo_mode": True,
        }

    @app.get("/theme.css")
    def theme() -> Response:
        return Response(
            ":root { --borough-colour: #17365c; --borough-text: #ffffff; --borough-link: #1a5a96; }",
            mimetype="text/css",
        )

    @app.route("/kitchen", methods=["GET", "POST"])
    def kitchen() -> str:
        form = KitchenForm()
        if request.args.get("errors"):
            form.validate()
        if request.args.get("flash"):
            flash("The record was shared with the family", "success")
            flash("Two invitations could not be sent")
        section = SimpleNamespace(title="Schools", form=PlaceForm(prefix="schools-"))
        timing = {"session_seconds": int(request.args["session"])} if "session" in request.args else {}
        return render_template(
            "kitchen.html",
            form=form,
            sections=[section],
            has_errors=bool(form.errors),
            family_page=True,
            **timing,
            **parts(),
        )

    @app.get("/meeting")
    def meeting() -> str:
        return render_template("meeting.html", family_page=True, shared_view=True, **parts())

    @app.get("/draft")
    def draft() -> str:
        form = KitchenForm(data=dict(book.values))
        kept = SimpleNamespace(url=url_for("read_draft"), revs=book.revs)
        return render_template("draft.html", form=form, draft=kept)

    @app.post("/draft")
    def finished() -> str:
        return "finished"

    @app.get("/drafts/x")
    def read_draft() -> Any:
        if book.signed_out:
            return jsonify(title="Sign in first"), 401
        return jsonify(values=book.values, revs=book.revs, csrf=generate_csrf())

    @app.post("/drafts/x")
    def save_draft() -> Any:
        book.posts += 1
        if book.signed_out:
            return jsonify(title="Sign in first"), 401
        guard.protect()
        body = request.get_json()
        if len(body["ops"]) and any("\x00" in op["value"] for op in body["ops"]):
            return jsonify(title="Some of this cannot be kept"), 422
        return jsonify(results=[book.take(op) for op in body["ops"]], csrf=generate_csrf())

    @app.post("/match")
    def match() -> str:
        return render_template("match.html", surname=request.form.get("surname", ""))

    @app.get("/error/<int:code>")
    def error(code: int) -> str:
        return render_template(f"errors/{code}.html")

    @app.get("/")
    def home() -> str:
        return "home"

    return app
