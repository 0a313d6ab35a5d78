"""Words and rules of contacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from tafcore.contributions import Problem
from tafcore.people import identifiers
from tafcore.people.commands import PersonDetails
from tafcore.sharing.rules import PARTNERS
from tafcore.standards.rules import FROM_THE_START

CHANNELS = {
    "walk_in": "Walked in",
    "phone": "Phone",
    "web": "Web form",
    "letter": "Letter or e-mail",
    "partner": "Partner's system",
    "police": "Police notification",
    "group": "Group or session",
    "step_down": "Step-down",
}
SOURCES = {
    "1A": "Family member or carer",
    "1B": "Acquaintance, such as a neighbour",
    "1C": "Child or young person themselves",
    "1D": "Other individual",
    "2A": "School",
    "2B": "Education service",
    "3A": "GP",
    "3B": "Health visitor",
    "3C": "School nurse",
    "3D": "Other primary health",
    "3E": "A&E",
    "3F": "Other health, such as a hospital or hospice",
    "4": "Housing",
    "5A": "Council: social care",
    "5B": "Council: other",
    "5C": "Another council",
    "5D": "Council: early help",
    "6": "Police",
    "7": "Other legal, such as a court or prison",
    "8": "Other, such as a children's centre, charity or nursery",
    "9": "Anonymous",
    "10": "Not known",
}
"""Who told us, by the codes of the national return."""
SELF = frozenset({"1C"})
PRIVATE = frozenset({"1A", "1B", "1D", "9", "10"})
"""They hear that it was received and looked at; never whether the family is known, agreed or is helped."""
FAMILY = SELF | {"1A"}
"""Their own home may read what we send them."""
HEARSAY = frozenset({"1B", "1D", "9", "10"})
"""What they say of a person is added only where nothing is known yet."""

REPLY_HOW = {"email": "By e-mail", "text": "By text", "letter": "By letter", "phone": "By telephone"}
LEAVES = frozenset({"email", "text", "letter"})
"""Replies that leave by themselves."""
MOBILE = "+447"

URGENCIES = {"today": "Today", "soon": "Soon", "routine": "Routine"}
CONVERSATION_STANDARD = {
    "today": "first_conversation_today",
    "soon": "first_conversation_soon",
    "routine": "first_conversation_routine",
    None: "first_conversation_routine",
}
LOOK_STANDARD = {False: "first_look", True: "first_look_danger"}
"""By whether what was told has words of danger."""
AGREEMENTS = {"agreed": "Yes", "not_now": "Not now", "not_asked": "Not asked yet", "withdrawn": "Withdrawn"}
SCOPE = {
    sector: PARTNERS[sector]
    for sector in (
        "school",
        "early_years",
        "health_visiting",
        "school_nursing",
        "gp",
        "mental_health",
        "vcs",
        "housing",
    )
}
"""The sectors asked about at the door; the family's sharing page has them all."""
VOICE_WAYS = {
    "spoken": "Spoken",
    "drawing": "Drawing",
    "three_houses": "Three houses",
    "interpreter": "Through an interpreter",
    "observation": "What we saw of a baby or a child without words",
}
STATES = {
    "received": "Received",
    "in_triage": "Being looked at",
    "answered": "Answered",
    "closed": "Closed",
    "withdrawn": "Withdrawn",
    "recorded_in_error": "Recorded in error",
}
MOST_PEOPLE = 20
"""How many people one contact may be about."""
OPEN = frozenset({"received", "in_triage"})
ENDED = frozenset({"closed", "withdrawn", "recorded_in_error"})

ORIGINS = {
    "reference": "Their reference",
    "officer": "Officer or allocated worker",
    "witnessed": "What the child saw or heard",
    "written_on": "Day on the letter or notification",
    "ends_on": "Statutory work ends on",
    "outstanding": "Left to do by then",
}
"""What comes with a police notification, a letter or a step-down."""
PAPERS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
"""Kinds of letters, forms and photos that are kept -> how their names end."""

