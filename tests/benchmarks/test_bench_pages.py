"""The benchmark's pages still answer; its client and the bare application understand each other. Nothing is timed."""

from __future__ import annotations

import threading
from wsgiref.simple_server import make_server

import pytest

from benchmarks import bare, boroughs, inside, table, visits
from benchmarks.load import Order, send
from benchmarks.visits import Ask
from tafcore.demo import bulk
from tafcore.outcomes import counting

FAMILIES = 60


@pytest.fixture(scope="module")
def borough(tmp_path_factory, kinds):
    folder = tmp_path_factory.mktemp("bench")
    url = boroughs.url_of("sqlite", FAMILIES, folder)
    with pytest.MonkeyPatch.context() as fewer:
        fewer.setattr(counting, "OFFERED", 1)
        fewer.setattr(bulk, "kinds", lambda *_: kinds)
        with boroughs.opened(url, FAMILIES, folder) as app:
            yield app, url


def test_every_page_answers_and_its_statements_are_counted(borough, monkeypatch):
    app, _ = borough
    monkeypatch.setattr(inside, "RENDERED", 1)
    pages = visits.visits(app, visits.look_around(app), inside.USED)
    seen = {one.key: inside.look(app, one) for one in pages}
    assert {key: one.statements for key, one in seen.items() if not 2 <= one.statements <= 250} == {}
    assert seen["form"].fields > 40 and seen["contacts"].render_ms > 0
    assert {aim.key for aim in table.AIMS} <= set(seen)


def test_the_client_hears_what_the_bare_application_says(borough):
    app, url = borough
    around = visits.look_around(app)
    asks = [
        Ask("GET", f"/list?team={around.hub.team_id}"),
        Ask("GET", f"/family?ref={around.families[0]}"),
        Ask("GET", "/form?fields=9"),
        Ask("GET", "/sheet"),
        Ask("POST", "/insert", (("Content-Type", "text/plain"),), "words"),
    ]
    limit = bare.make(url)
    with make_server("127.0.0.1", 0, limit) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        took = send(Order(server.server_port, [ask.message for ask in asks], 200))
        server.shutdown()
    limit.extensions["engine"].dispose()
    assert len(took.each) == 5 and took.size == len("saved")


def test_growth_is_told_from_the_smallest_borough_of_a_run():
    rows = [
        table.Row("s", "d", families, "contacts", "Contact list", 9, p50, p50, 1, 7, 1, 1, "list", 9, 1, 0.6, 1, 9)
        for families, p50 in ((10, 2.0), (100, 3.0))
    ]
    table.grow(rows)
    assert [row.growth for row in rows] == [None, 1.5]
    assert [met for words, _, met in table.verdicts(rows) if "growth" in words] == [False]
    assert "Contact list" in table.as_text(rows)
