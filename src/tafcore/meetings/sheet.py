"""The hold screen over its draft: who is asked about, what has been typed, and what two people typed differently.

A field's name is its key in the draft, but for rows that come and go: `worried-3-words` on the page is
`worried-<row key>-words` in the draft.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from tafcore import drafts
from tafcore.actor import Actor
from tafcore.assessments import voice_rules
from tafcore.contributions import Problem
from tafcore.db import session, utcnow, writing
from tafcore.episodes.reading import EpisodeView, episode_of
from tafcore.families.access import FamilyView, PersonView
from tafcore.meetings import holding, households, reading, rules, scales, service
from tafcore.meetings import rows as listed
from tafcore.meetings.clearer import clearer
from tafcore.meetings.kept import Kept
from tafcore.meetings.models import Meeting
from tafcore.meetings.rows import RowView, TemplateRow
from tafcore.meetings.shapes import AttendeeView
from tafcore.plans.reading import PlanView, plan_of
from tafcore.plans.shares import of_share
from tafcore.standards import school, terms
from tafcore.standards.clock import bank_holiday, in_london, london_day
from tafcore.standards.words import day

OTHER, NO_DATE = "other", "none"


@dataclass(frozen=True)
class Who:
    """Somebody who may be here: `key` is part of their fields' names; `before` their last number."""

    key: str
    name: str
    organisation: str
    note: str
    person: PersonView | None
    user_id: int | None
    expected: bool
    before: int | None
    excused: bool = False

    @property
    def label(self) -> str:
        return self.person.forename if self.person else self.name


def field_of(name: str, form: Mapping[str, str]) -> str:
    """The draft's key of a field of the page."""
    rows, number, field = [*name.split("-", 2), "", ""][:3]
    row_key = form.get(f"{rows}-{number}-row_key")
    return f"{rows}-{row_key}-{field}" if row_key else name


