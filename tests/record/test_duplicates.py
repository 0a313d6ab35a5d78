"""The worklist of records that may be one person, putting two together, and taking them apart again."""

from __future__ import annotations

import re
import threading
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from tafcore import db
from tafcore.actor import Actor
from tafcore.assessments import service as assessments
from tafcore.assessments.commands import RecordVisit
from tafcore.assessments.models import VisitPerson
from tafcore.assessments.reading import children_seen
from tafcore.episodes.models import Episode, EpisodeChild
from tafcore.families import service as families
from tafcore.families.access import visible_family_by_id
from tafcore.families.likely import candidates
from tafcore.families.models import Family
from tafcore.matching import pairs
from tafcore.matching.models import PersonPair
from tafcore.people import relations
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Address, ContactWay, Person, PersonMerge, PersonStatement, SafetyRule
from tafcore.record import merging, relating, specialists
from tafcore.record.commands import (
    AddedPart,
    NotTheSame,
    PutTogether,
    RecordSpecialist,
    Relate,
    TakeApart,
)
from tafcore.record.models import ChronologyEntry, ChronologyPerson
from tafcore.record.relations import relations_of
from tafcore.record.sides import both
from tafcore.trail.models import TrailEntry
from tafcore.work import NotAllowed, NotFound, Refused

TELLER = Actor("importer", None, "A test")


@pytest.fixture
def doubles(app, make, home) -> SimpleNamespace:
    """Jack is on record a second time, in the family of his father; the night has found it."""
    ig = make.user("information_governance", name="Idris Green")
    far_team = make.team(neighbourhood=make.neighbourhood())
    far_manager = make.user("early_help_manager", team=far_team, name="Fay Far")
    with app.app_context(), db.writing():
        told = [
            PersonDetails(role="father", forename="Ben", surname="Cole", born=date(1988, 2, 2), phone="020 7946 0333"),
            PersonDetails(
                role="child",
                forename="Jak",
                surname="Okoro",
                born=date(2018, 5, 4),
                sex="M",
                address="3 Other Road",
                postcode="ZZ99 3WZ",
                language="Igbo",
            ),
        ]
        made = [people.make_person(one, "Ben Cole", TELLER) for one in told]
        second = families.make_family(
            "Cole family", [(one, each.role) for one, each in zip(made, told, strict=True)], home.team.id
        )
        dad, jak = (SimpleNamespace(id=one.id, ref=one.ref) for one in made)
    with app.app_context():
        pairs.look()
        found = {(row.low_id, row.high_id): row.ref for row in db.session.scalars(select(PersonPair))}
    ref = found[home.jack.id, jak.id]
    dads = found[home.father.id, dad.id]
    return SimpleNamespace(
        ig=ig, far_team=far_team, far_manager=far_manager, second=second, dad=dad, jak=jak, ref=ref, dads=dads
    )


@pytest.fixture
def act(app, home, doubles):
    """`act.merge()`, `act.apart(...)` and so on, as the manager of both families."""

    class Act:
        def actor(self, user=home.manager):
            from tafcore.accounts.models import User

            return db.session.get_one(User, user.id).actor()

        def merge(self, ref=doubles.ref, survivor=home.jack.ref, user=home.manager, seen=None, reason="Same school"):
            with app.app_context(), db.writing():
                who = self.actor(user)
                revision = seen if seen is not None else both(ref, who, "test").revision
                asked = PutTogether(pair=ref, survivor=survivor, reason=reason, seen=revision)
                return merging.put_together(asked, who).id

        def not_same(self, ref=doubles.ref, user=home.manager):
            with app.app_context(), db.writing():
                merging.not_the_same(NotTheSame(pair=ref, reason="Cousins"), self.actor(user))

        def apart(self, parts=None, ref=doubles.ref, user=home.manager):
            from tafcore.record.added import apart

            with app.app_context(), db.writing():
                who = self.actor(user)
                added = apart(ref, who, "test").view.added
                given = tuple(AddedPart(item=one.key, to=(parts or {}).get(one.heading, "survivor")) for one in added)
                merging.take_apart(TakeApart(pair=ref, reason="Two boys", parts=given), who)

        def view(self, family_id, user=home.manager):
            with app.app_context():
                return visible_family_by_id(family_id, self.actor(user))

        def tell(self, person_id, **details):
            with app.app_context(), db.writing():
                person = db.session.get_one(Person, person_id)
                people.learn(person, PersonDetails(role="child", **details), "The school", TELLER)

    return Act()


