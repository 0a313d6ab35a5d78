"""Whatever people type is stored byte for byte and shown inert: every form that can be reached, strings in rotation."""

from __future__ import annotations

import itertools
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from markupsafe import escape
from sqlalchemy import select

from tafcore import db
from tafcore.contacts.models import Contact, ContactPerson
from tafcore.db import Model
from tafcore.episodes.models import Note
from tafcore.permissions import PUBLIC, declared
from tafcore.trail.models import TrailPayload

OURS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE family; --",
    "{{ 7 * 7 }}{% raw %}",
    "${7*7} #{7*7} %s %(x)s {0}",
    "=cmd|' /C calc'!A0",
    "&lt;b&gt; &amp; &#60;",
    "javascript:alert(1)",
    "\u202eright to left\u202c and \u200bzero width",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "👩‍👩‍👧‍👦 𝒳 ﷽",
    "ﬁ ǅ İı ß ſ",
    "  spaces before, after  ",
    "O’Neil–Şahin “quoted”",
    "\x01\x07\x1b[31mred",
    "../../etc/passwd%00\\",
    "true", "None", "null", "0", "-1", "1e309", "NaN",
]  # fmt: skip
PUBLISHED = Path(__file__).parents[3] / "shared/data/text/blns.json"


def strings() -> list[str]:
    """Ours, and the published list of naughty strings where it lies beside the project."""
    published = json.loads(PUBLISHED.read_text("utf-8")) if PUBLISHED.exists() else []
    return [text for text in dict.fromkeys([*OURS, *published]) if text.strip()]


class Form(HTMLParser):
    """The fields of the forms on a page, filled as somebody would: the first choice of each, words where words go."""

    WORDS = ("text", "search", "email", "tel", "password", "url")

    def __init__(self, page: str, words: str) -> None:
        super().__init__()
        self.words, self.values, self.typed, self.told, self.posts = words, {}, [], [], False
        self._select, self._area = "", ""
        self.feed(page.partition("<main")[2])  # the search box is on every page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "text")
        self.posts = self.posts or (tag == "form" and given.get("method", "").lower() == "post")
        if tag == "textarea" and name:
            self._type(name)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            self.values.setdefault(self._select, given["value"])
        elif tag == "input" and name:
            self._input(name, kind, given)

    def _input(self, name: str, kind: str, given: dict[str, str]) -> None:
        if kind in self.WORDS:
            self._day(name, given) or self._type(name, asks=kind == "search")
        elif kind == "hidden" or kind == "radio":
            self.values.setdefault(name, given.get("value", ""))
        elif kind == "number":
            self.values[name] = given.get("value") or "1"

    def _day(self, name: str, given: dict[str, str]) -> bool:
        """Fields for days, times and numbers are filled so that the words beside them are taken."""
        value = given.get("value", "")
        if value:
            self.values[name] = value
        elif any(part in name for part in ("born", "day", "due", "date", "review", "_on", "follow")):
            self.values[name] = "11 1 2027" if "born" not in name else "4 5 2018"
        elif given.get("inputmode") in ("numeric", "decimal"):
            self.values[name] = "1"
        else:
            return False
        return True

    def _type(self, name: str, asks: bool = False) -> None:
        """`asks`: what is searched for is kept nowhere."""
        self.values[name] = self.words
        self.typed.append(name)
        if not asks:
            self.told.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def texts(app) -> str:
    """Everything the database holds as text, one value after the other; what the trail keeps as JSON is read."""
    with app.app_context():
        parts = []
        for table in Model.metadata.sorted_tables:
            columns = [column for column in table.columns if isinstance(column.type, sa.String)]
            for row in db.session.execute(select(*columns)) if columns else ():
                parts += [value for value in row if value]
        for payload in db.session.scalars(select(TrailPayload.payload)):
            parts += [value for value in json.loads(payload).values() if isinstance(value, str)]
    return "\n\x00\n".join(parts)


def forms(borough):
    """(path of a page with a form, who may fill it in), one for each route that takes both."""
    lead = borough.lead
    for rule in borough.rules():
        view = borough.app.view_functions[rule.endpoint]
        if not {"GET", "POST"} <= rule.methods or rule.rule.startswith("/api/"):
            continue
        if declared(view) == PUBLIC and "front-door" not in rule.rule:
            continue
        scopes = getattr(view, "scopes", frozenset({"lead"}))
        by = lead if not scopes or "lead" in scopes else "manager@demo.example"
        yield rule, borough.path(rule), by


@pytest.mark.parametrize("rounds", [2, pytest.param(40, marks=pytest.mark.soak)])
def test_no_form_breaks_over_what_is_typed_and_what_it_keeps_it_keeps_whole(borough_to_change, rounds):
    """Each form is posted with several strings; accepted ones must be in the database exactly, and on no page raw."""
    borough = borough_to_change
    everything = itertools.cycle(strings())
    browsers: dict[str, Any] = {}
    kept, opened = set(), set()
    for rule, path, by in forms(borough):
        for who in (by, "hub@demo.example", "manager@demo.example", "mash@demo.example"):
            browser = browsers.setdefault(who, borough.browser(who))
            page = browser.get(path, follow_redirects=True)
            if page.status_code == 200 and "<form" in page.text.partition("<main")[2]:
                break
        else:
            continue
        opened.add(rule.rule)
        for _ in range(rounds):
            words = next(everything)
            form = Form(page.text, words)
            if not form.typed:
                break
            answer = browser.post(page.request.full_path, data=form.values)
            assert answer.status_code < 500, (rule.rule, words)
            assert _inert(answer.text, words), (rule.rule, words)
            if answer.status_code in (302, 303) and form.told:
                kept.add(rule.rule)
                held, sent = texts(borough.app), _as_a_form_sends(words)
                # What only the trail keeps stands there as JSON.
                assert sent in held or _in_json(sent) in held, (rule.rule, words)
                shown = browser.get(path, follow_redirects=True)
                assert shown.status_code < 500 and _inert(shown.text, words), (rule.rule, words)
    assert len(opened) > 35
    assert {"/families/<family_ref>/notes/new", "/families/<family_ref>/plan/needs/new"} <= kept, kept
    assert len(kept) > 8, kept


