"""A family pointed to a service: those that suit stand first, and the slip carries nothing of the record."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from tafcore import db
from tafcore.contacts import service, slips
from tafcore.contacts.commands import AnswerContact, GiveSlip
from tafcore.directory.models import Service
from tafcore.directory.reading import suited
from tafcore.directory.service import add_service
from tafcore.notices import service as notices
from tafcore.notices.models import Message
from tafcore.people.models import ContactWay, Person
from tafcore.work import NotFound, Refused
from tests.contacts.conftest import ADA, GOOD, JACK

MONDAY = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
MAIL = {**ADA, "email": "ada@mail.example"}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def add(app, make):
    home = make.organisation("vcs", name="Elm Trust")

    def run(name, **more):
        with app.app_context(), db.writing():
            return add_service(name, home.id, f"What {name} does", phone="020 7946 0120", **more).id

    return run


@pytest.fixture
def pointed(app, make, contacts, worker, add):
    """A contact whose family was pointed to a service."""

    def run(**more):
        sleep = add("Sleep clinic", ages=(1, 12), openings=[(0, "09:30", "17:00")], wait_days=28)
        ref = contacts.register(worker, **{"people": [JACK, MAIL], **more})
        told = {
            "service": sleep,
            "advice": "Secret advice",
            "reason": "Secret reason",
            "unspoken": "No phone",
            "grade": GOOD,
        }
        with app.app_context(), db.writing():
            service.answer(AnswerContact(contact=ref, answer="signposted", **told), make.actor(worker))
        return ref

    return run


@pytest.fixture
def give(app, make, worker):
    def run(ref, by=worker, **asked):
        with app.app_context(), db.writing():
            slips.give(GiveSlip(contact=ref, **asked), make.actor(by))

    return run


def mails(app, to="ada@mail.example"):
    with app.app_context():
        return list(db.session.scalars(select(Message).where(Message.to_address == to)))


def test_those_that_suit_stand_first(app, add, area, make):
    far = make.neighbourhood("Far")
    names = {
        add("Teenagers", ages=(11, 18), neighbourhood_id=area.id): "for other ages",
        add("Far away", neighbourhood_id=far.id): "elsewhere",
        add("Near, closed", neighbourhood_id=area.id, openings=[(4, "09:30", "17:00")], wait_days=0): "closed",
        add("Near, open, long wait", neighbourhood_id=area.id, openings=[(0, "09:30", "17:00")], wait_days=60): "long",
        add("Near, open", neighbourhood_id=area.id, openings=[(0, "09:30", "17:00")], wait_days=5): "first",
        add("Everywhere"): "everywhere",
    }
    with app.app_context():
        found = suited({8}, area.id, "HA1 2XY", MONDAY)
    order = ["first", "long", "closed", "everywhere", "elsewhere", "for other ages"]
    assert [names[one.service.id] for one in found] == order
    assert found[0].label == "Near, open, Elm Trust: near them; open now until 17:00; waits 5 days"


def test_the_answer_offers_them_in_that_order(contacts, worker, add, area, sign_in):
    add("A for teenagers", ages=(11, 18))
    add("Z near", neighbourhood_id=area.id, ages=(1, 12))
    ref = contacts.register(worker)
    page = sign_in(worker).get(f"/contacts/{ref}/answer").text
    assert page.index("Z near, Elm Trust: ages 1 to 12; near them") < page.index("For other ages: A for teenagers")


def test_the_slip_knows_the_service_and_nobody(pointed, contacts, worker, sign_in, make):
    ref = pointed()
    browser = sign_in(worker)
    shown = browser.get(f"/contacts/{ref}/slip").text
    address = re.search(r'href="(/services/\d+/slip)"', shown)[1]
    slip = browser.get(address).text
    main = slip[slip.index("<main") : slip.index("</main")]
    for told in ("Sleep clinic", "Elm Trust", "020 7946 0120", "Monday 09:30 to 17:00", "1 to 12", "about 4 weeks"):
        assert told in main
    for secret in ("Okoro", "Jack", "Ada", "Secret", ref, "Early Help", "level"):
        assert secret not in slip
    assert sign_in(make.user("board_member")).get(address).status_code == 403
    assert browser.get("/services/999/slip").status_code == 404


def test_that_it_was_given_is_on_record(pointed, worker, sign_in):
    ref = pointed()
    browser = sign_in(worker)
    assert browser.post(f"/contacts/{ref}/slip", data={}).status_code == 422
    shown = browser.post(f"/contacts/{ref}/slip", data={"how": "printed"}, follow_redirects=True).text
    assert "printed and handed over" in shown


def test_a_mail_goes_only_when_it_is_safe_and_tells_nothing(app, pointed, give):
    ref = pointed()
    for wrong, field in (({"to": 1}, "safe"), ({"to": 0, "safe": True}, "how"), ({"safe": True}, "how")):
        with pytest.raises(Refused) as refused:
            give(ref, how="email", **wrong)
        assert [problem.field for problem in refused.value.problems] == [field]
    assert mails(app) == []
    give(ref, how="email", to=1, safe=True)
    [mail] = mails(app)
    assert "Sleep clinic" in mail.body and "about 4 weeks" in mail.body
    for secret in ("Okoro", "Jack", "Ada", "Secret", ref, "Sleep"):
        assert secret not in mail.subject
    for secret in ("Okoro", "Jack", "Ada", "Secret", ref, "Early Help", "level"):
        assert secret not in mail.body


def test_no_mail_where_ways_were_named_that_must_never_be_used(app, pointed, give):
    ref = pointed(safe_never="Nothing written")
    with pytest.raises(Refused):
        give(ref, how="email", to=1, safe=True)
    give(ref, how="read_out")
    assert mails(app) == []


@pytest.mark.parametrize("linked", [True, False])
def test_no_mail_where_somebody_is_kept_safe_from_somebody(app, make, contacts, worker, add, give, linked):
    family = make.family(team=worker.team)
    with app.app_context():
        ids = dict(db.session.execute(select(Person.forename, Person.id)).all())
        ada = db.session.scalar(select(Person.ref).where(Person.forename == "Ada"))
    make.protect(ids["Child0"], ids["Ada"], {"address"})
    sleep = add("Sleep clinic")
    ref = contacts.register(worker, people=[{**MAIL, "born": "1990-03-01"}])
    if linked:
        assert contacts.link(worker, ref, ada) == family.ref
    told = {"service": sleep, "advice": "Go", "reason": "Sleep", "unspoken": "No phone", "grade": GOOD}
    with app.app_context(), db.writing():
        service.answer(AnswerContact(contact=ref, answer="signposted", **told), make.actor(worker))
    with pytest.raises(Refused):
        give(ref, how="email", to=0, safe=True)
    give(ref, how="printed")


def test_a_text_goes_only_when_it_is_safe_is_short_and_tells_nothing(app, pointed, give):
    ref = pointed()
    for wrong, field in (({"to": 1}, "safe"), ({"to": 0, "safe": True}, "how"), ({"safe": True}, "how")):
        with pytest.raises(Refused) as refused:
            give(ref, how="text", **wrong)
        assert [problem.field for problem in refused.value.problems] == [field]
    give(ref, how="text", to=1, safe=True)
    [text] = mails(app, "+447700900123")
    assert text.channel == "text" and "020 7946 0120" in text.body and "about 4 weeks" in text.body
    assert "Monday 09:30 to 17:00" in text.body and len(text.body) < 459 and "\n" not in text.body.strip()
    for secret in ("Okoro", "Jack", "Ada", "Secret", ref, "Early Help", "level", "http"):
        assert secret not in text.body + text.subject


@pytest.mark.parametrize(
    "told",
    [
        {"safe_never": "Nothing written"},
        {"safe_when": "After nine, when he is out"},
        {"people": [JACK, {**ADA, "phone": "020 7946 0140"}]},
    ],
)
def test_no_text_at_an_hour_that_may_be_the_wrong_one_nor_to_a_telephone_at_home(app, pointed, give, told):
    ref = pointed(**told)
    with pytest.raises(Refused):
        give(ref, how="text", to=1, safe=True)
    assert mails(app, "+447700900123") == []


def test_nothing_is_sent_to_a_number_that_is_known_to_be_unsafe(app, make, pointed, give):
    make.family()
    with app.app_context(), db.writing():
        ada = db.session.scalar(select(Person.id).where(Person.forename == "Ada"))
        db.session.add(ContactWay(person_id=ada, kind="phone", value="+447700900123", safe=False))
    ref = pointed(people=[JACK, {**MAIL, "surname": "Elsewhere", "forename": "Bea"}])
    with pytest.raises(Refused):
        give(ref, how="text", to=1, safe=True)
    give(ref, how="email", to=1, safe=True)


def test_how_far_it_has_come_is_shown_and_one_that_fails_comes_back(app, pointed, worker, sign_in):
    ref = pointed()
    browser = sign_in(worker)
    shown = browser.get(f"/contacts/{ref}/slip").text
    assert 'value="text 1"' in shown and "07700 900123" in shown and "checked" not in shown
    unsure = browser.post(f"/contacts/{ref}/slip", data={"how": "text 1"})
    assert unsure.status_code == 422 and 'id="safe-error"' in unsure.text
    assert browser.post(f"/contacts/{ref}/slip", data={"how": "text 0", "safe": "y"}).status_code == 422
    sent = browser.post(f"/contacts/{ref}/slip", data={"how": "text 1", "safe": "y"}, follow_redirects=True).text
    assert "The slip is on its way" in sent and "Waiting to leave" in sent
    [text] = mails(app, "+447700900123")
    with app.app_context():
        notices._note(text.id, "1", None)
    assert ">Sent<" in browser.get(f"/contacts/{ref}").text
    with app.app_context():
        notices._settle(text.id, "failed")
        back = db.session.scalars(select(Message).where(Message.to_team_id == worker.team_id)).all()[-1]
    assert "Did not arrive" in browser.get(f"/contacts/{ref}").text
    assert f"/contacts/{ref}/slip" in back.body and "Okoro" not in back.subject + back.body


def test_who_does_not_work_the_contact_gives_no_slip(make, contacts, worker, pointed, give, sign_in):
    ref = pointed()
    elsewhere = make.user("front_door", team=make.team("Another hub"))
    with pytest.raises(NotFound):
        give(ref, by=elsewhere, how="printed")
    assert sign_in(elsewhere).get(f"/contacts/{ref}/slip").status_code == 404
    advised = contacts.register(worker)
    assert sign_in(worker).get(f"/contacts/{advised}/slip").status_code == 404
    with pytest.raises(Refused):
        give(advised, how="printed")


def test_nobody_is_pointed_to_a_service_that_has_closed(app, make, contacts, worker, add, pointed, give, sign_in):
    ref, other = pointed(), contacts.register(worker)
    browser = sign_in(worker)
    with app.app_context():
        service_id = db.session.scalars(select(Service.id)).one()
    browser.post(f"/directory/{service_id}/close", data={"reason": "No money"}, follow_redirects=True)
    assert "Sleep clinic" not in browser.get(f"/contacts/{other}/answer").text
    told = {"service": service_id, "advice": "Go", "reason": "Sleep", "unspoken": "No phone", "grade": GOOD}
    with pytest.raises(Refused) as refused, app.app_context(), db.writing():
        service.answer(AnswerContact(contact=other, answer="signposted", **told), make.actor(worker))
    assert [problem.field for problem in refused.value.problems] == ["service"]
    with pytest.raises(Refused, match="has closed"):
        give(ref, how="printed")