# --- the worklist -----------------------------------------------------------------------------------------------------


def test_the_manager_of_both_sees_both_with_the_reasons(sign_in, home, doubles):
    page = sign_in(home.manager).get("/duplicates").text
    assert "Jack Okoro" in page and "Jak Okoro" in page and "Cole family" in page
    assert "same birth date" in page.lower()
    assert f"/duplicates/{doubles.ref}" in page


def test_who_sees_neither_hears_whom_to_ring_and_no_name(sign_in, doubles):
    for user in (doubles.ig, doubles.far_manager):
        page = sign_in(user).get("/duplicates?show=open").text
        assert re.search(r"May be known: <a [^>]*>ring ", page)
        assert not re.search(r"Jack|Jak\b|Okoro|Cole|birth date|\bP-[0-9A-Z]{4}-[0-9A-Z]{2}\b", page.split("<main")[1])
        assert sign_in(user).get(f"/duplicates/{doubles.ref}").status_code == 404
        assert sign_in(user).get(f"/duplicates/{doubles.ref}/apart").status_code == 404
        assert sign_in(user).post(f"/duplicates/{doubles.ref}/two-people", data={}).status_code == 404


def test_a_search_finds_only_those_seen(sign_in, home, doubles):
    found = sign_in(home.manager).post("/duplicates", data={"q": "jak", "show": "open"}).text
    assert doubles.ref in found and doubles.dads not in found
    assert doubles.ref not in sign_in(home.manager).post("/duplicates", data={"q": "zebedee", "show": "open"}).text
    hidden = sign_in(doubles.ig).post("/duplicates", data={"q": "jak", "show": "open"}).text
    assert "May be known" not in hidden and "Nobody that you can see" in hidden


def test_the_list_is_paged_and_sorted_and_costs_the_same(app, sign_in, home, make, doubles, counting):
    browser = sign_in(home.manager)
    browser.get("/duplicates")
    with counting() as few:
        browser.get("/duplicates?show=open&sort=waiting")
    with app.app_context(), db.writing():
        for number in range(30):
            made = [
                people.make_person(
                    PersonDetails(
                        role="child", forename=f"Kid{number}", surname="Zed", born=date(2010, 1, number % 28 + 1)
                    ),
                    "A",
                    TELLER,
                )
                for _ in range(2)
            ]
            families.make_family(f"Zed{number}", [(one, "child") for one in made], home.team.id)
    with app.app_context():
        pairs.look()
    with counting() as many:
        first = browser.get("/duplicates?show=open&sort=waiting").text
    assert len(many) == len(few)
    after = re.search(r'name="after" value="(D-[^"]+)"', first)[1]
    second = browser.post("/duplicates", data={"show": "open", "sort": "waiting", "after": after}).text
    seen = [set(re.findall(r"/duplicates/(D-[\w-]+)\"", page)) for page in (first, second)]
    assert len(seen[0]) == 25 and seen[1] and not seen[0] & seen[1]


def test_a_task_leads_there_and_the_list_of_families_too(sign_in, home, doubles):
    assert "pairs of records may be one person" in sign_in(home.manager).get("/").text
    assert "/duplicates" in sign_in(home.manager).get("/families").text
    assert "/duplicates" not in sign_in(home.lead).get("/families").text
    assert "pairs of records may be one person" in sign_in(doubles.ig).get("/").text


