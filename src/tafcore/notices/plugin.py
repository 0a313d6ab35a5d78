"""How notices come to be stored with every change."""

from flask import render_template

from tafcore import hooks
from tafcore.hookspecs import hookimpl
from tafcore.notices import service
from tafcore.vocabulary import Event


@hookimpl
def react(event: Event) -> None:
    for notice in hooks.notices(event):
        service.store(notice, render_template(notice.template, **notice.context))
