"""Walking through the borough by its links: which page is which, and whether one built like it was seen before."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import APIResponse, BrowserContext
from werkzeug.exceptions import HTTPException

PUBLIC = ("/sign-in", "/front-door/ask", "/front-door/progress", "/accessibility", "/privacy", "/help", "/no-such-page")
"""Where somebody who has not signed in begins."""
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
SMALL = 16
"""Elements in what is compared as one: a field with its label, hint and error, a row of a list."""
TELLING = ("role", "type", "hidden", "disabled", "open", "aria-current", "aria-sort", "aria-invalid")
"""Attributes whose values change what a reader of the page meets; of other aria attributes the name is enough."""


@dataclass
class Node:
    """One element, without its words."""

    tag: str
    name: str
    children: list[Node] = field(default_factory=list)

    @cached_property
    def shape(self) -> str:
        """The element and what is in it; of siblings built alike only the first counts."""
        return f"{self.name}({''.join(dict.fromkeys(child.shape for child in self.children))})"

    @cached_property
    def size(self) -> int:
        return 1 + sum(child.size for child in self.children)

    def parts(self, within: str = "") -> Iterator[str]:
        """The small elements, each whole and with what it is in; those that hold more, without what is in them."""
        if self.size <= SMALL:
            yield f"{within}/{self.shape}"
            return
        yield f"{within}/{self.name}"
        for child in self.children:
            yield from child.parts(self.name)


class Reader(HTMLParser):
    """Reads a page into nodes, and collects where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = Node("", "")
        self.main: Node | None = None
        self.links: list[str] = []
        self.title = ""
        self.headings = 0
        self._open = [self.root]
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        classes = " ".join(sorted((found.get("class") or "").split()))
        telling = [f"{name}={found[name]}" for name in TELLING if name in found]
        others = sorted(name for name in found if name.startswith(("aria-", "data-module")) and name not in TELLING)
        node = Node(tag, f"{tag}.{classes}{telling}{others}")
        self._open[-1].children.append(node)
        if tag == "main":
            self.main = node
        if tag == "h1" and self.main in self._open:
            self.headings += 1
        if tag == "a" and (found.get("href") or "").startswith("/"):
            self.links.append(found["href"] or "")
        if tag not in VOID:
            self._open.append(node)

    def handle_data(self, data: str) -> None:
        if self._open[-1].tag == "title" and not self.main:
            self.title += data.strip()

    def handle_endtag(self, tag: str) -> None:
        for number in range(len(self._open) - 1, 0, -1):
            if self._open[number].tag == tag:
                del self._open[number:]
                return

    @property
    def prints(self) -> set[str]:
        """Fingerprints of the page's parts: one that has none but what was seen on others is built like them."""
        return {hashlib.sha256(part.encode()).hexdigest()[:24] for part in self.root.parts()}


@dataclass(frozen=True)
class Seen:
    """A page that was fetched: `number` counts the pages of its endpoint."""

    path: str
    endpoint: str
    number: int
    answer: APIResponse
    reader: Reader


def endpoint_of(app: Flask, path: str) -> str | None:
    """The endpoint that answers `path`, or None."""
    try:
        return str(app.url_map.bind("").match(path, method="GET")[0])
    except HTTPException:
        return None


def walk(app: Flask, context: BrowserContext, start: tuple[str, ...], each: int = 1) -> Iterator[Seen]:
    """The pages that links lead to from `start`, at most `each` of an endpoint; files and ways elsewhere left out."""
    waiting, known = deque(start), set(start)
    counted: Counter[str] = Counter()
    while waiting:
        path = waiting.popleft()
        endpoint = endpoint_of(app, path) or "no such page"
        if counted[endpoint] >= each:
            continue
        answer = context.request.get(path)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        led = urlsplit(answer.url)
        path = f"{led.path}?{led.query}" if led.query else led.path
        endpoint = endpoint_of(app, led.path) or "no such page"
        if counted[endpoint] >= each:
            continue
        counted[endpoint] += 1
        reader = Reader(answer.text())
        yield Seen(path, endpoint, counted[endpoint], answer, reader)
        for link in reader.links:
            parts = urlsplit(link)
            if parts.path not in known:
                known.add(parts.path)
                waiting.append(parts.path)