def test_others_may_not(sign_in, home, doubles, act):
    browser = sign_in(home.lead)
    for path in ("", f"/{doubles.ref}", f"/{doubles.ref}/apart"):
        assert browser.get(f"/duplicates{path}").status_code == 403
    with pytest.raises(NotAllowed):
        act.merge(user=home.lead, seen="")
    with pytest.raises(NotFound):
        act.merge(user=doubles.far_manager, seen="")


def test_somebody_restricted_is_only_the_duty_line(app, sign_in, home, doubles, act):
    with app.app_context(), db.writing():
        db.session.get_one(Person, doubles.jak.id).restricted = True
    browser = sign_in(home.manager)
    page = browser.get("/duplicates?show=open").text
    assert "Jak Okoro" not in page and app.config["BOROUGH"].duty_line.replace(" ", "") in page.replace(" ", "")
    assert browser.get(f"/duplicates/{doubles.ref}").status_code == 404
    with pytest.raises(NotFound):
        act.merge(seen="")


# --- putting together -------------------------------------------------------------------------------------------------


def test_the_preview_shows_field_by_field_what_becomes_of_it(sign_in, alone, home, doubles):
    page = alone(home.manager).get(f"/duplicates/{doubles.ref}").text
    for words in ("Okoro family", "Cole family", "3 Other Road", "Igbo", "They differ", "One knows it"):
        assert words in page
    assert "Put the records together" in page


def test_on_a_screen_the_family_may_see_a_safety_rule_is_kept(make, sign_in, home, doubles):
    make.protect(doubles.jak.id, doubles.dad.id, {"address"})
    assert "3 Other Road" not in sign_in(home.manager).get(f"/duplicates/{doubles.ref}").text


