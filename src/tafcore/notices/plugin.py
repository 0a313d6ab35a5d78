"""How notices come to be stored with every change, and the page of the outbox."""

from collections.abc import Sequence

from flask import Blueprint, render_template

from tafcore import hooks
from tafcore.contributions import Permission
from tafcore.hookspecs import hookimpl
from tafcore.notices import service
from tafcore.notices.views import pages
from tafcore.vocabulary import Event


@hookimpl
def blueprints() -> Sequence[Blueprint]:
    return [pages]


@hookimpl
def permissions() -> Sequence[Permission]:
    return [Permission("admin.outbox", "see what leaves by mail", frozenset({"administrator"}))]


@hookimpl
def react(event: Event) -> None:
    for notice in hooks.notices(event):
        service.store(notice, render_template(notice.template, **notice.context))
