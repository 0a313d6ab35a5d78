"""The typed front of the plugin manager: results joined and sorted by (order, plugin); None is nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pluggy
from flask import current_app

from tafcore import hookspecs
from tafcore.contributions import (
    AccessRule,
    ApiResource,
    DriftRule,
    Export,
    FormSection,
    HelpPage,
    Import,
    Job,
    Measure,
    NavigationItem,
    Notice,
    OwnScale,
    Permission,
    PlacesLeft,
    PlanMeasure,
    Problem,
    SectorQuestions,
    TaskSource,
)
from tafcore.planning import written_in

if TYPE_CHECKING:
    from flask import Blueprint

    from tafcore.actor import Actor
    from tafcore.vocabulary import Command, Event

GROUP = "tafcore"
T = TypeVar("T")


class PluginFault(Exception):
    """A plugin that cannot be used; the words name it and say why. Stops the start."""


def load(
    core: Sequence[tuple[str, Any]], plugins: Sequence[Any] | None, disabled: Sequence[str]
) -> pluggy.PluginManager:
    """A manager with the core's features and the plugins (None: those installed), less the disabled ones."""
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    for name, module in core:
        manager.register(module, name=f"core.{name}")
    for name, module in _installed(disabled) if plugins is None else [(_name(each), each) for each in plugins]:
        if name in disabled:
            continue
        try:
            manager.register(module, name=name)
            manager.check_pending()
        except pluggy.PluginValidationError as fault:
            raise PluginFault(f"The plugin {name} cannot be used: {fault}") from fault
    return manager


def _name(module: Any) -> str:
    return str(getattr(module, "NAME", module.__name__.split(".")[0].removeprefix("taf_")))


def _installed(disabled: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for entry in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        if entry.name in disabled:
            continue
        try:
            yield entry.name, entry.load()
        except Exception as fault:
            raise PluginFault(f"The plugin {entry.name} cannot be loaded: {type(fault).__name__}: {fault}") from fault


def plugin_manager() -> pluggy.PluginManager:
    """The current application's manager."""
    return cast(pluggy.PluginManager, current_app.extensions["tafcore.plugins"])


def plugin_names(manager: pluggy.PluginManager | None = None) -> list[str]:
    """Names of the plugins in use, without the core's own features."""
    names = (name for name, _ in (manager or plugin_manager()).list_name_plugin())
    return sorted(name for name in names if not name.startswith("core."))


def title(name: str) -> str:
    """What people call a plugin: its `TITLE`, else its name written out."""
    module = plugin_manager().get_plugin(name)
    return str(getattr(module, "TITLE", name.replace("_", " ").capitalize()))


def each(hook: str, manager: pluggy.PluginManager | None = None, **arguments: Any) -> Iterator[tuple[str, Any]]:
    """(plugin name, its answer) for every implementation, in order of registration."""
    caller = getattr((manager or plugin_manager()).hook, hook)
    for implementation in caller.get_hookimpls():
        answer = implementation.function(*(arguments[name] for name in implementation.argnames))
        if answer is not None:
            yield implementation.plugin_name, answer


def _joined(hook: str, **arguments: Any) -> list[Any]:
    found = [(getattr(one, "order", 50), name, one) for name, many in each(hook, **arguments) for one in many]
    return [one for _, _, one in sorted(found, key=lambda row: row[:2])]


def kept(name: str, make: Callable[[], T]) -> T:
    """What cannot change while the program runs, made once per application."""
    answers = current_app.extensions.setdefault("tafcore.answers", {})
    if name not in answers:
        answers[name] = written_in(make())
    return cast(T, answers[name])


def _once(hook: str) -> list[Any]:
    return kept(hook, lambda: _joined(hook))


def blueprints(manager: pluggy.PluginManager) -> list[tuple[str, Blueprint]]:
    return [(name, one) for name, many in each("blueprints", manager) for one in many]


def permissions(manager: pluggy.PluginManager) -> list[tuple[str, Permission]]:
    return [(name, one) for name, many in each("permissions", manager) for one in many]


def navigation() -> list[NavigationItem]:
    return _once("navigation")


def help_pages() -> list[tuple[str, HelpPage]]:
    """(who brings it, the page), in the order they are listed."""
    return kept(
        "help_pages",
        lambda: sorted(
            ((name, one) for name, many in each("help_pages") for one in many), key=lambda row: (row[1].order, row[0])
        ),
    )


def access_rules() -> list[AccessRule]:
    return _once("access_rules")


def places_left() -> list[PlacesLeft]:
    return _once("places_left")


def form_sections(command_type: type[Command], view: Any = None) -> list[FormSection]:
    return _joined("form_sections", command_type=command_type, view=view)


def check(command: Command, actor: Actor) -> list[Problem]:
    return [one for _, many in each("check", command=command, actor=actor) for one in many]


def route_contact(command: Command, actor: Actor) -> int | None:
    return cast("int | None", plugin_manager().hook.route_contact(command=command, actor=actor))


def react(event: Event) -> None:
    for _ in each("react", event=event):
        pass


def notices(event: Event) -> list[Notice]:
    return [one for _, many in each("notices", event=event) for one in many]


def measures() -> list[Measure]:
    return _once("measures")


def plan_measures() -> list[PlanMeasure]:
    return _once("plan_measures")


def own_scales() -> list[OwnScale]:
    return _once("own_scales")


def drift_rules() -> list[DriftRule]:
    return _once("drift_rules")


def sector_questions() -> list[SectorQuestions]:
    return _once("sector_questions")


def tasks() -> list[TaskSource]:
    return _once("tasks")


def jobs() -> list[Job]:
    return _once("jobs")


def api_resources() -> list[tuple[str, ApiResource]]:
    return [(name, one) for name, many in each("api_resources") for one in many]


def imports() -> list[Import]:
    return _once("imports")


def exports() -> list[Export]:
    return _once("exports")


def demo(borough: Any) -> None:
    for _ in each("demo", borough=borough):
        pass
