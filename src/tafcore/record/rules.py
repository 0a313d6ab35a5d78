"""Words of the chronology and of the list of families; what a safety rule asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tafcore.contributions import Problem
from tafcore.people.rules import FACTS

CATEGORIES = {
    "contacts": "Contacts",
    "notes": "Notes",
    "episodes": "Team and levels",
    "oversight": "Manager's decisions",
    "assessment": "Assessment",
    "assessments": "Visits",
    "voices": "Children's words",
    "plans": "Plan",
    "meetings": "Meetings",
    "steps": "Steps up and down",
    "sharing": "Agreement and sharing",
    "record": "People",
}
"""What lines are filtered by; a plugin's lines are filtered by its name."""

OWN_CATEGORY = {
    "episodes.note_written": "notes",
    "episodes.overseen": "oversight",
    "record.person_restricted": "oversight",
    "assessments.started": "assessment",
    "assessments.partner_asked": "assessment",
    "assessments.questions_answered": "assessment",
    "assessments.sent": "assessment",
    "assessments.returned": "assessment",
    "assessments.signed": "assessment",
    "assessments.opinion_recorded": "assessment",
    "assessments.voice_recorded": "voices",
    "assessments.hearing_set": "voices",
    "assessments.voice_answered": "voices",
}
AREAS = {
    "contacts": "contacts",
    "notes": "notes",
    "assessment": "assessment",
    "assessments": "visits",
    "voices": "voices",
    "oversight": "oversight",
    "plans": "plan",
    "meetings": "meetings",
    "steps": "steps",
    "sharing": "sharing",
}
"""category -> the part of the record a reader must be allowed to see."""

ADDRESS_KINDS = {
    "permanent": "Permanent home",
    "temporary": "Temporary accommodation",
    "refuge": "Refuge",
    "none": "No fixed address",
}
SEN = {"N": "No special educational needs", "K": "SEN support", "E": "Education, health and care plan"}
ETHNICITIES = {
    "WBRI": "White British",
    "WIRI": "White Irish",
    "WIRT": "Traveller of Irish heritage",
    "WOTH": "Any other White background",
    "WROM": "Gypsy or Roma",
    "MWBC": "White and Black Caribbean",
    "MWBA": "White and Black African",
    "MWAS": "White and Asian",
    "MOTH": "Any other mixed background",
    "AIND": "Indian",
    "APKN": "Pakistani",
    "ABAN": "Bangladeshi",
    "AOTH": "Any other Asian background",
    "BCRB": "Black Caribbean",
    "BAFR": "Black African",
    "BOTH": "Any other Black background",
    "CHNE": "Chinese",
    "OOTH": "Any other ethnic group",
    "REFU": "They would rather not say",
    "NOBT": "Not asked yet",
}
"""The DfE's twenty codes."""
STATED = {
    "forename": "First name",
    "surname": "Surname",
    "called": "Known as",
    "born": "Date of birth",
    "born_precision": "How exact the birth date is",
    "due": "Due date",
    "died": "Died",
    "former_name": "Earlier name",
    "sex": "Sex",
    "gender": "Gender",
    "language": "Language",
    "interpreter": "Interpreter needed",
    "ethnicity": "Ethnic group",
    "sen": "Special educational needs",
    "disability": "Disability",
    "address": "Address",
    "phone": "Phone",
    "email": "E-mail",
    "uprn": "Number of the property (UPRN)",
    "gp": "GP",
    "nhs": "NHS number",
}
"""Statements shown on the page of people; a pupil's number is for schools alone and is not among them."""
WORKERS = frozenset({"lead", "manage", "team", "triage", "mash"})
"""What those are to a family who work with the whole of it: they read who said what, and of safety rules."""
SPECIALISTS = {
    "marac": "MARAC",
    "idva": "Independent domestic violence adviser (IDVA)",
    "isva": "Independent sexual violence adviser (ISVA)",
    "police": "Police safeguarding",
    "other": "Another specialist",
}
"""Who may be involved where somebody must be kept safe."""
UNDER_FACTS = ("former_name", "gp")
"""Statements without a column of person, shown among what is known."""
LONGEST_REVIEW = timedelta(days=366)


def category_of(kind: str) -> str:
    """The category of an event's kind: `meetings.held` is in `meetings`."""
    return OWN_CATEGORY.get(kind, kind.split(".")[0])


def safe_rule(protected: str, danger: str, facts: tuple[str, ...], review_on: date, today: date) -> list[Problem]:
    """A safety rule is between two people, hides something, and is looked at again within a year."""
    problems = []
    if protected == danger:
        problems.append(Problem("Choose two different people", "danger"))
    if not facts:
        problems.append(Problem("Choose what is kept from them", "facts"))
    if not set(facts) <= set(FACTS):
        problems.append(Problem("Choose what is kept from them from the list", "facts"))
    if not today < review_on <= today + LONGEST_REVIEW:
        problems.append(Problem("Choose a review date within the next year", "review_on"))
    return problems


@dataclass(frozen=True)
class Standing:
    """What stands in the way of putting a record together with another. `open_in` are families in whose open episode
    they are; `ring` is whom to ring about a family that whoever decides cannot see."""

    ref: str
    name: str
    stands_for_others: bool
    put_into_another: bool
    open_in: frozenset[str]
    ring: str


def apart_because(one: Standing, other: Standing, kept_apart: bool) -> list[Problem]:
    """Why two records cannot be put together yet, each with what to do."""
    problems = [
        Problem(
            f"{each.name} also belongs to a family that you cannot see. Ring {each.ring}: whoever decides must see"
            " all the families that this opens"
        )
        for each in (one, other)
        if each.ring
    ]
    if one.put_into_another or other.put_into_another:
        problems.append(
            Problem("One of these records was put together with another meanwhile. Look for that record's pair instead")
        )
    if kept_apart:
        problems.append(
            Problem(
                "A safety rule keeps one of them from the other, so they are not the same person. If the rule is a"
                " mistake, end it on the page of people first"
            )
        )
    places = sorted(one.open_in | other.open_in)
    if one.open_in and other.open_in and len(places) > 1:
        problems.append(
            Problem(
                f"Early help is open for them in {' and in '.join(places)}, and a child can be in one only. Close it in"
                " one of these families first"
            )
        )
    if one.stands_for_others and other.stands_for_others:
        problems.append(
            Problem(
                "Both records were put together with others before. Take one of those apart first, then choose again"
            )
        )
    return problems


def may_stand(survivor: Standing, merged: Standing) -> list[Problem]:
    """The record that others were put into goes on standing for them."""
    if not merged.stands_for_others:
        return []
    return [Problem(f"Choose {merged.ref}: another record was put into it before", "survivor")]


def said_of_both(left: Mapping[str, str], right: Mapping[str, str]) -> Iterable[tuple[str, str, str, str]]:
    """(heading, left, right, what becomes of it) of everything known of either."""
    for heading in dict.fromkeys([*left, *right]):
        one, other = left.get(heading, ""), right.get(heading, "")
        if one == other:
            note = "The same"
        elif one and other:
            note = "They differ: the record that stays is shown, the other stays in who said what"
        else:
            note = "One knows it: it is kept"
        yield heading, one, other, note


def by_heading(facts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What is known under each heading; several of one kind one below the other."""
    found: dict[str, list[str]] = {}
    for heading, value in facts:
        found.setdefault(heading, []).append(value)
    return {heading: "\n".join(values) for heading, values in found.items()}
