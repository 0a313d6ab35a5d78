"""The shape of every change: check the rules, change the models, publish the event. Only the edge commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from tafcore import hooks
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.vocabulary import Command, Event

T = TypeVar("T")


class Refused(Exception):
    """A command broke rules; `problems` holds all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


class NotAllowed(Exception):
    """The actor lacks the permission, or is not what the command asks of it to this family."""


class NotFound(Exception):
    """No such record, or none this actor may know of: the two are never told apart."""


def check(
    command: Command,
    actor: Actor,
    load: Callable[[], T] | None = None,
    *rules: Callable[[T, Any], Iterable[Problem]],
) -> T:
    """Everything that must hold before `command` may change anything; gives what `load` found.

    Permission first, then `load` (which looks only among what the actor may see and raises NotFound or NotAllowed),
    then the pure `rules(subject, command)` and every plugin's `check`, all of whose problems are raised at once as
    Refused.
    """
    allow(actor, command.permission)
    subject: Any = load() if load is not None else None
    problems = [problem for rule in rules for problem in rule(subject, command)]
    problems += hooks.check(command, actor)
    if problems:
        raise Refused(problems)
    return subject


def allow(actor: Actor, permission: str) -> None:
    """Raise NotAllowed unless the actor holds `permission`."""
    if not actor.may(permission):
        raise NotAllowed(permission)


def publish(event: Event) -> None:
    """Tell every feature and plugin, inside the transaction that made the event true."""
    hooks.react(event)
