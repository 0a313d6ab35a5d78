"""The limit: Flask with one query by an index and a plain template of about as many rows or fields, and nothing else;
of what is printed, a sheet with one line.

What this cannot do faster on this machine with this server, no page built on Flask can.
"""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import typst
from flask import Flask, Response, render_template_string, request

from benchmarks.boroughs import INSERTED
from tafcore.db import make_engine
from tafcore.typeset import FONTS

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1>"""
TABLE = (
    PAGE
    + """<table><tbody>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></body></html>"""
)
FORM = (
    PAGE
    + """<form method="post">
{% for n in range(fields) %}<p><label for="f{{ n }}">Field {{ n }}</label><input id="f{{ n }}" name="f{{ n }}"></p>
{% endfor %}<button>Save</button></form></body></html>"""
)
LIST = sa.text(
    "SELECT contact.ref, contact.source, contact.state, contact.urgency, contact.received_at, contact.next_due,"
    " contact.referrer_name, team.name FROM contact JOIN team ON team.id = contact.team_id"
    " WHERE contact.team_id = :team AND contact.next_due IS NOT NULL"
    " ORDER BY contact.next_due, contact.id LIMIT 50"
)
FAMILY = sa.text(
    'SELECT happened_at, kind, line, "by", subject_ref FROM chronology_entry'
    " WHERE family_id = (SELECT id FROM family WHERE ref = :ref) ORDER BY happened_at DESC, id DESC LIMIT 50"
)
SHEET = b'#set document(title: "A sheet")\n#set text(font: "Noto Sans")\n= A sheet\nNumber #sys.inputs.n'
SESSION = sa.text("SELECT id, user_id, seen_at FROM login_session WHERE id = 1")


def make(url: str) -> Flask:
    """The application over an existing database."""
    app = Flask("bare")
    engine = app.extensions["engine"] = make_engine(url)
    compiler, numbers = typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True), itertools.count()
    typesetting = threading.Lock()

    def rows(statement: sa.TextClause, **values: Any) -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(statement, values)]

    @app.get("/list")
    def contacts() -> str:
        return render_template_string(TABLE, title="Contacts", rows=rows(LIST, team=request.args["team"]))

    @app.get("/family")
    def family() -> str:
        return render_template_string(TABLE, title="Family", rows=rows(FAMILY, ref=request.args["ref"]))

    @app.get("/form")
    def form() -> str:
        rows(SESSION)
        return render_template_string(FORM, title="Form", fields=int(request.args["fields"]))

    @app.get("/sheet")
    def sheet() -> Response:
        number = {"n": str(next(numbers))}  # what is the same as the last time would not be laid out again
        with typesetting:  # it is borrowed by one thread at a time, and faults where another wants it
            made = compiler.compile(SHEET, format="pdf", pdf_standards="ua-1", sys_inputs=number)
        return Response(made, mimetype="application/pdf")

    @app.post("/insert")
    def insert() -> str:
        options = {"write": True, "postgresql_readonly": False}
        with engine.connect().execution_options(**options) as connection:
            at = datetime.now(UTC).isoformat()
            connection.execute(INSERTED.insert().values(at=at, words=request.get_data(as_text=True)))
            connection.commit()
        return "saved"

    return app
