"""How two people are related: told once from either side, ended without being erased, parental responsibility apart."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tafcore import db
from tafcore.families.access import visible_family
from tafcore.people.models import Relationship, Responsibility
from tafcore.people.restricting import set_restricted
from tafcore.record import relating
from tafcore.record.commands import EndRelation, Relate
from tafcore.record.models import ChronologyEntry
from tafcore.record.relations import relations_of
from tafcore.standards.clock import london_day
from tafcore.testing import counted
from tafcore.trail.models import TrailEntry
from tafcore.work import NotAllowed, NotFound


def at(home, tab: str = "") -> str:
    return f"/families/{home.family.ref}/people{tab}"


def typed(days_ago: int) -> str:
    day = london_day(db.utcnow()) - timedelta(days=days_ago)
    return f"{day.day} {day.month} {day.year}"


def related(home, person, kind, other, by=None, **more) -> int:
    with home.app.app_context(), db.writing():
        asked = {"family": home.family.ref, "person": person.ref, "other": other.ref, "said_by": "Ada", **more}
        return relating.relate(Relate(kind=kind, **asked), home.make.actor(by or home.lead)).id


def rows(home) -> list[Relationship]:
    with home.app.app_context():
        return list(db.session.scalars(select(Relationship).order_by(Relationship.id)))


def section(page: str, person) -> str:
    """The part of the page of people that is about one of them."""
    return page.split(f'aria-labelledby="{person.ref}"')[1].split("</section>")[0]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_told_from_the_childs_side_it_is_read_from_both(home, alone) -> None:
    browser = alone(home.lead)
    asked = {"person": home.sofia.ref, "kind": "of_mother", "other": home.mother.ref, "said_by": "Sofia's nan"}
    told = {**asked, "since": "4 5 2022", "responsibility": "yes"}
    assert browser.post(at(home, "/relate"), data=told).status_code == 302
    (made,) = [row for row in rows(home) if home.sofia.id in (row.person_id, row.other_id)]
    assert (made.person_id, made.kind, made.other_id) == (home.mother.id, "mother", home.sofia.id)
    assert (made.said_by, made.recorded_by) == ("Sofia's nan", "Ann Patel, Elm Row Primary")
    page = browser.get(at(home)).text
    hers, childs = words(section(page, home.mother)), words(section(page, home.sofia))
    assert "Mother of Sofia Okoro since Wed 4 May 2022, has parental responsibility" in hers
    assert "Child of Ada Okoro since Wed 4 May 2022, who has parental responsibility" in childs
    assert "Said by Sofia&#39;s nan, recorded" in page
    again = browser.post(at(home, "/relate"), data={**asked, "person": home.mother.ref, "other": home.sofia.ref})
    assert again.status_code == 302, "that Sofia is the mother of Ada is another thing to say"
    for same in (asked, {**asked, "person": home.mother.ref, "kind": "mother", "other": home.sofia.ref}):
        answer = browser.post(at(home, "/relate"), data=same)
        assert answer.status_code == 422 and "This is recorded already" in answer.text
    assert len(rows(home)) == 4


def test_what_is_the_same_from_both_sides_is_told_once(home, alone) -> None:
    browser = alone(home.lead)
    asked = {"kind": "partner", "said_by": "Ada"}
    told = {**asked, "person": home.mother.ref, "other": home.father.ref}
    assert browser.post(at(home, "/relate"), data=told).status_code == 302
    page = browser.get(at(home)).text
    assert "Partner of Ben Cole" in section(page, home.mother) and "Partner of Ada Okoro" in section(page, home.father)
    turned = browser.post(at(home, "/relate"), data={**asked, "person": home.father.ref, "other": home.mother.ref})
    assert turned.status_code == 422 and "This is recorded already" in turned.text
    former = browser.post(at(home, "/relate"), data={**told, "kind": "ex_partner"})
    assert former.status_code == 422 and "end that instead" in former.text


def test_faults_stand_beside_their_fields(home, alone) -> None:
    browser = alone(home.lead)
    asked = {"person": home.mother.ref, "kind": "partner", "other": home.father.ref, "said_by": "Ada"}
    for wrong in ({"since": "1 1 2999"}, {"since": "soon"}, {"responsibility": "no"}, {"said_by": " "}):
        answer = browser.post(at(home, "/relate"), data={**asked, **wrong})
        assert answer.status_code == 422 and f'href="#{next(iter(wrong))}"' in answer.text, wrong
    same = browser.post(at(home, "/relate"), data={**asked, "other": home.mother.ref})
    assert same.status_code == 422 and "two different people" in same.text
    assert browser.post(at(home, "/relate"), data={**asked, "kind": "friend"}).status_code == 422
    assert len(rows(home)) == 2


def test_the_form_knows_whose_page_led_there(home, alone) -> None:
    browser = alone(home.lead)
    assert f"/people/relate?person={home.jack.ref}" in browser.get(at(home)).text
    form = browser.get(at(home, f"/relate?person={home.jack.ref}")).text
    assert f'<option value="{home.jack.ref}" selected>' in form.split('id="kind"')[0]
    assert "selected" not in browser.get(at(home, "/relate?person=P-7KQ2-M9")).text.split('id="kind"')[0]


def test_a_partnership_ends_on_a_day_and_stays_readable(home, alone) -> None:
    number = related(home, home.mother, "partner", home.father, since=london_day(db.utcnow()) - timedelta(days=900))
    browser, form = alone(home.lead), at(home, f"/relations/{number}/end")
    assert form in browser.get(at(home)).text
    for wrong, field in (
        ({}, "how"),
        ({"how": "ended"}, "until"),
        ({"how": "ended", "until": "1 1 2999"}, "until"),
        ({"how": "ended", "until": typed(1000)}, "until"),
        ({"how": "ended", "until": typed(3), "said_by": ""}, "said_by"),
    ):
        answer = browser.post(form, data={"said_by": "Ada", **wrong})
        assert answer.status_code == 422 and f'href="#{field}"' in answer.text, wrong
    ended = {"how": "ended", "until": typed(3), "said_by": "Ada, on the phone"}
    assert browser.post(form, data=ended).status_code == 302
    page = browser.get(at(home)).text
    assert "Was partner of Ben Cole from" in section(page, home.mother)
    assert "Was partner of Ada Okoro from" in section(page, home.father)
    assert "What has ended (1)" in page and "Ended, said by Ada, on the phone, recorded" in words(page)
    gone = browser.post(form, data=ended)
    assert gone.status_code == 422 and "ended meanwhile" in gone.text
    assert form not in page
    row = next(row for row in rows(home) if row.id == number)
    assert (row.said_by, row.ended_said_by, row.mistake) == ("Ada", "Ada, on the phone", False)
    again = {"person": home.father.ref, "kind": "partner", "other": home.mother.ref, "said_by": "Ada"}
    assert browser.post(at(home, "/relate"), data=again).status_code == 302, "they are together again"
    with home.app.app_context():
        kinds = list(db.session.scalars(select(TrailEntry.kind).where(TrailEntry.kind.startswith("record.relation"))))
        lines = list(db.session.scalars(select(ChronologyEntry.line)))
        assert kinds == ["record.relation_ended"]
        assert "Ada Okoro: no longer partner of Ben Cole" in lines


def test_what_was_a_mistake_is_kept_apart_and_drawn_nowhere(home, alone, sign_in) -> None:
    number = related(home, home.father, "step_father", home.sofia)
    browser, form = alone(home.lead), at(home, f"/relations/{number}/end")
    assert browser.post(form, data={"how": "mistake", "said_by": "Ben"}).status_code == 302
    page = browser.get(at(home)).text
    assert "Recorded by mistake (1)" in page and "step-father of Sofia Okoro" in page
    assert "tep-father" not in section(page, home.father) and "tep-child" not in section(page, home.sofia)
    assert "Sofia" not in browser.get(f"/families/{home.family.ref}/genogram").text.split("<table")[1]
    assert "tep-father" not in sign_in(home.lead).get(at(home)).text, "on a shared screen it is told to nobody"


def test_parental_responsibility_changes_by_itself(home, alone) -> None:
    number = rows(home)[0].id
    browser, form = alone(home.lead), at(home, f"/relations/{number}/responsibility")
    assert form in browser.get(at(home)).text
    assert "On record now: has parental responsibility" in browser.get(form).text
    for wrong in ({"said_by": "A court order"}, {"held": "no"}, {"held": "no", "since": "1 1 2999", "said_by": "Ada"}):
        assert browser.post(form, data=wrong).status_code == 422
    lost = {"held": "no", "since": typed(10), "said_by": "A court order"}
    assert browser.post(form, data=lost).status_code == 302
    page = browser.get(at(home)).text
    assert "Mother of Jack Okoro, has no parental responsibility" in section(page, home.mother)
    assert "Parental responsibility: yes, said by Ada Okoro" in words(page), "what was said before stays"
    assert "said by A court order" in words(page)
    end = at(home, f"/relations/{number}/end")
    assert browser.post(end, data={"how": "ended", "until": typed(1), "said_by": "Ada"}).status_code == 302
    assert browser.post(form, data={"held": "unknown", "said_by": "Ada"}).status_code == 302, "it ends with nothing"
    page = browser.get(at(home)).text
    assert "Was mother of Jack Okoro until" in section(page, home.mother)
    with home.app.app_context():
        held = select(Responsibility.held).where(Responsibility.relationship_id == number).order_by(Responsibility.id)
        assert list(db.session.scalars(held)) == [True, False, None]
        lines = list(db.session.scalars(select(ChronologyEntry.line)))
    assert "Ada Okoro has no parental responsibility for Jack Okoro" in lines
    assert "It is not known whether Ada Okoro has parental responsibility for Jack Okoro" in lines


def test_partners_have_none_for_each_other(home, alone) -> None:
    number = related(home, home.mother, "partner", home.father)
    browser, form = alone(home.lead), at(home, f"/relations/{number}/responsibility")
    assert form not in browser.get(at(home)).text
    told = browser.post(form, data={"held": "yes", "said_by": "Ada"})
    assert told.status_code == 422 and "no parental responsibility between these two" in told.text


def test_the_genogram_and_its_table_show_what_holds_and_what_has_ended(home, alone) -> None:
    browser = alone(home.lead)
    partners = related(home, home.mother, "partner", home.father)
    carer = related(home, home.father, "guardian", home.sofia)
    for number in (partners, carer):
        form = at(home, f"/relations/{number}/end")
        assert browser.post(form, data={"how": "ended", "until": typed(5), "said_by": "Ada"}).status_code == 302
    page = browser.get(f"/families/{home.family.ref}/genogram").text
    drawn = re.findall(r"record-genogram__line--(\w+)", page)
    assert sorted(drawn) == ["ended", "former", "parent", "parent", "stroke"]
    table = words(page.split("<table")[1])
    assert re.search(r"Ada Okoro Was partner of Ben Cole Until \w+ \d+ \w+", table)
    assert re.search(r"Ben Cole Was guardian of Sofia Okoro Until", table)
    assert re.search(r"Ada Okoro Mother of Jack Okoro - Ada has parental responsibility", table)


def test_before_whom_somebody_is_kept_safe_nothing_is_told_of_days_and_of_what_has_ended(home, alone, sign_in) -> None:
    since = london_day(db.utcnow()) - timedelta(days=900)
    together = related(home, home.mother, "partner", home.father, since=since)
    related(home, home.mother, "mother", home.sofia, since=since)
    shared, tabs = sign_in(home.lead), ("/people", "/genogram")
    assert "since" in words(shared.get(at(home)).text)
    home.make.protect(home.mother.id, home.father.id, {"address"})
    page = alone(home.lead).get(at(home)).text
    assert "since" in words(section(page, home.mother))
    form = at(home, f"/relations/{together}/end")
    ended = {"how": "ended", "until": typed(5), "said_by": "Ada"}
    assert alone(home.lead).post(form, data=ended).status_code == 302
    for tab in tabs:
        told = words(shared.get(f"/families/{home.family.ref}{tab}").text.split("<main")[1])
        assert "other of Sofia Okoro" in told and "artner of" not in told, tab
        assert "since" not in told.split("How they are related")[-1] and "Said by" not in told, tab
    assert shared.get(form).status_code == 404


def test_whoever_leaves_the_family_stays_readable_in_what_was(home, make, alone, sign_in) -> None:
    """A foster carer who changed: the team still reads who it was; the picture is of those who are there."""
    number = related(home, home.father, "foster_carer", home.sofia)
    browser, form = alone(home.lead), at(home, f"/relations/{number}/end")
    assert browser.post(form, data={"how": "ended", "until": typed(9), "said_by": "Ben"}).status_code == 302
    left = browser.post(at(home, f"/{home.father.ref}/leaves"), data={"reason": "Another carer"})
    assert left.status_code == 302
    page = browser.get(at(home)).text
    assert "Was foster child of Ben Cole (no longer in this family) until" in section(page, home.sofia)
    assert "Child of Ben Cole (no longer in this family)" in section(page, home.jack)
    assert "Ben Cole" not in browser.get(f"/families/{home.family.ref}/genogram").text.split("<main")[1]
    assert "Ben Cole" not in sign_in(home.lead).get(at(home)).text
    with home.app.app_context(), db.writing():
        set_restricted([home.father.id], True, "A colleague", "The police", make.actor(home.manager))
    assert "Ben Cole" not in browser.get(at(home)).text


def test_others_do_not_end_what_they_may_not_see(home, make, sign_in, alone) -> None:
    number = rows(home)[0].id
    for tab in (f"/relations/{number}/end", f"/relations/{number}/responsibility"):
        assert sign_in(home.stranger).get(at(home, tab)).status_code == 404
        assert sign_in(make.user("auditor")).get(at(home, tab)).status_code == 403
        assert alone(home.lead).get(at(home, tab)).status_code == 200
    other = make.family(home.team, "Other")
    asked = {"relation": number, "until": london_day(db.utcnow()), "said_by": "Nobody"}
    for family, by, fault in (
        (other.ref, home.manager, NotFound),
        (home.family.ref, home.stranger, NotFound),
        (home.family.ref, make.user("board_member"), NotAllowed),
    ):
        with pytest.raises(fault), home.app.app_context(), db.writing():
            relating.end(EndRelation(family=family, **asked), make.actor(by))
    assert rows(home)[0].ended_at is None


def test_whoever_knows_one_child_alone_reads_of_no_other(home, knows_jack) -> None:
    related(home, home.mother, "mother", home.sofia)
    with home.app.app_context():
        view = visible_family(home.family.ref, home.make.actor(knows_jack))
        assert relations_of(view).all == ()


def test_who_said_so_is_for_those_who_work_with_the_whole_family(home) -> None:
    with home.app.app_context():
        view = visible_family(home.family.ref, home.make.actor(home.lead))
        (hers, _) = relations_of(view).now
        assert (hers.said_by, len(hers.held)) == ("Ada Okoro", 1)
        (hers, _) = relations_of(replace(view, scopes=frozenset({"school"}))).now
        assert (hers.said_by, hers.recorded_by, hers.recorded_at) == ("", "", None)
        assert (hers.responsibility, hers.held[0].said_by) == ("has parental responsibility", "")


def test_the_page_of_people_asks_no_more_often_for_many_relationships(home, alone) -> None:
    browser = alone(home.lead)
    browser.get(at(home))
    with counted(home.app) as before:
        browser.get(at(home))
    for kind in ("step_mother", "guardian", "foster_carer", "aunt_uncle"):
        related(home, home.mother, kind, home.sofia, responsibility=True)
    with counted(home.app) as after:
        browser.get(at(home))
    assert len(after) == len(before)
