"""Words of the chronology, of relationships and of the list of families; what a safety rule asks."""

from __future__ import annotations

from datetime import date, timedelta

from tafcore.contributions import Problem
from tafcore.people.rules import FACTS

CATEGORIES = {
    "contacts": "Contacts",
    "notes": "Notes",
    "episodes": "Team and levels",
    "assessments": "Assessment and visits",
    "plans": "Plan",
    "meetings": "Meetings",
    "steps": "Steps up and down",
    "sharing": "Agreement and sharing",
    "record": "People",
}
"""What lines are filtered by; a plugin's lines are filtered by its name."""

OWN_CATEGORY = {"episodes.note_written": "notes"}
AREAS = {
    "contacts": "contacts",
    "notes": "notes",
    "assessments": "visits",
    "plans": "plan",
    "meetings": "meetings",
    "steps": "steps",
    "sharing": "sharing",
}
"""category -> the part of the record a reader must be allowed to see."""

RELATIONS = {
    "mother": "Mother",
    "father": "Father",
    "step_mother": "Step-mother",
    "step_father": "Step-father",
    "grandparent": "Grandparent",
    "foster_carer": "Foster carer",
    "private_foster_carer": "Private foster carer",
    "guardian": "Guardian",
    "aunt_uncle": "Aunt or uncle",
    "partner": "Partner",
    "ex_partner": "Former partner",
    "sibling": "Brother or sister",
    "half_sibling": "Half-brother or half-sister",
    "step_sibling": "Step-brother or step-sister",
    "other": "Other",
}
"""`person` is the ... of `other`."""
PARENTS = frozenset(
    {"mother", "father", "step_mother", "step_father", "foster_carer", "private_foster_carer", "guardian"}
)
PAIRS = frozenset({"partner", "ex_partner"})
LONGEST_REVIEW = timedelta(days=366)


def category_of(kind: str) -> str:
    """The category of an event's kind: `meetings.held` is in `meetings`."""
    return OWN_CATEGORY.get(kind, kind.split(".")[0])


def category_words(category: str) -> str:
    return CATEGORIES.get(category, category.replace("_", " ").capitalize())


def relation_words(kind: str) -> str:
    """A relationship as it is said; kinds that partners' systems bring are shown as they came."""
    return RELATIONS.get(kind, kind.replace("_", " ").capitalize())


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
