"""How help begins, told through the services: the contact, its answer, the team, the children seen, the plan."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tafcore.assessments import service as assessments
from tafcore.assessments.commands import ChildPart, RecordVisit
from tafcore.contacts import linking, rules
from tafcore.contacts import service as contacts
from tafcore.contacts.commands import (
    AgreementPart,
    AnswerContact,
    GradePart,
    LevelPart,
    LinkFamily,
    LinkPart,
    LookAtContact,
    NoteConversation,
    ReferrerPart,
    RegisterContact,
    TakeContact,
    TellReferrer,
)
from tafcore.contacts.models import Contact
from tafcore.db import session, utcnow
from tafcore.demo import invented
from tafcore.demo.hearing import hear
from tafcore.demo.story import AGREED, DOORS, LEADS, TEAM, Story
from tafcore.episodes import service as episodes
from tafcore.episodes.commands import AddTafMember, AnswerNomination, NominateLead, WriteNote
from tafcore.families.models import Family
from tafcore.people import service as people_service
from tafcore.people.commands import PersonDetails
from tafcore.plans import service as plans
from tafcore.plans.commands import AddAction, AddGoal, AddMeasure, TakeNeeds
from tafcore.record import relating
from tafcore.record import service as record
from tafcore.record.commands import LearnFacts, Relate
from tafcore.standards.clock import add_working_days


def heard(story: Story) -> None:
    """The contact is registered at a door."""
    borough, rng = story.borough, story.borough.rng
    channel, source = DOORS[story.number % len(DOORS)]
    with story.on(0):
        story.told = story.told or _household(story)
        professional = not source.startswith("1")
        command = RegisterContact(
            channel=channel,
            source=source,
            received_at=utcnow(),
            referrer=ReferrerPart(
                name="Pastoral lead" if professional else None,
                organisation="Beech Hill Primary School" if professional else None,
                email="pastoral@school.example" if professional else None,
                wants_reply=professional or None,
            ),
            people=story.told,
            wants="Somebody to talk to about what would help",
            worries=rng.choice(invented.WORRIES),
            strengths=rng.choice(invented.STRENGTHS),
            agreement=AgreementPart(status="agreed", by=0, scope=AGREED, told="What we share and why"),
            sharing_basis="public_task",
            urgency=rng.choice(("soon", "routine", "routine")),
            level=rng.choice((2, 2, 3)),
            safe_how="Her own mobile, text first",
            safe_when="Weekdays after nine",
        )
        story.contact = contacts.register(command, borough.actor(story.hub)).ref


def _household(story: Story) -> tuple[PersonDetails, ...]:
    """A household; with a father in it where the story is of somebody kept safe from somebody."""
    while True:
        told = story.borough.invention.household(utcnow().date(), 1 + story.number % 3)
        if not story.guarded or any(person.role == "father" for person in told):
            return told


def kept_safe(story: Story) -> None:
    """The mother is protected from the father, who must not learn where she is or who helps her."""
    with story.on(10):
        mother, father = story.view(story.lead).adults[:2]
        facts, review = {"address", "contact", "worker", "hub"}, utcnow().date() + timedelta(days=90)
        words = "Told by the mother; a court order is being asked for"
        actor = story.borough.actor(story.lead)
        people_service.protect(mother.id, father.id, facts, words, review, actor, "Her sister's telephone, mornings")


def looked_at(story: Story) -> None:
    """The hub looks at it and talks with the family."""
    actor = story.borough.actor(story.hub)
    with story.on(0, 12):
        contacts.look(LookAtContact(contact=story.contact), actor)
        contacts.take(TakeContact(contact=story.contact), actor)
    with story.on(1, 11):
        words = "Talked about what is hard and what would help first"
        said = NoteConversation(contact=story.contact, how="phone", with_whom="parent", safe=True, words=words)
        contacts.converse(said, actor)


def advised(story: Story) -> None:
    """Information and advice are all that is needed; nobody's record is opened."""
    with story.on(2, 15):
        answer = AnswerContact(
            contact=story.contact,
            answer="advice",
            advice="Told what there is at the hub this week, and how to come back",
            reason="One question, answered; nothing else is worrying anybody",
            grade=graded(story),
        )
        contacts.answer(answer, story.borough.actor(story.hub))
        referrer_told(story)


def graded(story: Story) -> GradePart | None:
    """How a professional's referral was to read."""
    contact = session.scalars(select(Contact).where(Contact.ref == story.contact)).one()
    if not rules.professional(contact.source):
        return None
    return GradePart(needs="yes", tried=("no", "partly", "yes")[story.number % 3], agreement="yes")


def referrer_told(story: Story) -> None:
    """Whoever told us of them is rung with the answer."""
    contact = session.scalars(select(Contact).where(Contact.ref == story.contact)).one()
    if contact.state == "answered":
        said = TellReferrer(contact=story.contact, how="Rang the school and told the pastoral lead")
        contacts.tell_referrer(said, story.borough.actor(story.hub))


