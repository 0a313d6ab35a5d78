"""Who might this be? The key table keeps itself, and nobody learns of a person more than they may."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from tafcore import db
from tafcore.actor import Actor
from tafcore.families import likely
from tafcore.families import service as families
from tafcore.families.models import Family, FamilyMember
from tafcore.matching import service as matching
from tafcore.matching.evened import evened
from tafcore.matching.models import MatchKey, MatchRecord, PersonKey
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person

TELLER = Actor("importer", None, "A test")
JACK = PersonDetails(
    role="child",
    forename="Jack",
    surname="Okoro",
    born=date(2018, 5, 4),
    address="12 Larch Road",
    postcode="HA1 2XY",
    nhs_number="9990000018",
)
TYPED = PersonDetails(role="child", forename="Jak", surname="Okoro", born=date(2018, 5, 5), postcode="HA1 2XY")


@pytest.fixture
def hub(make):
    return make.team("Larch hub", phone="020 7946 0111")


@pytest.fixture
def manager(make, hub):
    """Somebody who sees the families of the hub."""
    return make.actor(make.user("early_help_manager", team=hub))


@pytest.fixture
def outsider(make):
    """Somebody who sees no family."""
    return make.actor(make.user("practitioner"))


@pytest.fixture
def known(app, hub):
    """Jack's id, in a family of the hub."""
    with app.app_context(), db.writing():
        jack = people.make_person(JACK, "Ada", TELLER)
        families.make_family("Okoro family", [(jack, "child")], hub.id)
        return jack.id


def find(app, details, actor):
    with app.app_context():
        return likely.candidates(details, actor)


def keys(app, person_id):
    """All that somebody is found by: words, numbers, and the record they are compared by."""
    with app.app_context():
        words = db.session.scalars(select(PersonKey.key).where(PersonKey.person_id == person_id))
        numbers = db.session.scalars(select(MatchKey.key).where(MatchKey.person_id == person_id))
        return {*words, *map(str, numbers), db.session.get(MatchRecord, person_id).packed}


def test_somebody_close_is_found_and_somebody_else_is_not(app, known, manager):
    [found] = find(app, TYPED, manager)
    assert found.person_id == known and found.score > 0.5
    stranger = PersonDetails(role="child", forename="Sofia", surname="Rahman", born=date(2015, 1, 2))
    assert find(app, stranger, manager) == []
    assert find(app, PersonDetails(role="child"), manager) == []


def test_who_may_see_them_is_told_who_it_is(app, known, manager):
    [found] = find(app, TYPED, manager)
    assert found.entitled and found.label.startswith("Jack Okoro (") and found.family_ref and found.ref
    assert found.about == "Okoro family. 12 Larch Road"
    assert any("5 May" in reason and "4 May" in reason for reason in found.why)


def test_anybody_else_learns_only_what_they_typed_and_whom_to_ring(app, known, outsider):
    [found] = find(app, TYPED, outsider)
    assert (found.ref, found.label, found.family_ref, found.about, found.entitled) == (None, None, None, "", False)
    assert found.ring == "020 7946 0111"
    assert found.why and all("you typed" in reason for reason in found.why)
    assert not {"Jack", "4 May", "Larch", "Okoro"} & set(" ".join(found.why).split())


def test_a_partner_system_sees_no_family(app, known):
    partner = Actor("partner", 1, "Elm Row's register", permissions=frozenset({"contacts.register"}))
    [found] = find(app, TYPED, partner)
    assert not found.entitled and found.ref is None


def change(app, model, **values):
    with app.app_context(), db.writing():
        for row in db.session.scalars(select(model)):
            for name, value in values.items():
                setattr(row, name, value)


def test_a_restricted_person_always_yields_the_duty_line(app, known, manager, outsider):
    change(app, Person, restricted=True)
    for actor in (manager, outsider):
        [found] = find(app, TYPED, actor)
        assert (found.ref, found.label, found.entitled, found.ring) == (None, None, False, "020 7946 0100")


def test_a_sealed_family_and_one_kept_safe_yield_the_duty_line(app, known, outsider):
    change(app, Family, sealed=True)
    assert find(app, TYPED, outsider)[0].ring == "020 7946 0100"
    change(app, Family, sealed=False)
    with app.app_context(), db.writing():
        father = people.make_person(PersonDetails(role="father", forename="Ben"), "Ada", TELLER)
        people.protect(known, father.id, {"address"}, "Refuge", date(2030, 1, 1), TELLER)
    assert find(app, TYPED, outsider)[0].ring == "020 7946 0100"


def test_an_address_a_safety_rule_hides_is_not_shown_at_the_door(app, known, manager):
    with app.app_context(), db.writing():
        father = people.make_person(PersonDetails(role="father", forename="Ben"), "Ada", TELLER)
        families.add_member(db.session.scalars(select(Family)).one(), father, "father")
        people.protect(known, father.id, {"address"}, "Refuge", date(2030, 1, 1), TELLER)
    [found] = find(app, TYPED, manager)
    assert found.entitled and "Larch" not in found.about


def test_a_family_without_a_team_yields_the_duty_line(app, known, outsider):
    change(app, Family, team_id=None)
    assert find(app, TYPED, outsider)[0].ring == "020 7946 0100"


