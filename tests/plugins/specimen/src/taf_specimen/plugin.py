"""What the specimen contributes."""

from taf_specimen import service
from taf_specimen.views import pages
from tafcore.api import Panel, Permission, hookimpl

WORKERS = frozenset({"practitioner", "front_door", "early_help_manager"})


@hookimpl
def blueprints():
    return [pages]


@hookimpl
def permissions():
    return [Permission("specimen.add", "record the pets of a family", WORKERS)]


@hookimpl
def family_panels(view, actor):
    return [Panel("Pets", "specimen/panel.html", {"pets": service.pets(view), "family": view.ref})]
