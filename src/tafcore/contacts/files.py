"""The file `contacts`: one row per contact, as a school office can fill it in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pydantic import ValidationError

from tafcore.actor import Actor
from tafcore.contacts import rules, service
from tafcore.contacts.commands import RegisterContact
from tafcore.contacts.models import Contact
from tafcore.contacts.registering import admit
from tafcore.contributions import Import, Problem
from tafcore.days import parse_day
from tafcore.db import utcnow
from tafcore.standards.clock import LONDON, london_day
from tafcore.vocabulary import problems_of
from tafcore.work import Refused

SPREADSHEETS_BEGIN = date(1899, 12, 30)
PEOPLE = {"child": "the child", "child2": "a second child", "child3": "a third child", "adult": "a parent or carer"}
ABOUT = {
    "forename": "First name",
    "surname": "Surname",
    "born": "Date of birth, day first (or the due date of an unborn child)",
    "role": "child, sibling, unborn; for an adult mother, father, carer, other_adult",
    "sex": "F, M or U",
    "nhs_number": "NHS number",
    "upn": "Unique pupil number",
    "school_urn": "URN of the school",
    "phone": "Telephone number",
    "email": "Email address",
    "language": "Language spoken at home",
}
ONLY_ADULT = {"phone", "email", "language"}
ONLY_CHILD = {"upn", "school_urn", "nhs_number", "sex"}
PLAIN = (
    "channel",
    "source",
    "urgency",
    "level",
    "wants",
    "worries",
    "strengths",
    "tried",
    "family_knows",
    "safe_how",
    "safe_when",
)
ALIASES = {
    "first name": "child_forename",
    "forename": "child_forename",
    "child first name": "child_forename",
    "child name": "child_forename",
    "surname": "child_surname",
    "last name": "child_surname",
    "family name": "child_surname",
    "child last name": "child_surname",
    "date of birth": "child_born",
    "dob": "child_born",
    "child date of birth": "child_born",
    "child dob": "child_born",
    "gender": "child_sex",
    "sex": "child_sex",
    "nhs number": "child_nhs_number",
    "nhs no": "child_nhs_number",
    "upn": "child_upn",
    "urn": "child_school_urn",
    "parent first name": "adult_forename",
    "parent surname": "adult_surname",
    "parent last name": "adult_surname",
    "phone": "adult_phone",
    "telephone": "adult_phone",
    "mobile": "adult_phone",
    "parent phone": "adult_phone",
    "email": "adult_email",
    "e-mail": "adult_email",
    "parent email": "adult_email",
    "language": "adult_language",
    "home language": "adult_language",
    "post code": "postcode",
    "date received": "received",
    "received at": "received",
    "date of contact": "received",
    "contact source": "source",
    "referred by": "referrer_name",
    "referrer": "referrer_name",
    "school": "referrer_organisation",
    "organisation": "referrer_organisation",
    "reason": "worries",
    "concerns": "worries",
    "what is wanted": "wants",
    "already tried": "tried",
    "police reference": "origin_reference",
    "crime reference": "origin_reference",
    "their reference": "origin_reference",
    "officer": "origin_officer",
    "allocated worker": "origin_officer",
    "date of letter": "origin_written_on",
    "date of notification": "origin_written_on",
    "what the child saw": "origin_witnessed",
    "closure date": "origin_ends_on",
    "outstanding actions": "origin_outstanding",
}
REFERRER = {
    "name": "Name of who told you",
    "organisation": "Organisation of who told you",
    "email": "Email of who told you",
    "phone": "Phone of who told you",
    "address": "Address of who told you, for a letter",
    "reply_how": f"How they want to hear: {', '.join(rules.REPLY_HOW)}",
}


ORIGIN = {
    "reference": "Reference of the police, the sender or social care",
    "officer": "Officer of a police notification, or allocated worker of a step-down",
    "written_on": "Day on the letter or notification, day first",
    "witnessed": "Police notification: where the child was, what they saw or heard",
    "ends_on": "Step-down: day statutory work ends, day first",
    "outstanding": "Step-down: what is left to do by then",
}
"""What comes with a police notification, a letter or a step-down, as contacts.rules.ORIGINS are asked on the form."""
AGREEMENT = {
    "scope": f"Whom they agree to share with, with spaces between: {', '.join(rules.SCOPE)}",
    "told": "What they were told about help and sharing, or why telling was unsafe",
    "reason": "If they do not agree: why, in their words",
}


def _columns() -> dict[str, str]:
    columns = {
        "received": "Day it was received, day first; empty for today",
        "channel": ", ".join(rules.CHANNELS),
        "source": "Code of who told you, such as 2A for a school",
        **{f"referrer_{name}": words for name, words in REFERRER.items()},
        "urgency": ", ".join(rules.URGENCIES),
        "level": "Level of need proposed, 1 to 4",
        "wants": "What they want",
        "worries": "What anybody is worried about",
        "strengths": "What is working well",
        "tried": "What has been tried already, and what came of it",
        "family_knows": "What the family know of this",
        "safe_how": "How we can ring back safely",
        "safe_when": "When",
        "safe_never": "Never on or at",
        "agreement": f"{', '.join(rules.AGREEMENTS)}: the adult's answer",
        **{f"agreement_{name}": words for name, words in AGREEMENT.items()},
        **{f"origin_{name}": words for name, words in ORIGIN.items()},
        "address": "Where they live",
        "postcode": "Postcode",
    }
    for prefix, whom in PEOPLE.items():
        unfit = ONLY_CHILD if prefix == "adult" else ONLY_ADULT
        columns |= {f"{prefix}_{name}": f"{words}, {whom}" for name, words in ABOUT.items() if name not in unfit}
    return columns


def imports() -> list[Import]:
    """What contacts let `tafcore import` read."""
    title = "Contacts, one row each"
    return [Import("contacts", title, _columns(), command, apply, order=10, check=admit, aliases=ALIASES)]


def command(values: Mapping[str, str]) -> RegisterContact:
    """The contact of one row. Raises Refused, each problem at its column."""
    faults: list[Problem] = []
    row = {name: value for name, value in values.items() if value.strip()}
    prefixes = [prefix for prefix in PEOPLE if any(name.startswith(f"{prefix}_") for name in row)]
    asked: dict[str, Any] = {name: row[name] for name in (*PLAIN, "safe_never") if name in row}
    asked["referrer"] = {name: row[f"referrer_{name}"] for name in REFERRER if f"referrer_{name}" in row}
    asked["people"] = [_person(prefix, row, faults) for prefix in prefixes]
    if "received" in row:
        day = _read_day("received", row, faults)
        asked["received_at"] = _noon(day) if day else None
    if any(name in row for name in ("agreement", *(f"agreement_{part}" for part in AGREEMENT))):
        asked["agreement"] = _answer(row, prefixes)
    asked["origin"] = _origin(row, faults)
    try:
        made = RegisterContact.model_validate(asked)
    except ValidationError as fault:
        raise Refused(faults + _at_columns(problems_of(fault), prefixes)) from fault
    if faults:
        raise Refused(faults)
    return made


def apply(asked: RegisterContact, actor: Actor) -> Contact:
    """Register it. Raises Refused."""
    return service.register(asked, actor)


def _answer(row: Mapping[str, str], prefixes: list[str]) -> dict[str, Any]:
    """The adult's answer to the offer of help."""
    told: dict[str, Any] = {name: row[f"agreement_{name}"] for name in ("told", "reason") if f"agreement_{name}" in row}
    told["scope"] = row.get("agreement_scope", "").replace(",", " ").replace(";", " ").split()
    if "agreement" in row:
        told["status"] = row["agreement"]
    return told | {"by": prefixes.index("adult") if "adult" in prefixes else None}


