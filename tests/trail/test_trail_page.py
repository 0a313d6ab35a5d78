"""The page of the trail: who may read it, what it shows, and that reading it is itself on record."""

from __future__ import annotations

import json
import re

from sqlalchemy import select

from tafcore import db
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import WriteNote
from tafcore.trail.models import Opening, TrailEntry, TrailPayload


def family(make):
    team = make.team()
    manager = make.user("early_help_manager", team=team)
    made = make.family(team)
    make.episode(made, manager)
    with make.app.app_context(), db.writing():
        for number in range(60):
            command = WriteNote(family=made.ref, words=f"Note number {number:02d}.")
            episodes.write_note(command, make.actor(manager))
    return made, manager


def test_changes_of_a_family_with_what_they_said(make, sign_in) -> None:
    made, _ = family(make)
    browser = sign_in(make.user("information_governance"))
    page = browser.get(f"/trail?ref={made.ref.lower()}").text
    assert "Note number 59." in page and "Episodes: note written" in page
    further = re.search(r'href="([^"]*after=\d+[^"]*)"', page)
    assert further is not None
    older = browser.get(further.group(1).replace("&amp;", "&")).text
    assert "Note number 00." in older and "Episodes: opened" in older


def test_an_auditor_reads_that_it_changed_not_what_it_said(make, sign_in) -> None:
    made, _ = family(make)
    page = sign_in(make.user("auditor")).get(f"/trail?ref={made.ref}").text
    assert "Episodes: note written" in page and "Note number" not in page


def test_openings_and_refusals(make, sign_in) -> None:
    made, manager = family(make)
    stranger = make.user(name="Sam Stranger")
    sign_in(manager).get(f"/families/{made.ref}")
    sign_in(stranger).get(f"/families/{made.ref}")
    page = sign_in(make.user("information_governance")).get(f"/trail?ref={made.ref}&what=openings").text
    assert (
        "Manager of the team or area" in page
        and "Sam Stranger" in page
        and "Refused" in page
        and "Record: family" in page
    )


def test_reading_the_trail_of_a_family_is_an_opening(make, sign_in) -> None:
    made, _ = family(make)
    reader = make.user("auditor")
    sign_in(reader).get(f"/trail?ref={made.ref}")
    with make.app.app_context():
        seen = db.session.scalar(select(Opening).where(Opening.actor_key == f"user:{reader.id}"))
        assert seen is not None and seen.family_id == made.id and seen.reason == "Reads the trail"


def test_a_wrong_reference_is_said_kindly(make, sign_in) -> None:
    browser = sign_in(make.user("auditor"))
    page = browser.get("/trail?ref=F-2222-23").text
    assert "There is a problem" in page and "Check the reference" in page
    assert "Nothing has happened yet" in browser.get("/trail?what=openings").text


def test_nobody_else_reads_it(make, sign_in, client) -> None:
    for role in ("practitioner", "early_help_manager", "board_member", "administrator", "mash", "front_door"):
        assert sign_in(make.user(role)).get("/trail").status_code == 403, role
    assert client.get("/trail").status_code == 302


def test_what_was_written_is_told_as_people_say_it(make, sign_in) -> None:
    team = make.team(name="Larch hub")
    with make.app.app_context(), db.writing():
        told = {"team_id": team.id, "counts": True, "channel": "walk_in", "first_day": "2026-09-20", "words": "So_It"}
        entry = TrailEntry(
            kind="vcs.show",
            actor_key="user:1",
            actor_label="A",
            subject_kind="contact",
            subject_id=1,
            subject_ref="",
            digest="",
        )
        db.session.add(entry)
        db.session.flush()
        db.session.add(TrailPayload(entry_id=entry.id, salt="", payload=json.dumps(told)))
    page = sign_in(make.user("information_governance")).get("/trail").text
    assert re.findall(r'<li class="app-prose">([^<]*)</li>', page)[:5] == [
        "team: Larch hub",
        "counts: yes",
        "channel: walk in",
        "first day: Sun 20 Sep",
        "words: So_It",
    ]
    assert ">VCS</td>" in page, "a plugin has its own name"