def test_somebody_who_left_the_family_is_not_seen_through_it(app, known, manager):
    change(app, FamilyMember, left=date(2026, 1, 1))
    assert not find(app, TYPED, manager)[0].entitled


def test_the_keys_follow_every_change(app, known):
    before = keys(app, known)
    assert any("9990000018" in key for key in before)
    with app.app_context(), db.writing():
        person = db.session.get_one(Person, known)
        people.learn(person, PersonDetails(role="child", surname="Bello", phone="07700 900123"), "Ada", TELLER)
    after = keys(app, known)
    assert any("7700900123" in key for key in after) and before != after


def test_a_former_name_and_a_former_address_still_find_them(app, known, manager):
    with app.app_context(), db.writing():
        person = db.session.get_one(Person, known)
        moved = PersonDetails(role="child", surname="Bello", address="Room 14, Harbour House", postcode="HA2 8EQ")
        people.learn(person, moved, "Ada", TELLER)
    assert find(app, TYPED, manager)[0].score > 0.5


def test_somebody_made_in_this_transaction_is_found_in_it(app, manager):
    with app.app_context(), db.writing():
        people.make_person(JACK, "Ada", TELLER)
        assert len(likely.candidates(TYPED, manager)) == 1


def test_what_is_rolled_back_leaves_no_keys_and_spoils_none(app, known):
    with app.app_context(), db.writing():
        kept = people.make_person(TYPED, "Ada", TELLER)
        with pytest.raises(ZeroDivisionError), db.session.begin_nested():
            people.make_person(JACK, "Ada", TELLER)
            raise ZeroDivisionError
        kept_id = kept.id
    assert keys(app, kept_id)
    with app.app_context():
        assert set(db.session.scalars(select(PersonKey.person_id))) == {known, kept_id}


def test_after_a_bulk_change_the_keys_are_written_on_request(app, known):
    before = keys(app, known)
    with app.app_context(), db.writing():
        db.session.execute(update(Person).values(surname="Bello").execution_options(synchronize_session=False))
    assert keys(app, known) == before
    with app.app_context(), db.writing():
        matching.rekey(known)
    assert keys(app, known) != before


def test_those_keyed_by_older_rules_are_keyed_anew(app, known, manager):
    before, told = keys(app, known), []
    with app.app_context(), db.writing():
        db.session.execute(delete(MatchKey))
        db.session.execute(update(MatchRecord).values(keyed_by=0, packed="nobody"))
        newcomer = people.make_person(JACK, "Ada", TELLER).id
    with app.app_context():
        matching.rekey_older(told.append)
        matching.rekey_older(told.append)  # nobody is left
    assert told == [1] and keys(app, known) == before and keys(app, newcomer)
    assert find(app, TYPED, manager)[0].person_id == known


def test_a_merged_person_is_found_as_the_one_who_remains(app, known, manager):
    with app.app_context(), db.writing():
        double = people.make_person(TYPED, "School", TELLER)
        double.canonical_id = known
    assert [one.person_id for one in find(app, TYPED, manager)] == [known]


def test_a_name_of_very_many_words_is_looked_up_too(app, manager):
    many = " ".join(f"{letter}{other}" for letter in "bdfkl" for other in "lmnprt")
    long = PersonDetails(role="child", forename=many, surname=many, born=date(2018, 5, 4))
    with app.app_context(), db.writing():
        people.make_person(long, "Ada", TELLER)
    assert len(find(app, long, manager)) == 1


def test_a_very_long_address_of_mail_is_keyed_too(app, manager):
    mail = PersonDetails(role="mother", forename="Ada", email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example")
    with app.app_context(), db.writing():
        people.make_person(mail, "Ada", TELLER)
    assert len(find(app, mail, manager)) == 1


def test_the_likeliest_come_first_and_no_more_than_asked(app, known, manager):
    with app.app_context(), db.writing():
        for day in range(1, 9):
            people.make_person(JACK.model_copy(update={"nhs_number": None, "born": date(2018, 5, day)}), "Ada", TELLER)
    found = find(app, JACK, manager)
    assert len(found) == 5 and found[0].person_id == known
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_the_look_up_asks_as_often_for_many_as_for_few(app, known, outsider, counting):
    with counting() as few:
        find(app, TYPED, outsider)
    with app.app_context(), db.writing():
        for number in range(30):
            people.make_person(PersonDetails(role="child", forename=f"J{number}", surname="Okoro"), "Ada", TELLER)
    with counting() as many:
        find(app, TYPED, outsider)
    assert len(many) == len(few)


def test_one_rare_thing_in_common_is_not_lost_among_a_crowd_with_two(app):
    """Thirty people of the name, and of a postcode, told after the one who shares a telephone number alone."""
    told = PersonDetails(role="child", forename="Jack", surname="Okoro", postcode="HA1 2XY", phone="020 7946 0500")
    with app.app_context():
        with db.writing():
            rung = people.make_person(PersonDetails(role="child", forename="Zoe", phone=told.phone), "Ada", TELLER).id
            for number in range(30):
                one = PersonDetails(role="child", forename="Jack", surname="Okoro", postcode=f"HA2 {number % 10}XY")
                people.make_person(one, "Ada", TELLER)
        assert rung in [person_id for person_id, _ in matching.near(evened(matching.traits_told(told)))]