TWO_WAY = {"in_person": "In person", "phone": "By phone", "video": "By video call"}
ONE_WAY = {
    "no_answer": "Rang, no answer",
    "voicemail": "Left a voicemail",
    "text": "Sent a text or e-mail",
    "letter": "Wrote a letter",
    "nobody_home": "Called at the door, nobody home",
}
UNREACHED = {
    "another_way": "Try another way, or at another time",
    "call_round": "Call round, or meet them at school or the hub",
    "ask_referrer": "Ask whoever told us how they can be reached",
    "step_up": "Ring MASH: a child may be at risk",
    "stop": "Stop trying, and answer the contact",
}
"""What a manager may decide on a family that nobody reaches."""
FAMILY_VOICES = {"parent": "A parent", "carer": "A carer", "young_person": "The child or young person"}
WITH_WHOM = {**FAMILY_VOICES, "other": "Somebody else"}


@dataclass(frozen=True)
class Answer:
    """An answer to a contact: its words; the fields it `needs` besides advice and reason; whether the `family` must be
    linked; whether it can be given `unspoken`, before anybody spoke with the family; whether it opens `help`."""

    words: str
    needs: frozenset[str] = frozenset()
    family: bool = False
    unspoken: bool = False
    help: bool = False


ANSWERS = {
    "advice": Answer("Information and advice"),
    "signposted": Answer("Pointed to a service", frozenset({"service"})),
    "hub_support": Answer("Support from the family hub", frozenset({"children"}), family=True, help=True),
    "early_help_assessment": Answer("Early help assessment", frozenset({"children"}), family=True, help=True),
    "joined_open_episode": Answer("Joined to the help already open", family=True, unspoken=True),
    "open_to_social_care": Answer("Already open to social care", frozenset({"worker"}), unspoken=True),
    "other_authority": Answer("Home authority: passed on or received", frozenset({"authority"}), unspoken=True),
    "stepped_up": Answer("Stepped up to MASH", unspoken=True),
    "not_now": Answer("The family does not want help now", frozenset({"plan_b", "follow_up_on"})),
    "duplicate": Answer("Duplicate of another contact", frozenset({"duplicate_of"}), unspoken=True),
}
NEEDED = {
    "service": "Choose the service",
    "worker": "Name the allocated worker and say when they were told",
    "authority": "Name the authority, and whether this was passed to it or received from it",
    "plan_b": "Say what the family and those around them will do instead",
    "follow_up_on": "Give the day somebody asks again",
    "duplicate_of": "Give the reference of the other contact",
    "children": "Give a level of need and a reason for at least one child",
}


GRADED = {
    "needs": "Does it say what the child needs?",
    "tried": "Does it say what was tried, and what came of it?",
    "agreement": "Does it say what the family know, and whether they agree?",
}
GRADES = {"yes": "Yes", "partly": "Partly", "no": "No"}
LACKING = {
    "needs": "what the child needs",
    "tried": "what was tried and what came of it",
    "agreement": "what the family know and whether they agree",
}
"""What a professional's referral is graded by, and how that is told to whoever sent it."""
UNGRADED = {name: f"Say whether it tells {words}" for name, words in LACKING.items()}
SLIPS = {"printed": "Printed and handed over", "read_out": "Read out, or shown"}
SLIPS_SENT = {"email": "By e-mail", "text": "By text"}
"""How a family is given a slip about a service: by hand, or sent."""
ASKED_AGAIN = {
    "wants_help": "They want help now",
    "still_not_now": "Not now, and may be asked again",
    "not_reached": "They were not reached",
    "no_more": "They do not want to be asked again, or need nothing more",
}
"""What may come of asking a family again."""
ASKS_ON = frozenset({"still_not_now", "not_reached"})


class Agreed(Protocol):
    """What the rules read of somebody's answer to the offer of help."""

    @property
    def by(self) -> int | None: ...
    @property
    def scope(self) -> Sequence[str]: ...


class Registration(Protocol):
    """What the rules read of a RegisterContact."""

    @property
    def received_at(self) -> datetime | None: ...
    @property
    def source(self) -> str: ...
    @property
    def people(self) -> Sequence[PersonDetails]: ...
    @property
    def wants(self) -> str | None: ...
    @property
    def worries(self) -> str | None: ...
    @property
    def safe_how(self) -> str | None: ...
    @property
    def anonymous(self) -> bool: ...
    @property
    def agreement(self) -> Sequence[Agreed]: ...


