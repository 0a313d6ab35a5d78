"""Text as it is searched and sorted by."""

import unicodedata


def fold(text: str) -> str:
    """`text` without case and accents, its white space single: `"  Şahin  O'Neil"` gives `"sahin o'neil"`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())
