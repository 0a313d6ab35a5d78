"""Words and rules about people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

FACTS = {
    "address": "Where they live",
    "school": "School or setting",
    "hub": "Hub they use",
    "worker": "Who helps them",
    "attendance": "When they come or attend",
    "refuge": "That they have been in a refuge",
    "contact": "Phone numbers and e-mail",
    "help": "That there is help at all",
}

CHILD_ROLES = frozenset({"child", "sibling", "unborn"})
ROLES = {
    "child": "Child",
    "mother": "Mother",
    "father": "Father",
    "carer": "Carer",
    "sibling": "Sibling",
    "other_adult": "Other adult",
    "unborn": "Unborn child",
}
PARENTS = frozenset(
    {"mother", "father", "step_mother", "step_father", "foster_carer", "private_foster_carer", "guardian"}
)
"""Kinds of relationship by which a child is somebody's."""
ETHNIC_GROUPS = {
    "White": ("WBRI", "WIRI", "WIRT", "WOTH", "WROM"),
    "Mixed": ("MWBC", "MWBA", "MWAS", "MOTH"),
    "Asian": ("AIND", "APKN", "ABAN", "AOTH", "CHNE"),
    "Black": ("BCRB", "BAFR", "BOTH"),
    "Another group": ("OOTH",),
}
GROUP_OF = {code: group for group, codes in ETHNIC_GROUPS.items() for code in codes}
"""Code of the DfE -> the group it is counted in."""
SEXES = {"F": "Female", "M": "Male", "U": "Not known"}


def told_name(forename: str | None, surname: str | None, role: str) -> str:
    """The name as told, or the role."""
    return " ".join(part for part in (forename, surname) if part) or role.replace("_", " ")


def told_names(people: Iterable[tuple[str | None, str | None, str]]) -> str:
    """Several (forename, surname, role) as told: `"Priya, Isla and Zara Ashard, Tom Hill"`. A surname is said once,
    where the first who has it stands."""
    said: dict[object, list[str]] = {}
    surnames: dict[object, str] = {}
    for number, (forename, surname, role) in enumerate(people):
        if forename and surname:
            key: object = surname.casefold()
            said.setdefault(key, []).append(forename)
            surnames.setdefault(key, f" {surname}")
        else:
            said[number] = [told_name(forename, surname, role)]
    together = ((key, " and ".join(filter(None, (", ".join(one[:-1]), one[-1])))) for key, one in said.items())
    return ", ".join(f"{firsts}{surnames.get(key, '')}" for key, firsts in together)


def hidden_facts(rules: Iterable[tuple[int, int, str]], audience: frozenset[int]) -> Mapping[int, frozenset[str]]:
    """person id -> facts hidden from `audience` (person ids), from (protected, from, facts) rows of active rules.

    One person of the audience from whom a fact is hidden hides it from the whole audience: they sit in one room.
    """
    hidden: dict[int, frozenset[str]] = {}
    for protected, danger, facts in rules:
        if danger in audience:
            hidden[protected] = hidden.get(protected, frozenset()) | frozenset(facts.split())
    return hidden
