"""A worker who is connected with whom a contact is about: it is closed to them, and somebody else works it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.contacts import access, lists
from tafcore.families.access import visible_family
from tafcore.notices.models import Message
from tafcore.sharing.models import Conflict
from tafcore.work import NotFound

SAID = {"connection": "neighbour", "words": "They live next door"}


@pytest.fixture
def boss(make, hub):
    return make.user("early_help_manager", team=hub, name="Moira Manager")


def declares(sign_in, user, ref, **more):
    return sign_in(user).post(f"/contacts/{ref}/declare", data={**SAID, **more})


def sees(app, make, ref, user):
    with app.app_context():
        try:
            access.find(ref, make.actor(user))
        except NotFound:
            return False
        return True


def test_it_is_closed_at_once_and_given_back_and_a_manager_hears(app, make, contacts, sign_in, worker, hub, boss):
    colleague = make.user("front_door", team=hub)
    ref = contacts.register(worker)
    browser = sign_in(worker)
    browser.post(f"/contacts/{ref}/take")
    answer = declares(sign_in, worker, ref)
    assert answer.location == "/conflicts/declared"
    assert browser.get(f"/contacts/{ref}").status_code == 404
    assert not sees(app, make, ref, worker) and sees(app, make, ref, colleague) and sees(app, make, ref, boss)
    assert contacts.get(ref).taken_by_id is None
    for page in ("/", "/contacts", "/contacts?show=all"):
        assert ref not in browser.get(page).text, page
    with app.app_context():
        assert ref not in [line.ref for line in lists.waiting_for(make.actor(worker))]
        told = select(Message.to_user_id).where(Message.subject == f"Contact {ref} needs somebody else")
        assert list(db.session.scalars(told)) == [boss.id]


def test_of_their_own_family_the_team_is_kept_out_and_the_contact_is_every_managers(
    app, make, contacts, sign_in, worker, hub, boss
):
    colleague, far = make.user("front_door", team=hub), make.user("early_help_manager", team=make.team("Far"))
    ref = contacts.register(worker)
    declares(sign_in, worker, ref, connection="own_family")
    assert [sees(app, make, ref, user) for user in (worker, colleague, boss, far)] == [False, False, False, True]
    assert contacts.get(ref).team_id is None
    assert ref in sign_in(far).get("/contacts").text


def test_what_was_said_counts_for_the_family_once_it_is_known(app, make, contacts, sign_in, worker, hub, boss):
    colleague = make.user("front_door", team=hub)
    ref = contacts.register(worker)
    declares(sign_in, worker, ref)
    with app.app_context():
        assert db.session.scalars(select(Conflict)).all() == []
    family = contacts.link(colleague, ref)
    with app.app_context():
        row = db.session.scalars(select(Conflict)).one()
        assert (row.user_id, row.declared, row.words) == (worker.id, True, SAID["words"])
        assert visible_family(family, make.actor(boss))
        with pytest.raises(NotFound):
            visible_family(family, make.actor(worker))


def test_of_a_contact_that_is_linked_the_family_is_closed_at_once(app, make, contacts, sign_in, worker, hub):
    ref = contacts.register(worker)
    family = contacts.link(worker, ref)
    declares(sign_in, worker, ref)
    assert sign_in(worker).get(f"/families/{family}").status_code == 404


def test_it_says_how(app, make, contacts, sign_in, worker):
    ref = contacts.register(worker)
    answer = declares(sign_in, worker, ref, words=" ")
    assert answer.status_code == 422 and sees(app, make, ref, worker)
