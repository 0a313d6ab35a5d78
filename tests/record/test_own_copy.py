"""Somebody's own copy of what a meeting agreed: what it holds for whom, in which words, how it is printed and sent."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject
from sqlalchemy import select

from tafcore import db, phrases, typeset
from tafcore.families.access import visible_family
from tafcore.families.models import FamilyMember
from tafcore.meetings import holding
from tafcore.meetings import service as meetings
from tafcore.meetings.commands import HoldMeeting, ScheduleMeeting, ShareRecord
from tafcore.meetings.models import Meeting, MeetingShare
from tafcore.people import service as people
from tafcore.people.commands import PersonDetails
from tafcore.people.models import ContactWay, Person
from tafcore.plans.models import Goal
from tafcore.record import own_copies, own_copy
from tafcore.record import own_rules as rules
from tafcore.record.chronology import chronology_of
from tafcore.record.models import OwnLink
from tafcore.record.own_page import OwnAction, OwnGoal, OwnMeeting, OwnPage, Ring, Said
from tafcore.testing import settled
from tafcore.work import Refused

from .conftest import MOBILE, SECRET_HOME, SECRET_PHONE, THEIRS, opened, sent, voice, with_plan

DECIDED = "School keeps a place at breakfast club"
ABOUT_JACK = "Jack goes on with football"
ABOUT_MOTHER = "Mum has a morning to herself"


@settled
def copied(app, make) -> SimpleNamespace:
    """The family of the own page, with a meeting of mother, father, Jack and Mia that was held, and not shared yet."""
    own = with_plan(app, make)
    lead = own.make.actor(own.lead)
    people = [own.mother, own.father, own.jack, own.mia]
    with own.app.app_context(), db.writing():
        asked = ScheduleMeeting(
            family=own.family.ref, at=db.utcnow(), place="Larch hub", people=tuple(one.ref for one in people)
        )
        meeting = meetings.schedule(asked, lead)
        own.meeting, own.meeting_id = meeting.ref, meeting.id
        team = [row.user_id for row in meetings.invited(meeting.id) if row.user_id is not None]
        doctor = db.session.scalars(select(Goal.ref).where(Goal.words == "Mum sees the doctor")).one()
        said = {
            "meeting": meeting.ref,
            "attendance": [*({"person": one.ref} for one in people), *({"user": one} for one in team)],
            "gaps": [{"part": doctor, "reason": "She rings them herself"}],
            "missing": [{"person": one.ref, "reason": "At school"} for one in (own.jack, own.mia, own.sofia)],
            "decisions": [
                {"words": DECIDED},
                {"words": ABOUT_JACK, "about": own.jack.ref},
                {"words": ABOUT_MOTHER, "about": own.mother.ref},
                {"words": "Level 3 stays"},
            ],
            "lines": [{"column": "worried", "words": "The landlord shouts"}],
            "withheld": [{"words": "A neighbour rang", "column": "worried", "reason": "x", "decided_by": "x"}],
            "family_view": "Good",
        }
        holding.hold(HoldMeeting.model_validate(said), lead)
    return own


def address(home, person, end="", **asked) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/meetings/{home.meeting}/copies/{person.ref}{end}?{query}"


def in_words(pdf: bytes) -> str:
    """All that a PDF says, its metadata with it."""
    reader = PdfReader(io.BytesIO(pdf))
    about = [
        *(str(value) for value in (reader.metadata or {}).values()),
        reader.root_object["/Metadata"].get_data().decode(),
    ]
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    return re.sub(r"\s+", " ", " ".join([*about, *pages]))


def share(home, person, how, by=None) -> None:
    with home.app.app_context(), db.writing():
        command = {"meeting": home.meeting, "family": [{"person": person.ref, "how": how}]}
        meetings.share(ShareRecord.model_validate(command), home.make.actor(by or home.lead))


# --- what it holds ---------------------------------------------------------------------------------------------------


def both(home, browser, person, **asked) -> tuple[str, str]:
    """The copy as a page and as a PDF."""
    page, pdf = browser.get(address(home, person, **asked)), browser.get(address(home, person, "/copy.pdf", **asked))
    assert (page.status_code, pdf.status_code, pdf.mimetype) == (200, 200, "application/pdf")
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", re.split("</?article", page.text)[1])), in_words(pdf.data)


def test_a_mother_has_what_was_agreed_what_she_does_and_whom_to_ring(copied, alone) -> None:
    for said in both(copied, alone(copied.lead), copied.mother):
        wanted = [DECIDED, ABOUT_JACK, ABOUT_MOTHER, THEIRS, "A warm home", "Ask for vouchers", "Too cold to sleep"]
        wanted += ["Ann Patel", "0188", "Moira Manager", "Larch hub", "A line is being put more clearly", "Ring 999"]
        assert [words for words in wanted if words not in said] == []
        order = [DECIDED, THEIRS, "Ask for vouchers", "Too cold to sleep", "When we meet next", "0188", "not right"]
        assert [said.index(words) for words in order] == sorted(said.index(words) for words in order)
        never = ["Level 3", "Do not tell them", "I sleep at Nan", "I hide under the bed", "landlord", "neighbour"]
        assert [words for words in [*never, copied.family.ref, copied.meeting] if words in said] == []
        assert rules.plain(said)


def test_the_three_houses_are_named_in_the_language_of_the_copy_and_on_the_own_page(copied, alone) -> None:
    houses = {"worries": "Monsters at night", "dreams": "A garden with a swing"}
    with copied.app.app_context(), db.writing():
        voice(copied, copied.jack, "", "parents", copied.mother, **houses)
        voice(copied, copied.jack, "", "team", good="Only my teacher knows")
    for code in ("en", "ro"):
        words = phrases.language(code)
        for said in both(copied, alone(copied.lead), copied.mother, language=code):
            order = [words("house_worries"), "Monsters at night", words("house_dreams"), "A garden with a swing"]
            assert [said.index(one) for one in order] == sorted(said.index(one) for one in order)
            assert "Only my teacher knows" not in said and words("house_good") not in said
    browser, url = opened(copied, copied.mother)
    page = browser.get(url).text
    assert "House of worries" in page and "A garden with a swing" in page and "Only my teacher" not in page
    browser, url = opened(copied, copied.father)
    assert "Monsters at night" not in browser.get(url).text


def test_a_child_has_nothing_of_a_parents_and_no_words_that_are_kept_from_one(copied, alone) -> None:
    with copied.app.app_context(), db.writing():
        voice(copied, copied.mia, "I want my own room", "parents", copied.mother)
    for said in both(copied, alone(copied.lead), copied.mia):
        assert DECIDED in said and "A warm home" in said and "I want my own room" in said
        hers = [ABOUT_JACK, ABOUT_MOTHER, "Mum sees the doctor", "I sleep at Nan", "I hide under", "Too cold to sleep"]
        assert [words for words in hers if words in said] == []


def test_the_one_they_are_kept_safe_from_has_what_he_does_and_no_more(copied, alone) -> None:
    copied.make.protect(copied.mother.id, copied.father.id, {"address", "contact", "worker", "hub"})
    secrets = (SECRET_HOME, SECRET_PHONE, "Ada", "Sofia", "Mia", "Ann Patel", "Larch hub", THEIRS, DECIDED, "vouchers")
    for said in both(copied, alone(copied.lead), copied.father):
        assert "Bring Jack on Saturdays" in said
        assert [words for words in (*secrets, ABOUT_JACK, ABOUT_MOTHER, "Moira", "A warm home") if words in said] == []


def test_another_household_has_nothing_of_an_adult_of_this_one(copied, alone) -> None:
    with copied.app.app_context(), db.writing():
        belongs = select(FamilyMember).where(FamilyMember.person_id == copied.father.id)
        db.session.scalars(belongs).one().household = "His own flat"
    for said in both(copied, alone(copied.lead), copied.father):
        assert DECIDED in said and ABOUT_JACK in said and "A warm home" in said
        assert ABOUT_MOTHER not in said and "Mum sees the doctor" not in said


def test_whoever_must_not_know_of_help_or_was_not_invited_has_none(copied, alone) -> None:
    lead = alone(copied.lead)
    assert lead.get(address(copied, copied.sofia)).status_code == 404
    assert lead.get(address(copied, copied.father)).status_code == 200
    copied.make.protect(copied.jack.id, copied.father.id, {"help"})
    for end in ("", "/copy.pdf"):
        assert lead.get(address(copied, copied.father, end)).status_code == 404
    assert "Ben Cole" not in lead.get(f"/meetings/{copied.meeting}/copies").text


def test_a_shared_screen_shows_no_more_of_a_copy_than_everybody_there_may_have(copied, alone, sign_in) -> None:
    with copied.app.app_context(), db.writing():
        voice(copied, copied.mia, "I want my own room", "parents", copied.mother)
    copied.make.protect(copied.mother.id, copied.father.id, {"worker", "hub"})
    for said in both(copied, sign_in(copied.lead), copied.mother):
        assert THEIRS in said and "Ann Patel" not in said and "Larch hub" not in said and DECIDED not in said
        assert "When we meet next" not in said, "neither told nor denied"
    for said in both(copied, sign_in(copied.lead), copied.mia):
        assert "I want my own room" not in said
    assert "everybody invited may read" in sign_in(copied.lead).get(f"/meetings/{copied.meeting}/copies").text


def test_only_lead_and_manager_give_copies_and_only_of_what_was_held(copied, alone, sign_in) -> None:
    here = f"/meetings/{copied.meeting}/copies"
    assert alone(copied.manager).get(here).status_code == 200
    for path in (here, address(copied, copied.mother), address(copied, copied.mother, "/copy.pdf")):
        assert sign_in(copied.helper).get(path).status_code == 403
        assert sign_in(copied.stranger).get(path).status_code == 404
    with copied.app.app_context(), db.writing():
        db.session.get_one(Meeting, copied.meeting_id).state = "scheduled"
    assert alone(copied.lead).get(here).status_code == 404
    assert alone(copied.lead).get(address(copied, copied.mother)).status_code == 404


def test_the_copies_of_a_meeting_are_listed_with_their_language(copied, alone) -> None:
    with copied.app.app_context(), db.writing():
        for person, role, language in ((copied.mother, "mother", "Tamil"), (copied.father, "father", "Dari")):
            told = PersonDetails(role=role, language=language)
            people.learn(db.session.get_one(Person, person.id), told, "Ada Okoro", copied.make.actor(copied.lead))
    page = alone(copied.lead).get(f"/meetings/{copied.meeting}/copies").text
    assert "In Tamil. No translator has checked these words yet" in page and "They speak Dari" in page
    assert "எங்கள் திட்டம்" in alone(copied.lead).get(address(copied, copied.mother)).text
    assert "Our plan" in alone(copied.lead).get(address(copied, copied.mother, language="en")).text


# --- its words and its form ------------------------------------------------------------------------------------------


def full() -> own_copy.OwnCopy:
    """A long copy: what a busy family has."""
    day = date(2026, 12, 20)
    goals = tuple(
        OwnGoal(
            f"A warm home for all of us before the winter comes, {number}",
            "Jack",
            day,
            (
                OwnAction(
                    f"A{number}", "Ask the council for heating vouchers", "A. Patel, Elm Row Primary", day, "stuck"
                ),
                OwnAction(f"B{number}", "Look for a bigger flat with a lift", "M. Lewis, 0-19 service", day, "to_do"),
            ),
        )
        for number in range(4)
    )
    mine = tuple(
        OwnAction(f"C{number}", "Ring the housing office", "", day, state)
        for number, state in enumerate(("to_do", "done"))
    )
    said = tuple(Said(name, "It is too cold to sleep", day, ("We asked for a heater",)) for name in ("Jack", "Mia"))
    when = datetime(2026, 12, 20, 15, 30, tzinfo=UTC)
    names = ("A. Patel, Elm Row Primary", "M. Lewis")
    meeting = OwnMeeting("M-2222-22", when, "Larch hub", "https://video.example/x", True, names, "", "")
    ring = Ring("A. Patel, Elm Row Primary", "020 7946 0188", "B. Cover", "020 7946 0199")
    page = OwnPage("Ada", False, True, True, mine, goals, meeting, said, (), ring, (), 1)
    return own_copy.OwnCopy(page, when, day, (DECIDED, ABOUT_JACK), said, 1)


@pytest.fixture
def printed(app):
    def made(code="en", big=False, copy=None) -> bytes:
        with app.app_context():
            return own_copy.pdf_of(copy or full(), phrases.language(code), big)

    return made


@pytest.mark.parametrize("code", sorted(phrases.languages()))
def test_the_pdf_is_tagged_in_its_language_and_its_metadata_say_nothing(printed, code) -> None:
    words = phrases.language(code)
    for big in (False, True):
        pdf = printed(code, big)
        reader = PdfReader(io.BytesIO(pdf))
        root = reader.root_object
        assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == code
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert root["/ViewerPreferences"].get("/Direction", "/L2R") == ("/R2L" if words.dir == "rtl" else "/L2R")
        about = dict(reader.metadata or {})
        assert about.pop("/Title") == words("copy") and about.pop("/Creator").startswith("Typst") and about == {}
        xmp = root["/Metadata"].get_data().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp and "Ada" not in xmp
        assert "/StructTreeRoot" in root and all(page["/Tabs"] == "/S" for page in reader.pages)
        assert len(reader.pages) <= (4 if big else 2)
        kinds = structure(root["/StructTreeRoot"])
        assert kinds.count("/H1") == 1 and kinds.count("/H2") == 7 and kinds.count("/H3") == 4
        assert {"/L", "/LI", "/LBody", "/P", "/Figure"} <= set(kinds)
        fonts = {str(font) for page in reader.pages for font in fonts_of(page)}
        assert fonts and not [font for font in fonts if not re.search("NotoSans|Vazirmatn", font)]


def structure(node) -> list[str]:
    """The kinds of everything in a tree of tags; a figure says in words what it shows."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        return [kind for one in node for kind in structure(one)]
    if not isinstance(node, dict):
        return []
    kind = [str(node["/S"])] if "/S" in node else []
    assert kind != ["/Figure"] or node["/Alt"]
    return kind + (structure(node["/K"]) if "/K" in node else [])