def _as_a_form_sends(words: str) -> str:
    return words.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def _in_json(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)[1:-1]


def _inert(page: str, words: str) -> bool:
    """Whether words with markup in them stand nowhere but escaped."""
    return not {"<", ">"} & set(words) or len(words) < 8 or words not in page


def test_every_string_is_kept_byte_for_byte_through_the_api(borough_to_change):
    borough = borough_to_change
    headers = borough.system("hub@demo.example")
    browser = borough.browser("hub@demo.example")
    client = borough.app.test_client()
    waiting = strings()
    for number in range(0, len(waiting), 12):
        some = waiting[number : number + 12]
        people = [{"role": "child", "forename": words[:200]} for words in some]
        body = {"channel": "phone", "source": "1A", "people": people, "wants": "\n".join(some), "safe_how": some[0]}
        answer = client.post("/api/v1/contacts", json=body, headers={**headers, "Idempotency-Key": f"strings {number}"})
        assert answer.status_code == 201, answer.text
        with borough.app.app_context():
            contact = db.session.scalars(select(Contact).where(Contact.ref == answer.json["ref"])).one()
            told = select(ContactPerson.forename).where(ContactPerson.contact_id == contact.id)
            assert contact.wants == "\n".join(some)
            assert list(db.session.scalars(told.order_by(ContactPerson.position))) == [words[:200] for words in some]
        shown = browser.get(f"/contacts/{answer.json['ref']}").text
        assert all(_inert(shown, words) for words in some)
        assert all(str(escape(words)).splitlines()[0].strip() in shown for words in some[:1] if words.isascii())


NUL = "before\x00after"


def test_a_nul_is_refused_at_its_field_everywhere(borough_to_change):
    borough = borough_to_change
    browser = borough.browser(borough.lead)
    path = f"/families/{borough.family.ref}/notes/new"
    form = Form(browser.get(path).text, NUL)
    refused = browser.post(path, data=form.values)
    assert refused.status_code == 422 and "Take out the unprintable character" in refused.text
    with borough.app.app_context():
        assert not [note for note in db.session.scalars(select(Note.words)) if "\x00" in note]
    browsers: dict[str, Any] = {}
    for rule, address, who in forms(borough):
        page = browsers.setdefault(who, borough.browser(who)).get(address, follow_redirects=True)
        form = Form(page.text, NUL)
        if page.status_code == 200 and form.typed:
            status = browsers[who].post(page.request.full_path, data=form.values).status_code
            assert status < 500, rule.rule


OF_FAMILY = ("", "/chronology", "/plan")
LISTS = (
    "/families",
    "/contacts",
    "/steps",
    "/outcomes",
    "/drift",
    "/children",
    "/schools",
    "/optivita",
    "/health-visitors",
    "/trail",
    "/meetings",
    "/",
    "/admin",
)


@pytest.fixture(scope="module")
def lists(borough):
    """path: browsers of those to whom the list opens; who is refused is so before anything is read: see the matrix."""
    paths = [*(f"/families/{borough.family.ref}{path}" for path in OF_FAMILY), *LISTS]
    found = {path: [] for path in paths}
    for name in ("hub", "manager", "board", "school", "lead", "admin", "optivita", "healthvisitor", "ig"):
        browser = borough.browser(f"{name}@demo.example")
        for path in paths:
            if browser.get(path).status_code == 200:
                found[path].append(browser)
    assert all(found.values()), "each opens to one of these"
    return found


QUERIES = (
    "q=%00",
    "after=%00",
    "after=%C2%B2",
    "after=99999999999999999999999",
    "show=%FF%FE",
    "sort=;--",
    "after='",
    "period=9999-99",
    "page=-1",
    "team=99999999999999999999999",
    "person=%00",
    "as_at=0001-01-01",
    "kind=%00",
)


@pytest.mark.parametrize("everybody", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_no_address_breaks_a_list(lists, everybody):
    """Each address with each query: of those to whom it opens, asked by one after the other (`everybody`: by each)."""
    for path, browsers in lists.items():
        turns = itertools.cycle(browsers)
        for query in QUERIES:
            for browser in browsers if everybody else [next(turns)]:
                assert browser.get(f"{path}?{query}").status_code < 500, f"{path}?{query}"


@pytest.mark.parametrize(
    "path",
    [
        "/families/%00",
        "/inbox/99999999999999999999999",
        "/families/F-7KQ2-M9%00",
        "/contacts/%FF",
        "/meetings/..%2f..",
        "/drafts/%00",
    ],
)
def test_no_reference_breaks_a_page(borough, path):
    assert borough.browser("lead@demo.example").get(path).status_code in (400, 404)