class Sheet:
    """One meeting being held, before the eyes of one actor."""

    def __init__(self, meeting: Meeting, view: FamilyView, actor: Actor) -> None:
        self.meeting, self.view, self.actor = meeting, view, actor
        self.episode: EpisodeView | None = episode_of(view)
        self.share = households.share_at(view, meeting)
        whole = plan_of(view)
        self.plan: PlanView | None = of_share(whole, self.share) if whole and self.share else whole
        self.sent = reading.contributions(meeting)
        self.problems: dict[str, list[str]] = {}
        self.loose: list[Problem] = []
        self.theirs: dict[str, str] = {}
        self.asked_for = ""
        self._served: dict[str, int] = {}
        self.read()

    def read(self) -> None:
        """What is kept now."""
        self.draft = drafts.read(service.draft_subject(self.meeting.ref))
        self.values = dict(self.draft.values)
        self.kept = Kept(self.draft.values, self.view.shared, lambda: self.plan)

    # --- who ---------------------------------------------------------------------------------------------------------

    @cached_property
    def people(self) -> tuple[Who, ...]:
        """Children first, then the other family members, then practitioners: those invited, and those who may come."""
        before = scales.last_scales(self.view, self.meeting)
        invited = reading.attendees(self.view, self.meeting)
        found = [self._who(one, before) for one in invited]
        family = frozenset(self.view.own(one.person_id) for one in invited if one.person_id is not None)
        for person in self.view.people:
            apart = rules.together(family | {person.id}, self.view.safety) and not self.meeting.together_why
            if person.id not in family and person.role != "unborn" and not apart:
                found.append(
                    Who(
                        f"p{person.ref}",
                        person.name,
                        "",
                        person.role_words,
                        person,
                        None,
                        False,
                        before.get(f"person {person.id}"),
                    )
                )
        known = {(one.user_id or one.name) for one in found if one.person is None}
        for row in service.team_members(self.episode):
            if (row.user_id or row.name) not in known and row.user_id is not None:
                key, number = f"u{row.user_id}", before.get(f"user {row.user_id}")
                found.append(
                    Who(
                        key,
                        row.name or "",
                        row.organisation or "",
                        row.organisation or "",
                        None,
                        row.user_id,
                        False,
                        number,
                    )
                )
        return tuple(
            sorted(found, key=lambda one: (one.person is None, one.person is not None and not one.person.is_child))
        )

    def _who(self, one: AttendeeView, before: Mapping[str, int]) -> Who:
        person = self.view.seen(one.person_id)
        note = person.role_words if person else one.organisation
        if any(each.name.startswith(one.name) for each in self.sent) and person is None:
            note = f"{note}, sent words" if note else "sent words"
        elif one.reply == "not_coming":
            note = f"{note}, cannot come" if note else "cannot come"
        which = f"person {one.person_id}" if one.person_id else f"user {one.user_id}" if one.user_id else one.name
        excused, number = holding.excused(one), before.get(which)
        return Who(one.key, one.name, one.organisation, note, person, one.user_id, one.expected, number, excused)

    @cached_property
    def children(self) -> tuple[PersonView, ...]:
        """Whose voice is needed."""
        return holding.voices_needed(self.view, self.episode, self.share)

    def needs_voice(self, who: Who) -> bool:
        return who.person is not None and who.person in self.children

    def watched(self, child: PersonView) -> bool:
        """Whether children of this age are watched rather than asked."""
        on = london_day(self.meeting.starts_at)
        return voice_rules.first_way(child.born, child.due, on) == "watched"

    # --- what was typed ----------------------------------------------------------------------------------------------

    def value(self, field: str, default: str = "") -> str:
        """What a field shows; remembered, so that coming back untouched it is not taken for an edit."""
        shown = self.values.get(field, default)
        self._served[field] = _sum(shown)
        return shown

    @property
    def shown(self) -> drafts.Draft:
        """The draft without a word of which fields this screen has nothing of."""
        return replace(self.draft, revs={name: rev for name, rev in self.draft.revs.items() if not self.kept(name)})

    @property
    def heard_so_far(self) -> str:
        """The mark by which the page asks what is new since."""
        return drafts.marked(self.draft.subject, self.draft.heard)

    @property
    def served(self) -> str:
        """What the page showed, as short sums; ask for it last."""
        return json.dumps(self._served, separators=(",", ":"))

    def rows(self, name: str, blank: bool = True) -> tuple[RowView, ...]:
        """Rows of a list that hold anything, and an empty one to type in (always after its button was pressed)."""
        if "__" in name:  # under a row that the browser makes: its list has no name yet
            return (RowView(name, 0, "__key__", {"due": self._due_of(name)}),)
        keys = [*self.keys(name)]
        if (blank and not keys) or (blank and name in listed.LISTS) or self.asked_for == name:
            keys.append(drafts.new_row_key())
        found = []
        for number, key in enumerate(keys):
            begins = {"due": "" if f"{name}-{key}-words" in self.values else self._due_of(name)}
            fields = listed.fields_of(name)
            values = {field: self.value(f"{name}-{key}-{field}", begins.get(field, "")) for field in fields}
            found.append(RowView(name, number, key, values))
        return tuple(found)

    def clearer(self, row: RowView) -> str:
        """What would make a new goal or action clearer."""
        return clearer(row.id("")[:-1], self.values, london_day(utcnow()))

    def _due_of(self, name: str) -> str:
        """The day that a new row begins with: an action's alone, which is usually due when we meet next."""
        return self.by_then if name.startswith(listed.ACTIONS) else ""

    def keys(self, name: str) -> Iterator[str]:
        """Keys of the rows of a list that hold anything, in the order of their making."""
        return listed.keys(name, self.values)

    def template_row(self, name: str, due: bool = True) -> RowView:
        """What the browser makes new rows from; `due`: with the day that an action begins with."""
        return TemplateRow(name, 0, "__key__", {"due": self.by_then if due else ""})

    @property
    def boxes(self) -> list[str]:
        """Check boxes of the page: an unticked one is not posted, and means no."""
        names = [f"{what}-{who.key}" for who in self.people for what in ("here", "online")]
        names += [f"quiet-p{child.ref}" for child in self.children if not self.hidden_scale(child)]
        return [*names, "interpreter_came"]

    def hidden_scale(self, child: PersonView) -> bool:
        """Whether this child's number is kept from those who look at the screen now."""
        return self.kept(f"scale-p{child.ref}")

    def hidden_voice(self, child: PersonView) -> bool:
        """Whether this child's words are kept from those who look at the screen now."""
        return self.kept(f"voice-{child.ref}")

    def take(self, form: Mapping[str, str]) -> None:
        """The whole form, posted: its changes go into the draft, but for fields that somebody else changed too."""
        # Browsers post line ends as two characters and keep them as one; the draft holds one form of them.
        typed = {name: value.replace("\r\n", "\n") for name, value in form.items()}
        posted = {**dict.fromkeys(self.boxes, ""), **typed}
        self.asked_for = next((name.removeprefix("_add-") for name in posted if name.startswith("_add-")), "")
        removed = next((name.removeprefix("_remove-") for name in posted if name.startswith("_remove-")), "")
        if removed:
            rows = tuple(f"{row}-" for row in listed.below(removed, posted))
            posted = {
                name: "" if name.startswith(rows) and not name.endswith("-row_key") else value
                for name, value in posted.items()
            }
        kept = self._touched(posted)

        def keep() -> dict[str, dict[str, Any]]:
            with writing():
                # What is being finished elsewhere is waited for; the caller sees then that it is.
                session.refresh(self.meeting, with_for_update={"read": True})
                subject = service.draft_subject(self.meeting.ref)
                return drafts.compare_form(subject, kept, self.actor) if self.meeting.state == "scheduled" else {}

        conflicts = drafts.together(keep)
        self.read()
        for name, value in kept.items():
            if (field := field_of(name, kept)) in conflicts:
                self._differ(field, value, str(conflicts[field]["value"]))

    def _differ(self, field: str, mine: str, theirs: str) -> None:
        """Two wrote differently: both are shown, but what is kept from this screen stays where it is, unseen."""
        if self.kept(field):
            self.loose.append(Problem(f"{drafts.HIDDEN}. Yours was not kept: {mine}", field))
            self.theirs[field] = ""
            return
        self.theirs[field], self.values[field] = theirs, mine
        self.problems[field] = ["Somebody else changed this meanwhile. Yours is in the field; keep it or take theirs"]

    def _touched(self, posted: Mapping[str, str]) -> dict[str, str]:
        """Without the fields that moved on while this page showed, and left, an older value."""
        revs, served = _numbers(posted.get("_revs")), _numbers(posted.get("_served"))
        return {
            name: value
            for name, value in posted.items()
            if name.startswith("_")
            or (field := field_of(name, posted)) not in served
            or _sum(value) != served[field]
            or revs.get(field, 0) == self.draft.revs.get(field, 0)
        }

    # --- what is still missing ---------------------------------------------------------------------------------------

    def heard(self, child: PersonView) -> bool:
        """Whether the record has this child's number or words."""
        return bool(self.values.get(f"scale-p{child.ref}") or self.values.get(f"voice-{child.ref}", "").strip())

    @cached_property
    def gaps(self) -> Mapping[str, str]:
        """Needs without a goal, and goals without an action: reference -> what to do."""
        return holding.gaps_of(self.plan)

    def covered(self, ref: str) -> bool:
        """Whether what a need or a goal lacks is typed here."""
        return any(self.keys(listed.under(ref)))

    def here(self, who: Who) -> bool:
        """Whether somebody is ticked as taking part."""
        return bool(self.values.get(f"here-{who.key}") or self.values.get(f"online-{who.key}"))

    @property
    def missing(self) -> tuple[Who, ...]:
        """Who was invited and has not said that they cannot come: tick them, or say why they were not here."""
        return tuple(who for who in self.people if who.expected and not who.excused)

    # --- the next date -----------------------------------------------------------------------------------------------

    @cached_property
    def suggestion(self) -> tuple[datetime, datetime]:
        """(when the next meeting is due, the day and time to suggest)."""
        opened = self.episode.opened_at if self.episode else self.meeting.starts_at
        return service.suggested_at(self.view.id, opened, self.meeting.starts_at)

    @cached_property
    def picks(self) -> tuple[tuple[str, str], ...]:
        """The days to choose from: what is kept when one is chosen, and how it is said; in the calendar's order."""
        days = rules.next_days(london_day(self.suggestion[0]), london_day(utcnow()))
        return tuple((one.isoformat(), self._said(one)) for one in sorted(days))

    def _said(self, one: date) -> str:
        return day(one, london_day(utcnow()))

    @property
    def due_said(self) -> str:
        """The day the standard asks for, with its name where it is a bank holiday or schools are closed."""
        due = london_day(self.suggestion[0])
        closed = terms.on(school.known(), due)
        name = bank_holiday(due) or (f"in the {closed.name}" if closed else "")
        return f"{self._said(due)}, which is {name}" if name else self._said(due)

    @property
    def next_pick(self) -> str:
        """The day that is chosen: one of the picks, another one, or none."""
        suggested = in_london(self.suggestion[1]).date().isoformat()
        return self.value("next_pick", OTHER if self.values.get("next_day") else suggested)

    @property
    def by_then(self) -> str:
        """The day on which a new action is due unless somebody says otherwise: when we meet next."""
        return dict(self.picks).get(self.next_pick) or self.values.get("next_day", "")

    @property
    def next_time(self) -> str:
        return self.value("next_time", f"{in_london(self.suggestion[1]):%H:%M}")


def _sum(value: str) -> int:
    return zlib.crc32(value.replace("\r\n", "\n").encode())


def _numbers(text: str | None) -> dict[str, int]:
    try:
        return {str(name): int(number) for name, number in json.loads(text or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}
