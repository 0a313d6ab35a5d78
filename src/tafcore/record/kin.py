"""What two people are to each other, said from either side. Pure: nothing is looked up here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tafcore.contributions import Problem

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
    "other": "Other relative or friend",
}
"""`person` is the ... of `other`."""
FROM_THE_OTHER = {
    "mother": "Child",
    "father": "Child",
    "step_mother": "Step-child",
    "step_father": "Step-child",
    "grandparent": "Grandchild",
    "foster_carer": "Foster child",
    "private_foster_carer": "Privately fostered child",
    "guardian": "Child under guardianship",
    "aunt_uncle": "Nephew or niece",
}
"""What `other` is of `person`; where nothing is said they are the same to each other."""
PAIRS = frozenset({"partner", "ex_partner"})
SIBLINGS = frozenset({"sibling", "half_sibling", "step_sibling"})
TURNED = "of_"
"""Before a kind that is told from the other side."""
COMING = "This day is still to come"


def told_from_the_other_side() -> dict[str, str]:
    """The same kinds as a form offers them where it is the other who was told of."""
    return {
        f"{TURNED}{kind}": f"{said} (the other is the {RELATIONS[kind].lower()})"
        for kind, said in FROM_THE_OTHER.items()
    }


def known(kind: str) -> bool:
    return kind in RELATIONS or (kind.startswith(TURNED) and kind.removeprefix(TURNED) in FROM_THE_OTHER)


def words(kind: str, unborn: bool = False) -> str:
    """What the one is of the other; kinds that partners' systems bring are shown as they came."""
    return _of(kind, RELATIONS.get(kind, kind.replace("_", " ").capitalize()), unborn)


def words_back(kind: str, unborn: bool = False) -> str:
    """What the other is of the one."""
    return _of(kind, FROM_THE_OTHER.get(kind) or words(kind), unborn)


def _of(kind: str, said: str, unborn: bool) -> str:
    return f"Unborn {said.lower()}" if unborn and (kind in SIBLINGS or kind in FROM_THE_OTHER) else said


def to_relate(
    kind: str, since: date | None, responsibility: bool | None, between: Iterable[str], today: date
) -> Iterable[Problem]:
    """Why a relationship cannot be recorded; `between` are those that these two have now, as it would be told."""
    between = set(between)
    if kind in between:
        yield Problem("This is recorded already", "kind")
    if kind == "ex_partner" and "partner" in between:
        yield Problem("They are recorded as partners: end that instead, with the day on which it ended", "kind")
    if kind in PAIRS and responsibility is not None:
        yield Problem("Partners have no parental responsibility for each other: leave this out", "responsibility")
    if since is not None and since > today:
        yield Problem(COMING, "since")


def to_end(since: date | None, until: date | None, mistake: bool, today: date) -> Iterable[Problem]:
    """Why it cannot end like this."""
    if mistake:
        return
    if until is None:
        yield Problem("Enter the day it ended", "until")
    elif until > today:
        yield Problem(COMING, "until")
    elif since is not None and until < since:
        yield Problem("This is before it began", "until")
