"""How the demo's families are assessed: written by several, seen by the family, signed by the manager."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from tafcore.assessments import answering, asking, assessing, rules, signing
from tafcore.assessments.commands import (
    AddAssessedNeed,
    AnswerPart,
    AnswerQuestions,
    AskPartners,
    DecideAssessment,
    GapPart,
    RecordOpinion,
    SectionPart,
    SendAssessment,
    StartAssessment,
    WriteSections,
)
from tafcore.assessments.models import AssessmentAsk
from tafcore.db import session, utcnow
from tafcore.demo import invented
from tafcore.demo.story import TEAM, Story
from tafcore.episodes.reading import episode_of
from tafcore.families.access import PersonView


def assessed(story: Story) -> None:
    """The lead writes with the family, and the needs are found in their words."""
    lead, rng = story.borough.actor(story.lead), story.borough.rng
    with story.on(10, 11):
        view = story.view(story.lead)
        assessing.start(StartAssessment(family=story.family), lead)
        for number, child in enumerate(view.children):
            write(story, story.lead, child.ref, _words_of(child, story.number + number))
        write(story, story.lead, "family", invented.HOMES[story.number % len(invented.HOMES)])
        theirs: dict[int, PersonView | None] = {
            1: _first(view.children, invented.AT_SCHOOL),
            2: _first(view.children, invented.LITTLE),
            3: view.children[0],
        }
        fitting = [one for one in invented.NEEDS if one[0] not in theirs or theirs[one[0]] is not None]
        for outcome, need, _, _ in rng.sample(fitting, 2 + story.number % 2):
            whose = theirs.get(outcome)
            person = whose.ref if whose is not None else None
            said_by = view.adults[0].forename
            found = AddAssessedNeed(family=story.family, person=person, outcome=outcome, words=need, said_by=said_by)
            story.found.append(assessing.add_need(found, lead).ref)


def contributed(story: Story) -> None:
    """Those of the team who know the children are asked three questions; the health visitor answers."""
    borough, answers = story.borough, story.borough.users[TEAM[0][0]]
    with story.on(11, 9):
        view = story.view(story.lead)
        episode = episode_of(view)
        team = tuple(member.id for member in episode.team if member.user_id) if episode else ()
        about = tuple(child.ref for child in view.children[:2])
        asking.ask(AskPartners(family=story.family, children=about, members=team), borough.actor(story.lead))
    with story.on(11.5, 14):
        mine = select(AssessmentAsk.ref).where(AssessmentAsk.user_id == answers.id).order_by(AssessmentAsk.id.desc())
        said = invented.ANSWERED[story.number % len(invented.ANSWERED)]
        parts = tuple(AnswerPart(child=number, reply="answer", words=said) for number in range(len(about)))
        asked = session.scalars(mine).first() or ""
        command = AnswerQuestions(family=story.family, asked=asked, children=parts, family_reads="yes")
        answering.answer(command, borough.actor(TEAM[0][0]))


def _words_of(child: PersonView, number: int) -> dict[str, str]:
    """What is written of a child of this age."""
    words = invented.LITTLE_ONES if _years(child) in invented.LITTLE else invented.CHILDREN
    return words[number % len(words)]


def _first(children: Iterable[PersonView], years: range) -> PersonView | None:
    """The first child of such an age."""
    return next((one for one in children if _years(one) in years), None)


def _years(child: PersonView) -> int:
    return rules.age(child.born, utcnow().date()) or 0


def agreed(story: Story) -> None:
    """The signs of safety are put together, the mother says what she thinks, and the lead sends it."""
    lead = story.borough.actor(story.lead)
    with story.on(16, 11):
        view = story.view(story.lead)
        write(story, story.lead, "signs", invented.SIGNS, scale=3 + story.number % 4)
        agrees, words = invented.OPINIONS[story.number % len(invented.OPINIONS)]
        said = RecordOpinion(
            family=story.family, person=view.adults[0].ref, agrees=agrees, words=words, how="On paper, at home"
        )
        signing.record_opinion(said, lead)
    with story.on(18, 15):
        # A child of a big family whose words are still to come: the manager reads why.
        gaps = tuple(
            GapPart(person=child.ref, what="voice", why="Shy of new people; we hear them next week, at school")
            for child in view.children[2:]
        )
        signing.send(SendAssessment(family=story.family, gaps=gaps), lead)


def signed(story: Story) -> None:
    """The manager signs."""
    with story.on(20, 10):
        comments = "Clear, and in the family's own words"
        decision = DecideAssessment(family=story.family, decision="sign", comments=comments)
        signing.decide(decision, story.borough.actor(story.manager))


def write(story: Story, name: str, part: str, words: dict[str, str], scale: int | None = None) -> None:
    """Somebody writes a part."""
    sections = tuple(
        SectionPart(section=section, words=text, scale=scale if section == "scale" else None)
        for section, text in words.items()
    )
    command = WriteSections(family=story.family, part=part, sections=sections)
    assessing.write(command, story.borough.actor(name))
