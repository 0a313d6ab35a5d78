"""Text as it is searched and sorted by."""

import re
import unicodedata

# Letters that NFKD leaves whole although English keyboards type them as others.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e"}
)
# Canonical combining classes that belong to the letter: 0 vowel signs, 8 kana voicing, 9 virama.
_KEPT_MARKS = {0, 8, 9}


def fold(text: str) -> str:
    """The form names are searched and sorted by: `"  Zoë  O’Neill"` -> `"zoe o'neill"`.

    Accents go, case goes, white space is single; vowel signs of Indic and other scripts stay. Folding twice
    changes nothing.
    """
    folded = _unmarked(_unmarked(text).casefold()).translate(_PLAIN)
    folded = re.sub("[`´\u2018\u2019\u02bb\u02bc\u02b9]", "'", folded)
    return " ".join(folded.split())


def _unmarked(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if unicodedata.combining(character) in _KEPT_MARKS)
