"""What templates ask Python for, because a form has a hundred fields and each call of a macro costs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from copy import copy
from typing import Any

from wtforms import BooleanField, Field, FieldList, FormField

Write = Callable[..., Any]
MOST = 5000


def written_once(write: Write) -> Write:
    """The macro `write` of a field, called once for all blank fields that are made alike.

    What is written stays in memory: for forms whose words and choices name nobody. What somebody typed or chose is
    never kept.
    """
    kept: dict[Hashable, tuple[Any, Any]] = {}

    def field(one: Field, **shown: Any) -> Any:
        key = _making(one, shown)
        if key is None:
            return write(one, **shown)
        choices = getattr(one, "choices", None)
        known = kept.get(key)
        # Compared, not part of the key: choices that are the same objects are told at once.
        if known is None or known[0] != choices:
            if len(kept) >= MOST:
                kept.clear()
            known = kept[key] = copy(choices), write(one, **shown)
        return known[1]

    return field


def template_once() -> Write:
    """`row(alike, write, ...)`: the markup of a blank row, written once for all that are `alike`: the page, and what
    else its words depend on."""
    kept: dict[Hashable, Any] = {}

    def row(alike: Hashable, write: Write, *told: Any) -> Any:
        if alike not in kept:
            if len(kept) >= MOST:
                kept.clear()
            kept[alike] = write(*told)
        return kept[alike]

    return row


def _making(one: Field, shown: Mapping[str, Any]) -> Hashable | None:
    """All that the markup of a blank field depends on; None for one with a value, faults or fields within."""
    if one.errors or one.data or "conditional" in shown or isinstance(one, FormField | FieldList):
        return None
    if hasattr(one, "_value") and one._value() and not isinstance(one, BooleanField):
        return None
    widget = one.widget
    return (
        type(one),
        type(widget),
        getattr(widget, "input_type", None),
        one.id,
        one.name,
        one.label.text,
        one.description,
        tuple(one.render_kw.items()) if one.render_kw else None,
        tuple([(name, tuple(given.items()) if type(given) is dict else given) for name, given in shown.items()]),
    )


def faults_of(form: Any) -> Iterator[tuple[str, str]]:
    """(id of the input, message) for every fault of a form, in the order of its fields; no id where nothing shows."""
    if form is None:
        return
    yield from (("", str(message)) for message in getattr(form, "form_errors", ()))
    for one in form:
        yield from _faults(one)


def _faults(one: Field) -> Iterable[tuple[str, str]]:
    if isinstance(one, FormField):
        yield from faults_of(one.form)
    elif isinstance(one, FieldList):
        yield from ((one.id, str(message)) for message in one.errors if isinstance(message, str))
        for entry in one.entries:
            yield from _faults(entry)
    elif one.errors:
        hidden = getattr(one.widget, "input_type", None) == "hidden"
        yield from (("" if hidden else one.id, str(message)) for message in one.errors)
