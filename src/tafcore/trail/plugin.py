"""How the trail hears of every change."""

from tafcore.hookspecs import hookimpl
from tafcore.trail import service
from tafcore.vocabulary import Event


@hookimpl
def react(event: Event) -> None:
    service.record(event)
