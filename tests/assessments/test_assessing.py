"""An Early Help Assessment: several authors, versions, needs, what is missing, signature, and who reads what."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tafcore.assessments import assessing, signing, whole
from tafcore.assessments.commands import (
    AddAssessedNeed,
    DecideAssessment,
    EndAssessedNeed,
    GapPart,
    RecordOpinion,
    SectionPart,
    SendAssessment,
    StartAssessment,
    WriteSections,
)
from tafcore.assessments.models import AssessmentText
from tafcore.db import session
from tafcore.episodes import service as episodes
from tafcore.episodes.models import Episode
from tafcore.plans import carried
from tafcore.plans.commands import TakeNeeds
from tafcore.plans.models import Need
from tafcore.record import chronology
from tafcore.work import NotAllowed, NotFound, Refused


@pytest.fixture
def eha(app, borough):
    """An assessment that was started, and ways to write and to read it."""
    family = borough.family.ref
    found = SimpleNamespace(family=family)

    def write(part, user=None, **words):
        """`write("family", money="...")`; a tuple is (words, base) or (words, base, more)."""
        sections = []
        for section, said in words.items():
            text, base, more = (*said, {})[:3] if isinstance(said, tuple) else (said, 0, {})
            sections.append(SectionPart(section=section, words=text, base=base, **more))
        command = WriteSections(family=family, part=part, sections=tuple(sections))
        return borough.do(assessing.write, command, user)

    def need(words="A warm bed", user=None, **more):
        return borough.do(assessing.add_need, AddAssessedNeed(family=family, words=words, outcome=9, **more), user)

    def read(user=None, shared=False, before=None, ref=""):
        seen = borough.view(user, shared)
        with app.app_context():
            return whole.assessment_of(seen.before(before) if before else seen, ref)

    def text(part, section, **how):
        return next(one for one in read(**how).part(part).sections if one.key == section).text

    def send(user=None, **why):
        """Send it; with `why` every gap has that reason."""
        gaps = ()
        if why:
            with app.app_context():
                now = read()
                missing = signing.lacking(borough.view(), now.id, now.episode_id)
            gaps = tuple(GapPart(person=one.person, what=one.what, why=why["why"]) for one in missing)
        return borough.do(signing.send, SendAssessment(family=family, gaps=gaps), user)

    def decide(decision="sign", comments=None, user=None):
        command = DecideAssessment(family=family, decision=decision, comments=comments)
        return borough.do(signing.decide, command, user or borough.manager)

    def start(user=None):
        return borough.do(assessing.start, StartAssessment(family=family), user)

    found.write, found.need, found.read, found.text = write, need, read, text
    found.send, found.decide, found.start = send, decide, start
    found.first = start()
    return found


def test_two_authors_in_different_sections_lose_nothing(eha, borough):
    assert eha.write("family", money="Rent is late") == ()
    assert eha.write("family", borough.member, money=("", 0), housing="Cold") == ()
    assert (eha.text("family", "money").words, eha.text("family", "money").by) == (
        "Rent is late",
        "A. Patel, Elm Row Primary",
    )
    assert eha.text("family", "housing").by.startswith("V. Helper")


def test_two_authors_in_one_section_clash_and_what_does_not_clash_is_saved(app, eha, borough):
    eha.write("family", money="Rent is late")
    eha.write("family", money=("Rent is two months late", 1))
    clashes = eha.write("family", borough.member, money=("Rent is late, and so is gas", 1), work="Nights")
    assert [(one.section, one.words) for one in clashes] == [("money", "Rent is two months late")]
    assert eha.text("family", "money").words == "Rent is two months late"
    assert eha.text("family", "work").words == "Nights"
    both = "Rent is two months late, and so is gas"
    assert eha.write("family", borough.member, money=(both, 2)) == ()
    assert (eha.text("family", "money").words, eha.text("family", "money").version) == (both, 3)
    with app.app_context():
        kept = select(AssessmentText.words).where(AssessmentText.section == "money").order_by(AssessmentText.version)
        assert list(session.scalars(kept)) == ["Rent is late", "Rent is two months late", both]


def test_an_author_who_touched_nothing_overwrites_nothing(eha):
    eha.write("family", money="Rent is late")
    eha.write("family", money=("Rent is paid", 1))
    assert eha.write("family", money=("Rent is late", 1)) == (), "left as it was when the page was opened"
    assert eha.text("family", "money").words == "Rent is paid"


def test_two_who_begin_the_same_blank_section_clash(eha, borough):
    eha.write("signs", worried="Cold")
    assert [one.words for one in eha.write("signs", borough.member, worried="Hungry")] == ["Cold"]
    assert eha.write("signs", borough.member, worried="Cold") == (), "the same words are no conflict"


def test_a_part_has_its_own_sections_and_only_children_are_parts(eha, borough):
    with pytest.raises(Refused):
        eha.write("family", health="Well")
    with pytest.raises(NotFound):
        eha.write(borough.mother.ref, health="Well")
    eha.write(borough.jack.ref, health="Well", learning="Reads")
    part = eha.read().part(borough.jack.ref)
    assert part.written == 2 and eha.read().part(borough.sofia.ref).written == 0


def test_one_at_a_time_and_the_last_one_stands_beside(eha, borough):
    with pytest.raises(Refused, match="already"):
        eha.start()
    eha.write(borough.jack.ref, health="Coughs")
    eha.send(why="Not yet")
    eha.decide()
    second = eha.start()
    now = eha.read()
    assert now.ref == second.ref and [one.ref for one in now.older] == [eha.first.ref]
    section = now.part(borough.jack.ref).sections[0]
    assert section.text is None and section.before.words == "Coughs"
    assert eha.read(ref=eha.first.ref).state == "signed"
    with pytest.raises(NotFound):
        eha.read(ref="E-2222-22")


def test_a_child_left_blank_needs_a_reason(eha, borough):
    with pytest.raises(Refused) as refused:
        eha.send()
    said = [problem.message for problem in refused.value.problems]
    for child in (borough.jack.name, borough.sofia.name):
        assert f"Say why there is no more about {child}" in said
        assert f"Say why nobody has heard {child} yet" in said
        assert f"Say why nobody saw {child} at home yet" in said
    sections = ("health", "learning", "feelings", "identity", "relationships", "self_care")
    eha.write(borough.jack.ref, **dict.fromkeys(sections, "Written"))
    borough.visit((borough.jack, "alone", {"words": "Cold"}), (borough.sofia, "alone", {}), venue="home")
    with pytest.raises(Refused) as refused:
        eha.send()
    said = " ".join(problem.message for problem in refused.value.problems)
    assert borough.jack.name not in said and f"Say why nobody has heard {borough.sofia.name}" in said
    assert "seen at home" not in said
    eha.send(why="On holiday until Monday")
    assert eha.read().state == "sent"
    assert {gap.why for gap in eha.read().gaps} == {"On holiday until Monday"}
    assert eha.read(shared=True).gaps == ()


def test_with_the_manager_nothing_is_written_until_it_is_returned(eha, borough):
    eha.send(why="Not yet")
    with pytest.raises(Refused, match="with the manager"):
        eha.write("family", money="Rent is late")
    with pytest.raises(Refused, match="what has to change"):
        eha.decide("return")
    eha.decide("return", "Hear Sofia first")
    assert eha.read().comments == "Hear Sofia first" and eha.read(shared=True).comments is None
    assert eha.write("family", money="Rent is late") == ()
    eha.send(why="Still not")
    eha.decide()
    assert eha.read().state == "signed" and eha.read().decided_by.startswith("Mo Manager")


def test_only_a_manager_signs_and_never_what_they_sent(eha, borough):
    eha.send(borough.manager, why="Not yet")
    with pytest.raises(Refused, match="Somebody else"):
        eha.decide()
    with pytest.raises(NotAllowed):
        eha.decide(user=borough.lead)
    with pytest.raises(NotAllowed):
        eha.send(borough.member, why="Not yet")
    with pytest.raises(NotFound):
        eha.write("family", borough.nobody, money="Rent")


def test_the_plan_takes_over_needs_word_for_word_once(app, eha, borough):
    first, second = eha.need("Somewhere warm to sleep", said_by="Jack"), eha.need("Money that lasts")
    mistake = eha.need("Typed twice")
    borough.do(assessing.end_need, EndAssessedNeed(family=eha.family, need=mistake.ref, reason="Twice"))
    with app.app_context():
        assert [one.words for one in carried.waiting(borough.view())] == [first.words, second.words]
    taken = TakeNeeds(family=eha.family, needs=(first.ref,))
    assert len(borough.do(carried.take_needs, taken)) == 1
    assert borough.do(carried.take_needs, taken) == [], "a colleague was faster"
    with pytest.raises(NotFound):
        borough.do(carried.take_needs, TakeNeeds(family=eha.family, needs=(mistake.ref,)))
    eha.send(why="Not yet")
    eha.decide()
    with app.app_context():
        held = session.scalars(select(Need).order_by(Need.id)).all()
        assert [(need.words, need.outcome) for need in held] == [(first.words, 9), (second.words, 9)]
        assert carried.waiting(borough.view()) == ()


def test_what_is_kept_from_the_family_is_on_no_screen_of_theirs(eha, borough):
    why = {"withheld_why": "She asked me not to"}
    eha.write(borough.jack.ref, feelings=("Afraid of the neighbour", 0, why), health="Well")
    assert eha.text(borough.jack.ref, "feelings").words == "Afraid of the neighbour"
    theirs = eha.text(borough.jack.ref, "feelings", shared=True)
    assert (theirs.words, theirs.shown, theirs.withheld_why) == ("", False, None)
    assert eha.text(borough.jack.ref, "health", shared=True).words == "Well"
    assert eha.read(shared=True).withheld


def test_before_somebody_kept_away_no_words_stand(app, make, eha, borough):
    eha.write("family", housing="12 Elm Row")
    eha.need("Away from Elm Row")
    make.protect(borough.mother.id, borough.jack.id, {"address"})
    assert eha.text("family", "housing", before=[borough.mother.id]).words == "12 Elm Row"
    hidden = eha.read(before=[borough.jack.id])
    assert hidden.part("family").sections[2].text.words == "" and hidden.needs == ()
    assert eha.read(shared=True).needs == ()
    with app.app_context():
        assert carried.waiting(borough.view(shared=True)) == ()


def test_each_of_the_family_sees_their_own_view_of_it_only(eha, borough):
    def says(person, agrees, words=None):
        command = RecordOpinion(family=eha.family, person=person.ref, agrees=agrees, words=words)
        return borough.do(signing.record_opinion, command)

    with pytest.raises(Refused, match="differently"):
        says(borough.mother, "disagree")
    says(borough.mother, "disagree", "Not about the money")
    says(borough.jack, "agree")
    says(borough.mother, "partly", "The money part is right now")
    assert [(one.agrees, one.words) for one in eha.read().opinions] == [
        ("agree", None),
        ("partly", "The money part is right now"),
    ]
    assert eha.read(shared=True).opinions == ()
    assert [one.agrees for one in eha.read(before=[borough.mother.id]).opinions] == ["partly"]


def test_who_sees_one_child_reads_that_childs_part_only(app, eha, borough):
    eha.write(borough.jack.ref, health="Jack is well")
    eha.write("family", money="Rent is late")
    eha.need("For all")
    view = borough.view()
    with app.app_context():
        only = tuple(each for each in view.people if each.ref == borough.jack.ref)
        one = whole.assessment_of(replace(view, people=only))
    assert [part.key for part in one.parts] == [borough.jack.ref] and one.needs == ()


def test_the_clock_runs_from_opening_until_it_is_signed(app, eha, borough):
    with app.app_context():
        assert eha.read().due is not None
        assert whole.clock_of(borough.view(), eha.first.episode_id, eha.first.started_at)[1] == "being written"
    eha.send(why="Not yet")
    eha.decide("return", "More about Sofia")
    with app.app_context():
        assert whole.clock_of(borough.view(), eha.first.episode_id, eha.first.started_at)[1] == "returned with comments"
    eha.send(why="Not yet")
    eha.decide()
    with app.app_context():
        assert whole.clock_of(borough.view(), eha.first.episode_id, eha.first.started_at) is None


def test_closing_leaves_it_as_it_is_and_another_starts_with_the_next_help(app, make, eha, borough):
    eha.write("family", money="Rent is late")

    def close(episode_id, actor):
        episode = session.get_one(Episode, episode_id)
        episodes.begin_closing(episode, actor)
        episodes.close(episode, "needs_met", None, actor)

    borough.do(close, eha.first.episode_id, borough.manager)
    left = eha.read(borough.manager)
    assert left.state == "left" and left.due is None
    assert next(one for one in left.part("family").sections if one.key == "money").text.words == "Rent is late"
    with pytest.raises(Refused, match="not open"):
        eha.start(borough.manager)


def test_the_chronology_tells_of_it_and_not_a_word_of_what_is_written(app, eha, borough):
    eha.write("family", money="Rent is late")
    eha.send(why="Not yet")
    eha.decide()
    with app.app_context():
        page = chronology.chronology_of(borough.view(borough.manager), chronology.Asked(category="assessment"))
        assert [line.line for line in page.lines] == [
            "Early Help Assessment complete",
            "Early Help Assessment sent to the manager",
            "Early Help Assessment started",
        ]
        everything = chronology.chronology_of(borough.view(borough.manager))
    assert "Rent" not in " ".join(line.line for line in everything.lines)


def test_forty_texts_cost_no_more_statements_than_two(app, eha, borough, counting):
    def statements():
        with app.app_context():
            view = borough.view()
            with counting() as sent:
                whole.assessment_of(view)
            return len(sent)

    eha.write("family", money="Rent")
    few = statements()
    sections = ("health", "learning", "feelings", "identity", "relationships", "self_care")
    for child in (borough.jack, borough.sofia):
        for number in range(3):
            eha.write(child.ref, **dict.fromkeys(sections, (f"Words {number}", number)))
    assert statements() == few <= 6
