"""The file `contacts`: one row per contact, as a school office can fill it in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
}
REFERRER = {
    "name": "Name of who told you",
    "organisation": "Organisation of who told you",
    "email": "Email of who told you",
    "phone": "Phone of who told you",
    "address": "Address of who told you, for a letter",
    "reply_how": f"How they want to hear: {', '.join(rules.REPLY_HOW)}",
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
        "family_knows": "What the family know of this",
        "safe_how": "How we can ring back safely",
        "safe_when": "When",
        "safe_never": "Never on or at",
        "agreement": f"{', '.join(rules.AGREEMENTS)}: the adult's answer",
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
    row = {name: value for name, value in values.items() if value.strip()}
    prefixes = [prefix for prefix in PEOPLE if any(name.startswith(f"{prefix}_") for name in row)]
    asked: dict[str, Any] = {name: row[name] for name in (*PLAIN, "safe_never") if name in row}
    asked["referrer"] = {name: row[f"referrer_{name}"] for name in REFERRER if f"referrer_{name}" in row}
    asked["people"] = [_person(prefix, row) for prefix in prefixes]
    if "received" in row:
        day = _read("received", lambda: _day(row["received"]))
        asked["received_at"] = _noon(day)
    if "agreement" in row:
        by = prefixes.index("adult") if "adult" in prefixes else None
        asked["agreement"] = {"status": row["agreement"], "by": by}
    try:
        return RegisterContact.model_validate(asked)
    except ValidationError as fault:
        raise Refused(_at_columns(problems_of(fault), prefixes)) from fault


def apply(asked: RegisterContact, actor: Actor) -> Contact:
    """Register it. Raises Refused."""
    return service.register(asked, actor)


def _person(prefix: str, row: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {name: row[f"{prefix}_{name}"] for name in ABOUT if f"{prefix}_{name}" in row}
    told.setdefault("role", "other_adult" if prefix == "adult" else "child")
    told |= {name: row[name] for name in ("address", "postcode") if name in row}
    if "born" in told:
        unborn = told["role"] == "unborn"
        day = _read(f"{prefix}_born", lambda: _day(told.pop("born"), ahead=unborn))
        told["due" if unborn else "born"] = day
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


def _read(column: str, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except ValueError as fault:
        raise Refused([Problem(str(fault), column)]) from fault


def _at_columns(problems: list[Problem], prefixes: list[str]) -> list[Problem]:
    """The same problems, at columns instead of paths."""
    found = []
    for problem in problems:
        steps = problem.field.split(".")
        column = "_".join(steps)
        if steps[0] == "people" and len(steps) > 2:
            column = steps[2] if steps[2] in ("address", "postcode") else f"{prefixes[int(steps[1])]}_{steps[2]}"
        found.append(Problem(problem.message, "agreement" if steps[0] == "agreement" else column))
    return found
