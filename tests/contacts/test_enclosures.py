"""A letter that comes with a contact is kept as soon as it arrives, and is the contact's once that is registered."""

from __future__ import annotations

import hashlib
import html
import io
import re

import pytest
from sqlalchemy import func, select

from tafcore.contacts import enclosures
from tafcore.contacts.models import Contact, ContactDraft, ContactDraftPaper, ContactPaper
from tafcore.db import session
from tests.contacts.pictures import photo

PDF = b"%PDF-1.7\nA letter about Jack"
FILLED = {
    "people-0-row_key": "a" * 32,
    "people-0-role": "child",
    "people-0-forename": "Jack",
    "wants": "A warm home",
    "safe_how": "Ring the school",
    "source": "1A",
}


@pytest.fixture
def front(sign_in, worker):
    return sign_in(worker)


@pytest.fixture
def address(front):
    return front.get("/contacts/new").location


def send(browser, address, content=PDF, what="Letter of 3 March", **typed):
    sent = {**FILLED, "paper_what": what, **typed}
    if content is not None:
        sent["paper"] = (io.BytesIO(content), "letter.pdf")
    return browser.post(address, data=sent, content_type="multipart/form-data")


def revs(page):
    """The revisions with which a page was shown, as the browser sends them back."""
    return html.unescape(re.search(r'name="_revs" value="([^"]*)"', page.text)[1])


def rows(app, of):
    with app.app_context():
        return list(session.scalars(select(of).order_by(of.id)))


def kept(app):
    with app.app_context():
        return [(row.what, row.kind, row.content) for row in session.scalars(select(ContactPaper))]


def test_it_is_the_contacts_once_that_is_registered(app, front, address):
    made = send(front, address)
    assert made.status_code == 302
    assert kept(app) == [("Letter of 3 March", "application/pdf", PDF)]
    assert "Letter of 3 March (PDF, 1 kB)" in front.get(made.location).text
    assert rows(app, ContactDraftPaper) == [] and rows(app, ContactDraft) == []


def test_it_is_not_lost_where_something_else_has_to_be_mended_first(app, front, address):
    faulty = send(front, address, wants="", worries="")
    assert faulty.status_code == 422 and "Letter of 3 March (PDF, 1 kB)" in faulty.text and kept(app) == []
    assert 'value="Letter of 3 March"' not in faulty.text
    assert send(front, address, content=None, what="", _revs=revs(faulty)).status_code == 302
    assert [what for what, _, _ in kept(app)] == ["Letter of 3 March"]


@pytest.mark.parametrize("button", ["_save", "_add-people", "_find", "_enclose"])
def test_it_is_kept_whichever_button_is_pressed(app, front, address, button):
    assert send(front, address, **{button: "1"}).status_code == 200
    assert "Letter of 3 March (PDF, 1 kB)" in front.get(address).text
    assert len(rows(app, ContactDraftPaper)) == 1 and rows(app, Contact) == []


def test_of_a_photo_the_picture_alone_is_kept_from_the_beginning(app, front, address):
    send(front, address, photo(b"where it was taken"), _save="1")
    with app.app_context():
        [row] = session.scalars(select(ContactDraftPaper))
        assert (row.content, row.digest) == (photo(), hashlib.sha256(photo()).hexdigest())


@pytest.mark.parametrize("content", [b"<html>%PDF-</html>", b"PK\x03\x04", photo()[:-1]])
def test_what_cannot_be_kept_is_refused_beside_its_field_and_nothing_is_registered(app, front, address, content):
    answer = send(front, address, content)
    assert answer.status_code == 422 and 'id="paper-error"' in answer.text
    assert 'value="Letter of 3 March"' in answer.text and 'value="Jack"' in answer.text
    assert rows(app, Contact) == rows(app, ContactDraftPaper) == []


def test_one_that_is_too_large_is_refused_beside_its_field(app, front, address):
    app.config["LARGEST_FILE_MB"] = 0
    assert "Choose a file of 0 MB or less" in send(front, address).text


def test_what_is_told_of_a_file_that_was_not_chosen_is_asked_after(app, front, address):
    asked = send(front, address, content=None)
    assert asked.status_code == 422 and "Choose a file" in asked.text
    later = send(front, address, content=None, _save="1")
    assert later.status_code == 200 and 'value="Letter of 3 March"' in later.text
    assert send(front, address, content=b"", what="", _revs=revs(later)).status_code == 302


def test_the_same_twice_and_more_than_enough_are_refused(app, front, address, monkeypatch):
    monkeypatch.setattr(enclosures, "MOST", 2)
    send(front, address, _save="1")
    assert "This file is here already" in send(front, address, _save="1").text
    send(front, address, PDF + b"2", _save="1")
    assert "2 files are here already" in send(front, address, PDF + b"3", _save="1").text
    assert len(rows(app, ContactDraftPaper)) == 2


def test_one_without_a_name_is_called_letter_or_photo(app, front, address):
    send(front, address, what=" ")
    assert [what for what, _, _ in kept(app)] == ["Letter or photo"]


def test_it_is_taken_out_again(app, front, address):
    send(front, address, _save="1")
    [row] = rows(app, ContactDraftPaper)
    answer = send(front, address, content=None, what="", **{f"_take-out-{row.id}": "1"})
    assert answer.status_code == 200 and rows(app, ContactDraftPaper) == []


def test_nobody_else_reaches_it(app, make, sign_in, worker, front, address):
    send(front, address, _save="1")
    [row] = rows(app, ContactDraftPaper)
    other = sign_in(make.user("front_door", team=worker.team))
    assert other.get(address).status_code == 404
    assert send(other, other.get("/contacts/new").location, **{f"_take-out-{row.id}": "1"}).status_code == 200
    assert row.id in [one.id for one in rows(app, ContactDraftPaper)]


def test_with_a_file_alone_it_is_unfinished_and_never_the_next_contact_s(app, front, address):
    alone = {"paper": (io.BytesIO(PDF), "letter.pdf"), "_save": "1"}
    front.post(address, data=alone, content_type="multipart/form-data")
    assert front.get("/contacts/new").location != address
    assert "Your unfinished contacts" in front.get("/contacts").text


def test_thrown_away_it_is_gone(app, front, address):
    send(front, address, _save="1")
    key = address.rpartition("=")[2]
    front.post(f"/contacts/unfinished/{key}/discard")
    assert rows(app, ContactDraftPaper) == []
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(ContactDraft)) == 0
