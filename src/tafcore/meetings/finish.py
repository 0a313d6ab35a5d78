"""From what was typed on the hold screen to one command, and from its faults back to the fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from tafcore.contributions import Problem
from tafcore.db import utcnow
from tafcore.meetings import holding, rules, typed
from tafcore.meetings.commands import HoldMeeting
from tafcore.meetings.rows import NEEDED, goal_list, new_list
from tafcore.meetings.sheet import NO_DATE, OTHER, Sheet, Who
from tafcore.plans.reading import PlanView
from tafcore.standards.clock import london_day
from tafcore.vocabulary import problems_of
from tafcore.work import Refused

T = TypeVar("T")
ALONE = "Something is not complete that is not shown on this screen: finish when you are alone with it"

EMPTY = {
    ("contributions", "name"): "Say whose words these are",
    ("contributions", "words"): "Write what they sent",
    ("attendance", "name"): "Give the name of somebody else who is here",
    ("new_actions", "words"): "Write the new action",
    ("new_goals", "words"): "Write what will be different",
    ("new_needs", "words"): "Write the need in the family’s words",
    ("new_needs", "outcome"): "Choose what the need is about",
    ("levels", "reason"): "Say why the level of need changes",
    ("withheld", "words"): "Write the line that is not for sharing",
    ("withheld", "reason"): "Say why the line is not shared",
    ("withheld", "decided_by"): "Say who decided that the line is not shared",
}


class Finish:
    """Builds the command part by part, remembering the field behind every part. `plan` is the whole of it: what was
    typed alone of a part that this screen has nothing of is finished too.

    `anchors["updates.2.words"]` is the field of the page to put that part's fault beside.
    """

    def __init__(self, sheet: Sheet, plan: PlanView | None) -> None:
        self.sheet, self.plan = sheet, plan
        self.today = london_day(utcnow())
        self.parts: dict[str, list[dict[str, Any]]] = {}
        self.anchors: dict[str, str] = {}
        self.faults: list[Problem] = []

    def command(self) -> HoldMeeting:
        """The command. Raises Refused with every fault, at the command's own paths (see `show`)."""
        self._attendance()
        self._rows()
        self._voices()
        self._plan()
        single = self._single()
        try:
            made = HoldMeeting.model_validate({"meeting": self.sheet.meeting.ref, **self.parts, **single})
        except ValidationError as fault:
            raise Refused([*self.faults, *problems_of(fault), *self._missing()]) from None
        if self.faults:
            raise Refused([*self.faults, *self._missing()])
        return made

    def _missing(self) -> list[Problem]:
        """What the rules will ask for once the rest can be read: everything is said at once."""
        new = ("new_needs", "new_goals", "new_actions")
        asked = (*new, "attendance", "scales", "voices", "missing", "ratings", "gaps")
        told = {name: [part for part in self.parts.get(name, []) if self._readable(name, part)] for name in asked}
        so_far = HoldMeeting.model_validate({"meeting": self.sheet.meeting.ref, **told})
        return rules.may_hold(
            holding.sitting(self.sheet.meeting, self.sheet.view, self.sheet.view, self.sheet.plan), so_far
        )

    def _readable(self, name: str, part: dict[str, Any]) -> bool:
        """Whether a part can be read: its faults are said already where it cannot."""
        try:
            HoldMeeting.model_validate({"meeting": self.sheet.meeting.ref, name: [part]})
        except ValidationError:
            return False
        return True

    def show(self, problems: list[Problem]) -> None:
        """Put every fault beside its field, or at the top where it belongs to none."""
        for problem in problems:
            field = self._anchor(problem.field)
            unseen = problem.field.startswith("gap.") and not field  # of a part of the plan that is not for the room
            if unseen or (field and self.sheet.kept(field)):
                self._unsaid(field)
            elif field:
                self.sheet.problems.setdefault(field, []).append(_plainly(problem))
            else:
                self.sheet.loose.append(problem)

    def _unsaid(self, field: str) -> None:
        """A fault of what is kept from this screen, without a word of what it is."""
        if not any(one.message == ALONE for one in self.sheet.loose):
            self.sheet.loose.append(Problem(ALONE, field))

    def _anchor(self, path: str) -> str:
        if path.startswith("missing.") and not path.split(".")[1].isdigit():
            return f"silent-{path.removeprefix('missing.')}"
        while path and path not in self.anchors:
            path = path.rpartition(".")[0]
        return self.anchors.get(path, "")

    def _add(self, group: str, values: dict[str, Any], whole: str, **fields: str) -> None:
        """A part of the command; `whole` is the field for faults of the part, `fields` those of its single values."""
        number = len(self.parts.setdefault(group, []))
        self.parts[group].append({name: value for name, value in values.items() if value not in ("", None)})
        self.anchors[f"{group}.{number}"] = whole
        self.anchors.update({f"{group}.{number}.{name}": field for name, field in fields.items()})

    def _value(self, field: str) -> str:
        return self.sheet.values.get(field, "")

    def _parsed(self, parse: Callable[..., T], text: str, path: str, *more: Any) -> T | None:
        try:
            return parse(text, *more) if text.strip() else None
        except ValueError as fault:
            self.faults.append(Problem(str(fault), path))
            return None

    def _day(self, field: str) -> date | None:
        self.anchors[field] = field
        return self._parsed(typed.day_ahead, self._value(field), field, self.today)

    # --- parts -------------------------------------------------------------------------------------------------------

    def _attendance(self) -> None:
        online_only = not self.sheet.meeting.place
        self.anchors["attendance"] = "here-1"
        for number, who in enumerate(self.sheet.people, 1):
            here, online = self._value(f"here-{who.key}"), self._value(f"online-{who.key}")
            if here or online:
                how = "online" if online or online_only else "present"
                self._add("attendance", {**_identity(who), "how": how}, f"here-{number}")
            elif why := self._value(f"absent-{who.key}"):
                self._add("attendance", {**_identity(who), "how": "absent", "why": why}, f"absent-{who.key}")
            self.anchors[f"absent.{_identified(who)}"] = f"absent-{who.key}"
            value = self._value(f"scale-{who.key}")
            if value:
                quiet = bool(self._value(f"quiet-{who.key}"))
                self._add("scales", {**_identity(who, False), "value": value, "private": quiet}, f"scale-{who.key}")
        for key in self.sheet.keys("guests"):
            name, organisation = f"guests-{key}-name", f"guests-{key}-organisation"
            guest = {"name": self._value(name), "organisation": self._value(organisation)}
            self._add("attendance", {**guest, "how": "online" if online_only else "present"}, organisation, name=name)

    def _rows(self) -> None:
        for key in self.sheet.keys("sent"):
            name, words = f"sent-{key}-name", f"sent-{key}-words"
            self._add("contributions", {}, words, name=name, words=words)
            self.parts["contributions"][-1].update(name=self._value(name), words=self._value(words))
        for column in rules.COLUMNS:
            for key in self.sheet.keys(column):
                line = {"column": column, "words": self._value(f"{column}-{key}-words")}
                self._add("lines", {**line, "about": self._value(f"{column}-{key}-about")}, f"{column}-{key}-words")
        for key in self.sheet.keys("decided"):
            decision = {"words": self._value(f"decided-{key}-words"), "about": self._value(f"decided-{key}-about")}
            self._add("decisions", decision, f"decided-{key}-words")
        for key in self.sheet.keys("private"):
            names = {name: f"private-{key}-{name}" for name in ("column", "words", "about", "reason", "decided_by")}
            values = {name: self._value(field) for name, field in names.items()}
            needed = {name: values[name] for name in ("words", "reason", "decided_by")}
            self._add("withheld", values | {"column": values["column"] or "worried"}, names["words"], **names)
            self.parts["withheld"][-1].update(needed)  # an empty one is a fault to show, not something left out

    def _voices(self) -> None:
        for child in self.sheet.children:
            words = self._value(f"voice-{child.ref}")
            if words.strip():
                how, audience = self._value(f"voicehow-{child.ref}"), self._value(f"voicewho-{child.ref}")
                usual = "observation" if self.sheet.watched(child) else "spoken"
                values = {"person": child.ref, "words": words, "how": how or usual, "audience": audience}
                self._add("voices", values, f"voice-{child.ref}", audience=f"voicewho-{child.ref}")
            why = self._value(f"silent-{child.ref}")
            if why.strip() and not self.sheet.heard(child):
                self._add("missing", {"person": child.ref, "reason": why}, f"silent-{child.ref}")
            level, now = self._value(f"level-{child.ref}"), self._level_now(child.id)
            if level and level != now:
                reason = self._value(f"levelwhy-{child.ref}")
                part = {"person": child.ref, "level": level}
                self._add("levels", part, f"levelwhy-{child.ref}", level=f"level-{child.ref}")
                self.parts["levels"][-1]["reason"] = reason

    def _level_now(self, person_id: int) -> str:
        levels = self.sheet.episode.levels if self.sheet.episode else {}
        return str(levels[person_id].level) if person_id in levels else ""

    def _plan(self) -> None:
        for need in self.plan.needs if self.plan else ():
            self._new_goals(need.ref)
        for key in self.sheet.keys(NEEDED):
            self._new_need(key)
        for goal in self.plan.goals if self.plan else ():
            rating = self._value(f"rate-{goal.ref}")
            if rating:
                proof = f"proof-{goal.ref}"
                self._add("ratings", {"goal": goal.ref, "rating": rating, "evidence": self._value(proof)}, proof)
            self._new_actions(goal.ref)
        for ref in holding.gaps_of(self.plan):
            self._gap(ref, f"gap-{ref}", self.sheet.covered(ref))
        for action in self.plan.actions if self.plan else ():
            change = self._value(f"did-{action.ref}")
            if change:
                why, when = f"why-{action.ref}", f"day-{action.ref}"
                due = self._day(when) if change == "moved" else None
                values = {"action": action.ref, "change": change, "words": self._value(why), "due": due}
                self._add("updates", values, when if change == "moved" else why, words=why, due=when)

    def _gap(self, part: str, field: str, covered: bool) -> None:
        """Why something lacks what is under it; nothing that is covered meanwhile lacks it."""
        self.anchors[f"gap.{part}"] = field
        if not covered and self._value(field).strip():
            self._add("gaps", {"part": part, "reason": self._value(field)}, field)

    def _new_need(self, key: str) -> None:
        row = f"{NEEDED}-{key}"
        words, about, outcome = f"{row}-words", f"{row}-about", f"{row}-outcome"
        part = {"key": key, "about": self._value(about)}
        self._add("new_needs", part, words, words=words, about=about, outcome=outcome)
        self.parts["new_needs"][-1].update(words=self._value(words))
        if self._value(outcome):
            self.parts["new_needs"][-1]["outcome"] = self._value(outcome)
        self._new_goals(key)
        self._gap(key, f"{row}-why", any(self.sheet.keys(goal_list(key))))

    def _new_goals(self, need: str) -> None:
        """Those typed under a need, by its reference or the key of its row."""
        for key in self.sheet.keys(goal_list(need)):
            row = f"{goal_list(need)}-{key}"
            words, due = f"{row}-words", f"{row}-due"
            self._add("new_goals", {"key": key, "need": need, "due": self._day(due)}, words, words=words, due=due)
            self.parts["new_goals"][-1]["words"] = self._value(words)
            if not self._value(due).strip():
                self.faults.append(Problem("Say by when, such as 25 Nov", due))
            self._new_actions(key)
            self._gap(key, f"{row}-why", any(self.sheet.keys(new_list(key))))

    def _new_actions(self, goal: str) -> None:
        for key in self.sheet.keys(new_list(goal)):
            self._new_action(goal, f"{new_list(goal)}-{key}")

    def _new_action(self, goal: str, row: str) -> None:
        words, owner, due = f"{row}-words", f"{row}-owner", f"{row}-due"
        kind, _, who = self._value(owner).partition(":")
        field = {"p": "owner_person", "u": "owner_user", "n": "owner_name"}.get(kind)
        values = {"goal": goal, "words": self._value(words), "due": self._day(due), **({field: who} if field else {})}
        self._add("new_actions", values, words, words=words, due=due, owner=owner)
        self.parts["new_actions"][-1]["words"] = self._value(words)
        if not self._value(due).strip():
            self.faults.append(Problem("Say by when, such as 25 Nov", due))
        if field is None:
            self.anchors[owner] = owner
            self.faults.append(Problem("Say who does it", owner))

    def _single(self) -> dict[str, Any]:
        sheet = self.sheet
        for name in ("chair", "note_taker", "family_view", "next_place", "next_link"):
            self.anchors[name] = name
        self.anchors["next_at"] = "next_day"
        values = {name: self._value(name) for name in ("chair", "note_taker", "family_view", "next_place", "next_link")}
        came = bool(self._value("interpreter_came")) if sheet.meeting.interpreter else None
        return {**values, "interpreter_came": came, "next_at": self._next_at()}

    def _next_at(self) -> datetime | None:
        self.anchors.update(next_time="next_time", next_pick="next_pick")
        if self._value("next_pick") == NO_DATE:
            return None
        pick, at = self._value("next_pick"), self._value("next_time")
        other = pick in ("", OTHER)
        day = self._day("next_day") if other else self._parsed(date.fromisoformat, pick, "next_pick")
        if day is None:
            return None
        if not at.strip():
            self.faults.append(Problem(typed.HOW_TIME, "next_time"))
        hour = self._parsed(typed.time_of_day, at, "next_time")
        return typed.moment(day, hour) if hour else None


def _plainly(problem: Problem) -> str:
    """What to do about an empty field, in words that stand alone in the summary."""
    steps = problem.field.split(".")
    if len(steps) == 3 and problem.message in ("Enter some words", "This is needed"):
        return EMPTY.get((steps[0], steps[2]), problem.message)
    return problem.message


def _identified(who: Who) -> str:
    return rules.who(who.person.ref if who.person else None, who.user_id, who.name, who.organisation)


def _identity(who: Who, organisation: bool = True) -> dict[str, Any]:
    if who.person is not None:
        return {"person": who.person.ref}
    named: dict[str, Any] = {"name": who.name}
    if who.user_id is not None:
        named["user"] = who.user_id
    return {**named, "organisation": who.organisation} if organisation else named
