"""Compare two pieces of HTML by what they mean: tags, attributes in any order, classes as a list, words."""

from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[tuple[object, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pairs = {name: " ".join((value or "").split()) for name, value in attrs}
        self.tokens.append(("start", tag, tuple(sorted(pairs.items()))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tokens.append(("end", tag))

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not words:
            return
        if self.tokens and self.tokens[-1][0] == "words":
            words = f"{self.tokens.pop()[1]} {words}"
        self.tokens.append(("words", words))


def tokens(html: str) -> list[tuple[object, ...]]:
    """The document as a flat list of ("start", tag, attributes), ("end", tag) and ("words", text)."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.tokens