@dataclass(frozen=True)
class Reached:
    """Where the one who told us can be reached, and `how` they asked to be (REPLY_HOW)."""

    email: str | None = None
    phone: str | None = None
    address: str | None = None
    how: str | None = None


@dataclass(frozen=True)
class Safe:
    """How and when a family can be reached safely, and where never."""

    how: str | None = None
    when: str | None = None
    never: str | None = None


def safe_now(told: Sequence[Safe]) -> Safe:
    """Of all that was told, the oldest first: how and when as last told, and everything that was ever said to be
    unsafe, which is no way to reach them any more."""

    def last(words: Sequence[str | None]) -> str | None:
        return next((one for one in reversed(words) if one), None)

    never = dict.fromkeys(one.never for one in told if one.never)
    unsafe = " ".join(never).casefold()
    ways = [one.how for one in told if one.how and one.how.casefold() not in unsafe]
    return Safe(last(ways), last([one.when for one in told]), "; ".join(never) or None)


def reply_to(source: str, wants_reply: bool | None, reached: Reached, named: bool) -> str | None:
    """How they hear back: one of LEAVES, `ring`, `here` (they wrote it in themselves), None: nobody to tell.

    A professional always hears unless they say no. Anybody else only if they asked: an unexpected message is a danger.
    `named` is whether somebody other than the registrar is named as the one who told us.
    """
    known = professional(source)
    if wants_reply is False or not (known or wants_reply or reached.how):
        return None
    ways = {"email": reached.email, "text": reached.phone, "letter": reached.address}
    if reached.how and (reached.how == "phone" or ways[reached.how]):
        return "ring" if reached.how == "phone" else reached.how
    if reached.email:
        return "email"
    if reached.phone or (known and named):
        return "ring"
    return "here" if known else None


def wrong_reply(reached: Reached, wants_reply: bool | None) -> list[Problem]:
    """Why the way they asked for cannot be gone."""
    if reached.how and wants_reply is False:
        return [Problem("They want no reply: take out how, or say that they want one", "referrer.reply_how")]
    if reached.how == "email" and not reached.email:
        return [Problem("Enter their e-mail address, or choose another way to reply", "referrer.email")]
    if reached.how == "phone" and not reached.phone:
        return [Problem("Enter their telephone number, or choose another way to reply", "referrer.phone")]
    if reached.how == "text" and not (reached.phone or "").startswith(MOBILE):
        return [Problem("Enter a mobile number, or choose another way to reply", "referrer.phone")]
    if reached.how == "letter" and len((reached.address or "").strip().splitlines()) < 2:
        message = "Enter their address in lines, the postcode last, or choose another way to reply"
        return [Problem(message, "referrer.address")]
    return []


def left_to_a_person(source: str, has_ways: bool, hidden: bool, kept_safe: bool) -> str:
    """Why no reply leaves by itself, in words; empty where one may.

    `has_ways`: when or how the family must not be contacted was said; `hidden`: somebody it is about is restricted or
    their record sealed; `kept_safe`: somebody it is about is kept safe from somebody.
    """
    if hidden or (kept_safe and not professional(source)):
        return "Nothing is sent by itself, because somebody here is kept safe. Ring, and say only what they may hear"
    if has_ways and source in FAMILY:
        return "They said when or how not to be contacted, so nothing is sent by itself. Read that first"
    return ""


def hears(source: str, reply: str | None) -> str:
    """Who hears what of this contact, in a sentence."""
    if reply is None:
        return "Nobody waits for a reply."
    if source in SELF:
        return "The young person hears what we can offer and whom to ring."
    if source in PRIVATE:
        words = "They hear only that we received it and looked at it: never whether the family is known, agreed or is"
        own = " Who asked for their own family hears as the family: spoken with, not written to."
        return f"{words} helped.{own if source in FAMILY else ''}"
    return "They hear the answer and whom to ring."


def professional(source: str) -> bool:
    """Whether it is somebody's work to tell us: neither family, neighbour, nor one who stays unnamed."""
    return source not in PRIVATE | SELF