def languages_of(node) -> set[str]:
    """Every language that a tag says it is in."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        return {code for one in node for code in languages_of(one)}
    if not isinstance(node, dict):
        return set()
    return ({str(node["/Lang"])} if "/Lang" in node else set()) | (languages_of(node["/K"]) if "/K" in node else set())


def fonts_of(page):
    return [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]


def test_what_people_wrote_is_marked_as_english_and_as_not_translated(printed, app) -> None:
    ta = phrases.language("ta")
    reader = PdfReader(io.BytesIO(printed("ta")))
    assert "en" in languages_of(reader.root_object["/StructTreeRoot"])
    said = in_words(printed("ta"))
    assert ta("untranslated") in said and ta("yours") in said and DECIDED in said
    with app.app_context():
        sheet = own_copy.sheet_of(full(), ta)
        assert sheet["notes"][:2] == [ta("unchecked"), ta("untranslated")]
        english = own_copy.sheet_of(replace(full(), withheld=0), phrases.language("en"))
        assert english["notes"] == []


def test_what_people_wrote_is_never_markup(printed) -> None:
    hostile = '#set page(fill: red) *bold* <x> $x$ \\ // "\n= #panic("x") #read("/etc/passwd") \u202eback \U0001f600'
    said = in_words(printed(copy=replace(full(), agreed=(hostile, "{page} {0}"))))
    assert '#set page(fill: red) *bold* <x> $x$ \\ // "' in said and '#panic("x") #read("/etc/passwd")' in said
    assert "{page} {0}" in said and "root:" not in said
    assert typeset.NO_SIGN in said, "a sign that no font has is seen to be missing"
    assert b"pdfuaid" in printed(copy=replace(full(), agreed=("\U0001f468\u200d\U0001f469\u200d\U0001f467 中",)))


def test_words_of_every_script_of_the_tables_stand_in_a_copy_of_any_language(printed) -> None:
    names = " ".join(one.own_name for one in phrases.languages().values())
    assert typeset.NO_SIGN not in in_words(printed(copy=replace(full(), agreed=(names,))))


def test_nothing_is_printed_inside_a_write(printed, app) -> None:
    with app.app_context(), db.writing(), pytest.raises(RuntimeError, match="after the write"):
        own_copy.pdf_of(full(), phrases.language("en"), False)


def test_the_same_copy_is_the_same_file(printed) -> None:
    assert printed() == printed()


# --- how it reaches whom it is for -----------------------------------------------------------------------------------


def test_it_stands_on_the_own_page_of_whom_it_was_shared_with_and_opening_is_known(copied) -> None:
    browser, url = opened(copied, copied.mother)
    at = f"{url}?copy={copied.meeting}"
    assert "Our last meetings" not in browser.get(url).text and browser.get(at).status_code == 404
    share(copied, copied.mother, "given")
    assert f"{at}&amp;file=y&amp;big=y" in browser.get(url).text
    pdf = browser.get(f"{at}&file=y")
    assert pdf.headers["Content-Disposition"] == 'inline; filename="copy.pdf"' and DECIDED in in_words(pdf.data)
    page = browser.get(f"{at}&big=y").text
    assert "own-copy--big" in page and DECIDED in page and re.search("<title>Your copy</title>", page)
    with copied.app.app_context():
        assert db.session.scalars(select(MeetingShare.opened_at).where(MeetingShare.person_id.is_not(None))).one()
        view = visible_family(copied.family.ref, copied.make.actor(copied.lead))
        lines = [one.line for one in chronology_of(view).lines if "opened the record" in one.line]
        assert len(lines) == 1 and lines[0].startswith("Ada Okoro")


def test_nobody_else_opens_it(copied, client) -> None:
    share(copied, copied.mother, "given")
    browser, url = opened(copied, copied.mother)
    end = f"?copy={copied.meeting}"
    fathers, his = opened(copied, copied.father)
    assert fathers.get(f"{his}{end}").status_code == 404 and fathers.get(f"{his}{end}&file=y").status_code == 404
    for path in (f"{url}{end}", f"{url}{end}&file=y"):
        assert "Type the number" in client.get(path).text, "the second check comes first"
        assert browser.get(path).status_code == 200
    assert client.get(f"/f/nonsense{end}").status_code == 404
    copied.make.protect(copied.jack.id, copied.mother.id, {"help"})
    assert browser.get(f"{url}{end}&file=y").status_code == 404


def test_a_link_is_sent_to_a_safe_way_of_their_own_and_says_nothing(copied, alone) -> None:
    lead, at = alone(copied.lead), f"/meetings/{copied.meeting}"
    posted = {"family-0-person": copied.mother.ref, "family-0-how": "link", "team": "y"}
    assert lead.post(f"{at}/share", data=posted).status_code == 302
    (mail,) = sent(copied)
    assert mail.to_address == MOBILE and "/f/" in mail.body and "Ada" not in f"{mail.subject}{mail.body}"
    assert not re.search(
        "meeting|help|famil|plan|council", f"{mail.subject}{mail.body}".replace("/f/", ""), re.IGNORECASE
    )
    page = lead.get(at).text
    assert "Sent as a link to their own page" in page and "Not opened yet" in page
    with copied.app.app_context():
        assert db.session.scalars(select(OwnLink.how)).one() == "code"


def test_no_link_goes_where_it_is_not_safe(copied, alone) -> None:
    def refused(person) -> bool:
        with pytest.raises(Refused) as fault:
            share(copied, person, "link")
        return [(one.message, one.field) for one in fault.value.problems] == [(own_copies.NO_LINK, "family.0.how")]

    assert refused(copied.father), "no way of his is recorded as safe"
    assert refused(copied.jack), "too young for a page without a reason"
    with copied.app.app_context(), db.writing():
        way = db.session.scalars(select(ContactWay).where(ContactWay.value == MOBILE)).one()
        way.safe = None
    assert refused(copied.mother)
    with copied.app.app_context(), db.writing():
        db.session.get_one(ContactWay, way.id).safe = True
    copied.make.protect(copied.mother.id, copied.father.id, {"address"})
    assert refused(copied.mother), "somebody here is kept safe"
    assert sent(copied) == []
    with copied.app.app_context():
        assert db.session.scalars(select(MeetingShare)).all() == []
    answer = alone(copied.lead).post(
        f"/meetings/{copied.meeting}/share",
        data={"family-0-person": copied.mother.ref, "family-0-how": "link", "team": "y"},
    )
    assert answer.status_code == 422 and own_copies.NO_LINK in answer.text


def test_a_copy_asks_the_database_a_fixed_number_of_times(copied, alone, counting) -> None:
    lead, path = alone(copied.lead), address(copied, copied.mother)
    lead.get(path)
    with counting() as before:
        lead.get(path)
    with copied.app.app_context(), db.writing():
        for number in range(20):
            voice(copied, copied.jack, f"{number} too", "parents", copied.mother)
    with counting() as after:
        assert "19 too" in lead.get(path).text
    assert len(before) == len(after)