def _origin(row: Mapping[str, str], faults: list[Problem]) -> dict[str, Any]:
    told: dict[str, Any] = {name: row[f"origin_{name}"] for name in ORIGIN if f"origin_{name}" in row}
    for name in ("written_on", "ends_on"):
        if name in told:
            told[name] = _read_day(f"origin_{name}", row, faults, ahead=name == "ends_on")
    return told


def _person(prefix: str, row: Mapping[str, str], faults: list[Problem]) -> dict[str, Any]:
    told: dict[str, Any] = {name: row[f"{prefix}_{name}"] for name in ABOUT if f"{prefix}_{name}" in row}
    told.setdefault("role", "other_adult" if prefix == "adult" else "child")
    told |= {name: row[name] for name in ("address", "postcode") if name in row}
    if "born" in told:
        unborn = told["role"] == "unborn"
        del told["born"]
        told["due" if unborn else "born"] = _read_day(f"{prefix}_born", row, faults, ahead=unborn)
    return told


def _day(text: str, ahead: bool = False) -> date:
    """A day as it is typed, or the number a spreadsheet makes of one when it saves a CSV. Raises ValueError."""
    if re.fullmatch(r"[1-7]\d{4}", text.strip()):
        return SPREADSHEETS_BEGIN + timedelta(days=int(text))
    return parse_day(text, london_day(utcnow()), ahead=ahead)


def _noon(day: date) -> datetime:
    """Noon of that day, or now where that is still to come today."""
    noon, now = datetime.combine(day, time(12), LONDON).astimezone(UTC), utcnow()
    return min(noon, now) if day == london_day(now) else noon


def _read_day(column: str, row: Mapping[str, str], faults: list[Problem], ahead: bool = False) -> date | None:
    """The day in a column; None, and a fault more, where it cannot be read."""
    try:
        return _day(row[column], ahead)
    except ValueError as fault:
        faults.append(Problem(str(fault), column))
        return None


def _at_columns(problems: list[Problem], prefixes: list[str]) -> list[Problem]:
    """The same problems, at columns instead of paths."""
    found = []
    for problem in problems:
        steps = problem.field.split(".")
        column = "_".join(steps)
        if steps[0] == "people" and len(steps) > 2:
            column = steps[2] if steps[2] in ("address", "postcode") else f"{prefixes[int(steps[1])]}_{steps[2]}"
        if steps[0] == "agreement":
            part = next((step for step in steps[1:] if step in AGREEMENT), "")
            column = f"agreement_{part}" if part else "agreement"
        found.append(Problem(problem.message, column))
    return found