def feedback(grades: Mapping[str, str]) -> str:
    """What whoever sent a referral is told of it; it says nothing of the family."""
    lacking = [LACKING[name] for name in GRADED if grades[name] != "yes"]
    if not lacking:
        return f"Thank you: it said {', '.join(LACKING.values())}. That brings help sooner."
    return f"Thank you. It would bring help sooner if the next one also said {', '.join(lacking)}."


def hears_answer(source: str) -> bool:
    """Whether the one who told us hears the answer itself, not only that it was looked at."""
    return source not in PRIVATE


def may_register(
    asked: Registration, referrer_reachable: bool, indexes: Iterable[tuple[str, int]], now: datetime
) -> list[Problem]:
    """The little a contact cannot do without; all else may come later.

    `indexes` are (field, number) pairs that must name one of the people.
    """
    problems = []
    if not asked.people and not asked.anonymous:
        problems.append(Problem("Add at least one person, or say that they are anonymous", "people"))
    elif not asked.anonymous and not any(one.forename or one.surname for one in asked.people):
        problems.append(Problem("Enter something to call them: a first name or a surname", "people.0.forename"))
    if not asked.wants and not asked.worries:
        problems.append(Problem("Say what they want, or what anybody is worried about", "wants"))
    safe = asked.safe_how or any(one.safe_contact for one in asked.people)
    if not safe and not asked.anonymous and not (professional(asked.source) and referrer_reachable):
        message = "Say how we can ring back safely, or that they are anonymous"
        problems.append(Problem(message, "safe_how"))
    if asked.received_at is not None and asked.received_at > now + timedelta(minutes=5):
        problems.append(Problem("Enter a time that has passed", "received_at"))
    if asked.received_at is not None and asked.received_at.year <= FROM_THE_START.year:
        problems.append(Problem(f"Enter a year after {FROM_THE_START.year}", "received_at"))
    problems += wrong_agreement(asked.agreement)
    for field, number in indexes:
        if not 0 <= number < len(asked.people):
            problems.append(Problem("There is no such person in this contact", field))
    return problems


class Addition(Protocol):
    """What `may_add` reads of an AddToContact."""

    @property
    def people(self) -> Sequence[PersonDetails]: ...
    @property
    def voices(self) -> Sequence[Voice]: ...
    @property
    def happened_at(self) -> datetime | None: ...
    @property
    def safe_how(self) -> str | None: ...
    @property
    def safe_when(self) -> str | None: ...
    @property
    def safe_never(self) -> str | None: ...
    @property
    def wants(self) -> str | None: ...
    @property
    def worries(self) -> str | None: ...


class Voice(Protocol):
    """What is read of a child's words."""

    @property
    def person(self) -> int: ...


def may_add(asked: Addition, state: str, linked: bool, people: int, now: datetime) -> list[Problem]:
    """What is wrong with adding to a contact in this state, of whom so many `people` were told."""
    if state not in OPEN:
        return [Problem(f"This contact is {STATES[state].lower()}. Register a new one")]
    ways = asked.safe_how or asked.safe_when or asked.safe_never
    problems = []
    if not (asked.people or ways or asked.wants or asked.worries):
        problems.append(Problem("Add what was told, somebody it is about, or a safe way to ring", "worries"))
    if linked and (asked.people or ways):
        where = "people.0.role" if asked.people else "safe_how"
        problems.append(Problem("It is settled who they are. Add this on the family's page, under people", where))
    if people + len(asked.people) > MOST_PEOPLE:
        problems.append(Problem(f"A contact is about {MOST_PEOPLE} people at most", "people.0.forename"))
    if any(not 0 <= one.person < len(asked.people) for one in asked.voices):
        problems.append(Problem("There is no such person in this contact", "voices"))
    if asked.happened_at is not None and asked.happened_at > now + timedelta(minutes=5):
        problems.append(Problem("Enter a time that has passed", "happened_at"))
    return problems


