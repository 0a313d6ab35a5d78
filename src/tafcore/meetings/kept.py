"""What is typed at a meeting and not for everybody in the room: which fields a shared screen has nothing of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from tafcore.meetings import rows
from tafcore.plans.reading import PlanView


class Kept:
    """Asked of a field of the draft, says whether its value is kept from those who look at the screen now.

    A number or words that a child keeps from the room, a line that is not for sharing, what is said of a part of the
    plan that they may not read, or under it. `plan` is what the screen may have of the plan.
    """

    def __init__(self, values: Mapping[str, str], shared: bool, plan: Callable[[], PlanView | None]) -> None:
        self._values, self._shared, self._plan = values, shared, plan

    def __call__(self, field: str) -> bool:
        if not self._shared:
            return False
        what, _, whose = field.partition("-")
        if what == "scale":
            return bool(self._values.get(f"quiet-{whose}"))
        if what == "voice":
            return bool(self._values.get(field, "").strip()) and self._values.get(f"voicewho-{whose}") != "parents"
        if what == "private":
            return True
        part = self._belonging.part(field)
        return bool(part) and part not in self._shown

    @cached_property
    def _belonging(self) -> rows.Belonging:
        return rows.Belonging(self._values)

    @cached_property
    def _shown(self) -> frozenset[str]:
        plan = self._plan()
        lists: tuple[Sequence[Any], ...] = (plan.needs, plan.goals, plan.actions) if plan else ()
        return frozenset(one.ref.replace("-", "") for parts in lists for one in parts)

    @property
    def of_the_plan(self) -> bool:
        """Whether anything typed is of a part of the plan that this screen has nothing of."""
        parts = {self._belonging.part(field) for field, value in self._values.items() if value.strip()}
        return self._shared and bool(parts - {""} - self._shown)
