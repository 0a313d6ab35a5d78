"""Letters and photos: kept with their contact, told by what they hold, opened only by those who may and on record."""

import hashlib
import io

import pytest
from sqlalchemy import select

from tafcore.contacts import rules
from tafcore.contacts.models import ContactPaper
from tafcore.db import session
from tafcore.trail.models import TrailEntry
from tests.contacts.pictures import photo

PDF = b"%PDF-1.7\nA letter about Jack"
PHOTO = photo(b"where it was taken")


@pytest.fixture
def ref(contacts, worker):
    return contacts.register(worker)


def send(browser, ref, content=PDF, name="letter.pdf", what="Letter of 3 March"):
    sent = {"what": what, "content": (io.BytesIO(content), name)}
    return browser.post(f"/contacts/{ref}/papers", data=sent, content_type="multipart/form-data")


def kept(app):
    with app.app_context():
        return [
            (row.what, row.kind, row.size, row.digest, row.content) for row in session.scalars(select(ContactPaper))
        ]


def test_a_letter_is_kept_listed_and_comes_back_byte_for_byte(app, sign_in, worker, ref):
    browser = sign_in(worker)
    assert send(browser, ref).status_code == 302
    assert kept(app) == [("Letter of 3 March", "application/pdf", len(PDF), hashlib.sha256(PDF).hexdigest(), PDF)]
    assert "Letter of 3 March (PDF, 1 kB)" in browser.get(f"/contacts/{ref}").text
    answer = browser.get(f"/contacts/{ref}/papers/1")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ref}-1.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_its_name_says_nothing_of_what_it_is(app, sign_in, worker, ref):
    browser = sign_in(worker)
    send(browser, ref, PHOTO, name="../../letter.pdf")
    answer = browser.get(f"/contacts/{ref}/papers/1")
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Disposition"].endswith(f'{ref}-1.jpg"')


def test_a_photo_is_kept_without_where_it_was_taken(app, sign_in, worker, ref):
    browser = sign_in(worker)
    assert send(browser, ref, PHOTO, name="photo.jpg").status_code == 302
    [(_, kind, size, digest, content)] = kept(app)
    assert kind == "image/jpeg" and b"where it was taken" in PHOTO
    assert content == browser.get(f"/contacts/{ref}/papers/1").data == photo()
    assert (size, digest) == (len(content), hashlib.sha256(content).hexdigest())
    assert send(browser, ref, photo(b"taken elsewhere")).status_code == 422  # the same picture


def test_a_damaged_photo_is_refused_beside_its_field(app, sign_in, worker, ref):
    answer = send(sign_in(worker), ref, photo()[:-1])
    assert answer.status_code == 422 and "This photo is damaged" in answer.text and kept(app) == []


@pytest.mark.parametrize("content", [b"", b"<html>%PDF-</html>", b"PK\x03\x04", b"GIF89a"])
def test_anything_else_is_refused_beside_its_field(app, sign_in, worker, ref, content):
    answer = send(sign_in(worker), ref, content)
    assert answer.status_code == 422 and "content-error" in answer.text and "Letter of 3 March" in answer.text
    assert kept(app) == []


def test_a_file_that_is_too_large_is_refused_beside_its_field(app, sign_in, worker, ref):
    app.config["LARGEST_FILE_MB"] = 0
    too_large = send(sign_in(worker), ref)
    assert too_large.status_code == 422 and "Choose a file of 0 MB or less" in too_large.text


def test_the_same_one_twice_is_kept_once(app, sign_in, worker, ref):
    browser = sign_in(worker)
    assert [send(browser, ref).status_code, send(browser, ref).status_code] == [302, 422]
    assert len(kept(app)) == 1


def test_each_opening_is_on_record(app, sign_in, worker, ref):
    browser = sign_in(worker)
    send(browser, ref)
    browser.get(f"/contacts/{ref}/papers/1")
    with app.app_context():
        kept = select(TrailEntry.kind).where(TrailEntry.kind.like("contacts.paper%"))
        kinds = list(session.scalars(kept.order_by(TrailEntry.id)))
    assert kinds == ["contacts.paper_added", "contacts.paper_opened"]


def test_only_those_who_may_read_the_contact_open_it(app, sign_in, make, worker, teacher, contacts):
    ref = contacts.register(teacher)
    browser, registrar, stranger = sign_in(worker), sign_in(teacher), sign_in(make.user("front_door", team=make.team()))
    send(browser, ref)
    send(registrar, ref, PHOTO, what="Photo of the form")
    assert [one.get(f"/contacts/{ref}/papers/1").status_code for one in (browser, registrar, stranger)] == [
        200,
        404,
        404,
    ]
    assert [one.get(f"/contacts/{ref}/papers/2").status_code for one in (browser, registrar, stranger)] == [
        200,
        200,
        404,
    ]
    assert send(stranger, ref).status_code == 404
    assert "Letter of 3 March" not in registrar.get(f"/contacts/{ref}").text


def test_recorded_in_error_it_stays_on_record_and_opens_no_more(app, sign_in, worker, ref):
    browser = sign_in(worker)
    send(browser, ref)
    assert browser.get(f"/contacts/{ref}/papers/1/error").status_code == 200
    assert browser.post(f"/contacts/{ref}/papers/1/error", data={"reason": ""}).status_code == 422
    assert browser.post(f"/contacts/{ref}/papers/1/error", data={"reason": "Another family's"}).status_code == 302
    assert browser.get(f"/contacts/{ref}/papers/1").status_code == 404
    assert browser.post(f"/contacts/{ref}/papers/1/error", data={"reason": "Again"}).status_code == 404
    assert "recorded in error by" in browser.get(f"/contacts/{ref}").text
    assert len(kept(app)) == 1


def test_kinds_are_told_by_their_first_bytes():
    assert rules.kind_of_paper(b"\x89PNG\r\n\x1a\n...") == "image/png"
    assert rules.kind_of_paper(b" %PDF-1.4") is None


ORIGIN = {"reference": "CAD 12", "officer": "PC Lane", "witnessed": "In the next room", "written_on": "2026-11-20"}


def test_what_a_police_notification_brings_is_kept_and_shown(sign_in, worker, contacts):
    ref = contacts.register(worker, channel="police", source="6", origin=ORIGIN, tried="School spoke with her")
    page = sign_in(worker).get(f"/contacts/{ref}").text
    for words in ("CAD 12", "PC Lane", "In the next room", "20 November 2026", "School spoke with her"):
        assert words in page
    assert "What came with it" not in sign_in(worker).get(f"/contacts/{contacts.register(worker)}").text


def test_the_form_asks_what_a_door_brings(app, sign_in, worker):
    browser = sign_in(worker)
    asked = {
        "people-0-role": "child",
        "people-0-forename": "Jack",
        "wants": "Help",
        "safe_how": "Ring",
        "channel": "police",
        "source": "6",
        "origin-reference": "CAD 12",
        "origin-written_on": "20 11 2026",
    }
    made = browser.post("/contacts/new", data=asked, follow_redirects=True)
    assert "CAD 12" in made.text and "20 November 2026" in made.text
    wrong = browser.post("/contacts/new", data={**asked, "origin-written_on": "31 2 2026"}, follow_redirects=True)
    assert wrong.status_code == 422 and "origin-written_on-error" in wrong.text