def test_put_together_by_the_page(app, sign_in, home, doubles):
    browser = sign_in(home.manager)
    page = browser.get(f"/duplicates/{doubles.ref}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    empty = browser.post(f"/duplicates/{doubles.ref}", data={"seen": seen})
    assert (
        empty.status_code == 422 and "Choose the record that stays" in empty.text and "Say how you know" in empty.text
    )
    wrong = browser.post(f"/duplicates/{doubles.ref}", data={"seen": seen, "survivor": "P-2222-22", "reason": "x"})
    assert wrong.status_code == 422
    told = {"seen": seen, "survivor": home.jack.ref, "reason": "Same school"}
    assert browser.post(f"/duplicates/{doubles.ref}", data=told).status_code == 302
    listed = browser.get("/duplicates?show=merged").text
    assert "Same school" in listed and "Take apart" in listed
    assert doubles.ref not in browser.get("/duplicates?show=open").text
    people_page = browser.post("/families/" + doubles.second.ref + "/shared-view", data={"alone": "yes"})
    assert people_page.status_code == 302
    page = browser.get(f"/families/{doubles.second.ref}/people").text
    assert "Put together from the records" in page and "Jack Okoro" in page


def test_two_people_by_the_page(sign_in, home, doubles):
    browser = sign_in(home.manager)
    empty = browser.post(f"/duplicates/{doubles.ref}/two-people", data={})
    assert empty.status_code == 422 and empty.text.count("Say how you know") == 2  # in the summary and at the field
    answer = browser.post(f"/duplicates/{doubles.ref}/two-people", data={"two_reason": "Cousins"})
    assert answer.status_code == 302
    assert doubles.ref not in browser.get("/duplicates").text
    decided = browser.get("/duplicates?show=not_same").text
    assert "Cousins" in decided and "Moira Manager" in decided


def test_nothing_moves_and_both_families_show_one_person(app, home, doubles, act):
    before = rows_of(app, home.jack.id), rows_of(app, doubles.jak.id)
    act.merge()
    assert (rows_of(app, home.jack.id), rows_of(app, doubles.jak.id)) == before
    for family_id in (home.family.id, doubles.second.id):
        child = next(one for one in act.view(family_id).people if one.name == "Jack Okoro")
        assert child.language == "Igbo"
        assert child.refs == {home.jack.ref, doubles.jak.ref}
    there = act.view(doubles.second.id)
    assert there.may_see(home.jack.id) and there.name_of(doubles.jak.id) == "Jack Okoro"


def test_the_door_offers_one_person_and_a_family_is_not_doubled(app, home, doubles, act):
    act.merge()
    with app.app_context():
        told = PersonDetails(role="child", forename="Jak", surname="Okoro", born=date(2018, 5, 4))
        offered = [one for one in candidates(told, act.actor()) if one.score > 0.5]
        assert [one.ref for one in offered] == [home.jack.ref]
        assert set(families.families_of(home.jack.id)) == {home.family.id, doubles.second.id}
    with app.app_context(), db.writing():
        family = db.session.get_one(Family, doubles.second.id)
        row = families.add_member(family, db.session.get_one(Person, home.jack.id), "child")
        assert row.person_id == doubles.jak.id


def test_both_names_find_both_families(sign_in, home, doubles, act):
    act.merge()
    browser = sign_in(home.manager)
    for q in ("Jak", "Jack", "ZZ99 3WZ", doubles.jak.ref, home.jack.ref):
        found = browser.post("/search", data={"q": q}).text
        assert home.family.ref in found and doubles.second.ref in found, q
    assert home.family.ref in browser.post("/families", data={"q": "jak", "show": "all"}).text


def test_how_they_are_related_is_read_of_both_and_told_once(app, home, doubles, act):
    """Each family said whose child he is; a family he joined since says more, and takes it with it."""
    with app.app_context(), db.writing():
        relations.relate(doubles.dad.id, doubles.jak.id, "father", "Ben", TELLER, family_id=doubles.second.id)
    act.merge()
    act.merge(ref=doubles.dads, survivor=home.father.ref)
    with app.app_context(), db.writing():
        told = PersonDetails(role="carer", forename="Una", surname="Mensah")
        carer = people.make_person(told, "Una", TELLER)
        third = families.make_family("Mensah family", [(carer, "carer")], home.team.id)
        families.add_member(third, db.session.get_one(Person, home.jack.id), "child")
        asked = {"person": carer.ref, "other": home.jack.ref, "kind": "guardian", "responsibility": True}
        relating.relate(Relate(family=third.ref, said_by="Una", **asked), act.actor())
        known_to = RecordSpecialist(family=third.ref, person=home.jack.ref, kind="isva")
        specialists.record(known_to, act.actor())
        third_id = third.id

    def known(family_id):
        view = act.view(family_id)
        with app.app_context():
            return [one.sentence for one in relations_of(view).now]

    def involved(family_id):
        view = act.view(family_id)
        with app.app_context():
            return [one.person for one in specialists.specialists_of(view, act.actor())]

    both_say = "Ben Cole: father of Jack Okoro"
    assert involved(third_id) == involved(home.family.id) == ["Jack Okoro"]
    assert known(home.family.id) == ["Ada Okoro: mother of Jack Okoro", both_say]
    assert known(doubles.second.id) == [both_say]
    assert known(third_id) == ["Una Mensah: guardian of Jack Okoro"]
    act.apart(parts={"Family, with what it recorded": "merged"})
    assert known(third_id) == ["Una Mensah: guardian of Jak Okoro"], "it goes with the family that recorded it"
    assert (involved(third_id), involved(home.family.id)) == (["Jak Okoro"], [])
    assert known(home.family.id) == ["Ada Okoro: mother of Jack Okoro", both_say]
    assert known(doubles.second.id) == ["Ben Cole: father of Jak Okoro"]


def test_what_is_learned_is_written_to_the_record_that_stands(app, home, doubles, act):
    act.merge()
    act.tell(doubles.jak.id, phone="020 7946 0444", forename="Jackson")
    with app.app_context():
        assert db.session.get_one(Person, home.jack.id).forename == "Jackson"
        assert db.session.get_one(Person, doubles.jak.id).forename == "Jak"
        ways = select(ContactWay.person_id).where(ContactWay.value == "+442079460444")
        assert list(db.session.scalars(ways)) == [home.jack.id]


def test_a_rule_on_either_record_protects_both(make, home, doubles, act):
    """The father of the one family is not to learn where the child of the other lives: they are one child."""
    make.protect(home.jack.id, home.father.id, {"address"})
    act.merge()  # the children
    act.merge(ref=doubles.dads, survivor=home.father.ref)  # and the fathers
    there = act.view(doubles.second.id)
    assert there.has_safety_rule
    shown = there.shown_to_family()
    child = next(one for one in shown.people if one.role == "child")
    assert child.address == "" and "address" in child.hidden
    assert act.view(home.family.id).shown_to_family().seen(home.jack.id).hidden >= {"address"}


def test_a_restriction_on_either_record_keeps_both_from_search(app, sign_in, home, doubles, act):
    act.merge()
    with app.app_context(), db.writing():
        db.session.get_one(Person, doubles.jak.id).restricted = True
    for q in ("Jack", home.jack.ref, doubles.jak.ref):
        answer = sign_in(home.manager).post("/search", data={"q": q})
        assert answer.status_code == 200 and home.family.ref not in answer.text.split("<main")[1]
    with app.app_context():
        told = PersonDetails(role="child", forename="Jack", surname="Okoro", born=date(2018, 5, 4))
        first = candidates(told, act.actor())[0]
        assert first.restricted and not first.entitled


def test_a_way_unsafe_on_one_record_is_safe_on_none(app, home, doubles, act):
    for one, safe in ((home.jack.id, True), (doubles.jak.id, False)):
        with app.app_context(), db.writing():
            db.session.add(ContactWay(person_id=one, kind="phone", value="+442079460555", safe=safe))
    act.merge()
    for family in (home.family.id, doubles.second.id):
        assert ("phone", "+442079460555", False, "") in act.view(family).seen(home.jack.id).ways


def test_refused_with_what_to_do(app, make, home, doubles, act):
    make.episode(doubles.second, home.manager)
    with pytest.raises(Refused, match="Close it in one of these families first"):
        act.merge()


def test_refused_where_a_rule_stands_between_them(make, home, doubles, act):
    make.protect(home.jack.id, doubles.jak.id, {"address"})
    with pytest.raises(Refused, match="not the same person"):
        act.merge()


def test_refused_where_a_family_is_not_seen(app, home, doubles, act):
    with app.app_context(), db.writing():
        jak = db.session.get_one(Person, doubles.jak.id)
        families.make_family("Far family", [(jak, "child")], doubles.far_team.id)
    with pytest.raises(Refused, match="a family that you cannot see"):
        act.merge()


def test_a_record_others_were_put_into_goes_on_standing(app, home, doubles, act):
    with app.app_context(), db.writing():
        third = people.make_person(
            PersonDetails(role="child", forename="Jack", surname="Okoro", born=date(2018, 5, 4)), "A", TELLER
        )
        families.make_family("Third family", [(third, "child")], home.team.id)
        third_id, third_ref = third.id, third.ref
    act.merge(survivor=doubles.jak.ref)  # Jak stands
    with app.app_context():
        pairs.look()
        rows = db.session.scalars(select(PersonPair).where(PersonPair.state == "open"))
        ref = {(row.low_id, row.high_id): row.ref for row in rows}[doubles.jak.id, third_id]
    with pytest.raises(Refused, match=f"Choose {doubles.jak.ref}"):
        act.merge(ref=ref, survivor=third_ref)
    act.merge(ref=ref, survivor=doubles.jak.ref)
    assert act.view(home.family.id).seen(third_id).refs == {home.jack.ref, doubles.jak.ref, third_ref}


def test_who_decides_has_seen_what_they_decide_on(app, home, doubles, act):
    with app.app_context():
        seen = both(doubles.ref, act.actor(), "test").revision
    act.tell(doubles.jak.id, phone="020 7946 0666")
    with pytest.raises(Refused, match="since you looked"):
        act.merge(seen=seen)


def test_of_two_who_decide_at_once_the_second_is_told(app, home, doubles, act):
    with app.app_context():
        seen = both(doubles.ref, act.actor(), "test").revision
    answers, ready = [], threading.Barrier(2)

    def decide(survivor):
        ready.wait()
        try:
            answers.append(act.merge(survivor=survivor, seen=seen))
        except Refused as refusal:
            answers.append(refusal)

    both_of = [threading.Thread(target=decide, args=(one,)) for one in (home.jack.ref, doubles.jak.ref)]
    [one.start() for one in both_of]
    [one.join() for one in both_of]
    assert sorted(isinstance(one, Refused) for one in answers) == [False, True]
    with app.app_context():
        assert len(list(db.session.scalars(select(PersonMerge)))) == 1


def test_it_is_on_record_in_both_families(app, home, doubles, act):
    act.merge()
    with app.app_context():
        lines = select(ChronologyEntry.family_id).where(ChronologyEntry.kind == "record.put_together")
        assert set(db.session.scalars(lines)) == {home.family.id, doubles.second.id}
        kinds = set(db.session.scalars(select(TrailEntry.kind)))
        assert "record.put_together" in kinds


# --- one child twice in one family ------------------------------------------------------------------------------------


def test_twice_in_one_family_is_shown_once(app, make, home, act, doubles):
    with app.app_context(), db.writing():
        again = people.make_person(
            PersonDetails(role="child", forename="Sofia", surname="Okoro", born=date(2022, 5, 4), language="Igbo"),
            "Ada",
            TELLER,
        )
        again_id, family = again.id, db.session.get_one(Family, home.family.id)
        families.add_member(family, again, "child")
    with app.app_context():
        pairs.look()
        rows = db.session.scalars(select(PersonPair).where(PersonPair.high_id == again_id))
        ref = rows.one().ref
    act.merge(ref=ref, survivor=home.sofia.ref)
    view = act.view(home.family.id)
    assert [one.name for one in view.children].count("Sofia Okoro") == 1
    assert view.seen(again_id).id == home.sofia.id and view.seen(home.sofia.id).language == "Igbo"


# --- taking apart -----------------------------------------------------------------------------------------------------


def rows_of(app, person_id):
    """Everything on record of a person, as it stands."""
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        columns = {
            column.name: getattr(person, column.name)
            for column in Person.__table__.columns
            if column.name != "canonical_id"
        }
        tables = (PersonStatement, Address, ContactWay)
        return columns, [
            [
                tuple(row)
                for row in db.session.execute(
                    select(*table.__table__.columns).where(table.person_id == person_id).order_by(table.id)
                )
            ]
            for table in tables
        ]


def test_taken_apart_both_are_as_they_were(app, home, doubles, act):
    before = rows_of(app, home.jack.id), rows_of(app, doubles.jak.id)
    act.merge()
    act.apart()
    assert (rows_of(app, home.jack.id), rows_of(app, doubles.jak.id)) == before
    with app.app_context():
        assert db.session.get_one(Person, doubles.jak.id).canonical_id is None
        pair = db.session.scalars(select(PersonPair).where(PersonPair.ref == doubles.ref)).one()
        assert (pair.state, pair.reason) == ("not_same", "Two boys")
    assert act.view(doubles.second.id).seen(doubles.jak.id).name == "Jak Okoro"
    assert not act.view(doubles.second.id).may_see(home.jack.id)


def test_what_was_added_goes_to_whom_a_person_gave_it(app, home, doubles, act):
    before = rows_of(app, home.jack.id)
    act.merge()
    act.tell(
        doubles.jak.id,
        forename="Jackson",
        phone="020 7946 0777",
        address="9 New Street",
        postcode="ZZ99 4AA",
        nhs_number="9990000018",
    )
    act.apart(dict.fromkeys(("First name", "Phone", "Address", "NHS number"), "merged"))
    assert rows_of(app, home.jack.id) == before
    jak = act.view(doubles.second.id).seen(doubles.jak.id)
    assert (jak.forename, jak.address, jak.ways[0][1]) == ("Jackson", "9 New Street", "+442079460777")
    with app.app_context():
        homes = select(Address.text, Address.until_day).where(Address.person_id == doubles.jak.id).order_by(Address.id)
        ended, now = db.session.execute(homes).all()
        assert ended.text == "3 Other Road" and ended.until_day is not None and now.until_day is None


def later_family(app, make, home):
    """A family to which Jack came to belong since, with help open and a visit."""
    with app.app_context(), db.writing():
        jack = db.session.get_one(Person, home.jack.id)
        third = families.make_family("Third family", [(jack, "child")], home.team.id)
    make.episode(third, home.manager)
    seen = RecordVisit(family=third.ref, venue="school", children=({"person": home.jack.ref, "seen": "alone"},))
    with app.app_context(), db.writing():
        assessments.record_visit(seen, make.actor(home.manager))
    return third


@pytest.mark.parametrize("whose", ["merged", "survivor"])
def test_a_family_since_is_given_to_one_with_all_it_recorded(app, make, home, doubles, act, whose):
    with app.app_context(), db.writing():  # a child is helped in one family at a time
        episode = db.session.scalars(select(Episode).where(Episode.family_id == home.family.id)).one()
        db.session.execute(update(EpisodeChild).values(ended_at=db.utcnow()))
        episode.state = "closed"
    act.merge()
    third = later_family(app, make, home)
    act.apart({"Family, with what it recorded": whose})
    theirs, other = (doubles.jak, home.jack) if whose == "merged" else (home.jack, doubles.jak)
    with app.app_context():
        view = visible_family_by_id(third.id, make.actor(home.manager))
        assert view.may_see(theirs.id) and not view.may_see(other.id)
        assert children_seen(view)[theirs.id].last_seen is not None
        assert third.id in families.families_of(theirs.id)
        assert third.id not in families.families_of(other.id)
        lines = select(ChronologyPerson.person_id).join(ChronologyEntry)
        lines = lines.where(ChronologyEntry.family_id == third.id, ChronologyEntry.kind != "record.taken_apart")
        assert set(db.session.scalars(lines)) == {theirs.id}
        here = db.session.scalars(select(VisitPerson.person_id)).all()
        assert here == [theirs.id]


def test_by_the_page_each_thing_is_asked_about(app, sign_in, home, doubles, act):
    act.merge()
    act.tell(home.jack.id, phone="020 7946 0888")
    browser = sign_in(home.manager)
    page = browser.get(f"/duplicates/{doubles.ref}/apart").text
    item = re.search(r'name="parts-0-item" value="([^"]+)"', page)[1]
    assert "020 7946 0888" in page and item.startswith("way-")
    empty = browser.post(f"/duplicates/{doubles.ref}/apart", data={"parts-0-item": item, "reason": "Two boys"})
    assert empty.status_code == 422 and "Choose whose this is" in empty.text
    act.tell(home.jack.id, email="jack@example.org")
    told = {"parts-0-item": item, "parts-0-to": "merged", "reason": "Two boys"}
    stale = browser.post(f"/duplicates/{doubles.ref}/apart", data=told)
    assert stale.status_code == 422 and "jack@example.org" in stale.text
    again = {
        **told,
        "parts-1-item": re.search(r'name="parts-1-item" value="([^"]+)"', stale.text)[1],
        "parts-1-to": "survivor",
    }
    assert browser.post(f"/duplicates/{doubles.ref}/apart", data=again).status_code == 302
    assert [way[1] for way in act.view(doubles.second.id).seen(doubles.jak.id).ways] == ["+442079460888"]
    assert browser.get(f"/duplicates/{doubles.ref}/apart").status_code == 404


def test_a_rule_set_meanwhile_goes_on_protecting_both(app, make, home, doubles, act):
    act.merge()
    make.protect(home.jack.id, home.father.id, {"school"})
    act.apart()
    with app.app_context():
        rules = select(SafetyRule.protected_id).where(SafetyRule.ended_at.is_(None))
        assert set(db.session.scalars(rules)) == {home.jack.id, doubles.jak.id}


def test_taken_apart_they_may_be_put_together_again(app, home, doubles, act):
    act.merge()
    act.apart()
    act.merge(survivor=doubles.jak.ref)
    assert act.view(home.family.id).seen(home.jack.id).name == "Jak Okoro"


# --- across two areas -------------------------------------------------------------------------------------------------

GLASS = {
    "why": "two_records",
    "reason": "Both schools say it is one boy: his records must be read as one before Friday",
    "known": "y",
}


@pytest.fixture
def across(app, make, home, doubles):
    """The second record lies in another area, so that nobody sees both."""
    with app.app_context(), db.writing():
        db.session.execute(update(Family).where(Family.id == doubles.second.id).values(team_id=doubles.far_team.id))
    return doubles


def test_a_pair_across_two_areas_is_decided_by_a_manager_who_breaks_the_glass(app, sign_in, home, across, act):
    browser = sign_in(home.manager)
    assert browser.get(f"/duplicates/{across.ref}").status_code == 404
    listed = browser.get("/duplicates?show=open").text
    assert f"/duplicates/{across.ref}/break-glass" in listed and across.second.ref not in listed
    asked = browser.get(f"/duplicates/{across.ref}/break-glass")
    assert asked.status_code == 200 and not re.search(r"\bF-[0-9A-Z]{4}-[0-9A-Z]{2}\b|Cole|Jak\b", asked.text)
    assert browser.post(f"/duplicates/{across.ref}/break-glass", data={**GLASS, "reason": "x"}).status_code == 422
    assert browser.get(f"/duplicates/{across.ref}").status_code == 404
    opened = browser.post(f"/duplicates/{across.ref}/break-glass", data=GLASS)
    assert opened.location == f"/duplicates/{across.ref}"
    compared = browser.get(f"/duplicates/{across.ref}").text
    assert "Cole family" in compared and "Put the records together" in compared
    act.merge()
    with app.app_context():
        assert db.session.get_one(Person, across.jak.id).canonical_id == home.jack.id


@pytest.mark.parametrize("how", ["bar", "restricted"])
def test_what_is_kept_from_a_manager_stays_kept_in_a_pair(app, sign_in, home, across, how):
    with app.app_context(), db.writing():
        if how == "bar":
            families.bar(across.second.id, "His brother's family", user_id=home.manager.id)
        else:
            db.session.execute(update(Person).where(Person.id == across.jak.id).values(restricted=True))
    browser = sign_in(home.manager)
    answer = browser.post(f"/duplicates/{across.ref}/break-glass", data=GLASS)
    assert answer.status_code == 422 and "Nothing was opened" in answer.text and across.second.ref not in answer.text
    assert browser.get(f"/duplicates/{across.ref}").status_code == 404


def test_governance_counts_pairs_and_opens_none(sign_in, across):
    browser = sign_in(across.ig)
    assert "break-glass" not in browser.get("/duplicates?show=open").text.partition("<main")[2]
    assert browser.get(f"/duplicates/{across.ref}/break-glass").status_code == 403
