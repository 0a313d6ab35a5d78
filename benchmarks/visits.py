"""The pages that are measured: who asks for them, and with what."""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

import flask
import sqlalchemy as sa
from flask import Flask
from flask_login import login_user
from flask_wtf.csrf import generate_csrf

from tafcore import db, drafts
from tafcore.accounts import service as accounts
from tafcore.accounts.login import SignedIn
from tafcore.accounts.models import LoginSession, User
from tafcore.contacts.models import Contact, ContactDraft
from tafcore.db import session
from tafcore.demo.invented import INWARD, Invention
from tafcore.demo.places import DOMAIN
from tafcore.episodes.models import Episode, LeadAppointment
from tafcore.families.access import visible_family
from tafcore.families.models import Family
from tafcore.meetings import rules
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import ScheduleMeeting
from tafcore.meetings.models import Meeting, MeetingShare
from tafcore.meetings.sheet import Sheet
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person

AGENT = "tafcore-bench"
FORM = "application/x-www-form-urlencoded"
MOST = 20
"""Families or words that a page is asked for by turns."""
HALL = "Hall of the measured"
"""Where the meetings are that are finished for the clock."""
_OTHERWISE = Meeting.place.is_distinct_from(HALL)


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""

    @property
    def message(self) -> str:
        """As it goes over the wire, HTTP/1.1; all of it is ASCII."""
        told = {"Host": "127.0.0.1", "User-Agent": AGENT, **dict(self.headers)}
        if self.body:
            told["Content-Length"] = str(len(self.body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{lines}\r\n{self.body}"


@dataclass(frozen=True)
class Visit:
    """A page. `limit` is the page of the bare application it is measured against, `peer` that of Django's admin.

    `asks` are asked by turns, or once each where `once`; `status` is what each must answer.
    """

    key: str
    title: str
    asks: list[Ask]
    limit: str
    peer: str = ""
    status: int = 200
    once: bool = False


@dataclass(frozen=True)
class Browser:
    """Somebody signed in, as their browser shows it."""

    user_id: int
    cookie: str
    csrf: str
    team_id: int | None

    def get(self, path: str) -> Ask:
        return Ask("GET", path, (("Cookie", self.cookie),))

    def post(self, path: str, fields: dict[str, str]) -> Ask:
        body = urlencode({"csrf_token": self.csrf, **fields})
        return Ask("POST", path, (("Cookie", self.cookie), ("Content-Type", FORM)), body)

    def post_json(self, path: str, value: object) -> Ask:
        told = (("Cookie", self.cookie), ("Content-Type", "application/json"), ("X-CSRFToken", self.csrf))
        return Ask("POST", path, told, json.dumps(value))


@dataclass(frozen=True)
class Borough:
    """Whom and what the pages are asked about."""

    hub: Browser
    registrar: Browser
    lead: Browser
    board: Browser
    families: list[str]
    meetings: list[str]
    copies: list[str]
    others: list[str]
    """Families whose meetings are finished for the clock, which their pages would show."""
    surnames: list[str] = field(default_factory=list)


def sign_in(app: Flask, user: User) -> Browser:
    """A session made directly, alone with the screen: everything the user may see is shown."""
    surroundings = {"headers": {"User-Agent": AGENT}, "environ_base": {"REMOTE_ADDR": "127.0.0.1"}}
    with app.test_request_context(**surroundings):
        token = secrets.token_urlsafe(32)
        with db.writing():
            session.add(LoginSession(token_hash=accounts.hash_token(token), user_id=user.id))
        login_user(SignedIn(user.actor(), token))
        csrf = generate_csrf()
        flask.session["alone"] = True
        signed = flask.sessions.SecureCookieSessionInterface().get_signing_serializer(app)
        assert signed is not None
        return Browser(user.id, f"tafcore={signed.dumps(dict(flask.session))}", csrf, user.team_id)


def look_around(app: Flask) -> Borough:
    """A hub worker with a queue, the lead with most meetings to come and their families, and the Board."""
    with app.app_context():
        lead, led = _caseload()
        half = min(MOST, (len(led) + 1) // 2)
        families, others = list(led)[:half], list(led)[half : half + MOST]
        meetings = [ref for family in families for ref in led[family]] or [ref for refs in led.values() for ref in refs]
        copies = _copies(families)
        hub, registrar, board = (_user(name) for name in ("hub", "hub2", "board"))
        surnames = list(session.scalars(sa.select(Person.surname).where(Person.id % 7 == 3).limit(MOST * 5)))
    return Borough(
        sign_in(app, hub),
        sign_in(app, registrar),
        sign_in(app, lead),
        sign_in(app, board),
        families,
        meetings[:MOST],
        copies,
        others or families,
        sorted({name for name in surnames if name})[:MOST],
    )


def _user(name: str) -> User:
    found = session.scalars(sa.select(User).where(User.email == f"{name}@{DOMAIN}")).one()
    _ = found.organisation.name, [role.role for role in found.roles]
    return found


def _caseload() -> tuple[User, dict[str, list[str]]]:
    """The lead, and the meetings to come of each family of theirs."""
    led = (
        sa.select(LeadAppointment.user_id, Family.ref, Meeting.ref)
        .join(Episode, Episode.id == LeadAppointment.episode_id)
        .join(Family, Family.id == Episode.family_id)
        .outerjoin(Meeting, sa.and_(Meeting.family_id == Family.id, Meeting.state == "scheduled", _OTHERWISE))
        .where(LeadAppointment.ended_at.is_(None), LeadAppointment.accepted_at.is_not(None), Episode.state == "open")
        .order_by(Family.id)
    )
    mine: dict[int, dict[str, list[str]]] = {}
    for user_id, family, meeting in session.execute(led):
        mine.setdefault(user_id, {}).setdefault(family, []).extend([meeting] if meeting else [])
    user_id, families = max(mine.items(), key=lambda item: sum(len(refs) for refs in item[1].values()))
    found = session.scalars(sa.select(User).where(User.id == user_id)).one()
    _ = found.organisation.name, [role.role for role in found.roles]
    return found, families


def _copies(families: list[str]) -> list[str]:
    """`M-.../copies/P-...` of whom the record of a meeting was shared with."""
    shared = (
        sa.select(Meeting.ref, Person.ref)
        .join(MeetingShare, MeetingShare.meeting_id == Meeting.id)
        .join(Person, Person.id == MeetingShare.person_id)
        .join(Family, Family.id == Meeting.family_id)
        .where(Family.ref.in_(families))
        .order_by(Meeting.id.desc())
        .limit(MOST)
    )
    return [f"{meeting}/copies/{person}" for meeting, person in session.execute(shared)]


def visits(app: Flask, borough: Borough, times: int) -> list[Visit]:
    """Every page; those that can be asked only once for each form or field, `times` times."""
    hub, lead = borough.hub, borough.lead
    held, autosaved = borough.meetings[:-1] or borough.meetings, borough.meetings[-1]
    with app.app_context(), db.writing():
        _forget(borough.registrar.user_id, f"meeting:{autosaved}")
        form, *forms = _forms(borough.registrar.user_id, times + 1)
        registered = session.scalar(sa.select(sa.func.count()).select_from(Contact)) or 0
    asked = _households(registered)
    return [
        Visit("contacts", "Contact list", [hub.get("/contacts")], "list", "list"),
        Visit("queue", "Front door's queue", [hub.get("/front-door")], "list"),
        Visit("home", "My work", [lead.get("/")], "list"),
        Visit("search", "Search", [hub.post("/search", {"q": name}) for name in borough.surnames], "list", "search"),
        Visit("form", "Contact form", [borough.registrar.get(f"/contacts/new?draft={form}")], "form"),
        Visit(
            "register",
            "Register a contact",
            [borough.registrar.post(f"/contacts/new?draft={key}", _contact(asked())) for key in forms],
            "insert",
            status=302,
            once=True,
        ),
        Visit("families", "Family list", [lead.get("/families")], "list"),
        Visit("family", "Family page", _each(lead, "/families/{}", borough.families), "family"),
        Visit("plan", "Plan", _each(lead, "/families/{}/plan", borough.families), "family"),
        Visit("hold", "Hold a meeting", _each(lead, "/meetings/{}/hold", held), "form"),
        Visit("copy", "A family's copy (PDF)", _each(lead, "/meetings/{}/copy.pdf", borough.copies), "sheet"),
        Visit("autosave", "Autosave", _autosaves(lead, autosaved, times), "insert", once=True),
        Visit(
            "finish", "Finish a meeting", _finishes(app, lead, borough.others, times), "insert", status=302, once=True
        ),
        Visit("board", "Board", [borough.board.get("/outcomes")], "list"),
    ]


def _each(browser: Browser, path: str, refs: Iterable[str]) -> list[Ask]:
    return [browser.get(path.format(ref)) for ref in refs]


def _autosaves(browser: Browser, meeting: str, times: int) -> list[Ask]:
    """One field each, as the page sends them while somebody types."""
    words = "She sleeps better since the new bed came, and he was in school every day this week."
    return [
        browser.post_json(
            f"/drafts/meeting:{meeting}",
            {"ops": [{"op": secrets.token_hex(16), "field": f"line-{number}-words", "base": 0, "value": words}]},
        )
        for number in range(times)
    ]


def _finishes(app: Flask, lead: Browser, families: list[str], times: int) -> list[Ask]:
    """Whole meetings, everybody there, as the hold screen sends them at the end: each of a meeting of its own."""
    found = []
    with app.app_context():
        actor = session.get_one(User, lead.user_id).actor()
        for number in range(times):
            ref, soon = families[number % len(families)], db.utcnow() + timedelta(seconds=90)
            with db.writing():
                meeting = meetings.schedule(ScheduleMeeting(family=ref, at=soon, place=HALL), actor)
            found.append(
                lead.post(f"/meetings/{meeting.ref}/hold", _held(Sheet(meeting, visible_family(ref, actor), actor)))
            )
    return found


def _held(sheet: Sheet) -> dict[str, str]:
    """The hold screen of a full meeting, filled in."""
    keys = [who.key for who in sheet.people]
    typed = {f"here-{key}": "y" for key in keys} | {f"scale-{key}": "5" for key in keys}
    for column in rules.COLUMNS:
        typed |= {f"{column}-{n}-{name}": f"{n} {column}" for n in range(3) for name in ("row_key", "words")}
    for action in sheet.plan.actions if sheet.plan else ():
        typed |= {f"did-{action.ref}": "stuck", f"why-{action.ref}": "Nobody answers"} if action.open else {}
    typed |= {f"gap-{gap}": "To be looked at first" for gap in sheet.gaps}
    typed |= {f"silent-{child.ref}": "Asleep" for child in sheet.children if f"p{child.ref}" not in keys}
    return typed | {
        "next_pick": sheet.next_pick,
        "next_time": sheet.next_time,
        "next_place": "Larch family hub",
        "_finish": "1",
    }


def _forget(user_id: int, subject: str) -> None:
    """The unfinished forms and meetings and the draft that an earlier run left: no family has a hundred to come."""
    left = sa.update(Meeting).where(Meeting.place == HALL, Meeting.state == "scheduled")
    session.execute(left.values(state="cancelled", ended_why="Of an earlier run"))
    drafts.discard(subject)
    for key in session.scalars(sa.select(ContactDraft.key).where(ContactDraft.user_id == user_id)).all():
        drafts.discard(f"contact:{key}")
    session.execute(sa.delete(ContactDraft).where(ContactDraft.user_id == user_id))


def _forms(user_id: int, number: int) -> list[str]:
    made = [secrets.token_hex(16) for _ in range(number)]
    session.add_all(ContactDraft(key=key, user_id=user_id) for key in made)
    return made


def _households(seed: int) -> Callable[[], tuple[PersonDetails, ...]]:
    """Families nobody told us of before, with names and homes that others have too: matching has something to weigh."""
    rng = random.Random(seed)
    invention = Invention(rng)

    def another() -> tuple[PersonDetails, ...]:
        postcode = f"ZZ99 {rng.randint(1, 9)}{rng.choice(INWARD)}{rng.choice(INWARD)}"
        found = invention.household(db.utcnow().date(), 2)
        more = {"postcode": postcode, "nhs_number": None, "upn": None}
        return tuple(one.model_copy(update={**more, "phone": None}) for one in found)

    return another


def _contact(people: tuple[PersonDetails, ...]) -> dict[str, str]:
    """The register form as somebody fills it in."""
    typed = {
        "safe_how": "By phone in the morning",
        "safe_when": "Before ten",
        "family_knows": "They asked for it",
        "wants": "Help with bedtimes and with the rent",
        "worries": "Rent is two months behind and the flat is cold",
        "strengths": "Grandmother lives near and helps twice a week",
        "address": people[0].address or "",
        "postcode": people[0].postcode or "",
        "agreement-status": "agreed",
        "agreement-scope": "school",
        "agreement-told": "What early help is and who sees what is written",
        "sharing_basis": "public_task",
        "urgency": "soon",
        "level": "2",
        "source": "3A",
        "channel": "phone",
        "referrer-name": "Joy Mensah",
        "referrer-organisation": "Beech Hill Primary School",
        "referrer-email": "joy@school.example",
        "referrer-wants_reply": "yes",
    }
    for number, one in enumerate(people):
        row = {
            "row_key": secrets.token_hex(16),
            "role": one.role,
            "forename": one.forename or "",
            "surname": one.surname or "",
            "born": f"{one.born.day} {one.born.month} {one.born.year}" if one.born else "",
            "sex": one.sex or "",
        }
        typed |= {f"people-{number}-{name}": value for name, value in row.items()}
    typed["people-0-asked"] = "y"
    return typed
