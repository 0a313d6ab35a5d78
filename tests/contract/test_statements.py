"""A page asks the database as often at 1,000 families as at ten: nothing is asked row by row."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from tafcore import db
from tafcore.db import Model
from tafcore.episodes.models import Episode
from tafcore.families.models import Family, FamilyMember
from tafcore.meetings.models import Meeting
from tafcore.testing import counted, on_postgresql

COPIES = 1000
APART = 1_000_000
"""Between the ids of one copy and the next."""
MOST = 52
"""Statements a page may send; those in whose way six plugins stand send most."""
FEW = {
    ("hub", "/contacts"): 5,
    ("hub", "/contacts?show=all"): 5,
    ("manager", "/contacts"): 6,
    ("lead", "/families"): 4,
    ("manager", "/families"): 5,
    ("manager", "/families?show=all&sort=meeting"): 5,
    ("lead", "/families/{family}"): 33,  # with a child under five, whom health visitors and OptiVita see
    ("lead", "/families/{family}/assessment"): 22,
    ("lead", "/families/{family}/plan"): 22,
    ("lead", "/meetings/{meeting}/hold"): 29,
}
"""Those that are asked for most; one of each is for who is signed in, one counts the new notices of the menu, one of
the managers' is for the standards, three of the family's for the holidays of a lead who works in a school, and for what
is new since the lead looked last; one more for the numbers that children gave at meetings."""
WHOLE = re.compile(r"SCAN (\w+?)(_\d+)?(?! USING)( LEFT-JOIN)?$")
LEFT_OUT = {"person_key", "match_key", "match_record", "person_statement", "contact_person_key", "message"}


def belonging(family_id):
    """Table -> ids of everything that belongs to a family, found by following foreign keys."""
    members = select(FamilyMember.person_id).where(FamilyMember.family_id == family_id)
    found = {"family": {family_id}, "person": set(db.session.scalars(members))}
    for table in Model.metadata.sorted_tables:
        if table.name in found or table.name in LEFT_OUT:
            continue
        keys = [key for key in table.foreign_keys if key.column.table.name in found]
        mine = sa.or_(sa.false(), *(key.parent.in_(found[key.column.table.name]) for key in keys))
        if keys and (ids := set(db.session.scalars(select(table.c.id).where(mine)))):
            found[table.name] = ids
    return found


def copy(found, times):
    """The same rows again and again, their ids moved along together and with references of their own."""
    number = select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    number = number.union_all(select(number.c.n + 1).where(number.c.n < times))
    for table in Model.metadata.sorted_tables:
        if table.name not in found:
            continue
        moved = {key.parent.name for key in table.foreign_keys if key.column.table.name in found} | {"id"}
        row = {column.name: column + number.c.n * APART if column.name in moved else column for column in table.c}
        if "ref" in row:
            digits = sa.cast(10**8 + number.c.n * 1000 + table.c.id % 1000, sa.String)
            row["ref"] = sa.func.substr(table.c.ref, 1, 2) + sa.func.substr(digits, 2)
        copies = select(*row.values()).join_from(table, number, sa.true()).where(table.c.id.in_(found[table.name]))
        db.session.execute(sa.insert(table).from_select(list(row), copies))


FAMILY_PAGES = ("", "/assessment", "/plan", "/meetings", "/chronology", "/sharing")
PAGES = {
    "lead": (
        "/",
        "/families",
        "/meetings",
        *(f"/families/{{family}}{page}" for page in FAMILY_PAGES),
        "/meetings/{meeting}/hold",
    ),
    "manager": (
        "/",
        "/families",
        "/families?show=all&sort=meeting",
        "/contacts",
        "/drift",
        "/children?show=all",
        "/steps",
    ),
    "hub": ("/", "/contacts", "/contacts?show=all", "/front-door", "/family-hubs"),
    "school": ("/", "/schools"),
    "optivita": ("/", "/optivita"),
    "healthvisitor": ("/", "/health-visitors"),
    "mash": ("/", "/steps"),
    "vcs": ("/", "/vcs", "/vcs/offers"),
    "board": ("/outcomes",),
}


def test_pages_ask_as_often_at_a_thousand_families_as_at_ten(borough_to_change):
    borough = borough_to_change
    with borough.app.app_context():
        today = (
            select(Family).join(Meeting, Meeting.family_id == Family.id).join(Episode, Episode.family_id == Family.id)
        )
        today = today.where(Meeting.state == "scheduled", Episode.state == "open").order_by(Family.id)
        family = db.session.scalars(today).first()
        meeting = db.session.scalars(select(Meeting.ref).where(Meeting.family_id == family.id)).first()
        found = belonging(family.id)
    values = {"family": family.ref, "meeting": meeting}
    before = _counts(borough, values)
    with borough.app.app_context(), db.writing():
        copy(found, COPIES)
    after = _counts(borough, values)
    assert {page: (before[page], after[page]) for page in before if len(before[page]) != len(after[page])} == {}
    most = {page: len(sent) for page, sent in after.items() if len(sent) > MOST}
    assert most == {}
    assert {page: len(after[page]) for page in FEW if len(after[page]) > FEW[page]} == {}


def _counts(borough, values):
    found = defaultdict(list)
    for name, pages in PAGES.items():
        browser = borough.browser(f"{name}@demo.example")
        for page in pages:
            path = page.format(**values)
            assert browser.get(path).status_code == 200, (name, path)  # the first opening is put on record
            with counted(borough.app) as sent:
                browser.get(path)
            found[name, page] = [statement.split("\n")[0][:60] for statement in sent]
    return found


def test_a_page_of_one_family_reads_no_table_whole(borough, app):
    """By how SQLite would go about it in a database of which it knows nothing, so that it takes any index there is."""
    with borough.app.app_context():
        meeting = db.session.scalars(select(Meeting).where(Meeting.state == "scheduled")).first()
        values = {"meeting": meeting.ref, "family": db.session.get(Family, meeting.family_id).ref}
        big = belonging(meeting.family_id)
    browser, whole = borough.browser("manager@demo.example"), {}
    for page in (page for page in dict(FEW) if "{" in page[1]):
        with counted(borough.app) as sent:
            assert browser.get(page[1].format(**values)).status_code == 200
        with app.app_context():
            plans = [(sql, row[3]) for sql in sent for row in _plan(sql)]
        whole |= {(page[1], line): sql for sql, line in plans if (scan := WHOLE.match(line)) and scan[1] in big}
    assert whole == {}


def _plan(sql):
    if on_postgresql():
        return []
    return db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")).all()


NO_INDEX = re.compile(r"cost=1\d{10}\.")
"""What PostgreSQL says a table costs that is read whole though it is told to go by indexes. It outweighs all else."""


@pytest.mark.postgres
@pytest.mark.parametrize("name", PAGES)
def test_postgresql_goes_from_index_to_index(borough, name):
    """However small the table that has no index for it: it makes all other ways cost alike."""
    engine = borough.app.extensions["tafcore.database"].engine
    browser, sent = borough.browser(f"{name}@demo.example"), {}

    def hear(_connection, _cursor, words, values, _context, _many):
        sent[words] = values

    # To show all there are by a day that few have, a manager's families are read.
    listed = (page for page in (*PAGES[name], "/inbox", "/waiting") if "{" not in page and "sort=meeting" not in page)
    pages = [("GET", page) for page in listed]
    for method, page in (*pages, ("POST", "/search")):
        browser.open(page, method=method, data={"q": "Okoro"})  # the menu and the like are kept
        sa.event.listen(engine, "before_cursor_execute", hear)
        assert browser.open(page, method=method, data={"q": "Okoro"}).status_code in (200, 403), page
        sa.event.remove(engine, "before_cursor_execute", hear)
    whole = []
    with engine.connect() as connection, connection.connection.cursor() as cursor:
        for words, values in sent.items():
            if words.startswith(("SELECT", "WITH")):
                lines = [row[0] for row in cursor.execute(f"EXPLAIN {words}", values)]
                whole += [(words[:200], line) for line in lines if "Scan" in line and NO_INDEX.search(line)]
    assert len(sent) > 10 and whole == []


@pytest.mark.parametrize("page", ["/families", "/contacts?show=all"])
def test_a_list_is_a_page_and_not_the_whole_table(borough, page):
    answer = borough.browser("manager@demo.example").get(page)
    assert answer.status_code == 200 and len(answer.data) < 300_000
