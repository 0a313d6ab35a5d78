"""Sheets to print: a typst file and plain data become a tagged PDF (PDF/UA-1) in the fonts fetched at build.

Data reach the file as JSON in `sys.inputs.sheet` and are text there, never markup. Each process makes a sheet's
compiler once and keeps it: the fonts are read, and what stays the same is laid out, only then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from tafcore.db import is_writing

FONTS = Path(__file__).parent / "static/vendor/fonts"
FAMILIES = ("Noto Sans", "Vazirmatn", "Noto Sans Devanagari", "Noto Sans Gujarati", "Noto Sans Tamil")
"""In this order: a sign is taken from the first that has it."""
NO_SIGN = "\u25a1"
"""Stands for a sign that no font has, which PDF/UA does not allow: leaving it out would hide that it was there."""
TRIES = 4
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_one_at_a_time = Lock()


def pdf(sheet: Path, data: Mapping[str, Any]) -> bytes:
    """`sheet` filled with `data` as a PDF. Never inside a write: it would hold the lock for as long as it takes."""
    if is_writing():
        raise RuntimeError("a sheet is printed after the write, not within it")
    said = json.dumps({**data, "fonts": FAMILIES}, ensure_ascii=False)
    for _ in range(TRIES - 1):
        try:
            return _compiled(sheet, said)
        except typst.TypstError as fault:
            missing = {_unescaped(text) for text in _MISSING.findall(fault.diagnostic)}
            if not missing:
                raise
            for text in missing:
                said = said.replace(text, NO_SIGN)
    return _compiled(sheet, said)


def _compiled(sheet: Path, said: str) -> bytes:
    with _one_at_a_time:
        made = _compiler(sheet).compile(format="pdf", pdf_standards="ua-1", sys_inputs={"sheet": said})
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=16)
def _compiler(sheet: Path) -> typst.Compiler:
    return typst.Compiler(str(sheet), root=str(sheet.parent), font_paths=[str(FONTS)], ignore_system_fonts=True)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