def wrong_agreement(answers: Sequence[Agreed]) -> list[Problem]:
    """Each answer is somebody else's; where there is one alone, whose need not be known."""
    problems = []
    for place, one in enumerate(answers):
        if not set(one.scope) <= set(PARTNERS):
            problems.append(Problem("Choose from the kinds of organisation we know", f"agreement.{place}.scope"))
        if one.by is None and len(answers) > 1:
            problems.append(Problem("Say whose answer this is", f"agreement.{place}.by"))
        elif one.by is not None and one.by in [other.by for other in answers[:place]]:
            problems.append(Problem("Their answer is here already. Choose somebody else", f"agreement.{place}.by"))
    return problems


def agreed_at_all(answers: Sequence[str]) -> str:
    """What the answers come to: agreed once anybody agrees, else what the first said."""
    return "agreed" if "agreed" in answers else answers[0] if answers else "not_asked"


def wrong_numbers(people: Sequence[PersonDetails], live: bool) -> list[Problem]:
    """NHS numbers this installation must not hold: live ones refuse the test range, demonstrations all others."""
    problems = []
    for place, person in enumerate(people):
        try:
            if person.nhs_number:
                identifiers.nhs_number(person.nhs_number, live=live)
        except identifiers.BadIdentifier as bad:
            problems.append(Problem(str(bad), f"people.{place}.nhs_number"))
    return problems


def kind_of_paper(content: bytes) -> str | None:
    """What a file is by its own first bytes, whatever it is called; None if it is none of PAPERS."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "application/pdf" if content.startswith(b"%PDF-") else None


def wrong_paper(content: bytes, largest_mb: int) -> list[Problem]:
    """Why a file cannot be kept."""
    if not content:
        return [Problem("Choose a file", "content")]
    if len(content) > largest_mb * 1024 * 1024:
        return [
            Problem(f"Choose a file of {largest_mb} MB or less, or photograph it anew in a smaller size", "content")
        ]
    if kind_of_paper(content) is None:
        return [Problem("Choose a PDF, or a photo as JPEG or PNG", "content")]
    return []


def counts(how: str, with_whom: str, safe: bool) -> bool:
    """Whether this is the conversation that stops the clock: two-way, with the family, on a safe line."""
    return how in TWO_WAY and with_whom in FAMILY_VOICES and safe


def may_answer(
    answer: str, given: Collection[str], linked: bool, episode_open: bool, spoken: bool, unspoken_why: str | None
) -> list[Problem]:
    """What the answer still lacks. `given` are the names of the fields that were filled in."""
    rule = ANSWERS[answer]
    needs = rule.needs - ({"children"} if episode_open else set())
    problems = [Problem(NEEDED[name], name) for name in sorted(needs) if name not in given]
    if rule.family and not linked:
        problems.append(Problem("Link this contact to a family first", "answer"))
    if answer == "joined_open_episode" and linked and not episode_open:
        problems.append(Problem("No early help is open for this family, so there is nothing to join", "answer"))
    if not rule.unspoken and not spoken and not unspoken_why:
        message = "Nobody has spoken with the family yet. Speak with them first, or say why you can answer without"
        problems.append(Problem(message, "unspoken"))
    return problems


def may_ask_again(
    answer: str | None, ask_on: date | None, outcome: str, next_on: date | None, today: date
) -> list[Problem]:
    """What is wrong with recording that a family was asked again."""
    if answer != "not_now" or ask_on is None:
        return [Problem("Nobody is to ask this family again")]
    if outcome in ASKS_ON and next_on is None:
        return [Problem(NEEDED["follow_up_on"], "next_on")]
    if outcome not in ASKS_ON and next_on is not None:
        return [Problem("Leave this out: they are not asked again", "next_on")]
    if next_on is not None and next_on <= today:
        return [Problem("Enter a day to come", "next_on")]
    return []


def age_now(born: date, today: date) -> int:
    """Whole years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def family_name(people: Sequence[tuple[str, str | None, str | None]]) -> str:
    """What to call a new family, from (role, forename, surname) as told: by the children's commonest surname."""
    children = [surname for role, _, surname in people if role in ("child", "sibling", "unborn") and surname]
    surnames = children or [surname for _, _, surname in people if surname]
    if surnames:
        return f"{Counter(surnames).most_common(1)[0][0]} family"
    forename = next((forename for _, forename, _ in people if forename), None)
    return f"{forename}'s family" if forename else "Family, name not known"
