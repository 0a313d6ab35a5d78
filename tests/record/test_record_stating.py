"""Numbers, a death, and what is known by statements alone: checked, said by somebody, put right without erasing."""

from __future__ import annotations

from sqlalchemy import select

from tafcore import db
from tafcore.matching.index import variants
from tafcore.people.models import Address, Person, PersonIdentifier, PersonStatement

UPN, ULN = "A801200001001", "1000000043"


def at(home, tab: str = "") -> str:
    return f"/families/{home.family.ref}/people{tab}"


def test_numbers_are_checked_and_stand_beside_those_known(home, alone) -> None:
    browser, form = alone(home.lead), at(home, f"/{home.jack.ref}/numbers")
    wrong = browser.post(form, data={"uln": "1000000044", "upn": "B123", "uprn": "x", "said_by": "School"})
    assert wrong.status_code == 422
    assert all(f'href="#{name}"' in wrong.text for name in ("uln", "upn", "uprn"))
    assert "Enter at least one number" in browser.post(form, data={"said_by": "School"}).text
    assert browser.post(form, data={"uln": ULN, "said_by": "School"}).status_code == 302
    homeless = browser.post(form, data={"uprn": "100021", "said_by": "Housing"})
    assert homeless.status_code == 422 and "Record where they live first" in homeless.text
    hers = at(home, f"/{home.mother.ref}/numbers")
    assert browser.post(hers, data={"uprn": "0100021", "said_by": "Housing"}).status_code == 302
    with home.app.app_context():
        known = select(PersonIdentifier.scheme, PersonIdentifier.value)
        assert (*db.session.execute(known.where(PersonIdentifier.person_id == home.jack.id)),) == (("uln", ULN),)
        assert db.session.scalar(select(Address.uprn).where(Address.person_id == home.mother.id)) == "0100021"


def test_a_death_is_recorded_and_put_right(home, alone) -> None:
    browser, form = alone(home.lead), at(home, f"/{home.jack.ref}/died")
    assert browser.post(form, data={"said_by": "Ada"}).status_code == 422
    for impossible in ("1 1 2010", "1 1 2999"):
        assert browser.post(form, data={"died": impossible, "said_by": "Ada"}).status_code == 422
    assert browser.post(form, data={"died": "3 6 2025", "said_by": "Ada"}).status_code == 302
    page = browser.get(at(home)).text
    assert "died aged 7" in page and "3 June 2025" in page and "Recorded as dead by mistake" in page
    assert browser.post(form, data={"said_by": "The school"}).status_code == 302
    page = browser.get(at(home)).text
    assert "died aged 7" not in page and "Alive: recorded by mistake" in page and "3 June 2025" in page
    with home.app.app_context():
        assert db.session.get_one(Person, home.jack.id).died is None


def test_earlier_names_gp_and_gender_are_shown_and_lead_to_the_person(home, alone) -> None:
    browser, form = alone(home.lead), at(home, f"/{home.mother.ref}/facts")
    told = {"said_by": "Ada", "address_kind": "permanent"}
    first = {**told, "former_name": "Adaeze Eze", "gp": "Elm Practice", "gender": "Woman"}
    assert browser.post(form, data=first).status_code == 302
    assert browser.post(form, data={**told, "former_name": "Ada Cole", "gp": "Larch Practice"}).status_code == 302
    page = browser.get(at(home)).text
    assert all(words in page for words in ("Adaeze Eze", "Ada Cole", "Larch Practice", "Elm Practice (until", "Woman"))
    with home.app.app_context():
        current = select(PersonStatement.value).where(
            PersonStatement.person_id == home.mother.id, PersonStatement.superseded_at.is_(None)
        )
        assert set(db.session.scalars(current.where(PersonStatement.field == "gp"))) == {"Larch Practice"}
        names = {name for one in variants([home.mother.id])[home.mother.id] for name in one.other_names}
        assert {"Adaeze Eze", "Ada Cole"} <= names
