"""Rows of children on the public forms: what of them was typed, and adding and removing them without JavaScript."""

from __future__ import annotations

from typing import Any

from tafcore.api import FormPage


def command_of(page: FormPage) -> Any:
    """The command of what was typed."""
    return page.command(**told(page))


def told(page: FormPage) -> dict[str, Any]:
    """The children; a row in which nothing was typed is nobody, and a day that cannot be read is left out."""
    rows = [
        (number, entry.form)
        for number, entry in enumerate(page.form.children.entries)
        if entry.errors or any(entry.form.data.values())
    ]
    page.row_numbers["children"] = [number for number, _ in rows]
    return {"children": [{name: value for name, value in row.data.items() if value} for _, row in rows]}


def rearrange(page: FormPage) -> None:
    """Add or remove a child."""
    children = page.form.children
    if page.pressed == "_add-children" and len(children.entries) < children.max_entries:
        children.append_entry()
    elif page.pressed.startswith("_remove-children-"):
        place = page.pressed.removeprefix("_remove-children-")
        children.entries = [one for one in children.entries if not one.name.endswith(f"-{place}")]