def answered(story: Story) -> None:
    """The family is found or made, and early help opens."""
    actor = story.borough.actor(story.hub)
    with story.on(2, 15):
        contact = session.scalars(select(Contact).where(Contact.ref == story.contact)).one()
        # Namesakes are offered as to anybody; these people are always new.
        links = tuple(
            LinkPart(person=row.position, seen=tuple(linking.offers(row.details(), actor))) for row in contact.people
        )
        contacts.link(LinkFamily(contact=story.contact, people=links), actor)
        session.refresh(contact)
        story.family = session.get_one(Family, contact.family_id).ref
        story.borough.families.append(story.family)
        level = 2 + story.number % 2
        children = tuple(
            LevelPart(person=child.ref, level=level, reason="More than one service is needed")
            for child in story.view(story.hub).children
        )
        answer = AnswerContact(
            contact=story.contact,
            answer="early_help_assessment",
            advice="We will work out together what would help, with one person who brings it together",
            reason="Several needs at once",
            children=children,
            grade=graded(story),
        )
        contacts.answer(answer, actor)
        referrer_told(story)


def nominated(story: Story) -> None:
    """The manager asks somebody to be the lead professional."""
    lead, cover = LEADS[story.area]
    users = story.borough.users
    with story.on(5):
        command = NominateLead(
            family=story.family,
            user=users[lead].id,
            cover=users[cover].id,
            reason="Sees the children every day and Mum trusts her",
            family_answer="agree",
            family_say="We are happy with that",
        )
        episodes.nominate_lead(command, story.borough.actor(story.manager))


def accepted(story: Story) -> None:
    """They accept, and the team forms."""
    borough = story.borough
    with story.on(6):
        episodes.answer_nomination(AnswerNomination(family=story.family, accept=True), borough.actor(story.lead))
    with story.on(7):
        related(story)
    with story.on(8):
        for name, role in TEAM[: 1 + story.number % 3]:
            member = AddTafMember(family=story.family, user=borough.users[name].id, role=role)
            episodes.add_member(member, borough.actor(story.lead))
        note = WriteNote(family=story.family, kind="call", words="Rang to say who is in the team; Mum is pleased")
        episodes.write_note(note, borough.actor(story.lead))


def related(story: Story) -> None:
    """Who is whose parent, the children's ethnic group, and in every other family a father with a home of his own."""
    actor, view = story.borough.actor(story.lead), story.view(story.lead)
    said_by = view.adults[0].name
    ethnicity = invented.ethnicity(story.borough.rng)
    for child in view.children:
        details = PersonDetails(role="child")
        facts = LearnFacts(family=view.ref, person=child.ref, details=details, ethnicity=ethnicity, said_by=said_by)
        record.learn(facts, actor)
        for parent in view.adults:
            relation = Relate(
                family=view.ref,
                person=parent.ref,
                other=child.ref,
                kind=parent.role,
                responsibility=True,
                said_by=said_by,
            )
            relating.relate(relation, actor)
    for father in view.adults[1:]:
        if story.number % 2 or story.guarded:
            apart = LearnFacts(
                family=view.ref,
                person=father.ref,
                details=PersonDetails(role="father"),
                household="Father's home",
                said_by=said_by,
            )
            record.learn(apart, actor)


def seen(story: Story) -> None:
    """The children are seen at home, alone, and heard."""
    borough = story.borough
    with story.on(9, 16):
        children = story.view(story.lead).children
        visit = RecordVisit(
            family=story.family,
            venue="home",
            children=tuple(ChildPart(person=child.ref, seen="alone") for child in children),
            observation="Tidy and cold; the children share one bed",
        )
        assessments.record_visit(visit, borough.actor(story.lead))
        for child in children[:2]:
            hear(story, child, borough.rng.choice(invented.CHILD_WORDS))


def planned(story: Story) -> None:
    """The plan takes over what the assessment found, each need with a goal, an action and a measure."""
    borough = story.borough
    lead, rng = borough.actor(story.lead), borough.rng
    with story.on(12, 14):
        needs = plans.take_needs(TakeNeeds(family=story.family, needs=tuple(story.found)), lead)
        for made in needs:
            goal, action = invented.ANSWERS[made.words]
            story.needs.append(made.ref)
            due = add_working_days(utcnow().date(), 40)
            aim = plans.add_goal(AddGoal(family=story.family, need=made.ref, words=goal, due=due), lead)
            story.goals.append(aim.ref)
            owner = rng.choice([story.lead, "healthvisitor"])
            step = AddAction(
                family=story.family,
                goal=aim.ref,
                words=action,
                owner_user=borough.users[owner].id if owner == story.lead else borough.users[story.lead].id,
                due=add_working_days(utcnow().date(), rng.choice((15, 46, 50, 55))),
            )
            story.actions.append(plans.add_action(step, lead).ref)
            measure = AddMeasure(
                family=story.family,
                need=made.ref,
                title="How things are, as the family says",
                unit="/10",
                better="up",
                baseline=3,
                target=7,
            )
            story.measures.append(plans.add_measure(measure, lead).ref)
