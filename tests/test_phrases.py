"""Phrase tables: whole, with the same gaps to fill, and honest about who has checked them."""

from __future__ import annotations

import re
import string

import pytest

from tafcore.phrases import ENGLISH, language, languages, spoken
from tafcore.record.own_rules import plain

WANTED = {"en", "gu", "ta", "ro", "pl", "ar", "so", "ur", "hi"}

GAP = re.compile(r"{\w+}")


def syllables(word: str) -> int:
    """About as many as are heard: vowels together are one, and an e at the end is silent but in -le."""
    silent = re.search(r"[^aeiouyl]e$|[^tdaeiouy]ed$", word) is not None
    return max(1, len(re.findall(r"[aeiouy]+", word)) - silent)


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_languages_of_the_family_copy_are_there() -> None:
    assert set(languages()) >= WANTED
    assert {code for code, one in languages().items() if one.dir == "rtl"} == {"ar", "ur"}


@pytest.mark.parametrize("code", sorted(WANTED))
def test_every_table_says_all_that_english_says(code) -> None:
    table, english = languages()[code].phrases, languages()[ENGLISH].phrases
    assert table.keys() == english.keys()
    assert [key for key in english if gaps(table[key]) != gaps(english[key]) or not table[key].strip()] == []
    if code != ENGLISH:
        assert [key for key in english if table[key] == english[key]] == []


def test_no_table_claims_a_translator_it_had_not() -> None:
    assert [code for code, one in languages().items() if one.checked] == [ENGLISH]


def test_english_is_plain() -> None:
    english = languages()[ENGLISH].phrases
    assert [key for key, words in english.items() if not plain(words)] == []
    assert max(len(re.findall(r"\w+", part)) for words in english.values() for part in words.split(". ")) <= 20


def test_english_is_read_by_a_child_of_nine_to_eleven() -> None:
    """Flesch and Kincaid's grade: school years in America, where those of eleven are in the fifth."""
    told = (GAP.sub("it", words) for words in languages()[ENGLISH].phrases.values())
    sentences = [part for words in told for part in re.split(r"[.?!]\s*", words) if len(part.split()) >= 5]
    words = [word for part in sentences for word in re.findall(r"[a-z]+", part.lower())]
    assert len(sentences) > 30
    assert 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59 < 4
    assert sum(syllables(word) > 2 for word in words) / len(words) < 0.06


def test_a_language_is_found_as_it_was_named_and_is_english_where_there_is_none() -> None:
    assert [spoken(name) for name in ("Polish", "polski", "PL", "Klingon", "", None)] == ["pl", "pl", "pl", *["en"] * 3]
    assert language("xx").code == language(None).code == ENGLISH
