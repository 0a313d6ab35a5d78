"""The page that answers a contact: only the answers that can be given now, each with what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from wtforms.fields import SelectChoice

from tafcore.accounts.models import Team
from tafcore.actor import Actor
from tafcore.contacts import grading, rules
from tafcore.contacts.commands import AnswerContact
from tafcore.contacts.forms import AnswerForm
from tafcore.contacts.reading import ContactView
from tafcore.db import session, utcnow
from tafcore.directory.reading import suited
from tafcore.episodes import service as episodes
from tafcore.families.access import PersonView, visible_family_by_id
from tafcore.fields import options
from tafcore.formpage import FormPage
from tafcore.people.rules import CHILD_ROLES
from tafcore.standards.clock import london_day

HINTS: Mapping[str, str] = {
    "hub_support": "Opens early help for the family",
    "early_help_assessment": "Opens early help for the family",
    "joined_open_episode": "The lead professional is told",
    "stepped_up": "For a child who may be at risk of significant harm. Ring MASH first. All that was typed goes on to "
    "the step-up form",
    "duplicate": "The same request or concern was registered twice",
}


class AnswerPage:
    """One request of that page."""

    def __init__(self, contact: ContactView, actor: Actor) -> None:
        self.contact, self.actor = contact, actor
        self.children: tuple[PersonView, ...] = ()
        self.episode_open = False
        if contact.family_id is not None:
            self.children = visible_family_by_id(contact.family_id, actor, "contact").living_children
            self.episode_open = episodes.episode_now(contact.family_id) is not None
        self.asks_levels = bool(self.children) and not self.episode_open
        self.asks_grade = rules.professional(contact.source) and grading.grade_of(contact.id) is None
        self.unspoken = all(clock.done is None for clock in contact.clocks if clock.name == "First conversation")
        rows = [{"person": child.ref} for child in self.children] if self.asks_levels else []
        answers = [(code, rules.ANSWERS[code].words) for code in rules.ANSWERS if self._possible(code)]
        self.page = FormPage(AnswerForm, AnswerContact, initial={"children": rows}, choices={"answer": answers})
        self.page.form.service.choices = self._services()
        self.page.row_numbers["children"] = [place for place, row in enumerate(self._rows) if row.level.data]

    def _services(self) -> list[SelectChoice]:
        """Those first that suit: for the children's ages, near, open now, with the shortest wait."""
        today, people = london_day(utcnow()), [one.details for one in self.contact.people]
        ages = [rules.age_now(one.born, today) for one in people if one.born and one.role in CHILD_ROLES]
        postcode = next((one.postcode for one in people if one.postcode), None)
        here = select(Team.neighbourhood_id).where(Team.id == self.contact.team_id)
        found = suited(ages, session.scalar(here), postcode, utcnow())
        fit = [(one.service.id, one.label) for one in found if one.suits]
        rest = [(one.service.id, f"For other ages: {one.label}") for one in found if not one.suits]
        return options([("", "Choose a service"), *fit, *rest])

    def command(self) -> Any:
        """What was answered. Raises ValidationError."""
        levels = [
            {"person": row.person.data, "level": row.level.data, "reason": row.reason.data}
            for row in self._rows
            if row.level.data
        ]
        return self.page.command(contact=self.contact.ref, children=levels, grade=self._grade())

    @property
    def steps_up(self) -> bool:
        """Whether what was typed goes on to the step-up form, and the contact is answered when that is sent."""
        chosen = self.page.form.answer.data == "stepped_up"
        return chosen and bool(self.contact.family_ref) and self.actor.may("steps.start")

    def _grade(self) -> dict[str, str] | None:
        """How a professional's referral was."""
        given = {name: value for name, value in self.page.form.grade.data.items() if value}
        return given if self.asks_grade and given else None

    @property
    def hints(self) -> Mapping[str, str]:
        return HINTS

    @property
    def _rows(self) -> list[Any]:
        return [one.form for one in self.page.form.children.entries]

    def _possible(self, code: str) -> bool:
        if code == "joined_open_episode":
            return self.episode_open
        return self.contact.linked or not rules.ANSWERS[code].family
